import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hookShells, openHookShell } from '../support/hook-shell.ts';
import { has } from '../support/programs.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const prompts = 20;

describe.skipIf(!has('strace'))('while nothing changes', () => {
  describe.each(hookShells)('the hook in %s', (name) => {
    it.each(['dev', 'dev/deep/er', 'none'])(
      `starts no process and writes no file over ${prompts} prompts in %s`,
      async (folder) => {
        const home = temporaryHome();
        const log = `${home.path}/trace`;
        // Otherwise fish writes each line into its history at once.
        const shellProgram = name === 'fish' ? 'fish --private' : name;
        const program = home.write(
          'traced',
          `#!/bin/sh\nexec strace -f -o ${log} -e trace=clone,clone3,fork,vfork,execve,openat,open,creat,unlink,connect ${shellProgram} "$@"\n`,
          0o755,
        );
        const shell = await openHookShell(name, { home, program });
        await shell.run(`cd ${folder}`);
        await shell.run(':');
        const before = readFileSync(log, 'utf8').length;
        for (let i = 0; i < prompts; i++) await shell.run(':');
        const calls = readFileSync(log, 'utf8')
          .slice(before)
          .split('\n')
          // The threads in which fish examines the typed text.
          .filter((line) => !/CLONE_THREAD|clone3 resumed/.test(line));
        expect(calls.filter((line) => /clone|fork|execve|connect|unlink/.test(line))).toEqual([]);
        expect(
          calls.filter((line) => /O_WRONLY|O_RDWR|O_CREAT/.test(line) && !line.includes('"/dev/null"')),
        ).toEqual([]);
        // The trace does show system calls.
        await shell.run('/bin/true');
        expect(readFileSync(log, 'utf8').slice(before)).toMatch(/execve\("\/bin\/true"/);
      },
    );
  });
});
