import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { has } from '../support/programs.ts';
import { openSandboxShell } from '../support/sandbox-shell.ts';
import { plainText, type ShellTerminal } from '../support/terminal.ts';

const search = 'Search:';

/** The lines of the list as last drawn, with a mark at the chosen one. */
function listIn(text: string): string[] {
  const frames = plainText(text).split(search);
  return (frames.at(-1) ?? '').split('\n').flatMap((line) => /[●○>] .*/.exec(line)?.[0].trimEnd() ?? []);
}

async function openPicker(shell: ShellTerminal): Promise<void> {
  shell.skip();
  shell.type('awsh use\r');
  await shell.waitFor(search);
  await shell.settle();
}

describe.each(['bash', 'zsh', 'fish'] as const)('awsh use in %s, without a name', (name) => {
  const missing = name !== 'bash' && !has(name);
  it.skipIf(missing)(
    'the picker loads a profile chosen by a part of its name, and shows it first the next time',
    async () => {
      const { shell, environment } = await openSandboxShell(name, { quick: true });
      await openPicker(shell);
      shell.type('1111 DEVEL');
      await shell.waitFor('1 match');
      shell.press('Enter');
      expect((await shell.prompt()).status).toBe(0);
      expect((await environment()).AWSH_SEGMENT).toMatch(/^dev (59m|1h00m)$/);

      const from = shell.received.length;
      await openPicker(shell);
      expect(listIn(shell.received.slice(from))[0]).toMatch(
        /^[●>] dev +111122223333 +developer +(59m|1h00m)$/,
      );
      shell.press('Escape');
      const { shown, status } = await shell.prompt();
      expect([status, shown]).toEqual([130, expect.stringContaining('awsh: cancelled')]);
      expect((await environment()).AWSH_PROFILE).toBe('dev');
    },
  );
});

describe('the picker', () => {
  it('restores the screen, and ignores keys pressed before it opened', async () => {
    const { shell, environment } = await openSandboxShell('bash', { quick: true });
    shell.skip();
    shell.type('awsh use\r\r');
    await shell.waitFor(search);
    await shell.settle(300);
    expect((await shell.waitFor(/\x1b\[\?1049l|$/)).includes('1049l')).toBe(false);
    shell.press('^C');
    expect((await shell.prompt()).status).toBe(130);
    expect(shell.received).toMatch(/\x1b\[\?1049h[\s\S]*\x1b\[\?1049l/);
    expect((await environment()).AWSH_PROFILE).toBeUndefined();
  });

  it('chooses nothing if no line matches, reports it, and continues', async () => {
    const { shell, environment } = await openSandboxShell('bash', { quick: true });
    await openPicker(shell);
    shell.type('devx');
    await shell.settle();
    shell.press('Enter');
    await shell.waitFor('no line has these words');
    shell.press('Backspace');
    await shell.waitFor('1 match');
    shell.press('Enter');
    expect((await shell.prompt()).status).toBe(0);
    expect((await environment()).AWSH_PROFILE).toBe('dev');
  });

  it('names the unknown profile, and shows all if none is similar', async () => {
    const { shell } = await openSandboxShell('bash', { quick: true });
    shell.skip();
    shell.type('awsh use nosuchthing\r');
    await shell.waitFor(search);
    await shell.settle();
    expect(plainText(shell.received)).toContain('nosuchthing is not a profile; choose one');
    expect(listIn(shell.received).length).toBeGreaterThan(2);
    shell.press('Escape');
    expect((await shell.prompt()).status).toBe(3);
  });

  it('shows distinct profiles in twenty columns', async () => {
    const { shell, sandbox } = await openSandboxShell('bash', { quick: true });
    const sections = ['payments-prod', 'payments-dev'].map(
      (name) => `[profile ${name}]\nsso_account_id = 111122223333\nsso_role_name = Administrator\n`,
    );
    appendFileSync(join(sandbox.home, '.aws/config'), `\n${sections.join('')}`);
    shell.resize(20, 20);
    await openPicker(shell);
    const names = listIn(shell.received).map((line) => line.split(' ')[1]);
    expect(names.filter((name) => name?.startsWith('pa'))).toHaveLength(2);
    expect(new Set(names).size).toBe(names.length);
    shell.press('Escape');
    await shell.prompt();
  });

  it('finds one of 5,000 in forty columns, no line of which is longer', async () => {
    const { shell, sandbox } = await openSandboxShell('bash', { quick: true });
    const sections = Array.from(
      { length: 5000 },
      (_, index) =>
        `[profile company-platform-team-${index}-administrator]\nrole_arn = arn:aws:iam::${100_000_000_000 + index}:role/AdministratorAccess\nsource_profile = demo\nregion = eu-west-1\n`,
    );
    appendFileSync(join(sandbox.home, '.aws/config'), `\n${sections.join('')}`);
    shell.resize(40, 15);
    const from = shell.received.length;
    await openPicker(shell);
    shell.type('team-4321-');
    await shell.waitFor('1 match');
    await shell.settle();
    const lines = plainText(shell.received.slice(from)).match(/^.*[●○] .*$/gm) ?? [];
    expect(lines.at(-1)).toMatch(/● company-platform-team-4321-a.*…$/);
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.filter((line) => line.length > 40)).toEqual([]);
    shell.press('Escape');
    expect((await shell.prompt()).status).toBe(130);
  });

  it('shows nothing of a config file that could change what the terminal shows', async () => {
    const { shell, sandbox } = await openSandboxShell('bash', { quick: true });
    appendFileSync(join(sandbox.home, '.aws/config'), '\n[profile evil]\nsso_account_id = \x1b[2Jowned\n');
    await openPicker(shell);
    expect(shell.received).toContain('evil');
    expect(shell.received).not.toContain('\x1b[2Jowned');
    shell.press('Escape');
    await shell.prompt();
  });

  it.skipIf(!has('fzf'))('is fzf if the setting chooses it', async () => {
    const { shell, environment, sandbox } = await openSandboxShell('bash', { quick: true });
    mkdirSync(join(sandbox.home, '.config/awsh'), { recursive: true });
    writeFileSync(join(sandbox.home, '.config/awsh/config'), 'picker = fzf\n');
    shell.skip();
    shell.type('awsh use\r');
    await shell.waitFor('profile>');
    shell.type('developer');
    await shell.settle(300);
    shell.press('Enter');
    expect((await shell.prompt()).status).toBe(0);
    expect((await environment()).AWSH_PROFILE).toBe('dev');
  });

  it('does not open without a terminal', async () => {
    const { shell } = await openSandboxShell('bash', { quick: true });
    const { shown } = await shell.run(
      'setsid -w "$__awsh_launcher" use 2>&1 </dev/null | cat; echo ${PIPESTATUS[0]}',
    );
    expect(shown).toMatch(/awsh use needs a profile[\s\S]*no terminal[\s\S]*\n2\n/);
  });
});
