import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/demo/index.ts';
import { has } from '../support/programs.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { sandboxEnvironment } from '../support/sandbox-shell.ts';
import { askServer, execServer, shortLivedSandbox } from '../support/served-command.ts';

/**
 * Each calls GetCallerIdentity, lets its keys expire, and calls it again. The first two use one SDK
 * client for both.
 */
const clients: [name: string, command: string[]][] = [
  [
    'boto3',
    [
      'python3',
      '-c',
      `
import boto3, time
sts = boto3.client('sts')
for pause in (4, 0):
    print(sts.get_caller_identity()['Arn'])
    time.sleep(pause)
`,
    ],
  ],
  [
    'the SDK for JavaScript',
    [
      'sh',
      '-c',
      'cd "$PACKAGE" && exec node --input-type=module -e "$1"',
      'sh',
      `
import { STSClient, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
const sts = new STSClient({});
for (const pause of [4000, 0]) {
  console.log((await sts.send(new GetCallerIdentityCommand({}))).Arn);
  await new Promise((resolve) => setTimeout(resolve, pause));
}
`,
    ],
  ],
  [
    'the AWS CLI',
    ['sh', '-c', 'who() { aws sts get-caller-identity --query Arn --output text; }; who && sleep 4 && who'],
  ],
];

const sessionsOf = ({ emulator }: Sandbox, action: string) =>
  emulator.calls.filter((call) => call.action === action && call.ok).length;

describe.skipIf(!has('aws', 'python3')).each(clients)('%s in exec --server', (_, command) => {
  it('exec --server continues after its keys have expired', { timeout: 300_000 }, async () => {
    const sandbox = await shortLivedSandbox(3);
    const { status, out, err } = await execServer(sandbox, ['dev', '--', ...command]);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const me = expect.stringMatching(/^arn:aws:sts::111122223333:assumed-role\/developer\//);
    expect(out.trim().split('\n')).toEqual([me, me]);
    expect(sessionsOf(sandbox, 'AssumeRole')).toBeGreaterThan(1);
  });

  it('exec --server continues for a role with MFA, whose code is asked for once', {
    timeout: 300_000,
  }, async () => {
    const sandbox = await shortLivedSandbox(3);
    const code = ['--mfa-token', sandbox.mfaCode()];
    const { status, out, err } = await execServer(sandbox, [...code, 'staging', '--', ...command]);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out.trim().split('\n')).toHaveLength(2);
    expect(sessionsOf(sandbox, 'GetSessionToken')).toBe(1);
    expect(sessionsOf(sandbox, 'AssumeRole')).toBeGreaterThan(1);
  });
});

