import { createHash, generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { AwshError } from '../../src/system/index.ts';
import { script } from '../support/command-files.ts';
import { temporaryEmulator } from '../support/emulator.ts';
import { json, loopbackServer, machineKeys, type Received } from '../support/loopback-server.ts';
import { configAt, machine, shown } from '../support/session-runs.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const PATH = '/usr/bin:/bin';

async function errorOf(work: Promise<unknown>): Promise<AwshError> {
  const error = await work.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof AwshError) return error;
  throw error;
}

describe('a web identity', () => {
  async function setting(token = 'token-of-the-pod') {
    const home = temporaryHome();
    const emulator = await temporaryEmulator();
    const trust = { webIdentity: { token: 'token-of-the-pod', subject: 'pod' } };
    const { arn } = emulator.addRole({ account: '444455556666', name: 'Pod', trust });
    emulator.addRole({ account: '444455556666', name: 'Dev' });
    const file = home.write('token', `${token}\n`);
    const own = machine({});
    const get = (keys: string, changes = {}) =>
      own.get(
        { config: configAt(emulator, `[profile dev]\nrole_arn = ${arn}\n${keys}`), ...changes },
        { surroundings: { HOME: home.path, PATH } },
      );
    return { home, emulator, arn, file, own, get };
  }

  it('gives its role’s session from a token file, without a signature', async () => {
    const { get, file, emulator, arn } = await setting();
    expect(await get(`web_identity_token_file = ${file}\nrole_session_name = me`)).toMatchObject({
      accountId: '444455556666',
      arn: 'arn:aws:sts::444455556666:assumed-role/Pod/me',
    });
    expect(emulator.calls).toHaveLength(1);
    expect(emulator.calls[0]).toMatchObject({
      action: 'AssumeRoleWithWebIdentity',
      accessKeyId: null,
      params: {
        RoleArn: arn,
        RoleSessionName: 'me',
        DurationSeconds: '3600',
        WebIdentityToken: 'token-of-the-pod',
      },
    });
  });

  it('is cached, and is the source of further roles', async () => {
    const { get, file, emulator, own } = await setting();
    await get(`web_identity_token_file = ${file}`);
    await get(`web_identity_token_file = ${file}`);
    expect(emulator.actions).toEqual(['AssumeRoleWithWebIdentity']);
    expect(own.vault.sessions()).toMatchObject([
      { kind: 'AssumeRoleWithWebIdentity', accountId: '444455556666' },
    ]);
  });

  it('works with `~/`, a command, and the environment', async () => {
    const { home, get, file, emulator, arn } = await setting();
    await get('web_identity_token_file = ~/token');
    await get(`web_identity_token_process = ${script(home.path, 'token.sh', 'cat "$HOME/token"')}`);
    const environment = { AWS_ROLE_ARN: arn, AWS_WEB_IDENTITY_TOKEN_FILE: file };
    await get('', { config: configAt(emulator, '[profile dev]'), environment });
    expect(emulator.calls.map(({ ok }) => ok)).toEqual([true, true, true]);
  });

  it('accepts a policy', async () => {
    const { get, file, emulator } = await setting();
    await get(
      `web_identity_token_file = ${file}\npolicy = {"Version":"2012-10-17","Statement":[]}\npolicy_arns = arn:aws:iam::aws:policy/ReadOnlyAccess`,
    );
    expect(emulator.calls[0]?.params).toMatchObject({
      Policy: '{"Version":"2012-10-17","Statement":[]}',
      'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/ReadOnlyAccess',
    });
  });

  it.each([
    [
      'a token that AWS does not take',
      'another-token',
      'web_identity_token_file = ~/token',
      7,
      'refused the web identity token',
    ],
    ['no file', 'x', 'web_identity_token_file = ~/nothing', 4, 'there is no file'],
    ['an empty file', '', 'web_identity_token_file = ~/token', 4, 'not a token'],
    ['a command that fails', 'x', 'web_identity_token_process = /bin/false', 4, 'status 1'],
  ])('%s', async (_, token, keys, status, word) => {
    const { get } = await setting(token);
    const error = await errorOf(get(keys));
    expect(error.exitStatus).toBe(status);
    expect(shown(error)).toContain(word);
  });

  it('that may not assume the role gets the reason', async () => {
    const { get, file, emulator } = await setting();
    emulator.cloud.roles.length = 0;
    const error = await errorOf(get(`web_identity_token_file = ${file}`));
    expect(error.exitStatus).toBe(8);
    for (const word of ['role/Pod', '/home/me/.aws/config:5', 'trust policy'])
      expect(shown(error)).toContain(word);
  });
});

