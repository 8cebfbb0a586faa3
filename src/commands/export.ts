import { quietPinentry } from '../agent/index.ts';
import { type CommandInput, type Context, openContext } from '../cli/index.ts';
import { type ExportFormat, exportText } from '../shell/index.ts';
import { printable, rfc3339 } from '../system/index.ts';
import { requestedSession } from './requested-session.ts';

/**
 * `awsh export PROFILE`: prints credentials. Prints nothing on stdout unless they are complete. As
 * an SDK's credential_process (`--format process`) it asks nothing unless told to (`--ask`,
 * `--prompt`), because the user is working in another program.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const format = (input.value('format') ?? 'env') as ExportFormat;
  const isToldToAsk = input.flag('ask') || context.globals.prompt !== undefined;
  const asksNobody = input.flag('no-ask') || (format === 'process' && !isToldToAsk);
  const given = asksNobody ? askingNobody(context) : context;
  const { credentials, identity } = await requestedSession(given, input, { command: 'export' });
  const text = exportText(format, credentials, identity);
  const file = input.value('output');
  if (file === undefined || isStdout(file)) {
    await context.output.print(text);
    return 0;
  }
  const { writeExport } = await import('./output-file.ts');
  writeExport(file, text, context);
  const { expiration } = credentials;
  const end = expiration === null ? 'which do not expire' : `valid until ${rfc3339(expiration)}`;
  context.output.tell(
    `awsh: wrote the credentials of ${printable(identity.profile)} to ${printable(file)}, ${end}`,
  );
  return 0;
}

/** True for `-` and for the system's names of stdout, wherever it leads. */
function isStdout(file: string): boolean {
  return ['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'].includes(file);
}

/** A locked keychain or gpg key is not unlocked either; it is an error. */
function askingNobody(context: Context): Context {
  const environment = { ...context.environment, ...quietPinentry(context.environment) };
  return openContext({ ...context, environment, asksNobody: true });
}
