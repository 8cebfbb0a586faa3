// Built as dist/hot-export.cjs, hot-exec.cjs and hot-load.cjs: the verbs that hooks and scripts
// wait for, each in one CommonJS file with only the code that a cached session needs. The sources
// are those of main.cjs, without what they load by `import()`: the calls to AWS, and the other
// verbs. If such code is needed, `answerHot` returns null and main.cjs runs the command from the
// beginning.

import { pathsInJob, replaceOlderAgent } from '../agent/index.ts';
import { coldPathIsTaken, takeColdPath } from '../cli/cold-path.ts';
import type { CommandModule } from '../cli/command-row.ts';
import { descriptorOutput } from '../cli/output.ts';
import { keepPackageLink, packageVersion } from '../cli/package-link.ts';
import { rememberNode } from '../cli/remembered-node.ts';
import { appPaths, systemClock, workingDirectory } from '../system/index.ts';
import type { keepCode } from './keep-code.ts';
import { runCommandLine } from './main.ts';

/** The exports of such a file. */
export interface HotVerb {
  /** Runs process.argv. Returns the exit status, or null if main.cjs must answer. */
  readonly answer: (packageFolder: string) => Promise<number | null>;
  readonly keepCode: typeof keepCode;
}

/**
 * Runs process.argv if it is this verb. Returns null otherwise, and if the verb needs code that is
 * not in this file.
 */
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
