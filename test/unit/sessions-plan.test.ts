import { describe, expect, it } from 'vitest';
import { inWords, type PlanCase, planOf } from '../support/plans.ts';

const mfa = 'mfa_serial = arn:aws:iam::111122223333:mfa/jane';
const role = (name: string) => `role_arn = arn:aws:iam::444455556666:role/${name}`;
const hour = 3600;

/** Each row: the content of the file, and the steps that follow. */
const rows: [name: string, plan: PlanCase, steps: string[]][] = [
  [
    'a user with stored keys gets a session of one hour',
    { config: '[profile dev]', stored: ['dev'] },
    ['stored-keys dev', 'GetSessionToken dev 3600'],
  ],
  [
    'a user with MFA is asked for it at the session',
    { config: `[profile dev]\n${mfa}`, stored: ['dev'] },
    ['stored-keys dev', 'GetSessionToken dev 3600 mfa'],
  ],
  [
    'a profile that exists only as stored keys works',
    { config: '[default]\nregion = eu-west-1', stored: ['dev'] },
    ['stored-keys dev', 'GetSessionToken dev 3600'],
  ],
  [
    '--no-session gives the keys themselves',
    { config: `[profile dev]\n${mfa}`, stored: ['dev'], options: { noSession: true } },
    ['stored-keys dev'],
  ],
  [
    'a role profile with keys of its own assumes the role directly',
    { config: `[profile dev]\n${role('Dev')}\n${mfa}`, stored: ['dev'] },
    ['stored-keys dev', 'AssumeRole dev 3600 mfa'],
  ],
  [
    'one role whose source has the same MFA device shares a session of eight hours',
    {
      config: `[profile dev]\n${role('Dev')}\nsource_profile = me\n${mfa}\n[profile me]\n${mfa}`,
      stored: ['me'],
    },
    ['stored-keys me', 'GetSessionToken me 28800 mfa', 'AssumeRole dev 3600'],
  ],
  [
    'an MFA device in [default] counts for both',
    {
      config: `[default]\n${mfa}\n[profile dev]\n${role('Dev')}\nsource_profile = me\n[profile me]`,
      stored: ['me'],
    },
    ['stored-keys me', 'GetSessionToken me 28800 mfa', 'AssumeRole dev 3600'],
  ],
  [
    'a role without MFA is assumed straight from the keys',
    { config: `[profile dev]\n${role('Dev')}\nsource_profile = me\n[profile me]`, stored: ['me'] },
    ['stored-keys me', 'AssumeRole dev 3600'],
  ],
  [
    'for --server that one shares a session all the same, so that nobody is asked again',
    {
      config: `[profile dev]\n${role('Dev')}\nsource_profile = me\n${mfa}\n[profile me]`,
      stored: ['me'],
      options: { renewable: true },
    },
    ['stored-keys me', 'GetSessionToken me 28800 mfa', 'AssumeRole dev 3600'],
  ],
  [
    'for --server a role of twelve hours does, too: it is renewed each hour',
    {
      config: `[profile dev]\n${role('Dev')}\nsource_profile = me\n${mfa}\nduration_seconds = 43200\n[profile me]\n${mfa}`,
      stored: ['me'],
      options: { renewable: true },
    },
    ['stored-keys me', 'GetSessionToken me 28800 mfa', 'AssumeRole dev 3600'],
  ],
  [
    'for --server a role profile with keys of its own does, too',
    {
      config: `[profile dev]\n${role('Dev')}\n${mfa}`,
      stored: ['dev'],
      options: { renewable: true },
    },
    ['stored-keys dev', 'GetSessionToken dev 28800 mfa', 'AssumeRole dev 3600'],
  ],
  [
    'for --server a user with MFA gets a working day',
    { config: `[profile dev]\n${mfa}`, stored: ['dev'], options: { renewable: true } },
    ['stored-keys dev', 'GetSessionToken dev 28800 mfa'],
  ],
  [
    'for --server a role without MFA stays as it is: it can always be assumed again',
    {
      config: `[profile dev]\n${role('Dev')}\nsource_profile = me\nduration_seconds = 7200\n[profile me]`,
      stored: ['me'],
      options: { renewable: true },
    },
    ['stored-keys me', 'AssumeRole dev 7200'],
  ],
  [
    'a user who signs in to the console does so by the keys themselves',
    { config: `[profile dev]\n${mfa}`, stored: ['dev'], options: { signIn: true } },
    ['stored-keys dev'],
  ],
  [
    'a role that signs in to the console still shares its source’s session',
    {
      config: `[profile dev]\n${role('Dev')}\nsource_profile = me\n${mfa}\n[profile me]\n${mfa}`,
      stored: ['me'],
      options: { signIn: true },
    },
    ['stored-keys me', 'GetSessionToken me 28800 mfa', 'AssumeRole dev 3600'],
  ],
  [
    'so is one whose source names no device',
    { config: `[profile dev]\n${role('Dev')}\nsource_profile = me\n${mfa}\n[profile me]`, stored: ['me'] },
    ['stored-keys me', 'AssumeRole dev 3600 mfa'],
  ],
  [
    'and one whose source alone names a device: mfa_serial is not inherited from the source',
    { config: `[profile dev]\n${role('Dev')}\nsource_profile = me\n[profile me]\n${mfa}`, stored: ['me'] },
    ['stored-keys me', 'AssumeRole dev 3600'],
  ],
  [
    'and one whose source names another device',
    {
      config: `[profile dev]\n${role('Dev')}\nsource_profile = me\n${mfa}2\n[profile me]\n${mfa}`,
      stored: ['me'],
    },
    ['stored-keys me', 'AssumeRole dev 3600 mfa'],
  ],
  [
    'more than an hour for one role needs the keys and MFA for that role',
    {
      config: `[profile dev]\n${role('Dev')}\nsource_profile = me\nduration_seconds = 7200\n${mfa}\n[profile me]\n${mfa}`,
      stored: ['me'],
    },
    ['stored-keys me', 'AssumeRole dev 7200 mfa'],
  ],
  [
    '--no-session asks MFA for the role itself',
    {
      config: `[profile dev]\n${role('Dev')}\nsource_profile = me\n${mfa}\n[profile me]\n${mfa}`,
      stored: ['me'],
      options: { noSession: true },
    },
    ['stored-keys me', 'AssumeRole dev 3600 mfa'],
  ],
  [
    'two roles share one session and have an hour each',
    {
      config: `[default]\n${mfa}\n[profile dev]\n${role('Dev')}\nsource_profile = hub\nduration_seconds = 14400
[profile hub]\n${role('Hub')}\nsource_profile = me\nduration_seconds = 14400\n[profile me]`,
      stored: ['me'],
    },
    ['stored-keys me', 'GetSessionToken me 28800 mfa', 'AssumeRole hub 3600', 'AssumeRole dev 3600'],
  ],
  [
    'without a shared device the first role takes the code, and a role never does',
    {
      config: `[profile dev]\n${role('Dev')}\nsource_profile = hub\n${mfa}
[profile hub]\n${role('Hub')}\nsource_profile = me\n${mfa}\n[profile me]`,
      stored: ['me'],
    },
    ['stored-keys me', 'AssumeRole hub 3600 mfa', 'AssumeRole dev 3600'],
  ],
  [
    'stored keys end the chain before source_profile',
    {
      config: `[profile dev]\n${role('Dev')}\nsource_profile = hub\n[profile hub]\n${role('Hub')}\nsource_profile = me`,
      stored: ['hub', 'me'],
    },
    ['stored-keys hub', 'AssumeRole hub 3600', 'AssumeRole dev 3600'],
  ],
  [
    'a profile that only names a source is that source, with a session and never with its keys',
    { config: `[profile dev]\nsource_profile = me\n[profile me]`, stored: ['me'] },
    ['stored-keys me', 'GetSessionToken me 3600'],
  ],
  [
    'a source_profile that is the profile itself means its own keys',
    { config: `[profile dev]\n${role('Dev')}\nsource_profile = dev`, stored: ['dev'] },
    ['stored-keys dev', 'AssumeRole dev 3600'],
  ],
  [
    'a role inherited through include_profile',
    {
      config: `[profile dev]\ninclude_profile = base\n[profile base]\n${role('Dev')}\nsource_profile = me\n[profile me]`,
      stored: ['me'],
    },
    ['stored-keys me', 'AssumeRole dev 3600'],
  ],
  [
    'keys in plain text work as a source',
    {
      config: `[profile dev]\n${role('Dev')}\nsource_profile = me`,
      credentials: '[me]\naws_access_key_id = AKIAPLAIN00000000000\naws_secret_access_key = s',
    },
    ['static-keys me', 'AssumeRole dev 3600'],
  ],
  [
    'a session in plain text is used as it is, and caps a role at an hour',
    {
      config: `[profile dev]\n${role('Dev')}\nsource_profile = me\nduration_seconds = 7200`,
      credentials:
        '[me]\naws_access_key_id = ASIAPLAIN00000000000\naws_secret_access_key = s\naws_session_token = t',
    },
    ['static-keys me', 'AssumeRole dev 3600'],
  ],
  [
    'stored keys win over plain text',
    {
      config: '[profile dev]',
      credentials: '[dev]\naws_access_key_id = AKIAPLAIN00000000000\naws_secret_access_key = s',
      stored: ['dev'],
    },
    ['stored-keys dev', 'GetSessionToken dev 3600'],
  ],
];

