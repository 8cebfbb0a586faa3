import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CommandThread, threadLimits } from '../../src/agent/command-thread.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/** A thread with this program instead of the agent's, and its notes. */
function threadOf(program: string, limits: Partial<typeof threadLimits> = {}) {
  const home = temporaryHome();
  const file = home.write(
    'thread.cjs',
    `const { parentPort, workerData } = require('node:worker_threads');
    const fs = require('node:fs');
    const say = (id, text) => parentPort.postMessage({ id, answer: { status: 0, told: '', printed: text } });
    ${program.replaceAll('HOME', home.path)}`,
  );
  const notes: string[] = [];
  const thread = new CommandThread(file, 'word', (line) => notes.push(line), {
    ...threadLimits,
    answerMs: 50_000,
    ...limits,
  });
  onTestFinished(() => thread.end());
  return { thread, notes, home };
}

const echo = `parentPort.on('message', ({ id, text }) => say(id, text + workerData.word));`;

describe('the thread for commands', { timeout: 60_000 }, () => {
  it('answers, and is started once', async () => {
    const { thread } = threadOf(`let count = 0; ${echo.replace('text +', 'text + (count += 1) +')}`);
    expect(await thread.answer('a')).toMatchObject({ printed: 'a1word' });
    expect(await thread.answer('b')).toMatchObject({ printed: 'b2word' });
  });

  it('is not started without a word', async () => {
    const { home } = threadOf('');
    const file = home.write('other.cjs', `require('node:fs').writeFileSync('${home.path}/started', '');`);
    const thread = new CommandThread(file, '', () => {});
    expect(await thread.answer('a')).toBe(null);
    expect(existsSync(join(home.path, 'started'))).toBe(false);
  });

  it('leaves a command to Node that takes too long, and answers the next one', async () => {
    const slow = `parentPort.on('message', ({ id, text }) => setTimeout(() => say(id, text), text === 'slow' ? 2000 : 0));`;
    const { thread, notes } = threadOf(slow, { answerMs: 300 });
    await expect.poll(() => thread.answer('quick')).not.toBe(null);
    expect(await thread.answer('slow')).toBe(null);
    await expect.poll(() => thread.answer('quick')).toMatchObject({ printed: 'quick' });
    expect(notes).toEqual([]);
  });

  it('is ended if it does not answer, and started again after a rest', async () => {
    const stuck = `parentPort.on('message', ({ id, text }) => { while (text === 'stuck'); say(id, text); });`;
    const { thread, notes } = threadOf(stuck, { answerMs: 200, silentMs: 400, restMs: 400 });
    await expect.poll(() => thread.answer('a'), { timeout: 20_000 }).not.toBe(null);
    expect(await thread.answer('stuck')).toBe(null);
    await expect.poll(() => notes).toEqual(['the thread for commands was ended: no answer in time']);
    expect(await thread.answer('a')).toBe(null);
    await expect.poll(() => thread.answer('b'), { timeout: 20_000 }).toMatchObject({ printed: 'b' });
  });

  it('is ended if it does not start', async () => {
    const { thread, notes } = threadOf('for (;;);', { answerMs: 100, startMs: 300 });
    expect(await thread.answer('a')).toBe(null);
    await expect.poll(() => notes).toEqual(['the thread for commands was ended: no answer in time']);
  });

  it.each(['throw new Error("x")', 'process.exit(1)', 'const all = []; for (;;) all.push([...all, 1])'])(
    'leaves everything to Node if it fails: %s',
    async (program) => {
      const { thread, notes, home } = threadOf(`fs.appendFileSync('HOME/starts', 'x');\n${program}`);
      expect(await thread.answer('a')).toBe(null);
      expect(await thread.answer('b')).toBe(null);
      expect(readFileSync(join(home.path, 'starts'), 'utf8')).toBe('x');
      expect(notes.join()).not.toContain('in time');
    },
  );

  it('is ended after it was idle, and started again', async () => {
    const { thread } = threadOf(
      `const start = String(process.hrtime.bigint()); parentPort.on('message', ({ id }) => say(id, start));`,
      { idleMs: 100 },
    );
    await expect.poll(() => thread.answer('a')).not.toBe(null);
    const first = await thread.answer('a');
    await new Promise((resolve) => setTimeout(resolve, 300));
    await expect.poll(() => thread.answer('a')).not.toEqual(first);
  });
});
