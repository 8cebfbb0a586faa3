import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fromLoginCredentials } from '@aws-sdk/credential-provider-login';
import { describe, expect, it } from 'vitest';
import { runInstalled } from '../support/run-awsh.ts';
import { linksOf, signInHome } from '../support/sign-in-terminal.ts';
import { plainText } from '../support/terminal.ts';

const jane = 'arn:aws:iam::444455556666:user/jane';
const joe = 'arn:aws:iam::444455556666:user/joe';
const fileOf = (session: string) =>
  `.aws/login/cache/${createHash('sha256').update(session).digest('hex')}.json`;

/** A home with the profile `dev` for jane, without a sign-in. `more` are lines of the profile. */
async function loginHome(more = '') {
  const corp = await signInHome();
  const { home, emulator } = corp;
  for (const name of ['jane', 'joe']) emulator.addUser({ account: '444455556666', name });
  home.write(
    '.aws/config',
    `[profile dev]\nlogin_session = ${jane}\nregion = eu-west-1\nendpoint_url = ${emulator.url}\n${more}`,
  );
  const { logins } = emulator.cloud;
  const awsh = (...words: string[]) => runInstalled(words, corp.environment);
  const path = join(home.path, fileOf(jane));
  const read = () => JSON.parse(readFileSync(path, 'utf8'));
  /** Signs in with the browser by choosing Allow. */
  const login = async () => {
    rmSync(join(home.path, 'opened'), { force: true });
    const terminal = await corp.start(['sso', 'login', 'dev', '--browser-flow']);
    await terminal.waitFor('and press Enter.');
    terminal.press('Enter');
    await fetch((await linksOf(await corp.openedPage())).allow);
    return terminal;
  };
  /** The keys have expired, and their refresh token is valid. */
  const expire = () => {
    const fields = read();
    const accessToken = { ...fields.accessToken, expiresAt: '2020-01-01T00:00:00Z' };
    home.write(fileOf(jane), JSON.stringify({ ...fields, accessToken }));
  };
  return { ...corp, logins, awsh, path, read, login, expire };
}

describe('awsh sso login for a profile with login_session', () => {
  it('writes what aws login writes, and awsh and the SDK use it', async () => {
    const it = await loginHome();
    const terminal = await it.login();
    expect(await terminal.exited).toMatchObject({ status: 0 });
    expect(terminal.received).toContain(`awsh: signed in as ${jane} for profile dev; keys until `);
    expect(Object.keys(it.read())).toEqual([
      'accessToken',
      'tokenType',
      'clientId',
      'refreshToken',
      'idToken',
      'dpopKey',
    ]);
    expect(it.read()).toMatchObject({
      accessToken: { accountId: '444455556666', expiresAt: expect.stringMatching(/^[\d-]+T[\d:]+Z$/) },
      clientId: 'arn:aws:signin:::devtools/same-device',
      dpopKey: expect.stringMatching(/^-----BEGIN EC PRIVATE KEY-----\n/),
    });
    expect(statSync(it.path).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(it.home.path, 'opened.words'), 'utf8')).not.toContain('authorize');
    for (const _ of ['fresh', 'renewed']) {
      const json = JSON.parse((await it.awsh('export', 'dev', '--format', 'json')).out);
      expect(json.AccessKeyId).toBe(it.read().accessToken.accessKeyId);
      it.expire();
    }
    expect(it.emulator.actions.filter((action) => action === 'CreateOAuth2Token')).toHaveLength(2);
  });

  it('shares the file with the SDK for JavaScript, which renews it', async () => {
    const it = await loginHome();
    expect(await (await it.login()).exited).toMatchObject({ status: 0 });
    it.expire();
    process.env.AWS_LOGIN_CACHE_DIRECTORY = join(it.home.path, '.aws/login/cache');
    const config = join(it.home.path, '.aws/config');
    const clientConfig = { region: 'eu-west-1', endpoint: it.emulator.url };
    const keys = await fromLoginCredentials({
      profile: 'dev',
      configFilepath: config,
      filepath: config,
      clientConfig,
    })().finally(() => delete process.env.AWS_LOGIN_CACHE_DIRECTORY);
    const json = JSON.parse((await it.awsh('export', 'dev', '--format', 'json')).out);
    expect(json.AccessKeyId).toBe(keys.accessKeyId);
  });

  it('accepts the code of a browser on another machine, and asks again for a wrong one', async () => {
    const it = await loginHome();
    const terminal = await it.start(['sso', 'login', 'dev', '--device-code']);
    const shown = plainText(await terminal.waitFor('press q and Enter to quit.')).replace(/\r/g, '');
    const address = /^http\S+$/m.exec(shown)?.[0] ?? '';
    const page = await (await fetch((await linksOf(address)).allow)).text();
    const code = /id="code">([^<]+)</.exec(page)?.[1] ?? '';
    terminal.type(`${Buffer.from('code=x&state=y').toString('base64')}\r`);
    await terminal.waitFor('That is not the code of this sign-in.');
    terminal.type(`${code}\r`);
    expect(await terminal.exited).toMatchObject({ status: 0 });
    expect(it.read().clientId).toBe('arn:aws:signin:::devtools/cross-device');
  });

  it.each([
    ['the browser', '--browser-flow'],
    ['a pasted code', '--device-code'],
  ])('no longer waits for %s if the user has signed in at another terminal', async (_, flow) => {
    const it = await loginHome();
    const first = await it.start(['sso', 'login', 'dev', flow]);
    await first.waitFor('and press Enter');
    const second = await it.start(['sso', 'login', 'dev', '--browser-flow']);
    await second.waitFor('Press t to sign in at this terminal instead');
    second.press('t');
    await second.waitFor('and press Enter.');
    second.press('Enter');
    await fetch((await linksOf(await it.openedPage())).allow);
    for (const { exited } of [second, first]) expect(await exited).toMatchObject({ status: 0 });
    expect(first.received).toContain('you have signed in at another terminal');
    expect(first.received).toContain(`signed in as ${jane} for profile dev`);
    expect(it.emulator.actions.filter((action) => action === 'CreateOAuth2Token')).toHaveLength(1);
  });

  it('asks before the profile becomes another user’s', async () => {
    const it = await loginHome();
    it.logins.rules.user = joe;
    const config = () => readFileSync(join(it.home.path, '.aws/config'), 'utf8');
    for (const answer of ['n', 'y']) {
      const terminal = await it.login();
      await terminal.waitFor(`Change it to ${joe}?`);
      terminal.type(`${answer}\r`);
      expect(await terminal.exited).toMatchObject({ status: answer === 'n' ? 7 : 0 });
      expect(config()).toContain(`login_session = ${answer === 'n' ? jane : joe}\n`);
      expect([existsSync(it.path), existsSync(join(it.home.path, fileOf(joe)))]).toEqual([
        false,
        answer === 'y',
      ]);
    }
    expect((await it.awsh('export', 'dev', '--format', 'json')).status).toBe(0);
  });
});

