// A sandbox home with one stored key and its dev project allowed, which runFaulty copies for each run.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/demo/index.ts';
import { type Fault, type FaultyRun, openParents, runFaulty } from './faulty-disk.ts';
import { packageFolder, runInstalled } from './run-awsh.ts';
import { sandboxEnvironment, storeKey } from './sandbox-shell.ts';
import { temporaryHome } from './temporary-home.ts';

/** Runs lines of bash as an ordinary user. `awsh` is the launcher, `$R` is root's hand: `$R COMMAND` runs as root. */
export type FaultyScript = (lines: string, fault?: Partial<Fault>) => Promise<FaultyRun>;

/** For the tests of one file that {@link canBreakDisks} allows. */
export function faultyHome(isWanted: boolean): { readonly run: FaultyScript } {
  const home = temporaryHome({ keep: true });
  let sandbox: Sandbox | undefined;
  let place: Parameters<typeof runFaulty>[0];
  beforeAll(async () => {
    if (!isWanted) return;
    sandbox = await createSandbox(join(home.path, 'home'));
    await storeKey(sandbox);
    const environment = { ...sandboxEnvironment(sandbox), AWSH_AGENT: '' };
    await runInstalled(['allow', join(sandbox.home, 'projects/dev')], { ...environment, AWSH_AGENT: 'off' });
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
      const script = `awsh() { ${join(packageFolder, 'bin/awsh')} "$@"; }\n${lines}`;
      return runFaulty(
        place,
        { name: 'a script', ...fault },
        { words: ['/bin/bash', '-c', script], folder: '.' },
      );
    },
  };
}
