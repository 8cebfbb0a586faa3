import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runAgent } from '../../../src/agent/agent.ts';
import { AgentLog } from '../../../src/agent/agent-log.ts';
import { connectAgent } from '../../../src/agent/index.ts';
import { appPaths } from '../../../src/system/index.ts';
import { processJson, script } from '../../support/command-files.ts';
import { canBreakDisks, ordinaryUser } from '../../support/faulty-disk.ts';
import { faultyHome } from '../../support/faulty-home.ts';
import { handClocks } from '../../support/hand-clocks.ts';
import { runInstalled } from '../../support/run-awsh.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const home = faultyHome(canBreakDisks);
const stateRefuses = 'chmod -R a-w ~/.local/state';
const readOnly = `mkdir -p ~/.run/awsh; ${stateRefuses} ~/.local/share ~/.run/awsh`;

describe.skipIf(!canBreakDisks)(
  'awsh lock whose mark cannot be written',
  () => {
    it.each([
      ['with an agent', 'export AWSH_AGENT='],
      ['without an agent', 'export AWSH_AGENT=off'],
    ])('does not claim to be locked, %s', async (_, agent) => {
      const { out, err } = await home.run(
        `${agent}; awsh exec dev -- true; ${readOnly}; awsh lock; echo "status $?"; awsh exec dev -- echo STILL; awsh unlock`,
      );
      expect(out, err).toBe('status 1\nSTILL\n');
      expect(err).toMatch(
        /^awsh: awsh is not locked: .+\n {2}why: {2}the mark of the lock cannot be written: /m,
      );
      expect(err).not.toMatch(/^awsh: (awsh is )?locked/m);
      expect(err).toContain('stored sessions could not be removed');
    });

    it('is locked by a second mark if only the state folder refuses it', async () => {
      const { out, err } = await home.run(
        `export AWSH_AGENT=; awsh exec dev -- true; ${stateRefuses}; awsh lock; echo "status $?"
        awsh exec dev -- echo STILL; AWSH_AGENT=off awsh exec dev -- echo STILL; awsh status | head -1
        awsh unlock; awsh exec dev -- echo AGAIN`,
      );
      expect(out, err).toBe('status 0\nstate      locked\nAGAIN\n');
      expect(err).toMatch(
        /^awsh: the mark of the lock is in ~\/\.run\/awsh\/locked: ~\/\.local\/state\/awsh.+ cannot be written/m,
      );
      expect(err.match(/^awsh: awsh is locked\n {2}why: {2}/gm)).toHaveLength(2);
    });

    it('is locked, and names the stored sessions, if only these cannot be removed', async () => {
      const { out, err } = await home.run(
        `awsh exec dev -- true; chmod -R a-w ~/.local/share; awsh lock; echo "status $?"; awsh exec dev -- echo STILL`,
      );
      expect(out, err).toBe('status 5\n');
      expect(err).toMatch(/^awsh: locked, but stored sessions could not be removed$/m);
    });
  },
  120_000,
);

describe('lock_after whose mark cannot be written', () => {
  it('keeps commands out until awsh unlock, and gives the reason', async () => {
    const home = temporaryHome();
    const environment = { ...home.environment, AWSH_AGENT: '', XDG_STATE_HOME: home.write('a-file', '') };
    home.write('.config/awsh/config', 'backend = file\nlock_after = 30m\n');
    const program = script(home.path, 'creds', `cat <<'END'\n${processJson()}\nEND`);
    home.write('.aws/config', `[profile plain]\ncredential_process = ${program}\n`);
    const { clocks, over, paths } = await agentWithHandClocks(environment);
    refuseSecondMark(paths.runtime);
    clocks.pass(hour);
    await expect.poll(async () => (await connectAgent(paths))?.isLocked).toBe(true);
    const awsh = (...words: string[]) => runInstalled(words, environment);

    expect(await awsh('exec', 'plain', '--', 'echo', 'STILL')).toEqual({
      status: 5,
      out: '',
      err: expect.stringMatching(
        /^awsh: awsh is locked\n {2}why: {2}by lock_after.+\n {2}next: awsh unlock\n$/,
      ),
    });
    expect((await awsh('doctor', '--offline')).out).toMatch(/awsh is locked/);
    expect((await awsh('lock')).err).toMatch(/awsh is not locked/);
    expect((await awsh('exec', 'plain', '--', 'echo', 'STILL')).status).toBe(5);
    expect(await awsh('unlock')).toMatchObject({ status: 0, err: 'awsh: unlocked\n' });
    await over;
    expect(await awsh('exec', 'plain', '--', 'echo', 'AGAIN')).toMatchObject({ status: 0, out: 'AGAIN\n' });
  }, 60_000);
});

/**
 * Modes do not restrict root, but root cannot rename a file over a folder. A lock file of another
 * user has no effect.
 */
function refuseSecondMark(runtime: string): void {
  if (process.getuid?.() !== 0) {
    chmodSync(runtime, 0o500);
    return;
  }
  mkdirSync(join(runtime, 'locked'));
  chownSync(join(runtime, 'locked'), ordinaryUser, ordinaryUser);
}

const hour = 3_600_000;

async function agentWithHandClocks(environment: Record<string, string>) {
  const clocks = handClocks();
  const paths = appPaths(environment);
  const over = runAgent({
    ...{ paths, version: '0.1.0', clocks, log: new AgentLog(paths, clocks) },
    ...{ workerProgram: '/nonexistent/worker.mjs', idleMs: 12 * hour, lookMs: 10 },
  });
  await expect.poll(() => connectAgent(paths)).not.toBeNull();
  return { clocks, paths, over };
}
