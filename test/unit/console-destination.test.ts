import { describe, expect, it } from 'vitest';
import { type ConsolePage, consoleDestination, partitionOfCaller } from '../../src/console/index.ts';

const arn = (partition: string) => `arn:${partition}:sts::111122223333:assumed-role/Dev/me`;
const open = (page: Partial<ConsolePage>, partition = 'aws') =>
  consoleDestination(partitionOfCaller(arn(partition)), { region: 'eu-west-1', ...page });

it.each([
  ['aws', 'eu-west-1', 'https://eu-west-1.console.aws.amazon.com/console/home?region=eu-west-1'],
  ['aws-cn', 'cn-north-1', 'https://cn-north-1.console.amazonaws.cn/console/home?region=cn-north-1'],
  [
    'aws-us-gov',
    'us-gov-west-1',
    'https://us-gov-west-1.console.amazonaws-us-gov.com/console/home?region=us-gov-west-1',
  ],
  [
    'aws-eusc',
    'eusc-de-east-1',
    'https://eusc-de-east-1.console.amazonaws-eusc.eu/console/home?region=eusc-de-east-1',
  ],
])('the console of %s has its own address', (partition, region, url) => {
  expect(open({ region }, partition)).toBe(url);
});

it.each<[string, Partial<ConsolePage>, string]>([
  ['no region', { region: null }, 'https://console.aws.amazon.com/'],
  ['a service', { service: 's3' }, 'https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1'],
  [
    'a service whose page is elsewhere',
    { service: 'logs' },
    'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups',
  ],
  [
    'a path',
    { path: 'ec2/home#Instances:' },
    'https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Instances:',
  ],
  [
    'a path with a region',
    { path: '/ec2/home?region=us-east-1' },
    'https://eu-west-1.console.aws.amazon.com/ec2/home?region=us-east-1',
  ],
  ['a path without a region', { region: null, path: 's3' }, 'https://console.aws.amazon.com/s3'],
  [
    'what looks like a host and is a path',
    { region: null, path: 'https:evil.example' },
    'https://console.aws.amazon.com/evil.example',
  ],
  [
    'a whole address of the console',
    { path: 'https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1' },
    'https://eu-west-1.console.aws.amazon.com/s3/home?region=eu-west-1',
  ],
])('%s leads to the page', (_, page, url) => {
  expect(open(page)).toBe(url);
});

it.each([
  '//evil.example',
  '\\\\evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  'https://evil.example/',
  'https://console.aws.amazon.com.evil.example/',
  'https://evilconsole.aws.amazon.com/',
  'https://me@console.aws.amazon.com/',
  'https://console.aws.amazon.com:8443/',
  'http://console.aws.amazon.com/',
  'javascript:alert(1)',
  'https://console.amazonaws.cn/',
  '////evil.example',
  '/.//evil.example',
])('--path %j does not leave the console', (path) => {
  expect(() => open({ path })).toThrow('--path leads out of the console');
});

describe('invalid pages', () => {
  it.each([
    [{ service: 's3/../x' }],
    [{ service: '' }],
    [{ service: 's3', path: 'ec2' }],
    [{ region: 'evil.example/x' }],
    [{ region: 'cn-north-1' }],
    [{ region: 'us-gov-west-1' }],
  ])('%j is refused', (page) => {
    expect(() => open(page)).toThrow();
  });

  it('a partition without a known console is refused', () => {
    expect(() => partitionOfCaller(arn('aws-iso'))).toThrow('no console of partition aws-iso');
    expect(() => partitionOfCaller('arn')).toThrow('no console');
  });
});
