import { chmodSync, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadingLines, withBlock, withoutBlock } from '../../src/commands/rc-block.ts';
import { rcPath } from '../../src/commands/rc-file.ts';
import { packageFolder, runHere, runInstalled } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { openTerminal } from '../support/terminal.ts';

const lines = loadingLines('bash', '/opt/awsh');

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
  ])('comes and goes without a trace: %s', (_, text) => {
    const added = withBlock(text, lines);
    expect(added.startsWith(text)).toBe(true);
    expect(withBlock(added, lines)).toBe(added);
    expect(withoutBlock(added)).toBe(text);
  });

  it('comes and goes without a trace, whatever the file', () => {
    const anyText = fc.string({ unit: fc.constantFrom('a', '#', ' ', '\n', '\r', '\t', '\xff', '>') });
    fc.assert(fc.property(anyText, (text) => withoutBlock(withBlock(text, lines)) === text));
  });

  it('takes a file that was its own away with it', () => {
    expect(withoutBlock(withBlock(null, lines))).toBeNull();
    expect(withoutBlock(`${withBlock(null, lines)}mine\n`)).toBe('mine\n');
  });

  it('leaves what was added after it', () => {
    expect(withoutBlock(`${withBlock('a', lines)}b\n`)).toBe('a\nb\n');
  });

  it('is replaced where it stands when the package has moved', () => {
    const moved = withBlock(`${withBlock('a\n', lines)}b\n`, loadingLines('bash', '/elsewhere'));
    expect(moved).toMatch(/^a\n# >>> awsh >>>\n[\s\S]*\/elsewhere[\s\S]*# <<< awsh <<<\nb\n$/);
    expect(moved).not.toContain('/opt/awsh');
  });

  it.each([
    ['no end', '# >>> awsh >>>\n'],
    ['no beginning', '# <<< awsh <<<\n'],
    ['two blocks', withBlock('', lines).repeat(2)],
    ['end before beginning', '# <<< awsh <<<\n# >>> awsh >>>\n'],
  ])('is not guessed at where the markers have %s', (_, text) => {
    expect(() => withBlock(text, lines)).toThrow('do not make one block');
    expect(() => withoutBlock(text)).toThrow('do not make one block');
  });

  it('quotes the package’s path', () => {
    expect(loadingLines('zsh', "/it's $(here)")[0]).toBe(
      `if [ -r '/it'\\''s $(here)/shell/awsh.zsh' ]; then . '/it'\\''s $(here)/shell/awsh.zsh'; fi`,
    );
  });
});

it.each([
  ['bash', 'linux', {}, '/home/me/.bashrc'],
  ['bash', 'darwin', {}, '/home/me/.bash_profile'],
  ['zsh', 'linux', {}, '/home/me/.zshrc'],
  ['zsh', 'darwin', { ZDOTDIR: '/home/me/.config/zsh' }, '/home/me/.config/zsh/.zshrc'],
] as const)('sets %s up on %s in the file it reads', (shell, platform, environment, path) => {
  expect(rcPath(shell, environment, '/home/me', platform)).toBe(path);
});

describe('awsh setup', () => {
  it('keeps mode and symbolic link, and changes nothing twice', async () => {
    const home = temporaryHome();
    const target = home.write('dotfiles/bashrc', 'alias a=b\n', 0o600);
    chmodSync(target, 0o640);
    symlinkSync('dotfiles/bashrc', join(home.path, '.bashrc'));
    const environment = { ...home.environment, SHELL: '/usr/bin/bash' };
    expect(await runHere(['setup', '--yes'], environment)).toMatchObject({ status: 0 });
    expect(readFileSync(target, 'utf8')).toContain(join(packageFolder, 'shell/awsh.bash'));
    expect((await runHere(['setup', '--yes'], environment)).err).toContain('already');
    expect(await runHere(['setup', '--remove', '--yes'], environment)).toMatchObject({ status: 0 });
    expect(readFileSync(target, 'utf8')).toBe('alias a=b\n');
    expect(statSync(target).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(home.path, '.bashrc')).isSymbolicLink()).toBe(true);
  });

  it('shows the lines and changes nothing with --dry-run', async () => {
    const home = temporaryHome();
    const { out } = await runHere(['setup', '--dry-run', '--shell', 'zsh'], home.environment);
    expect(out).toContain('+ # >>> awsh >>>');
    expect(statSync(join(home.path, '.zshrc'), { throwIfNoEntry: false })).toBeUndefined();
  });

  it('does not replace a file that is read-only', async () => {
    const home = temporaryHome();
    const rc = home.write('.bashrc', 'mine\n', 0o444);
    expect(await runHere(['setup', '--yes', '--shell', 'bash'], home.environment)).toMatchObject({
      status: 1,
    });
    expect(readFileSync(rc, 'utf8')).toBe('mine\n');
  });

  it('says so for a shell that it has no hook for', async () => {
    const { environment } = temporaryHome();
    const { status, err } = await runHere(['setup'], { ...environment, SHELL: '/usr/bin/nu' });
    expect(status).toBe(2);
    expect(err).toContain('no hook for nu');
  });

  it('asks, and exits 6 where nobody can be asked', async () => {
    const home = temporaryHome();
    const { status, err } = await runInstalled(['setup', '--shell', 'bash'], home.environment);
    expect(status).toBe(6);
    expect(err).toContain('awsh setup --yes');
  });

  it.each([
    ['y', 0],
    ['n', 130],
    ['yes', 130],
  ])('takes the answer %s', async (answer, status) => {
    const home = temporaryHome();
    mkdirSync(join(home.path, 'z'));
    const environment = { ...home.environment, SHELL: '/bin/zsh', ZDOTDIR: join(home.path, 'z') };
    const terminal = await openTerminal(join(packageFolder, 'bin/awsh'), ['setup'], { environment });
    await terminal.waitFor('[y/N] ');
    await terminal.settle();
    terminal.type(`${answer}\r`);
    expect((await terminal.exited).status).toBe(status);
    const rc = statSync(join(home.path, 'z/.zshrc'), { throwIfNoEntry: false });
    expect(rc !== undefined).toBe(status === 0);
  });
});
