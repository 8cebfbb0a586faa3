import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Context } from '../cli/index.ts';
import { readConsoleCsv } from '../moving/index.ts';
import { awshErrorOf, UsageError } from '../system/index.ts';

/**
 * What may be shown while the user types: text that begins like a path or is short. A pasted secret
 * access key is usually neither.
 */
const shown = /^(?![A-Za-z0-9/+=]{40}$)(['"]?[~/.].*|[\w. -]{0,15})$/;

/**
 * Asks for the path of the console's CSV file, for `--csv` without a value. An answer that is not a
 * file is never quoted, because it may be a secret.
 */
export async function askForCsvPath({ prompter, cwd, paths }: Context): Promise<string> {
  const asking = await prompter();
  if (!asking.canAsk) {
    throw new UsageError(
      '--csv needs a value',
      'from a file that the AWS console gave you',
      'awsh import --help',
    );
  }
  const pathOf = (answer: string) => resolve(cwd, withoutQuotes(answer).replace(/^~(?=\/)/, paths.home));
  const answer = await asking.text('path of the access key file of the AWS console', undefined, {
    fault: (given) => csvFault(pathOf(given)),
    shown,
    givenUp: (fault) => new UsageError('no access key file was named', fault, 'try again'),
  });
  return pathOf(answer);
}

/** Terminals write the path of a dropped file in quotes or with backslashes. */
function withoutQuotes(answer: string): string {
  const quoted = /^'([^']*)'$|^"([^"]*)"$/.exec(answer);
  return quoted?.[1] ?? quoted?.[2] ?? answer.replace(/\\(.)/g, '$1');
}

function csvFault(path: string): string | null {
  if (!existsSync(path)) return 'there is no file at that path';
  const error = awshErrorOf(() => readConsoleCsv(path, 'any', new Date(0)));
  return error && (error.why ?? 'it cannot be read');
}
