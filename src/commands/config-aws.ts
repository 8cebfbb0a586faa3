import { type CommandInput, type Context, jsonText, lookOf, tableText } from '../cli/index.ts';
import { type AwsFiles, awsConfigJson, readAwsFiles, type Section } from '../profiles/index.ts';
import { UsageError } from '../system/index.ts';

/**
 * `awsh config aws`: the merged content of the AWS config and credentials files, by the grammar
 * that all AWS SDKs share; with `--lenient`, as every other verb reads them. Secrets are not shown.
 */
export async function showAwsFiles(context: Context, input: CommandInput): Promise<number> {
  const files = input.flag('lenient') ? readAwsFiles(context.paths) : readStrictly(context);
  if (input.flag('json')) {
    await context.output.print(jsonText(awsConfigJson(files)));
    return 0;
  }
  const rows = [
    ...sectionRows('profile', files.profiles),
    ...sectionRows('sso-session', files.ssoSessions),
    ...sectionRows('services', files.services),
  ];
  await context.output.print(
    tableText(['KIND', 'NAME', 'STANDS IN'], rows, await lookOf(context.output.stdout)),
  );
  for (const warning of files.warnings) context.output.tell(`awsh: ${warning}`);
  return 0;
}

function readStrictly({ paths }: Context): AwsFiles {
  try {
    return readAwsFiles(paths, 'strict');
  } catch (error) {
    if (!(error instanceof UsageError) || error.next !== undefined) throw error;
    throw new UsageError(error.what, error.why, 'awsh config aws --lenient');
  }
}

function sectionRows(kind: string, sections: ReadonlyMap<string, Section>): string[][] {
  return [...sections].map(([name, { place }]) => [kind, name, `${place.file}:${place.line}`]);
}
