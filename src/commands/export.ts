import type { CommandInput, Context } from '../cli/index.ts';
import { type ExportFormat, exportText } from '../shell/index.ts';
import { requestedSession } from './requested-session.ts';

/** `awsh export PROFILE`: prints credentials; nothing at all on stdout unless they are complete. */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const format = (input.value('format') ?? 'env') as ExportFormat;
  const { credentials, identity } = await requestedSession(context, input, { command: 'export' });
  await context.output.print(exportText(format, credentials, identity));
  return 0;
}
