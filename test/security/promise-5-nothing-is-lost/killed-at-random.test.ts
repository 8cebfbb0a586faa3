import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MissingItemError, type Vault } from '../../../src/vault/index.ts';
import { plainText, sample, sampleKey, silentVault } from '../../support/import-homes.ts';
import { type KillableProgram, killableProgram } from '../../support/killed-process.ts';
import { makePasswordStore, stopPasswordStore } from '../../support/password-store.ts';
import { has } from '../../support/programs.ts';
import { heldVault } from '../../support/rotation-process.ts';
import { rotationScene, works } from '../../support/rotations.ts';
import { type TemporaryHome, temporaryHome } from '../../support/temporary-home.ts';

/*
 * The real commands, killed with SIGKILL at a random moment. Afterwards, every secret that was in a
 * file or a vault still is, every pair in a vault was a pair before, and running the command again
 * completes its work. TEST_KILLS sets the number of kills for each command.
 */

const kills = Number(process.env.TEST_KILLS || 3);
const held = new Uint8Array(32).fill(9);

const program = `
import { runCommandLine } from './src/entry/main.ts';
import { commandModules } from './src/entry/command-modules.ts';
import { streamOutput } from './src/cli/output.ts';
import { systemClock } from './src/system/index.ts';
import { heldVault } from './test/support/rotation-process.ts';
const home = { environment: process.env };
const held = Buffer.from(process.env.TEST_HELD_KEY, 'hex');
const args = JSON.parse(process.env.TEST_ARGS);
const inFiles = async () => heldVault(home, held);
const wrap = (context) => ({
  ...context,
  vault: process.env.AWSH_BACKEND === 'file' ? inFiles : context.vault,
  vaultIn: async (name) => (name === 'file' ? inFiles() : context.vaultIn(name)),
});
const commands = Object.fromEntries(Object.entries(commandModules).map(([name, load]) => [
  name, async () => { const { run } = await load(); return { run: (context, input) => run(wrap(context), input) }; },
]));
process.exit(await runCommandLine(args, {
  environment: process.env, cwd: () => process.env.HOME, clock: systemClock, packageFolder: '/nonexistent', commands,
  output: streamOutput(process.stdout, process.stderr, process.env),
}));
`;

type Pairs = Record<string, string>;
const pairOf = (name: string) => `${sample(name).id} ${sample(name).secret}`;
const names = ['work', 'dev', 'prod'];
const known = new Set([...names, 'newer'].map(pairOf));

let command: KillableProgram;
/**
 * A home with a password store and its gpg key, copied for each kill, because making a key takes a
 * second.
 */
let withStore: TemporaryHome | null = null;

beforeAll(() => {
  command = killableProgram(program);
  if (!has('pass', 'gpg')) return;
  withStore = temporaryHome({ keep: true });
  stopPasswordStore(makePasswordStore(withStore));
}, 120_000);
afterAll(() => {
  command.remove();
  if (withStore !== null) rmSync(withStore.path, { recursive: true, force: true });
});

interface Home extends TemporaryHome {
  vault(backend: 'file' | 'pass'): Vault;
  run(args: readonly string[], killAfterMs?: number): Promise<{ killed: boolean; ms: number }>;
}

function homeFor(backend: 'file' | 'pass'): Home {
  const home = temporaryHome();
  for (const folder of ['gpg', '.password-store']) {
    const from = join(withStore?.path ?? '/nonexistent', folder);
    if (existsSync(from))
      cpSync(from, join(home.path, folder), { recursive: true, filter: (path) => !/\/S\./.test(path) });
  }
  const { id, secret } = sample('newer');
  const environment = {
    ...home.environment,
    GNUPGHOME: join(home.path, 'gpg'),
    AWSH_BACKEND: backend,
    TEST_HELD_KEY: Buffer.from(held).toString('hex'),
    AWS_ACCESS_KEY_ID: id,
    AWS_SECRET_ACCESS_KEY: secret,
  };
  return {
    ...home,
    environment,
    vault: (name) => (name === 'file' ? heldVault({ environment }, held) : passVault(environment)),
    async run(args, killAfterMs) {
      const started = performance.now();
      const { killed } = await command.run(
        { path: home.path, environment },
        {
          environment: { TEST_ARGS: JSON.stringify(args) },
          onStart: (kill) => killAfterMs !== undefined && void sleep(killAfterMs).then(kill),
        },
      );
      return { killed, ms: performance.now() - started };
    },
  };
}

const passVault = (environment: Record<string, string>) => silentVault(environment, { backend: 'pass' });

async function pairsIn(vault: Vault): Promise<Pairs> {
  const pairs: Pairs = {};
  for (const profile of names) {
    // An interrupted removal leaves the name in the index.
    const key = await vault.accessKey(profile).catch((error: unknown) => {
      if (error instanceof MissingItemError) return null;
      throw error;
    });
    if (key !== null) pairs[profile] = `${key.accessKeyId} ${key.secretAccessKey.reveal()}`;
  }
  return pairs;
}

