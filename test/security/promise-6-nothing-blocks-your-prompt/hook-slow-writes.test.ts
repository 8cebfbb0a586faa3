import { describe, expect, it } from 'vitest';
import { fakeAgent, type Peer } from '../../support/fake-agent.ts';
import { type HookShell, type HookShellName, hookShells, openHookShell } from '../../support/hook-shell.ts';
import { has } from '../../support/programs.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

/*
 * In the microseconds between connecting and writing, the other side can close the connection, or
 * ^C can come. Here each write takes 30 ms, so that this happens.
 */

/** Closes, then resets. Only after both does a write raise SIGPIPE at once. */
const goesAway: Peer = (socket) => {
  socket.end();
  setTimeout(() => socket.resetAndDestroy(), 3);
};

async function openSlowShell(name: HookShellName, peer: Peer): Promise<HookShell> {
  const home = temporaryHome();
  await fakeAgent(home, peer);
  const slow = '-f --seccomp-bpf -o /dev/null -e trace=write -e inject=write:delay_enter=30000';
  const program = home.write('slow', `#!/bin/sh\nexec strace ${slow} ${name} "$@"\n`, 0o755);
  return openHookShell(name, { home, program, environment: { AWSH_AGENT: undefined } });
}

describe.skipIf(!has('strace')).each(hookShells)('a write that takes long, in %s,', (name) => {
  it('a write to a closed connection ends no shell, and no subshell', async () => {
    const shell = await openSlowShell(name, goesAway);
    // fish has no subshells.
    const sub =
      name === 'fish' ? 'cd dev; echo in $AWS_ACCESS_KEY_ID' : '(cd dev; echo in $AWS_ACCESS_KEY_ID)';
    expect(await shell.output(sub, 20_000)).toBe('in ASIADEV');
    await shell.run('cd prod || cd ../prod');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID', 20_000)).toBe('ASIAPROD');
  });

  it('a write is interrupted by ^C, and a pipe that ends early still ends its writer', async () => {
    let begun: () => void = () => {};
    const connected = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const shell = await openSlowShell(name, () => begun());
    shell.type('cd dev\r');
    await connected;
    shell.press('^C');
    await shell.prompt(20_000);
    await shell.settle(300);
    if (name !== 'fish') expect(await shell.output('trap -p PIPE', 20_000)).toBe('');
    expect(await shell.output('yes | head -1', 20_000)).toBe('y');
  });
});
