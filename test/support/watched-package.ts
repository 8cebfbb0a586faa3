import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hookFileNames } from './hook-package.ts';
import { packageFolder } from './sandbox-shell.ts';
import type { TemporaryHome } from './temporary-home.ts';

/**
 * The real hooks in a package whose programs run under strace, which records their environment and
 * the paths that they open.
 */
export interface WatchedPackage {
  readonly path: string;
  /** Each program that was started, with its whole environment, and each path that was opened or connected to. */
  calls(): string;
}

export function watchedPackage(home: TemporaryHome): WatchedPackage {
  const path = join(home.path, 'watched');
  const log = join(path, 'calls');
  for (const folder of ['bin', 'shell']) mkdirSync(join(path, folder), { recursive: true });
  for (const file of ['package.json', ...hookFileNames().map((name) => `shell/${name}`)]) {
    copyFileSync(join(packageFolder, file), join(path, file));
  }
  for (const program of ['bin/awsh', 'shell/awsh-ask.bash']) {
    const file = join(path, program);
    writeFileSync(file, wrapper(log, join(packageFolder, program)));
    chmodSync(file, 0o755);
  }
  return { path, calls: () => (existsSync(log) ? readFileSync(log, 'utf8') : '') };
}

// -D: the caller waits only for the program, and not for an agent that it has started.
const wrapper = (log: string, program: string) => `#!/bin/bash -p
exec /usr/bin/strace -D -f --seccomp-bpf -v -s 9999 -A -o ${log} -e trace=execve,open,openat,readlink,connect /bin/bash -p ${program} "$@"
`;
