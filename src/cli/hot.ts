// Built as dist/hot.cjs: the verbs that hooks and scripts wait for, in one CommonJS file, as far as a session that is in
// the cache needs them. It is the program that main.mjs is, from the same sources: only what they load by `import()` is not
// in it. Where that is reached for, `answerHot` gives null and main.mjs answers the command from the beginning.
import { run as load } from '../commands/_load.ts';
import { run as exec } from '../commands/exec.ts';
import { run as exportCredentials } from '../commands/export.ts';
import { appPaths, systemClock, workingDirectory } from '../system/index.ts';
import { coldPathIsTaken } from './cold-path.ts';
import { commandModules } from './command-modules.ts';
import { runCommandLine } from './main.ts';
import { descriptorOutput } from './output.ts';
import { keepPackageLink } from './package-link.ts';
import { rememberNode } from './remembered-node.ts';

/** Runs process.argv; the exit status, or null where main.mjs is to answer. */
export async function answerHot(packageFolder: string): Promise<number | null> {
  const environment = process.env;
  const commands = {
    ...commandModules,
    _load: async () => ({ run: load }),
    exec: async () => ({ run: exec }),
    export: async () => ({ run: exportCredentials }),
  };
  try {
    const status = await runCommandLine(process.argv.slice(2), {
      environment,
      cwd: () => workingDirectory(environment),
      clock: systemClock,
      output: descriptorOutput(environment),
      packageFolder,
      commands,
    });
    const paths = appPaths(environment);
    rememberNode(paths);
    keepPackageLink(paths, packageFolder);
    return status;
  } catch (error) {
    if (coldPathIsTaken()) return null;
    throw error;
  }
}
