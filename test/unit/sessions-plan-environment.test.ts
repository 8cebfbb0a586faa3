import { describe, expect, it } from 'vitest';
import { isCallStep, type Plan } from '../../src/sessions/index.ts';
import { type PlanCase, planOf } from '../support/plans.ts';

const role = 'role_arn = arn:aws:iam::444455556666:role/Dev';
const chain = `[profile dev]\n${role}\nsource_profile = me\nregion = eu-west-1\n[profile me]\nregion = eu-north-1`;
const emulator = 'http://127.0.0.1:4566';

const lastCall = (plan: Plan) => plan.steps.findLast(isCallStep);

/** The endpoint of the last call, and the region of the shell. */
const rows: [
  name: string,
  plan: PlanCase,
  call: { region: string; endpoint: string | null },
  shell: string | null,
][] = [
  ['the profile’s region', { config: chain }, { region: 'eu-west-1', endpoint: null }, 'eu-west-1'],
  [
    'AWS’s first region where none is named',
    { config: `[profile dev]\n${role}` },
    { region: 'us-east-1', endpoint: null },
    null,
  ],
  [
    'the first region of the role’s partition',
    { config: '[profile dev]\nrole_arn = arn:aws-cn:iam::444455556666:role/Dev' },
    { region: 'cn-north-1', endpoint: null },
    null,
  ],
  [
    'AWS_REGION before the profile',
    { config: chain, environment: { AWS_REGION: 'us-west-2' } },
    { region: 'us-west-2', endpoint: null },
    'us-west-2',
  ],
  [
    'AWS_REGION before AWS_DEFAULT_REGION',
    { config: chain, environment: { AWS_REGION: 'us-west-2', AWS_DEFAULT_REGION: 'us-east-2' } },
    { region: 'us-west-2', endpoint: null },
    'us-west-2',
  ],
  [
    '--region before all',
    { config: chain, environment: { AWS_REGION: 'us-west-2' }, options: { region: 'ap-south-1' } },
    { region: 'ap-south-1', endpoint: null },
    'ap-south-1',
  ],
  [
    'a directory’s region for the shell, never for STS',
    { config: chain, directoryRegion: 'us-west-1' },
    { region: 'eu-west-1', endpoint: null },
    'us-west-1',
  ],
  [
    'endpoint_url',
    { config: chain.replace('[profile me]', `endpoint_url = ${emulator}\n[profile me]`) },
    { region: 'eu-west-1', endpoint: emulator },
    'eu-west-1',
  ],
  ...[
    'http://h:65535',
    'https://h-1.a9.Example/x/y?z',
    'http://[::1]:4566',
    'http://127.0.0.1:59999/',
    'http://a.0b',
  ].map((url): (typeof rows)[number] => [
    `the endpoint ${url}`,
    { config: chain.replace('[profile me]', `endpoint_url = ${url}\n[profile me]`) },
    { region: 'eu-west-1', endpoint: url },
    'eu-west-1',
  ]),
  [
    'the services section before endpoint_url',
    {
      config: `${chain.replace('[profile me]', 'endpoint_url = http://127.0.0.1:1\nservices = local\n[profile me]')}
[services local]\nsts =\n  endpoint_url = ${emulator}`,
    },
    { region: 'eu-west-1', endpoint: emulator },
    'eu-west-1',
  ],
  [
    'AWS_ENDPOINT_URL_STS before AWS_ENDPOINT_URL before the files',
    {
      config: chain.replace('[profile me]', 'endpoint_url = http://127.0.0.1:1\n[profile me]'),
      environment: { AWS_ENDPOINT_URL_STS: emulator, AWS_ENDPOINT_URL: 'http://127.0.0.1:2' },
    },
    { region: 'eu-west-1', endpoint: emulator },
    'eu-west-1',
  ],
  [
    'no endpoint where configured ones are to be ignored',
    {
      config: chain.replace('[profile me]', `endpoint_url = ${emulator}\n[profile me]`),
      environment: { AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
    },
    { region: 'eu-west-1', endpoint: null },
    'eu-west-1',
  ],
];

describe('the endpoint of STS', () => {
  it.each(rows)('%s', (_, plan, target, shell) => {
    const made = planOf({
      stored: ['me', 'dev'].filter((name) => plan.config.includes(`[profile ${name}]`)).slice(0, 1),
      ...plan,
    });
    expect(lastCall(made)?.target).toEqual(target);
    expect(made.region).toBe(shell);
  });
});

describe('the environment of exec and export', () => {
  it('affects only the requested profile, not its sources, with AWS_ROLE_ARN and AWS_ROLE_SESSION_NAME', () => {
    const plan = planOf({
      config: chain,
      stored: ['me'],
      environment: { AWS_ROLE_ARN: 'arn:aws:iam::777788889999:role/Other', AWS_ROLE_SESSION_NAME: 'me' },
    });
    expect(plan.steps).toHaveLength(2);
    expect(lastCall(plan)).toMatchObject({
      roleArn: 'arn:aws:iam::777788889999:role/Other',
      roleArnPlace: null,
      roleSessionName: 'me',
    });
  });

  it('names an MFA device for the whole chain with AWS_MFA_SERIAL', () => {
    const environment = { AWS_MFA_SERIAL: 'arn:aws:iam::111122223333:mfa/jane' };
    const plan = planOf({ config: chain, stored: ['me'], environment });
    expect(plan.steps.map((step) => step.kind)).toEqual(['stored-keys', 'GetSessionToken', 'AssumeRole']);
  });

  it.each([
    [{}, 300],
    [{ AWS_MIN_TTL: '20m' }, 1200],
    [{ AWS_MIN_TTL: 'soon' }, 300],
  ])('AWS_MIN_TTL: %o', (environment, seconds) => {
    expect(planOf({ config: chain, stored: ['me'], environment }).minTtlSeconds).toBe(seconds);
  });

  it('is ignored for a directory', () => {
    expect(lastCall(planOf({ config: chain, stored: ['me'], environment: {} }))).toMatchObject({
      roleArn: 'arn:aws:iam::444455556666:role/Dev',
      mfaSerial: null,
      target: { region: 'eu-west-1', endpoint: null },
    });
  });
});

describe('the parameters of AssumeRole', () => {
  it('contain everything that the profile sets for the session', () => {
    const config = `[profile dev]\n${role}\nexternal_id = partner\nrole_session_name = jane\nsource_identity = jane@example
session_tags = team=blue, cost = 12\ntransitive_session_tags = team,\npolicy_arns = arn:aws:iam::aws:policy/ReadOnlyAccess`;
    expect(lastCall(planOf({ config, stored: ['dev'] }))).toMatchObject({
      externalId: 'partner',
      roleSessionName: 'jane',
      sourceIdentity: 'jane@example',
      tags: [
        { key: 'team', value: 'blue' },
        { key: 'cost', value: '12' },
      ],
      transitiveTagKeys: ['team'],
      policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
    });
  });
});
