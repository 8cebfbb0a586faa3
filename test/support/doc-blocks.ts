import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from './sandbox-shell.ts';

/** A fenced block of README.md or docs/. */
export interface DocBlock {
  readonly page: string;
  /** The line of its first fence, counted from 1. */
  readonly line: number;
  readonly language: string;
  readonly text: string;
  /** Why it is not run, from `<!-- not run: REASON -->` above it; null if it is run. */
  readonly notRun: string | null;
  /** The answers that it needs, from `<!-- answers: y, CODE -->` above it. */
  readonly answers: readonly string[];
}

/** Blocks in these languages are commands: they are run, or have a reason why not. */
export const commandLanguages = ['', 'sh', 'bash', 'zsh', 'fish', 'console'];
/** Blocks in these languages are contents of files or output. */
export const dataLanguages = [
  'text',
  'ini',
  'json',
  'toml',
  'yaml',
  'make',
  'hcl',
  'dockerfile',
  'elisp',
  'diff',
];

export function docPages(): string[] {
  const pages = readdirSync(join(packageFolder, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...pages.sort().map((name) => `docs/${name}`)];
}

export function docText(page: string): string {
  return readFileSync(join(packageFolder, page), 'utf8');
}

/** The command blocks of a page, and the others. */
export function docBlocks(page: string): DocBlock[] {
  const lines = docText(page).split('\n');
  const blocks: DocBlock[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const fence = /^( *)```(.*)$/.exec(lines[at] ?? '');
    if (fence === null) continue;
    const begin = at;
    const body: string[] = [];
    for (at += 1; at < lines.length && lines[at]?.trim() !== '```'; at += 1)
      body.push((lines[at] ?? '').slice((fence[1] ?? '').length));
    const marks = marksAbove(lines, begin);
    blocks.push({
      page,
      line: begin + 1,
      language: (fence[2] ?? '').trim(),
      text: body.join('\n'),
      notRun: marks.get('not run') ?? null,
      answers: marks.get('answers')?.split(', ') ?? [],
    });
  }
  return blocks;
}

/** The comments directly above a fence, ignoring blank lines. */
function marksAbove(lines: readonly string[], fence: number): Map<string, string> {
  const marks = new Map<string, string>();
  for (let at = fence - 1; at >= 0; at -= 1) {
    const line = lines[at]?.trim() ?? '';
    const mark = /^<!-- ([a-z ]+): (.+) -->$/.exec(line);
    if (mark === null && line !== '') break;
    if (mark !== null) marks.set(mark[1] ?? '', mark[2] ?? '');
  }
  return marks;
}

/** The scene in which a page's commands run: `<!-- scene: NAME -->`. */
export function sceneOf(page: string): string {
  return /^<!-- scene: ([a-z-]+) -->$/m.exec(docText(page))?.[1] ?? 'sandbox';
}

/** One command of a block and its expected output: null if the block does not show it. */
export interface DocCommand {
  readonly command: string;
  readonly shown: string | null;
  /** 0, or the number in the comment `# exit status 3`. */
  readonly status: number;
}

/** `isComplete` returns whether a shell would run these lines, or wait for more. */
export function commandsOf(block: DocBlock, isComplete: (lines: string) => boolean): DocCommand[] {
  return block.language === 'console' ? fromTranscript(block.text) : fromScript(block.text, isComplete);
}

function fromTranscript(text: string): DocCommand[] {
  const parts = text.split(/^\$ /m);
  return parts
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const [command = '', ...rest] = part.trimEnd().split('\n');
      return { command, shown: rest.join('\n'), status: statusOf(command) };
    });
}

function fromScript(text: string, isComplete: (lines: string) => boolean): DocCommand[] {
  const commands: DocCommand[] = [];
  let pending = '';
  for (const line of text.split('\n')) {
    pending = pending === '' ? line : `${pending}\n${line}`;
    if (pending.trim() === '' || /^\s*#/.test(pending)) pending = '';
    else if (isComplete(pending)) {
      commands.push({ command: pending, shown: null, status: statusOf(pending) });
      pending = '';
    }
  }
  if (pending !== '') throw new Error(`no shell ends this command: ${pending}`);
  return commands;
}

function statusOf(command: string): number {
  return Number(/# exit status (\d+)/.exec(command)?.[1] ?? 0);
}

/** The output in a page as a pattern: `…` matches any text, and a line with only `…` any lines. */
export function shownPattern(shown: string): RegExp {
  const lines = shown
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());
  const pattern = lines.map((line) =>
    line === '…'
      ? '(?:.*\\n)*?'
      : `${line.split('…').map(escaped).join('.*').replace(/ {2,}/g, ' +')}[ ]*\\n`,
  );
  return new RegExp(`^\\s*${pattern.join('')}\\s*$`);
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
