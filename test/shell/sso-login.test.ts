import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runInstalled } from '../support/run-awsh.ts';
import { linksOf, signInHome } from '../support/sign-in-terminal.ts';
import { plainText } from '../support/terminal.ts';

/** The code that the terminal shows. */
async function codeShown(terminal: Awaited<ReturnType<Awaited<ReturnType<typeof signInHome>>['start']>>) {
  return /[B-Z]{4}-[B-Z]{4}/.exec(await terminal.waitFor(/[B-Z]{4}-[B-Z]{4}\r?\n/))?.[0] ?? '';
}

describe('awsh sso login with a code', () => {
  it('shows the code first, and writes the file that every SDK reads', async () => {
    const corp = await signInHome();
    Object.assign(corp.signIns.rules, { pending: 2, slowDown: 0 });
    const terminal = await corp.start(['sso', 'login', 'corp', '--device-code']);
    const code = await codeShown(terminal);
    expect(await terminal.waitFor('q to quit')).toContain(`The page must show exactly ${code}.`);
    corp.signIns.answerDevice(code, 'allow');
    expect(await terminal.exited).toMatchObject({ status: 0 });
    expect(terminal.received).toMatch(
      /awsh: signed in to corp until \d{4}-\d\d-\d\d \d\d:\d\d; renewed automatically/,
    );
    const file = corp.file();
    expect(Object.keys(file)).toEqual([
      ...['startUrl', 'region', 'accessToken', 'expiresAt', 'clientId', 'clientSecret'],
      ...['registrationExpiresAt', 'refreshToken'],
    ]);
    expect(file).toMatchObject({ startUrl: 'https://corp.awsapps.com/start', region: 'eu-west-1' });
    expect([corp.mode(), statSync(dirname(corp.path)).mode & 0o777]).toEqual([0o600, 0o700]);
    expect(await runInstalled(['export', 'corp', '--format', 'json'], corp.environment)).toMatchObject({
      status: 0,
      out: expect.stringContaining('"AccessKeyId": "ASIA'),
    });
  });

  it('opens the page only after Enter, and never puts it on a command line', async () => {
    const corp = await signInHome();
    const terminal = await corp.start(['sso', 'login', 'corp', '--device-code']);
    const code = await codeShown(terminal);
    await terminal.waitFor('q to quit');
    expect(existsSync(join(corp.home.path, 'opened'))).toBe(false);
    terminal.press('Enter');
    const page = await corp.openedPage();
    expect(page).toBe(`${corp.emulator.url}/device?user_code=${code}`);
    expect(readFileSync(join(corp.home.path, 'opened.words'), 'utf8')).not.toContain(code);
    await fetch(new URL((await linksOf(page)).allow, page));
    expect(await terminal.exited).toMatchObject({ status: 0 });
  });

  it.each(['https://evil.example/steal', 'javascript:alert(1)', 'file:///etc/passwd'])(
    'never opens %s in place of the page that it shows',
    async (evil) => {
      const corp = await signInHome();
      const rewrite = (body: string) =>
        JSON.stringify({ ...JSON.parse(body), verificationUriComplete: evil });
      corp.emulator.misbehave({ kind: 'rewrite', action: 'StartDeviceAuthorization', rewrite });
      const terminal = await corp.start(['sso', 'login', 'corp', '--device-code']);
      await terminal.waitFor('q to quit');
      terminal.press('Enter');
      expect(await corp.openedPage()).toBe(`${corp.emulator.url}/device`);
    },
  );

  it.each([['--device-code'], ['--browser-flow']])('quits at q after other keys, with %s', async (flow) => {
    const corp = await signInHome();
    const terminal = await corp.start(['sso', 'login', 'corp', flow]);
    await terminal.waitFor('q to quit');
    for (const key of ['x', 'Up', 'y', 'q']) {
      await terminal.settle();
      terminal.press(key);
    }
    expect(await terminal.exited).toMatchObject({ status: 130 });
  });

  it('has a page that asks for the code', async () => {
    const corp = await signInHome();
    const terminal = await corp.start(['sso', 'login', 'corp', '--device-code']);
    const [code = ''] = /[A-Z]{4}-[A-Z]{4}/.exec(await terminal.waitFor('q to quit')) ?? [];
    const read = async (query: string) => (await fetch(`${corp.emulator.url}/device${query}`)).text();
    expect(await read('')).toMatch(/<form action="\/device"><input name="user_code"/);
    expect(await read('?user_code=XXXX-XXXX')).toMatch(/No such code.*<input name="user_code"/);
    expect(await read(`?user_code=${code.toLowerCase()}`)).toContain(`Does your terminal show ${code}?`);
    await read(`?user_code=${code}&answer=allow`);
    expect(await terminal.exited).toMatchObject({ status: 0 });
  });

  it('continues after a reply that was lost', async () => {
    const corp = await signInHome();
    corp.signIns.rules.answer = 'allow';
    corp.emulator.misbehave({ kind: 'refuse', action: 'CreateToken', times: 1 });
    const terminal = await corp.start(['sso', 'login', 'corp', '--device-code']);
    await terminal.waitFor('AWS does not answer, trying again');
    expect(await terminal.exited).toMatchObject({ status: 0 });
  });

  it('ends soon if a web page answers in place of AWS', async () => {
    const corp = await signInHome();
    const page = { body: 'no such page', status: 404, contentType: 'text/html' };
    corp.emulator.misbehave({ kind: 'reply', action: 'CreateToken', ...page });
    const terminal = await corp.start(['sso', 'login', 'corp', '--device-code']);
    expect(await terminal.exited).toMatchObject({ status: 9 });
    expect(plainText(terminal.received)).toMatch(
      /unexpected answer from [\s\S]*HTTP 404[\s\S]*next: awsh sso login corp --device-code/,
    );
  });

  it('asks no further question if the sign-in could not be stored', async () => {
    const corp = await signInHome();
    corp.home.write('.aws/sso/cache', 'a file');
    const terminal = await corp.start(['sso', 'login', 'corp', '--device-code']);
    expect(await terminal.exited).toMatchObject({ status: 1 });
    expect(plainText(terminal.received)).toMatch(
      /could not be stored[\s\S]*\n {2}why: [\s\S]*\n {2}next: ls -ld/,
    );
    expect(corp.emulator.calls).toEqual([]);
  });

  it('exits with 7 if it is denied, and writes no file', async () => {
    const corp = await signInHome();
    corp.signIns.rules.answer = 'deny';
    const terminal = await corp.start(['sso', 'login', 'corp', '--device-code']);
    expect(await terminal.exited).toMatchObject({ status: 7 });
    expect(plainText(terminal.received)).toContain('next: awsh sso login corp');
    expect(existsSync(corp.path)).toBe(false);
  });

  it('continues if AWS tells it to ask less often', async () => {
    const corp = await signInHome();
    Object.assign(corp.signIns.rules, { slowDown: 1, pending: 1, answer: 'allow' });
    const terminal = await corp.start(['sso', 'login', 'corp', '--device-code']);
    expect(await terminal.exited).toMatchObject({ status: 0 });
  });

  it('registers once for many sign-ins, and once more if AWS has forgotten it', async () => {
    const corp = await signInHome();
    corp.signIns.rules.answer = 'allow';
    const registered = () => corp.emulator.actions.filter((action) => action === 'RegisterClient').length;
    for (const expected of [1, 1, 2]) {
      if (expected === 2) corp.signIns.clients.clear();
      const terminal = await corp.start(['sso', 'login', 'corp', '--device-code']);
      expect(await terminal.exited).toMatchObject({ status: 0 });
      expect(registered()).toBe(expected);
    }
  });

  it.each([
    ['^C', '^C'],
    ['q', 'q'],
  ])('ends at %s with 130, and leaves nothing behind', async (_, key) => {
    const corp = await signInHome();
    const terminal = await corp.start(['sso', 'login', 'corp', '--device-code']);
    await terminal.waitFor('q to quit');
    terminal.press(key);
    expect(await terminal.exited).toMatchObject({ status: 130 });
    expect(existsSync(corp.path)).toBe(false);
  });
});

