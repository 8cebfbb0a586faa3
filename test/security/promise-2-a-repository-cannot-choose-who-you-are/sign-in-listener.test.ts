import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listenForCallback } from '../../../src/sign-in/callback-listener.ts';
import { Secret } from '../../../src/system/index.ts';

const state = 'c3RhdGUtb2YtdGhpcy1z';

async function listening() {
  const listener = await listenForCallback(new Secret(state));
  onTestFinished(() => listener.close());
  const { port, pathname } = new URL(listener.redirectUri);
  let arrived: unknown = null;
  void listener.arrived.then((callback) => {
    arrived = callback;
  });
  const send = (path: string, { method = 'GET', ...headers }: Record<string, string> = {}) =>
    new Promise<number>((resolve, reject) => {
      const outgoing = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      outgoing.on('error', reject);
      outgoing.end();
    });
  return { listener, port, pathname, send, arrived: () => arrived };
}

const good = `code=abc&state=${state}`;

describe('the address to which the browser returns', () => {
  it.each([
    ['no state', '/oauth/callback?code=abc', {}],
    ['another state', '/oauth/callback?code=abc&state=other', {}],
    ['a state of the same length', `/oauth/callback?code=abc&state=${state.replace('c', 'd')}`, {}],
    ['an error without the state', '/oauth/callback?error=access_denied', {}],
    ['another path', `/favicon.ico?${good}`, {}],
    ['a path below', `/oauth/callback/x?${good}`, {}],
    ['POST', `/oauth/callback?${good}`, { method: 'POST' }],
    ['another host', `/oauth/callback?${good}`, { host: 'evil.example' }],
    ['a name for this machine', `/oauth/callback?${good}`, { host: 'localhost' }],
    ['a script of a page', `/oauth/callback?${good}`, { origin: 'https://evil.example' }],
    ['no code', `/oauth/callback?state=${state}`, {}],
    ['a code with a line end', `/oauth/callback?code=a%0ab&state=${state}`, {}],
  ])('ignores %s, and accepts the right request after it', async (_, path, headers) => {
    const { listener, send, arrived } = await listening();
    expect(await send(path, headers)).toBe(400);
    expect(arrived()).toBeNull();
    expect(await send(`/oauth/callback?${good}`)).toBe(200);
    expect(await listener.arrived).toMatchObject({ code: expect.any(Secret) });
    // The listener answers it once.
    expect(await send(`/oauth/callback?${good}`)).toBe(400);
  });

  it('is only on 127.0.0.1', async ({ skip }) => {
    if (process.platform !== 'linux') skip('only Linux has /proc/net');
    const { port } = await listening();
    const hex = Number(port).toString(16).toUpperCase().padStart(4, '0');
    const addresses = ['tcp', 'tcp6'].flatMap((file) =>
      readFileSync(`/proc/net/${file}`, 'utf8')
        .split('\n')
        .map((line) => line.trim().split(/\s+/))
        .filter(([, local, , status]) => local?.endsWith(`:${hex}`) && status === '0A')
        .map(([, local]) => local),
    );
    expect(addresses).toEqual([`0100007F:${hex}`]);
  });

  it('ends with an error only if the page itself reports one', async () => {
    const { listener, send } = await listening();
    await send(`/oauth/callback?error=access_denied&state=${state}`);
    expect(await listener.arrived).toEqual({ error: 'access_denied' });
  });

  it.each([
    `http://127.0.0.1:1/oauth/callback?${good}`,
    `http://evil.example/oauth/callback?${good}`,
    'http://127.0.0.1',
    'not an address',
  ])('does not accept a pasted %s', async (address) => {
    const { listener, arrived } = await listening();
    expect(listener.take(address)).toBe(false);
    expect(arrived()).toBeNull();
    expect(listener.take(`${listener.redirectUri}?${good}`)).toBe(true);
  });
});
