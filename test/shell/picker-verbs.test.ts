import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSandboxShell } from '../support/sandbox-shell.ts';
import { plainText } from '../support/terminal.ts';

/*
 * Each command that opens the picker if no profile is named, with the text that a new user would
 * type.
 */

/** The command, the search, and one line of the output for the chosen profile. */
const verbs: Record<string, [line: string, search: string, printed: RegExp]> = {
  use: ['awsh use', 'payprod', /payments-prod (1h00m|59m) \$ $/],
  init: ['awsh init', 'pay prd', /wrote and allowed ~\/fresh\/\.awsprofile/],
  exec: ['awsh exec -- printenv AWS_VAULT', 'payprod', /payer payments-prod \$ $/],
  export: ['awsh export', 'pay prd', /AWS_ACCESS_KEY_ID=ASIA\S+ .*AWS_REGION=eu-north-1 /],
  login: ['awsh login --stdout', 'payprod', /Destination=https%3A%2F%2Feu-north-1/],
  rotate: ['awsh rotate', 'pay prd', /rotated the access key of demo/],
  explain: ['awsh explain', 'payprod', /the settings of profile payments-prod/],
};

async function openShell() {
  const opened = await openSandboxShell('bash');
  const { shell, sandbox } = opened;
  const { arn } = sandbox.emulator.addRole({ account: '333344445555', name: 'payer' });
  const section = (name: string, region: string) =>
    `[profile ${name}]\nrole_arn = ${arn}\nsource_profile = demo\nregion = ${region}\nendpoint_url = ${sandbox.emulator.url}\n`;
  const names = ['payments-dev', 'prod-data', 'payments-prod'];
  const sections = names.map((name) => section(name, name === 'payments-prod' ? 'eu-north-1' : 'eu-west-1'));
  appendFileSync(join(sandbox.home, '.aws/config'), `\n${sections.join('')}`);
  mkdirSync(join(sandbox.home, 'fresh'));
  await shell.run('cd ~/fresh');
  return opened;
}

describe('the picker, by command', () => {
  it.each(Object.keys(verbs))('%s finds payments-prod, and ends with 130 on ^C', async (verb) => {
    const { shell, sandbox } = await openShell();
    const [line, search, printed] = verbs[verb] as (typeof verbs)[string];
    shell.type(`${line}\r`);
    await shell.waitFor('Search:');
    await shell.settle();
    shell.press('^C');
    expect(await shell.prompt()).toMatchObject({ status: 130, shown: expect.stringContaining('cancelled') });

    shell.resize(40, 15);
    shell.skip();
    shell.type(`${line}\r`);
    await shell.waitFor('Search:');
    await shell.settle();
    const from = shell.received.length;
    shell.type(search);
    await shell.waitFor(`${search}█`, 20_000);
    await shell.settle();
    const lines = plainText(shell.received.slice(from)).split('\n');
    // Name, account and role are all there, and none is wider than its column.
    expect(lines.filter((text) => text.includes('●')).at(-1)).toMatch(/● payments-prod +3+\S* +paye/);
    expect(lines.filter((text) => /[●○]/.test(text) && text.length > 40)).toEqual([]);
    shell.press('Enter');
    const { shown, status } = await shell.prompt();
    expect([status, shown.replace(/\s+/g, ' ')]).toEqual([0, expect.stringMatching(printed)]);
    const file = join(sandbox.home, 'fresh/.awsprofile');
    if (verb === 'init') expect(readFileSync(file, 'utf8')).toContain('payments-prod');
    else expect(existsSync(file)).toBe(false);
  });

  it('shows every column in twenty columns', async () => {
    const { shell } = await openShell();
    shell.resize(20, 15);
    const from = shell.received.length;
    shell.type('awsh explain\r');
    await shell.waitFor('Search:');
    await shell.settle();
    const rows = plainText(shell.received.slice(from)).match(/[●○] .*$/gm) ?? [];
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.filter((row) => /[●○] pay\S*…\S+ +\S+ +\S+$/.test(row))).toHaveLength(2);
    expect(rows.filter((row) => row.length > 17)).toEqual([]);
    shell.press('^C');
    expect((await shell.prompt()).status).toBe(130);
  });

  it('does not open without a terminal: exit status 2', async () => {
    const { shell } = await openShell();
    const found: Record<string, string> = {};
    for (const verb of Object.keys(verbs)) {
      const { shown } = await shell.run(
        `setsid -w "$__awsh_launcher" ${verb} 2>&1 </dev/null | cat; echo \${PIPESTATUS[0]}`,
      );
      found[verb] = shown.replace(/\s+/g, ' ').replace(/ why: .* next: /, ' … ');
    }
    const error = (verb: string) => `awsh: awsh ${verb} needs a profile … awsh list --profiles 2 $ `;
    expect(found).toEqual(Object.fromEntries(Object.keys(verbs).map((verb) => [verb, error(verb)])));
  });
});
