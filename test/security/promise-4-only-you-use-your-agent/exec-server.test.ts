import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Grant, startContainerServer } from '../../../src/serving/index.ts';
import { Secret, systemClock } from '../../../src/system/index.ts';
import { packageFolder, runInstalled } from '../../support/run-awsh.ts';
import { sandboxEnvironment } from '../../support/sandbox-shell.ts';
import { shortLivedSandbox } from '../../support/served-command.ts';

const token = 'a'.repeat(64);
const secret = 'the-secret-access-key';

const keys = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: new Secret(secret),
  sessionToken: new Secret('the-session-token'),
  expiration: new Date('2030-01-01T00:00:00Z'),
  accountId: '111122223333',
  arn: null,
};

async function served(changes: Partial<Grant> = {}): Promise<number> {
  const { server, port } = await startContainerServer({
    token: new Secret(token),
    holds: () => true,
    clock: systemClock,
    credentials: async () => keys,
    roleCredentials: async () => keys,
    ...changes,
  });
  onTestFinished(() => void server.close());
  return port;
}

interface Asked {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
}

async function ask(port: number, { method = 'GET', path = '/credentials', headers = {} }: Asked) {
  const sent = request({
    host: '127.0.0.1',
    port,
    method,
    path,
    headers: { Authorization: token, ...headers },
  });
  sent.end();
  const [response] = await once(sent, 'response');
  let body = '';
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode as number, headers: response.headers, body };
}

