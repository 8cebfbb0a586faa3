import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openCrowd, openShells, sortAsked } from '../../support/crowd.ts';

/** The full test takes minutes and both cores: `npm run test:long`. */
const { TEST_CROWD } = process.env;

function busyLoop(): void {
  const child = spawn('/bin/sh', ['-c', 'while :; do :; done'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
}

describe.runIf(TEST_CROWD).each(['on', 'on and stopped', 'off'] as const)(
  'two hundred hooks beside four busy loops, the agent %s',
  (agent) => {
    it('many shells on a busy machine ask for one MFA code', { timeout: 600_000 }, async () => {
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

describe.runIf(TEST_CROWD).each(['on', 'on and stopped', 'off'] as const)(
  'twelve shells of three kinds, the agent %s',
  (agent) => {
    it('many shells ask for one MFA code, and all have the session at their next prompt', {
      timeout: 600_000,
    }, async () => {
      const crowd = await openCrowd(agent === 'off' ? 'off' : 'on');
      const shells = await openShells(crowd, ['bash', 'zsh', 'fish'], 12);
      if (agent === 'on and stopped') crowd.signalAgent('SIGSTOP');
      for (const shell of shells) shell.type(`cd ${crowd.staging}\r`);
      const sorted = await Promise.all(
        shells.map(async (shell) => ({
          shell,
          shown: await shell.waitFor(/MFA code for|is open on \S+|another command is fetching/, 300_000),
        })),
      );
      const asked = sorted.filter(({ shown }) => shown.endsWith('MFA code for'));
      const named = sorted.filter(({ shown }) => / is open on \S+$/.test(shown));
      asked[0]?.shell.type(`${crowd.sandbox.mfaCode()}\r`);
      await asked[0]?.shell.waitFor('$ ', 300_000);
      // Without an agent that answers, a shell looks again after two seconds.
      await sleep(3000);
      const profiles = await Promise.all(
        shells.map(async (shell) => {
          // The hook looks before the prompt that follows this line.
          await shell.run('true');
          return /:(\w*):/.exec((await shell.run('echo is:$AWSH_PROFILE:')).shown)?.[1];
        }),
      );
      const loaded = profiles.filter((profile) => profile === 'staging');
      console.log(
        `agent ${agent}: ${asked.length} of ${shells.length} shells asked, ${named.length} told which terminal, ` +
          `${loaded.length} loaded at the next prompt; ${crowd.sandbox.emulator.actions.length} calls`,
      );
      expect([asked.length, loaded.length]).toEqual([1, shells.length]);
    });
  },
);