describe('the steps of a plan', () => {
  it.each(rows)('%s', (_, plan, steps) => {
    expect(planOf(plan).steps.map(inWords)).toEqual(steps);
  });
});

const oneRole = `[profile dev]\n${role('Dev')}\nsource_profile = me\n[profile me]`;
const sharedMfa = `[default]\n${mfa}\n${oneRole}`;

/** The duration of the plan's last step, and its origin. */
const durations: [name: string, plan: PlanCase, seconds: number, from: string][] = [
  ['the default', { config: oneRole }, hour, 'default'],
  [
    'duration_seconds',
    { config: oneRole.replace('[profile me]', 'duration_seconds = 1800') },
    1800,
    'duration_seconds',
  ],
  ['--duration', { config: oneRole, options: { durationSeconds: 2 * hour } }, 2 * hour, '--duration'],
  [
    'AWS_VAULT_DURATION',
    { config: oneRole, environment: { AWS_VAULT_DURATION: '2h' } },
    2 * hour,
    'AWS_VAULT_DURATION',
  ],
  [
    'AWSH_DURATION before AWS_VAULT_DURATION',
    { config: oneRole, environment: { AWSH_DURATION: '3h', AWS_VAULT_DURATION: '2h' } },
    3 * hour,
    'AWSH_DURATION',
  ],
  [
    'AWS_VAULT_DURATION beside an empty AWSH_DURATION',
    { config: oneRole, environment: { AWSH_DURATION: '', AWS_VAULT_DURATION: '2h' } },
    2 * hour,
    'AWS_VAULT_DURATION',
  ],
  ['an empty AWSH_DURATION', { config: oneRole, environment: { AWSH_DURATION: '' } }, hour, 'default'],
  [
    'AWS_ASSUME_ROLE_TTL',
    { config: oneRole, environment: { AWS_ASSUME_ROLE_TTL: '30m' } },
    1800,
    'AWS_ASSUME_ROLE_TTL',
  ],
  [
    'AWS_ASSUME_ROLE_TTL before duration_seconds',
    {
      config: oneRole.replace('[profile me]', 'duration_seconds = 7200'),
      environment: { AWS_ASSUME_ROLE_TTL: '30m' },
    },
    1800,
    'AWS_ASSUME_ROLE_TTL',
  ],
  [
    'no variable that is not a duration',
    { config: oneRole, environment: { AWS_ASSUME_ROLE_TTL: 'soon' } },
    hour,
    'default',
  ],
  [
    'AWS_SESSION_TOKEN_TTL for a user',
    { config: '[profile dev]', stored: ['dev'], environment: { AWS_SESSION_TOKEN_TTL: '12h' } },
    12 * hour,
    'AWS_SESSION_TOKEN_TTL',
  ],
  [
    'the role, not the cap, where a chain asks for less',
    { config: sharedMfa, options: { durationSeconds: 900 } },
    900,
    '--duration',
  ],
];

