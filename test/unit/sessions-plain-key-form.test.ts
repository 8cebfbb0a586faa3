import { describe, expect, it } from 'vitest';
import type { AwshError } from '../../src/system/index.ts';
import { storableKeyIdFault } from '../../src/vault/index.ts';
import { planOf } from '../support/plans.ts';

const id = 'AKIAIOSFODNN7EXAMPLE';
const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const dev = (key: string, secretKey: string, ...more: string[]) =>
  `[profile dev]\naws_access_key_id = ${key}\naws_secret_access_key = ${secretKey}\n${more.join('\n')}`;
const local = 'endpoint_url = http://localhost:4566';
const aws = 'endpoint_url = https://sts.eu-west-1.amazonaws.com';

describe('the form of a key id', () => {
  it.each([
    id,
    id.slice(0, 19),
    `${id}X`,
    id.toLowerCase(),
    `"${id}"`,
    ...['ABIA', 'ACCA', 'AGPA', 'AIDA', 'AIPA', 'ANPA', 'ANVA', 'APKA', 'AROA', 'ASCA'].map((prefix) =>
      id.replace('AKIA', prefix),
    ),
    'ABCDEFGHIJKLMNOPQRST',
    'A'.repeat(15),
  ])('is the same for awsh add and for the AWS files: %s', (given) => {
    const stored = storableKeyIdFault(given, false)?.why ?? null;
    let inFile: string | null = null;
    try {
      planOf({ config: dev(given, secret) });
    } catch (error) {
      inFile = (error as AwshError).why ?? '';
    }
    expect(inFile).toBe(stored);
    expect(stored === null).toBe([id, 'ABCDEFGHIJKLMNOPQRST'].includes(given));
  });
});

describe('a key in plain text', () => {
  it.each([
    ['lower case', dev(id.toLowerCase(), secret), 'capital letters'],
    ['a part in lower case', dev('AKIAiosfodnn7example', secret), 'capital letters'],
    ['an id cut off', dev(id.slice(0, 19), secret), 'has 20 characters, and it has 19'],
    ['an id with a letter more', dev(`${id}X`, secret), 'and it has 21'],
    [
      'a temporary id without its token',
      dev(id.replace('AKIA', 'ASIA'), secret),
      'aws_session_token is missing',
    ],
    ['the same with AWS as its endpoint', dev(id.slice(0, 19), secret, aws), 'and it has 19'],
  ])('is refused with its line: %s', (_, config, why) => {
    expect(() => planOf({ config })).toThrow(
      expect.objectContaining({
        what: '/home/me/.aws/config:2: aws_access_key_id does not have the form of a key from AWS',
        why: expect.stringContaining(why),
        exitStatus: 2,
      }),
    );
  });

  it('gets a warning with its line for a secret of another length', () => {
    expect(planOf({ config: dev(id, 'wJalrXUtnFEM') }).warnings).toEqual([
      expect.stringMatching(/^\/home\/me\/\.aws\/config:3: aws_secret_access_key has 12 characters/),
    ]);
    expect(planOf({ config: dev(id, 'wJalrXUtnFEM') }).warnings.join()).not.toContain('wJalr');
  });

  it.each([
    ['of AWS', dev(id, secret)],
    ['of AWS that ends', dev(id.replace('AKIA', 'ASIA'), secret, 'aws_session_token = t')],
    ['of an emulator', dev('test', 'test', local)],
    ['of AWS’s prefix for an emulator', dev(id.slice(0, 19), 'wJalrXUtnFEM', local)],
    ['of another store of objects', dev('ASIAabc', 'short', 'endpoint_url = https://s3.example.com')],
  ])('is accepted: %s', (_, config) => {
    const { steps, warnings } = planOf({ config });
    expect([steps[0]?.kind, warnings]).toEqual(['static-keys', []]);
  });
});
