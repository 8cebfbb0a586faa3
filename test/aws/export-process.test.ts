import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runPython } from '../support/aws-clients.ts';
import { temporaryEmulator } from '../support/emulator.ts';
import { loopbackProxy } from '../support/loopback-proxy.ts';
import {
  lockPasswordStore,
  makePasswordStore,
  stopPasswordStore,
  storePassphrase,
  timesAsked,
} from '../support/password-store.ts';
import { has } from '../support/programs.ts';
import { packageFolder, runInstalled } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { openTerminal } from '../support/terminal.ts';

/** A home with the built program and two roles, one of which requires MFA. */
async function setting() {
  const home = temporaryHome();
  const emulator = await temporaryEmulator();
  const jane = emulator.addUser({ account: '444455556666', name: 'jane', mfa: true });
  emulator.addRole({ account: '444455556666', name: 'Dev', trust: { mfaRequired: true } });
  emulator.addRole({ account: '444455556666', name: 'Open' });
  const role = (name: string) => `role_arn = arn:aws:iam::444455556666:role/${name}\nsource_profile = me`;
  home.write(
    '.aws/config',
    `[default]\nregion = eu-west-1\nendpoint_url = ${emulator.url}
[profile dev]\n${role('Dev')}\nmfa_serial = ${jane.mfaSerial}
[profile open]\n${role('Open')}
[profile me]
[profile sdk]\nregion = eu-west-1\ncredential_process = ${join(packageFolder, 'bin/awsh')} export --format process dev\n`,
  );
  const environment = { ...home.environment, AWSH_BACKEND: 'file', AWSH_FILE_PASSPHRASE: 'correct horse' };
  const added = await runInstalled(
    ['add', 'me', '--stdin'],
    environment,
    `${jane.accessKeyId}\n${jane.secretAccessKey}\n`,
  );
  expect(added.status).toBe(0);
  return { home, emulator, jane, environment };
}

const awsh = join(packageFolder, 'bin/awsh');

