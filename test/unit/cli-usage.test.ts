import { describe, expect, it } from 'vitest';
import { findCommand } from '../../src/cli/command-table.ts';
import { parseCommand } from '../../src/cli/parse-command.ts';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

describe('an invalid command line', () => {
  it.each([
    [
      'an unknown verb',
      ['lits'],
      /no command lits\n {2}why: {2}did you mean .*list.*\?\n {2}next: awsh list\n$/,
    ],
    [
      'an unknown option',
      ['list', '--jsn'],
      /no option --jsn\n {2}why: {2}did you mean --json\?\n {2}next: awsh list --help/,
    ],
    ['an unknown letter', ['list', '-fx'], /no option -f/],
    ['a missing argument', ['add'], /PROFILE is missing/],
    ['an argument too many', ['add', 'work', 'AKIAIOSFODNN7EXAMPLE'], /add takes one argument, not 2/],
    ['an argument where there is none', ['list', 'work'], /list takes no argument/],
    [
      'a value that is not allowed',
      ['export', 'work', '--format', 'xml'],
      /--format cannot be "xml"\n {2}why: {2}it is one of: env,/,
    ],
    [
      'an argument that is not allowed',
      ['hook', 'nu'],
      /SHELL cannot be "nu"\n {2}why: {2}it is one of: bash, zsh/,
    ],
    [
      'a mistyped action',
      ['sso', 'lgin', 'corp', '--no-browser'],
      /ACTION cannot be "lgin"\n {2}why: {2}did you mean login\?\n {2}next: awsh sso login corp --no-browser\n$/,
    ],
    [
      'a mistyped value',
      ['export', 'work', '--format=jsno'],
      /did you mean json\?\n {2}next: awsh export work --format=json\n$/,
    ],
    ['a mistyped verb and a key', ['ad', 'work', 'AKIAIOSFODNN7EXAMPLE'], /next: awsh add --help\n$/],
    ['a mistyped action and a key', ['agent', 'strat', 'AKIAIOSFODNN7EXAMPLE'], /next: awsh agent --help\n$/],
    ['a missing value', ['export', 'work', '--format'], /--format needs a value/],
    ['a value for a switch', ['list', '--json=yes'], /--json takes no value/],
    ['a backend that there is not', ['list', '--backend', 'kwallet'], /--backend.*kwallet/],
    ['control characters', ['\x1b[31mred'], /no command \?\[31mred/],
    ['control characters in an option', ['list', '--\x1b[31mred'], /no option --\?\[31mred/],
  ])('with %s exits with 2 and prints the reason only on stderr', async (_, args, message) => {
    const { status, out, err } = await runHere(args, temporaryHome().environment);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(message);
    expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(3);
    expect(err).not.toContain('AKIA');
  });
});

describe('global options', () => {
  it.each([
    [['--backend', 'file', 'config', 'aws', '--json']],
    [['config', '--backend=file', 'aws', '--json']],
    [['config', 'aws', '--json', '--debug']],
  ])('are accepted before and after the verb: %j', async (args) => {
    const home = temporaryHome();
    home.write('.aws/config', '[profile dev]\nregion = eu-west-1\n');
    const { status, out } = await runHere(args, home.environment);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual({
      profiles: { dev: { region: 'eu-west-1' } },
      ssoSessions: {},
      services: {},
      warnings: [],
    });
  });
});

describe('config aws', () => {
  it('names file and line of a malformed file, and exits with 2', async () => {
    const home = temporaryHome();
    const file = home.write('.aws/config', '[profile dev]\nregion\n');
    const { status, out, err } = await runHere(['config', 'aws', '--json'], home.environment);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toContain(`${file}:2`);
  });

  it('shows nested properties as objects, and a profile called __proto__', async () => {
    const home = temporaryHome();
    home.write('.aws/config', '[profile __proto__]\ns3 =\n  max_queue_size = 10\n');
    const { out } = await runHere(['config', 'aws', '--json'], home.environment);
    expect(out).toContain('"__proto__": {\n      "s3": {\n        "max_queue_size": "10"');
  });
});

describe('options', () => {
  const parsed = (...words: string[]) => {
    const row = findCommand('exec');
    if (row === null) throw new RangeError('there is no exec');
    return parseCommand(row, {
      verb: 'exec',
      row,
      words,
      wordsBeforeVerb: 0,
      command: null,
      commandOffset: 0,
    }).input;
  };

  it.each([
    [['-d', '1h', 'work']],
    [['-d1h', 'work']],
    [['--duration', '1h', 'work']],
    [['--duration=1h', 'work']],
    [['work', '-nd', '1h']],
    [['-d', '5m', '-d', '1h', 'work']],
  ])('accept their value as %j', (words) => {
    expect(parsed(...words).value('duration')).toBe('1h');
    expect(parsed(...words).argument('PROFILE')).toBe('work');
    expect(parsed(...words).flag('no-session')).toBe(words.includes('-nd'));
  });

  it('accept a value that begins with a dash', () => {
    expect(parsed('--region', '-x', 'work').value('region')).toBe('-x');
  });

  it('are unknown under a name that is not in the table', () => {
    expect(() => parsed('work').flag('session')).toThrow('no option --session');
    expect(() => parsed('work').argument('DIR')).toThrow('no argument DIR');
  });
});

describe('words without a verb', () => {
  const home = () => {
    const made = temporaryHome();
    made.write('.aws/config', '[profile dev]\nregion = eu-west-1\n[profile "two words"]\n');
    return made.environment;
  };

  it.each([
    [['--bogus'], /no option --bogus\n {2}why: .*\n {2}next: awsh --help/],
    [['-x'], /no option -x/],
    [['--backnd', 'file'], /no option --backnd/],
    [['--debug', '--bogus'], /no option --bogus/],
    [['dev'], /no command dev\n {2}why: {2}it is the name of a profile\n {2}next: awsh use dev\n$/],
    [['Dev'], /no command Dev\n {2}why: {2}there is a profile dev\n {2}next: awsh use dev\n$/],
    [['devv', '--', 'true'], /there is a profile dev\n {2}next: awsh exec dev -- true\n$/],
    [['lst'], /did you mean .*list/],
    [['ecec', 'dev', '--', 'aws', 's3', 'ls'], /\n {2}next: awsh exec dev -- aws s3 ls\n$/],
    [['nonsense'], /no similar|similar name\n {2}next: awsh --help\n$/],
    [
      ['--profile', 'exec', 'dev', '--', 'true'],
      /--profile needs the name.*\n.*exec is a command.*\n {2}next: awsh exec --help\n$/,
    ],
    [['--profile', 'list'], /--profile needs the name.*\n.*\n {2}next: awsh list --help\n$/],
    [['--profile', 'dev'], /no command with --profile dev\n.*\n {2}next: awsh use dev\n$/],
    [['two words'], /next: awsh use 'two words'\n$/],
    [['dev', '--', 'aws', 's3', 'ls'], /next: awsh exec dev -- aws s3 ls\n$/],
    [['--profile', 'dev', 'list'], /list takes no --profile/],
    [
      ['--profile', 'dev', 'export', 'prod'],
      /--profile is "dev", but the argument names another profile\n.*\n {2}next: awsh export prod\n$/,
    ],
  ])('%j exit with 2 and print the next command', async (args, message) => {
    const { status, out, err } = await runHere(args, home());
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toMatch(message);
  });

  it.each([
    [['--profile', 'dev', 'exec', 'two words', '--', 'aws', 's3'], "awsh exec 'two words' -- aws s3"],
    [['exec', '--profile=two words', 'dev'], 'awsh exec dev'],
    [['exec', '--profile', 'dev', 'dev', '--', 'true'], 'awsh exec dev -- true'],
  ])('%j name two profiles for exec: the next command has the last', async (args, next) => {
    const { status, err } = await runHere(args, { ...home(), AWSH_REPLY_FD: '3' });
    expect(status).toBe(2);
    expect(err).toMatch(/--profile is "(?:dev|two words)", and "(?:dev|two words)" is a profile, too\n/);
    expect(err).toContain(`\n  next: ${next}\n`);
  });

  it.each([['--version'], ['-v'], ['-V'], ['version']])('%s prints the version', async (word) => {
    const { status, out } = await runHere([word], home());
    expect({ status, out }).toEqual({ status: 0, out: expect.stringMatching(/^awsh \d+\.\d+\.\d+\n$/) });
    if (word !== 'version') expect((await runHere(['export', word], home())).out).toBe(out);
  });

  it('--help-long shows every verb with its options', async () => {
    const { status, out } = await runHere(['--help-long'], home());
    expect(status).toBe(0);
    expect(out).toMatch(/--no-session[\s\S]*--older-than/);
  });

  it.each(['bash', 'zsh'])('--completion-script-%s prints what completion prints', async (shell) => {
    const { out } = await runHere([`--completion-script-${shell}`], home());
    expect(out).toBe((await runHere(['completion', shell], home())).out);
  });

  it.each([[['--profile', 'work']], [['--profile=work', '-n']], [['--profile', 'work', 'work']]])(
    '--profile stands for the PROFILE of the verb: %j',
    (words) => {
      const row = findCommand('exec');
      if (row === null) throw new RangeError('there is no exec');
      const line = { verb: 'exec', row, words, wordsBeforeVerb: 0, command: null, commandOffset: 0 };
      expect(parseCommand(row, line).input.argument('PROFILE')).toBe('work');
    },
  );
});

describe('a switch with no- before it', () => {
  it.each([
    [['--server', '--no-server'], 'server', false],
    [['--no-server', '--server'], 'server', true],
    [['--no-session', '--no-no-session'], 'no-session', false],
    [['--no-debug'], 'server', false],
  ] as const)('takes it back, as in aws-vault: %j', (words, flag, expected) => {
    const row = findCommand('exec');
    if (row === null) throw new RangeError('there is no exec');
    const line = {
      verb: 'exec',
      row,
      words: ['work', ...words],
      wordsBeforeVerb: 0,
      command: null,
      commandOffset: 0,
    };
    expect(parseCommand(row, line).input.flag(flag)).toBe(expected);
  });

  it.each(['--no-region', '--no-bogus', '--no-server=x'])(
    'is no option where there is none: %s',
    async (word) => {
      expect((await runHere(['exec', 'work', word], temporaryHome().environment)).status).toBe(2);
    },
  );
});
