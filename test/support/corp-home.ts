import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import type { Call } from '../../src/demo/emulator/service.ts';
import { temporaryEmulator } from './emulator.ts';
import { temporaryHome } from './temporary-home.ts';

/** Fields of a token file, as the AWS CLI names them. */
export type TokenFile = Readonly<Record<string, unknown>>;

/**
 * A home whose profile `corp` uses a role of IAM Identity Center by [sso-session corp], at an
 * emulator, and the sign-in file of `aws sso login`: a token that lasts this many seconds, and can
 * be renewed with its refresh token.
 */
export async function corpHome(secondsLeft: number | null = -60, changes: TokenFile = {}) {
  const home = temporaryHome();
  const emulator = await temporaryEmulator();
  emulator.addRole({ account: '444455556666', name: 'Dev' });
  const config = `[profile corp]
sso_session = corp
sso_account_id = 444455556666
sso_role_name = Dev
region = eu-west-1
endpoint_url = ${emulator.url}
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start
sso_registration_scopes = sso:account:access
`;
  home.write('.aws/config', config);
  const name = `.aws/sso/cache/${createHash('sha1').update('corp').digest('hex')}.json`;
  const { signIns } = emulator.cloud;
  const at = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  const write = (fields: TokenFile) => home.write(name, JSON.stringify(fields));
  /** Signs the user in, and leaves a file whose token lasts this many seconds. */
  const leave = (seconds: number, other: TokenFile = {}) => {
    const signIn = signIns.signIn();
    signIns.accessTokens.set(signIn.accessToken, new Date(Date.now() + seconds * 1000));
    const fields = {
      startUrl: 'https://corp.awsapps.com/start',
      region: 'eu-west-1',
      expiresAt: at(seconds),
      registrationExpiresAt: at(90 * 86_400),
      ...signIn,
      ...other,
    };
    write(fields);
    return signIn;
  };
  const path = `${home.path}/${name}`;
  if (secondsLeft !== null) leave(secondsLeft, changes);
  const environment: Record<string, string> = {
    ...home.environment,
    AWSH_BACKEND: 'file',
    AWSH_FILE_PASSPHRASE: 'correct horse',
  };
  return {
    home,
    config,
    emulator,
    signIns,
    leave,
    write,
    path,
    environment,
    at,
    file: (): TokenFile => JSON.parse(readFileSync(path, 'utf8')),
    mode: () => statSync(path).mode & 0o777,
    setMode: (mode: number) => chmodSync(path, mode),
    /** The number of renewal requests. */
    renewals: () => emulator.calls.filter((call: Call) => call.action === 'CreateToken').length,
  };
}
