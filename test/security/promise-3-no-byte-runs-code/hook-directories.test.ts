import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadedReply } from '../../support/hook-package.ts';
import { exportedAws, hookShells, openHookShell } from '../../support/hook-shell.ts';

const names = [
  'two words',
  'two\nlines',
  '$(touch ~/pwned)',
  '`touch ~/pwned`',
  'a[$(touch ~/pwned)]',
  '100%0A%25',
  '*?[a]',
  '-rf',
  '!!',
  '#x',
  ';touch pwned',
  '~root',
  `it's "quoted"`,
  'back\\slash\\n',
  'é漢字',
  '{a,b}',
  ' ',
];

describe.each(hookShells)('a directory name in %s is only a name:', (shellName) => {
  it.each(names)('%j', async (name) => {
    const shell = await openHookShell(shellName, {
      prepare: (home, kit) => {
        mkdirSync(`${home.path}/odd/${name}/sub`, { recursive: true });
        writeFileSync(`${home.path}/odd/${name}/.awsprofile`, 'odd\n');
        writeFileSync(`${home.path}/to`, `${home.path}/odd/${name}/sub`);
        kit.answer('odd', loadedReply('dev'));
      },
    });
    // The name comes from a file and ends with a mark, so that the shell's own quoting plays no
    // part.
    const go = 'to=$(cat ~/to; echo .); cd -- "${to%?.}" 2>/dev/null || cd -- "${to%.}"';
    await shell.run(shellName === 'fish' ? 'read --null to <~/to; cd -- $to' : go);
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    const cwd = /^cwd (.*)$/m.exec(shell.kit.requests()[0] ?? '')?.[1] ?? '';
    const decoded = cwd.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');
    expect(decoded).toBe(`${shell.home.path}/odd/${name}/sub`);
    await shell.run('cd ~/none');
    expect(await exportedAws(shell)).toEqual([]);
    expect(existsSync(`${shell.home.path}/pwned`)).toBe(false);
  });

  it('one with an escape sequence is not asked about, and loads nothing', async () => {
    const shell = await openHookShell(shellName, {
      prepare: (home) => home.write('\x1b[2J/.awsprofile', 'dev\n'),
    });
    await shell.run("cd $'\\e[2J'");
    expect(await exportedAws(shell)).toEqual([]);
    expect(await shell.output('echo $AWSH_SEGMENT')).toBe('malformed');
    expect(shell.kit.requests()).toEqual([]);
  });

  it.each(['$(touch ~/pwned)', '`touch ~/pwned`', 'a[$(touch ~/pwned)]', 'x; touch ~/pwned', '%0A\\n%s'])(
    'and so is what its file says: %j',
    async (content) => {
      const shell = await openHookShell(shellName, {
        prepare: (home) => home.write('dev/.awsprofile', `${content}\n`),
      });
      await shell.run('cd dev');
      expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
      expect(existsSync(`${shell.home.path}/pwned`)).toBe(false);
      expect(shell.kit.requests()).toHaveLength(1);
    },
  );

  it('and the programs in it are not run, whatever PATH says', async () => {
    const shell = await openHookShell(shellName, {
      prepare: (home) => {
        for (const program of ['awsh', 'node', 'date', 'tty', 'readlink', 'env', 'cat']) {
          home.write(`dev/bin/${program}`, '#!/bin/sh\ntouch ~/pwned\n', 0o755);
        }
      },
      after: 'PATH=./bin:.:$PATH',
    });
    await shell.run('cd dev');
    await shell.run('awsh refresh');
    await shell.run('awsh status');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    expect(existsSync(`${shell.home.path}/pwned`)).toBe(false);
  });
});
