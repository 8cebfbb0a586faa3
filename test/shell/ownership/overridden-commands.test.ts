import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hookShells } from '../../support/hook-shell.ts';
import { WatchedShell } from '../../support/ownership/shells.ts';
import { openWorld, type World } from '../../support/ownership/world.ts';
import { has } from '../../support/programs.ts';

/* The commands that change a shell, while a file of direnv overrides the directory file. */

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

const overridden =
  'awsh: this shell does not use the credentials of awsh why: AWS_REGION was set by direnv, ' +
  'so awsh does not load its own credentials next: awsh use dev';

describe.skipIf(!has('direnv')).each(hookShells)('awsh in a %s that direnv overrides', (shell) => {
  it('an overridden shell’s commands report what they could not do, with exit status and message', {
    timeout: 60_000,
  }, async () => {
    world.reset();
    const folder = world.path('a');
    writeFileSync(join(folder, '.awsprofile'), 'dev\n');
    writeFileSync(join(folder, '.envrc'), 'export AWS_REGION=eu-central-1\n');
    await world.run('direnv', ['allow', folder]);
    const setup = { shell, tool: 'direnv', first: 'tool' } as const;
    const opened = await WatchedShell.open(world, setup, { awsh: true, cwd: folder, own: {} });
    onTestFinished(() => opened.close());
    const outcome = async (line: string) => {
      const { status, shown } = await opened.terminal.run(line);
      const { environment } = await opened.look();
      const said = shown
        .replace(/\S* *\S* *\$ $/, '')
        .replace(/\s+/g, ' ')
        .trim();
      return [status, said, environment.AWS_REGION, environment.AWSH_PROFILE];
    };
    expect(await outcome('awsh refresh')).toEqual([1, overridden, 'eu-central-1', undefined]);
    expect(await outcome('awsh use dev')).toEqual([0, '', 'eu-west-1', 'dev']);
    expect(await outcome('awsh use --auto')).toEqual([1, overridden, 'eu-central-1', undefined]);
    expect(await outcome('awsh off')).toEqual([0, '', 'eu-central-1', undefined]);
    expect(await outcome('awsh use --auto')).toEqual([1, overridden, 'eu-central-1', undefined]);
    expect(await outcome('cd ../out')).toEqual([0, '', undefined, undefined]);
  });
});
