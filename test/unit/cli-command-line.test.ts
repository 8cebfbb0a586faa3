import { describe, expect, it } from 'vitest';
import { cutCommandLine } from '../../src/cli/command-line.ts';
import { findCommand } from '../../src/cli/command-table.ts';

const cut = (line: string) => cutCommandLine(line.split(' '), findCommand);

describe('the start of the command of exec', () => {
  it.each([
    ['exec work -- env', ['work'], ['env'], 4],
    ['exec work -- env -- --json', ['work'], ['env', '--', '--json'], 4],
    ['exec -- env', [], ['env'], 3],
    [
      '--debug --backend file exec -n work -- env',
      ['--debug', '--backend', 'file', '-n', 'work'],
      ['env'],
      8,
    ],
    ['exec -d 1h work -- env', ['-d', '1h', 'work'], ['env'], 6],
    ['exec -nd 1h work env', ['-nd', '1h', 'work'], ['env'], 5],
    ['exec -d1h work env', ['-d1h', 'work'], ['env'], 4],
    ['exec --duration=1h work env -n', ['--duration=1h', 'work'], ['env', '-n'], 4],
    [
      'exec work --region eu-west-1 aws s3 ls --recursive',
      ['work', '--region', 'eu-west-1'],
      ['aws', 's3', 'ls', '--recursive'],
      5,
    ],
    ['--profile work exec env', ['--profile', 'work'], ['env'], 4],
    ['--profile work exec -- env', ['--profile', 'work'], ['env'], 5],
    ['exec --profile=work -n env work', ['--profile=work', '-n'], ['env', 'work'], 4],
    ['-- exec work -- env', ['work'], ['env'], 5],
    ['--debug -- exec -- work', ['--debug'], ['work'], 5],
    ['exec work', ['work'], null, 0],
    ['exec work --', ['work'], null, 4],
  ])('%s', (line, words, command, commandOffset) => {
    expect(cut(line)).toMatchObject({ verb: 'exec', words, command, ...(command && { commandOffset }) });
  });

  it('does not exist for a verb without a command', () => {
    expect(cut('list -- --json')).toMatchObject({ verb: 'list', words: ['--', '--json'], command: null });
  });

  it('is not looked for after an unknown verb', () => {
    expect(cut('--debug lst -x')).toMatchObject({ verb: 'lst', row: null, words: ['--debug', '-x'] });
  });
});
