import { describe, expect, it } from 'vitest';
import { canBreakDisks } from '../../support/faulty-disk.ts';
import { faultyHome } from '../../support/faulty-home.ts';

const home = faultyHome(canBreakDisks);

describe.skipIf(!canBreakDisks)(
  'a umask of 177',
  () => {
    it('leaves no directory that its owner cannot enter', async () => {
      const { out, err } = await home.run(
        `rm -rf ~/.cache ~/.local/state; (umask 177; awsh export dev >~/creds; echo "export $?")
        find ~/.cache ~/.local -type d ! -perm -700; awsh doctor --offline | grep file-modes; awsh list >~/list; echo "list $?"`,
        { limit: 'export AWSH_AGENT=off' },
      );
      expect(out, err).toBe('export 0\nlist 0\n');
    });
  },
  60_000,
);

describe.skipIf(!canBreakDisks)(
  'a directory that its owner cannot enter',
  () => {
    it('is named, with the command that opens it', async () => {
      const { out, err } = await home.run(
        'chmod 600 ~/.local/state; awsh export dev; echo "status $?"; next=$(awsh export dev 2>&1 | sed -n "s/^  next: //p"); eval "$next"; awsh export dev >/dev/null; echo "status $?"',
        { limit: 'export AWSH_AGENT=off' },
      );
      expect(out, err).toBe('status 1\nstatus 0\n');
      expect(err).toMatch(
        /^ {2}why: {2}its owner may not enter a directory above it\n {2}next: chmod u\+rwx \S+state$/m,
      );
    });
  },
  60_000,
);
