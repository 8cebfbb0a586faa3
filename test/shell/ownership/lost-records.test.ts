import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { hookShells } from '../../support/hook-shell.ts';
import { type Look, WatchedShell } from '../../support/ownership/shells.ts';
import { openWorld, type World } from '../../support/ownership/world.ts';

/* Child shells that got only a part of the variables that awsh exports. */

const words = (names: string) => `env ${names.replace(/(\S+)/g, '-u $1')}`;
const records = 'AWSH_LOADED AWSH_SAVED';
const lost: Record<string, string> = {
  AWSH_SAVED: words('AWSH_SAVED'),
  AWSH_LOADED: words('AWSH_LOADED'),
  'both records': words(records),
  'all that awsh calls its own': words(`${records} AWSH_PROFILE AWSH_EXPIRES AWSH_SEGMENT`),
  'the records and the token': words(`${records} AWS_SESSION_TOKEN`),
  'the secret key': words('AWS_SECRET_ACCESS_KEY'),
  'the token': words('AWS_SESSION_TOKEN'),
};

let world: World;
beforeAll(async () => {
  world = await openWorld();
}, 60_000);
afterAll(() => world.close());

const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

/** Whose credentials these are: a profile's, `nobody`'s, or what is wrong with them. */
function ownerOf({ environment }: Look): string {
  const held = names.map((name) => environment[name]);
  if (held.every((value) => value === undefined)) return 'nobody';
  const grant = world.grants().get(held[0] ?? '');
  const isWhole = held[1] === grant?.secret && held[2] === grant?.token;
  return grant !== undefined && isWhole
    ? grant.profile
    : `not of one identity: ${held.map((value) => value?.slice(0, 6))}`;
}

/** AWS variables that are set, but neither by the user nor at the start. */
const leftOver = ({ environment }: Look) =>
  Object.keys(environment).filter(
    (name) => /^(AWS|AWSH)_/.test(name) && !/^(AWS_PROFILE|AWSH_AGENT|AWSH_FILE_PASSPHRASE)$/.test(name),
  );

async function open(shell: (typeof hookShells)[number], place: 'a' | 'out'): Promise<WatchedShell> {
  world.reset();
  writeFileSync(join(world.path('a'), '.awsprofile'), 'dev\n');
  const own = { AWS_PROFILE: { value: 'mine', exported: true } };
  const setup = { shell, tool: 'nothing else', first: 'awsh' } as const;
  const opened = await WatchedShell.open(world, setup, { awsh: true, cwd: world.path(place), own });
  onTestFinished(() => opened.close());
  return opened;
}

describe.each(hookShells)('ownership in a child %s that lacks a part of the environment', (shell) => {
  it('loads one identity inside, and leaves none outside', { timeout: 120_000 }, async () => {
    const opened = await open(shell, 'a');
    const found: Record<string, string> = {};
    for (const [name, prefix] of Object.entries(lost)) {
      await opened.run(`${prefix} ${opened.command}`);
      const inside = ownerOf(await opened.look());
      await opened.run(`cd ${world.path('out')}`);
      const outside = await opened.look();
      found[name] = [inside, ownerOf(outside), ...leftOver(outside)].join(', ');
      await opened.run('exit');
    }
    expect(found).toEqual(Object.fromEntries(Object.keys(lost).map((name) => [name, 'dev, nobody'])));
    expect(opened.takeNoise()).toEqual([]);
  });

  it('keeps no variable of a pinned profile if the records are lost', { timeout: 60_000 }, async () => {
    const opened = await open(shell, 'out');
    await opened.run('awsh use ops');
    expect(ownerOf(await opened.look())).toBe('ops');
    await opened.run(`${words('AWSH_SAVED')} ${opened.command}`);
    const look = await opened.look();
    expect([ownerOf(look), ...leftOver(look)]).toEqual(['nobody']);
  });

  it('keeps no secret without its key id, and reports what is missing', { timeout: 60_000 }, async () => {
    const opened = await open(shell, 'a');
    await opened.run(`${words('AWS_ACCESS_KEY_ID')} ${opened.command}`);
    const { environment } = await opened.look();
    expect(environment.AWS_SECRET_ACCESS_KEY).toBeUndefined();
    expect(environment).toMatchObject({ AWSH_SEGMENT: 'overridden', AWS_PROFILE: 'mine' });
    await opened.run('awsh refresh');
    expect(ownerOf(await opened.look())).toBe('dev');
  });

  it('removes the profile of a blocked shell if the records are lost', { timeout: 60_000 }, async () => {
    const opened = await open(shell, 'out');
    const blocked = 'AWS_PROFILE=awsh-blocked AWS_REGION=awsh-blocked AWS_EC2_METADATA_DISABLED=true';
    await opened.run(`env ${blocked} ${opened.command}`);
    const look = await opened.look();
    expect(look.environment.AWS_PROFILE).toBeUndefined();
    expect(leftOver(look)).toEqual([]);
  });
});