describe('the duration of a session', () => {
  it.each(durations)('%s', (_, plan, seconds, from) => {
    const last = planOf({ stored: ['me'], ...plan }).steps.at(-1);
    expect(last).toMatchObject({ duration: { seconds, from } });
  });

  it('AWS_CHAINED_SESSION_TOKEN_TTL for a session that roles share', () => {
    const environment = { AWS_CHAINED_SESSION_TOKEN_TTL: '4h' };
    expect(planOf({ config: sharedMfa, stored: ['me'], environment }).steps.map(inWords)).toEqual([
      'stored-keys me',
      'GetSessionToken me 14400 mfa',
      'AssumeRole dev 3600',
    ]);
  });

  it.each([
    ['30m', { durationSeconds: 1800 }, {}, [1800, 1800]],
    ['AWS_VAULT_DURATION', {}, { AWS_VAULT_DURATION: '20m' }, [1200, 1200]],
    [
      'before AWS_CHAINED_SESSION_TOKEN_TTL',
      { durationSeconds: 1800 },
      { AWS_CHAINED_SESSION_TOKEN_TTL: '4h' },
      [1800, 1800],
    ],
    [
      'not where a server is to renew without a code',
      { durationSeconds: 1800, renewable: true },
      {},
      [8 * hour, 1800],
    ],
  ])('--duration for a session that roles share, as in aws-vault: %s', (_, options, environment, seconds) => {
    const { steps } = planOf({ config: sharedMfa, stored: ['me'], options, environment });
    expect(steps.flatMap((step) => ('duration' in step ? step.duration.seconds : []))).toEqual(seconds);
  });

  it.each([
    [24, 24],
    [40, 36],
  ])(
    '--duration of %i h for the session that a chain of roles shares is %i h, and one hour for each role',
    (asked, given) => {
      const config = `[default]\n${mfa}\n[profile dev]\n${role('Dev')}\nsource_profile = hub\n[profile hub]\n${role('Hub')}\nsource_profile = me\n[profile me]`;
      const { steps } = planOf({ config, stored: ['me'], options: { durationSeconds: asked * hour } });
      const seconds = steps.flatMap((step) => ('duration' in step ? step.duration.seconds : []));
      expect(seconds).toEqual([given * hour, hour, hour]);
    },
  );

  it('a limit is recorded in the plan and reported once', () => {
    const config = `[profile dev]\n${role('Dev')}\nsource_profile = hub\n[profile hub]\n${role('Hub')}\nsource_profile = me\n[profile me]`;
    const plan = planOf({ config, stored: ['me'], options: { durationSeconds: 4 * hour } });
    expect(plan.steps.at(-1)).toMatchObject({
      duration: { seconds: hour, capped: { askedSeconds: 4 * hour } },
    });
    expect(plan.notes.filter((note) => note.includes('14400'))).toHaveLength(1);
  });

  it.each([
    ['300', 'duration_seconds', '/home/me/.aws/config:4'],
    ['1h', 'duration_seconds', '/home/me/.aws/config:4'],
    ['50000', 'duration_seconds', '/home/me/.aws/config:4'],
  ])('duration_seconds = %s is refused before AWS is asked', (text, ...parts) => {
    const config = oneRole.replace('[profile me]', `duration_seconds = ${text}\n[profile me]`);
    for (const part of parts) expect(() => planOf({ config, stored: ['me'] })).toThrow(part);
  });
});

describe('the notes of a plan', () => {
  it.each([
    ['a session without MFA', { config: '[profile dev]', stored: ['dev'] }, 'IAM'],
    [
      'long-term keys',
      { config: '[profile dev]', stored: ['dev'], options: { noSession: true } },
      'does not expire',
    ],
    [
      'keys in plain text',
      {
        config: '',
        credentials: '[dev]\naws_access_key_id = AKIAX000000000000000\naws_secret_access_key = s',
      },
      '/home/me/.aws/credentials:2',
    ],
    [
      'a variable that is no duration',
      { config: '[profile dev]', stored: ['dev'], environment: { AWS_MIN_TTL: '5' } },
      'AWS_MIN_TTL',
    ],
  ] satisfies [string, PlanCase, string][])('%s', (_, plan, text) => {
    expect(planOf(plan).notes.join('\n')).toContain(text);
  });

  it('are empty for a session with MFA', () => {
    expect(planOf({ config: `[profile dev]\n${mfa}`, stored: ['dev'] }).notes).toEqual([]);
  });
});
