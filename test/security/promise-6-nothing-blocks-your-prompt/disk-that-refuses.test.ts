import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../../src/demo/index.ts';
import {
  canBreakDisks,
  type Fault,
  type FaultyCommand,
  type FaultyRun,
  openParents,
  runFaulty,
} from '../../support/faulty-disk.ts';
import { runInstalled } from '../../support/run-awsh.ts';
import { sandboxEnvironment, storeKey, storeKeys } from '../../support/sandbox-shell.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const noPlaces = {
  XDG_CONFIG_HOME: undefined,
  XDG_DATA_HOME: undefined,
  XDG_STATE_HOME: undefined,
  XDG_CACHE_HOME: undefined,
  XDG_RUNTIME_DIR: undefined,
};

/** `vault`: false if the run uses another home, and therefore another vault. */
const faults: readonly (Fault & { vault?: false; few?: true })[] = [
  { name: 'a home of mode 0555', prepare: 'chmod -R a-w "$HOME_PATH"' },
  {
    name: 'a home of mode 0555 that awsh never wrote to',
    prepare: 'rm -rf "$HOME_PATH"/.local "$HOME_PATH"/.cache "$HOME_PATH"/.run; chmod -R a-w "$HOME_PATH"',
    vault: false,
  },
  { name: 'a full home', prepare: 'full "$HOME_PATH"' },
  { name: 'a full XDG_STATE_HOME', prepare: 'full "$HOME_PATH/.local/state"' },
  { name: 'a full XDG_DATA_HOME', prepare: 'full "$HOME_PATH/.local/share"' },
  { name: 'a full XDG_CACHE_HOME', prepare: 'full "$HOME_PATH/.cache"' },
  { name: 'a full XDG_RUNTIME_DIR', prepare: 'full "$HOME_PATH/.run"' },
  { name: 'no inodes', prepare: 'no_inodes "$HOME_PATH"' },
  { name: 'RLIMIT_FSIZE of 0', limit: 'ulimit -f 0' },
  { name: 'HOME=/', environment: () => ({ ...noPlaces, HOME: '/' }), vault: false },
  { name: 'an empty HOME', environment: () => ({ ...noPlaces, HOME: '' }), vault: false },
  { name: 'a relative HOME', environment: () => ({ ...noPlaces, HOME: 'home' }), vault: false },
  {
    name: 'no HOME, and a user whom nobody knows',
    environment: () => ({ ...noPlaces, HOME: undefined }),
    uid: 4242,
    vault: false,
  },
  { name: '12 open files', limit: 'ulimit -n 12', few: true },
  { name: '24 open files', limit: 'ulimit -n 24', few: true },
  { name: '40 open files', limit: 'ulimit -n 40', few: true },
];

const key = {
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const echoKey = ['sh', '-c', 'echo $AWS_ACCESS_KEY_ID'];

/** The sources of credentials. If they are available, awsh must give the credentials. */
const giving: readonly { words: readonly string[]; needs: 'nothing' | 'vault' }[] = [
  { words: ['exec', 'plain', '--', ...echoKey], needs: 'nothing' },
  { words: ['export', 'plain'], needs: 'nothing' },
  { words: ['exec', 'demo', '--no-session', '--', ...echoKey], needs: 'vault' },
  { words: ['export', 'dev', '--format', 'process'], needs: 'vault' },
  { words: ['export', 'demo'], needs: 'vault' },
];

const others: readonly (readonly string[])[] = [
  ['list'],
  ['status'],
  ['explain', 'plain'],
  ['doctor'],
  ['prompt'],
  ['hook', 'bash'],
  ['completion', 'bash'],
  ['config'],
  ['agent', 'status'],
  ['use', 'plain'],
  ['off'],
  ['refresh'],
  ['login', 'dev', '--stdout'],
];

const writing: readonly { words: readonly string[]; folder?: string }[] = [
  { words: ['add', '--env', 'k'] },
  { words: ['remove', '--force', 'demo'] },
  { words: ['clear'] },
  { words: ['init', 'dev'] },
  { words: ['allow'], folder: 'projects/staging' },
  { words: ['deny'], folder: 'projects/dev' },
  { words: ['config', 'set', 'theme_variable', 'none'] },
  { words: ['setup', '--yes'] },
  { words: ['import'] },
  { words: ['migrate-backend', '--from', 'file', '--to', 'pass'] },
  { words: ['unlock'] },
  { words: ['lock'] },
];

/**
 * In `npm run test:long`, every command runs with every fault. Otherwise, each fault runs with one
 * command in `share`, and the next fault with the following ones, so that each command gets several
 * kinds of fault.
 */
function shareFor<Command>(commands: readonly Command[], fault: Fault, share: number): readonly Command[] {
  if (process.env.TEST_FAULTS === 'all') return commands;
  const first = faults.findIndex(({ name }) => name === fault.name);
  return commands.filter((_, index) => (index + first) % share === 0);
}

let sandbox: Sandbox;
let place: Parameters<typeof runFaulty>[0];
const home = temporaryHome({ keep: true });

beforeAll(async () => {
  if (!canBreakDisks) return;
  sandbox = await createSandbox(join(home.path, 'home'));
  await storeKey(sandbox);
  const config = join(sandbox.home, '.aws/config');
  const environment = { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off', AWS_CONFIG_FILE: config };
  for (const folder of ['work', 'projects/plain']) mkdirSync(join(sandbox.home, folder));
  const program = join(sandbox.home, 'credentials');
  const credentials = `{"Version":1,"AccessKeyId":"ASIAPLAINAAAAAAAAAAA","SecretAccessKey":"secret","SessionToken":"token","Expiration":"2036-01-01T00:00:00Z"}`;
  writeFileSync(program, `#!/bin/sh\necho '${credentials}'\n`, { mode: 0o755 });
  appendFileSync(config, `[profile plain]\ncredential_process = ${program}\nregion = eu-west-1\n`);
  const spares = faults.map((_, index) => {
    const user = sandbox.emulator.addUser({ account: '111122223333', name: `spare${index}` });
    appendFileSync(config, `[profile spare${index}]\nendpoint_url = ${sandbox.emulator.url}\n`);
    return { profile: `spare${index}`, ...user };
  });
  await storeKeys(sandbox, spares);
  expect(await runInstalled(['allow', join(sandbox.home, 'projects/dev')], environment)).toMatchObject({
    status: 0,
  });
  expect(await runInstalled(['export', 'dev'], environment)).toMatchObject({ status: 0 });
  openParents(sandbox.home);
  const seed = join(home.path, 'seed');
  spawnSync('cp', ['-a', sandbox.home, seed]);
  place = { seed, home: sandbox.home, results: join(home.path, 'results'), environment };
});

afterAll(async () => {
  await sandbox?.close();
  rmSync(home.path, { recursive: true, force: true });
});

/**
 * Conditions for every run: a documented status, an error of three lines, and no files in the
 * working directory.
 */
function expectOrderly(run: FaultyRun, what: string): void {
  expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], what).toContain(run.status);
  if (run.status !== 0 && run.err !== '') {
    expect(run.err, what).toMatch(/^awsh: .+(\n {2}\S.*)*\n {2}next: \S.*$/m);
  }
  expect(run.err, what).not.toMatch(/incomplete|internal error|at .*\.[cm]js:|Native stack/);
  if (run.status !== 0) expect(run.madeBelow, what).toEqual([]);
  expect(
    run.madeBelow.filter((path) => !path.endsWith(join('/', 'work', '.awsprofile'))),
    what,
  ).toEqual([]);
}

