import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { tells } from '../support/finding-rows.ts';
import { checkNamed, foundBy, sceneIn } from '../support/scenes.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

const session = (name: string, more = '') =>
  `[sso-session ${name}]\nsso_region = eu-west-1\nsso_start_url = https://${name}.awsapps.com/start\n${more}`;
const role = 'sso_account_id = 444455556666\nsso_role_name = Dev\n';
const corp = `[profile dev]\nsso_session = corp\n${role}${session('corp')}`;
const startUrl = 'https://old.awsapps.com/start';
const old = `[profile old]\nsso_start_url = ${startUrl}\nsso_region = eu-west-1\n${role}`;
const user = 'arn:aws:iam::444455556666:user/jane';
const login = `[profile console]\nlogin_session = ${user}\n`;
const loginPath = `.aws/login/cache/${createHash('sha256').update(user).digest('hex')}.json`;
const inHours = (hours: number) => new Date(Date.now() + hours * 3600_000).toISOString();

const pathOf = (key: string) => `.aws/sso/cache/${createHash('sha1').update(key).digest('hex')}.json`;

/** The stored sign-in for a session or a start URL, by default one that is renewed. */
function token(home: TemporaryHome, key: string, changes: Record<string, unknown> = {}, mode = 0o600) {
  const fields = {
    accessToken: 'CANARY-TOKEN',
    expiresAt: inHours(1),
    clientId: 'id',
    clientSecret: 'CANARY-SECRET',
    registrationExpiresAt: inHours(1000),
    refreshToken: 'CANARY-REFRESH',
    ...changes,
  };
  home.write(pathOf(key), JSON.stringify(fields), mode);
}

/** A home with this config file, and a sign-in if `key` is given. */
const home =
  (config: string, key: string | null, changes: Record<string, unknown> = {}, mode = 0o600) =>
  (at: TemporaryHome) => {
    at.write('.aws/config', config);
    if (key !== null) token(at, key, changes, mode);
    return {};
  };

tells('sign-ins', [
  [
    'a session without a sign-in',
    home(corp, null),
    /^note not signed in to corp \/ used by dev \/ awsh sso login corp$/,
  ],
  ['a sign-in that is renewed', home(corp, 'corp'), null],
  [
    'one that has ended, and is renewed when it is needed',
    home(corp, 'corp', { expiresAt: inHours(-1) }),
    null,
  ],
  [
    'one that has ended for good',
    home(corp, 'corp', { expiresAt: inHours(-1), refreshToken: undefined }),
    /^note the sign-in to corp ended at .* \/ it cannot be renewed: its file has no refresh token \/ awsh sso login corp$/,
  ],
  [
    'a registration that ends before the token',
    home(corp, 'corp', { registrationExpiresAt: inHours(0.5) }),
    /^note the sign-in to corp ends at .* and cannot be renewed \/ the registration of the client ends at .* \/ awsh sso login corp$/,
  ],
  [
    'a registration that is over, with a token that has ended',
    home(corp, 'corp', { registrationExpiresAt: inHours(-2), expiresAt: inHours(-1) }),
    /^note the sign-in to corp ended at .* \/ it cannot be renewed: the registration .* \/ awsh sso login corp$/,
  ],
  [
    'a profile without a session',
    home(old, startUrl, { refreshToken: undefined }),
    /^note the sign-in to https:\/\/old\S+ ends at .* cannot be renewed \/ old has sso_start_url and no sso_session \/ awsh sso add old --start-url https:\/\/old\.awsapps\.com\/start --sso-region eu-west-1$/,
  ],
  [
    'scopes without the one that renews',
    home(
      `[profile dev]\nsso_session = corp\n${role}${session('corp', 'sso_registration_scopes = codewhisperer:completions\n')}`,
      'corp',
    ),
    /^problem \[sso-session corp\] does not ask for sso:account:access \/ .* \/ vi \+8 /,
  ],
  [
    'a session beside profiles that cannot be read',
    home(`[profile a]\ninclude_profile = a\n[profile b\n${corp}`, null),
    /^note not signed in to corp /,
  ],
  ['several scopes', home(`${corp}sso_registration_scopes = x:y, sso:account:access\n`, 'corp'), null],
  [
    'a file that others can read',
    home(corp, 'corp', {}, 0o644),
    /^problem other users can read the sign-in to corp: ~\/\.aws\/sso\/cache\/\S+ \/ .* \/ chmod 600 \//,
  ],
  [
    'a profile of aws login without a sign-in',
    home(login, null),
    /^note not signed in for profile console \/ awsh sso login console$/,
  ],
  [
    'a sign-in of aws login that others can read',
    (at) => {
      at.write('.aws/config', login);
      at.write(loginPath, JSON.stringify({ accessToken: { secretAccessKey: 'CANARY' } }), 0o644);
      return {};
    },
    /^problem other users can read the sign-in to profile console: ~\/\.aws\/login\/cache\/\S+ \/ .* \/ chmod 600 \//,
  ],
  [
    'two sessions of one portal',
    (at) => {
      at.write(
        '.aws/config',
        `${corp}[sso-session twin]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n`,
      );
      for (const key of ['corp', 'twin']) token(at, key);
      return {};
    },
    /^note 2 sso-sessions have the start URL https:\/\/corp\.awsapps\.com\/start: corp, twin \/ .* \/ vi \+10 /,
  ],
  [
    'a folder in place of the file',
    (at) => {
      at.write('.aws/config', corp);
      at.write(`${pathOf('corp')}/x`, '');
      return {};
    },
    /^problem ~\/\.aws\/sso\/cache\/\S+ is not a file \/ .* \/ ls -ld \//,
  ],
]);

it('sign-ins: shows their expiry, and no token', async () => {
  const at = temporaryHome();
  home(`${corp}${old}`, 'corp')(at);
  const found = await foundBy(checkNamed('sign-ins'), sceneIn(at));
  expect(found[0]).toMatch(/^ok signed in to corp until \d{4}-\d\d-\d\d \d\d:\d\d; renewed automatically$/);
  expect(found.join('\n')).not.toContain('CANARY');
});
