import type { CommandInput, Context } from '../cli/index.ts';
import { TrustStore } from '../directory/index.ts';
import { printablePath } from '../system/index.ts';
import { governingFile } from './governing-file.ts';

/**
 * `awsh deny [DIR]`: refuses the directory file, whatever its content is or becomes. The file need
 * not be readable.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const path = governingFile(context, input.argument('DIR'));
  new TrustStore(context.paths.trust, context.clock).deny(path);
  const shown = printablePath(path, context.paths.home);
  context.output.tell(`awsh: denied ${shown}: it is not loaded, even if it changes`);
  return 0;
}
