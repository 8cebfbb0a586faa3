import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/demo/emulator/index.ts';
import type { Sandbox } from '../../src/demo/index.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { sandboxEnvironment, useFewRounds } from '../support/sandbox-shell.ts';
import { shortLivedSandbox } from '../support/served-command.ts';

type Verb = 'exec' | 'export' | 'login' | 'use' | 'rotate';
const forProfiles: readonly Verb[] = ['exec', 'export', 'login', 'use'];

/**
 * The words that a user types, with the options before the profile. `use` is the hook's request to
 * Node.
 */
function lineOf(verb: Verb, profile: string, options: readonly string[], { home }: Sandbox) {
  const lines = ['- load 1', `cwd ${home}`, `pin ${profile}`, `env HOME ${home}`, 'end'];
  if (verb === 'use') return { words: ['_load'], variables: { AWSH_REQUEST: `${lines.join('\n')}\n` } };
  const after = { exec: ['--', 'echo', 'ran'], export: [], login: ['--stdout'], rotate: [] }[verb];
  return { words: [verb, ...options, profile, ...after], variables: {} };
}

interface Row {
  readonly what: string;
  readonly verbs?: readonly Verb[];
  readonly profile: string;
  readonly options?: readonly string[];
  /** More of the config file; ENDPOINT stands for the emulator. */
  readonly config?: string;
  readonly fault?: Fault;
  readonly prepare?: (sandbox: Sandbox) => void;
  readonly status: number;
  readonly cause: RegExp;
  /** The text after `next:`. */
  readonly next: RegExp;
}

const refusal = (code: string, message: string, action?: string, status = 403): Fault => ({
  kind: 'error',
  code,
  message,
  status,
  ...(action === undefined ? {} : { action }),
});
const invalidToken = 'The security token included in the request is invalid.';

const rows: readonly Row[] = [
  {
    what: 'more time than the role gives',
    profile: 'long',
    config:
      '[profile long]\nrole_arn = arn:aws:iam::111122223333:role/developer\nsource_profile = demo\nduration_seconds = 10800\nendpoint_url = ENDPOINT\nregion = eu-west-1\n',
    status: 8,
    cause:
      /does not give 3h00m to arn:aws:iam::111122223333:role\/developer.*duration_seconds \(\S+config:\d+\) is more than/s,
    next: /ask for less \(duration_seconds\), or raise the role's maximum.*(?:awsh \w+ --duration 1h|to fix it: vi \+\d+ \S+config)/s,
  },
  {
    what: 'a session that has ended',
    profile: 'dev',
    fault: refusal('ExpiredToken', 'The security token included in the request is expired'),
    status: 8,
    cause: /the session has ended: access key \*\*\*\*\w{4} of profile "demo"/,
    next: /try again/,
  },
  {
    what: 'a key that AWS does not know',
    profile: 'dev',
    fault: refusal('InvalidClientTokenId', invalidToken),
    status: 8,
    cause: /AWS does not know access key \*\*\*\*\w{4} of profile "demo".*deleted or made inactive/s,
    next: /awsh add demo/,
  },
  {
    what: 'a clock that is wrong',
    profile: 'dev',
    prepare: ({ emulator }) => {
      emulator.cloud.clockOffset = 3600_000;
    },
    fault: refusal('RequestTimeTooSkewed', 'Signature expired'),
    status: 8,
    cause: /this machine's clock is 1h00m behind AWS's/,
    next: /set the clock/,
  },
  {
    what: 'a wrong MFA code',
    verbs: ['exec', 'export', 'login', 'rotate'],
    profile: 'staging',
    options: ['-t', '000000'],
    status: 7,
    cause: /AWS refused the MFA code.*mfa\/demo shows, or it was used before/s,
    next: /wait for the next code/,
  },
  {
    what: 'an MFA device of another user',
    verbs: ['exec', 'export', 'login', 'rotate'],
    profile: 'other',
    options: ['-t', '123456'],
    config:
      '[profile other]\nrole_arn = arn:aws:iam::111122223333:role/developer\nsource_profile = demo\nmfa_serial = arn:aws:iam::123456789012:mfa/john\nendpoint_url = ENDPOINT\nregion = eu-west-1\n',
    status: 7,
    cause: /cannot check an MFA code of \S+mfa\/john.*not one of this user/s,
    next: /check mfa_serial of profile/,
  },
  {
    what: 'a role that does not let us in',
    profile: 'closed',
    config:
      '[profile closed]\nrole_arn = arn:aws:iam::444455556666:role/deployer\nsource_profile = demo\nendpoint_url = ENDPOINT\nregion = eu-west-1\n',
    status: 8,
    cause:
      /arn:aws:iam::123456789012:user\/demo to assume arn:aws:iam::444455556666:role\/deployer.*no MFA code was sent.*sends no mfa_serial/s,
    next: /check role_arn \(\S+config:\d+\) and the role's trust policy/,
  },
  {
    what: 'a region that is missing',
    profile: 'sso',
    config:
      '[profile sso]\nsso_start_url = https://corp.awsapps.com/start\nsso_account_id = 444455556666\nsso_role_name = Dev\n',
    status: 2,
    cause: /has no sso_region.*must be in the profile or its \[sso-session\]: a region/s,
    next: /aws configure set sso_region REGION --profile sso/,
  },
  {
    what: 'a key that IAM does not know',
    verbs: ['rotate'],
    profile: 'demo',
    fault: refusal('InvalidClientTokenId', invalidToken, 'ListAccessKeys'),
    status: 8,
    cause: /AWS does not know access key/,
    next: /awsh add/,
  },
  {
    what: 'a session that IAM does not take',
    verbs: ['rotate'],
    profile: 'staging',
    options: ['-t', 'CODE'],
    fault: refusal('InvalidClientTokenId', invalidToken, 'ListAccessKeys'),
    status: 8,
    cause: /AWS does not know session.*IAM accepts no session that was made without MFA/s,
    next: /set mfa_serial in the profile, or sign with the key itself/,
  },
  {
    what: 'a user who may not rotate',
    verbs: ['rotate'],
    profile: 'demo',
    fault: refusal(
      'AccessDenied',
      'User: x is not authorized to perform: iam:ListAccessKeys',
      'ListAccessKeys',
    ),
    status: 8,
    cause: /AWS does not let access key \*\*\*\*\w{4} do iam:ListAccessKeys/,
    next: /set mfa_serial in the profile/,
  },
  {
    what: 'a clock that is wrong, at IAM',
    verbs: ['rotate'],
    profile: 'demo',
    prepare: ({ emulator }) => {
      emulator.cloud.clockOffset = -3600_000;
    },
    fault: refusal('RequestTimeTooSkewed', 'Signature not yet current'),
    status: 8,
    cause: /this machine's clock is 1h00m ahead of AWS's/,
    next: /set the clock/,
  },
];

