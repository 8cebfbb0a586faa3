import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadingLine, withBlock, withoutBlock } from '../../src/commands/rc-block.ts';
import { rcPaths } from '../../src/commands/rc-places.ts';
import { shellToSetUp } from '../../src/commands/setup-shell.ts';
import { has } from '../support/programs.ts';
import { packageFolder, runHere, runInstalled } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { openTerminal } from '../support/terminal.ts';

const line = loadingLine('bash', '/opt/awsh');

describe('the block in an rc file', () => {
  it.each([
    ['a file that ends well', 'alias ll="ls -l"\n'],
    ['no final newline', 'alias ll="ls -l"'],
    ['an empty file', ''],
    ['only a newline', '\n'],
    ['blank lines at the end', 'a\n\n\n'],
    ['CRLF', 'a\r\nb\r\n'],
    ['bytes that are not UTF-8', 'caf\xe9\n'],
    ['other tools’ blocks', '# >>> conda initialize >>>\nx\n# <<< conda initialize <<<\n'],
  ])('is added and removed without a trace: %s', (_, text) => {
    const added = withBlock(text, line);
    expect(added.startsWith(text)).toBe(true);
    expect(withBlock(added, line)).toBe(added);
    expect(withoutBlock(added)).toBe(text);
  });

  it('is added and removed without a trace, in any file', () => {
    const anyText = fc.string({ unit: fc.constantFrom('a', '#', ' ', '\n', '\r', '\t', '\xff', '>') });
    fc.assert(fc.property(anyText, (text) => withoutBlock(withBlock(text, line)) === text));
  });

  it('removes a file that contained only the block', () => {
    expect(withoutBlock(withBlock(null, line))).toBeNull();
    expect(withoutBlock(`${withBlock(null, line)}mine\n`)).toBe('mine\n');
  });

  it('keeps text that was added after it', () => {
    expect(withoutBlock(`${withBlock('a', line)}b\n`)).toBe('a\nb\n');
  });

  it('is replaced in its place if the package has moved', () => {
    const moved = withBlock(`${withBlock('a\n', line)}b\n`, loadingLine('bash', '/elsewhere'));
    expect(moved).toMatch(/^a\n# >>> awsh >>>\n[\s\S]*\/elsewhere[\s\S]*# <<< awsh <<<\nb\n$/);
    expect(moved).not.toContain('/opt/awsh');
  });

  it.each([
    ['no end', '# >>> awsh >>>\n'],
    ['no beginning', '# <<< awsh <<<\n'],
    ['two blocks', withBlock('', line).repeat(2)],
    ['end before beginning', '# <<< awsh <<<\n# >>> awsh >>>\n'],
  ])('is refused if the markers have %s', (_, text) => {
    expect(() => withBlock(text, line)).toThrow('do not form one block');
    expect(() => withoutBlock(text)).toThrow('do not form one block');
  });

  it('replaces the block of an older awsh', () => {
    const old =
      '# >>> awsh >>>\n# Added long ago.\nsource /old/awsh.bash\nsource /old/more\n# <<< awsh <<<\n';
    const now = withBlock(`a\n${old}b\n`, line);
    expect(now).toBe(`a\n${withBlock('', line)}b\n`);
    expect(withBlock(now, line)).toBe(now);
  });

  it('is found if another program has changed the file’s line ends', () => {
    const text = withBlock('a\n', line).replaceAll('\n', '\r\n');
    expect(withoutBlock(text)).toBe('a\r\n');
  });

  it.each([
    ['zsh', `if [ -r '/it'\\''s $(here)/shell/rc.zsh' ]; then . '/it'\\''s $(here)/shell/rc.zsh'; fi`],
    ['fish', `if test -r '/it\\'s $(here)/shell/rc.fish'; source '/it\\'s $(here)/shell/rc.fish'; end`],
  ] as const)('quotes the path for %s', (shell, expected) => {
    expect(loadingLine(shell, "/it's $(here)")).toBe(expected);
  });

  it.each(['bash', 'zsh', 'fish'] as const)('names a file below the home by $HOME in %s', (shell) => {
    expect(loadingLine(shell, '/home/x/.local/awsh', '/home/x')).toContain(
      `"$HOME/.local/awsh/shell/rc.${shell}"`,
    );
    expect(loadingLine(shell, "/home/x/it's", '/home/x')).toContain(`"$HOME"/'it`);
    expect(loadingLine(shell, '/data/awsh', '/home/x')).toContain(`/data/awsh/shell/rc.${shell}`);
  });
});

describe('the files that a shell reads', () => {
  const sources = '# ~/.profile\nif [ -f ~/.bashrc ]; then\n  . "$HOME/.bashrc"\nfi\n';
  it.each([
    [{}, ['.bashrc', '.bash_profile']],
    [{ '.bashrc': '' }, ['.bashrc', '.bash_profile']],
    [{ '.profile': sources }, ['.bashrc']],
    [{ '.bashrc': '', '.profile': sources }, ['.bashrc']],
    [{ '.profile': 'export A=1\n' }, ['.bashrc', '.profile']],
    [{ '.bashrc': '', '.bash_profile': 'export A=1\n' }, ['.bashrc', '.bash_profile']],
    [{ '.bashrc': '', '.bash_profile': '# not ~/.bashrc\n' }, ['.bashrc', '.bash_profile']],
    [{ '.bash_profile': 'export A=1\n', '.profile': sources }, ['.bashrc', '.bash_profile']],
    [{ '.bash_login': 'a\n', '.profile': sources }, ['.bashrc', '.bash_login']],
    [{ '.bash_profile': sources }, ['.bashrc']],
  ] as const)('bash in a home with %j', (files, expected) => {
    const home = temporaryHome();
    for (const [name, text] of Object.entries(files)) home.write(name, text);
    const paths = rcPaths('bash', { environment: home.environment, home: home.path });
    expect(paths).toEqual(expected.map((name) => join(home.path, name)));
  });

  it.each([
    ['zsh', {}, '/home/me/.zshrc'],
    ['zsh', { ZDOTDIR: '/home/me/.config/zsh' }, '/home/me/.config/zsh/.zshrc'],
    ['fish', {}, '/home/me/.config/fish/conf.d/awsh.fish'],
    ['fish', { XDG_CONFIG_HOME: '/xdg' }, '/xdg/fish/conf.d/awsh.fish'],
  ] as const)('%s with %j', (shell, environment, expected) => {
    expect(rcPaths(shell, { environment, home: '/home/me' })).toEqual([expected]);
  });

  it.skipIf(!has('zsh'))(
    'for zsh, if ~/.zshenv sets ZDOTDIR without exporting it and prints other text',
    () => {
      const home = temporaryHome();
      home.write('.zshenv', 'ZDOTDIR=$HOME/zsh; echo hello; print -n there\n');
      const place = { environment: home.environment, home: home.path } as const;
      expect(rcPaths('zsh', place)).toEqual([join(home.path, 'zsh/.zshrc')]);
    },
  );
});

it.each([
  ['the login shell, from a script', undefined, '/bin/zsh', ['bash', 'install.sh'], 'zsh', null],
  ['the login shell, from sh -c', undefined, '/bin/zsh', ['/bin/sh', '-c', 'awsh setup'], 'zsh', null],
  ['the login shell, from bash -lc', undefined, '/bin/zsh', ['bash', '-lc', 'awsh setup'], 'zsh', null],
  ['the login shell, from a program', undefined, '/usr/bin/fish', ['node', 'x.js'], 'fish', null],
  ['the login shell, where nothing is known', undefined, '/bin/bash', null, 'bash', null],
  ['the shell that is typed into', undefined, '/bin/bash', ['fish'], 'fish', 'bash'],
  ['a login shell that is typed into', undefined, '/bin/zsh', ['-zsh'], 'zsh', null],
  ['one of several versions', undefined, '/bin/zsh', ['/opt/bash-3.2'], 'bash', 'zsh'],
  ['one with options', undefined, '/bin/zsh', ['/usr/bin/bash', '--init-file', '/x/y', '-i'], 'bash', 'zsh'],
  ['the one that is asked for', 'zsh', '/bin/bash', ['fish'], 'zsh', null],
  ['where the login shell has no hook', undefined, '/usr/bin/nu', ['zsh', '-i'], 'zsh', null],
] as const)('sets up %s', (_, asked, SHELL, parent, shell, other) => {
  expect(shellToSetUp(asked, { SHELL }, parent)).toEqual({ shell, other });
});

describe('awsh setup', () => {
  it('keeps the mode and a symbolic link, and changes nothing the second time', async () => {
    const home = temporaryHome();
    const target = home.write('dotfiles/bashrc', 'alias a=b\n', 0o600);
    chmodSync(target, 0o640);
    symlinkSync('dotfiles/bashrc', join(home.path, '.bashrc'));
    const environment = { ...home.environment, SHELL: '/usr/bin/bash' };
    expect(await runHere(['setup', '--yes'], environment)).toMatchObject({ status: 0 });
    expect(readFileSync(target, 'utf8')).toContain('"$HOME/.local/share/awsh/current/shell/rc.bash"');
    expect(realpathSync(join(home.path, '.local/share/awsh/current'))).toBe(packageFolder);
    expect((await runHere(['setup', '--yes'], environment)).err).toContain('already');
    expect(await runHere(['setup', '--remove', '--yes'], environment)).toMatchObject({ status: 0 });
    expect(readFileSync(target, 'utf8')).toBe('alias a=b\n');
    expect(statSync(target).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(home.path, '.bashrc')).isSymbolicLink()).toBe(true);
  });

  it('loads awsh in a login bash of an empty home, beside a ~/.profile that is made later', async () => {
    const home = temporaryHome();
    const files = () => readdirSync(home.path).filter((name) => name.startsWith('.bash'));
    const inShell = (...options: string[]) => {
      const seen = 'declare -F __awsh_prompt; echo "later=$LATER"';
      return execFileSync('bash', [...options, '-ic', seen], {
        env: home.environment,
        stdio: ['ignore', 'pipe', 'ignore'],
      }).toString();
    };
    await runHere(['setup', '--yes', '--shell', 'bash'], home.environment);
    expect(inShell()).toBe('__awsh_prompt\nlater=\n');
    expect(inShell('-l')).toBe('__awsh_prompt\nlater=\n');
    home.write('.profile', 'LATER=read\n');
    expect(inShell('-l')).toBe('__awsh_prompt\nlater=read\n');
    expect((await runHere(['setup', '--yes', '--shell', 'bash'], home.environment)).err).toContain('already');
    await runHere(['uninstall', '--yes'], home.environment);
    expect(files()).toEqual([]);
  });

  it('leaves no folder of fish that it made', async () => {
    const home = temporaryHome();
    const setup = (...words: string[]) =>
      runHere(['setup', '--yes', '--shell', 'fish', ...words], home.environment);
    await setup();
    expect(existsSync(join(home.path, '.config/fish/conf.d/awsh.fish'))).toBe(true);
    expect((await setup('--remove')).err).toContain('awsh.fish is as it was');
    expect(existsSync(join(home.path, '.config'))).toBe(false);
  });

  it('shows the lines and changes nothing with --dry-run', async () => {
    const home = temporaryHome();
    const { out } = await runHere(['setup', '--dry-run', '--shell', 'zsh'], home.environment);
    expect(out).toContain('+ # >>> awsh >>>');
    expect(statSync(join(home.path, '.zshrc'), { throwIfNoEntry: false })).toBeUndefined();
  });

  it('prints the block for a read-only file, such as home-manager’s', async () => {
    const home = temporaryHome();
    const rc = home.write('store/bashrc', 'mine\n', 0o444);
    symlinkSync(rc, join(home.path, '.bashrc'));
    const { status, out, err } = await runHere(['setup', '--yes', '--shell', 'bash'], home.environment);
    expect(status).toBe(1);
    expect(readFileSync(rc, 'utf8')).toBe('mine\n');
    expect(out).toContain('\n# >>> awsh >>>\n');
    expect(err.trimEnd().split('\n')).toEqual([
      'awsh: ~/.bashrc was not changed',
      `  why:  it leads to ${rc}, which is read-only; put the block above into what makes ~/.bashrc`,
    ]);
  });

  it('never shows the user’s own lines', async () => {
    const home = temporaryHome();
    home.write('.bashrc', 'export TOKEN=geheim\n');
    const { out } = await runHere(['setup', '--yes', '--shell', 'bash'], home.environment);
    expect(out).toContain('+ # >>> awsh >>>');
    expect(out).not.toContain('geheim');
  });

  it('reports a shell that it has no hook for', async () => {
    const { environment } = temporaryHome();
    const { status, err } = await runHere(['setup'], { ...environment, SHELL: '/usr/bin/nu' });
    expect(status).toBe(2);
    expect(err).toContain('no hook for nu');
  });

  it('asks, and exits with 6 without a terminal', async () => {
    const home = temporaryHome();
    const { status, err } = await runInstalled(['setup', '--shell', 'bash'], home.environment);
    expect(status).toBe(6);
    expect(err).toContain('awsh setup --yes');
  });

  it.each([
    ['y', 0],
    ['n', 130],
    ['yes', 0],
  ])('accepts the answer %s', async (answer, status) => {
    const home = temporaryHome();
    mkdirSync(join(home.path, 'z'));
    const environment = { ...home.environment, SHELL: '/bin/zsh', ZDOTDIR: join(home.path, 'z') };
    const terminal = await openTerminal(join(packageFolder, 'bin/awsh'), ['setup'], { environment });
    await terminal.waitFor('[y/N] ');
    await terminal.settle();
    terminal.type(`${answer}\r`);
    // After a yes, setup asks more questions, which Enter skips.
    const skipping = setInterval(() => terminal.type('\r'), 500);
    expect((await terminal.exited).status).toBe(status);
    clearInterval(skipping);
    const rc = statSync(join(home.path, 'z/.zshrc'), { throwIfNoEntry: false });
    expect(rc !== undefined).toBe(status === 0);
  });
});
