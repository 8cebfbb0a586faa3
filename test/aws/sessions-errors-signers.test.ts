import { describe, expect, it } from 'vitest';
import { readAwsFiles } from '../../src/profiles/index.ts';
import { callIam } from '../../src/sessions/index.ts';
import { AwshError, Secret } from '../../src/system/index.ts';
import { temporaryEmulator } from '../support/emulator.ts';
import { configAt, machine, shown } from '../support/session-runs.ts';
import { temporaryHome } from '../support/temporary-home.ts';

async function errorOf(work: Promise<unknown>): Promise<AwshError> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (error instanceof AwshError) return error;
  throw new Error('no AwshError was thrown');
}

const refused = (code: string) => ({ kind: 'error' as const, code, message: 'no' });
const role = 'role_arn = arn:aws:iam::444455556666:role/Dev';

/** Each row: where the keys come from, AWS's error, and the next step. */
const rows: [name: string, credentials: string, code: string, words: string[]][] = [
  [
    'a session in plain text that has ended',
    'aws_session_token = t',
    'ExpiredToken',
    ['has ended', 'renew the keys of profile me'],
  ],
  [
    'a session in plain text that AWS does not know',
    'aws_session_token = t',
    'InvalidClientTokenId',
    ['session ****', 'revoked', 'renew the keys of profile me'],
  ],
  [
    'a session in plain text without its token',
    '',
    'InvalidClientTokenId',
    ['session ****', 'revoked', 'renew the keys of profile me'],
  ],
];

describe('advice about keys that other programs store', () => {
  it.each(rows)('%s', async (_, token, code, words) => {
    const home = temporaryHome();
    const emulator = await temporaryEmulator();
    emulator.misbehave(refused(code));
    const awsConfig = home.write(
      '.aws/config',
      configAt(emulator, `[profile dev]\n${role}\nsource_profile = me`),
    );
    const keys = `[me]\naws_access_key_id = ASIAEXAMPLE000000000\naws_secret_access_key = s\n${token}`;
    const files = readAwsFiles({ awsConfig, awsCredentials: home.write('.aws/credentials', keys) });
    const error = await errorOf(machine({}).get({ config: '', files }));
    expect(error.exitStatus).toBe(8);
    for (const word of words) expect(shown(error)).toContain(word);
  });

  it('the environment’s', async () => {
    const emulator = await temporaryEmulator();
    emulator.misbehave(refused('ExpiredToken'));
    const surroundings = {
      AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE000000000',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_SESSION_TOKEN: 't',
    };
    const config = configAt(emulator, `[profile dev]\n${role}\ncredential_source = Environment`);
    const error = await errorOf(machine({}).get({ config, environment: surroundings }, { surroundings }));
    expect(error.next).toContain('AWS_SESSION_TOKEN');
  });
});

it('IAM and a session without MFA: the error gives the cause and the solution', async () => {
  const emulator = await temporaryEmulator();
  emulator.misbehave(refused('InvalidClientTokenId'));
  const credentials = {
    accessKeyId: 'ASIAEXAMPLE000000000',
    secretAccessKey: new Secret('s'),
    sessionToken: new Secret('t'),
    expiration: null,
    accountId: null,
    arn: null,
  };
  const target = { region: 'us-east-1', endpoint: emulator.url };
  const error = await errorOf(callIam('ListAccessKeys', {}, { credentials, target }));
  for (const word of ['without MFA', 'mfa_serial', '--no-session']) expect(shown(error)).toContain(word);
});

it('a token provider that AWS cannot reach is a network error', async () => {
  const home = temporaryHome();
  home.write('token', 'token-of-the-pod');
  const emulator = await temporaryEmulator();
  emulator.misbehave(refused('IDPCommunicationError'));
  const config = configAt(emulator, `[profile dev]\n${role}\nweb_identity_token_file = ${home.path}/token`);
  const error = await errorOf(machine({}).get({ config }));
  expect(error.exitStatus).toBe(9);
  expect(shown(error)).toContain('provider of the web identity token');
});
