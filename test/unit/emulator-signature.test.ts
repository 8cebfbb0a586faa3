import { expect, test } from 'vitest';
import type { ReceivedRequest } from '../../src/demo/emulator/service.ts';
import { checkSignature, readAuthorization } from '../../src/demo/emulator/signature.ts';

/**
 * AWS's published Signature Version 4 test suite. All cases share key, time, region and service.
 */
const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const cases: Record<string, { request: Partial<ReceivedRequest>; signed: string; signature: string }> = {
  'get-vanilla': {
    request: {},
    signed: 'host;x-amz-date',
    signature: '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
  },
  'get-vanilla-query-order-key-case': {
    request: { url: '/?Param2=value2&Param1=value1' },
    signed: 'host;x-amz-date',
    signature: 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500',
  },
  'post-x-www-form-urlencoded': {
    request: {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: Buffer.from('Param1=value1'),
    },
    signed: 'content-type;host;x-amz-date',
    signature: 'ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a',
  },
};

function received({ request, signed, signature }: (typeof cases)[string]): ReceivedRequest {
  const credential = 'AKIDEXAMPLE/20150830/us-east-1/service/aws4_request';
  return {
    method: 'GET',
    url: '/',
    body: Buffer.alloc(0),
    id: 'request',
    ...request,
    headers: {
      host: 'example.amazonaws.com',
      'x-amz-date': '20150830T123600Z',
      ...request.headers,
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signed}, Signature=${signature}`,
    },
  };
}

test.each(Object.entries(cases))('the signature of %s is accepted', (_, example) => {
  const request = received(example);
  expect(() => checkSignature(request, readAuthorization(request), secret)).not.toThrow();
});

test.each([
  ['another method', { method: 'PUT' }],
  ['another path', { url: '/other' }],
  ['another query', { url: '/?a=b' }],
  ['another body', { body: Buffer.from('x') }],
])('%s breaks the signature', (_, change) => {
  const request = { ...received(pick('get-vanilla')), ...change };
  expect(() => checkSignature(request, readAuthorization(request), secret)).toThrow(/does not match/);
});

test('a session token that the signature does not cover is refused', () => {
  const request = received(pick('get-vanilla'));
  const smuggled = { ...request, headers: { ...request.headers, 'x-amz-security-token': 'someone else' } };
  expect(() => checkSignature(smuggled, readAuthorization(smuggled), secret)).toThrow(/does not match/);
});

test.each([
  ['no header', undefined, 'MissingAuthenticationToken'],
  ['a basic one', 'Basic dXNlcjpwYXNz', 'IncompleteSignature'],
])('%s is refused with AWS’s code', (_, authorization, code) => {
  const { authorization: __, ...headers } = received(pick('get-vanilla')).headers;
  const request = {
    ...received(pick('get-vanilla')),
    headers: authorization === undefined ? headers : { ...headers, authorization },
  };
  expect(() => readAuthorization(request)).toThrow(expect.objectContaining({ code }));
});

function pick(name: string) {
  const found = cases[name];
  if (found === undefined) throw new Error(`no case ${name}`);
  return found;
}
