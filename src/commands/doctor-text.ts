import { type Look, labelled, proseRoom, withGivenOptions, wrapWords } from '../cli/index.ts';
import type { Examined, Finding } from '../diagnosis/index.ts';
import { adviceOf, printable, withHomeShort } from '../system/index.ts';
import { type AlikeFindings, alikeFindings } from './alike-findings.ts';

const indent = '  ';
const labelColumns = indent.length + 'next: '.length + indent.length;

/**
 * The findings as text, by section: a mark and the finding and, if there is something to do, the
 * reason and the next command. Paths below `home` begin with `~`, except in the next command.
 */
export function doctorText(examined: readonly Examined[], look: Look, home: string): string {
  const titles = [...new Set(examined.map(({ section }) => section))];
  const lines = titles.flatMap((title) => {
    const ofSection = examined.filter(({ section }) => section === title).flatMap((it) => it.findings);
    const findings = ofSection.map((it) => ({
      ...it,
      what: withHomeShort(it.what, home),
      why: it.why && withHomeShort(it.why, home),
    }));
    return findings.length === 0
      ? []
      : [look.bold(title), ...alikeFindings(findings).flatMap((it) => groupLines(it, look)), ''];
  });
  return [
    ...lines,
    summary(
      examined.flatMap(({ findings }) => findings),
      look,
    ),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

/** The first finding, and below it the other lines with the same finding. */
function groupLines({ first, also }: AlikeFindings, look: Look): string[] {
  const lines = findingLines(first, look);
  if (also.length === 0) return lines;
  const count = `the same at ${also.length} more lines:`;
  const places = printable(`${count} ${also.join(', ')}`);
  return [...lines, ...labelled(`${indent}${indent}also:`, places, labelColumns, look)];
}

/** The command is not wrapped, so that it can be copied. */
function findingLines({ level, what, why, next }: Finding, look: Look): string[] {
  const { reason, command } = adviceOf(why, next);
  const [first = '', ...rest] = wrapWords(printable(what), proseRoom(look) - 2 * indent.length);
  return [
    `${indent}${markOf(level, look)} ${first}`,
    ...rest.map((line) => indent + indent + line),
    ...(reason === '' ? [] : labelled(`${indent}${indent}why:`, printable(reason), labelColumns, look)),
    ...(command === null
      ? []
      : [`${indent}${indent}${look.dim('next:')} ${printable(withGivenOptions(command))}`]),
  ];
}

function markOf(level: Finding['level'], look: Look): string {
  return { ok: look.green('✓'), note: look.yellow('!'), problem: look.bold(look.red('✗')) }[level];
}

function summary(findings: readonly Finding[], look: Look): string {
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  const [problems, notes] = [count('problem'), count('note')];
  const noted = notes === 0 ? '' : `${notes} ${notes === 1 ? 'note' : 'notes'}`;
  if (problems === 0 && notes === 0) return look.green('no problem found');
  if (problems === 0)
    return `${look.green('no problem found')}; ${noted} (marked !) to read when you have time`;
  const found = `${problems} ${problems === 1 ? 'problem' : 'problems'}`;
  return [look.bold(look.red(found)), noted].filter(Boolean).join(', ');
}
