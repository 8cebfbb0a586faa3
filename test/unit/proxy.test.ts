import { describe, expect, it } from 'vitest';
import { bypassesProxy, proxyFor } from '../../src/sessions/proxy.ts';

const host = 'sts.eu-west-1.amazonaws.com';

/** Each row: NO_PROXY, a host and port, and whether the proxy is passed by. */
const exceptions: [list: string, host: string, port: number, passes: boolean][] = [
  ['', host, 443, false],
  ['*', host, 443, true],
  ['amazonaws.com', host, 443, true],
  ['.amazonaws.com', host, 443, true],
  ['*.amazonaws.com', host, 443, true],
  ['AMAZONAWS.com', host, 443, true],
  ['zonaws.com', host, 443, false],
  ['localhost, .amazonaws.com', host, 443, true],
  ['localhost 127.0.0.1', '127.0.0.1', 80, true],
  ['127.0.0.1:8080', '127.0.0.1', 80, false],
  ['127.0.0.1:8080', '127.0.0.1', 8080, true],
  ['127.0.0.0/8', '127.9.9.9', 80, true],
  ['10.0.0.0/8', '127.9.9.9', 80, false],
  ['10.0.0.0/8', host, 443, false],
  ['0.0.1', '127.0.0.1', 80, false],
  ['::1', '[::1]', 80, true],
  ['[::1]:81', '::1', 80, false],
  ['fd00::/8', 'fd12::1', 443, true],
  ['10.0.0.0/99', '10.0.0.1', 443, false],
];

describe('NO_PROXY', () => {
  it.each(exceptions)('%j for %s:%i', (list, name, port, passes) => {
    expect(bypassesProxy(name, port, { NO_PROXY: list })).toBe(passes);
  });

  it('the lower-case name wins', () => {
    expect(bypassesProxy(host, 443, { NO_PROXY: '*', no_proxy: 'localhost' })).toBe(false);
  });
});

describe('HTTPS_PROXY', () => {
  it.each([
    ['http://proxy:3128', 'http://proxy:3128/'],
    ['proxy:3128', 'http://proxy:3128/'],
    ['https://me:word@proxy', 'https://me:word@proxy/'],
  ])('%s', (value, url) => {
    expect(proxyFor('https:', { HTTPS_PROXY: value })?.url.href).toBe(url);
    expect(proxyFor('http:', { HTTPS_PROXY: value })).toBeNull();
  });

  it('the lower-case name wins, and is the one that is named', () => {
    const proxy = proxyFor('https:', { HTTPS_PROXY: 'http://one', https_proxy: 'http://two' });
    expect(proxy).toMatchObject({ from: 'https_proxy', url: { hostname: 'two' } });
  });

  it.each(['socks5://me:hidden@proxy', 'http://', 'http://me:hidden@:::'])(
    '%s is refused, unseen',
    (value) => {
      expect(() => proxyFor('https:', { HTTPS_PROXY: value })).toThrow(/^(?!.*hidden).*HTTPS_PROXY/);
    },
  );
});
