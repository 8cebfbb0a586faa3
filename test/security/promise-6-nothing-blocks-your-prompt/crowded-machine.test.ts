import { spawn } from 'node:child_process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openCrowd, sortAsked } from '../../support/crowd.ts';

/** The whole of it takes minutes and both cores: `npm run test:long`. */
const { TEST_CROWD } = process.env;

function busyLoop(): void {
  const child = spawn('/bin/sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
}

describe.runIf(TEST_CROWD).each(['on', 'on and stopped', 'off'] as const)(
  'two hundred hooks beside four busy loops, the agent %s',
  (agent) => {
    it('ask for one MFA code', { timeout: 600_000 }, async () => {
      const crowd = await openCrowd(agent === 'off' ? 'off' : 'on');
      if (agent === 'on and stopped') crowd.signalAgent('SIGSTOP');
      for (let loop = 0; loop < 4; loop += 1) busyLoop();
      const { asked, told } = await sortAsked(await crowd.openLoads(4 * Number(TEST_CROWD)), 300_000);
      const words = told.map(({ received }) => /^- (\S+ \d+ [a-z ]*)/m.exec(received)?.[1] ?? received);
      const counts = [...new Set(words)].map((word) => `${words.filter((it) => it === word).length} ${word}`);
      console.log(`agent ${agent}: ${asked.length} asked; ${counts.join(', ')}`);
      expect(asked).toHaveLength(1);
      for (const word of words) expect(word).toMatch(/^wait 0 (wait|asked on pts)/);
    });
  },
);
