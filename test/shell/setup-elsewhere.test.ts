import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadingLine } from '../../src/commands/rc-block.ts';
import { hookShells } from '../support/hook-shell.ts';
import { packageFolder } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { openShell, plainText } from '../support/terminal.ts';

const timeout = 120_000;

describe.each(hookShells)('the block of awsh setup in %s', { timeout }, (name) => {
  const block = loadingLine(name, '/first/home/.local/share/awsh/current', '/first/home');

  it('reports once that awsh is missing, and prints nothing in scripts', async () => {
    const home = temporaryHome();
    const shell = await openShell(name, { home, rc: `${block}\n${block}` });
    const told =
      /awsh: ~\/\.local\/share\/awsh\/current is not there[\s\S]*install awsh again, then run: awsh setup/;
    expect(plainText(shell.received).replace(/\s+/g, ' ')).toMatch(told);
    expect(plainText(shell.received).match(/is not there/g)).toHaveLength(1);
    home.write('block', block);
    expect(await shell.output(`${name} ~/block 2>&1; echo done`)).toBe('done');
  });

  it('loads awsh in another home that has it', async () => {
    const home = temporaryHome();
    const file = `.local/share/awsh/current/shell/rc.${name}`;
    home.write(file, 'echo loaded it');
    expect(readFileSync(join(packageFolder, `shell/rc.${name}`), 'utf8')).not.toBe('');
    const shell = await openShell(name, { home, rc: block });
    expect(plainText(shell.received)).toContain('loaded it');
    expect(plainText(shell.received)).not.toContain('not there');
  });
});

describe.runIf(hookShells.includes('zsh'))('Tab in a zsh without compinit', { timeout }, () => {
  it('prints once what to add', async () => {
    const shell = await openShell('zsh', {
      home: temporaryHome(),
      rc: `source ${packageFolder}/shell/rc.zsh`,
    });
    shell.type('awsh us\t');
    await shell.waitFor('autoload -Uz compinit && compinit');
    const from = shell.received.length;
    shell.type('\t');
    await shell.settle();
    expect(shell.received.slice(from)).not.toContain('compinit');
    shell.press('^C');
  });
});