const cases = rows.flatMap((row) => (row.verbs ?? forProfiles).map((verb) => [verb, row.what, row] as const));

describe('an error says what happened, why, and what to do', () => {
  it.each(cases)('%s: %s', async (verb, _, row) => {
    const sandbox = await shortLivedSandbox(36_000);
    const launcher = join(await useFewRounds(sandbox), 'bin/awsh');
    const { emulator, home } = sandbox;
    if (row.config)
      appendFileSync(`${home}/.aws/config`, `\n${row.config.replaceAll('ENDPOINT', emulator.url)}`);
    row.prepare?.(sandbox);
    if (row.fault) emulator.misbehave(row.fault);
    const options = row.options?.map((word) => word.replace('CODE', sandbox.mfaCode())) ?? [];
    const { words, variables } = lineOf(verb, row.profile, options, sandbox);
    const environment = { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off', ...variables };
    const { status, out, err } = await runInstalled(words, environment, '', launcher);
    if (verb === 'use') {
      // The reason has the cause and how to remove it. Nothing of the profile is loaded.
      const reason = /^reason (.*)$/m.exec(out)?.[1] ?? '';
      expect(reason).toMatch(row.cause);
      expect(`${reason}\n${/^next (.*)$/m.exec(out)?.[1]}`).toMatch(row.next);
      expect(out).not.toContain('set AWS_ACCESS_KEY_ID');
      return;
    }
    expect({ status, out }, err).toEqual({ status: row.status, out: '' });
    const lines = err.trimEnd().split('\n');
    expect(err).toMatch(row.cause);
    expect(lines.length, err).toBeLessThanOrEqual(3);
    // A next step that is not a command is part of the reason.
    expect(err).toMatch(row.next);
  });
});

describe('a note about the plan is printed once, with the session', () => {
  const role = 'source_profile = SOURCE\nendpoint_url = ENDPOINT\n';
  const config = `
[profile chained]
role_arn = arn:aws:iam::111122223333:role/chained
duration_seconds = 7200
region = eu-west-1
${role.replace('SOURCE', 'dev')}
[profile nowhere]
role_arn = arn:aws:iam::111122223333:role/developer
${role.replace('SOURCE', 'demo')}`;

  it.each<[string, Verb, string, RegExp]>([
    [
      'the one-hour cap',
      'exec',
      'chained',
      /duration_seconds asks for 7200 seconds, but AWS gives at most 1h00m/,
    ],
    [
      'the one-hour cap',
      'export',
      'chained',
      /duration_seconds asks for 7200 seconds, but AWS gives at most 1h00m/,
    ],
    [
      'the one-hour cap',
      'login',
      'chained',
      /duration_seconds asks for 7200 seconds, but AWS gives at most 1h00m/,
    ],
    [
      'a session without MFA',
      'exec',
      'demo',
      /without MFA: AWS refuses calls to IAM.*set mfa_serial, or use --no-session/,
    ],
    ['a session without MFA', 'export', 'demo', /without MFA: AWS refuses calls to IAM.*set mfa_serial/],
    ['no region', 'exec', 'nowhere', /no region.*--region/],
    ['no region', 'export', 'nowhere', /no region.*--region/],
  ])('%s: %s', async (_, verb, profile, words) => {
    const sandbox = await shortLivedSandbox(3600);
    const launcher = join(await useFewRounds(sandbox), 'bin/awsh');
    const { emulator, home } = sandbox;
    emulator.addRole({ account: '111122223333', name: 'chained' });
    appendFileSync(`${home}/.aws/config`, config.replaceAll('ENDPOINT', emulator.url));
    const { words: line } = lineOf(verb, profile, [], sandbox);
    const environment = { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off' };
    const first = await runInstalled(line, environment, '', launcher);
    expect(first).toMatchObject({ status: 0, err: expect.stringMatching(words) });
    expect(first.err.trimEnd().split('\n')).toHaveLength(1);
    expect((await runInstalled(line, environment, '', launcher)).err).toBe('');
  });
});