describe('IAM Identity Center', () => {
  const roleCredentials = {
    accessKeyId: 'ASIASSO0000000000000',
    secretAccessKey: 'sso-secret',
    sessionToken: 'sso-token',
    expiration: Date.now() + 3600_000,
  };

  /** A portal, and the cache that `aws sso login` leaves. */
  async function setting(token: object | null = {}, answer = portal()) {
    const home = temporaryHome();
    const { url, received } = await loopbackServer(answer);
    const signedIn = {
      accessToken: 'bearer',
      expiresAt: new Date(Date.now() + 3600_000).toISOString(),
      region: 'eu-west-1',
      ...token,
    };
    const name = createHash('sha1').update('corp').digest('hex');
    if (token !== null) home.write(`.aws/sso/cache/${name}.json`, JSON.stringify(signedIn));
    const config = `[profile dev]
sso_session = corp
sso_account_id = 444455556666
sso_role_name = Dev
services = local
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start#/
[services local]
sso =
  endpoint_url = ${url}`;
    const own = machine({});
    const surroundings = { HOME: home.path, PATH };
    return { home, received, own, get: () => own.get({ config }, { surroundings }) };
  }

  function portal(status = 200, body: unknown = { roleCredentials }, headers = {}) {
    return (_: Received, response: ServerResponse) => json(response, status, body, headers);
  }

  it('gives a role by the token of aws sso login', async () => {
    const { get, received, own } = await setting();
    const credentials = await get();
    expect(credentials).toMatchObject({
      accessKeyId: roleCredentials.accessKeyId,
      expiration: new Date(roleCredentials.expiration),
    });
    expect(received).toMatchObject([
      {
        method: 'GET',
        url: '/federation/credentials?role_name=Dev&account_id=444455556666',
        headers: { 'x-amz-sso_bearer_token': 'bearer' },
      },
    ]);
    expect(received[0]?.headers.authorization).toBeUndefined();
    expect(await get()).toEqual(credentials);
    expect(received).toHaveLength(1);
    expect(own.vault.sessions()).toMatchObject([{ kind: 'GetRoleCredentials', profile: 'dev' }]);
  });

  it('is retried while it is busy', async () => {
    let calls = 0;
    const { get } = await setting({}, (_, response) =>
      json(response, ++calls < 3 ? 429 : 200, { roleCredentials }),
    );
    expect(await get()).toMatchObject({ accessKeyId: roleCredentials.accessKeyId });
  });

  const expired = { 'x-amzn-ErrorType': 'UnauthorizedException:http://internal.amazon.com/' };
  it.each([
    ['no sign-in', null, portal(), 6, ['awsh sso login corp', 'you are not signed in']],
    [
      'a sign-in that has ended',
      { expiresAt: '2020-01-01T00:00:00Z' },
      portal(),
      6,
      ['awsh sso login corp', 'has ended'],
    ],
    ['an old file’s time', { expiresAt: '2020-01-01T00:00:00UTC' }, portal(), 6, ['has ended']],
    [
      'a token that was revoked',
      {},
      portal(401, { message: 'Session token not found' }, expired),
      6,
      ['awsh sso login corp'],
    ],
    [
      'a role that is not hers',
      {},
      portal(403, { message: 'No access' }, { 'x-amzn-ErrorType': 'ForbiddenException' }),
      8,
      ['role Dev', '444455556666', 'No access'],
    ],
    ['a page of some hotel', {}, portal(200, 'welcome'), 9, ['no usable credentials']],
    ['a broken portal', {}, portal(500, {}), 9, ['500']],
  ] as const)('%s', async (_, token, answer, status, words) => {
    const { get } = await setting(token, answer);
    const error = await errorOf(get());
    for (const word of words) expect(shown(error)).toContain(word);
    expect(error.exitStatus).toBe(status);
  });
});

