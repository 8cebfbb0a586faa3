import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  commandLanguages,
  commandsOf,
  type DocBlock,
  type DocCommand,
  dataLanguages,
  docBlocks,
  docPages,
  docText,
  sceneOf,
  shownPattern,
} from '../support/doc-blocks.ts';
import { openScene, type Scene } from '../support/doc-scenes.ts';
import { packageFolder } from '../support/sandbox-shell.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import type { ShellName, ShellTerminal } from '../support/terminal.ts';

const pages = docPages();
const blocks = pages.flatMap(docBlocks);
const commands = blocks.filter(({ language }) => commandLanguages.includes(language));
let executed = 0;
afterAll(() => {
  console.log(
    `documentation: ${executed} of ${commands.length} command blocks executed; the others say why not`,
  );
});

const shellOf = ({ language }: DocBlock): ShellName =>
  language === 'zsh' || language === 'fish' ? language : 'bash';

/**
 * The shell's own parser decides where a command ends. It only warns about a here-document that is
 * not complete.
 */
const isComplete = (shell: ShellName) => (lines: string) => {
  const file = join(temporaryHome().path, 'lines');
  writeFileSync(file, `${lines}\n`);
  const { status, stderr } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
  return status === 0 && stderr === '' && !/\\$/.test(lines);
};

async function runCommand(
  shell: ShellTerminal,
  scene: Scene,
  block: DocBlock,
  { command, shown, status }: DocCommand,
) {
  shell.skip();
  shell.type(`${command.replaceAll('\n', '\r')}\r`);
  for (const answer of block.answers) {
    await shell.waitFor(/(\? \[[yn]\/[yn]\]|:) $/i, 30_000);
    await shell.settle();
    shell.type(`${answer === 'CODE' ? scene.mfaCode() : answer}\r`);
  }
  const result = await shell.prompt(30_000);
  const place = `${block.page}:${block.line}: ${command}\n${result.shown}`;
  expect(result.status, place).toBe(status);
  if (shown !== null) expect(printed(result.shown, command), place).toMatch(shownPattern(shown));
}

/** Without the terminal's echo and the hook's messages at the prompt. */
function printed(shown: string, command: string): string {
  const lines = shown.split('\n').map((line) => line.trimEnd());
  const echo = lines.findIndex((line) => line.endsWith(command.split('\n').at(-1) ?? ''));
  return `${lines.slice(echo + 1, -1).join('\n')}\n`;
}

describe('code blocks of the documentation', () => {
  it('have a language that distinguishes commands from data', () => {
    const known = [...commandLanguages, ...dataLanguages];
    const unknown = blocks.filter(({ language }) => !known.includes(language));
    expect(unknown.map(({ page, line, language }) => `${page}:${line} ${language}`)).toEqual([]);
  });

  it('have a reason if they are not run', () => {
    const vague = blocks.filter(({ notRun }) => notRun !== null && notRun.length < 10);
    expect(vague.map(({ page, line }) => `${page}:${line}`)).toEqual([]);
    const data = blocks.filter(({ language, notRun }) => notRun !== null && dataLanguages.includes(language));
    expect(data.map(({ page, line }) => `${page}:${line} is data`)).toEqual([]);
  });
});

const runnable = pages.filter((page) => commands.some((it) => it.page === page && it.notRun === null));

describe.each(runnable)('the commands of %s', (page) => {
  it('do what the page describes, one after the other', async () => {
    const scene = await openScene(sceneOf(page));
    for (const block of commands.filter((it) => it.page === page && it.notRun === null)) {
      const name = shellOf(block);
      const shell = await scene.shell(name);
      for (const command of commandsOf(block, isComplete(name)))
        await runCommand(shell, scene, block, command);
      executed += 1;
    }
  });
});

describe('links of the documentation', () => {
  const links = pages.flatMap((page) =>
    [...withoutCode(docText(page)).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target = '']) => ({
      page,
      target,
    })),
  );

  it('lead to a file, and to a heading in it', () => {
    expect(links.length).toBeGreaterThan(40);
    const dead = links.filter(({ page, target }) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(packageFolder, file))) return true;
      return anchor !== undefined && !anchorsOf(file).includes(anchor);
    });
    expect(dead.map(({ page, target }) => `${page}: ${target}`)).toEqual([]);
  });
});

/** Links inside code are not links. */
function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');
}

/** The anchors that GitHub makes from headings. */
function anchorsOf(page: string): string[] {
  const headings = [...docText(page).matchAll(/^#+ (.*)$/gm)].map(([, text = '']) => text);
  return headings.map((text) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
