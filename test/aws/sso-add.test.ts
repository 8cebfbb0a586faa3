import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { listening } from '../support/loopback-server.ts';
import { runHere } from '../support/run-awsh.ts';
import { selfSigned } from '../support/self-signed.ts';
import { signInHome } from '../support/sign-in-terminal.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const before = '# mine\n[default]\nregion = eu-west-1   # home\n';
const aws = 'https://corp.awsapps.com/start';

/** A home with a config file, and `awsh sso add` in it. */
function addHome() {
  const home = temporaryHome();
  const config = home.write('.aws/config', before);
  const ca = home.write('ca.pem', selfSigned.cert);
  const add = (words: readonly string[], environment = {}) =>
    runHere(['sso', 'add', ...words], { ...home.environment, ...environment });
  const addUrl = (url: string, environment = { AWS_CA_BUNDLE: ca }) =>
    add(['corp', '--start-url', url, '--sso-region', 'eu-west-1'], environment);
  return { add, addUrl, text: () => readFileSync(config, 'utf8') };
}

/** An https server that answers each method with a status and an optional Location. */
async function redirecting(answers: Readonly<Record<string, readonly [number, string?]>>): Promise<string> {
  const server = createServer(selfSigned, ({ method = '' }, response) => {
    const [status, location] = answers[method] ?? [500];
    response.writeHead(status, location === undefined ? {} : { location });
    response.end();
  });
  return `https://127.0.0.1:${await listening(server)}/start`;
}

describe('awsh sso add', () => {
  it('adds the section with its scopes, once, and names the next command', async () => {
    const home = addHome();
    const first = await home.addUrl(aws);
    expect(first).toMatchObject({ status: 0, err: expect.stringContaining('awsh sso login corp') });
    expect(home.text()).toBe(
      `${before}\n[sso-session corp]\nsso_start_url = ${aws}\nsso_region = eu-west-1\nsso_registration_scopes = sso:account:access\n`,
    );
    const text = home.text();
    expect(await home.addUrl(aws)).toMatchObject({ status: 0 });
    expect(home.text()).toBe(text);
  });

  it('writes the scopes that are given', async () => {
    const home = addHome();
    await home.add([
      'c',
      '--start-url',
      aws,
      '--sso-region',
      'us-east-1',
      '--scopes',
      'sso:account:access,x:y',
    ]);
    expect(home.text()).toContain('sso_registration_scopes = sso:account:access, x:y\n');
  });

  it.each([
    ['another region', ['corp', '--start-url', aws, '--sso-region', 'us-east-1']],
    ['other scopes', ['corp', '--start-url', aws, '--sso-region', 'eu-west-1', '--scopes', 'a:b']],
  ])('leaves a session of that name with %s unchanged', async (_, words) => {
    const home = addHome();
    await home.addUrl(aws);
    const text = home.text();
    expect(await home.add(words)).toMatchObject({
      status: 2,
      err: expect.stringMatching(/there is another \[sso-session corp\][\s\S]*\n {2}next: /),
    });
    expect(home.text()).toBe(text);
  });

  it('names the region that was meant, and accepts one that may be new', async () => {
    const home = addHome();
    const words = (region: string) => ['corp', '--start-url', aws, '--sso-region', region];
    for (const [typed, meant] of [
      ['eu-centrl-1', 'eu-central-1'],
      ['ap-southest-2', 'ap-southeast-2'],
      ['us-gov-wset-1', 'us-gov-west-1'],
    ] as const) {
      const { status, err } = await home.add(words(typed));
      expect({ status, err }).toMatchObject({
        status: 2,
        err: expect.stringContaining(`did you mean ${meant}?`),
      });
      expect(home.text()).toBe(before);
    }
    expect(await home.add(words('nz-central-9'))).toMatchObject({ status: 0 });
  });

  it.each([
    ['no start URL', ['corp', '--sso-region', 'eu-west-1']],
    ['no region', ['corp', '--start-url', aws]],
    ['no name', ['--start-url', aws, '--sso-region', 'eu-west-1']],
    ['http', ['corp', '--start-url', 'http://corp.awsapps.com/start', '--sso-region', 'eu-west-1']],
    ['a password', ['corp', '--start-url', 'https://a:b@corp.awsapps.com/', '--sso-region', 'eu-west-1']],
    ['a space', ['corp', '--start-url', `${aws} #x`, '--sso-region', 'eu-west-1']],
    ['a line break', ['corp', '--start-url', `${aws}\n[default]`, '--sso-region', 'eu-west-1']],
    ['no such region', ['corp', '--start-url', aws, '--sso-region', 'Ireland']],
    ['a name no SDK reads', ['my corp', '--start-url', aws, '--sso-region', 'eu-west-1']],
    ['a bracket', ['corp]\n[default', '--start-url', aws, '--sso-region', 'eu-west-1']],
    ['a scope of two lines', ['c', '--start-url', aws, '--sso-region', 'eu-west-1', '--scopes', 'a\nb']],
  ])('refuses %s, and changes nothing', async (_, words) => {
    const home = addHome();
    expect(await home.add(words)).toMatchObject({
      status: 2,
      err: expect.stringContaining('\n  next: awsh sso --help\n'),
    });
    expect(home.text()).toBe(before);
  });
});

