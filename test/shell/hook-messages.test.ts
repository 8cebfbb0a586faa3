import { describe, expect, it } from 'vitest';
import { emptyReply, loadedReply } from '../support/hook-package.ts';
import { hookShells, openHookShell } from '../support/hook-shell.ts';

const reason = 'dev is not loaded: AWS could not be reached within ten seconds, and nothing was changed';
const arn = `arn:aws:iam::111122223333:role/${'very-long-'.repeat(9)}name`;
const wide = '漢字漢字 漢字漢字漢字 漢字漢字 漢字漢字漢字 漢字漢字';

async function shown(
  name: (typeof hookShells)[number],
  columns: number,
  text: string,
  next = 'awsh refresh',
) {
  const shell = await openHookShell(name, {
    columns,
    environment: { LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' },
    prepare: (_, kit) => kit.answer('dev', emptyReply('blocked', 'blocked', { reason: text, next })),
  });
  const { shown: all } = await shell.run('cd dev');
  return all.slice(0, all.lastIndexOf('\n')).split('\n');
}

/** The width of a line in columns, with wide characters as two. */
const width = (line: string) => [...line].reduce((sum, letter) => sum + (/[漢字]/.test(letter) ? 2 : 1), 0);

describe.each(hookShells)('a message of the hook in %s', (name) => {
  it.each([20, 27, 40, 80, 200])('breaks between words in a terminal of %i columns', async (columns) => {
    const lines = await shown(name, columns, reason);
    expect(lines[0]).toMatch(/^awsh: AWS/);
    expect(lines.at(-1)).toBe('  next: awsh refresh');
    expect(Math.max(...lines.map(width))).toBeLessThanOrEqual(columns);
    const words = lines.join(' ').split(/\s+/);
    expect(words.join(' ')).toBe(`awsh: AWS is blocked in this shell why: ${reason} next: awsh refresh`);
  });

  it('keeps a word whole that is longer than a line, and a longer command', async () => {
    const next = `awsh add ${'p'.repeat(50)}`;
    const shell = await openHookShell(name, {
      columns: 300,
      prepare: (_, kit) =>
        kit.answer('dev', emptyReply('blocked', 'blocked', { reason: `not ${arn} at all`, next })),
    });
    const { shown: all } = await shell.run('COLUMNS=40; cd dev');
    expect(all).toContain(`\n  why:\n    not\n    ${arn}\n    at all\n  next: ${next}\n`);
  });

  it('counts wide letters as two columns', async () => {
    const lines = await shown(name, 40, wide);
    expect(Math.max(...lines.map(width))).toBeLessThanOrEqual(40);
    expect(lines.join(' ')).toContain('漢字漢字漢字');
  });

  // zsh and fish force COLUMNS to be a number.
  it.runIf(name === 'bash')('is of 80 columns where COLUMNS is no number of columns', async () => {
    const shell = await openHookShell(name, {
      columns: 300,
      prepare: (_, kit) => kit.answer('dev', emptyReply('blocked', 'blocked', { reason })),
    });
    const { shown: all } = await shell.run("COLUMNS='a[$(touch ~/pwned)]'; cd dev; ls ~");
    expect(all).not.toContain('pwned');
    expect(Math.max(...all.split('\n').map(width))).toBeLessThanOrEqual(80);
  });

  it('is printed once while only the clock asks, and disappears when the profile is loaded', async () => {
    const shell = await openHookShell(name, {
      prepare: (_, kit) => kit.answer('dev', emptyReply('wait', 'wait', { reason })),
      environment: { AWSH_AGENT: undefined },
    });
    expect((await shell.run('cd dev')).shown).toContain('why:');
    expect((await shell.run(':')).shown).not.toContain('why:');
    shell.kit.answer('dev', loadedReply('dev'));
    expect((await shell.run(':')).shown).not.toContain('why:');
    expect(await shell.output('echo "[$__awsh_state]"')).toBe('[]');
  });
});