/** One command, its initial state, and the profiles that must still have a key. */
interface Deed {
  readonly title: string;
  readonly args: readonly string[];
  readonly backend: 'file' | 'pass';
  readonly begin: (home: Home) => Promise<void>;
  /** For each profile, the pairs of which one must exist. */
  readonly kept: Readonly<Record<string, readonly string[]>>;
}

const own = (profiles: readonly string[]) =>
  Object.fromEntries(profiles.map((name) => [name, [pairOf(name)]]));
const store = (backend: 'file' | 'pass') => async (home: Home) =>
  home.vault(backend).storeAccessKeys(names.map((profile) => ({ profile, key: sampleKey(profile) })));
const toPass = ['migrate-backend', '--from', 'file', '--to', 'pass', '--delete-source'];
const toFile = ['migrate-backend', '--from', 'pass', '--to', 'file', '--delete-source'];
const replaced = { ...own(['dev', 'prod']), work: [pairOf('work'), pairOf('newer')] };

const deeds: readonly Deed[] = [
  {
    title: 'import',
    args: ['import', '--all', '--yes'],
    backend: 'file',
    begin: async (home) => void home.write('.aws/credentials', names.map((name) => plainText(name)).join('')),
    kept: own(names),
  },
  {
    title: 'remove',
    args: ['remove', 'work', '--force'],
    backend: 'file',
    begin: store('file'),
    kept: own(['dev', 'prod']),
  },
  {
    title: 'add over a key',
    args: ['add', 'work', '--env', '--force'],
    backend: 'file',
    begin: store('file'),
    kept: replaced,
  },
  {
    title: 'add over a key in pass',
    args: ['add', 'work', '--env', '--force'],
    backend: 'pass',
    begin: store('pass'),
    kept: replaced,
  },
  { title: 'migrate-backend to pass', args: toPass, backend: 'file', begin: store('file'), kept: own(names) },
  {
    title: 'migrate-backend from pass',
    args: toFile,
    backend: 'pass',
    begin: store('pass'),
    kept: own(names),
  },
  {
    title: 'uninstall, with the keys back in plain text',
    args: ['uninstall', '--yes', '--export-keys'],
    backend: 'file',
    begin: store('file'),
    kept: own(names),
  },
];

async function expectNothingLost(home: Home, { kept }: Deed): Promise<void> {
  const path = join(home.path, '.aws/credentials');
  const plain = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const vaults = [await pairsIn(home.vault('file'))];
  if (withStore !== null) vaults.push(await pairsIn(home.vault('pass')));
  for (const pairs of vaults)
    for (const pair of Object.values(pairs)) expect(known.has(pair), 'it was a pair').toBe(true);
  for (const [profile, candidates] of Object.entries(kept)) {
    const isPlain = candidates.some((pair) => pair.split(' ').every((word) => plain.includes(word)));
    const isStored = vaults.some((pairs) => candidates.includes(pairs[profile] ?? ''));
    expect(isPlain || isStored, `${profile} is somewhere`).toBe(true);
  }
}

describe('awsh, killed at a random moment', () => {
  let killed = 0;
  afterAll(() => {
    if (process.env.TEST_KILLS) console.log(`${killed} runs were killed, and nothing was lost`);
  });

  it.each(deeds)('$title loses no key and makes no pair', { timeout: 3_600_000 }, async (deed) => {
    const needsPass = deed.backend === 'pass' || deed.args.includes('pass');
    if (needsPass && withStore === null) return;
    const whole = homeFor(deed.backend);
    await deed.begin(whole);
    const { ms } = await whole.run(deed.args);
    await expectNothingLost(whole, deed);
    for (let kill = 0; kill < kills; kill++) {
      const home = homeFor(deed.backend);
      await deed.begin(home);
      // The first third of the time is Node's start.
      const run = await home.run(deed.args, ms * (0.3 + 0.7 * Math.random()));
      if (run.killed) killed += 1;
      await expectNothingLost(home, deed);
      if (needsPass) stopPasswordStore(home.environment);
      rmSync(home.path, { recursive: true, force: true });
    }
    if (needsPass) stopPasswordStore(whole.environment);
  });

  it('rotate leaves a working key in the vault', { timeout: 3_600_000 }, async () => {
    let ms = 2000;
    for (let kill = 0; kill <= kills; kill++) {
      const scene = await rotationScene();
      const environment = {
        AWSH_BACKEND: 'file',
        TEST_HELD_KEY: Buffer.from(scene.held).toString('hex'),
        TEST_ARGS: JSON.stringify(['rotate', 'work']),
      };
      const started = performance.now();
      const delay = ms * (0.3 + 0.7 * Math.random());
      const run = await command.run(scene.home, {
        environment,
        onStart: (end) => kill > 0 && void sleep(delay).then(end),
      });
      if (kill === 0) ms = performance.now() - started;
      if (run.killed) killed += 1;
      expect([await works(scene, 'work'), await works(scene, 'twin')]).toEqual([true, true]);
    }
  });
});
