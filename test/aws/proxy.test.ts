import { describe, expect, it } from 'vitest';
import { AwshError } from '../../src/system/index.ts';
import { temporaryEmulator } from '../support/emulator.ts';
import { loopbackProxy, secureFront } from '../support/loopback-proxy.ts';
import { json, loopbackServer } from '../support/loopback-server.ts';
import { selfSigned } from '../support/self-signed.ts';
import { configAt, machine, shown } from '../support/session-runs.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const roleArn = 'arn:aws:iam::444455556666:role/Dev';
const profiles = `[profile dev]\nrole_arn = ${roleArn}\nsource_profile = me\n[profile me]`;

async function setting() {
  const home = temporaryHome();
  const emulator = await temporaryEmulator();
  const jane = emulator.addUser({ account: '111122223333', name: 'jane' });
  emulator.addRole({ account: '444455556666', name: 'Dev' });
  const { get } = machine({ me: jane });
  const bundle = home.write('corp.pem', selfSigned.cert);
  const secure = await secureFront(emulator.url);
  return { home, emulator, get, bundle, secure, secureUrl: `https://127.0.0.1:${secure}` };
}

async function errorOf(work: Promise<unknown>): Promise<AwshError> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (error instanceof AwshError) return error;
  throw new Error('no AwshError was thrown');
}

