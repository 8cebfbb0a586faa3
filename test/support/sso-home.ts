import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { json, loopbackServer } from './loopback-server.ts';
import { runInstalled } from './run-awsh.ts';
import { temporaryHome } from './temporary-home.ts';

export const startUrl = 'https://old.awsapps.com/start';

/** The file in which `aws sso login` stores the token of a session, or of a start URL. */
const tokenFile = (session: string) =>
  `.aws/sso/cache/${createHash('sha1').update(session).digest('hex')}.json`;

/**
 * A home whose profile `corp` signs in by [sso-session corp], and `old` by its own start URL, with
 * the files of `aws sso login` for those that are signed in.
 */
export async function signedInHome(signedIn: readonly string[]) {
  const home = temporaryHome();
  const portal = await loopbackServer((_, response) =>
    json(response, 200, {
      roleCredentials: {
        accessKeyId: 'ASIASSO0000000000000',
        secretAccessKey: 'sso-secret',
        sessionToken: 'sso-token',
        expiration: Date.now() + 3600_000,
      },
    }),
  );
  const role = `sso_account_id = 444455556666\nsso_role_name = Dev\nendpoint_url = ${portal.url}\nregion = eu-west-1`;
  home.write(
    '.aws/config',
    `[profile corp]\nsso_session = corp\n${role}\n[profile old]\nsso_region = eu-west-1\nsso_start_url = ${startUrl}\n${role}
[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start\n`,
  );
  const expiresAt = new Date(Date.now() + 3600_000).toISOString();
  const token = JSON.stringify({ accessToken: 'bearer', expiresAt });
  for (const session of signedIn) home.write(tokenFile(session), token);
  const environment: Record<string, string> = {
    ...home.environment,
    AWSH_BACKEND: 'file',
    AWSH_FILE_PASSPHRASE: 'correct horse',
  };
  const awsh = (...words: string[]) => runInstalled(words, environment);
  const isThere = (session: string) => readFileSync(join(home.path, tokenFile(session)), 'utf8') === token;
  return { awsh, portal, isThere, environment };
}
