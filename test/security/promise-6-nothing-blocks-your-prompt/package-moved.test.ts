import { describe, expect, it } from 'vitest';
import { canBreakDisks } from '../../support/faulty-disk.ts';
import { faultyHome } from '../../support/faulty-home.ts';

const home = faultyHome(canBreakDisks);

const typed = [
  'source ~/package/shell/awsh.fish',
  'cd ~/projects/dev',
  'echo "loaded $AWS_ACCESS_KEY_ID"',
  'cd /',
  'mv ~/package ~/replaced',
  'cd ~/projects/dev',
  'echo "then <$AWS_PROFILE> $AWS_ACCESS_KEY_ID"',
].join('\n');

describe.skipIf(!canBreakDisks)(
  'fish, while npm replaces the package',
  () => {
    it.each([
      ['loads from the agent', '', /^then <> ASIA\w+$/m],
      ['blocks without an agent', 'export AWSH_AGENT=off', /^then <awsh-blocked> $/m],
    ])('prints no error of its own at the prompt, and %s', async (_, setting, then) => {
      const { out, err } = await home.run(
        `mkdir ~/package; cp -r $SHELLS/../{bin,shell,dist,package.json} ~/package; ${setting}
        printf '%s\\n' '${typed}' | fish --no-config -i`,
      );
      expect(out, err).toMatch(/^loaded ASIA\w+$/m);
      expect(out, err).toMatch(then);
      expect(err).not.toMatch(/Error|error:|\^/);
    });
  },
  60_000,
);
