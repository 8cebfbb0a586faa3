import { describe, expect, it } from 'vitest';
import { AwshError } from '../../src/system/index.ts';
import { type PlanCase, planOf } from '../support/plans.ts';

const role = 'role_arn = arn:aws:iam::444455556666:role/Dev';

/** Each row: a plan that cannot be, its exit status, and what its error must say. */
const rows: [name: string, plan: PlanCase, status: number, words: string[]][] = [
  [
    'an unknown profile is named with its neighbours, and is never [default]',
    { config: '[default]\n[profile prod]\n[profile deve]', stored: ['default'] },
    3,
    ['"dev"', '/home/me/.aws/config', 'deve'],
  ],
  [
    'a source_profile that does not exist',
    { config: `[profile dev]\n${role}\nsource_profile = bas\n[profile base]` },
    2,
    ['/home/me/.aws/config:3', '"bas"', 'base'],
  ],
  [
    'a circle of source profiles',
    { config: `[profile dev]\n${role}\nsource_profile = b\n[profile b]\n${role}\nsource_profile = dev` },
    2,
    ['dev -> b -> dev', '/home/me/.aws/config:6'],
  ],
  ['no key anywhere', { config: '[profile dev]' }, 4, ['"dev"', 'awsh add dev']],
  [
    'no key at the end of a chain',
    { config: `[profile dev]\n${role}\nsource_profile = base\n[profile base]` },
    4,
    ['"base"', '"dev"', '/home/me/.aws/config:3', 'awsh add base'],
  ],
  [
    'static keys of [default] are nobody else’s',
    {
      config: '[profile dev]',
      credentials: '[default]\naws_access_key_id = AKIAX\naws_secret_access_key = s',
    },
    4,
    ['"dev"'],
  ],
  [
    'a malformed role ARN',
    { config: '[profile dev]\nrole_arn = arn:aws:iam::12:role/Dev', stored: ['dev'] },
    2,
    ['/home/me/.aws/config:2', 'twelve digits'],
  ],
  [
    'a malformed AWS_ROLE_ARN',
    { config: '[profile dev]', stored: ['dev'], environment: { AWS_ROLE_ARN: 'admin' } },
    2,
    ['AWS_ROLE_ARN is not'],
  ],
  [
    'a region that is none',
    { config: '[profile dev]\nregion = eu-west-1.evil.example', stored: ['dev'] },
    2,
    ['/home/me/.aws/config:2', 'region'],
  ],
  [
    'a region of another partition than the role',
    { config: `[profile dev]\n${role}\nregion = cn-north-1`, stored: ['dev'] },
    2,
    ['/home/me/.aws/config:3', 'cn-north-1', 'aws'],
  ],
  [
    'a directory’s region of another partition',
    { config: `[profile dev]\n${role}`, stored: ['dev'], directoryRegion: 'us-gov-west-1' },
    2,
    ['the directory file', 'us-gov-west-1'],
  ],
  [
    'an AWS_REGION that is none',
    { config: '[profile dev]', stored: ['dev'], environment: { AWS_REGION: '$(touch pwned)' } },
    2,
    ['AWS_REGION'],
  ],
  [
    'an endpoint that is no URL',
    { config: '[profile dev]\nendpoint_url = localhost:4566', stored: ['dev'] },
    2,
    ['/home/me/.aws/config:2'],
  ],
  [
    'a --duration that AWS does not give',
    { config: '[profile dev]', stored: ['dev'], options: { durationSeconds: 60 } },
    2,
    ['--duration', '900'],
  ],
  ...(
    [
      ['sso_start_url = https://x/#/start', 'IAM Identity Center'],
      ['sso_session = corp', 'IAM Identity Center'],
      [`${role}\nweb_identity_token_file = /x`, 'web identity'],
      ['credential_process = /bin/true', 'a program'],
      [`${role}\ncredential_source = Environment`, 'the machine'],
      ['login_session = arn:aws:iam::1:user/x', 'aws login'],
    ] as const
  ).map(([key, what]): [string, PlanCase, number, string[]] => [
    `a profile with ${key.split('\n').at(-1)?.split(' ')[0]}`,
    { config: `[profile dev]\n${key}` },
    4,
    [what, 'yet', '/home/me/.aws/config:'],
  ]),
];

describe('a plan that cannot be says why, before AWS is asked', () => {
  it.each(rows)('%s', (_, plan, status, words) => {
    const error = errorOf(() => planOf(plan));
    expect(error.exitStatus).toBe(status);
    const text = `${error.what}\n${error.why}\n${error.next}`;
    for (const word of words) expect(text).toContain(word);
    expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });
});

function errorOf(work: () => unknown): AwshError {
  try {
    work();
  } catch (error) {
    if (error instanceof AwshError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
