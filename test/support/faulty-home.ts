// A sandbox home with one stored key and its dev project allowed, which runFaulty copies for each run.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { readState } from '../../src/agent/index.ts';
import { createSandbox, type Sandbox } from '../../src/demo/index.ts';
import { appPaths } from '../../src/system/index.ts';
import { type Fault, type FaultyRun, openParents, runFaulty } from './faulty-disk.ts';
import { packageFolder, runInstalled } from './run-awsh.ts';
import { sandboxEnvironment, storeKey } from './sandbox-shell.ts';
import { temporaryHome } from './temporary-home.ts';

/** Runs lines of bash as an ordinary user. `awsh` is the launcher, `$SHELLS` the hooks' folder. */
export type FaultyScript = (lines: string, fault?: Partial<Fault>) => Promise<FaultyRun>;

/**
 * For the tests of one file that {@link canBreakDisks} allows. With `crashed`, an agent was killed
 * after a session of dev was stored, and its state file is left.
 */
export function faultyHome(isWanted: boolean, crashed = false): { readonly run: FaultyScript } {
  const home = temporaryHome({ keep: true });
  let sandbox: Sandbox | undefined;
  let place: Parameters<typeof runFaulty>[0];
  beforeAll(async () => {
    if (!isWanted) return;
    sandbox = await createSandbox(join(home.path, 'home'));
    await storeKey(sandbox);
    const environment = { ...sandboxEnvironment(sandbox), AWSH_AGENT: '' };
    await runInstalled(['allow', join(sandbox.home, 'projects/dev')], { ...environment, AWSH_AGENT: 'off' });
    if (crashed) await crashAgent(environment);
    openParents(sandbox.home);
    const seed = join(home.path, 'seed');
    spawnSync('cp', ['-a', sandbox.home, seed]);
    place = { seed, home: sandbox.home, results: join(home.path, 'results'), environment };
  });
  afterAll(async () => {
    await sandbox?.close();
    spawnSync('rm', ['-rf', home.path]);
  });
  return {
    run: (lines, fault = {}) => {
      const script = `SHELLS=${packageFolder}/shell\nawsh() { ${join(packageFolder, 'bin/awsh')} "$@"; }\n${lines}`;
      return runFaulty(
        place,
        { name: 'a script', ...fault },
        { words: ['/bin/bash', '-c', script], folder: '.' },
      );
    },
  };
}

async function crashAgent(environment: Record<string, string>): Promise<void> {
  const paths = appPaths(environment);
  await runInstalled(['export', 'dev'], environment);
  await runInstalled(['agent', 'start'], environment);
  process.kill(readState(paths)?.pid ?? 0, 'SIGKILL');
}