describe('awsh sso login with the browser', () => {
  /** The state in which the browser shows AWS's page. */
  async function atPage() {
    const corp = await signInHome();
    const terminal = await corp.start(['sso', 'login', 'corp', '--browser-flow']);
    await terminal.waitFor('and press Enter.');
    terminal.press('Enter');
    const page = await corp.openedPage();
    return { corp, terminal, page, links: await linksOf(page) };
  }

  it('opens a page, and accepts the code with which the browser returns', async () => {
    const { corp, terminal, page, links } = await atPage();
    expect(new URL(page).searchParams.get('redirect_uri')).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/oauth\/callback$/,
    );
    expect(readFileSync(join(corp.home.path, 'opened.words'), 'utf8')).toMatch(/^file:\/\/\S+awsh\.html\n$/);
    const answer = await fetch(links.allow);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(await terminal.exited).toMatchObject({ status: 0 });
    expect(corp.file()).toMatchObject({ refreshToken: expect.any(String) });
  });

  it('continues with a code if the region has no page for the browser', async () => {
    const corp = await signInHome();
    corp.signIns.rules.answer = 'allow';
    const page = { body: 'no such page', status: 404, contentType: 'text/html' };
    corp.emulator.misbehave({ kind: 'reply', action: 'AuthorizePage', ...page });
    const terminal = await corp.start(['sso', 'login', 'corp', '--browser-flow']);
    await terminal.waitFor(
      'with a code, because Identity Center does not offer the sign-in by browser there',
    );
    expect(await terminal.exited).toMatchObject({ status: 0 });
  });

  it('exits with 7 after Deny', async () => {
    const { corp, terminal, links } = await atPage();
    await fetch(links.deny);
    expect(await terminal.exited).toMatchObject({ status: 7 });
    expect(existsSync(corp.path)).toBe(false);
  });

  it('accepts the address that another machine’s browser could not open, and asks again for a wrong one', async () => {
    const { terminal, links } = await atPage();
    const wrong = new URL(links.allow);
    wrong.searchParams.set('state', 'other');
    terminal.type(`${wrong.href}\r`);
    await terminal.waitFor('That is not the address');
    terminal.type(`${links.allow}\r`);
    expect(await terminal.exited).toMatchObject({ status: 0 });
  });
});

