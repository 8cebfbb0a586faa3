import type { Place } from '../profiles/index.ts';
import type { StartUp } from './scene.ts';

/** The place where a start-up file sets and exports this variable; null if none does. */
export function settingOf(variable: string, startUp: StartUp | null): Place | null {
  const posix = `export\\s+(?:\\w+=\\S*\\s+)*${variable}=`;
  const fish = `set\\s+(?:-\\w+\\s+)*-\\w*x\\w*\\s+(?:-\\w+\\s+)*${variable}\\s`;
  const setting = new RegExp(`^\\s*(?:${posix}|${fish})`);
  for (const { path, text } of startUp?.files ?? []) {
    const at = (text ?? '').split('\n').findIndex((line) => setting.test(line));
    if (at >= 0) return { file: path, line: at + 1 };
  }
  return null;
}

const block = /^# >>> awsh >>>\r?\n([\s\S]*?)^# <<< awsh <<<\r?$/m;

/** The text between the two markers of `awsh setup`; null if there are none. */
export function blockOf(text: string | null): string | null {
  return block.exec(text ?? '')?.[1] ?? null;
}

/** True if a start-up file has the block. */
export function hasBlock(startUp: StartUp | null): boolean {
  return startUp?.files.some(({ text }) => blockOf(text) !== null) ?? false;
}
