import { type CommandInput, type Context, jsonText, lookOf, tableText } from '../cli/index.ts';
import { awsConfigJson, type Section } from '../profiles/index.ts';

/** `awsh config aws`: what was read from the AWS config and credentials files, merged. Secrets in them are not shown. */
export async function showAwsFiles(context: Context, input: CommandInput): Promise<number> {
  const files = await context.awsFiles();
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

function sectionRows(kind: string, sections: ReadonlyMap<string, Section>): string[][] {
  return [...sections].map(([name, { place }]) => [kind, name, `${place.file}:${place.line}`]);
}
