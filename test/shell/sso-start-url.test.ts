import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loopbackProxy, secureFront } from '../support/loopback-proxy.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { namedHosts } from '../support/self-signed.ts';
import { linksOf, signInHome } from '../support/sign-in-terminal.ts';
import { plainText } from '../support/terminal.ts';

const own = 'https://sso.corp.example/start';

/**
 * A home whose session has a start URL on the organisation's own host, which redirects. AWS's hosts
 * are the emulator.
 */
async function ownHostHome(leadsTo: string) {
  const corp = await signInHome();
  corp.signIns.rules.answer = 'allow';
  const front = await secureFront(corp.emulator.url, namedHosts, { 'sso.corp.example': leadsTo });
  const proxy = await loopbackProxy({ to: front });
  const config = corp.config
    .replace(/endpoint_url = .*\n/, '')
    .replace('https://corp.awsapps.com/start', own);
  const more = {
    HTTPS_PROXY: proxy.url,
    AWS_CA_BUNDLE: corp.home.write('ca.pem', namedHosts.cert),
  };
  corp.home.write('.aws/config', config);
  const login = (flow: string) => corp.start(['sso', 'login', 'corp', flow], more);
  return { ...corp, proxy, login, more };
}

describe('a start URL at a host of the organisation', () => {
  it('is followed to the portal, and the sign-in keeps the URL as it was written', async () => {
    const corp = await ownHostHome('https://corp.awsapps.com/start/?x=1#y');
    expect(await (await corp.login('--device-code')).exited).toMatchObject({ status: 0 });
    const started = corp.emulator.calls.find(({ action }) => action === 'StartDeviceAuthorization');
    expect(started?.params.startUrl).toBe('https://corp.awsapps.com/start');
    expect(corp.file()).toMatchObject({ startUrl: own });
    expect(new Set(corp.proxy.passed)).toEqual(
      new Set(['CONNECT sso.corp.example:443', 'CONNECT oidc.eu-west-1.amazonaws.com:443']),
    );
    const environment = { ...corp.environment, ...corp.more };
    expect(await runInstalled(['export', 'corp', '--format', 'json'], environment)).toMatchObject({
      status: 0,
    });
  });

  it('that leads elsewhere is exit 2 with its line, and AWS is not asked', async () => {
    const corp = await ownHostHome('https://evil.example/start');
    const terminal = await corp.login('--device-code');
    expect(await terminal.exited).toMatchObject({ status: 2 });
    expect(terminal.received).toContain('sso.corp.example is not an AWS host, and does not redirect to one');
    const line =
      readFileSync(join(corp.home.path, '.aws/config'), 'utf8')
        .split('\n')
        .findIndex((text) => text.includes(own)) + 1;
    expect(plainText(terminal.received)).toMatch(new RegExp(`next: vi \\+${line} `));
    expect(corp.emulator.calls).toEqual([]);
  });
});

describe('an sso_region that does not exist', () => {
  it('is exit 9, and its line is named as a possible cause', async () => {
    const corp = await signInHome();
    // A company's proxy does this for a name that it cannot resolve.
    const proxy = await loopbackProxy({ refuses: 503 });
    const config = corp.config.replace(/endpoint_url = .*\n/, '').replaceAll('eu-west-1', 'eu-west-9');
    corp.home.write('.aws/config', config);
    const more = { HTTPS_PROXY: proxy.url, COLUMNS: '300' };
    const terminal = await corp.start(['sso', 'login', 'corp', '--device-code'], more);
    expect(await terminal.exited).toMatchObject({ status: 9 });
    const shown = plainText(terminal.received).replaceAll(/\n {8}/g, ' ');
    expect(shown).toMatch(/cannot reach oidc\.eu-west-9\.amazonaws\.com/);
    expect(shown).toMatch(/or sso_region is wrong: eu-west-9 \(\S*config:\d+\)/);
    expect(shown).toContain('next: awsh sso login corp --device-code');
  });
});

describe('awsh sso login chooses its flow', () => {
  it.each([
    ['the setting sign_in_flow', { settings: 'sign_in_flow = code\n', config: '' }],
    ['sso_use_device_code in the config file', { settings: '', config: 'sso_use_device_code = true\n' }],
  ])('by %s', async (why, { settings, config }) => {
    const corp = await signInHome();
    corp.signIns.rules.answer = 'allow';
    corp.home.write('.config/awsh/config', `backend = file\n${settings}`);
    corp.home.write('.aws/config', `${corp.config}${config}`);
    const terminal = await corp.start(['sso', 'login', 'corp'], { DISPLAY: ':9' });
    expect(await terminal.exited).toMatchObject({ status: 0 });
    expect(terminal.received).toContain(`with a code, because of ${why}`);
    expect((await runInstalled(['doctor', '--offline'], corp.environment)).out).not.toContain(
      'sso_use_device_code',
    );
  });

  it('with --no-browser shows the address, opens nothing, and accepts a pasted one', async () => {
    const corp = await signInHome();
    const terminal = await corp.start(['sso', 'login', 'corp', '--browser-flow', '--no-browser']);
    const shown = (await terminal.waitFor('To quit, press q.')).replace(/\r/g, '');
    const address = /^http\S+authorize\S+$/m.exec(shown)?.[0] ?? '';
    terminal.press('Enter');
    const { allow } = await linksOf(address);
    terminal.type(`${allow}\r`);
    expect(await terminal.exited).toMatchObject({ status: 0 });
    expect(existsSync(join(corp.home.path, 'opened.words'))).toBe(false);
  });
});

describe('a profile with sso_start_url and no sso_session', () => {
  const legacy = (url: string) =>
    `[profile old]\nsso_start_url = https://old.awsapps.com/start\nsso_region = eu-west-1\nsso_account_id = 444455556666\nsso_role_name = Dev\nregion = eu-west-1\nendpoint_url = ${url}\n`;
  const add = 'awsh sso add old --start-url https://old.awsapps.com/start --sso-region eu-west-1';

  it('gets a command for a renewable sign-in, which works', async () => {
    const corp = await signInHome();
    corp.signIns.rules.answer = 'allow';
    corp.home.write('.aws/config', legacy(corp.emulator.url));
    const login = await corp.start(['sso', 'login', 'old'], { COLUMNS: '300' });
    expect(await login.exited).toMatchObject({ status: 0 });
    expect(login.received).toContain(
      `it cannot be renewed, because profile old has no sso_session; for one that can: ${add}`,
    );
    const explained = await runInstalled(['explain', 'old', '--json'], corp.environment);
    expect(JSON.parse(explained.out).notes).toEqual([expect.stringContaining(add)]);
    const terminal = await corp.start(add.split(' ').slice(1), { SSH_TTY: '/dev/pts/9' });
    await terminal.waitFor('Set sso_session = old in this profile? [Y/n]');
    terminal.press('Enter');
    await terminal.waitFor('Sign in to old now? [Y/n]');
    terminal.press('Enter');
    await terminal.waitFor('renewed automatically');
    terminal.press('^C');
    const { state, renewable } = JSON.parse(
      (await runInstalled(['explain', 'old', '--json'], corp.environment)).out,
    ).steps[0].signIn;
    expect([state, renewable]).toEqual(['signed in', true]);
  });

  it('is unchanged without a terminal: the command is shown', async () => {
    const corp = await signInHome();
    corp.home.write('.aws/config', legacy(corp.emulator.url));
    const { status, err } = await runInstalled(add.split(' ').slice(1), corp.environment);
    expect([status, err]).toEqual([
      0,
      expect.stringContaining('aws configure set sso_session old --profile old'),
    ]);
  });
});
