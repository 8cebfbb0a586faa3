import { type CommandInput, type Context, lookOf, tableText } from '../cli/index.ts';
import { readDirectoryFile, type TrustRecord, TrustStore } from '../directory/index.ts';
import { editCommand, printablePath, UsageError } from '../system/index.ts';
import { shownIdentity } from './allowing.ts';
import { governingFile } from './governing-file.ts';

/**
 * `awsh allow [DIR]`: trusts the directory file's present content, for the present meaning of its
 * profile.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const trust = new TrustStore(context.paths.trust, context.clock);
  if (input.flag('prune')) return prune(context, trust);
  if (input.flag('list')) return list(context, trust);
  const file = readDirectoryFile(governingFile(context, input.argument('DIR')));
  const shown = printablePath(file.path, context.paths.home);
  const { profile, region, account, readOnly, policyArns } = file;
  if (profile === null)
    throw new UsageError(`${shown} names no profile`, 'there is nothing to allow', editCommand(file.path));
  const identity = await shownIdentity(context, { profile, region, account, readOnly, policyArns });
  trust.allow(file, identity);
  context.output.tell(`awsh: allowed ${shown}`);
  return 0;
}

async function list({ output, paths }: Context, trust: TrustStore): Promise<number> {
  const rows = trust.list().map((record) => row(record, paths.home));
  if (rows.length === 0) output.tell('awsh: nothing is allowed or denied');
  else
    await output.print(
      tableText(['FILE', 'DECISION', 'PROFILE', 'ACCOUNT', 'ROLE'], rows, await lookOf(output.stdout)),
    );
  return 0;
}

function row(record: TrustRecord, home: string): string[] {
  const file = printablePath(record.path, home);
  if (record.decision === 'deny') return [file, 'denied', '-', '-', '-'];
  const { profile, account, role } = record.identity;
  return [file, 'allowed', profile, account ?? '-', role?.replace(/^.*:role\//, '') ?? '-'];
}

function prune({ output, paths }: Context, trust: TrustStore): number {
  const gone = trust.prune();
  for (const { path } of gone) output.tell(`awsh: forgot ${printablePath(path, paths.home)}`);
  if (gone.length === 0) output.tell('awsh: every file is still there');
  return 0;
}
