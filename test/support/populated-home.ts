import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cutCommandLine } from '../../src/cli/command-line.ts';
import { findCommand } from '../../src/cli/command-table.ts';
import { openContext } from '../../src/cli/context.ts';
import { streamOutput } from '../../src/cli/output.ts';
import { parseCommand } from '../../src/cli/parse-command.ts';
import { populate } from '../../src/commands/sso-populate.ts';
import { AwshError, appPaths, systemClock } from '../../src/system/index.ts';
import { organisationHome } from './organisation-home.ts';
import { CapturedText, packageFolder, runInstalled } from './run-awsh.ts';

const start = '# awsh sso corp: begin\n';
const end = '# awsh sso corp: end\n';

/** A home that is signed in to these accounts, and `awsh sso populate` in it. */
export async function populatedHome(...given: Parameters<typeof organisationHome>) {
  const corp = await organisationHome(...given);
  const path = join(corp.home.path, '.aws/config');
  const text = () => readFileSync(path, 'utf8');
  /** The text between the comments. */
  const block = () => text().split(start)[1]?.split(end)[0] ?? '';
  const names = () => [...block().matchAll(/^\[profile ([^\]]+)\]/gm)].map(([, name]) => name ?? '');
  const run = (...words: string[]) => runInstalled(['sso', 'populate', ...words], corp.environment);
  /**
   * The same in this process, with a list that is made faster than AWS allows. An error returns its
   * status.
   */
  const here = async (...words: string[]) => {
    const [out, err] = [new CapturedText(), new CapturedText()];
    const { environment } = corp;
    const line = cutCommandLine(['sso', 'populate', 'corp', ...words], findCommand);
    if (line.row === null) throw new RangeError('there is no such verb');
    const { input, globals } = parseCommand(line.row, line);
    const output = streamOutput(out, err, environment);
    const context = openContext({
      ...{ environment, globals, output, packageFolder },
      ...{ cwd: corp.home.path, paths: appPaths(environment), clock: systemClock },
    });
    const list = async () => (await corp.list()).accounts;
    const status = await populate(context, input, list).catch((error: unknown) => {
      if (error instanceof AwshError) return error.exitStatus;
      throw error;
    });
    return { status, out: out.text, err: err.text };
  };
  return { ...corp, path, text, run, block, names, here };
}
