import { takeColdPath } from './cold-path.ts';
import type { CommandRow } from './command-row.ts';
import { execRow, exportRow, loadRow } from './table-quick.ts';

/** Replaces the table of all verbs in dist/hot-*.cjs. */
export const commandTable: readonly CommandRow[] = [loadRow, execRow, exportRow];

export function findCommand(name: string): CommandRow | null {
  return commandTable.find((row) => row.name === name) ?? takeColdPath();
}
