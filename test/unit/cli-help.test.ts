import { describe, expect, it } from 'vitest';
import { commandTable } from '../../src/cli/command-table.ts';
import { commandHelp } from '../../src/cli/help-text.ts';
import { commandModules } from '../../src/entry/command-modules.ts';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const shown = commandTable.filter(({ hidden }) => !hidden);

describe('help', () => {
  it.each([[[]], [['--help']], [['-h']], [['help']]])('lists every verb for awsh %j', async (args) => {
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

  it.each(shown)('wraps at words in 40 columns: awsh $name --help', async (row) => {
    const prose = (await commandHelp(row, { columns: 40, colours: false }))
      .split('\n')
      .filter((line) => line !== `  ${row.example}`);
    // A single long word stays whole.
    expect(prose.filter((line) => line.length > 40 && /\S \S/.test(line.slice(4)))).toEqual([]);
  });

  it('is shown even beside wrong words', async () => {
    expect(await runHere(['add', '--no-such', '--help'], temporaryHome().environment)).toMatchObject({
      status: 0,
      err: '',
    });
  });

  it('is not ours to give after --', async () => {
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

it('has a file for each verb of the table, and a row for each file', () => {
  expect(Object.keys(commandModules).sort()).toEqual(commandTable.map(({ name }) => name).sort());
});
