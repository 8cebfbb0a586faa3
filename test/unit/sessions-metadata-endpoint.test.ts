import { describe, expect, it } from 'vitest';
import { identityOf } from '../../src/sessions/index.ts';
import { awsFiles, planOf } from '../support/plans.ts';

const ipv4 = 'http://169.254.169.254';
const ipv6 = 'http://[fd00:ec2::254]';
const variable = 'AWS_EC2_METADATA_SERVICE_ENDPOINT';
const modeVariable = `${variable}_MODE`;

/**
 * The shared endpoint cases of the AWS SDKs: the settings, and the address or a word of the error.
 */
const cases: [
  what: string,
  setting: string,
  environment: Record<string, string>,
  endpoint: string | RegExp,
][] = [
  ['nothing', '', {}, ipv4],
  ['a variable', '', { [variable]: 'http://override:456' }, 'http://override:456'],
  ['the profile', 'ec2_metadata_service_endpoint = http://override:456', {}, 'http://override:456'],
  [
    'a variable over the profile',
    'ec2_metadata_service_endpoint = http://wrong:456',
    { [variable]: 'http://override:456' },
    'http://override:456',
  ],
  ['a mode that is none', '', { [modeVariable]: 'error' }, /"error".*IPv4 or IPv6/s],
  ['IPv4', '', { [modeVariable]: 'IPv4' }, ipv4],
  ['IPv6', '', { [modeVariable]: 'IPv6' }, ipv6],
  ['a mode in any case', '', { [modeVariable]: 'ipV6' }, ipv6],
  ['IPv6 by the profile', 'ec2_metadata_service_endpoint_mode = IPv6', {}, ipv6],
  [
    'a mode of the profile that is none',
    'ec2_metadata_service_endpoint_mode = IPv7',
    {},
    /config:4.*"IPv7"/s,
  ],
  [
    'an address over the profile’s mode',
    'ec2_metadata_service_endpoint_mode = IPv6',
    { [variable]: 'https://custom' },
    'https://custom',
  ],
  [
    'a mode over the profile’s mode',
    'ec2_metadata_service_endpoint_mode = IPv4',
    { [modeVariable]: 'IPv6' },
    ipv6,
  ],
  ['no address at all', '', { [variable]: 'not a uri' }, /SERVICE_ENDPOINT: not the address/],
  [
    'an address over a mode',
    '',
    { [variable]: 'http://169.254.169.200', [modeVariable]: 'IPv6' },
    'http://169.254.169.200',
  ],
];

const config = (setting: string) =>
  `[profile dev]\nrole_arn = arn:aws:iam::444455556666:role/Dev\ncredential_source = Ec2InstanceMetadata\n${setting}`;

describe('the endpoint of the instance metadata service', () => {
  it.each(cases)('%s', (_, setting, environment, expected) => {
    const plan = () => planOf({ config: config(setting), environment });
    if (typeof expected === 'string') {
      expect(plan().steps[0]).toMatchObject({ kind: 'instance', endpoint: expected });
    } else {
      expect(plan).toThrow(expect.objectContaining({ exitStatus: 2 }));
      expect(textOf(plan)).toMatch(expected);
    }
  });

  it('is recorded by trust if it is not AWS’s own', () => {
    const endpoints = (setting: string) => {
      const text = config(setting);
      return identityOf(planOf({ config: text }), awsFiles(text)).endpoints;
    };
    expect(endpoints('ec2_metadata_service_endpoint_mode = IPv6')).toEqual([]);
    expect(endpoints('ec2_metadata_service_endpoint = http://h:1')).toEqual(['http://h:1']);
  });
});

function textOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    const { what, why } = error as { what: string; why?: string };
    return `${what}\n${why}`;
  }
  return '';
}
