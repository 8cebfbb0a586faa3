import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportedAws, hookShells, openHookShell } from '../support/hook-shell.ts';
import { openSandboxShell } from '../support/sandbox-shell.ts';
import { openStateShell } from '../support/shell-states.ts';

const timeout = 180_000;

/** A folder below `parent` whose name has these bytes. */
function makeFolder(parent: string, name: number[], profile: string | null): void {
  const path = Buffer.concat([Buffer.from(`${parent}/`), Buffer.from(name)]);
  mkdirSync(path);
  if (profile !== null) writeFileSync(Buffer.concat([path, Buffer.from('/.awsprofile')]), `${profile}\n`);
}

const bytes = (text: string) => [...Buffer.from(text, 'latin1')];

const rows = hookShells.flatMap((name) => [
  [name, 'off', 'C.UTF-8'] as const,
  [name, '', 'C'] as const,
  [name, 'off', 'C'] as const,
]);

describe.each(rows)(
  'a path that is not text, in %s, AWSH_AGENT=%s, LC_ALL=%s',
  { timeout },
  (name, agent, locale) => {
    it('never loads the profile of a directory above its own file, and is left without a trace', async () => {
      const { shell, sandbox, environment } = await openSandboxShell(name, {
        quick: true,
        environment: { AWSH_AGENT: agent, LC_ALL: locale },
      });
      const dev = sandbox.projects[0]?.folder ?? '';
      makeFolder(dev, bytes('ev\xffil'), 'prod');
      makeFolder(dev, bytes('emp\xffty'), null);
      makeFolder(dev, bytes('con\x01trol'), 'prod');
      makeFolder(dev, bytes('fine \xc3\xa9'), null);
      await shell.run(`cd ${dev}`, timeout);
      await shell.run('awsh allow', timeout);
      expect((await environment()).AWSH_PROFILE).toBe('dev');
      for (const odd of ['ev*il', 'con*trol']) {
        const { shown } = await shell.run(`cd ${dev}/${odd}`, timeout);
        expect(shown.replace(/\s+/g, ' ')).toContain('has bytes that are not text');
        const inside = await environment();
        expect([inside.AWSH_SEGMENT, inside.AWS_ACCESS_KEY_ID, inside.AWS_PROFILE]).toEqual([
          'malformed',
          undefined,
          undefined,
        ]);
        expect(inside.AWSH_LOADED).toBeUndefined();
        const refused = await shell.run('awsh allow', timeout);
        expect([refused.status, refused.shown]).toEqual([2, expect.stringContaining('not text')]);
      }
      // The nearest file is that of dev, whose path is text.
      for (const odd of ['emp*ty', 'fine*']) {
        await shell.run(`cd ${dev}/${odd}`, timeout);
        expect((await environment()).AWSH_PROFILE).toBe('dev');
      }
      await shell.run(`cd ${dev}/con*trol; awsh use dev`, timeout);
      expect((await environment()).AWSH_PROFILE).toBe('dev');
      if (agent !== 'off') await shell.run('awsh agent stop', timeout);
    });
  },
);

describe.each(hookShells)(
  'a %s whose parent was blocked in a directory whose path cannot be sent',
  { timeout },
  (name) => {
    it('recovers elsewhere', async () => {
      const environment = {
        AWSH_LOADED: `1 blocked ${process.getuid?.()} - -`,
        AWSH_SAVED: 'now AWS_PROFILE awsh-blocked\nnow AWS_EC2_METADATA_DISABLED true',
        AWS_PROFILE: 'awsh-blocked',
        AWS_EC2_METADATA_DISABLED: 'true',
      };
      const shell = await openHookShell(name, { environment });
      await shell.run('cd none');
      expect(await exportedAws(shell)).toEqual([]);
      await shell.run('cd ../dev');
      expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    });
  },
);

describe.each(hookShells)('a malformed directory file in a %s', { timeout }, (name) => {
  it('is named by a next command that works in a directory with any name', async () => {
    const { shell, path, state, answer } = await openStateShell(name);
    const file = path('projects/dev/it\'s $(touch pwned) `x` "!!" \\n *?\nend/.awsprofile');
    mkdirSync(dirname(file));
    writeFileSync(file, '# mine\ndev dev\n');
    writeFileSync(path('there'), dirname(file));
    await shell.run('cd "$(cat ~/there)"', 60_000);
    const { state: found, next } = await state();
    expect(found).toBe('malformed');
    await shell.run('cd /', 60_000);
    await answer(next ?? '', /dev dev/, ':2s/dev dev/dev/\r:wq\r');
    expect(readFileSync(file, 'utf8')).toBe('# mine\ndev\n');
  });
});
