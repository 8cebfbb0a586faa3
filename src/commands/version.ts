import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../cli/index.ts';

/** `awsh version`, also `--version`, `-V` and aws-vault's `-v`. */
export async function run({ output, packageFolder }: Context): Promise<number> {
  const file: { version: string } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  await output.print(`awsh ${file.version}\n`);
  return 0;
}
