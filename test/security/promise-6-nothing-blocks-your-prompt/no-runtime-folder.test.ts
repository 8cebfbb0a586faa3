import { describe, expect, it } from 'vitest';
import { canBreakDisks } from '../../support/faulty-disk.ts';
import { faultyHome } from '../../support/faulty-home.ts';

const home = faultyHome(canBreakDisks);

/** As after su, in cron and with docker exec. */
const places = [
  ['is missing', '/run/user/77777', ':'],
  ["is another user's", '$HOME/others', 'mkdir -m 700 "$HOME_PATH/others"'],
  ['takes no directory', '/proc', ':'],
] as const;

describe.skipIf(!canBreakDisks)(
  'an XDG_RUNTIME_DIR in which no agent can be found',
  () => {
    it.each(places)('%s: doctor and unlock --for-job name it', async (_, place, prepare) => {
      const { out, err } = await home.run(
        `export XDG_RUNTIME_DIR=${place} AWSH_AGENT=; awsh doctor --offline | grep -A3 'agent'
        CI=1 awsh unlock --for-job; echo "status $?"; unset XDG_RUNTIME_DIR; CI=1 awsh unlock --for-job 2>/dev/null; echo "then $?"`,
        { prepare },
      );
      expect(out, err).toMatch(/✗ the agent cannot run here/);
      expect(out).not.toContain('the first command that needs it starts it');
      expect(out).toMatch(/^status 1\nthen 0$/m);
      expect(err).toMatch(
        /^awsh: the agent cannot run here\n {2}why: {2}its directory .+\n {2}next: env -u XDG_RUNTIME_DIR awsh unlock --for-job$/m,
      );
    });
  },
  120_000,
);
