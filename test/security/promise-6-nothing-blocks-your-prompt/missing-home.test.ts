import { describe, expect, it } from 'vitest';
import { canBreakDisks } from '../../support/faulty-disk.ts';
import { faultyHome } from '../../support/faulty-home.ts';

const home = faultyHome(canBreakDisks);

const noPlaces = 'unset XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR';

describe.skipIf(!canBreakDisks)(
  'what a job has to be told',
  () => {
    it.each([
      ['whose folder does not exist', 'export HOME=/nowhere/x', 'the home /nowhere/x does not exist', {}],
      ['that nothing names', 'unset HOME', 'HOME is not set, and the user database', { uid: 4242 }],
    ])('a home %s: exec, list and doctor say so', async (_, change, why, fault) => {
      const { out, err } = await home.run(
        `${noPlaces}; ${change}; awsh exec dev -- true; echo "status $?"; awsh list; awsh doctor --offline`,
        fault,
      );
      expect(err).toMatch(
        new RegExp(`^awsh: no profile "dev" .*\n {2}why: {2}${why}.*\n {2}next: export HOME=`, 'm'),
      );
      expect(err).toMatch(new RegExp(`^awsh: there is no profile: ${why}.*; next: export HOME=`, 'm'));
      expect(out).toMatch(/^status 3$/m);
      expect(out.match(/✗ there is no home for what awsh stores/g)).toHaveLength(1);
      expect(out).not.toContain('can be written to');
    });

    it.each(['export dev', 'exec dev --no-session -- true', 'unlock'])(
      '%s in CI without the passphrase names unlock --for-job, which helps',
      async (words) => {
        const { out, err } = await home.run(
          `pass=$AWSH_FILE_PASSPHRASE; unset AWSH_FILE_PASSPHRASE; rm -rf ~/.local/share/awsh/vault/sessions
          export CI=1; awsh ${words}; echo "status $?"
          AWSH_FILE_PASSPHRASE=$pass awsh unlock --for-job; awsh ${words}; echo "then $?"`,
        );
        expect(out, err).toMatch(/^status 6$/m);
        expect(err).toMatch(/^ {2}why: {2}there is no terminal to ask in; set AWSH_FILE_PASSPHRASE/m);
        expect(err).toMatch(/^ {2}next: awsh unlock --for-job$/m);
        expect(out, err).toMatch(/^then 0$/m);
      },
    );
  },
  60_000,
);
