import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Sandbox } from '../../src/demo/index.ts';
import type { CanaryWalk } from './canary-walk.ts';
import { json, loopbackServer } from './loopback-server.ts';
import type { TemporaryHome } from './temporary-home.ts';

/**
 * The files that must contain a secret of a sign-in: the page that a browser reads, and the AWS
 * CLI's cache.
 */
export const placesOfSignIns =
  /\/sign-in-[0-9a-f]{32}\/awsh\.html holds |\/\.aws\/sso\/cache\/[0-9a-f]{40}\.json holds /;

/** The console, with a browser that reads its page. */
export async function signInToConsole(walk: CanaryWalk, outside: TemporaryHome): Promise<void> {
  const page = join(outside.path, 'page');
  const browser = `#!/bin/sh\nfor word; do :; done\ncat "\${word#file://}" >${page}.part && mv ${page}.part ${page}\n`;
  outside.write('bin/firefox', browser, 0o755);
  const PATH = `${join(outside.path, 'bin')}:${outside.environment.PATH}`;
  await walk.run(0, 'login dev --browser firefox', { environment: { PATH } });
  await expect.poll(() => existsSync(page), { timeout: 60_000 }).toBe(true);
  const token = /SigninToken=([^"&]+)/.exec(readFileSync(page, 'utf8'))?.[1] ?? '';
  expect(token).not.toBe('');
  walk.canaries.add('the sign-in token', decodeURIComponent(token));
}

/**
 * A role of Identity Center with a token from the AWS CLI, and a portal that first answers
 * correctly and then in odd ways.
 */
export async function useIdentityCenter(walk: CanaryWalk, { home }: Sandbox): Promise<void> {
  const start = 'https://example.awsapps.com/start';
  const token = 'CANARY-of-an-access-token';
  const renewal = { refreshToken: 'CANARY-of-a-refresh-token', clientSecret: 'CANARY-of-a-client-secret' };
  const renewed = {
    accessToken: 'CANARY-of-a-renewed-token',
    refreshToken: 'CANARY-of-the-next-refresh-token',
  };
  const keys = {
    accessKeyId: 'ASIASSO0000000000000',
    secretAccessKey: 'CANARYofASecretFromAPortal0123456789abcd',
    sessionToken: 'CANARY-of-a-session-token-from-a-portal',
  };
  let reply: object = { roleCredentials: { ...keys, expiration: Date.now() + 3_600_000 } };
  let isOver = false;
  const renew = (response: ServerResponse) =>
    isOver
      ? json(response, 400, { error: 'invalid_grant', error_description: `no ${renewed.refreshToken}` })
      : json(response, 200, { ...renewed, expiresIn: 1 });
  const portal = await loopbackServer(({ url }, response) =>
    url === '/token' ? renew(response) : json(response, 200, reply),
  );
  const cache = join(home, '.aws/sso/cache');
  mkdirSync(cache, { recursive: true });
  const name = `${createHash('sha1').update(start).digest('hex')}.json`;
  const file = { accessToken: token, expiresAt: '2020-01-01T00:00:00Z', clientId: 'client', ...renewal };
  writeFileSync(join(cache, name), JSON.stringify(file), { mode: 0o600 });
  const lines = [
    'sso_region = eu-west-1',
    `sso_start_url = ${start}`,
    'sso_account_id = 444455556666',
    'sso_role_name = Dev',
  ];
  appendFileSync(
    join(home, '.aws/config'),
    `\n[profile corp]\n${lines.join('\n')}\nregion = eu-west-1\nendpoint_url = ${portal.url}\n`,
  );
  walk.canaries.add('the access token', token);
  walk.canaries.add('the refresh token', renewal.refreshToken);
  walk.canaries.add('the client secret', renewal.clientSecret);
  walk.canaries.add('the renewed access token', renewed.accessToken);
  walk.canaries.add('the next refresh token', renewed.refreshToken);
  walk.canaries.add('the secret of session corp', keys.secretAccessKey);
  walk.canaries.add('the token of session corp', keys.sessionToken);
  expect(await walk.run(0, 'export corp', { prints: true })).toContain('ASIASSO');
  await walk.run(0, 'exec corp -- true');
  await walk.run(0, 'explain corp');
  reply = {
    roleCredentials: { ...keys, sessionToken: `${keys.sessionToken}\u001b[31m`, expiration: 'CANARY' },
  };
  await walk.run(0, 'remove corp --sessions-only --force');
  await walk.run(9, 'export corp');
  isOver = true;
  await expect.poll(() => Date.now() > endOf(join(cache, name))).toBe(true);
  await walk.run(6, 'export corp');
}

/** Epoch milliseconds. */
function endOf(file: string): number {
  return Date.parse(JSON.parse(readFileSync(file, 'utf8')).expiresAt);
}
