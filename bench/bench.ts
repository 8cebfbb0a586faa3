import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { readState } from '../src/agent/index.ts';
import { createSandbox } from '../src/demo/index.ts';
import { appPaths } from '../src/system/index.ts';
import { has } from '../test/support/programs.ts';
import { packageFolder, sandboxEnvironment, storeKey } from '../test/support/sandbox-shell.ts';
import { startSecretService } from '../test/support/secret-service.ts';
import { temporaryHome } from '../test/support/temporary-home.ts';
import { loadAgent } from './agent-load.ts';
import { timePieces } from './build-pieces.ts';
import { timeFishHooks, timeFishSwitches } from './fish-hooks.ts';
import { timeReadingCommands, timeWarmLauncher } from './launcher.ts';
import { timeReadingVerbs } from './reading-verbs.ts';
import { timeHooks } from './shell-hooks.ts';
import { timeSwitches } from './shell-switches.ts';
import { timeSourcing } from './sourcing.ts';
import { homeWithProfiles, profileName, timeTab } from './tab.ts';
import { median, ratio, type Timed, timeInTurn } from './timing.ts';

const home = temporaryHome({ keep: true });
const launcher = installedByNpm(join(home.path, 'prefix'));
const sandbox = await createSandbox(join(home.path, 'home'));
const installedShells = (['bash', 'zsh', 'fish'] as const).filter((shell) => shell === 'bash' || has(shell));

/** The links that npm makes for a global installation, which a user's PATH finds. */
function installedByNpm(prefix: string): string {
  mkdirSync(join(prefix, 'lib/node_modules'), { recursive: true });
  mkdirSync(join(prefix, 'bin'));
  symlinkSync(packageFolder, join(prefix, 'lib/node_modules/awsh'));
  symlinkSync('../lib/node_modules/awsh/bin/awsh', join(prefix, 'bin/awsh'));
  return join(prefix, 'bin/awsh');
}

/** Asynchronous, because the emulator answers in this process. */
async function run(
  file: string,
  args: readonly string[],
  environment: Record<string, string>,
  input?: string,
): Promise<void> {
  await execa(file, args, {
    env: environment,
    extendEnv: false,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
  });
}

/** A directory with an allowed .envrc; null if there is no direnv. */
async function allowedEnvrc(name: string, environment: Record<string, string>): Promise<string | null> {
  if (!has('direnv')) return null;
  const folder = join(sandbox.home, name);
  mkdirSync(folder);
  writeFileSync(join(folder, '.envrc'), `export FROM_DIRENV=${name}\n`);
  await run('direnv', ['allow', folder], environment);
  return folder;
}

async function idlePrompts(environment: Record<string, string>): Promise<void> {
  const envrc = await allowedEnvrc('envrc', environment);
  const project = join(sandbox.home, 'projects/dev');
  await run(launcher, ['allow', project], environment);
  for (const shell of installedShells) {
    const hook = join(packageFolder, `shell/awsh.${shell}`);
    const bench = { project, envrc, hook, environment, calls: 2000 };
    const times = shell === 'fish' ? await timeFishHooks(bench) : await timeHooks({ shell, ...bench });
    const { awsh, beside, direnv } = times;
    const compared =
      beside === null || direnv === null
        ? ''
        : `direnv's hook ${direnv.toFixed(0)} µs, 1/${(direnv / awsh).toFixed(0)} of it; beside direnv ${beside.toFixed(0)} µs, 1/${(direnv / beside).toFixed(1)}`;
    console.log(`${shell}: idle hook ${awsh.toFixed(1)} µs; ${compared}`);
  }
}

async function sourcing(environment: Record<string, string>): Promise<void> {
  for (const shell of installedShells) {
    const { block, hook } = await timeSourcing(shell, environment);
    console.log(
      `${shell}: sourcing what setup's block names ${block.toFixed(1)} ms, of which the hook ${hook.toFixed(1)} ms`,
    );
  }
}

async function tabs(): Promise<void> {
  const counts = [200, 2000, 10_000];
  const homes = counts.map((count) => homeWithProfiles(count));
  try {
    for (const { environment } of homes) await run(launcher, ['_names'], environment);
    for (const shell of installedShells) {
      const times = { one: [] as string[], all: [] as string[] };
      for (const [at, { environment }] of homes.entries()) {
        const count = counts[at] ?? 0;
        const word = profileName(count / 2).slice(0, -1);
        times.one.push((await timeTab({ shell, environment, word, matches: 1 })).toFixed(1));
        times.all.push((await timeTab({ shell, environment, word: '', matches: count })).toFixed(1));
      }
      console.log(
        `${shell}: Tab for one of ${counts.join(', ')} profiles ${times.one.join(', ')} ms; for all of them ${times.all.join(', ')} ms`,
      );
    }
  } finally {
    for (const { path } of homes) rmSync(path, { recursive: true, force: true });
  }
}

