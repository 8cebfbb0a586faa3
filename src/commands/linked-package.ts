// Finds out whether this awsh was installed as a link to a checkout; it stops working if the
// checkout is moved or removed.
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Environment, findProgram, lstatIfThere } from '../system/index.ts';

/** How the running package is installed. */
export type Installation = 'copy' | 'checkout' | 'link into a checkout';

/**
 * A package that npm installed has neither a repository nor sources in it.
 *
 * @param program The path of the file that Node runs, before links are resolved (process.argv[1]).
 */
export function installationOf(
  packageFolder: string,
  program: string | undefined,
  environment: Environment,
): Installation {
  const isCheckout = ['.git', 'src/entry/main.ts'].some((name) => existsSync(join(packageFolder, name)));
  if (!isCheckout) return 'copy';
  const isLinked = isNpmLink(program) || isLinkInPath(packageFolder, environment);
  return isLinked ? 'link into a checkout' : 'checkout';
}

/** `npm link` and `npm install --global .` make node_modules/awsh a symbolic link. */
function isNpmLink(program: string | undefined): boolean {
  if (program === undefined) return false;
  const folder = dirname(dirname(program));
  return basename(dirname(folder)) === 'node_modules' && lstatIfThere(folder)?.isSymbolicLink() === true;
}

function isLinkInPath(packageFolder: string, { PATH }: Environment): boolean {
  const found = findProgram('awsh', PATH);
  if (found === null) return false;
  const launcher = join(realpathSync(packageFolder), 'bin', 'awsh');
  return realpathSync(found) === launcher && realpathSync(dirname(found)) !== dirname(launcher);
}
