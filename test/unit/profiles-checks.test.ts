import { describe, expect, it } from 'vitest';
import {
  isRegion,
  nearestNames,
  parseRegion,
  parseRoleArn,
  partitionOfRegion,
  regionFitsPartition,
} from '../../src/profiles/index.ts';

const place = { file: '/home/me/.aws/config', line: 7 };

describe('a role ARN', () => {
  it.each([
    ['arn:aws:iam::123456789012:role/Admin', 'aws', 'Admin'],
    ['arn:aws:iam::123456789012:role/team/eu/Admin', 'aws', 'Admin'],
    ['arn:aws-cn:iam::123456789012:role/a+b=c,d.e@f-g_h', 'aws-cn', 'a+b=c,d.e@f-g_h'],
    ['arn:aws-us-gov:iam::123456789012:role/Admin', 'aws-us-gov', 'Admin'],
    ['arn:aws-eusc:iam::123456789012:role/Admin', 'aws-eusc', 'Admin'],
    ['arn:aws-iso-b:iam::123456789012:role/Admin', 'aws-iso-b', 'Admin'],
    ['arn:aws:iam::123456789012:role/odd:path/Admin', 'aws', 'Admin'],
  ])('%s', (value, partition, roleName) => {
    expect(parseRoleArn({ value, place })).toEqual({ partition, account: '123456789012', roleName });
  });

  it.each([
    ['', 'form'],
    ['Admin', 'form'],
    ['arn:aws:sts::123456789012:role/Admin', 'form'],
    ['arn:aws:iam:eu-west-1:123456789012:role/Admin', 'form'],
    ['arn:aws:iam::12345678901:role/Admin', 'twelve digits'],
    ['arn:aws:iam:::role/Admin', 'twelve digits'],
    ['arn:awz:iam::123456789012:role/Admin', 'partition'],
    ['arn:aws-moon:iam::123456789012:role/Admin', 'partition'],
    ['arn:aws:iam::123456789012:user/Admin', 'other than a role'],
    ['arn:aws:iam::123456789012:Admin', 'other than a role'],
    ['arn:aws:iam::123456789012:role/', 'name of its role'],
    ['arn:aws:iam::123456789012:role//Admin', 'name of its role'],
    ['arn:aws:iam::123456789012:role/$(touch pwned)', 'name of its role'],
    ['arn:aws:iam::123456789012:role/Admin\n', 'name of its role'],
    [`arn:aws:iam::123456789012:role/${'x'.repeat(65)}`, 'name of its role'],
    [' arn:aws:iam::123456789012:role/Admin', 'form'],
  ])('%j is refused with its line, before AWS is asked', (value, why) => {
    expect(() => parseRoleArn({ value, place })).toThrow(
      expect.objectContaining({
        what: '/home/me/.aws/config:7: role_arn is not the ARN of a role',
        why: expect.stringContaining(why),
        exitStatus: 2,
      }),
    );
  });
});

describe('a region', () => {
  it.each([
    ['eu-central-1', 'aws'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['cn-north-1', 'aws-cn'],
    ['eusc-de-east-1', 'aws-eusc'],
    ['us-iso-east-1', 'aws-iso'],
    ['us-isob-east-1', 'aws-iso-b'],
    ['ap-southeast-7', 'aws'],
  ])('%s belongs to %s', (region, partition) => {
    expect(isRegion(region)).toBe(true);
    expect(parseRegion({ value: region, place })).toBe(region);
    expect(partitionOfRegion(region)).toBe(partition);
    expect(regionFitsPartition(region, partition)).toBe(true);
    expect(regionFitsPartition(region, 'aws-other')).toBe(false);
  });

  it.each([
    '',
    'x',
    'eu-central',
    'EU-central-1',
    'eu-central-1.evil.example/',
    'eu-central-1\n',
    '$(touch pwned)',
    'eu-central-100',
  ])('%j is not a region', (value) => {
    expect(isRegion(value)).toBe(false);
    expect(() => parseRegion({ value, place })).toThrow(
      expect.objectContaining({ what: '/home/me/.aws/config:7 does not name a region', exitStatus: 2 }),
    );
  });
});

describe('similar names', () => {
  it.each([
    ['Prod', ['dev', 'prod', 'staging'], ['prod']],
    ['prdo', ['dev', 'prod', 'staging'], ['prod']],
    ['pro', ['prod-eu', 'prod-us', 'dev'], ['prod-eu', 'prod-us']],
    ['staging-admin', ['staging', 'prod-admin'], ['staging']],
    ['dve', ['dev', 'deve', 'dave', 'x'], ['dave', 'dev', 'deve']],
    ['zzz', ['dev', 'prod'], []],
    ['', ['dev', 'prod'], []],
    ['production', ['prodution', 'pruduction'], ['prodution', 'pruduction']],
  ])('for %j', (name, names, expected) => {
    expect(nearestNames(name, names)).toEqual(expected);
  });

  it('are at most as many as requested, each once', () => {
    expect(nearestNames('dev', ['dev1', 'dev2', 'dev2', 'dev3'], 2)).toEqual(['dev1', 'dev2']);
  });
});
