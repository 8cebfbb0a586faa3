import { describe, expect, it } from 'vitest';
import { pinOfChoice } from '../../src/sessions/index.ts';
import { hookShells } from '../support/hook-shell.ts';
import { openSandboxShell } from '../support/sandbox-shell.ts';

// Each waits for a real end, so only `npm run test:long` tests all shells.
const shells = process.env.TEST_SECONDS ? hookShells : (['bash'] as const);

describe.each(shells)('a time box in %s', (name) => {
  it('counts down, and ends at a prompt of the shell and of its child', async () => {
    const { shell, environment } = await openSandboxShell(name, { quick: true });
    await shell.run('awsh use dev --for 15m');
    expect(await shell.output('echo $AWSH_SEGMENT')).toMatch(/^dev (pinned )?1[45]m$/);
    // A time limit with little time left, so that the test need not wait for minutes.
    const left = 20;
    const until = Math.floor(Date.now() / 1000) + left;
    const pin = pinOfChoice({ profile: 'dev', box: { seconds: 900, until } });
    await shell.run(`awsh use ${JSON.stringify(pin)}`);
    expect(await environment()).toHaveProperty('AWS_ACCESS_KEY_ID');
    await shell.run(name);
    expect(await environment()).toHaveProperty('AWS_ACCESS_KEY_ID');
    const ended = async () => {
      await shell.run(':');
      return !(await environment()).AWS_ACCESS_KEY_ID;
    };
    await expect.poll(ended, { timeout: 120_000, interval: 1000 }).toBe(true);
    expect(Date.now() / 1000).toBeGreaterThanOrEqual(until);
    expect(await environment()).toMatchObject({ AWS_PROFILE: 'awsh-blocked' });
    await shell.run('exit');
    await shell.run(':');
    expect(await environment()).toMatchObject({ AWS_PROFILE: 'awsh-blocked' });
    expect((await shell.run('awsh status')).shown).toMatch(/its 15m ended at/);
  });
});
