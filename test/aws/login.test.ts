import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/demo/index.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { sandboxEnvironment } from '../support/sandbox-shell.ts';
import { shortLivedSandbox } from '../support/served-command.ts';

const login = (sandbox: Sandbox, words: string[], environment: Record<string, string> = {}) =>
  runInstalled(['login', ...words], {
    ...sandboxEnvironment(sandbox),
    AWSH_AGENT: 'off',
    ...environment,
  });

/** A user's key in the environment. AWS's own sign-in endpoint cannot be reached. */
const keysOfShell = (sandbox: Sandbox) => ({
  AWS_ACCESS_KEY_ID: sandbox.accessKeyId,
  AWS_SECRET_ACCESS_KEY: sandbox.secretAccessKey.reveal(),
  AWS_REGION: 'eu-west-1',
  AWS_ENDPOINT_URL: sandbox.emulator.url,
  HTTPS_PROXY: 'http://127.0.0.1:1',
});

/** What a browser sees at the address. */
const opened = async (address: string) => (await fetch(address.trim())).text();

describe('awsh login --stdout', () => {
  it('signs in a role with its session', async () => {
    const sandbox = await shortLivedSandbox(3600);
    const { status, out, err } = await login(sandbox, ['dev', '--stdout', '--service', 's3']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(await opened(out)).toMatch(/^signed in as arn:aws:sts::111122223333:assumed-role\/developer\//);
    expect(new URL(out).searchParams.get('Destination')).toBe(
      'https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1',
    );
    expect(sandbox.emulator.actions).toEqual(['AssumeRole', 'getSigninToken', 'login']);
  });

  it('signs in a user as a federated user of the same name, without a session of its own', async () => {
    const sandbox = await shortLivedSandbox(3600);
    const { out } = await login(sandbox, ['demo', '-s', '-d', '2h']);
    expect(await opened(out)).toBe('signed in as arn:aws:sts::123456789012:federated-user/demo\n');
    expect(sandbox.emulator.actions.slice(0, 2)).toEqual(['GetCallerIdentity', 'GetFederationToken']);
    expect(sandbox.emulator.calls[1]?.params).toMatchObject({ Name: 'demo', DurationSeconds: '7200' });
    expect(JSON.parse(sandbox.emulator.calls[1]?.params.Policy ?? '')).toMatchObject({
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    });
  });

  it('uses this shell’s credentials if no profile is named, and only AWS’s own sign-in', async () => {
    const sandbox = await shortLivedSandbox(3600);
    // For a user's key, STS is at the address in the environment, but awsh does not send a session
    // to a sign-in there.
    const { status, err } = await login(sandbox, ['-s'], {
      ...keysOfShell(sandbox),
    });
    expect(sandbox.emulator.actions).toEqual(['GetCallerIdentity', 'GetFederationToken']);
    expect({ status, err }).toEqual({ status: 9, err: expect.anything() });
    expect(err).toContain('cannot reach us-east-1.signin.aws.amazon.com');
    expect((await login(sandbox, ['-s'])).err).toContain('needs a profile');
  });

  it.each([
    ['an hour', [], {}, '3600'],
    ['--duration', ['-d', '2h'], { AWSH_DURATION: '3h' }, '7200'],
    ['AWSH_DURATION', [], { AWSH_DURATION: '3h', AWS_FEDERATION_TOKEN_TTL: '4h' }, '10800'],
    ['AWS_VAULT_DURATION', [], { AWS_VAULT_DURATION: '3h' }, '10800'],
    ['AWS_FEDERATION_TOKEN_TTL', [], { AWS_FEDERATION_TOKEN_TTL: '4h' }, '14400'],
    [
      'AWSH_FEDERATION_TOKEN_TTL',
      [],
      { AWSH_FEDERATION_TOKEN_TTL: '5h', AWS_FEDERATION_TOKEN_TTL: '4h' },
      '18000',
    ],
  ])('with the keys of this shell lasts %s', async (_, words, environment, seconds) => {
    const sandbox = await shortLivedSandbox(3600);
    await login(sandbox, ['-s', ...words], { ...keysOfShell(sandbox), ...environment });
    expect(sandbox.emulator.calls[1]?.params).toMatchObject({ DurationSeconds: seconds });
  });

  it.each([
    [['--path', '//evil.example'], '--path leads out of the console'],
    [['--path', 'https://evil.example/'], '--path leads out of the console'],
    [['--service', 's3/../x'], '--service does not name a service'],
    [['--service', 's3', '--path', 'ec2'], '--service and --path cannot be used together'],
    [['--region', 'evil.example/x'], 'region evil.example/x is not in partition aws'],
    [['--browser', 'nobody-has-this'], 'there is no browser nobody-has-this'],
    [['--browser', 'sh', '--container', 'x'], '--container needs to know the browser'],
    [['--browser', 'sh', '--container', '-x'], '--container does not name a container'],
    [['--stdout', '--container', 'x'], '--stdout and --container cannot be used together'],
    [['--stdout', '--browser', 'sh'], '--stdout and --browser cannot be used together'],
    [['--stdout', '--duration', '5m'], '--duration asks for 300 seconds'],
  ])('%j is refused before any question or call', async (words, message) => {
    const sandbox = await shortLivedSandbox(3600);
    // With a profile that needs an MFA code, which nothing can give, and with the keys of this
    // shell.
    for (const [profile, environment] of [[['staging'], {}] as const, [[], keysOfShell(sandbox)] as const]) {
      const { status, out, err } = await login(sandbox, [...profile, ...words], environment);
      expect({ status, out }).toEqual({ status: 2, out: '' });
      expect(err).toContain(message);
    }
    expect(sandbox.emulator.actions).toEqual([]);
  });

  it('checks a page of another partition’s console when the caller’s is known', async () => {
    const sandbox = await shortLivedSandbox(3600);
    const { status, err } = await login(sandbox, ['dev', '-s', '--path', 'https://console.amazonaws.cn/s3']);
    expect({ status, called: sandbox.emulator.actions }).toEqual({ status: 2, called: ['AssumeRole'] });
    expect(err).toContain('it is a path below console.aws.amazon.com');
  });

  it('opens a named browser, whatever AWSH_STDOUT is', async () => {
    const sandbox = await shortLivedSandbox(3600);
    const { status, out, err } = await login(sandbox, ['dev', '--browser', 'true'], { AWSH_STDOUT: '1' });
    expect({ status, out, err }).toEqual({
      status: 0,
      out: '',
      err: expect.stringContaining('opened the console'),
    });
  });

  it('tells what to do with a user’s session, which AWS does not sign in', async () => {
    const sandbox = await shortLivedSandbox(3600);
    const code = ['--mfa-token', sandbox.mfaCode()];
    const environment = { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off' };
    const { out } = await runInstalled(['export', 'demo', '--format', 'json', ...code], environment);
    const { AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(out);
    const { status, err } = await login(sandbox, ['-s'], {
      AWS_ACCESS_KEY_ID: AccessKeyId,
      AWS_SECRET_ACCESS_KEY: SecretAccessKey,
      AWS_SESSION_TOKEN: SessionToken,
      AWS_ENDPOINT_URL: sandbox.emulator.url,
    });
    expect(status).toBe(1);
    expect(err).toContain('a session of an IAM user cannot open the console');
  });

  it('ends no console session unless asked to, and then escapes the whole URL that follows', async () => {
    const sandbox = await shortLivedSandbox(3600);
    const plain = new URL((await login(sandbox, ['dev', '-s'])).out);
    expect(plain.searchParams.get('Action')).toBe('login');
    const logout = new URL((await login(sandbox, ['dev', '-s', '-a', '--path', 's3?a=1&b=2'])).out);
    expect([...logout.searchParams.keys()]).toEqual(['Action', 'redirect_uri']);
    const next = new URL(logout.searchParams.get('redirect_uri') ?? '');
    expect([...next.searchParams.keys()]).toEqual(['Action', 'Issuer', 'Destination', 'SigninToken']);
    expect(next.searchParams.get('Destination')).toMatch(/\/s3\?a=1&b=2&region=eu-west-1$/);
  });

  it('obeys aws-vault’s variables, too', async () => {
    const sandbox = await shortLivedSandbox(3600);
    const { out } = await login(sandbox, ['dev'], { AWS_VAULT_STDOUT: 'true', AWS_VAULT_AUTO_LOGOUT: '1' });
    expect(new URL(out).searchParams.get('Action')).toBe('logout');
  });

  it.each([
    ['refuses', { kind: 'error', code: 'BadRequest', status: 400, message: 'no' } as const, 8],
    ['answers with another server’s page', { kind: 'reply', body: '<html>' } as const, 9],
    ['hangs up', { kind: 'refuse' } as const, 9],
  ])('prints nothing if the sign-in %s, and shows no secret', async (_, fault, expected) => {
    const sandbox = await shortLivedSandbox(3600);
    sandbox.emulator.misbehave({ ...fault, action: 'getSigninToken' } as never);
    const { status, out, err } = await login(sandbox, ['dev', '-s']);
    expect({ status, out }).toEqual({ status: expected, out: '' });
    expect(err).not.toMatch(/session(Key|Token)|SigninToken/);
  });
});
