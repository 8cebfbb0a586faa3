import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/demo/index.ts';
import { runAws } from '../support/aws-clients.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { sandboxEnvironment, storeKey, useFewRounds } from '../support/sandbox-shell.ts';
import { temporaryHome } from '../support/temporary-home.ts';

async function sandboxWithKey() {
  const sandbox = await createSandbox(join(temporaryHome().path, 'home'));
  onTestFinished(() => sandbox.close());
  await storeKey(sandbox);
  const launcher = join(await useFewRounds(sandbox), 'bin/awsh');
  const environment: Record<string, string> = { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off' };
  const awsh = (...words: string[]) => runInstalled(words, environment, '', launcher);
  return { sandbox, environment, awsh };
}
const assumed = ({ emulator }: Sandbox) => emulator.calls.filter(({ action }) => action === 'AssumeRole');
const short = '111122223333:developer';
const arn = 'arn:aws:iam::111122223333:role/developer';

describe('--role-arn', () => {
  it.each([
    ['an ARN and its source', ['--role-arn', arn, '--source-profile', 'demo']],
    ['an ARN, assumed by the profile', ['demo', '--role-arn', arn]],
    ['ACCOUNT:ROLE', ['--role-arn', short, '--source-profile=demo']],
    ['ACCOUNT:ROLE in the place of a profile', [short, '--source-profile', 'demo']],
  ])('accepts %s', async (_, words) => {
    const { awsh } = await sandboxWithKey();
    const { out, err } = await awsh('exec', ...words, '--', 'aws', 'sts', 'get-caller-identity');
    expect(out, err).toMatch(/assumed-role\/developer\//);
  });

  it('sends the role’s other parameters, and caches its session for the next command', async () => {
    const { awsh, sandbox } = await sandboxWithKey();
    const role = [
      'demo',
      '--role-arn',
      arn,
      '--external-id',
      'id-1',
      '--session-name',
      'me',
      '--tags',
      'team=blue',
    ];
    for (const verb of [['export'], ['explain'], ['login', '-s']]) await awsh(...verb, ...role);
    expect(assumed(sandbox).map(({ params }) => params)).toEqual([
      expect.objectContaining({
        ExternalId: 'id-1',
        RoleSessionName: 'me',
        'Tags.member.1.Key': 'team',
        'Tags.member.1.Value': 'blue',
      }),
    ]);
    expect((await awsh('export', ...role)).out).toContain('AWS_REGION=eu-west-1\n');
  });

  it.each([
    [
      ['--role-arn', arn],
      /no profile is named to assume the role[\s\S]*add --source-profile[\s\S]*next: awsh list --profiles/,
    ],
    [['demo', '--role-arn', arn, '--source-profile', 'dev'], /name two profiles/],
    [['demo', '--tags', 'a=b'], /--tags needs --role-arn/],
    [
      ['4444-5555-6666:Dev', '--source-profile', 'demo'],
      /4444-5555-6666 is not the number of an AWS account\n {2}why: .* 12 digits without dashes or spaces\n {2}next: awsh explain 444455556666:Dev --source-profile demo\n/,
    ],
    [
      ['44445555666:Dev', '--source-profile', 'demo'],
      /12 digits .*, and this has 11\n {2}next: awsh list --profiles/,
    ],
    [['demo', '--role-arn', 'developer'], /--role-arn is not the ARN of a role\n {2}why: .*ACCOUNT:ROLE/],
  ])('is refused before any call: %j', async (words, message) => {
    const { awsh, sandbox } = await sandboxWithKey();
    const { status, err } = await awsh('exec', ...words, '--', 'true');
    expect({ status, calls: sandbox.emulator.calls.length }).toEqual({ status: 2, calls: 0 });
    expect(err).toMatch(message);
  });
});

describe('exec and export', () => {
  it('--refresh makes a new session, and the next command uses it', async () => {
    const { awsh, sandbox } = await sandboxWithKey();
    const id = async (...more: string[]) => {
      const { out } = await awsh('export', 'dev', ...more);
      return /^AWS_ACCESS_KEY_ID=(.*)$/m.exec(out)?.[1];
    };
    const [first, again, renewed] = [await id(), await id(), await id('--refresh')];
    expect([again, await id()]).toEqual([first, renewed]);
    expect(renewed).not.toBe(first);
    expect(assumed(sandbox)).toHaveLength(2);
  });

  it('accept the short name of a region', async () => {
    const { awsh } = await sandboxWithKey();
    expect((await awsh('exec', 'dev', '--region', 'ec1', '--', 'env')).out).toMatch(
      /^AWS_REGION=eu-central-1$/m,
    );
    expect((await awsh('export', 'dev', '--region', 'xx1')).status).toBe(2);
  });
});

describe('export --output', () => {
  it('writes a private credentials file, which the AWS CLI reads, with its expiry', async () => {
    const { awsh, sandbox } = await sandboxWithKey();
    const { out, err } = await awsh('export', 'dev', '--format', 'credentials', '--output', 'keys');
    expect(out).toBe('');
    expect(err).toMatch(/wrote the credentials of dev to keys, valid until \d{4}-/);
    const path = join(sandbox.home, 'keys');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    expect(text).toMatch(/^# awsh export of dev: expires \d{4}-.*Z\n\[default\]\naws_access_key_id = ASIA/);
    expect(text).toMatch(
      /^\[dev\]\n[\s\S]*^aws_credential_expiration = .*\n[\s\S]*^x_security_token_expires = /m,
    );
    for (const AWS_PROFILE of ['default', 'dev']) {
      const more = { AWS_SHARED_CREDENTIALS_FILE: path, AWS_PROFILE, AWS_ENDPOINT_URL: sandbox.emulator.url };
      const { stdout, stderr } = await runAws(['sts', 'get-caller-identity'], more);
      expect(stdout, stderr).toContain('assumed-role/developer/');
    }
  });
});
