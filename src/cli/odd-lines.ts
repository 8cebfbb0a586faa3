/** The warnings about lines of the AWS files that other programs read differently. */
import type { AwsFiles } from '../profiles/index.ts';
import { printablePath } from '../system/index.ts';
import type { Given } from './context.ts';
import { lookOf } from './look.ts';
import { proseRoom, wrapWords } from './wrapped-text.ts';

/** Verbs that show the content of these lines. */
const detailed = ['explain'];
const mostDetailed = 3;
const mostLines = 5;

/**
 * Prints one warning on stderr: the line and how awsh reads it, or the positions of several lines.
 * `explain` shows the first three in full.
 */
export async function tellOddLines(
  { oddLines, repeatedLines }: Pick<AwsFiles, 'oddLines' | 'repeatedLines'>,
  { output, paths, verb = '' }: Pick<Given, 'output' | 'paths' | 'verb'>,
): Promise<void> {
  const lines = [...oddLines, ...repeatedLines];
  if (lines.length === 0) return;
  const room = proseRoom(await lookOf(output.stderr));
  const tell = (text: string) => {
    const [first = '', ...more] = wrapWords(`awsh: ${text}`, room);
    output.tell([first, ...more.map((line) => `  ${line}`)].join('\n'));
  };
  const shown = lines.length === 1 ? 1 : detailed.includes(verb) ? mostDetailed : 0;
  for (const line of lines.slice(0, shown)) tell(line);
  const rest = lines.slice(shown);
  if (rest.length > 0) tell(`${countText(rest, shown > 0)} (${placesText(rest, paths.home)}): awsh doctor`);
}

function countText({ length }: readonly string[], areMore: boolean): string {
  const lines = length === 1 ? 'line' : 'lines';
  return `${length} ${areMore ? 'more ' : ''}${lines} in your AWS files that other programs may read differently`;
}

/** `~/.aws/config:4, 9`, file by file. */
function placesText(lines: readonly string[], home: string): string {
  const byFile = new Map<string, number[]>();
  const found = lines.map((line) => /^(.*?):(\d+): /.exec(line) ?? ['', '', '']);
  const files = [...new Set(found.map(([, file = '']) => file))];
  const inOrder = files.flatMap((file) =>
    found.filter(([, other]) => other === file).sort(([, , a], [, , b]) => Number(a) - Number(b)),
  );
  for (const [, file = '', at] of inOrder.slice(0, mostLines))
    byFile.set(file, [...(byFile.get(file) ?? []), Number(at)]);
  const places = [...byFile].map(([file, numbers]) => `${printablePath(file, home)}:${numbers.join(', ')}`);
  return [...places, ...(lines.length > mostLines ? ['…'] : [])].join(' and ');
}
