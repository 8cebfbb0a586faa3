import type { CommandRow } from './command-row.ts';
import { agentCommands } from './table-agent.ts';
import { consoleCommands } from './table-console.ts';
import { credentialCommands } from './table-credentials.ts';
import { directoryCommands } from './table-directories.ts';
import { doctorCommands } from './table-doctor.ts';
import { setupCommands } from './table-setup.ts';
import { shellCommands } from './table-shell.ts';
import { ssoCommands } from './table-sso.ts';
import { toolCommands } from './table-tools.ts';

/** In the order in which help shows them. Functions, so that a verb reads only the tables before its own. */
const tables: readonly (() => readonly CommandRow[])[] = [
  () => credentialCommands,
  () => consoleCommands,
  () => ssoCommands,
  () => toolCommands,
  () => shellCommands,
  () => directoryCommands,
  () => setupCommands,
  () => doctorCommands,
  () => agentCommands,
];

/** All verbs, in the order in which help shows them. */
export function commandTable(): readonly CommandRow[] {
  return tables.flatMap((rows) => rows());
}

/** The verb with this name or alias, or null. */
export function findCommand(name: string): CommandRow | null {
  for (const rows of tables) {
    const found = rows().find((row) => row.name === name || row.aliases?.includes(name));
    if (found !== undefined) return found;
  }
  return null;
}