it('the server gives the command its keys', async () => {
  const { status, headers, body } = await ask(await served(), {});
  expect(status).toBe(200);
  expect(headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
  expect(JSON.parse(body)).toEqual({
    AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    SecretAccessKey: secret,
    Token: 'the-session-token',
    Expiration: '2030-01-01T00:00:00Z',
    AccountId: '111122223333',
  });
});

const rolePath = '/role-arn/arn:aws:iam::111122223333:role/admin';

it.each([rolePath, `/credentials${rolePath}`])(
  'gives the keys of a role at %s, also through a proxy',
  async (path) => {
    const asked: string[] = [];
    const roleCredentials: Grant['roleCredentials'] = async (arn) => {
      asked.push(arn);
      return { ...keys, accessKeyId: 'ASIAROLE' };
    };
    const port = await served({ roleCredentials });
    for (const headers of [{}, { Host: '169.254.170.2' }] as Record<string, string>[]) {
      const { status, body } = await ask(port, { path, headers });
      expect({ status, id: JSON.parse(body).AccessKeyId }).toEqual({ status: 200, id: 'ASIAROLE' });
    }
    expect(asked).toEqual(Array(2).fill('arn:aws:iam::111122223333:role/admin'));
  },
);

it.each<[string, number, Asked]>([
  ['another token', 403, { headers: { Authorization: 'b'.repeat(64) } }],
  ['half a token', 403, { headers: { Authorization: token.slice(0, 32) } }],
  ['a token and more', 403, { headers: { Authorization: `${token}a` } }],
  ['the token as a bearer', 403, { headers: { Authorization: `Bearer ${token}` } }],
  ['an empty token', 403, { headers: { Authorization: '' } }],
  ['a name for a Host, as a rebound page has', 403, { headers: { Host: 'evil.example' } }],
  ['localhost for a Host', 403, { headers: { Host: 'localhost' } }],
  ['a Host without the port', 403, { headers: { Host: '127.0.0.1' } }],
  ['an Origin', 403, { headers: { Origin: 'http://127.0.0.1' } }],
  ['an Origin of null', 403, { headers: { Origin: 'null' } }],
  ['Sec-Fetch-Site', 403, { headers: { 'Sec-Fetch-Site': 'none' } }],
  ['Sec-Fetch-Mode', 403, { headers: { 'Sec-Fetch-Mode': 'no-cors' } }],
  ['POST', 405, { method: 'POST' }],
  ['PUT', 405, { method: 'PUT' }],
  ['OPTIONS', 405, { method: 'OPTIONS' }],
  ['HEAD', 405, { method: 'HEAD' }],
  ['the root', 404, { path: '/' }],
  ['a path with more', 404, { path: '/credentials/x' }],
  ['a role without a name', 404, { path: '/role-arn/' }],
  ['a role with a query', 404, { path: '/role-arn/arn:aws:iam::111122223333:role/admin?x' }],
  ['a role below another path', 404, { path: '/x/role-arn/arn:aws:iam::111122223333:role/admin' }],
  ['a role for another token', 403, { path: rolePath, headers: { Authorization: 'b' } }],
  ['a role for a browser', 403, { path: rolePath, headers: { Origin: 'null', Host: '169.254.170.2' } }],
  ['a Host like the one of containers', 403, { headers: { Host: '169.254.170.2.evil.example' } }],
  ['a query', 404, { path: '/credentials?token=x' }],
  ['a whole address', 404, { path: 'http://127.0.0.1/credentials' }],
])('the server refuses %s', async (_, status, asked) => {
  const answer = await ask(await served(), asked);
  expect(answer.status).toBe(status);
  expect(answer.body).not.toContain(secret);
  expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
});

it('the server gives nothing when the grant is over, even if it ends while AWS is asked', async () => {
  expect(await ask(await served({ holds: () => false }), {})).toMatchObject({ status: 403 });
  const looks = [true, false];
  const answer = await ask(await served({ holds: () => looks.shift() ?? false }), {});
  expect(answer).toMatchObject({ status: 403, body: expect.not.stringContaining(secret) });
});

it('the server answers an unexpected error without its text', async () => {
  const credentials = async () => {
    throw new Error(secret);
  };
  const answer = await ask(await served({ credentials }), {});
  expect(answer).toMatchObject({ status: 500, body: expect.not.stringContaining(secret) });
});

describe('a real exec --server', () => {
  const until = async (holds: () => boolean | Promise<boolean>) => {
    for (let tries = 0; tries < 200 && !(await holds()); tries += 1) await sleep(50);
    expect(await holds()).toBe(true);
  };

  async function started() {
    const sandbox = await shortLivedSandbox(3600);
    const environment: Record<string, string> = { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off' };
    const print =
      'echo "$AWS_CONTAINER_CREDENTIALS_FULL_URI $AWS_CONTAINER_AUTHORIZATION_TOKEN"; exec sleep 60';
    const words = ['exec', '--server', 'dev', '--', 'sh', '-c', print];
    const command = spawn(join(packageFolder, 'bin/awsh'), words, {
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void command.kill('SIGKILL'));
    const [line] = await once(command.stdout, 'data');
    const [uri = '', granted = ''] = String(line).trim().split(' ');
    const port = Number(new URL(uri).port);
    const get = () =>
      ask(port, { headers: { Authorization: granted } }).then(
        ({ status }) => status,
        () => 0,
      );
    return { environment, command, granted, get };
  }

  it('gives keys to its command, and nothing from the moment it has ended', async () => {
    const { command, get } = await started();
    expect(await get()).toBe(200);
    command.kill('SIGKILL');
    await once(command, 'exit');
    expect([403, 0]).toContain(await get());
    await until(async () => (await get()) === 0);
  });

  it('gives nothing from the moment of awsh lock, and does not come back with unlock', async () => {
    const { environment, get } = await started();
    expect(await get()).toBe(200);
    await runInstalled(['lock'], environment);
    expect([403, 0]).toContain(await get());
    await runInstalled(['unlock'], environment);
    for (let times = 0; times < 20; times += 1) {
      expect([403, 0]).toContain(await get());
      await sleep(100);
    }
    expect(await get()).toBe(403);
  });

  it.skipIf(process.platform !== 'linux')('has its token in no command line', async () => {
    const { granted, get } = await started();
    const lines = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((name) => {
        try {
          return readFileSync(`/proc/${name}/cmdline`, 'utf8');
        } catch {
          return '';
        }
      });
    expect(lines.filter((line) => line.includes(granted))).toEqual([]);
    expect(await get()).toBe(200);
  });
});