describe('a command at a terminal that needs a sign-in', () => {
  const words = ['exec', 'corp', '--', 'sh', '-c', 'echo "<$AWS_ACCESS_KEY_ID>"'];

  it('offers it, and continues after it', async () => {
    const corp = await signInHome();
    corp.signIns.rules.answer = 'allow';
    const terminal = await corp.start(words, { DISPLAY: '', SSH_TTY: '/dev/pts/9' });
    await terminal.waitFor('Sign in to corp now? [Y/n] ');
    terminal.press('Enter');
    await terminal.waitFor(/<ASIA[A-Z0-9]{16}>/);
    expect(await terminal.exited).toMatchObject({ status: 0 });
    expect(terminal.received).toContain('with a code, because this is an SSH session');
  });

  it('exits with 6 after no, and does not ask in CI', async () => {
    const corp = await signInHome();
    const refused = await corp.start(words);
    await refused.waitFor('Sign in to corp now? [Y/n] ');
    refused.type('n\r');
    expect(await refused.exited).toMatchObject({ status: 6 });
    const silent = await corp.start(words, { CI: 'true' });
    expect(await silent.exited).toMatchObject({ status: 6 });
    expect(silent.received).not.toContain('[Y/n]');
    expect(corp.emulator.calls).toEqual([]);
  });
});

describe('awsh sso login without a terminal', () => {
  it.each([
    ['no terminal', {}],
    ['CI', { CI: '1' }],
  ])('%s: exit 6, no browser and no call', async (_, more) => {
    const corp = await signInHome();
    const answer = await runInstalled(['sso', 'login', 'corp'], { ...corp.environment, ...more });
    expect(answer).toMatchObject({ status: 6, out: '' });
    expect(answer.err).toMatch(/\n {2}next: awsh sso login corp\n$/);
    expect(corp.emulator.calls).toEqual([]);
    expect(existsSync(join(corp.home.path, 'opened.words'))).toBe(false);
  });
});

describe('awsh lock', () => {
  it('ends the sign-ins that awsh made, at AWS, too; awsh clear does not', async () => {
    const corp = await signInHome();
    corp.signIns.rules.answer = 'allow';
    const terminal = await corp.start(['sso', 'login', 'corp', '--device-code']);
    expect(await terminal.exited).toMatchObject({ status: 0 });
    const token = String(corp.file().accessToken);
    expect((await runInstalled(['clear'], corp.environment)).err).toContain('you stay signed in to corp');
    expect([corp.signIns.isGood(token), existsSync(corp.path)]).toEqual([true, true]);
    const { status, err } = await runInstalled(['lock'], corp.environment);
    expect([status, corp.signIns.isGood(token), existsSync(corp.path)]).toEqual([0, false, false]);
    expect(err).toMatch(/^awsh: signing out of corp, because you signed in with awsh\nawsh: locked; /);
    expect(err).not.toContain('you stay signed in');
  });

  it('locks although AWS does not answer, and removes the sign-in here', async () => {
    const corp = await signInHome();
    corp.signIns.rules.answer = 'allow';
    const terminal = await corp.start(['sso', 'login', 'corp', '--device-code']);
    expect(await terminal.exited).toMatchObject({ status: 0 });
    corp.emulator.misbehave({ kind: 'refuse', action: 'Logout' });
    const { status, err } = await runInstalled(['lock'], corp.environment);
    expect([status, existsSync(corp.path)]).toEqual([0, false]);
    expect(err).toContain('could not revoke the sign-in to corp at AWS');
    expect(await runInstalled(['export', 'corp'], corp.environment)).toMatchObject({ status: 5 });
  });
});
