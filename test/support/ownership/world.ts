import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { readState } from '../../../src/agent/index.ts';
import { createSandbox, removeFolder, type Sandbox } from '../../../src/demo/index.ts';
import { appPaths } from '../../../src/system/index.ts';
import { packageFolder, sandboxEnvironment, storeKey } from '../sandbox-shell.ts';

/*
 * A home with the real awsh, an agent, three profiles, and folders in which directory files and
 * files of direnv or mise are made and removed. One world serves many sequences: reset() restores
 * its folders and decisions.
 */

/** The folders of a world, by the names that steps use. Each is below `root`. */
export const places = {
  root: '.',
  out: 'out',
  a: 'a',
  sub: 'a/sub',
  own: 'a/own',
  b: 'b',
  t: 't',
} as const;
export type Place = keyof typeof places;

/** Places that can have a directory file, and the profile that is allowed there at the start. */
export const allowedAtStart = { a: 'dev', own: 'ops', b: 'ops', t: 'dev' } as const;
export type ProjectPlace = keyof typeof allowedAtStart;

export const regions = { dev: 'eu-west-1', ops: 'us-east-1', other: 'ca-central-1' } as const;
export type Profile = keyof typeof regions;

/** Whose the credentials are: a profile of awsh, or an identity that awsh does not know. */
export interface Grant {
  profile: string;
  secret: string;
  token: string;
  expires: string;
}

export interface World {
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly endpoint: string;
  path(place: Place): string;
  /** The folder with one file for each look of a shell, and the rc files. */
  readonly scratch: string;
  /** Every key id that awsh has issued so far. */
  grants(): Map<string, Grant>;
  reset(): void;
  write(path: string, text: string): void;
  /**
   * Gives a file a time different from every earlier one, because direnv compares whole seconds.
   */
  setTime(path: string): void;
  remove(path: string): void;
  run(program: string, words: string[], cwd?: string): Promise<void>;
  close(): Promise<void>;
}

export function placeAt(world: World, path: string | undefined): Place | undefined {
  return (Object.keys(places) as Place[]).find((place) => world.path(place) === path);
}

const run = promisify(execFile);

export async function openWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'awsh-own-'));
  const sandbox = await createSandbox(join(folder, 'home'));
  await storeKey(sandbox);
  addProfiles(sandbox);
  const environment = {
    ...sandboxEnvironment(sandbox),
    AWSH_AGENT: '',
    PATH: [join(packageFolder, 'bin'), process.env.PATH].join(delimiter),
    ...{ DIRENV_LOG_FORMAT: '', MISE_YES: '1', MISE_OFFLINE: '1', MISE_TRUSTED_CONFIG_PATHS: '/' },
    // mise evaluates its file again, and undoes the user's changes, whenever a file appears or
    // disappears in any parent
    // folder. In the folder of temporary files, this can happen at any time.
    MISE_CEILING_PATHS: sandbox.home,
  };
  const world = worldIn(folder, sandbox, environment);
  for (const profile of Object.keys(regions)) await world.run('awsh', ['exec', profile, '--', 'true']);
  for (const [place, profile] of Object.entries(allowedAtStart)) {
    const path = world.path(place as Place);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, '.awsprofile'), `${profile}\n`);
    await world.run('awsh', ['allow', path]);
  }
  cpSync(appPaths(environment).trust, join(folder, 'trust'), { recursive: true });
  return world;
}

function worldIn(folder: string, sandbox: Sandbox, environment: Record<string, string>): World {
  const root = join(sandbox.home, 'w');
  const path = (place: Place) => join(root, places[place]);
  const trust = appPaths(environment).trust;
  let time = Math.floor(Date.now() / 1000);
  mkdirSync(join(folder, 'scratch'));
  return {
    root,
    environment,
    endpoint: sandbox.emulator.url,
    path,
    scratch: join(folder, 'scratch'),
    grants: () => grantsOf(sandbox),
    reset() {
      rmSync(root, { recursive: true, force: true });
      for (const place of Object.keys(places)) mkdirSync(path(place as Place), { recursive: true });
      rmSync(trust, { recursive: true, force: true });
      cpSync(join(folder, 'trust'), trust, { recursive: true });
    },
    write: (file, text) => writeFileSync(file, text, { mode: 0o644 }),
    setTime(file) {
      time += 1;
      utimesSync(file, time, time);
    },
    remove: (file) => rmSync(file, { force: true }),
    run: async (program, words, cwd = sandbox.home) => {
      await run(program, words, { cwd, env: environment });
    },
    async close() {
      const pid = readState(appPaths(environment))?.pid;
      if (pid !== undefined && existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL');
      await sandbox.close();
      removeFolder(folder);
    },
  };
}

/**
 * Replaces the sandbox's profiles with `dev`, `ops` and `other`; `other` is only for `awsh export`.
 */
function addProfiles(sandbox: Sandbox): void {
  const { url } = sandbox.emulator;
  const sections = [`[profile demo]\nregion = eu-west-1\nendpoint_url = ${url}\n`];
  for (const [name, region] of Object.entries(regions)) {
    const { arn } = sandbox.emulator.addRole({ account: '222233334444', name });
    // A value different from that of dev and ops, so that the tool's values can be distinguished
    // from awsh's.
    const endpoint = name === 'other' ? url.replace('127.0.0.1', 'localhost') : url;
    sections.push(
      `[profile ${name}]\nrole_arn = ${arn}\nsource_profile = demo\nregion = ${region}\nendpoint_url = ${endpoint}\n`,
    );
  }
  writeFileSync(join(sandbox.home, '.aws/config'), sections.join('\n'));
}

function grantsOf(sandbox: Sandbox): Map<string, Grant> {
  const sessions = [...sandbox.emulator.cloud.sessions.values()];
  return new Map(
    sessions.map(({ accessKeyId, secret, token, identity, expiresAt }) => [
      accessKeyId,
      {
        profile: identity.role?.name ?? identity.arn,
        secret,
        token,
        expires: expiresAt.toISOString().replace(/\.\d+Z$/, 'Z'),
      },
    ]),
  );
}
