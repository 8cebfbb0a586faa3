import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readState } from '../../src/agent/index.ts';
import { rawAnswer } from '../support/agent.ts';
import { agentSandbox } from '../support/agent-sandbox.ts';

/** `npm run test:long` has 200 shells with 50 grants each. */
const [shells, grants] = [Number(process.env.TEST_SHELLS ?? 20), Number(process.env.TEST_GRANTS ?? 20)];

it('the log loses no line of many shells that are answered at once', { timeout: 300_000 }, async () => {
  const { awsh, paths, loadRequest, loadWarm, sandbox } = await agentSandbox();
  const project = join(sandbox.home, 'projects/dev');
  await awsh(['allow', project]);
  await awsh(['export', 'dev']);
  await expect.poll(() => loadWarm(project)).toMatch(/^ok /);
  const log = () => readFileSync(join(paths.state, 'log.jsonl'), 'utf8').split('\n').slice(0, -1);
  const before = log().length;
  const state = readState(paths);
  if (state === null) throw new Error('there is no agent');
  const shell = async (at: number) => {
    // Asks as the hook does, with one connection for each question.
    const request = loadRequest(state.token.reveal(), project, [`tty /dev/pts/${at}`]);
    for (let left = grants; left > 0; left--)
      expect(await rawAnswer(state.port, [request])).toMatch(/^[0-9a-f]{64} ok /);
  };
  await Promise.all(Array.from({ length: shells }, (_, at) => shell(at)));
  const lines = log()
    .slice(before)
    .map((line) => JSON.parse(line));
  expect(lines).toHaveLength(shells * grants);
  const counts = new Map<string, number>();
  for (const { terminal } of lines) counts.set(terminal, (counts.get(terminal) ?? 0) + 1);
  expect([...counts.keys()].filter((name) => !/^pts\/[0-9]+$/.test(name))).toEqual([]);
  expect([...counts.values()]).toEqual(Array(shells).fill(grants));
});
