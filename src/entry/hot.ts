// Built as dist/hot-export.cjs, hot-exec.cjs and hot-load.cjs: the verbs that hooks and scripts wait for, each in one
// CommonJS file, as far as a session that is in the cache needs it. It is the program that main.cjs is, from the same
// sources: only what they load by `import()` is not in it, what calls AWS, and the other verbs. Where that is reached for,
// `answerHot` gives null and main.cjs answers the command from the beginning.

import { pathsInJob, replaceOlderAgent } from '../agent/index.ts';
import { coldPathIsTaken, takeColdPath } from '../cli/cold-path.ts';
import type { CommandModule } from '../cli/command-row.ts';
import { descriptorOutput } from '../cli/output.ts';
import { keepPackageLink, packageVersion } from '../cli/package-link.ts';
import { rememberNode } from '../cli/remembered-node.ts';
import { appPaths, systemClock, workingDirectory } from '../system/index.ts';
import type { keepCode } from './keep-code.ts';
import { runCommandLine } from './main.ts';

/** What such a file exports. */
export interface HotVerb {
  /** Runs process.argv; the exit status, or null where main.cjs is to answer. */
  readonly answer: (packageFolder: string) => Promise<number | null>;
  readonly keepCode: typeof keepCode;
}

/** Runs process.argv where that is this verb; else, and where the verb needs more than there is here, gives null. */
export async function answerHot(
  verb: '_load' | 'exec' | 'export',
  module: CommandModule,
  packageFolder: string,
): Promise<number | null> {
  const environment = process.env;
  const commands = {
    _load: takeColdPath,
    exec: takeColdPath,
    export: takeColdPath,
    [verb]: async () => module,
  };
  try {
    const paths = pathsInJob(appPaths(environment), environment);
    const status = await runCommandLine(process.argv.slice(2), {
      environment,
      cwd: () => workingDirectory(environment),
      clock: systemClock,
      output: descriptorOutput(environment),
      packageFolder,
      paths,
      commands,
    });
    rememberNode(paths);
    keepPackageLink(paths, packageFolder);
    replaceOlderAgent({ paths, environment, packageFolder }, () => packageVersion(packageFolder));
    return status;
  } catch (error) {
    if (coldPathIsTaken()) return null;
    throw error;
  }
}
