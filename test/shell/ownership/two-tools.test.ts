import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hookShells } from '../../support/hook-shell.ts';
import { WatchedShell } from '../../support/ownership/shells.ts';
import { openWorld, type World } from '../../support/ownership/world.ts';
import { has } from '../../support/programs.ts';

/*
 * direnv and mise in one shell, with a project for which both have a file. If both set one
 * variable, the result differs from prompt to prompt even without awsh: mise sets its value again
 * whenever it notices a change.
 */

const orders = ['tool', 'awsh'] as const;
let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

async function openProject(shell: (typeof hookShells)[number], first: (typeof orders)[number], files: Files) {
  world.reset();
  const folder = world.path('a');
  writeFileSync(join(folder, '.awsprofile'), 'dev\n');
  writeFileSync(join(folder, '.envrc'), files.envrc);
  writeFileSync(join(folder, 'mise.toml'), `[env]\n${files.mise}\n`);
  const old = Date.now() / 1000 - 3600;
  for (const name of ['.envrc', 'mise.toml', '.']) utimesSync(join(folder, name), old, old);
  await world.run('direnv', ['allow', folder]);
  const setup = { shell, tool: 'direnv and mise', first } as const;
  const opened = await WatchedShell.open(world, setup, { awsh: true, cwd: world.path('out'), own: {} });
  onTestFinished(() => opened.close());
  return opened;
}

interface Files {
  envrc: string;
  mise: string;
}

describe.skipIf(!has('direnv', 'mise')).each(hookShells)(
  'ownership in %s beside direnv and mise',
  (shell) => {
    it.each(orders)(
      'a variable that direnv and mise both set is left to them (%s first)',
      { timeout: 60_000 },
      async (first) => {
        const opened = await openProject(shell, first, {
          envrc: 'export AWS_REGION=direnv-1\n',
          mise: 'AWS_REGION = "mise-1"',
        });
        const shown = await opened.run(`cd ${world.path('a')}`);
        expect(shown).toContain('AWS_REGION was set by ');
        const { environment } = await opened.look();
        expect(environment.AWS_REGION).toMatch(/^(direnv|mise)-1$/);
        expect(environment.AWSH_SEGMENT).toBe('overridden');
        expect(environment.AWS_ACCESS_KEY_ID).toBeUndefined();
        await opened.run(`cd ${world.path('out')}`);
        const outside = Object.keys((await opened.look()).environment).filter((name) => /^AWS/.test(name));
        const fromTheStart = ['AWSH_AGENT', 'AWSH_FILE_PASSPHRASE'];
        // What the tools leave behind, they also leave without awsh.
        expect(outside.filter((name) => name !== 'AWS_REGION').sort()).toEqual(fromTheStart);
        expect(opened.takeNoise()).toEqual([]);
      },
    );

    it.each(orders)(
      'mise is named if only mise has set a variable (%s first)',
      { timeout: 60_000 },
      async (first) => {
        const opened = await openProject(shell, first, {
          envrc: 'export FOO=1\n',
          mise: 'AWS_PROFILE = "work"',
        });
        await opened.run(`cd ${world.path('a')}`);
        await opened.run('true');
        const { environment } = await opened.look();
        expect(environment).toMatchObject({ AWSH_SEGMENT: 'overridden', AWS_PROFILE: 'work', FOO: '1' });
        expect(await opened.run('awsh status')).toMatch(/AWS_PROFILE was set by (direnv or )?mise, so/);
        expect(opened.takeNoise()).toEqual([]);
      },
    );
  },
);
