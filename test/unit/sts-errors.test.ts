import { describe, expect, it } from 'vitest';
import type { AssumeRoleStep } from '../../src/sessions/plan-steps.ts';
import { StsFailure } from '../../src/sessions/sts-client.ts';
import { explainFailure } from '../../src/sessions/sts-errors.ts';
import { AwshError } from '../../src/system/index.ts';
import { planOf } from '../support/plans.ts';

const caller = 'arn:aws:iam::111122223333:user/jane';
const roleArn = 'arn:aws:iam::444455556666:role/Dev';
const config = `[profile dev]\nrole_arn = ${roleArn}\nsource_profile = me\nregion = ap-east-1\n[profile me]`;

/** The three lines of the error for a refused AssumeRole. */
function told(name: string, message: string, more: Partial<AssumeRoleStep> = {}): AwshError {
  const step = planOf({ config, stored: ['me'] }).steps.find((it) => it.kind === 'AssumeRole');
  if (step?.kind !== 'AssumeRole') throw new Error('no such step');
  const cause = { name, message, $fault: 'client', $metadata: { httpStatusCode: 403 } };
  const failure = new StsFailure('AssumeRole', 'sts.ap-east-1.amazonaws.com', false, 0, cause);
  const request = { step: { ...step, ...more }, signer: 'the key ****1234 of "me"', mfaSent: false };
  const error = explainFailure(failure, request);
  if (error instanceof AwshError) return error;
  throw error;
}

const denied = (clause: string) =>
  `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${roleArn} ${clause}`;

describe('AccessDenied', () => {
  it.each([
    ['with an explicit deny in a service control policy', /organization/],
    ['with an explicit deny in a resource control policy', /organization/],
    ['because no service control policy allows the sts:AssumeRole action', /organization/],
    ['because no session policy allows the sts:AssumeRole action', /session policy/],
    ['with an explicit deny in a session policy', /session policy/],
    ['because no permissions boundary allows the sts:AssumeRole action', /permissions boundary/],
    ['with an explicit deny in a permissions boundary', /permissions boundary/],
    ['because no VPC endpoint policy allows the sts:AssumeRole action', /VPC endpoint/],
  ])('keeps AWS’s own reason, before any advice: %s', (clause, advice) => {
    const error = told('AccessDenied', denied(clause));
    expect(error.what).toContain(`does not allow ${caller} to assume ${roleArn}`);
    expect(error.why).toBe(`AWS says "${clause}"`);
    expect(error.next).toMatch(advice);
  });

  it.each([
    ['with an explicit deny in an identity-based policy', /policy of the caller/],
    ['because no identity-based policy allows the sts:AssumeRole action', /trust policy/],
    ['because no resource-based policy allows the sts:AssumeRole action', /trust policy/],
  ])('also reports that no code was sent if that may be the reason: %s', (clause, advice) => {
    const error = told('AccessDenied', denied(clause));
    expect(error.why).toMatch(new RegExp(`^AWS says "${clause}"; a possible cause: no MFA code was sent`));
    expect(error.next).toMatch(advice);
  });

  it('keeps the reason after ARNs of any length', () => {
    const long = `${caller}/${'x'.repeat(500)}`;
    const message = denied('with an explicit deny in a service control policy').replace(caller, long);
    expect(told('AccessDenied', message).why).toContain('service control policy');
  });

  it('names possible causes if AWS gives no reason', () => {
    expect(told('AccessDenied', denied('')).why).toMatch(/^a possible cause: no MFA code was sent/);
  });
});

describe('AccessDenied with another text', () => {
  it.each([
    ['sts:TagSession', 'session_tags'],
    ['sts:SetSourceIdentity', 'source_identity'],
  ])('reports that the trust policy must allow %s, and nothing about MFA', (action, setting) => {
    for (const end of ['', ` because no resource-based policy allows the ${action} action`]) {
      const error = told('AccessDenied', denied(end).replace('sts:AssumeRole', action));
      expect(error.what).toContain(`to do ${action} on ${roleArn}`);
      expect(error.why).toMatch(/^AWS says "/);
      expect(error.why).toContain(action);
      expect(error.why).not.toContain('MFA');
      expect(error.next).toContain(`allow ${action} in the role's trust policy`);
      expect(error.next).toContain(setting);
    }
  });

  it.each(['Roles may not be assumed by root accounts.', 'Your account is suspended.'])(
    'shows it: %s',
    (message) => {
      expect(told('AccessDenied', message).why).toBe(`AWS says "${message.slice(0, -1)}"`);
    },
  );

  it('names the variables that the role comes from', () => {
    const error = told('AccessDenied', denied(''), { variables: ['AWS_ROLE_ARN'] });
    expect(error.why).toContain('AWS_ROLE_ARN in the environment');
    expect(error.next).toBe('unset AWS_ROLE_ARN');
  });
});

describe('AccessDenied for a call that is not for a role', () => {
  const refused = (call: 'GetSessionToken' | 'GetFederationToken', clause: string) => {
    const message = `User: ${caller} is not authorized to perform: sts:${call} ${clause}`;
    const cause = { name: 'AccessDenied', message, $fault: 'client', $metadata: { httpStatusCode: 403 } };
    const failure = new StsFailure(call, 'sts.eu-west-1.amazonaws.com', false, 0, cause);
    return explainFailure(failure, { step: null, signer: 'the key', mfaSent: false });
  };

  it.each([
    ['GetSessionToken', 'because no identity-based policy allows it', /: add --no-session$/],
    ['GetSessionToken', 'with an explicit deny in a service control policy', /organization/],
    ['GetFederationToken', 'because no identity-based policy allows it', /sign in with a role.*: awsh list$/],
    ['GetFederationToken', '', /allow sts:GetFederationToken/],
  ] as const)('keeps AWS’s words, and says what to do instead: %s %s', (call, clause, next) => {
    const error = refused(call, clause);
    expect(error).toMatchObject({
      exitStatus: 8,
      why: expect.stringContaining(`sts:${call} ${clause}`.trim()),
    });
    expect(error).toMatchObject({ next: expect.stringMatching(next) });
  });
});

describe('other refusals', () => {
  it('names both causes of a key that AWS does not know', () => {
    const error = told('InvalidClientTokenId', 'The security token included in the request is invalid.');
    expect(error.why).toMatch(/deleted or made inactive.*ap-east-1 is not enabled \(opted in\)/);
    expect(error.next).toMatch(/--region us-east-1.*awsh add/);
  });

  it('names no device if the profile has none', () => {
    const text =
      'MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.';
    expect(told('AccessDenied', text, { mfaSerial: null })).toMatchObject({
      exitStatus: 7,
      what: 'AWS requires an MFA code, and profile dev names no device',
      why: `AWS says "${text.slice(0, -1)}"`,
    });
    const mfaSerial = 'arn:aws:iam::111122223333:mfa/jane';
    expect(told('AccessDenied', text, { mfaSerial }).what).toContain(mfaSerial);
  });

  it('tells what to do if STS is turned off in the region', () => {
    const error = told('RegionDisabledException', 'STS is not activated in this region');
    expect(error).toMatchObject({
      exitStatus: 8,
      why: 'STS is not activated in this region',
    });
    expect(error.what).toContain('ap-east-1');
    expect(error.next).toContain('--region us-east-1');
  });
});
