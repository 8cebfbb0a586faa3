import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readGrantLog } from '../../src/record/index.ts';
import { type AgentSandbox, agentSandbox } from '../support/agent-sandbox.ts';
import { packageFolder } from '../support/sandbox-shell.ts';
import { openShell } from '../support/terminal.ts';

/** Only in `npm run test:long`: 200 shells with 50 loads each, 20 shells at a time. */
const [shells, loads] = [Number(process.env.TEST_SHELLS), Number(process.env.TEST_GRANTS ?? 50)];
const atOnce = 20;

/**
 * A real bash that enters and leaves the project this many times. Returns its terminal and the
 * number of times that it had keys.
 */
async function goToAndFro(box: AgentSandbox, keepRc: boolean): Promise<[terminal: string, loaded: number]> {
  const { sandbox, environment } = box;
  const shell = await openShell('bash', {
    home: { path: sandbox.home, environment } as never,
    rc: `source ${packageFolder}/shell/awsh.bash`,
    keepRc,
    keep: true,
  });
  const line = `n=0; for i in $(seq ${loads}); do cd ~/projects/dev; [ -z "$AWS_ACCESS_KEY_ID" ] || n=$((n+1)); cd; done; tty; echo $n`;
  const words = (await shell.output(line, 600_000)).trim().split(/\s+/);
  shell.type('exit\r');
  await shell.exited;
  return [(words.at(-2) ?? '').replace('/dev/', ''), Number(words.at(-1))];
}

it.runIf(shells > 0)(
  'the log has a line for each load of many real shells',
  { timeout: 3_600_000 },
  async () => {
    const box = await agentSandbox();
    const project = join(box.sandbox.home, 'projects/dev');
    await box.awsh(['allow', project]);
    await box.awsh(['export', 'dev']);
    await expect.poll(() => box.loadWarm(project)).toMatch(/^ok /);
    // More than one file, if there are many lines.
    const log = () => readGrantLog(box.paths.state, {}, Date.now());
    const before = log().length;
    let loaded = 0;
    await goToAndFro(box, false).then(([, count]) => (loaded += count));
    for (let left = shells - 1; left > 0; left -= atOnce) {
      const many = Array.from({ length: Math.min(left, atOnce) }, () => goToAndFro(box, true));
      for (const [terminal, count] of await Promise.all(many)) {
        expect(terminal).toMatch(/^pts\/\d+$/);
        loaded += count;
      }
    }
    const lines = log().slice(before);
    if (process.env.TEST_SHELLS) process.stderr.write(`${loaded} loads, ${lines.length} lines\n`);
    expect(loaded).toBe(shells * loads);
    expect(lines.length).toBeGreaterThanOrEqual(loaded);
    expect(new Set(lines.map(({ outcome }) => outcome))).toEqual(new Set(['granted']));
  },
);
