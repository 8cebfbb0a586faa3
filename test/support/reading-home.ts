import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { type AgentSandbox, agentSandbox } from './agent-sandbox.ts';
import { type LauncherResult, packageThatSays, runBeside } from './launcher.ts';
import { packageFolder } from './run-awsh.ts';
import { temporaryHome } from './temporary-home.ts';

type More = Record<string, string>;
interface Place {
  readonly cwd?: string;
  readonly environment?: More;
}

/** A sandbox whose agent's thread runs the commands that only read. */
export interface ReadingHome extends AgentSandbox {
  /** A launcher of this build whose Node prints only that it was started. */
  readonly launcher: string;
  /** By that launcher. */
  readonly warm: (words: readonly string[], place?: Place) => Promise<LauncherResult>;
  /** By the built program in Node, without a launcher. */
  readonly inNode: (words: readonly string[], place?: Place) => Promise<LauncherResult>;
}

export const wentToNode = 'went to Node';

/** The package of the tests, with the word of the build. */
export function readingLauncher(program = `fs.writeSync(2, ${JSON.stringify(wentToNode)});`): string {
  const launcher = packageThatSays(temporaryHome(), program);
  const folder = join(dirname(launcher), '..');
  mkdirSync(join(folder, 'dist'), { recursive: true });
  for (const name of ['package.json', 'dist/word.txt'])
    copyFileSync(join(packageFolder, name), join(folder, name));
  return launcher;
}

/** The thread has answered once, so it is ready. */
export async function readingHome(): Promise<ReadingHome> {
  const it = await agentSandbox();
  const launcher = readingLauncher();
  const surroundings = ({ cwd = it.sandbox.home, environment = {} }: Place = {}) =>
    [{ ...it.environment, PWD: cwd, ...environment }, { cwd }] as const;
  const program = join(packageFolder, 'dist/awsh.cjs');
  const inNode: ReadingHome['inNode'] = (words, place) =>
    runBeside(process.execPath, [program, ...words], ...surroundings(place));
  const warm: ReadingHome['warm'] = (words, place) => runBeside(launcher, [...words], ...surroundings(place));
  // Its age is the same in both outputs.
  const index = readFileSync(it.paths.index, 'utf8');
  writeFileSync(it.paths.index, index.replace(/"added": *"[^"]+"/, '"added":"2024-02-29T12:00:00.000Z"'));
  await it.awsh(['agent', 'start']);
  // Writes the names for completion, which the thread cannot.
  await inNode(['list']);
  await expect.poll(async () => (await warm(['list'])).err, { timeout: 60_000 }).toBe('');
  return { ...it, launcher, warm, inNode };
}