describe('the machine as a source', () => {
  const role = 'role_arn = arn:aws:iam::444455556666:role/Dev';

  it('as a container: with the address and the token in the environment', async () => {
    const server = await loopbackServer((_, response) => json(response, 200, machineKeys()));
    const surroundings = {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${server.url}/v2/keys`,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'Basic x',
    };
    const own = machine({});
    const config = '[profile dev]\ncredential_source = EcsContainer';
    expect(await own.get({ config, environment: surroundings }, { surroundings })).toMatchObject({
      accessKeyId: 'ASIAMACHINE000000000',
    });
    expect(server.received).toMatchObject([{ url: '/v2/keys', headers: { authorization: 'Basic x' } }]);
    expect(own.vault.sessions()).toEqual([]);
  });

  /** Version 2 of the instance metadata service: nothing without its token. */
  function metadata({ method, url, headers }: Received, response: ServerResponse): void {
    const folder = '/latest/meta-data/iam/security-credentials/';
    if (method === 'PUT' && url === '/latest/api/token') response.end('token-of-the-machine');
    else if (headers['x-aws-ec2-metadata-token'] !== 'token-of-the-machine') json(response, 401, {});
    else if (url === folder) response.end('machine-role\n');
    else json(response, url === `${folder}machine-role` ? 200 : 404, machineKeys());
  }

  it('as an instance: only by version 2 of its metadata service', async () => {
    const server = await loopbackServer(metadata);
    const environment = { AWS_EC2_METADATA_SERVICE_ENDPOINT: `${server.url}/` };
    const config = '[profile dev]\ncredential_source = Ec2InstanceMetadata';
    expect(await machine({}).get({ config, environment })).toMatchObject({
      accessKeyId: 'ASIAMACHINE000000000',
    });
    expect(server.received.map(({ method }) => method)).toEqual(['PUT', 'GET', 'GET']);
  });

  it.each([
    [
      'one without a role',
      (request: Received, response: ServerResponse) =>
        request.method === 'PUT' ? response.end('t') : json(response, 404, {}),
      4,
      'HTTP 404',
    ],
    ['one that says nothing', () => {}, 9, 'no answer in time'],
  ])('%s', async (_, answer, status, word) => {
    const server = await loopbackServer(answer);
    const environment = { AWS_EC2_METADATA_SERVICE_ENDPOINT: server.url };
    const error = await errorOf(
      machine({}).get({
        config: `[profile dev]\n${role}\ncredential_source = Ec2InstanceMetadata`,
        environment,
      }),
    );
    expect(error.exitStatus).toBe(status);
    expect(shown(error)).toContain(word);
  });

  it('uses no proxy', async () => {
    const server = await loopbackServer((_, response) => json(response, 200, machineKeys()));
    const proxies = { HTTP_PROXY: 'http://127.0.0.1:1', HTTPS_PROXY: 'http://127.0.0.1:1' };
    const surroundings = { ...proxies, AWS_CONTAINER_CREDENTIALS_FULL_URI: `${server.url}/` };
    const config = '[profile dev]\ncredential_source = EcsContainer';
    expect(await machine({}).get({ config, environment: surroundings }, { surroundings })).toBeDefined();
  });

  it('as the environment: with its keys', async () => {
    const emulator = await temporaryEmulator();
    const jane = emulator.addUser({ account: '111122223333', name: 'jane' });
    emulator.addRole({ account: '444455556666', name: 'Dev' });
    const surroundings = { AWS_ACCESS_KEY_ID: jane.accessKeyId, AWS_SECRET_ACCESS_KEY: jane.secretAccessKey };
    const config = configAt(emulator, `[profile dev]\n${role}\ncredential_source = Environment`);
    expect(await machine({}).get({ config, environment: surroundings }, { surroundings })).toMatchObject({
      accountId: '444455556666',
    });
    const error = await errorOf(machine({}).get({ config, environment: surroundings }));
    expect(error.exitStatus).toBe(4);
  });
});

describe('aws login', () => {
  const session = 'arn:aws:iam::444455556666:user/jane';
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

  const renewed = { accessKeyId: 'ASIARENEWED000000000', secretAccessKey: 'new', sessionToken: 'newtoken' };

  async function setting(
    minutes: number | null,
    status = 200,
    answer: (response: ServerResponse) => void = (response) =>
      json(
        response,
        status,
        status === 200
          ? {
              accessToken: renewed,
              tokenType: 'urn:aws:params:oauth:token-type:access_token_sigv4',
              expiresIn: 900,
              refreshToken: 'next',
            }
          : { error: 'TOKEN_EXPIRED' },
        status === 200 ? {} : { 'x-amzn-ErrorType': 'AccessDeniedException' },
      ),
  ) {
    const home = temporaryHome();
    const { url, received } = await loopbackServer((_, response) => answer(response));
    const config = `[profile dev]\nregion = eu-west-1\nlogin_session = ${session}\nservices = local\n[services local]\nsignin =\n  endpoint_url = ${url}\n`;
    const configPath = home.write('.aws/config', config);
    const name = createHash('sha256').update(session).digest('hex');
    const accessToken = {
      accessKeyId: 'ASIALOGIN00000000000',
      secretAccessKey: 'CANARY',
      sessionToken: 'logintoken',
      accountId: '444455556666',
      expiresAt: new Date(Date.now() + (minutes ?? 0) * 60_000).toISOString(),
    };
    const dpopKey = privateKey.export({ format: 'pem', type: 'sec1' });
    const cache = {
      accessToken,
      tokenType: 'x',
      clientId: 'arn:aws:signin:::devtools/same-device',
      refreshToken: 'first',
      dpopKey,
    };
    const file = minutes === null ? null : home.write(`.aws/login/cache/${name}.json`, JSON.stringify(cache));
    const { awsFiles } = await import('../support/plans.ts');
    const files = { ...awsFiles(config), configPath, credentialsPath: `${home.path}/.aws/credentials` };
    const own = machine({});
    const connection = { timeoutMs: 500 };
    const get = () => own.get({ config, files }, { surroundings: { HOME: home.path, PATH }, connection });
    return { get, received, file, own };
  }

  it('gives the cached credentials', async () => {
    const { get, received, own } = await setting(14);
    expect(await get()).toMatchObject({ accessKeyId: 'ASIALOGIN00000000000' });
    expect(received).toEqual([]);
    expect(own.vault.sessions()).toEqual([]);
  });

  it('is renewed in its cache before it ends', async () => {
    const { get, received } = await setting(2);
    expect(await get()).toMatchObject({ accessKeyId: 'ASIARENEWED000000000' });
    expect(received).toMatchObject([{ method: 'POST', url: '/v1/token' }]);
    expect(received[0]?.headers.dpop).toMatch(/^eyJ/);
    expect(await get()).toMatchObject({ accessKeyId: 'ASIARENEWED000000000' });
    expect(received).toHaveLength(1);
  });

  it.each<[string, (response: ServerResponse) => void, string]>([
    ['nothing', () => {}, 'no answer in time'],
    ['a byte now and then', (response) => drip(response), 'no answer in time'],
    ['an endless answer', (response) => new Endless().pipe(response), 'far too long'],
    ['a page of a proxy', (response) => response.writeHead(502).end('<html>'), 'HTTP 502'],
    ['a redirect', (response) => response.writeHead(302, { Location: '/' }).end(), 'HTTP 302'],
    ['a page where AWS answers in JSON', (response) => response.end('<html>'), 'HTTP 200'],
    ['no more connection', (response) => response.destroy(), 'broke off'],
  ])('is not renewed by a service that sends %s: exit 9', async (_, answer, why) => {
    const { get, received } = await setting(-5, 200, answer);
    const error = await errorOf(get());
    // On a busy machine, the time limit may be reached first.
    const whys = [expect.stringContaining(why), 'no answer in time'];
    expect([error.exitStatus, error.why]).toEqual([9, expect.toBeOneOf(whys)]);
    // On a busy machine, the time limit may be reached before the call.
    expect(received.length).toBeLessThan(2);
    expect(shown(error)).not.toContain('CANARY');
  });

  it.each([
    ['nobody signed in', null, 200],
    ['a sign-in that has ended', -5, 400],
  ])('%s: exit 6, with the command', async (_, minutes, status) => {
    const { get } = await setting(minutes, status);
    const error = await errorOf(get());
    expect(error.exitStatus).toBe(6);
    expect(error.next).toBe('awsh sso login dev');
    expect(shown(error)).not.toContain('CANARY');
  });
});

function drip(response: ServerResponse): void {
  const timer = setInterval(() => response.write(' '), 50);
  response.once('close', () => clearInterval(timer));
}

class Endless extends Readable {
  override _read(): void {
    this.push(Buffer.alloc(65_536, ' '));
  }
}
