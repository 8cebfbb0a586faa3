import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';

const run = promisify(execFile);

/** A virtual display, and a way to type on it. */
export interface XDisplay {
  /** The value of DISPLAY. */
  readonly name: string;
  /** Waits for a window of this title, types into it, and presses Return. */
  answer(title: string, text: string): Promise<void>;
  /** Waits for a window of this title, and presses a key, such as `Escape`. */
  press(title: string, key: string): Promise<void>;
}

/** Starts Xvfb, on a number of its own choosing; it ends with the test. */
export async function openDisplay(): Promise<XDisplay> {
  const server = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '800x600x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(() => void server.kill());
  const [number] = await once(server.stdout, 'data');
  const name = `:${String(number).trim()}`;
  const hands = async (...args: string[]) => {
    const { stdout } = await run('xdotool', args, { env: { PATH: process.env.PATH, DISPLAY: name } });
    return stdout;
  };
  /** The window appears before it accepts keys, so this repeats until it has the focus. */
  const focus = async (title: string) => {
    for (let round = 0; round < 200; round++) {
      await sleep(100);
      const found = await hands('search', '--onlyvisible', '--name', `^${title}$`).catch(() => '');
      const [id] = found.split('\n');
      if (!id) continue;
      const focused = await hands('windowfocus', '--sync', id).catch(() => null);
      if (focused !== null) return sleep(300);
    }
    throw new Error(`no window is called ${title}`);
  };
  return {
    name,
    answer: async (title, text) => {
      await focus(title);
      await hands('type', '--delay', '20', text);
      await hands('key', 'Return');
    },
    press: async (title, key) => {
      await focus(title);
      await hands('key', key);
    },
  };
}
