import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containerCredentials } from '../../../src/sessions/sources/machine-credentials.ts';
import { roleCredentials } from '../../../src/sessions/sources/role-credentials.ts';
import { isUsable } from '../../../src/sessions/sso/token.ts';
import { readSignIn, renewedText, signInPath } from '../../../src/sessions/sso/token-file.ts';
import { renewToken } from '../../../src/sessions/sso/token-request.ts';
import { AwshError, printable, Secret, systemClock } from '../../../src/system/index.ts';
import { fuzz, fuzzTimeout, odd } from '../../support/fuzzing.ts';
import { loopbackServer } from '../../support/loopback-server.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const value = fc.oneof(
  odd,
  fc.constantFrom('2030-01-01T00:00:00Z', '2030-01-01T00:00:00UTC', 'ASIA0000000000000000', 3600, 1e13),
  fc.jsonValue(),
  fc.constantFrom({ toString: 1, valueOf: 1 }, { toString: null }, [[[]]], [7], -1, 1e300),
);

/** A JSON object with some of these fields, each with any value. */
function objectOf(names: readonly string[]): fc.Arbitrary<object> {
  return fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
}

/** The same as text, possibly truncated. */
function objectWith(names: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(objectOf(names), fc.option(fc.nat(400), { freq: 20 }))
    .map(([object, cut]) => JSON.stringify(object).slice(0, cut ?? undefined));
}

/** Every failure has awsh's own text, which must be printable. */
async function refuses<T>(work: () => T | Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    expect(
      error instanceof AwshError || (error as Error).constructor.name === 'RenewalOver',
      `${error}`,
    ).toBe(true);
    const { what = '', why = '', next = '' } = error as Partial<AwshError>;
    for (const text of [what, why, next]) expect(printable(text ?? '')).toBe(text ?? '');
    return null;
  }
}

/** An endpoint whose reply the property chooses. */
async function oddPortal() {
  const reply = { status: 200, body: '' };
  const { url } = await loopbackServer((_, response) => {
    response.writeHead(reply.status, {
      'x-amzn-errortype': reply.status === 200 ? '' : reply.body.slice(0, 30).replace(/[^ -~]/g, ''),
    });
    response.end(reply.body);
  });
  return { reply, target: { region: 'eu-west-1', endpoint: url, fips: false, dualstack: false } };
}

const status = fc.constantFrom(200, 200, 200, 302, 400, 403, 404);
const clientName = { clientId: 'c', clientSecret: new Secret('s'), refreshToken: new Secret('r') };

describe('any bytes, read as', { timeout: fuzzTimeout }, () => {
  it('a sign-in that the AWS CLI has stored', async () => {
    const home = temporaryHome();
    const names = [
      'accessToken',
      'expiresAt',
      'refreshToken',
      'clientId',
      'clientSecret',
      'registrationExpiresAt',
    ];
    // A truncated file is read again later, which another test checks.
    const whole = objectOf(names).map((fields) => JSON.stringify({ ...fields, x: 1 }));
    await fuzz('sign-in file', whole, async (text) => {
      const signIn = await refuses(() => readSignIn(home.write('sign-in.json', `${text} `)));
      if (signIn === null) return;
      isUsable(signIn, Date.now());
      const renewed = renewedText(signIn, { accessToken: new Secret('a'), ends: 1e12, refreshToken: null });
      expect(JSON.parse(renewed.reveal())).toMatchObject({ accessToken: 'a' });
    });
  });

  it('a reply of the token endpoint of Identity Center', async () => {
    const { reply, target } = await oddPortal();
    const names = [
      'accessToken',
      'expiresIn',
      'refreshToken',
      'error',
      'error_description',
      '__type',
      'message',
    ];
    await fuzz('SSO token', fc.tuple(status, objectWith(names)), async ([code, body]) => {
      Object.assign(reply, { status: code, body });
      const renewal = { ...clientName, registrationEnds: Number.POSITIVE_INFINITY };
      const token = await refuses(() => renewToken(renewal, target, {}, Date.now()));
      if (token !== null) expect(new Date(token.ends).toISOString()).toMatch(/^\d{4}-/);
    });
  });

  it('a reply of the access portal of Identity Center', async () => {
    const home = temporaryHome();
    const { reply, target } = await oddPortal();
    const surroundings = home.environment;
    const cached = signInPath('s', surroundings).replace(`${home.path}/`, '');
    home.write(cached, JSON.stringify({ accessToken: 't', expiresAt: '2999-01-01T00:00:00Z' }));
    const names = ['accessKeyId', 'secretAccessKey', 'sessionToken', 'expiration'];
    const body = fc.oneof(
      objectWith(names).map((keys) => `{"roleCredentials":${keys}}`),
      objectWith(['roleCredentials', '__type', 'message']),
    );
    const step = {
      kind: 'GetRoleCredentials',
      profile: 'p',
      session: 's',
      startUrl: 'https://x',
      account: '111122223333',
      roleName: 'r',
      target,
      tokenTarget: target,
    };
    const run = {
      clock: systemClock,
      locks: home.path,
      surroundings,
      connection: { surroundings },
      promptMs: undefined,
    };
    await fuzz('SSO role', fc.tuple(status, body), async ([code, text]) => {
      Object.assign(reply, { status: code, body: text });
      const found = await refuses(() => roleCredentials(step as never, run as never));
      if (found !== null) expect(found.credentials.accessKeyId).toMatch(/^\w{16,128}$/);
    });
  });

  it('a reply of a container or a machine', async () => {
    const { reply, target } = await oddPortal();
    const { endpoint: url } = target;
    const names = ['Code', 'AccessKeyId', 'SecretAccessKey', 'Token', 'Expiration', 'message'];
    await fuzz('container', fc.tuple(status, objectWith(names)), async ([code, body]) => {
      Object.assign(reply, { status: code, body });
      const step = { kind: 'container', profile: 'p', url } as const;
      const keys = await refuses(() => containerCredentials(step, { surroundings: {} } as never));
      if (keys !== null) expect(keys.accessKeyId).toMatch(/^\w{16,128}$/);
    });
  });
});
