import { describe, expect, it } from 'vitest';
import { profilePlan } from '../../src/loading/profile-plan.ts';
import { regionOfShortName } from '../../src/profiles/index.ts';
import {
  type AdHocRole,
  adHocRequest,
  pinOfRole,
  planFor,
  roleArnOfShortForm,
  roleOfPin,
} from '../../src/sessions/index.ts';
import { awsFiles, type PlanCase, storedKeys } from '../support/plans.ts';

const arn = 'arn:aws:iam::444455556666:role/team/Dev';
const mfa = 'mfa_serial = arn:aws:iam::111122223333:mfa/me';
const config = `[profile me]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:1\n${mfa}\nexternal_id = not-mine\n`;

function adHocPlan(role: Partial<AdHocRole>, { environment = {}, ...rest }: Partial<PlanCase> = {}) {
  const files = awsFiles(rest.config ?? config);
  const request = { files, keys: storedKeys('me'), environment, profile: '' };
  return planFor(adHocRequest(request, { roleArn: arn, sourceProfile: 'me', ...role }));
}
const roleOf = (plan: ReturnType<typeof planFor>) => plan.steps.at(-1);

describe('a role that no profile names', () => {
  it('is assumed by its source profile, with its region, MFA device and endpoint', () => {
    const plan = adHocPlan({ externalId: 'x-1', sessionName: 'me@work', tags: 'team=blue, env=dev' });
    expect(plan).toMatchObject({
      profile: '444455556666:team/Dev',
      chain: ['444455556666:team/Dev', 'me'],
      region: 'eu-west-1',
      endpointUrl: 'http://127.0.0.1:1',
    });
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['stored-keys', 'GetSessionToken', 'AssumeRole']);
    expect(roleOf(plan)).toMatchObject({
      roleArn: arn,
      externalId: 'x-1',
      roleSessionName: 'me@work',
      tags: [
        { key: 'team', value: 'blue' },
        { key: 'env', value: 'dev' },
      ],
    });
  });

  it('does not use what its source itself is assumed with, nor a role from the environment', () => {
    const environment = { AWS_ROLE_ARN: 'arn:aws:iam::1:role/x', AWS_WEB_IDENTITY_TOKEN_FILE: '/x' };
    expect(roleOf(adHocPlan({}, { environment }))).toMatchObject({ roleArn: arn, externalId: null });
  });

  it('has a separate session for each way of assuming it', () => {
    const id = (role: Partial<AdHocRole>) => adHocPlan(role).sessionIds.at(-1);
    const ids = [id({}), id({ externalId: 'ab' }), id({ sessionName: 'ab' }), id({ tags: 'a=b' })];
    expect(new Set(ids).size).toBe(4);
    expect(id({ roleArn: '444455556666:team/Dev' })).toBe(ids[0]);
  });

  it.each<[string, Partial<AdHocRole>, RegExp]>([
    ['no ARN', { roleArn: 'admin' }, /--role-arn is not the ARN of a role/],
    ['a user', { roleArn: 'arn:aws:iam::444455556666:user/me' }, /--role-arn is not/],
    ['an external id', { externalId: 'a b' }, /--external-id/],
    ['a session name', { sessionName: '$USER' }, /--session-name/],
    ['a tag without a value', { tags: 'team' }, /--tags/],
    ['a tag without a key', { tags: '=blue' }, /--tags/],
    ['a source', { sourceProfile: 'mee' }, /mee/],
  ])('is refused before any call: %s', (_, role, message) => {
    expect(() => adHocPlan(role)).toThrow(message);
  });

  it.each([
    ['444455556666:Dev', 'arn:aws:iam::444455556666:role/Dev'],
    ['444455556666:team/Dev', arn],
    ['aws-cn:444455556666:Dev', 'arn:aws-cn:iam::444455556666:role/Dev'],
    ['44445555666:Dev', null],
    ['dev:prod', null],
    ['444455556666:', null],
    ['444455556666:a b', null],
  ])('has a short form: %s', (text, expected) => {
    expect(roleArnOfShortForm(text)).toBe(expected);
  });
});

describe('the pin of an ad-hoc role', () => {
  const role = { roleArn: arn, sourceProfile: 'me' };

  it.each<[AdHocRole, string]>([
    [role, '444455556666:team/Dev:me'],
    [{ ...role, sourceProfile: 'two words' }, '444455556666:team/Dev:two%20words'],
    [{ ...role, sourceProfile: 'a:b?c%' }, '444455556666:team/Dev:a%3Ab%3Fc%25'],
    [{ ...role, roleArn: 'arn:aws-cn:iam::444455556666:role/Dev' }, 'aws-cn:444455556666:Dev:me'],
    [
      { ...role, externalId: 'x:1', sessionName: 'a+b', tags: 'a=b,c=d e' },
      '444455556666:team/Dev:me?external-id=x%3A1&session-name=a%2Bb&tags=a%3Db%2Cc%3Dd%20e',
    ],
  ])('is one word, and is parsed back from it: %j', (given, pin) => {
    expect(pinOfRole(given)).toBe(pin);
    const { roleArn, ...rest } = roleOfPin(pin) ?? { roleArn: '' };
    expect({ ...rest, roleArn: roleArnOfShortForm(roleArn) }).toEqual(given);
  });

  it.each([
    'dev',
    '444455556666:Dev',
    '4444:Dev:me',
    '444455556666:Dev:',
    '444455556666:Dev:%',
    '444455556666:a b:me',
  ])('is not accepted in another form: %s', (pin) => {
    expect(roleOfPin(pin)).toBeNull();
  });

  it('means the role only in a pin, and only if no profile has that name', () => {
    const pin = '444455556666:Dev:me';
    const keys = storedKeys('me');
    const plan = (text: string, kind: 'pin' | 'directory') => {
      const files = awsFiles(text);
      return profilePlan({ kind, profile: pin, region: null }, { awsFiles: () => files, keys: () => keys })
        .plan;
    };
    expect(plan(config, 'pin').chain).toEqual(['444455556666:Dev', 'me']);
    expect(() => plan(config, 'directory')).toThrow(/444455556666:Dev:me/);
    const named = `${config}[profile ${pin}]\nsource_profile = me\nrole_arn = ${arn}\n`;
    expect(plan(named, 'pin').chain).toEqual([pin, 'me']);
  });
});

describe('the short name of a region', () => {
  it.each([
    'ue1 us-east-1',
    'ue us-east-1',
    'use1 us-east-1',
    'usw2 us-west-2',
    'afs1 af-south-1',
    'apse3 ap-southeast-3',
    'as1 ap-south-1',
    'ase1 ap-southeast-1',
    'ane1 ap-northeast-1',
    'cc ca-central-1',
    'cac1 ca-central-1',
    'cnn1 cn-north-1',
    'cnnw1 cn-northwest-1',
    'ec1 eu-central-1',
    'euc1 eu-central-1',
    'ew3 eu-west-3',
    'mes1 me-south-1',
    'ms1 me-south-1',
    'se1 sa-east-1',
    'uge1 us-gov-east-1',
    'usgw1 us-gov-west-1',
    'usge us-gov-east-1',
    'us-east-1 us-east-1',
    'eu-north-1 eu-north-1',
    '??? ???',
    'a a',
    'ax ax',
    'aee aee',
    'dev dev',
  ])('is read as granted writes it: %s', (row) => {
    const [short = '', region] = row.split(' ');
    expect(regionOfShortName(short)).toBe(region);
  });
});
