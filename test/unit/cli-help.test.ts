import { describe, expect, it } from 'vitest';
import { commandTable } from '../../src/cli/command-table.ts';
import { commandHelp } from '../../src/cli/help-text.ts';
import { commandModules } from '../../src/entry/command-modules.ts';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const shown = commandTable().filter(({ hidden }) => !hidden);

describe('help', () => {
  it.each([[['--help']], [['-h']], [['help']]])('lists every verb for awsh %j', async (args) => {
    const { status, out, err } = await runHere(args, temporaryHome().environment);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    for (const { name } of shown) expect(out).toMatch(new RegExp(`^  ${name}\\b.*  `, 'm'));
    expect(out).not.toContain('_load');
  });

  it.each(shown.map(({ name, example }) => [name, example]))(
    'of %s has an example',
    async (name, example) => {
      const { environment } = temporaryHome();
      const { status, out } = await runHere([name, '--help'], environment);
      expect(status).toBe(0);
      expect(out).toContain(`Example:\n  ${example}\n`);
      expect((await runHere(['help', name], environment)).out).toBe(out);
    },
  );

  it.each(['', ...shown.map(({ name }) => name)])('fits 80 columns: awsh %s --help', async (name) => {
    const args = [name, '--help'].filter(Boolean);
    const { out } = await runHere(args, temporaryHome().environment);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it.each(shown)('wraps at words in 40 columns: awsh $name --help', (row) => {
    const prose = commandHelp(row, { columns: 40, colours: false })
      .split('\n')
      .filter((line) => line !== `  ${row.example}`);
    // A single long word is not broken.
    expect(prose.filter((line) => line.length > 40 && /\S \S/.test(line.slice(4)))).toEqual([]);
  });

  it.each(shown)('fits a screen of 24 rows, with an example first and global options last: $name', (row) => {
    const lines = commandHelp(row, { columns: 80, colours: false }).trimEnd().split('\n');
    expect(lines.length).toBeLessThan(24);
    expect(lines.slice(0, 2)).toEqual(['Example:', `  ${row.example}`]);
    expect(lines.findLastIndex((line) => line.startsWith('Global: '))).toBeGreaterThan(lines.length - 4);
  });

  it.each(shown)('names every option of $name, and explains all with --help-long', async (row) => {
    const { environment } = temporaryHome();
    const options = (row.options ?? []).filter(({ hidden }) => !hidden);
    const short = (await runHere([row.name, '--help'], environment)).out;
    const long = (await runHere([row.name, '--help-long'], environment)).out.replace(/\s+/g, ' ');
    for (const { long: name, summary } of options) {
      expect(short).toContain(`--${name}`);
      expect(long).toContain(summary);
    }
    expect(long).toContain('Global options:');
    expect(long).toContain('--file-dir DIR folder of the file backend');
  });

  it('without a verb fits 24 rows, and names every verb', async () => {
    const { out } = await runHere([], temporaryHome().environment);
    expect(out.trimEnd().split('\n').length).toBeLessThan(24);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    for (const { name } of shown) expect(out).toMatch(new RegExp(`\\b${name}\\b`));
  });

  it('is shown even with invalid words', async () => {
    expect(await runHere(['add', '--no-such', '--help'], temporaryHome().environment)).toMatchObject({
      status: 0,
      err: '',
    });
  });

  it('after -- belongs to the command', async () => {
    const { out, status } = await runHere(
      ['exec', 'nobody', '--', 'ls', '--help'],
      temporaryHome().environment,
    );
    expect(out).toBe('');
    expect(status).not.toBe(0);
  });
});

it('prints the version', async () => {
  expect(await runHere(['--version'], temporaryHome().environment)).toMatchObject({
    status: 0,
    out: expect.stringMatching(/^awsh \d+\.\d+\.\d+/),
  });
});

it('each verb of the table has a file, and each file a row', () => {
  expect(Object.keys(commandModules).sort()).toEqual(
    commandTable()
      .map(({ name }) => name)
      .sort(),
  );
});
