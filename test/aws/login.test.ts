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

/** What a browser sees at the address. */
const opened = async (address: string) => (await fetch(address.trim())).text();

describe('awsh login --stdout', () => {
  it('signs a role in with its session', async () => {
    const sandbox = await shortLivedSandbox(3600);
    const { status, out, err } = await login(sandbox, ['dev', '--stdout', '--service', 's3']);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(await opened(out)).toMatch(/^signed in as arn:aws:sts::111122223333:assumed-role\/developer\//);
    expect(new URL(out).searchParams.get('Destination')).toBe(
      'https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1',
    );
    expect(sandbox.emulator.actions).toEqual(['AssumeRole', 'getSigninToken', 'login']);
  });

  it('signs a user in as a federated user of the same name, without a session of its own', async () => {
    const sandbox = await shortLivedSandbox(3600);
    const { out } = await login(sandbox, ['demo', '-s', '-d', '2h']);
    expect(await opened(out)).toBe('signed in as arn:aws:sts::123456789012:federated-user/demo\n');
    expect(sandbox.emulator.actions.slice(0, 2)).toEqual(['GetCallerIdentity', 'GetFederationToken']);
    expect(sandbox.emulator.calls[1]?.params).toMatchObject({ Name: 'demo', DurationSeconds: '7200' });
    expect(JSON.parse(sandbox.emulator.calls[1]?.params.Policy ?? '')).toMatchObject({
      Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
    });
  });

  it('takes the credentials of this shell where no profile is named, and asks AWS itself to sign in', async () => {
    const sandbox = await shortLivedSandbox(3600);
    const { url } = sandbox.emulator;
    // A user's key: STS is where the environment says, but no session is sent to sign in there.
    const { status, err } = await login(sandbox, ['-s'], {
      AWS_ACCESS_KEY_ID: sandbox.accessKeyId,
      AWS_SECRET_ACCESS_KEY: sandbox.secretAccessKey.reveal(),
      AWS_REGION: 'eu-west-1',
      AWS_ENDPOINT_URL: url,
      HTTPS_PROXY: 'http://127.0.0.1:1',
    });
    expect(sandbox.emulator.actions).toEqual(['GetCallerIdentity', 'GetFederationToken']);
    expect({ status, err }).toEqual({ status: 9, err: expect.anything() });
    expect(err).toContain('us-east-1.signin.aws.amazon.com does not answer');
    expect((await login(sandbox, ['-s'])).err).toContain('needs a profile');
  });

  it('says what to do with a session of a user, which AWS does not sign in', async () => {
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
    expect(err).toContain('a session of an IAM user opens no console');
  });

  it('signs nobody out, and where it is asked to, escapes the whole address that follows', async () => {
    const sandbox = await shortLivedSandbox(3600);
    const plain = new URL((await login(sandbox, ['dev', '-s'])).out);
    expect(plain.searchParams.get('Action')).toBe('login');
    const logout = new URL((await login(sandbox, ['dev', '-s', '-a', '--path', 's3?a=1&b=2'])).out);
    expect([...logout.searchParams.keys()]).toEqual(['Action', 'redirect_uri']);
    const next = new URL(logout.searchParams.get('redirect_uri') ?? '');
    expect([...next.searchParams.keys()]).toEqual(['Action', 'Issuer', 'Destination', 'SigninToken']);
    expect(next.searchParams.get('Destination')).toMatch(/\/s3\?a=1&b=2&region=eu-west-1$/);
  });

  it('is what aws-vault’s variables ask for, too', async () => {
    const sandbox = await shortLivedSandbox(3600);
    const { out } = await login(sandbox, ['dev'], { AWS_VAULT_STDOUT: 'true', AWS_VAULT_AUTO_LOGOUT: '1' });
    expect(new URL(out).searchParams.get('Action')).toBe('logout');
  });

  it.each([
    ['refuses', { kind: 'error', code: 'BadRequest', status: 400, message: 'no' } as const, 8],
    ['answers with somebody else’s page', { kind: 'reply', body: '<html>' } as const, 9],
    ['hangs up', { kind: 'refuse' } as const, 9],
  ])('prints nothing where the sign-in %s, and shows no secret', async (_, fault, expected) => {
    const sandbox = await shortLivedSandbox(3600);
    sandbox.emulator.misbehave({ ...fault, action: 'getSigninToken' } as never);
    const { status, out, err } = await login(sandbox, ['dev', '-s']);
    expect({ status, out }).toEqual({ status: expected, out: '' });
    expect(err).not.toMatch(/session(Key|Token)|SigninToken/);
  });
});
