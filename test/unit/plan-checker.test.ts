import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileNames } from '../../src/profiles/index.ts';
import { PlanChecker, planFor } from '../../src/sessions/index.ts';
import { awsFiles, storedKeys } from '../support/plans.ts';

/** Lines that a profile may have beside its source. The last ones are faults. */
const lines = [
  'region = eu-west-1',
  'mfa_serial = arn:aws:iam::123456789012:mfa/jane',
  'duration_seconds = 7200',
  'credential_process = /bin/true',
  'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  'ca_bundle = relative',
  'region = nowhere',
  'region = cn-north-1',
  'role_session_name = jane doe',
  'duration_seconds = 10',
  'mfa_serial = me',
  'credential_source = Nothing',
  'external_id =',
];

const profile = fc.record({
  role: fc.constantFrom(
    'role_arn = arn:aws:iam::444455556666:role/Dev',
    'role_arn = arn:aws:iam::444455556666:role/Dev',
    'role_arn = arn:aws:iam::444455556666:role/Dev',
    'role_arn = arn:aws-cn:iam::444455556666:role/Dev',
    'role_arn = no ARN',
    '',
  ),
  // Usually the profile below, so that chains are long.
  source: fc.oneof({ weight: 8, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.nat(12) }),
  more: fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    { weight: 1, arbitrary: fc.constantFrom(...lines) },
  ),
});

const outcome = (work: () => unknown) => {
  try {
    work();
    return 'good';
  } catch (error) {
    return String(error);
  }
};

/** A chain whose profile p0 is the last link. */
function chainOf(length: number, base: string): string {
  const roles = Array.from(
    { length },
    (_, at) => `[profile p${at + 1}]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = p${at}\n`,
  );
  return `${base}${roles.join('')}`;
}

describe('PlanChecker', () => {
  it('refuses the profiles that planFor refuses, and no others', async () => {
    await fc.assert(
      fc.property(fc.array(profile, { minLength: 1, maxLength: 10 }), (profiles) => {
        const config = profiles.map(({ role, source, more }, at) => {
          const name = source < 0 ? at - 1 : source;
          return [`[profile p${at}]`, role, name < 0 ? '' : `source_profile = p${name}`, more].join('\n');
        });
        const files = awsFiles(config.join('\n'));
        const keys = storedKeys('p0');
        const checker = new PlanChecker({ files, keys });
        const names = profileNames(files);
        const expected = names.map((name) =>
          outcome(() => planFor({ files, keys, profile: name, environment: {} })),
        );
        const found = names.map((name) => outcome(() => checker.check(name)));
        expect(found.map((each) => each === 'good')).toEqual(expected.map((each) => each === 'good'));
        // A profile's own fault is reported before one further down; everything else as planFor
        // reports it.
        const own = found.filter((each, at) => each.includes(`"${names[at]}"`));
        const strange = found.filter((each) => !expected.includes(each) && !own.includes(each));
        expect(strange).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['that is good', '[profile p0]\ncredential_process = /bin/true\n'],
    ['without its last profile', ''],
    [
      'that ends in a circle',
      '[profile p0]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = p9\n',
    ],
  ])('visits each profile of a long chain only a few times: one %s', (_, base) => {
    const files = awsFiles(chainOf(2000, base));
    let looks = 0;
    const { profiles } = files;
    const counted = new Proxy(profiles, {
      get(target, name) {
        looks += 1;
        const value = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const checker = new PlanChecker({ files: { ...files, profiles: counted }, keys: [] });
    const outcomes = profileNames(files).map((name) => outcome(() => checker.check(name)));
    expect(new Set(outcomes.map((each) => each === 'good'))).toEqual(new Set([base.includes('/bin/true')]));
    expect(looks).toBeLessThan(2000 * 100);
  });
});
