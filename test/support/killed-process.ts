import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bundledScript } from './bundled-script.ts';
import { type TemporaryHome, temporaryHome } from './temporary-home.ts';
import { linkPackages } from './vault-process.ts';

/*
 * A program in its own process that can be killed with SIGKILL at any change of a file. The program
 * has no code for this: a preloaded module counts the renames and removals below a home, and kills
 * at the n-th.
 */

const killer = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const at = Number(process.env.TEST_KILL_AT), when = process.env.TEST_KILL_WHEN, home = process.env.HOME + '/';
const { appendFileSync } = fs;
let count = 0, inside = false;
for (const [name, word] of [['renameSync', 'rename'], ['unlinkSync', 'unlink'], ['rmSync', 'rm']]) {
  const original = fs[name];
  fs[name] = (...args) => {
    const path = args[name === 'renameSync' ? 1 : 0];
    if (inside || !path.startsWith(home) || /\\.lock|\\/locks\\//.test(path)) return original(...args);
    appendFileSync(process.env.TEST_STEPS, word + ' ' + path.slice(home.length) + '\\n');
    const strikes = count++ === at;
    if (strikes && when === 'before') process.kill(process.pid, 'SIGKILL');
    inside = true;
    const result = original(...args);
    inside = false;
    if (strikes && when === 'after') process.kill(process.pid, 'SIGKILL');
    return result;
  };
}
syncBuiltinESMExports();
`;

export interface KillPoint {
  /** Counted from 0, as in `steps`. */
  readonly step: number;
  readonly when: 'before' | 'after';
}

export interface KilledRun {
  readonly killed: boolean;
  readonly status: number | null;
  /**
   * The changes that it made to files below its home, except for locks: `rename PATH`, `unlink
   * PATH`, `rm PATH`.
   */
  readonly steps: string[];
}

export interface KillableProgram {
  run(
    home: Pick<TemporaryHome, 'path' | 'environment'>,
    options?: {
      kill?: KillPoint;
      environment?: Record<string, string>;
      onStart?: (kill: () => void) => void;
    },
  ): Promise<KilledRun>;
  /** Removes the files built for it. */
  remove(): void;
}

/** Bundles `source`, as bundledScript does. */
export function killableProgram(source: string): KillableProgram {
  const workshop = temporaryHome({ keep: true });
  linkPackages(workshop);
  const [program, module] = [bundledScript(workshop, source), workshop.write('killer.mjs', killer)];
  return {
    remove: () => rmSync(workshop.path, { recursive: true, force: true }),
    async run(home, { kill, environment = {}, onStart } = {}) {
      const log = join(home.path, 'steps');
      const child = spawn(process.execPath, ['--import', module, program], {
        env: {
          ...home.environment,
          TEST_STEPS: log,
          TEST_KILL_AT: String(kill?.step ?? -1),
          TEST_KILL_WHEN: kill?.when ?? '',
          ...environment,
        },
        stdio: 'ignore',
      });
      onStart?.(() => void child.kill('SIGKILL'));
      const [status, signal] = await once(child, 'exit');
      const steps = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : [];
      rmSync(log, { force: true });
      return { killed: signal === 'SIGKILL', status, steps };
    },
  };
}
