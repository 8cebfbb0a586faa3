import { describe, expect, it } from 'vitest';
import { errorStatus, errorText } from '../../src/cli/error-text.ts';
import { plainLook } from '../../src/cli/look.ts';
import { ReaderGoneError, streamOutput } from '../../src/cli/output.ts';
import { showWhile } from '../../src/cli/show-while.ts';
import { tableText } from '../../src/cli/table-text.ts';
import { labelled, wrapWords } from '../../src/cli/wrapped-text.ts';
import { UsageError, VaultError, withHomeShort } from '../../src/system/index.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const plain = { isTerminal: false, colours: false, columns: 80 };
const colourful = { isTerminal: true, colours: true, columns: 80 };

describe('an error', () => {
  it('is three lines: what, why and the next command', async () => {
    const error = new UsageError('it is wrong', 'because', 'awsh list');
    expect(await errorText(error, false, plain)).toBe(
      'awsh: it is wrong\n  why:  because\n  next: awsh list',
    );
    expect(errorStatus(error)).toBe(2);
  });

  it('is wrapped at a terminal, except the command, so that it can be copied', async () => {
    const narrow = { isTerminal: true, colours: false, columns: 40 };
    const next = 'awsh add a-profile-with-a-long-name-indeed --env';
    const error = new UsageError(
      'no key is stored for the profile that was named',
      'nobody has stored one yet here',
      next,
    );
    expect(await errorText(error, false, narrow)).toBe(
      `awsh: no key is stored for the profile
  that was named
  why:  nobody has stored one yet here
  next: ${next}`,
    );
  });

  it('is coloured only at a terminal', async () => {
    expect(await errorText(new UsageError('wrong'), false, colourful)).toContain('\x1b[');
  });

  it('shows the stack with --debug', async () => {
    const cause = new TypeError('x is not a function');
    const text = await errorText(new VaultError('locked', undefined, undefined, cause), true, plain);
    expect(text).toMatch(/ {4}at .*cli-output\.test/);
    expect(text).toContain('caused by: internal error: TypeError: x is not a function');
    expect(await errorText(cause, false, plain)).not.toMatch(/ at /);
  });

  it('shows no stack for a mistake of the user', async () => {
    expect(await errorText(new UsageError('wrong'), true, plain)).toBe('awsh: wrong');
  });

  it.each([
    ['text that could not be parsed', () => JSON.parse('hunter2 is the secret')],
    ['an argument that Node refused', () => Buffer.from(Object('hunter2') as never, 'hunter2' as never)],
    ['the entries of a map', () => new Map(['hunter2'] as never)],
    ['a text that was taken for an object', () => 'key' in ('hunter2' as never)],
    ['a text that a property was set on', () => Object.assign('hunter2', { length: 1 })],
    [
      'the output of a program',
      () => {
        throw Object.assign(new Error('failed: hunter2'), { stdout: 'hunter2' });
      },
    ],
    [
      'the arguments of a program',
      () => {
        throw Object.assign(new Error('spawn hunter2'), {
          errno: -2,
          syscall: 'spawn',
          spawnargs: ['hunter2'],
        });
      },
    ],
    [
      'a thrown string',
      () => {
        throw 'hunter2';
      },
    ],
  ])('that is not awsh’s own never shows %s', async (_, work) => {
    try {
      work();
    } catch (error) {
      for (const debug of [false, true])
        expect(await errorText(error, debug, plain)).not.toContain('hunter2');
      expect(await errorText(error, false, plain)).toMatch(/^awsh: internal error/);
      expect(errorStatus(error)).toBe(1);
    }
  });

  it('of the operating system shows the system’s reason', async () => {
    const error = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      errno: -28,
      syscall: 'write',
      code: 'ENOSPC',
    });
    expect(await errorText(error, false, plain)).toBe(
      'awsh: could not write\n  why:  the disk is full\n  next: df -h /',
    );
  });
});

describe('colours', () => {
  const stream = (isTTY: boolean) => ({ isTTY, columns: 300, write: () => true, on: () => undefined });
  it.each([
    ['at a terminal', true, {}, true],
    ['in a pipe', false, {}, false],
    ['with NO_COLOR', true, { NO_COLOR: '1' }, false],
    ['with an empty NO_COLOR', true, { NO_COLOR: '' }, true],
    ['on a dumb terminal', true, { TERM: 'dumb' }, false],
  ])('%s', (_, isTTY, environment, colours) => {
    expect(streamOutput(stream(isTTY), stream(isTTY), environment).stdout).toMatchObject({
      colours,
      columns: 300,
    });
  });
});

describe('work in progress', () => {
  const to = (stream: { isTTY: boolean; columns: number }, environment = {}) => {
    let text = '';
    const write = (piece: string, done?: () => void) => {
      text += piece;
      done?.();
      return true;
    };
    const both = { ...stream, write, on: () => undefined };
    return { output: streamOutput(both, both, environment), shown: () => text };
  };

  it('is shown on a terminal until the next output', async () => {
    const { output, shown } = to({ isTTY: true, columns: 20 });
    output.passing('one');
    output.passing('x'.repeat(40));
    output.tell('done');
    output.passing('two');
    await output.print('answer\n');
    expect(shown()).toBe(`one\r\x1b[K${'x'.repeat(18)}…\r\x1b[Kdone\ntwo\r\x1b[Kanswer\n`);
  });

  it.each([
    ['in a pipe', { isTTY: false, columns: 80 }, {}],
    ['on a dumb terminal', { isTTY: true, columns: 80 }, { TERM: 'dumb' }],
  ])('is not shown %s', (_, stream, environment) => {
    const { output, shown } = to(stream, environment);
    output.passing('one');
    output.tell('done');
    expect(shown()).toBe('done\n');
  });

  it('is not shown if it is short, and is removed if it fails', async () => {
    const { output, shown } = to({ isTTY: true, columns: 80 });
    expect(await showWhile(output, 'soon', async () => 1)).toBe(1);
    expect(shown()).toBe('');
    const slow = showWhile(output, 'slow', async () => {
      await new Promise((resolve) => setTimeout(resolve, 600));
      throw new Error('no');
    });
    await expect(slow).rejects.toThrow('no');
    expect(shown()).toBe('slow\r\x1b[K');
  });
});