describe('a start URL at a host of the organisation', () => {
  it.each([
    ['redirects to AWS', { HEAD: [302, aws] }, 0],
    ['knows no HEAD, and redirects to AWS', { HEAD: [405], GET: [301, aws] }, 0],
    ['does not redirect', { HEAD: [200] }, 2],
    ['redirects elsewhere', { HEAD: [302, 'https://evil.example/start'] }, 2],
    ['redirects to a host that is like AWS', { HEAD: [302, 'https://awsapps.com.evil.example/'] }, 2],
    ['redirects to http', { HEAD: [302, 'http://corp.awsapps.com/start'] }, 2],
    ['has an address of AWS but no redirect', { HEAD: [200, aws] }, 2],
  ] as const)('%s', async (_, answers, status) => {
    const home = addHome();
    const url = await redirecting(answers);
    expect(await home.addUrl(url)).toMatchObject({ status });
    expect(home.text().includes(`sso_start_url = ${url}\n`)).toBe(status === 0);
  });

  it('with a certificate that is not trusted is exit 9', async () => {
    const home = addHome();
    const url = await redirecting({ HEAD: [302, aws] });
    expect(await home.addUrl(url, { AWS_CA_BUNDLE: '' })).toMatchObject({ status: 9 });
    expect(home.text()).toBe(before);
  });
});

describe('awsh sso add at a terminal', () => {
  it('signs in and makes profiles, if the user agrees', async () => {
    const corp = await signInHome();
    const profile = `[profile base]\nsso_session = corp\nendpoint_url = ${corp.emulator.url}\n`;
    corp.home.write('.aws/config', profile);
    corp.signIns.rules.answer = 'allow';
    corp.emulator.cloud.organisation.addAccount('444455556666', 'dev');
    const words = ['sso', 'add', 'corp', '--start-url', aws, '--sso-region', 'eu-west-1'];
    const terminal = await corp.start(words, { SSH_TTY: '/dev/pts/9' });
    await terminal.waitFor('Sign in to corp now?');
    terminal.press('Enter');
    await terminal.waitFor('Make profiles for your accounts and roles now?');
    terminal.press('Enter');
    await terminal.waitFor('Add 1 profile to ~/.aws/config?');
    terminal.type('y\r');
    expect(await terminal.exited).toMatchObject({ status: 0 });
    expect(corp.file().startUrl).toBe(aws);
    expect(readFileSync(join(corp.home.path, '.aws/config'), 'utf8')).toMatch(
      /\[sso-session corp\]\n[\s\S]*\[profile dev\/Dev\]\nsso_session = corp\n/,
    );
  });
});