describe('export --format process, for SDKs', () => {
  it('does not ask at a terminal: exit 6 at once', async () => {
    const { environment, emulator } = await setting();
    const terminal = await openTerminal(awsh, ['export', 'dev', '--format', 'process'], { environment });
    expect((await terminal.exited).status).toBe(6);
    expect(terminal.received).toContain('needs an MFA code');
    expect(emulator.actions).toEqual([]);
  });

  it('asks with --ask, and then prints what every SDK reads', async () => {
    const { environment, jane } = await setting();
    const terminal = await openTerminal(awsh, ['export', 'dev', '--format', 'process', '--ask'], {
      environment,
    });
    await terminal.waitFor(/MFA code for dev[^\n]*: /);
    await terminal.settle();
    terminal.type(`${jane.code()}\r`);
    expect((await terminal.exited).status).toBe(0);
    const again = await runInstalled(['export', 'dev', '--format', 'process'], environment);
    expect(JSON.parse(again.out)).toMatchObject({ Version: 1, Expiration: expect.stringMatching(/Z$/) });
  });

  it('in the other formats asks, except with --no-ask', async () => {
    const { environment } = await setting();
    const terminal = await openTerminal(awsh, ['export', 'dev', '--format', 'json', '--no-ask'], {
      environment,
    });
    expect((await terminal.exited).status).toBe(6);
  });

  it.each([
    ['bash', []],
    ['env', ['--no-ask']],
    ['process', ['--ask', '--no-ask']],
  ])('--format %s %j: with both options it does not ask', async (format, options) => {
    const { environment } = await setting();
    const terminal = await openTerminal(awsh, ['export', 'dev', '--format', format, ...options], {
      environment,
    });
    if (options.length === 0) await terminal.waitFor(/MFA code for dev[^\n]*: /);
    else expect((await terminal.exited).status).toBe(6);
  });

  it.skipIf(!has('pass', 'gpg'))('does not let gpg ask either, and the other formats do', async () => {
    const { home, environment } = await setting();
    const store = { ...environment, ...makePasswordStore(home, storePassphrase) };
    const withPass = { ...store, AWSH_BACKEND: 'pass' };
    onTestFinished(() => stopPasswordStore(store));
    // The added key is read back, for which gpg needs its passphrase.
    lockPasswordStore(home, store, 'given');
    const key = `AKIAIOSFODNN7EXAMPLE\n${'k'.repeat(40)}\n`;
    expect((await runInstalled(['add', 'me', '--stdin'], withPass, key)).status).toBe(0);
    lockPasswordStore(home, store, 'cancelled');
    const before = timesAsked(home);
    const asked = () => timesAsked(home) - before;
    const quiet = [['process'], ['json', '--no-ask']];
    for (const words of quiet) {
      const { status, out } = await runInstalled(['export', 'open', '--format', ...words], withPass);
      expect({ status, out, asked: asked() }).toEqual({ status: 5, out: '', asked: 0 });
    }
    const told = await runInstalled(['export', 'open', '--format', 'json'], withPass);
    expect({ status: told.status, asked: asked() }).toEqual({ status: 5, asked: 1 });
  });

  it('makes one call for twenty at once, without an agent', async () => {
    const { environment, emulator } = await setting();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => runInstalled(['export', 'open', '--format', 'process'], environment)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(0));
    expect(new Set(answers.map(({ out }) => out)).size).toBe(1);
    expect(emulator.actions).toEqual(['AssumeRole']);
  });

  it.skipIf(!has('python3'))('is what boto3 reads by credential_process', async () => {
    const { home, environment, jane, emulator } = await setting();
    const first = await runInstalled(['export', 'dev', '--mfa-token', jane.code()], environment);
    expect(first.status).toBe(0);
    const script =
      "import boto3; print(boto3.Session(profile_name='sdk').client('sts').get_caller_identity()['Arn'])";
    const { stdout, stderr } = await runPython(script, {
      ...environment,
      AWS_ENDPOINT_URL: emulator.url,
      HOME: home.path,
    });
    expect({ stdout, stderr }).toMatchObject({ stdout: expect.stringContaining('assumed-role/Dev/') });
  });
});

it('ends a command that comes back to its own profile', async () => {
  const home = temporaryHome();
  home.write('.aws/config', `[profile loop]\ncredential_process = ${awsh} export --format process loop\n`);
  const { status, err } = await runInstalled(['export', 'loop'], {
    ...home.environment,
    AWSH_BACKEND: 'file',
  });
  expect(status).toBe(4);
  expect(err).toContain('the credential_process of profile "loop" gives no credentials');
});

it('the built program goes through a proxy', async () => {
  const { environment } = await setting();
  const proxy = await loopbackProxy();
  const { status, err } = await runInstalled(['export', 'open'], {
    ...environment,
    HTTP_PROXY: proxy.url,
    NO_PROXY: '',
    DEBUG: '*',
  });
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(proxy.passed).toHaveLength(1);
});

it('the built program finds the package of aws login', async () => {
  const home = temporaryHome();
  home.write(
    '.aws/config',
    '[profile dev]\nregion = eu-west-1\nlogin_session = arn:aws:iam::444455556666:user/jane\n',
  );
  const name = createHash('sha256').update('arn:aws:iam::444455556666:user/jane').digest('hex');
  const accessToken = {
    accessKeyId: 'ASIALOGIN00000000000',
    secretAccessKey: 'secret',
    sessionToken: 'token',
    accountId: '444455556666',
    expiresAt: new Date(Date.now() + 840_000).toISOString(),
  };
  home.write(
    `.aws/login/cache/${name}.json`,
    JSON.stringify({ accessToken, clientId: 'x', refreshToken: 'y', dpopKey: 'z' }),
  );
  const { status, out, err } = await runInstalled(['export', 'dev'], {
    ...home.environment,
    AWSH_BACKEND: 'file',
  });
  expect({ status, err }).toEqual({ status: 0, err: '' });
  expect(out).toContain('AWS_ACCESS_KEY_ID=ASIALOGIN00000000000\n');
});
