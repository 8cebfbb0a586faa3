import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { manyAccounts, organisationHome } from '../support/organisation-home.ts';
import { has } from '../support/programs.ts';
import { packageFolder } from '../support/run-awsh.ts';
import { openShell, plainText, type ShellName } from '../support/terminal.ts';

const shells = (['bash', 'zsh', 'fish'] as const).filter((name) => name === 'bash' || has(name));
const timeout = 120_000;

/**
 * A shell with the hook, in a home that is signed in to an organisation and has only the profile
 * `corp`.
 */
async function openCorp(name: ShellName, ...given: Parameters<typeof organisationHome>) {
  const home = await organisationHome(...given);
  const shell = await openShell(name, {
    home: home.home,
    environment: home.environment,
    rc: `source ${packageFolder}/shell/awsh.${name}`,
  });
  const config = () => readFileSync(join(home.home.path, '.aws/config'), 'utf8');
  return { ...home, shell, text: config };
}

describe.each(shells)('awsh use in %s', { timeout }, (name) => {
  it('finds a role that has no profile, writes the profile, and loads it', async () => {
    const { shell, text } = await openCorp(name);
    shell.type('awsh use\r');
    await shell.waitFor('Search:');
    await shell.settle();
    shell.type('sandbox');
    await shell.waitFor('sandbox█ (1 match)', 20_000);
    expect(plainText(shell.received)).toMatch(/[●○] sandbox\/Admin +111111111112 +Admin +no profile/);
    shell.press('Enter');
    await shell.waitFor('Write [profile sandbox/Admin] to ~/.aws/config, and load it?', 20_000);
    shell.press('Enter');
    await shell.prompt();
    const { shown } = await shell.run('command env | command grep ^AWSH_PROFILE=');
    expect(shown).toContain('AWSH_PROFILE=sandbox/Admin');
    expect(text()).toContain('[profile sandbox/Admin]\nsso_session = corp\nsso_account_id = 111111111112\n');
    expect(text().match(/^\[profile/gm)?.length).toBe(2);
  });
});

describe('awsh use', { timeout }, () => {
  it('changes nothing if the user does not want the profile', async () => {
    const { shell, text, config } = await openCorp('bash');
    shell.type('awsh use sandbox/Admin\r');
    await shell.waitFor('sandbox/Admin is not a profile');
    await shell.settle();
    shell.press('Enter');
    await shell.waitFor('and load it?', 20_000);
    shell.type('n\r');
    expect(await shell.prompt()).toMatchObject({ status: 3 });
    expect(text()).toBe(config);
  });

  it('does not wait for a slow organisation, and not at all the second time', async () => {
    const home = await openCorp('bash', manyAccounts(80));
    const { shell, emulator } = home;
    for (const calls of [expect.any(Number), 0]) {
      emulator.calls.length = 0;
      shell.type('awsh use\r');
      await shell.waitFor('Search:', 20_000);
      await shell.settle();
      shell.press('^C');
      await shell.prompt();
      expect(emulator.calls.length).toEqual(calls);
      expect(emulator.calls.length).toBeLessThan(80);
    }
  });

  it('offers no role if the user is not signed in', async () => {
    const { shell, emulator } = await openCorp('bash', undefined, null);
    shell.type('awsh use\r');
    await shell.waitFor('Search:');
    await shell.settle();
    shell.press('^C');
    expect((await shell.prompt()).shown).not.toContain('no profile');
    expect(emulator.calls).toEqual([]);
  });
});
