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
import {
  AwshError,
  createFileAtomic,
  editCommand,
  printable,
  printablePath,
  UsageError,
} from '../system/index.ts';
import { shownIdentity } from './allowing.ts';
import { pickProfile } from './pick-profile.ts';

/** `awsh init [PROFILE]`: writes a directory file that names the profile, and allows it. */
export async function run(context: Context, input: CommandInput): Promise<number> {
  requireTextPath(context.cwd);
  const path = join(context.cwd, directoryFileName);
  const shown = printablePath(path, context.paths.home);
  if (lstatSync(path, { throwIfNoEntry: false })) {
    throw existingFile(path, shown, input.argument('PROFILE'));
  }
  const profile = input.argument('PROFILE') ?? (await pickProfile(context, 'init'));
  const text = directoryFileText(profile);
  const identity = await shownIdentity(context, { profile, region: null, account: null });
  // Readable by others, because it is meant to be committed. A file created in the meantime is not
  // overwritten.
  createFileAtomic(path, text, 0o644);
  try {
    new TrustStore(context.paths.trust, context.clock).allow(readDirectoryFile(path), identity);
  } catch (error) {
    // Both steps or neither: a file that is not allowed would only produce a message in the shell.
    rmSync(path, { force: true });
    throw error;
  }
  context.output.tell(`awsh: wrote and allowed ${shown}`);
  return 0;
}

/** Suggests `awsh allow` only if the file asks for the given profile, or if none was given. */
function existingFile(path: string, shown: string, wanted: string | undefined): UsageError {
  const what = `${shown} exists already`;
  try {
    const { profile } = readDirectoryFile(path);
    const why = `it asks for ${profile === null ? 'no profile' : printable(profile)}; init does not overwrite it`;
    const isSame = profile !== null && (wanted === undefined || wanted === profile);
    return new UsageError(what, why, isSame ? 'awsh allow' : editCommand(path));
  } catch (error) {
    if (!(error instanceof AwshError)) throw error;
    return new UsageError(
      what,
      `it cannot be used: ${error.why ?? error.what}`,
      error.next ?? editCommand(path),
    );
  }
}
