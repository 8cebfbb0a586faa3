import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { bundledScript } from './bundled-script.ts';
import type { TemporaryHome } from './temporary-home.ts';

const nobody = 65534;

/**
 * Runs a small program, made by {@link bundledScript}, as a user whom file modes restrict. If root
 * runs the tests, the home is given to the user `nobody`, who runs the program.
 */
export function runUnprivileged(
  home: TemporaryHome,
  source: string,
): { status: number | null; out: string; err: string } {
  const script = bundledScript(home, source);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) giveAway(home.path);
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
    cwd: home.path,
    env: home.environment,
    encoding: 'utf8',
    ...(isRoot && { uid: nobody, gid: nobody }),
  });
  return { status, out: stdout, err: stderr };
}

function giveAway(folder: string): void {
  const names = fs.readdirSync(folder, { recursive: true, encoding: 'utf8' });
  for (const path of [folder, ...names.map((name) => join(folder, name))])
    fs.lchownSync(path, nobody, nobody);
}
