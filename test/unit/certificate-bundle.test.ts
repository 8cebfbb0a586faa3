import { describe, expect, it } from 'vitest';
import { bundleFault } from '../../src/sessions/index.ts';
import { tells } from '../support/finding-rows.ts';
import { runHere, runInstalled } from '../support/run-awsh.ts';
import { selfSigned } from '../support/self-signed.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const { cert } = selfSigned;
const unreadable = 'has a certificate that cannot be read';
const texts: [what: string, text: string, fault: string | null][] = [
  ['one certificate', cert, null],
  ['two, with words between them', `${cert}\n# another\n${cert}`, null],
  ['one with CRLF', cert.replaceAll('\n', '\r\n'), null],
  ['none', 'hello', 'has no certificate in it'],
  ['a certificate without its end', cert.slice(0, 200), unreadable],
  ['a second one that is damaged', `${cert}\n${cert.replace('MII', 'AAA')}`, unreadable],
];

/** A home with a profile that has this bundle, at `~/ca.pem`. */
function homeWith(bundle: string, line = 'ca_bundle = ~/ca.pem\n') {
  const home = temporaryHome();
  home.write('ca.pem', bundle);
  home.write('.aws/config', `[profile dev]\nregion = eu-west-1\n${line}`);
  home.write(
    '.aws/credentials',
    '[dev]\naws_access_key_id = AKIAEXAMPLE000001234\naws_secret_access_key = X\n',
  );
  return home;
}

describe('a certificate bundle', () => {
  it.each(texts)('with %s', (_, text, fault) => {
    const home = homeWith(text);
    const found = bundleFault({ caBundle: `${home.path}/ca.pem` }, {});
    expect(found?.what ?? null).toBe(fault === null ? null : `the certificate bundle ${fault}`);
  });
});

describe('awsh explain', () => {
  it.each([
    ['that is damaged', {}, 'x', /^awsh: \S+config:3: the certificate bundle has no certificate in it\n/],
    [
      'of AWS_CA_BUNDLE that is missing',
      { AWS_CA_BUNDLE: '/no/such.pem' },
      cert,
      /^awsh: the certificate bundle in AWS_CA_BUNDLE does not exist\n/,
    ],
  ])('exits with 2 for a bundle %s, and shows the plan', async (_, more, text, message) => {
    const home = homeWith(text);
    const environment = { ...home.environment, AWSH_BACKEND: 'file', ...more };
    const plain = await runHere(['explain', 'dev'], environment);
    expect(plain).toMatchObject({ status: 2, out: expect.stringContaining('1. the access key') });
    expect(plain.err).toMatch(message);
    expect(plain.err).toMatch(/\n {2}why: .*\n {2}next: .*\n$/);
    const json = await runHere(['explain', 'dev', '--json'], environment);
    expect(json.status).toBe(2);
    expect(JSON.parse(json.out).missing).toMatchObject([{ exitStatus: 2 }]);
  });

  it('exits with 0 for a usable bundle', async () => {
    const home = homeWith(cert);
    const environment = { ...home.environment, AWSH_BACKEND: 'file' };
    expect(await runHere(['explain', 'dev'], environment)).toMatchObject({ status: 0, err: '' });
  });
});

describe('the built awsh', () => {
  it.each([
    ['export', 'tool'],
    ['exec', 'tool', '--', 'printenv', 'AWS_CA_BUNDLE'],
  ])('%s gives credentials beside a bundle that can be read', async (...words) => {
    const home = homeWith(cert);
    const program = `echo '{"Version":1,"AccessKeyId":"AKIAEXAMPLE000001234","SecretAccessKey":"X"}'`;
    home.write('tool', `#!/bin/sh\n${program}\n`, 0o755);
    const profile = `[profile tool]\ncredential_process = ${home.path}/tool\nregion = eu-west-1\nca_bundle = ~/ca.pem\n`;
    home.write('.aws/config', profile);
    const ran = await runInstalled(words, { ...home.environment, AWSH_BACKEND: 'file', AWSH_AGENT: 'off' });
    expect(ran).toMatchObject({ status: 0, err: '' });
    expect(ran.out).toContain(`${home.path}/ca.pem`);
  });
});

tells('certificate-bundle', [
  [
    'that is not there',
    () => ({ environment: { AWS_CA_BUNDLE: '/no/such.pem' } }),
    /^problem the certificate bundle in AWS_CA_BUNDLE does not exist .*\/no\/such\.pem.* unset AWS_CA_BUNDLE$/,
  ],
  [
    'that is damaged',
    (home) => ({ environment: { AWS_CA_BUNDLE: home.write('ca.pem', 'x') } }),
    /^problem the certificate bundle in AWS_CA_BUNDLE has no certificate in it .*~\/ca\.pem/,
  ],
  ['that can be used', (home) => ({ environment: { AWS_CA_BUNDLE: home.write('ca.pem', cert) } }), null],
  [
    'that awsh has set for a profile',
    (home) => ({
      environment: {
        AWS_CA_BUNDLE: '/no/such.pem',
        AWSH_LOADED: `1 dir ${process.getuid?.()} dev ${home.path}/.awsprofile`,
        AWSH_SAVED: 'now AWS_CA_BUNDLE /no/such.pem',
      },
    }),
    null,
  ],
]);
