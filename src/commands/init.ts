import { lstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandInput, Context } from '../cli/index.ts';
import {
  directoryFileName,
  directoryFileText,
  readDirectoryFile,
  requireTextPath,
  TrustStore,
} from '../directory/index.ts';
import { createFileAtomic, printablePath, UsageError } from '../system/index.ts';
import { shownIdentity } from './allowing.ts';
import { pickProfile } from './pick-profile.ts';

/** `awsh init [PROFILE]`: writes a directory file that names the profile, here, and allows it. */
export async function run(context: Context, input: CommandInput): Promise<number> {
  requireTextPath(context.cwd);
  const path = join(context.cwd, directoryFileName);
  const shown = printablePath(path, context.paths.home);
  if (lstatSync(path, { throwIfNoEntry: false })) {
    throw new UsageError(`${shown} is there already`, 'init does not overwrite it', 'awsh allow');
  }
  const profile = input.argument('PROFILE') ?? (await pickProfile(context, 'init'));
  const text = directoryFileText(profile);
  const identity = await shownIdentity(context, { profile, region: null, account: null });
  // Others may read it: it is meant to be committed. What has come since is not overwritten either.
  createFileAtomic(path, text, 0o644);
  try {
    new TrustStore(context.paths.trust, context.clock).allow(readDirectoryFile(path), identity);
  } catch (error) {
    // Both or neither: a file that nobody allowed would only make the shell complain.
    rmSync(path, { force: true });
    throw error;
  }
  context.output.tell(`awsh: wrote and allowed ${shown}`);
  return 0;
}