describe('a sign-in for a profile with login_session', () => {
  it('has its secrets only in that file', async () => {
    const it = await loginHome();
    const terminal = await it.login();
    expect(await terminal.exited).toMatchObject({ status: 0 });
    const { accessToken, refreshToken, idToken, dpopKey } = it.read();
    const key = String(dpopKey).split('\n')[1];
    const secrets = [accessToken.secretAccessKey, accessToken.sessionToken, refreshToken, idToken, key];
    const files = readdirSync(it.home.path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const holders = files.filter((file) => secrets.some((secret) => readFileSync(file).includes(secret)));
    expect(holders).toEqual([it.path]);
    const shown = [terminal.received];
    for (const words of ['explain dev', 'list', 'list --json', 'status', 'doctor --offline'])
      shown.push(...Object.values(await it.awsh(...words.split(' '))).map(String));
    expect(secrets.filter((secret) => shown.join('\n').includes(secret))).toEqual([]);
  });

  it('is made once for two terminals', async () => {
    const it = await loginHome();
    const words = ['sso', 'login', 'dev', '--browser-flow'];
    const first = await it.start(words);
    await first.waitFor('and press Enter.');
    const second = await it.start(words);
    await second.waitFor('is signing in to profile dev; waiting for it');
    first.press('Enter');
    await fetch((await linksOf(await it.openedPage())).allow);
    for (const { exited } of [first, second]) expect(await exited).toMatchObject({ status: 0 });
    expect(it.emulator.actions.filter((action) => action === 'LoginPage')).toHaveLength(1);
  });

  it.each([['dev'], ['--all']])('ends by awsh sso logout %s, and lock and clear name it', async (word) => {
    const it = await loginHome();
    expect(await (await it.login()).exited).toMatchObject({ status: 0 });
    const stays = 'awsh: you stay signed in to dev; to sign out: awsh sso logout dev\n';
    expect((await it.awsh('clear')).err).toBe(stays);
    expect((await it.awsh('lock')).err).toContain(stays);
    const { status, err } = await it.awsh('sso', 'logout', word);
    expect([status, err]).toEqual([
      0,
      expect.stringContaining(`removed the sign-in of profile dev (${jane})`),
    ]);
    expect(existsSync(it.path)).toBe(false);
    expect((await it.awsh('clear')).err).toBe('');
  });
});

describe('awsh sso login for a profile with login_session writes no file', () => {
  it('after Deny, and if AWS refuses the code', async () => {
    const it = await loginHome();
    const denied = await it.start(['sso', 'login', 'dev', '--browser-flow']);
    await denied.waitFor('and press Enter.');
    denied.press('Enter');
    await fetch((await linksOf(await it.openedPage())).deny);
    expect(await denied.exited).toMatchObject({ status: 7 });
    for (const [refusal, status] of [
      ['AUTHCODE_EXPIRED', 7],
      ['INSUFFICIENT_PERMISSIONS', 8],
    ] as const) {
      it.logins.rules.refusal = refusal;
      const terminal = await it.login();
      expect(await terminal.exited).toMatchObject({ status });
      expect(plainText(terminal.received)).toMatch(/\n {2}why: [\s\S]*\n {2}next: awsh sso login dev\r?\n/);
    }
    expect(existsSync(it.path)).toBe(false);
  });

  it.each([
    ['credential_process = /x\n', 'credential_process'],
    ['aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n', 'aws_access_key_id'],
    ['role_arn = arn:aws:iam::444455556666:role/x\nsource_profile = dev\n', 'role_arn'],
  ])('if the profile has %j as well: exit 2, and no call', async (more, key) => {
    const it = await loginHome(more);
    const { status, err } = await it.awsh('sso', 'login', 'dev');
    expect([status, err]).toEqual([2, expect.stringContaining(`${key} comes before login_session`)]);
    expect(err).toMatch(/\n {2}next: vi \+5 /);
    expect(it.emulator.calls).toEqual([]);
  });

  it('without a terminal: exit 6, and no call', async () => {
    const it = await loginHome();
    const { status, err } = await it.awsh('sso', 'login', 'dev');
    expect([status, err]).toEqual([6, expect.stringMatching(/\n {2}next: awsh sso login dev\n$/)]);
    expect(it.emulator.calls).toEqual([]);
  });
});
