import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Narrowing } from '../../src/sessions/index.ts';
import { AwshError } from '../../src/system/index.ts';
import { type PlanCase, planOf } from '../support/plans.ts';

const readOnly: Narrowing = { readOnly: true, by: '--read-only' };
const policy = '{"Version":"2012-10-17","Statement":[]}';
const arn = (name: string) => `arn:aws:iam::aws:policy/${name}`;
const role = (lines = ''): PlanCase => ({
  config: `[profile dev]\nrole_arn = arn:aws:iam::444455556666:role/Dev\nsource_profile = me\n${lines}\n[profile me]`,
  stored: ['me'],
});
const key = (lines = ''): PlanCase => ({ config: `[profile dev]\n${lines}`, stored: ['dev'] });
const narrowed = (plan: PlanCase, narrowing: Narrowing, more = {}) =>
  planOf({ ...plan, options: { ...more, narrowing } });
const refusal = (plan: PlanCase, narrowing: Narrowing, more = {}) => {
  try {
    narrowed(plan, narrowing, more);
  } catch (error) {
    if (error instanceof AwshError)
      return { status: error.exitStatus, text: `${error.what}: ${error.why}; ${error.next}` };
    throw error;
  }
  return null;
};

describe('a narrowed plan', () => {
  it.each([
    ['a role', role(), { kind: 'AssumeRole', policyArns: [arn('ReadOnlyAccess')], policy: null }],
    [
      'an access key',
      key(),
      { kind: 'GetFederationToken', policyArns: [arn('ReadOnlyAccess')], name: 'dev' },
    ],
    [
      'a role of a web identity',
      {
        config: '[profile dev]\nrole_arn = arn:aws:iam::444455556666:role/Dev\nweb_identity_token_file = /t',
      },
      { kind: 'AssumeRoleWithWebIdentity', policyArns: [arn('ReadOnlyAccess')] },
    ],
    [
      'a role over Identity Center',
      {
        config:
          '[profile dev]\nrole_arn = arn:aws:iam::444455556666:role/Dev\nsource_profile = s\n[profile s]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\nsso_account_id = 444455556666\nsso_role_name = A',
      },
      { kind: 'AssumeRole', policyArns: [arn('ReadOnlyAccess')] },
    ],
  ])('narrows the last step of %s', (_, plan, step) => {
    expect(narrowed(plan, readOnly).steps.at(-1)).toMatchObject(step);
  });

  it('names the policy in the partition of the role, or of a key’s region', () => {
    const china = { ...role(), config: role().config.replace('arn:aws:iam', 'arn:aws-cn:iam') };
    expect(narrowed(china, readOnly).steps.at(-1)).toMatchObject({
      policyArns: ['arn:aws-cn:iam::aws:policy/ReadOnlyAccess'],
    });
    expect(narrowed(key('region = us-gov-west-1'), readOnly).steps.at(-1)).toMatchObject({
      policyArns: ['arn:aws-us-gov:iam::aws:policy/ReadOnlyAccess'],
    });
  });

  it('removes permissions from the profile’s policies, and never adds any', () => {
    const own = role(`policy_arns = ${arn('ReadOnlyAccess')},${arn('PowerUserAccess')}`);
    expect(narrowed(own, readOnly).steps.at(-1)).toMatchObject({ policyArns: [arn('ReadOnlyAccess')] });
    for (const lines of [`policy_arns = ${arn('PowerUserAccess')}`, `policy = ${policy}`])
      expect(refusal(role(lines), readOnly)?.text).toMatch(/session policies of its own/);
  });

  it.each([
    [
      'Identity Center',
      {
        config:
          '[profile dev]\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\nsso_account_id = 444455556666\nsso_role_name = A',
      },
      /GetRoleCredentials accepts no policy.*read_only_profile.*vi \+1 /,
    ],
    ['a command', { config: '[profile dev]\ncredential_process = /bin/x' }, /credential_process/],
    [
      'session keys in a file',
      {
        config: '[profile dev]',
        credentials:
          '[dev]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\naws_session_token = t',
      },
      /keys are given as they are/,
    ],
    ['a key with an MFA device', key('mfa_serial = arn:aws:iam::111122223333:mfa/me'), /accepts no MFA code/],
  ])('is refused for %s, and the full one is not given', (_, plan, words) => {
    expect(refusal(plan, readOnly)).toMatchObject({ status: 2, text: expect.stringMatching(words) });
    expect(() => planOf(plan)).not.toThrow();
  });

  it.each<[string, Narrowing, RegExp]>([
    [
      'of another partition',
      { policyArns: ['arn:aws-cn:iam::aws:policy/X'], by: '--policy-arn' },
      /partition aws, and this policy is in aws-cn/,
    ],
    [
      'of another account',
      { policyArns: ['arn:aws:iam::111122223333:policy/X'], by: '--policy-arn' },
      /own account, which is 444455556666/,
    ],
    ['that is no ARN', { policyArns: ['ReadOnlyAccess'], by: '--policy-arn' }, /looks like arn:aws/],
    [
      'of eleven',
      { policyArns: Array.from({ length: 11 }, (_, at) => arn(`P${at}`)), by: '--policy-arn' },
      /at most 10/,
    ],
    [
      'with text that is too long',
      { policy: JSON.stringify({ Statement: 'x'.repeat(2040) }), by: '--policy' },
      /2,048/,
    ],
    [
      'with text and ARNs that are too long',
      {
        policy: JSON.stringify({ Statement: 'x'.repeat(2000) }),
        policyArns: [arn('ReadOnlyAccess')],
        by: '--policy',
      },
      /together/,
    ],
    ['with text that is no policy', { policy: '[]', by: '--policy' }, /JSON object/],
    ['that is missing', { by: '--policy' }, /no policy is named/],
    ['beside read-only', { readOnly: true, policy, by: '--read-only' }, /would not be read-only/],
  ])('refuses a policy %s', (_, narrowing, words) => {
    expect(refusal(role(), narrowing)).toMatchObject({ status: 2, text: expect.stringMatching(words) });
  });

  it('gives no access key itself', () => {
    expect(refusal(key(), readOnly, { noSession: true })).toMatchObject({
      status: 2,
      text: expect.stringMatching(/--no-session/),
    });
  });

  it('is another profile’s if read_only_profile names one, whatever AWS_ROLE_ARN is', () => {
    const plan = {
      ...role('read_only_profile = ro'),
      environment: { AWS_ROLE_ARN: 'arn:aws:iam::444455556666:role/Admin' },
    };
    plan.config += '\n[profile ro]\nrole_arn = arn:aws:iam::444455556666:role/Reader\nsource_profile = me';
    const { profile, steps, inPlaceOf, narrowing } = narrowed(plan, readOnly);
    expect({ profile, inPlaceOf, narrowing }).toEqual({
      profile: 'ro',
      inPlaceOf: 'dev',
      narrowing: readOnly,
    });
    expect(steps.at(-1)).toMatchObject({ roleArn: 'arn:aws:iam::444455556666:role/Reader', policyArns: [] });
    expect(narrowed(plan, { policyArns: [arn('ReadOnlyAccess')], by: '--policy-arn' }).profile).toBe('dev');
  });

  it('follows read_only_profile to a profile that has none, and never gives one in a circle', () => {
    const chain = (...names: (string | null)[]): PlanCase => ({
      ...role(names[0] === null ? '' : `read_only_profile = ${names[0]}`),
      config: [
        role(`read_only_profile = ${names[0]}`).config,
        ...['a', 'b'].map(
          (name, at) =>
            `[profile ${name}]\nrole_arn = arn:aws:iam::444455556666:role/${name}\nsource_profile = me\n${names[at + 1] ? `read_only_profile = ${names[at + 1]}` : ''}`,
        ),
      ].join('\n'),
    });
    expect(narrowed(chain('a', 'b', null), readOnly)).toMatchObject({ profile: 'b', inPlaceOf: 'dev' });
    for (const [plan, shown] of [
      [chain('dev'), /dev → dev/],
      [chain('a', 'a'), /dev → a → a/],
      [chain('a', 'b', 'dev'), /dev → a → b → dev/],
    ] as const)
      expect(refusal(plan, readOnly)).toMatchObject({ status: 2, text: expect.stringMatching(shown) });
  });
});