/** A project beside dev whose profile needs no answer from the user. */
function secondProject(): string {
  const config = join(sandbox.home, '.aws/config');
  const dev = /\[profile dev\]\n(?:.+\n)+/.exec(readFileSync(config, 'utf8'))?.[0] ?? '';
  appendFileSync(config, `\n${dev.replace('profile dev', 'profile other')}`);
  const folder = join(sandbox.home, 'projects/other');
  mkdirSync(folder);
  writeFileSync(join(folder, '.awsprofile'), 'other\n');
  return folder;
}

async function switches(environment: Record<string, string>): Promise<void> {
  const [one, two] = [await allowedEnvrc('one', environment), await allowedEnvrc('two', environment)];
  const projects = [join(sandbox.home, 'projects/dev'), secondProject()] as const;
  for (const project of projects) await run(launcher, ['allow', project], environment);
  await run(launcher, ['agent', 'start'], environment);
  try {
    for (const shell of installedShells) {
      const hook = join(packageFolder, `shell/awsh.${shell}`);
      const envrcs = one === null || two === null ? null : ([one, two] as const);
      const bench = { projects, envrcs, hook, environment };
      const { awsh, direnv } =
        shell === 'fish' ? await timeFishSwitches(bench) : await timeSwitches({ shell, ...bench });
      const beside =
        direnv === null
          ? ''
          : `direnv's ${(direnv / 1000).toFixed(1)} ms, 1/${(direnv / awsh).toFixed(0)} of it`;
      console.log(`${shell}: cd between two projects, agent warm ${(awsh / 1000).toFixed(2)} ms; ${beside}`);
    }
  } finally {
    await run(launcher, ['agent', 'stop'], environment);
  }
}

async function warmLauncher(environment: Record<string, string>): Promise<void> {
  await run(launcher, ['agent', 'start'], environment);
  try {
    await run(launcher, ['export', 'dev'], environment);
    await timeWarmLauncher({ launcher, home: sandbox.home, environment });
    // Once by Node, which writes the names for completion.
    await run(process.execPath, [join(packageFolder, 'dist/awsh.cjs'), 'status'], environment);
    const agentPid = readState(appPaths(environment))?.pid;
    timeReadingCommands({ launcher, home: sandbox.home, environment }, agentPid);
    await loadAgent(environment);
  } finally {
    await run(launcher, ['agent', 'stop'], environment);
  }
}

async function cachedExport(
  label: string,
  environment: Record<string, string>,
  rounds: number,
): Promise<void> {
  const exporting = [launcher, 'export', 'dev', '--format', 'json'] as const;
  await run(exporting[0], exporting.slice(1), environment);
  const commands: Timed[] = [
    { name: 'export', command: exporting },
    { name: 'node', command: [process.execPath, '-e', '0'] },
  ];
  const times = timeInTurn(commands, environment, rounds);
  const [a = [], b = []] = [times.get('export'), times.get('node')];
  console.log(
    `awsh export, session cached (${label}): ${median(a).toFixed(0)} ms, ${ratio(a, b).toFixed(2)} times node -e 0 (${median(b).toFixed(0)} ms)`,
  );
}

try {
  const environment = { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off' };
  await storeKey(sandbox);
  await idlePrompts(environment);
  await sourcing(environment);
  await tabs();
  await switches({ ...environment, AWSH_AGENT: '' });
  await warmLauncher({ ...environment, AWSH_AGENT: '' });
  timeReadingVerbs(launcher, environment, sandbox.emulator.url);
  await cachedExport('file backend', environment, 11);
  if (has('gnome-keyring-daemon')) {
    const service = await startSecretService({ ...home, environment });
    try {
      const inKeychain = { ...service.environment, AWSH_BACKEND: 'keychain' };
      await run(
        launcher,
        ['add', sandbox.sourceProfile, '--stdin', '--force'],
        inKeychain,
        `${sandbox.accessKeyId}\n${sandbox.secretAccessKey.reveal()}\n`,
      );
      await cachedExport('gnome-keyring', inKeychain, 75);
      await timePieces(join(home.path, 'pieces'), inKeychain);
    } finally {
      service.stop();
    }
  }
} finally {
  await sandbox.close();
  rmSync(home.path, { recursive: true, force: true });
}
