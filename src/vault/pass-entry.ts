import { type Secret, VaultError } from '../system/index.ts';
import type { PassProgramOptions } from './pass-program.ts';

/**
 * The text of any entry of a password store, by the `pass` program. Throws VaultError if gpg cannot
 * decrypt it, or if it does not exist.
 */
export async function readPassEntry(options: PassProgramOptions, entry: string): Promise<Secret> {
  const { PassProgram } = await import('./pass-program.ts');
  const text = await new PassProgram(options).show(entry);
  if (text !== null) return text;
  throw new VaultError('pass has no such entry', 'it was removed just now');
}
