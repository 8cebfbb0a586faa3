import { describe, expect, it } from 'vitest';
import { hookShells } from '../support/hook-shell.ts';
import { openStateShell, type StateShell } from '../support/shell-states.ts';

/*
 * For each state: the test brings the shell into it, checks that awsh shows it alike everywhere,
 * and runs its next command exactly as printed. Afterwards the shell has left the state, or has
 * asked the missing question.
 */

interface Scene {
  readonly state: string;
  /** Distinguishes rows with the same state. */
  readonly by: string;
  readonly enter: (shell: StateShell) => Promise<unknown>;
  readonly reason: RegExp;
  readonly next: RegExp;
  /** Removes the cause before the next command runs, if the command itself does not. */
  readonly before?: (shell: StateShell) => unknown;
  /** The steps after the next command. */
  readonly afterwards?: (shell: StateShell) => unknown;
  /** The question that the next command asks, and the answer. */
  readonly asks?: { readonly question: RegExp; readonly keys: (shell: StateShell) => string };
  readonly after: string;
}

const ctrlC = '\x03';
const inDev = async ({ shell }: StateShell) => await shell.run('cd ~/projects/dev && awsh allow');
const dev = 'projects/dev/.awsprofile';

const scenes: Scene[] = [
  {
    state: 'not allowed',
    by: 'a new file',
    enter: ({ shell }) => shell.run('cd ~/projects/dev'),
    reason: /^~\/projects\/dev\/\.awsprofile asks for dev \(account 111122223333.*not allowed it yet$/,
    next: /^awsh allow$/,
    after: 'loaded',
  },
  {
    state: 'not allowed',
    by: 'a file with an unknown profile',
    enter: async ({ shell, write }) => {
      write(dev, 'dve\n');
      await shell.run('cd ~/projects/dev');
    },
    reason: /asks for dve: no profile "dve"/,
    next: /^vi \S+\/projects\/dev\/\.awsprofile$/,
    asks: { question: /dve/, keys: () => ':1s/dve/dev/\r:wq\r' },
    after: 'not allowed',
  },
  {
    state: 'denied',
    by: 'awsh deny',
    enter: ({ shell }) => shell.run('cd ~/projects/dev && awsh deny'),
    reason: /you denied it$/,
    next: /^awsh use$/,
    asks: { question: /Enter: confirm/, keys: () => 'dev\r' },
    after: 'pinned',
  },
  {
    state: 'changed',
    by: 'an edit of the file',
    enter: async (to) => {
      await inDev(to);
      to.write(dev, 'profile = dev\n');
      await to.shell.run(':');
    },
    reason: /the file was edited after you allowed it$/,
    next: /^awsh allow$/,
    after: 'loaded',
  },
  {
    state: 'changed',
    by: 'another role',
    enter: async (to) => {
      await inDev(to);
      to.edit('.aws/config', (text) => text.replace('role/developer', 'role/operator'));
      await to.shell.run('cd / && cd -');
    },
    reason: /the profile no longer means what you allowed$/,
    next: /^awsh allow$/,
    after: 'error|blocked|loaded',
  },
  {
    state: 'malformed',
    by: 'a new file',
    enter: async ({ shell, write }) => {
      write(dev, '# mine\ndev dev\n');
      await shell.run('cd ~/projects/dev');
    },
    reason: /^~\/projects\/dev\/\.awsprofile:2: more than one word/,
    next: /^vi \+2 \S+\/\.awsprofile$/,
    asks: { question: /dev dev/, keys: () => ':2s/dev dev/dev/\r:wq\r' },
    after: 'not allowed',
  },
  {
    state: 'malformed',
    by: 'a file that was allowed, and that others can write',
    enter: async (to) => {
      await inDev(to);
      await to.shell.run('chmod o+w .awsprofile && cd / && cd -');
    },
    reason: /other users can write it/,
    next: /^chmod go-w \S+\/\.awsprofile$/,
    afterwards: ({ shell }) => shell.run('cd /'),
    after: 'none',
  },
  {
    state: 'not confirmed',
    by: 'n to a protected profile',
    enter: async ({ answer }) => {
      await answer('awsh allow ~/projects/prod', /\[y\/N\] $/, 'y\r');
      await answer('cd ~/projects/prod', /load protected profile prod.*\[y\/N\] $/s, 'n\r');
    },
    reason: /^prod is not loaded: it is protected/,
    next: /^awsh refresh$/,
    asks: { question: /load protected profile prod.*\[y\/N\] $/s, keys: () => 'y\r' },
    after: 'loaded',
  },
  {
    state: 'not confirmed',
    by: '^C at the question',
    enter: async ({ answer }) => {
      await answer('awsh allow ~/projects/prod', /\[y\/N\] $/, 'y\r');
      await answer('cd ~/projects/prod', /load protected profile prod.*\[y\/N\] $/s, ctrlC);
    },
    reason: /it is protected/,
    next: /^awsh refresh$/,
    asks: { question: /load protected profile prod.*\[y\/N\] $/s, keys: () => 'y\r' },
    after: 'loaded',
  },
  {
    state: 'needs MFA',
    by: '^C at the question',
    enter: async ({ shell, answer }) => {
      await shell.run('cd ~/projects/staging');
      await answer('awsh allow', /MFA code for staging.*: $/s, ctrlC);
    },
    reason: /^staging is not loaded: the question for the MFA code was cancelled$/,
    next: /^awsh refresh$/,
    asks: { question: /MFA code for staging.*: $/s, keys: ({ sandbox }) => `${sandbox.mfaCode()}\r` },
    after: 'loaded',
  },
  {
    state: 'needs MFA',
    by: 'a setting that names a program which is missing',
    enter: async ({ shell }) =>
      await shell.run('awsh config set prompt ykman; awsh allow ~/projects/staging; cd ~/projects/staging'),
    reason: /^staging is not loaded: .*the program ykman, which should ask the question, was not found/,
    next: /^awsh config unset prompt && awsh refresh$/,
    asks: { question: /MFA code for staging.*: $/s, keys: ({ sandbox }) => `${sandbox.mfaCode()}\r` },
    after: 'loaded',
  },
  {
    state: 'pinned',
    by: 'awsh use',
    enter: async ({ shell }) => {
      await shell.run('awsh allow ~/projects/dev; awsh use prod');
      await shell.run('cd ~/projects/dev');
    },
    reason: /^prod was chosen with awsh use$/,
    next: /^awsh use --auto$/,
    after: 'loaded',
  },
  {
    state: 'off',
    by: 'awsh off',
    enter: async (to) => {
      await inDev(to);
      await to.shell.run('awsh off');
    },
    reason: /^awsh off was run in this shell$/,
    next: /^awsh use --auto$/,
    after: 'loaded',
  },
  {
    state: 'locked',
    by: 'awsh lock',
    enter: async (to) => {
      await inDev(to);
      await to.shell.run('awsh lock');
    },
    reason: /^awsh lock was run/,
    next: /^awsh unlock$/,
    after: 'loaded',
  },
];

let reachAgain = () => {};

const lost: Scene[] = [
  {
    state: 'blocked',
    by: 'AWS out of reach',
    enter: async (to) => {
      reachAgain = to.sandbox.emulator.misbehave({ kind: 'refuse' });
      await to.shell.run('cd ~/projects/dev && awsh allow', 60_000);
    },
    reason: /^dev is not loaded: .*(reach|connection)/,
    next: /^awsh refresh$/,
    before: () => reachAgain(),
    after: 'loaded',
  },
  {
    state: 'blocked',
    by: 'a profile that has gone',
    enter: async (to) => {
      await inDev(to);
      to.edit('.aws/config', (text) => text.replace('[profile dev]', '[profile development]'));
      await to.shell.run('cd / && cd -');
    },
    reason: /^dev is not loaded: no profile "dev"/,
    next: /^vi \S+\/\.awsprofile$/,
    asks: { question: /dev/, keys: () => ':1s/dev/development/\r:wq\r' },
    after: 'changed|not allowed',
  },
  {
    state: 'blocked',
    by: 'a key that is not stored',
    enter: async (to) => {
      await inDev(to);
      await to.shell.run('awsh remove demo --force; awsh clear; cd / && cd -', 60_000);
    },
    reason: /^dev is not loaded: .*demo/,
    next: /^awsh add demo && awsh refresh$/,
    asks: { question: /(?:access key|key id)[^\n]*: $/i, keys: () => ctrlC },
    after: 'blocked',
  },
  {
    state: 'error',
    by: 'awsh use with a key that is not stored',
    enter: async ({ shell }) => await shell.run('awsh remove demo --force; awsh use dev', 60_000),
    reason: /^dev is not loaded: .*\(to fix it: awsh add demo/,
    next: /^awsh use --auto$/,
    after: 'none',
  },
  {
    state: 'overridden',
    by: 'AWS_PROFILE typed at the prompt',
    enter: async (to) => {
      await inDev(to);
      await to.shell.run('export AWS_PROFILE=mine');
    },
    reason: /^AWS_PROFILE was set outside of awsh/,
    next: /^(unset|set -e) AWS_PROFILE$/,
    after: 'loaded',
  },
  {
    state: 'overridden',
    by: 'the key id unset at the prompt',
    enter: async (to) => {
      await inDev(to);
      await to.shell.run(`${to.name === 'fish' ? 'set -e' : 'unset'} AWS_ACCESS_KEY_ID`);
    },
    reason: /^AWS_ACCESS_KEY_ID was unset outside of awsh/,
    next: /^awsh refresh$/,
    after: 'loaded',
  },
  {
    state: 'overridden',
    by: 'keys typed at the prompt',
    enter: async (to) => {
      await inDev(to);
      await to.shell.run('export AWS_ACCESS_KEY_ID=AKIAMINE AWS_SECRET_ACCESS_KEY=mine AWS_SESSION_TOKEN=t');
    },
    reason: /^AWS_ACCESS_KEY_ID was set outside of awsh/,
    next: /^(unset|set -e) AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN$/,
    after: 'loaded',
  },
];

describe.each(hookShells)('in %s', (name) => {
  it.each([...scenes, ...lost])(
    '$state, by $by: the next command leaves it',
    async (scene) => {
      const opened = await openStateShell(name);
      await scene.enter(opened);
      const record = await opened.shownState();
      expect(record.state).toBe(scene.state);
      expect(record.reason).toMatch(scene.reason);
      expect(record.next).toMatch(scene.next);
      const next = record.next ?? '';
      await scene.before?.(opened);
      if (scene.asks) await opened.answer(next, scene.asks.question, scene.asks.keys(opened));
      else await opened.shell.run(next, 60_000);
      await scene.afterwards?.(opened);
      expect((await opened.state()).state).toMatch(new RegExp(`^(${scene.after})$`));
    },
    300_000,
  );
});
