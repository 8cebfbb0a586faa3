import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../src/system/index.ts';
import { has } from '../support/programs.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { signInHome } from '../support/sign-in-terminal.ts';

const user = 'arn:aws:iam::444455556666:user/jane';

describe.skipIf(!has('chromium'))('a sign-in in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    const executablePath = findProgram('chromium', process.env.PATH) ?? 'chromium';
    // Chromium's own sandbox needs rights that a container does not have.
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  });

  afterAll(() => browser?.close());

  /** At AWS's page, which Chromium has reached through the file that awsh gave to the browser. */
  async function atPage(profile: 'corp' | 'console') {
    const corp = await signInHome();
    corp.emulator.addUser({ account: '444455556666', name: 'jane' });
    const console = `[profile console]\nlogin_session = ${user}\nregion = eu-west-1\nendpoint_url = ${corp.emulator.url}\n`;
    corp.home.write('.aws/config', corp.config + console);
    const terminal = await corp.start(['sso', 'login', profile, '--browser-flow']);
    await terminal.waitFor('and press Enter.');
    terminal.press('Enter');
    await corp.openedPage();
    const page = await browser.newPage();
    await page.goto(readFileSync(join(corp.home.path, 'opened.words'), 'utf8').trim());
    await page.waitForSelector('#allow');
    return { corp, terminal, page };
  }

  it.each(['corp', 'console'] as const)('of %s: Allow ends it, and there are keys', async (profile) => {
    const { corp, terminal, page } = await atPage(profile);
    await page.click('#allow');
    await page.waitForSelector('text=You can close this page');
    expect(await terminal.exited).toMatchObject({ status: 0 });
    const { status, out } = await runInstalled(['export', profile, '--format', 'json'], corp.environment);
    expect([status, out]).toEqual([0, expect.stringContaining('"AccessKeyId": "ASIA')]);
  });

  it.each(['corp', 'console'] as const)('of %s: Deny is exit 7, and no file', async (profile) => {
    const { corp, terminal, page } = await atPage(profile);
    await page.click('#deny');
    await page.waitForSelector('text=You can close this page');
    expect(await terminal.exited).toMatchObject({ status: 7 });
    for (const folder of ['sso', 'login']) {
      const path = join(corp.home.path, '.aws', folder, 'cache');
      expect(existsSync(path) ? readdirSync(path) : []).toEqual([]);
    }
  });

  it('with a code: the page is confirmed there', async () => {
    const corp = await signInHome();
    const terminal = await corp.start(['sso', 'login', 'corp', '--device-code']);
    await terminal.waitFor('q to quit');
    terminal.press('Enter');
    const page = await browser.newPage();
    await page.goto(await corp.openedPage());
    await page.click('#allow');
    expect(await terminal.exited).toMatchObject({ status: 0 });
  });
});
