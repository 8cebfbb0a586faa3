import { describe, expect, it } from 'vitest';
import { bypassesProxy, proxyFor, proxyTo } from '../../src/sessions/proxy.ts';
import { AwshError } from '../../src/system/index.ts';

const host = 'sts.eu-west-1.amazonaws.com';

/** Each row: NO_PROXY, a host and port, and whether the call bypasses the proxy. */
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

  it('the lower-case name takes precedence', () => {
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

  it('the lower-case name takes precedence, and is the one named in errors', () => {
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

describe('ALL_PROXY', () => {
  it.each([
    ['https:', { ALL_PROXY: 'http://all' }, 'ALL_PROXY', 'all'],
    ['http:', { ALL_PROXY: 'http://all' }, 'ALL_PROXY', 'all'],
    ['https:', { ALL_PROXY: 'http://all', all_proxy: 'http://lower' }, 'all_proxy', 'lower'],
    ['https:', { all_proxy: 'http://lower', HTTPS_PROXY: 'http://own' }, 'HTTPS_PROXY', 'own'],
    ['http:', { ALL_PROXY: 'http://all', HTTPS_PROXY: 'http://own' }, 'ALL_PROXY', 'all'],
    ['https:', { ALL_PROXY: 'http://all', HTTPS_PROXY: '' }, 'ALL_PROXY', 'all'],
    ['https:', { ALL_PROXY: 'socks5://all', HTTPS_PROXY: 'http://own' }, 'HTTPS_PROXY', 'own'],
  ])('for %s with %j is %s', (protocol, surroundings, from, hostname) => {
    expect(proxyFor(protocol, surroundings)).toMatchObject({ from, url: { hostname } });
  });

  it.each(['socks4://p', 'socks4a://p', 'socks5://p', 'socks5h://p', 'SOCKS5H://p', 'socks://p'])(
    '%s is refused in three lines: what, why, what to do',
    (value) => {
      const error = failureOf(() => proxyFor('https:', { ALL_PROXY: value }));
      expect(error).toMatchObject({
        failure: 'usage',
        what: 'the proxy in ALL_PROXY is a SOCKS proxy',
        next: 'unset ALL_PROXY',
      });
      expect(error.why).toMatch(/http:\/\/ and https:\/\/ proxies work here.*set HTTPS_PROXY/);
    },
  );

  it('is refused with every variable that must be unset', () => {
    const surroundings = { all_proxy: 'socks5://p', ALL_PROXY: 'socks5://q', HTTP_PROXY: 'http://r' };
    const error = failureOf(() => proxyFor('https:', surroundings));
    expect(error.next).toBe('unset all_proxy ALL_PROXY');
  });

  it.each([
    ['', 'https://sts.eu-west-1.amazonaws.com', true],
    ['*', 'https://sts.eu-west-1.amazonaws.com', false],
    ['.amazonaws.com', 'https://sts.eu-west-1.amazonaws.com', false],
    ['.amazonaws.com', 'https://sts.eu-west-1.api.aws', true],
    ['127.0.0.0/8', 'http://127.0.0.1:4566', false],
  ])('if unsupported is ignored for what NO_PROXY=%s excepts: %s', (list, address, harms) => {
    const look = () => proxyTo(new URL(address), { ALL_PROXY: 'socks5://p', NO_PROXY: list });
    if (harms) expect(look).toThrow('ALL_PROXY');
    else expect(look()).toBeNull();
  });
});

function failureOf(work: () => unknown): AwshError {
  try {
    work();
  } catch (error) {
    if (error instanceof AwshError) return error;
  }
  throw new Error('no AwshError was thrown');
}