describe('a proxy', () => {
  it('is used for an http endpoint', async () => {
    const { emulator, get } = await setting();
    const proxy = await loopbackProxy();
    await get({ config: configAt(emulator, profiles) }, { surroundings: { HTTP_PROXY: proxy.url } });
    expect(proxy.passed).toEqual([`POST ${emulator.url}/`]);
    expect(emulator.actions).toEqual(['AssumeRole']);
  });

  it('tunnels to an https endpoint, whose certificate is checked', async () => {
    const { get, bundle, secure, secureUrl } = await setting();
    const proxy = await loopbackProxy();
    const config = configAt({ url: secureUrl }, profiles);
    const surroundings = { HTTPS_PROXY: proxy.url, AWS_CA_BUNDLE: bundle };
    expect(await get({ config }, { surroundings })).toMatchObject({ accountId: '444455556666' });
    expect(proxy.passed).toEqual([`CONNECT 127.0.0.1:${secure}`]);
  });

  it.each([
    [407, 'the proxy does not accept the user name and password, or there are none (HTTP 407)'],
    [403, 'the proxy does not connect to it (HTTP 403)'],
    [502, 'the proxy cannot reach it (HTTP 502)'],
  ])('that answers CONNECT with %d: exit 9, and the proxy is named', async (refuses, why) => {
    const { get, bundle, secureUrl, emulator } = await setting();
    const proxy = await loopbackProxy({ refuses });
    const surroundings = { HTTPS_PROXY: proxy.url, AWS_CA_BUNDLE: bundle };
    const error = await errorOf(get({ config: configAt({ url: secureUrl }, profiles) }, { surroundings }));
    expect([error.exitStatus, error.why]).toEqual([9, why]);
    expect(error.what).toContain('through HTTPS_PROXY');
    expect(emulator.actions).toEqual([]);
  });

  it.each([
    ['the certificate is not trusted', {}, 'not signed by a trusted authority'],
    [
      'nor does NODE_TLS_REJECT_UNAUTHORIZED',
      { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      'not signed by a trusted authority',
    ],
  ])('%s: exit 9', async (_, more, word) => {
    const { get, secureUrl, emulator } = await setting();
    const proxy = await loopbackProxy();
    Object.assign(process.env, more);
    try {
      const error = await errorOf(
        get({ config: configAt({ url: secureUrl }, profiles) }, { surroundings: { HTTPS_PROXY: proxy.url } }),
      );
      expect(error.exitStatus).toBe(9);
      expect(shown(error)).toContain(word);
      expect(emulator.actions).toEqual([]);
    } finally {
      for (const name of Object.keys(more)) delete process.env[name];
    }
  });

  it('gets AWS’s own host by name, and the certificate must be for that host', async () => {
    const { get, bundle, secure } = await setting();
    const proxy = await loopbackProxy({ to: secure });
    const config = `[default]\nregion = eu-central-1\n${profiles}`;
    const error = await errorOf(
      get({ config }, { surroundings: { HTTPS_PROXY: proxy.url, AWS_CA_BUNDLE: bundle } }),
    );
    expect(new Set(proxy.passed)).toEqual(new Set(['CONNECT sts.eu-central-1.amazonaws.com:443']));
    expect(shown(error)).toContain('its certificate is for another name');
    expect(error.what).toBe('cannot reach STS in eu-central-1 through HTTPS_PROXY');
  });

  it.each([
    ['use_fips_endpoint = true', 'sts-fips.us-east-2.amazonaws.com'],
    ['use_dualstack_endpoint = true', 'sts.us-east-2.api.aws'],
    ['sts_regional_endpoints = legacy', 'sts.amazonaws.com'],
    ['sts_regional_endpoints = regional', 'sts.us-east-2.amazonaws.com'],
    ['region = aws-global', 'sts.amazonaws.com'],
    ['region = us-west-2-fips', 'sts-fips.us-west-2.amazonaws.com'],
  ])('sees where STS is called for %s', async (setting_, host) => {
    const { get, secure } = await setting();
    const proxy = await loopbackProxy({ to: secure });
    const region = setting_.startsWith('region') ? '' : 'region = us-east-2\n';
    const config = `[default]\n${region}${setting_}\n${profiles}`;
    await errorOf(get({ config }, { surroundings: { https_proxy: proxy.url } }));
    expect(new Set(proxy.passed)).toEqual(new Set([`CONNECT ${host}:443`]));
  });

  it('is not used for hosts in NO_PROXY', async () => {
    const { emulator, get, bundle, secureUrl } = await setting();
    const proxy = await loopbackProxy();
    const surroundings = {
      HTTP_PROXY: proxy.url,
      HTTPS_PROXY: proxy.url,
      AWS_CA_BUNDLE: bundle,
      NO_PROXY: 'localhost,127.0.0.0/8',
    };
    await get({ config: configAt(emulator, profiles) }, { surroundings });
    await get({ config: configAt({ url: secureUrl }, profiles) }, { surroundings });
    expect(proxy.passed).toEqual([]);
    expect(emulator.actions).toEqual(['AssumeRole', 'AssumeRole']);
  });

  it.each([
    ['*', 'http://127.0.0.1', false],
    ['127.0.0.1', 'http://127.0.0.1', false],
    ['127.0.0.1:PORT', 'http://127.0.0.1', false],
    ['127.0.0.1:1', 'http://127.0.0.1', true],
    ['127.0.0.0/8', 'http://127.0.0.1', false],
    ['10.0.0.0/8', 'http://127.0.0.1', true],
    ['.localhost', 'http://localhost', false],
    ['localhost', 'http://localhost', false],
    ['host', 'http://localhost', true],
    ['example.com, localhost', 'http://localhost', false],
    ['*', 'https://127.0.0.1', false],
    ['127.0.0.1:PORT', 'https://127.0.0.1', false],
    ['127.0.0.1:1', 'https://127.0.0.1', true],
    ['127.0.0.0/8', 'https://127.0.0.1', false],
    ['.example.com', 'https://127.0.0.1', true],
  ])('with NO_PROXY=%s and %s is used: %s', async (list, host, isAsked) => {
    const { emulator, get, bundle, secure } = await setting();
    const proxy = await loopbackProxy();
    const port = host.startsWith('https') ? String(secure) : new URL(emulator.url).port;
    const surroundings = {
      ALL_PROXY: proxy.url,
      AWS_CA_BUNDLE: bundle,
      NO_PROXY: list.replace('PORT', port),
    };
    await get({ config: configAt({ url: `${host}:${port}` }, profiles) }, { surroundings });
    expect(proxy.passed).toHaveLength(isAsked ? 1 : 0);
    expect(emulator.actions).toEqual(['AssumeRole']);
  });

  it.each([
    ['HTTPS_PROXY', 'https://127.0.0.1:2'],
    ['ALL_PROXY', 'https://127.0.0.1:2'],
    ['HTTP_PROXY', 'http://127.0.0.1:2'],
    ['ALL_PROXY', 'http://127.0.0.1:2'],
    ['ALL_PROXY', null],
  ])('with SOCKS in %s is refused, and no connection bypasses it: %s', async (name, url) => {
    const { get } = await setting();
    const surroundings = { [name]: 'socks5h://me:hidden@127.0.0.1:1080' };
    const config =
      url === null ? `[default]\nregion = eu-central-1\n${profiles}` : configAt({ url }, profiles);
    const error = await errorOf(get({ config }, { surroundings }));
    expect(error.exitStatus).toBe(2);
    expect(error.what).toBe(`the proxy in ${name} is a SOCKS proxy`);
    expect(shown(error)).not.toContain('hidden');
  });

  it('gets the name and password in its URL, and errors do not show them', async () => {
    const { emulator, get } = await setting();
    const proxy = await loopbackProxy();
    const withPassword = (url: string) => url.replace('http://', 'http://me:hid%20den@');
    await get(
      { config: configAt(emulator, profiles) },
      { surroundings: { HTTP_PROXY: withPassword(proxy.url) } },
    );
    expect(proxy.signIns).toEqual([`Basic ${Buffer.from('me:hid den').toString('base64')}`]);
    const nobody = { HTTP_PROXY: withPassword('http://127.0.0.1:1') };
    const error = await errorOf(
      get({ config: configAt({ url: 'http://127.0.0.1:2' }, profiles) }, { surroundings: nobody }),
    );
    expect(error.what).toBe('cannot reach 127.0.0.1:2 through HTTP_PROXY');
    expect(shown(error)).not.toContain('hid');
  });

  it('that refuses is named in the error: exit 9', async () => {
    const { get } = await setting();
    const proxy = await loopbackServer((_, response) => json(response, 407, {}));
    const error = await errorOf(
      get(
        { config: configAt({ url: 'http://127.0.0.1:2' }, profiles) },
        { surroundings: { HTTP_PROXY: proxy.url } },
      ),
    );
    expect(error.exitStatus).toBe(9);
    expect(shown(error)).toMatch(/through HTTP_PROXY\n.*407/);
  });

  it('shows no request in the debugging output of its library', async () => {
    const { emulator, get } = await setting();
    const proxy = await loopbackProxy();
    const written: string[] = [];
    const { write } = process.stderr;
    process.stderr.write = ((text: string) => written.push(String(text)) > 0) as typeof write;
    process.env.DEBUG = '*';
    try {
      await get({ config: configAt(emulator, profiles) }, { surroundings: { HTTP_PROXY: proxy.url } });
    } finally {
      process.stderr.write = write;
      delete process.env.DEBUG;
    }
    expect(written.join('')).toBe('');
  });
});

describe('certificate authorities', () => {
  it.each([
    ['AWS_CA_BUNDLE', (bundle: string) => ({ surroundings: { AWS_CA_BUNDLE: bundle } }), () => ''],
    ['ca_bundle', () => ({}), (bundle: string) => `ca_bundle = ${bundle}\n`],
  ])('%s', async (_, run, key) => {
    const { get, bundle, secureUrl } = await setting();
    const config = configAt(
      { url: secureUrl },
      profiles.replace('source_profile', `${key(bundle)}source_profile`),
    );
    expect(await get({ config }, run(bundle))).toMatchObject({ accountId: '444455556666' });
  });

  it.each([
    ['is not there', '/nonexistent.pem', 'does not exist'],
    ['holds no certificate', '/dev/null', 'no certificate'],
  ])('a bundle that %s: exit 2', async (_, path, word) => {
    const { get, secureUrl } = await setting();
    const error = await errorOf(
      get({ config: configAt({ url: secureUrl }, profiles) }, { surroundings: { AWS_CA_BUNDLE: path } }),
    );
    expect(error.exitStatus).toBe(2);
    expect(shown(error)).toContain(word);
  });
});

it('the portal of IAM Identity Center is also reached through the proxy', async () => {
  const home = temporaryHome();
  const proxy = await loopbackProxy();
  const portal = await loopbackServer((_, response) =>
    json(response, 200, {
      roleCredentials: {
        accessKeyId: 'ASIASSO0000000000000',
        secretAccessKey: 's',
        sessionToken: 't',
        expiration: Date.now() + 3600_000,
      },
    }),
  );
  const token = { accessToken: 'bearer', expiresAt: new Date(Date.now() + 3600_000).toISOString() };
  home.write('.aws/sso/cache/34c6fceca75e456f25e7e99531e2425c6c1de443.json', JSON.stringify(token));
  const config = `[profile dev]\nsso_session = dev\nsso_account_id = 444455556666\nsso_role_name = Dev\nendpoint_url = ${portal.url}
[sso-session dev]\nsso_region = eu-west-1\nsso_start_url = https://x.awsapps.com/start`;
  await machine({}).get({ config }, { surroundings: { HOME: home.path, HTTP_PROXY: proxy.url } });
  expect(proxy.passed).toHaveLength(1);
});