it('a reader that closes its end is not an error', async () => {
  const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
  const stdout = {
    write: (_: string, done?: (error: Error) => void) => {
      done?.(gone);
      return false;
    },
    on: () => undefined,
  };
  await expect(streamOutput(stdout, stdout, {}).print('x')).rejects.toBeInstanceOf(ReaderGoneError);
});

describe('a table', () => {
  it('has columns as wide as their cells, without trailing spaces', () => {
    expect(
      tableText(
        ['NAME', 'X'],
        [
          ['a', ''],
          ['longer', '1'],
        ],
      ),
    ).toBe('NAME    X\na\nlonger  1\n');
  });

  const at = (room: number) => ({ ...plainLook, room });

  it('cuts its widest column to fit', () => {
    const text = tableText(['NAME', 'ROLE'], [['dev', 'R'.repeat(90)]], at(40));
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBe(40);
    expect(text).toContain('R…');
  });

  it('prints whole lines to a pipe', () => {
    expect(tableText(['NAME', 'ROLE'], [['dev', 'R'.repeat(900)]])).toContain('R'.repeat(900));
  });

  it('drops empty columns before it cuts one', () => {
    const row = ['dev', '-', 'R'.repeat(30), ''];
    expect(tableText(['NAME', 'ACCOUNT', 'ROLE', 'KEY'], [row], at(40))).toBe(
      `NAME  ROLE\ndev   ${'R'.repeat(30)}\n`,
    );
  });

  it('never cuts the name of a row: if it does not fit, each row becomes a block', () => {
    const name = 'a-profile-with-a-very-long-name-of-forty-two';
    const rows = [
      [name, '111122223333', '-', '42m'],
      ['b', '-', 'Developer', '-'],
    ];
    expect(tableText(['PROFILE', 'ACCOUNT', 'ROLE', 'SESSION'], rows, at(40))).toBe(
      `${name}
  account  111122223333
  session  42m
b
  role     Developer
`,
    );
  });

  it('puts a long name above its row', () => {
    const name = 'a-profile-with-a-very-long-name-of-forty-two';
    const rows = [
      [name, '111122223333', 'Developer'],
      ['b', '444455556666', '-'],
    ];
    expect(tableText(['PROFILE', 'ACCOUNT', 'ROLE'], rows, at(60))).toBe(
      `PROFILE                              ACCOUNT       ROLE
${name}
                                     111122223333  Developer
b                                    444455556666  -
`,
    );
  });

  it('uses the width of characters', () => {
    expect(
      tableText(
        ['NAME', 'X'],
        [
          ['会社', '1'],
          ['e\u0301', '2'],
        ],
      ),
    ).toBe('NAME  X\n会社  1\ne\u0301     2\n');
  });

  it('keeps control characters from the terminal', () => {
    expect(tableText(['N'], [['\x1b[31mred\nline']])).toBe('N\n?[31mred?line\n');
  });
});

describe('a label and its text', () => {
  const at = (room: number) => ({ ...plainLook, room });
  const arn = 'arn:aws:iam::111122223333:role/Developer';

  it.each([
    [
      'wraps beside it',
      'one two three four five six seven',
      40,
      'note      one two three four five six\n          seven',
    ],
    [
      'in one line where nobody shows it',
      'word '.repeat(99).trim(),
      Number.POSITIVE_INFINITY,
      `note      ${'word '.repeat(99).trim()}`,
    ],
    ['stands below it where a word does not fit', arn, 40, `note\n  ${arn}`],
    ['is never broken within a word', `role ${arn}x`, 30, `note\n  role\n  ${arn}x`],
  ])('%s', (_, text, room, shown) => {
    expect(labelled('note', text, 10, at(room)).join('\n')).toBe(shown);
  });

  it('keeps every word', () => {
    expect(wrapWords('a  b c', 3).join(' ')).toBe('a  b c');
  });
});

describe('a path below the home', () => {
  it('is shown with ~ in an error of any command, and in a warning', async () => {
    const home = temporaryHome();
    home.write('.aws/config', '[profile dev]\nregion = eu-west-1\n  odd\n');
    const { err } = await runInstalled(['exec', 'nobody', '--', 'true'], home.environment);
    expect(err).toContain('no profile "nobody" in ~/.aws/config');
    expect(err).not.toContain(home.path);
  });

  it.each([
    ['/home/me/a is odd', '~/a is odd'],
    ['odd (/home/me/a:3), as /home/me/b', 'odd (~/a:3), as ~/b'],
    // A shell would not expand these.
    [`ls '/home/me/two words'`, `ls '/home/me/two words'`],
    ['--file=/home/me/a', '--file=/home/me/a'],
    ['/mnt/home/me/a and /home/mead/b', '/mnt/home/me/a and /home/mead/b'],
  ])('%s is %s', (text, shown) => {
    expect(withHomeShort(text, '/home/me')).toBe(shown);
    expect(withHomeShort(text, undefined)).toBe(text);
    expect(withHomeShort(text, '/')).toBe(text);
  });
});
