import { lstatSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandInput, Context } from '../cli/index.ts';
import { directoryFileName, directoryFileText, readDirectoryFile, TrustStore } from '../directory/index.ts';
import { printablePath, UsageError } from '../system/index.ts';
import { shownIdentity } from './allowing.ts';

/** `awsh init [PROFILE]`: writes a directory file that names the profile, here, and allows it. */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const path = join(context.cwd, directoryFileName);
  const shown = printablePath(path, context.paths.home);
  if (lstatSync(path, { throwIfNoEntry: false })) {
    throw new UsageError(`${shown} is there already`, 'init does not overwrite it', 'awsh allow');
  }
  const profile =
    input.argument('PROFILE') ?? (await (await context.prompter()).text('profile for this directory'));
  const text = directoryFileText(profile);
  const identity = await shownIdentity(context, { profile, region: null, account: null });
  // Others may read it: it is meant to be committed. `wx`: what has come since is not overwritten either.
  writeFileSync(path, text, { flag: 'wx', mode: 0o644 });
  new TrustStore(context.paths.trust, context.clock).allow(readDirectoryFile(path), identity);
  context.output.tell(`awsh: wrote and allowed ${shown}`);
  return 0;
}
