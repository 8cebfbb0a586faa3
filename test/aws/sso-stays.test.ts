import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { json, loopbackServer } from '../support/loopback-server.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const startUrl = 'https://old.awsapps.com/start';

/** Where `aws sso login` leaves the token of a session, or of a start URL. */
const tokenFile = (session: string) =>
  `.aws/sso/cache/${createHash('sha1').update(session).digest('hex')}.json`;

/** A home whose profile `corp` signs in by [sso-session corp], and `old` by a start URL of its own. */
async function signedInHome(signedIn: readonly string[]) {
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
  const environment = { ...home.environment, AWSH_BACKEND: 'file', AWSH_FILE_PASSPHRASE: 'correct horse' };
  const awsh = (...words: string[]) => runInstalled(words, environment);
  const isThere = (session: string) => readFileSync(join(home.path, tokenFile(session)), 'utf8') === token;
  return { awsh, portal, isThere };
}

const stays = (names: string) =>
  `awsh: the AWS CLI stays signed in to ${names}; to sign out: aws sso logout\n`;

describe('a sign-in of aws sso login is the AWS CLI’s own', () => {
  it('clear removes the sessions made with it, leaves it, and says how to end it', async () => {
    const { awsh, portal, isThere } = await signedInHome(['corp', startUrl]);
    await awsh('export', 'corp');
    await awsh('export', 'corp');
    expect(portal.received).toHaveLength(1);
    expect(await awsh('clear', 'corp')).toEqual({
      status: 0,
      out: 'Cleared 1 sessions.\n',
      err: stays('corp'),
    });
    expect((await awsh('clear', 'old')).err).toBe(stays(startUrl));
    expect((await awsh('clear')).err).toBe(stays(`corp, ${startUrl}`));
    expect(isThere('corp') && isThere(startUrl)).toBe(true);
    await awsh('export', 'corp');
    expect(portal.received).toHaveLength(2);
  });

  it('lock removes the sessions, says so of the sign-in, and leads nobody to it until unlock', async () => {
    const { awsh, portal, isThere } = await signedInHome(['corp']);
    await awsh('export', 'corp');
    const { status, err } = await awsh('lock');
    expect({ status, err }).toEqual({ status: 0, err: expect.stringContaining('1 stored sessions removed') });
    expect(err).toContain(stays('corp'));
    expect(await awsh('export', 'corp')).toMatchObject({ status: 5, out: '' });
    expect(await awsh('exec', 'corp', '--', 'env')).toMatchObject({ status: 5, out: '' });
    expect(portal.received).toHaveLength(1);
    expect(isThere('corp')).toBe(true);
  });

  it('where there is none, nothing is said of it', async () => {
    const { awsh } = await signedInHome([]);
    expect(await awsh('clear')).toEqual({ status: 0, out: 'Cleared 0 sessions.\n', err: '' });
    expect((await awsh('lock')).err).not.toContain('AWS CLI');
  });
});
