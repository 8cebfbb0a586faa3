import { describe, expect, it } from 'vitest';
import { bundleFault, missingBundle, missingSignIn, settingFaults } from '../../src/sessions/index.ts';
import { AwshError } from '../../src/system/index.ts';
import { awsFiles, type PlanCase, planOf, storedKeys } from '../support/plans.ts';

const role = 'role_arn = arn:aws:iam::444455556666:role/Dev';

function nextOf(plan: PlanCase): string | undefined {
  try {
    planOf(plan);
  } catch (error) {
    if (error instanceof AwshError) return error.next;
    throw error;
  }
  throw new Error('the plan has no fault');
}

describe('the next command for a fault in the config file', () => {
  it.each([
    'region = nowhere',
    'role_arn = admin',
    'duration_seconds = soon',
    'endpoint_url = ftp://x',
    'use_fips_endpoint = maybe',
    'ca_bundle = relative.pem',
  ])('opens its line: %s', (line) => {
    const config = `[profile dev]\n${line.startsWith('role_arn') ? '' : role}\n${line}\n`;
    expect(nextOf({ config, stored: ['dev'] })).toBe('vi +3 /home/me/.aws/config');
  });

  it('opens the line at which a cycle closes', () => {
    const source = `[profile dev]\n${role}\nsource_profile = b\n[profile b]\n${role}\nsource_profile = dev`;
    expect(nextOf({ config: source })).toBe('vi +6 /home/me/.aws/config');
    const include = '[profile dev]\ninclude_profile = b\n[profile b]\ninclude_profile = dev';
    expect(nextOf({ config: include })).toBe('vi +4 /home/me/.aws/config');
  });

  it('opens the ignored section that was meant for a profile without credentials', () => {
    const config = '[profile dev]\nregion = eu-west-1\n[dev]\naws_access_key_id = A\n';
    expect(nextOf({ config })).toBe('vi +3 /home/me/.aws/config');
  });

  it('unsets a variable', () => {
    const environment = { AWS_ROLE_ARN: 'admin' };
    expect(nextOf({ config: '[profile dev]', stored: ['dev'], environment })).toBe('unset AWS_ROLE_ARN');
  });

  it('is awsh add -- for a name that begins with a dash', () => {
    expect(nextOf({ config: '[profile -dash]', profile: '-dash' })).toMatch(/^awsh add -- '?-dash'?$/);
  });
});

describe('the sign-in command of a profile that includes another', () => {
  const sso = 'sso_account_id = 111122223333\nsso_role_name = R\n';
  const portal = 'sso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\n';
  it.each([
    ['the sso-session', `sso_session = corp\n${sso}[sso-session corp]\n${portal}`, 'corp'],
    ['the profile that has the sso keys', `${sso}${portal}`, 'base'],
  ])('names %s', (_, keys, words) => {
    const { steps } = planOf({ config: `[profile dev]\ninclude_profile = base\n[profile base]\n${keys}` });
    const [step] = steps;
    const error = step && missingSignIn(step, { HOME: '/no/such/home' }, 0);
    expect(error?.next).toBe(`awsh sso login ${words}`);
  });
});

describe('a ca_bundle that does not exist', () => {
  it('is reported before any call, with its line', () => {
    const plan = planOf({ config: '[profile dev]\nca_bundle = /no/such.pem', stored: ['dev'] });
    expect(missingBundle(plan, {})).toMatchObject({
      what: '/home/me/.aws/config:2: the certificate bundle does not exist',
      why: 'ca_bundle = /no/such.pem',
      next: 'vi +2 /home/me/.aws/config',
    });
    expect(missingBundle(plan, { AWS_CA_BUNDLE: '/other.pem' })).toBeNull();
  });

  it('is a fault of the settings, like one without a certificate', () => {
    const config = (path: string) => `[profile dev]\nca_bundle = ${path}`;
    const faults = (path: string) =>
      settingFaults({
        files: awsFiles(config(path)),
        profile: 'dev',
        keys: storedKeys('dev'),
        environment: {},
      });
    expect(faults('/no/such.pem')).toMatchObject([{ what: expect.stringContaining('does not exist') }]);
    expect(faults('/dev/null')).toMatchObject([{ next: 'vi +2 /home/me/.aws/config' }]);
  });
});

describe('a certificate bundle without a certificate', () => {
  it('is reported with its line', () => {
    const plan = planOf({ config: '[profile dev]\nca_bundle = /etc/passwd', stored: ['dev'] });
    expect(bundleFault(plan, {})).toMatchObject({
      what: '/home/me/.aws/config:2: the certificate bundle has no certificate in it',
      why: 'ca_bundle = /etc/passwd',
      next: 'vi +2 /home/me/.aws/config',
    });
  });

  it.each([
    ['/etc/passwd', 'has no certificate in it'],
    ['/no/such.pem', 'does not exist'],
    ['/', 'cannot be read'],
  ])('is reported with its variable: %s', (path, fault) => {
    const plan = planOf({ config: '[profile dev]', stored: ['dev'] });
    expect(bundleFault(plan, { AWS_CA_BUNDLE: path })).toMatchObject({
      what: `the certificate bundle in AWS_CA_BUNDLE ${fault}`,
      next: 'unset AWS_CA_BUNDLE',
    });
  });
});

describe('a profile whose name contains a quote', () => {
  it('is named with the line of its section, which no SDK reads', () => {
    const config = "[profile it's]\nregion = eu-west-1";
    expect(() => planOf({ config, profile: "it's" })).toThrow(
      expect.objectContaining({
        why: "/home/me/.aws/config:1: [profile it's] is ignored: its quotes do not match",
        next: 'vi +1 /home/me/.aws/config',
      }),
    );
  });
});