describe('the command of exec --server', () => {
  const run = async (...words: string[]) => execServer(await shortLivedSandbox(3600), words);

  it('has the address of a server and no keys', async () => {
    const { out } = await run('dev', '--', 'env');
    const names = out.split('\n').map((line) => line.replace(/=.*/, ''));
    expect(names).toEqual(
      expect.arrayContaining([
        'AWS_CONTAINER_CREDENTIALS_FULL_URI',
        'AWS_CONTAINER_AUTHORIZATION_TOKEN',
        'AWS_REGION',
        'AWS_VAULT',
      ]),
    );
    const keys = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE'];
    expect(names.filter((name) => keys.includes(name))).toEqual([]);
    expect(out).toMatch(/^AWS_CONTAINER_CREDENTIALS_FULL_URI=http:\/\/127\.0\.0\.1:\d+\/credentials$/m);
    expect(out).toMatch(/^AWS_CONTAINER_AUTHORIZATION_TOKEN=[0-9a-f]{64}$/m);
  });

  it('gets the same with aws-vault’s option name, and with -s', async () => {
    const sandbox = await shortLivedSandbox(3600);
    const command = ['dev', '--', 'printenv', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'];
    for (const option of ['--ecs-server', '-s']) {
      const { out } = await execServer(sandbox, [option, ...command]);
      expect(out).toMatch(/^http:/);
    }
  });

  it('gets keys that renew, with an agent too', { timeout: 300_000 }, async () => {
    const sandbox = await shortLivedSandbox(3);
    const environment = { AWSH_AGENT: '' };
    const command = ['sh', '-c', '"$@"; sleep 4; "$@"', 'sh', ...askServer];
    const code = ['--mfa-token', sandbox.mfaCode()];
    const { out } = await execServer(sandbox, [...code, 'staging', '--', ...command], environment);
    const ids = [...out.matchAll(/"AccessKeyId":"(ASIA\w+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(2);
    expect(sessionsOf(sandbox, 'GetSessionToken')).toBe(1);
    await runInstalled(['agent', 'stop'], { ...sandboxEnvironment(sandbox), ...environment });
  });

  describe('for a role whose source is the environment', () => {
    /** The sandbox with such a profile, and its user's keys in the environment. */
    async function environmentHome(): Promise<{ sandbox: Sandbox; keys: Record<string, string> }> {
      const sandbox = await shortLivedSandbox(3);
      const [project] = sandbox.projects;
      const role = `role_arn = ${project?.roleArn}\nendpoint_url = ${sandbox.emulator.url}`;
      const profile = `\n[profile ours]\n${role}\nregion = eu-west-1\ncredential_source = Environment\n`;
      appendFileSync(`${sandbox.home}/.aws/config`, profile);
      const keys = {
        AWS_ACCESS_KEY_ID: sandbox.accessKeyId,
        AWS_SECRET_ACCESS_KEY: sandbox.secretAccessKey.reveal(),
      };
      return { sandbox, keys };
    }
    const twice = ['sh', '-c', 'env; "$@"; sleep 4; "$@"', 'sh', ...askServer];
    const idsIn = (out: string) =>
      new Set([...out.matchAll(/"AccessKeyId":"(ASIA\w+)"/g)].map(([, id]) => id));

    it.each([
      ['off', 'without an agent'],
      ['', 'beside one'],
    ])(
      'gets keys that renew with the caller’s own, which it never sees (AWSH_AGENT=%s, %s)',
      async (agent) => {
        const { sandbox, keys } = await environmentHome();
        const environment = { ...keys, AWSH_AGENT: agent };
        const { out, err } = await execServer(sandbox, ['ours', '--', ...twice], environment);
        expect({ err, ids: idsIn(out).size }).toEqual({ err: '', ids: 2 });
        expect(out).not.toContain(keys.AWS_ACCESS_KEY_ID);
        expect(out).not.toContain(keys.AWS_SECRET_ACCESS_KEY);
        expect(sessionsOf(sandbox, 'AssumeRole')).toBeGreaterThan(1);
        await runInstalled(['agent', 'stop'], { ...sandboxEnvironment(sandbox), ...environment });
      },
    );

    it('is told at its start that they end with the caller’s own session', async () => {
      const { sandbox, keys } = await environmentHome();
      const json = ['export', 'demo', '--format', 'json'];
      const { out } = await runInstalled(json, { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off' });
      const { AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(out);
      const session = {
        ...keys,
        AWS_ACCESS_KEY_ID: AccessKeyId,
        AWS_SECRET_ACCESS_KEY: SecretAccessKey,
        AWS_SESSION_TOKEN: SessionToken,
      };
      const { out: served, err } = await execServer(sandbox, ['ours', '--', ...twice], session);
      expect(err).toBe(
        'awsh: the keys in the environment are a session: when it ends, the keys of this command can no longer be renewed\n',
      );
      expect(idsIn(served).size).toBe(2);
    });
  });

  it('ends with its own status', async () => {
    expect((await run('dev', '--', 'sh', '-c', 'exit 37')).status).toBe(37);
  });

  it('closes its pipe at its end: the server holds none of it open', async () => {
    // The reply comes when stdout and stderr are closed, long before the server could notice.
    await run('dev', '--', 'true');
  });

  it('fetches nothing before it asks, with --lazy', async () => {
    const sandbox = await shortLivedSandbox(3600);
    expect((await execServer(sandbox, ['--lazy', 'dev', '--', 'true'])).status).toBe(0);
    expect(sandbox.emulator.actions).toEqual([]);
    const { out } = await execServer(sandbox, ['--lazy', 'dev', '--', ...askServer]);
    expect(JSON.parse(out)).toMatchObject({
      AccessKeyId: expect.stringMatching(/^ASIA/),
      AccountId: '111122223333',
    });
    expect(sandbox.emulator.actions).toEqual(['AssumeRole']);
  });

  it('is refused if a question would be needed, with an error that its SDK shows', async () => {
    const sandbox = await shortLivedSandbox(3600);
    const { out } = await execServer(sandbox, ['--lazy', 'staging', '--', ...askServer]);
    expect(JSON.parse(out)).toEqual({
      Code: 'NoCredentials',
      Message: expect.stringContaining('needs an MFA code; the code that '),
    });
  });

  it.each([
    ['--json', 'prints keys'],
    ['--no-session', 'nothing to renew'],
  ])('is not run together with %s', async (option, why) => {
    const { status, out, err } = await run(option, 'dev', '--', 'echo', 'ran');
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(why);
  });

  it('is not run if [default] has credentials that its SDK would prefer', async () => {
    const sandbox = await shortLivedSandbox(3600);
    appendFileSync(`${sandbox.home}/.aws/config`, '\n[default]\ncredential_process = /bin/false\n');
    const { status, out, err } = await execServer(sandbox, ['dev', '--', 'echo', 'ran']);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(/credential_process \(.*config:\d+\)/);
  });
});
