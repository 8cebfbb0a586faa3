// Many bash processes with the hook that change between two projects, without a terminal.
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentSandbox } from './agent-sandbox.ts';
import { packageFolder } from './sandbox-shell.ts';

export interface Switch {
  readonly seconds: number;
  readonly project: string;
  /** The beginning of the segment: the project's name if it was loaded. */
  readonly segment: string;
}

/**
 * Runs `count` shells that change directory for `seconds`, each as fast as it can. Returns all
 * their changes.
 */
export async function switchingShells(
  { sandbox, environment }: AgentSandbox,
  projects: readonly string[],
  { count, seconds }: { count: number; seconds: number },
): Promise<Switch[]> {
  const folder = join(sandbox.home, 'projects');
  const rc = join(sandbox.home, 'switching.bash');
  // An interactive shell: the hook runs before each prompt. Each line is read when the one before is done.
  const lines = projects.flatMap((project) => [
    `begun=$EPOCHREALTIME; cd ${folder}/${project}`,
    `printf '%s %s %s %s\\n' $begun $EPOCHREALTIME ${project} "\${AWSH_SEGMENT%% *}-" >>$LOG; ((EPOCHSECONDS < UNTIL)) || exit 0`,
  ]);
  writeFileSync(rc, [`. ${packageFolder}/shell/awsh.bash`, ...Array(2000).fill(lines).flat(), ''].join('\n'));
  const until = Math.floor(Date.now() / 1000) + seconds;
  const logs = Array.from({ length: count }, (_, index) => join(sandbox.home, `switches-${index}`));
  await Promise.all(
    logs.map(
      (log) =>
        new Promise<void>((resolve, reject) => {
          const shell = spawn('/bin/sh', ['-c', `exec bash --noprofile --norc -i <"${rc}"`], {
            cwd: sandbox.home,
            env: { ...environment, LOG: log, UNTIL: String(until), HISTFILE: '' },
            stdio: ['ignore', 'ignore', 'ignore'],
            detached: true,
          });
          shell.on('error', reject);
          shell.on('close', () => resolve());
        }),
    ),
  );
  return logs.flatMap(readSwitches);
}

function readSwitches(log: string): Switch[] {
  const lines = readFileSync(log, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const [begun = '', ended = '', project = '', segment = ''] = line.split(' ');
    return { seconds: Number(ended) - Number(begun), project, segment: segment.replace(/-$/, '') };
  });
}
