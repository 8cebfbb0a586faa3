import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingPrograms } from './programs.ts';
import { putTriedShellsFirst } from './tried-shells.ts';

export default function setup(): () => void {
  const undo = putTriedShellsFirst();
  sayWhatIsMissing();
  // A worker is ended by a signal, so it cannot remove its own.
  const quick = mkdtempSync(join(tmpdir(), 'awsh-quick-'));
  process.env.TEST_QUICK = quick;
  return () => {
    undo();
    rmSync(quick, { recursive: true, force: true });
  };
}

/**
 * Names the programs that this machine lacks. With AWSH_TEST_NO_SKIP, a missing program fails the
 * run before it starts.
 */
function sayWhatIsMissing(): void {
  const missing = missingPrograms();
  if (missing.length === 0) return;
  const line = `not installed here: ${missing.join(', ')}`;
  if (process.env.AWSH_TEST_NO_SKIP) throw new Error(`${line} (AWSH_TEST_NO_SKIP forbids skipping)`);
  console.warn(`${line}. The tests that need them are skipped, each by its name.`);
}
