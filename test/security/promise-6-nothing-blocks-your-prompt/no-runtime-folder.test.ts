import { describe, expect, it } from 'vitest';
import { canBreakDisks } from '../../support/faulty-disk.ts';
import { faultyHome } from '../../support/faulty-home.ts';
import { has } from '../../support/programs.ts';
import { packageFolder } from '../../support/run-awsh.ts';

const home = faultyHome(canBreakDisks);

const readOnly =
  'mount --bind "$HOME_PATH/.run" "$HOME_PATH/.run"; mount -o remount,ro,bind "$HOME_PATH/.run"';

/**
 * As after su, in cron and with docker exec: the folder, what root makes there, why it is not used,
 * and the next command.
 */
const places = [
  ['is missing', '/run/user/77777', ':', 'there is no such folder', 'unset XDG_RUNTIME_DIR'],
  ['could be made', '$HOME/absent', ':', 'there is no such folder', 'mkdir -m 700 .+/absent'],
  ["is another user's", '$HOME/others', 'mkdir -m 777 "$HOME_PATH/others"', 'it belongs to another user'],
  ['takes no directory', '/proc', ':', 'it belongs to another user'],
  ['is a file', '$HOME/file', 'echo >"$HOME_PATH/file"', 'it is not a folder'],
  [
    'is closed',
    '$HOME/closed',
    'mkdir -m 500 "$HOME_PATH/closed"; chown $RUN_UID "$HOME_PATH/closed"',
    'its mode does not allow you to write to it',
    'chmod 700 .+/closed',
  ],
  ['is on a read-only file system', '$HOME/.run', readOnly, 'its file system is read-only'],
  ['is relative', 'run', ':', 'it is not an absolute path'],
] as const;

const programs = { bash: 'bash --noprofile --norc -i', zsh: 'zsh -f -i', fish: 'fish --no-config -i' };
const shells = (['bash', 'zsh', 'fish'] as const).filter((name) => name === 'bash' || has(name));

/** Types commands into each shell that show which agent its hook asks. */
const hooks = shells.map((shell) => {
  const typed = [
    `source ${packageFolder}/shell/awsh.${shell}`,
    'cd ~/projects/dev',
    `echo "${shell} $AWS_ACCESS_KEY_ID $__awsh_agent"`,
  ];
  return `printf '%s\\n' '${typed.join('\n')}' | ${programs[shell]} 2>/dev/null`;
});

const strace = has('strace') ? 'strace -f -qq -e trace=execve -o ~/trace' : '';
/** Three kinds of failure, for the tests in real shells. */
const inShells: readonly string[] = ['is missing', "is another user's", 'is closed'];

const useHere = `
  ${hooks.join('\n')}
  ${strace} $SHELLS/../bin/awsh export dev | grep -c AWS_ACCESS_KEY_ID; grep -c node ~/trace
  awsh agent stop; CI=1 awsh unlock --for-job; echo "status $?"`;

describe.skipIf(!canBreakDisks)(
  'an XDG_RUNTIME_DIR that cannot be used',
  () => {
    it.each(places)('%s: hooks, launcher and Node agree on the state folder', async (...row) => {
      const [name, place, prepare, why, next = 'unset XDG_RUNTIME_DIR'] = row;
      const isInShells = inShells.includes(name);
      const { out, err } = await home.run(
        `export XDG_RUNTIME_DIR=${place} AWSH_AGENT=; awsh agent start; awsh doctor --offline
        ${isInShells ? useHere : ''}`,
        { prepare },
      );
      expect(out, err).toMatch(new RegExp(`! XDG_RUNTIME_DIR \\(.+\\) is not used: ${why}\n`));
      expect(out).toMatch(new RegExp(` why: +the agent and grants use .+\n +next: ${next}`));
      expect(out.match(/is not used/g)).toHaveLength(1);
      expect(out).toContain('the agent runs, version');
      if (!isInShells) return;
      for (const shell of shells)
        expect(out, err).toMatch(new RegExp(`^${shell} ASIA\\w+ /.+/\\.local/state/awsh/agent$`, 'm'));
      if (strace !== '') expect(out, err).toMatch(/^1\n0$/m);
      expect(out).toMatch(/^status 0$/m);
      expect(err).toContain('the agent has ended');
    });
  },
  120_000,
);
