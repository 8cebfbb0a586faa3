import { missingPrograms } from './programs.ts';
import { putTriedShellsFirst } from './tried-shells.ts';

export default function setup(): () => void {
  const undo = putTriedShellsFirst();
  sayWhatIsMissing();
  return undo;
}

/** Says by name what this machine lacks; with AWSH_TEST_NO_SKIP set, something missing fails the run before it starts. */
function sayWhatIsMissing(): void {
  const missing = missingPrograms();
  if (missing.length === 0) return;
  const line = `not installed here: ${missing.join(', ')}`;
  if (process.env.AWSH_TEST_NO_SKIP) throw new Error(`${line} (AWSH_TEST_NO_SKIP forbids skipping)`);
  console.warn(`${line}. The tests that need them are skipped, each by its name.`);
}