describe('the sessions of narrowed plans', () => {
  const narrowings = fc.oneof(
    fc.constant(undefined),
    fc.constant(readOnly),
    fc.record({
      policyArns: fc.uniqueArray(fc.constantFrom(arn('ReadOnlyAccess'), arn('A'), arn('B')), {
        minLength: 1,
      }),
      policy: fc.option(fc.constantFrom(policy, '{"Statement":[1]}'), { nil: undefined }),
      by: fc.constantFrom('--policy', '.awsprofile'),
    }),
  );
  const sent = (plan: PlanCase, narrowing: Narrowing | undefined) => {
    const { steps, sessionIds } = planOf({ ...plan, ...(narrowing && { options: { narrowing } }) });
    const { policy = null, policyArns = [] } = { ...steps.at(-1) } as {
      policy?: string;
      policyArns?: string[];
    };
    return { id: sessionIds.at(-1), sent: JSON.stringify([policy, policyArns]) };
  };

  it('are found again only by a plan with the same policies', () => {
    fc.assert(
      fc.property(fc.constantFrom(role(), key()), narrowings, narrowings, (plan, one, other) => {
        const [a, b] = [sent(plan, one), sent(plan, other)];
        expect(a.id === b.id).toBe(a.sent === b.sent);
        expect(a.sent === '[null,[]]').toBe(one === undefined);
      }),
    );
  });
});
