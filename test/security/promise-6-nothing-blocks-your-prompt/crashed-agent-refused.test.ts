import { describe, expect, it } from 'vitest';
import { canBreakDisks } from '../../support/faulty-disk.ts';
import { faultyHome } from '../../support/faulty-home.ts';

/*
 * The agent has crashed and has left its state file, and the folder for the file of the load that
 * others wait for cannot be written.
 */

type Faulty = { readonly name: string; readonly prepare: string };

const home = faultyHome(canBreakDisks, true);

const ownAgain = 'chown "$RUN_UID:$RUN_UID" "$HOME_PATH/.run"; chmod 700 "$HOME_PATH/.run"';
const readOnly = (path: string) => `mount --bind "${path}" "${path}"; mount -o remount,ro,bind "${path}"`;

const faults: readonly [Faulty, ...Faulty[]] = [
  { name: 'a home of mode 0555', prepare: 'chmod -R a-w "$HOME_PATH"' },
  { name: 'a read-only XDG_RUNTIME_DIR', prepare: readOnly('$HOME_PATH/.run') },
  { name: 'a full XDG_RUNTIME_DIR', prepare: `full "$HOME_PATH/.run"; ${ownAgain}` },
  { name: 'an XDG_RUNTIME_DIR without inodes', prepare: `no_inodes "$HOME_PATH/.run"; ${ownAgain}` },
  {
    name: 'a full XDG_RUNTIME_DIR in which no agent ran',
    prepare: `rm "$HOME_PATH/.run/awsh/agent"; full "$HOME_PATH/.run"; ${ownAgain}`,
  },
];

const programs = {
  bash: 'bash --noprofile --norc -i',
  fish: 'fish --no-config -i',
};

const lines = [
  'cd ~/projects/dev',
  'echo "loaded $AWS_ACCESS_KEY_ID"',
  'cd ..',
  'cd dev',
  'echo "again $AWS_ACCESS_KEY_ID"',
];

const runs = [
  ...faults.map((fault) => ({ shell: 'bash' as const, ...fault })),
  { shell: 'fish' as const, ...faults[0] },
];

describe.skipIf(!canBreakDisks)(
  'a cd after a crash of the agent',
  () => {
    it.each(runs)('loads with $name, in $shell', async ({ shell, ...fault }) => {
      const typed = [`source $SHELLS/awsh.${shell}`, ...lines].join('\n');
      const { out, err } = await home.run(
        `export SHELLS; printf '%s\\n' '${typed}' | ${programs[shell]}`,
        fault,
      );
      expect(out, err).toMatch(/^loaded ASIA\w+$/m);
      expect(out, err).toMatch(/^again ASIA\w+$/m);
      expect(err).not.toContain('another command is fetching');
    });
  },
  120_000,
);
