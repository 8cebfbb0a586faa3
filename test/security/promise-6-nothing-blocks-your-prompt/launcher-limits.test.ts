import { describe, expect, it } from 'vitest';
import { canBreakDisks } from '../../support/faulty-disk.ts';
import { faultyHome } from '../../support/faulty-home.ts';

const home = faultyHome(canBreakDisks);

describe.skipIf(!canBreakDisks)(
  'the launcher',
  () => {
    it('fails if stdout is closed and there is something to print', async () => {
      const { err } = await home.run(
        'for verb in list "completion bash" "export dev"; do awsh $verb >&-; echo "status $?" >&2; done',
      );
      expect(err.match(/^awsh: could not write the output\n {2}why: {2}stdout is closed/gm)).toHaveLength(3);
      expect(err.match(/^ {2}next: awsh list$/gm)).toHaveLength(1);
      expect(err.match(/^status 1$/gm)).toHaveLength(3);
    });

    it('hands a closed stdout to the command of exec', async () => {
      const { err } = await home.run(
        `awsh exec dev -- sh -c '{ true 3>&1; } 2>/dev/null || echo closed >&2; exit 3' >&-; echo "status $?" >&2`,
      );
      expect(err).toMatch(/^closed\nstatus 3$/m);
      expect(err).not.toContain('bad file descriptor');
    });

    it.each(['list', 'exec dev -- true'])('names a limit on processes that stops %s', async (words) => {
      const { out, err } = await home.run(`$SHELLS/../bin/awsh ${words}`, { limit: 'ulimit -u 1' });
      expect(out).toBe('');
      expect(err.replaceAll(/\d+/g, 'N')).toBe(
        'awsh: too few processes may run at once here\n' +
          '  why:  awsh needs N at least, and ulimit -u is N\n' +
          '  next: sudo prlimit --nproc=N --pid $$\n',
      );
    });

    it('raises such a limit if it may', async () => {
      const { status, out } = await home.run('exec $SHELLS/../bin/awsh list', { limit: 'ulimit -S -u 2' });
      expect([status, out]).toEqual([0, expect.stringContaining('PROFILE')]);
    });
  },
  60_000,
);