/** Lines on stderr that are about the disk. */
const warnings = ({ err }: FaultyRun) =>
  err.split('\n').filter((line) => /not stored|without a lock/.test(line));

const runUnder =
  (fault: Fault, agent: string) =>
  (words: readonly string[], more: Omit<FaultyCommand, 'words'> = {}) =>
    runFaulty(place, fault, { words, ...more, environment: { AWSH_AGENT: agent, ...more.environment } });

describe.skipIf(!canBreakDisks).each(['off', ''])(
  'awsh on a disk that refuses, with AWSH_AGENT=%j',
  (agent) => {
    it.each(faults)('$name: gives the available credentials, with one warning at most', async (fault) => {
      const run = runUnder(fault, agent);
      const check = async ({ words, needs }: (typeof giving)[number]) => {
        const ran = await run(words);
        const what = `${words.join(' ')}: ${ran.err}`;
        expectOrderly(ran, what);
        expect(warnings(ran).length, what).toBeLessThan(2);
        const areThere = !fault.few && (needs === 'nothing' || fault.vault !== false);
        if (areThere) expect([ran.status, /A[SK]IA/.test(ran.out)], what).toEqual([0, true]);
      };
      await Promise.all(giving.map(check));
    });

    it.each(faults)('$name: loads what a pinned shell asks for', async (fault) => {
      const { AWS_CONFIG_FILE } = place.environment;
      const fixed = { ...sandbox.environment, AWS_CONFIG_FILE, ...fault.environment?.(place.home) };
      const lines = Object.entries(fixed).flatMap(([name, value]) =>
        value === undefined ? [] : [`env ${name} ${value}`],
      );
      const request = ['- load 1', `cwd ${place.home}/work`, 'pin plain', ...lines, 'end', ''].join('\n');
      const ran = await runUnder(fault, agent)(['_load'], { environment: { AWSH_REQUEST: request } });
      expectOrderly(ran, ran.err);
      if (fault.few) return;
      expect([ran.status, ran.out.split(' ')[1]], ran.err).toEqual([0, 'ok']);
      expect(warnings(ran).length).toBeLessThan(2);
    });
  },
  300_000,
);

describe.skipIf(!canBreakDisks)(
  'awsh on a disk that refuses',
  () => {
    it.each(faults)('$name: answers read-only commands, or tells in three lines why not', async (fault) => {
      const check = async (words: readonly string[]) => {
        const ran = await runUnder(fault, 'off')(words);
        expectOrderly(ran, `${words.join(' ')}: ${ran.err}`);
      };
      await Promise.all(shareFor(others, fault, 3).map(check));
    });

    it.each(faults)('$name: writes all or nothing', async (fault) => {
      const check = async ({ words, folder }: (typeof writing)[number]) => {
        const ran = await runUnder(fault, 'off')(words, { environment: key, ...(folder && { folder }) });
        const what = `${words.join(' ')}: ${ran.err}`;
        expectOrderly(ran, what);
        const changed = ran.after.filter((line) => !ran.before.includes(line));
        if (ran.status !== 0) expect(changed, what).toEqual([]);
        expect(
          changed.filter((line) => /\/\.[^/]+\.[0-9a-f]{16}$/.test(line)),
          what,
        ).toEqual([]);
      };
      await Promise.all(shareFor(writing, fault, 2).map(check));
    });

    it.each(faults.map((fault, index) => ({ ...fault, profile: `spare${index}` })))(
      '$name: loses no key that it replaces',
      async ({ profile, ...fault }) => {
        const ran = await runUnder(fault, 'off')(['rotate', profile, '--no-session']);
        expectOrderly(ran, ran.err);
        const keys = sandbox.emulator.cloud.users.find(({ name }) => name === profile)?.keys ?? [];
        expect(keys.map(({ status }) => status)).toEqual(['Active']);
        if (ran.status !== 0) expect(ran.after, ran.err).toEqual(ran.before);
      },
    );
  },
  300_000,
);
