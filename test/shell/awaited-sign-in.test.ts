import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { corpHome } from '../support/corp-home.ts';
import { type HookShellName, hookShells } from '../support/hook-shell.ts';
import { packageFolder, runInstalled } from '../support/run-awsh.ts';
import { openShell, openTerminal, plainText, type ShellTerminal } from '../support/terminal.ts';

/** A home with the project `app`, whose profile needs a sign-in that does not exist yet. */
async function projectHome(agent: 'on' | 'off', settings = '') {
  const corp = await corpHome(null);
  const { path } = corp.home;
  corp.home.write('app/.awsprofile', 'corp\n');
  corp.home.write('.config/awsh/config', `backend = file\n${settings}`);
  const environment: Record<string, string> = {
    ...corp.environment,
    AWSH_AGENT: agent === 'on' ? '' : 'off',
    PATH: `${packageFolder}/bin:${corp.home.environment.PATH}`,
  };
  expect(await runInstalled(['allow', `${path}/app`], environment)).toMatchObject({ status: 0 });
  onTestFinished(async () => void (await runInstalled(['agent', 'stop'], environment)));
  /** A shell in the project; it waits for the sign-in. */
  const waitingShell = async (name: HookShellName): Promise<ShellTerminal> => {
    const rc = `source ${packageFolder}/shell/awsh.${name}`;
    const shell = await openShell(name, { home: corp.home, environment, rc });
    await shell.run('cd ~/app');
    return shell;
  };
  /** `awsh sso login` in a separate terminal without a hook. */
  const startSignIn = () => {
    const words = ['sso', 'login', 'corp', '--device-code'];
    return openTerminal(join(packageFolder, 'bin/awsh'), words, { environment, cwd: path });
  };
  const signIn = async () => {
    corp.signIns.rules.answer = 'allow';
    expect(await (await startSignIn()).exited).toMatchObject({ status: 0 });
  };
  return { ...corp, environment, waitingShell, startSignIn, signIn };
}

const segment = (shell: ShellTerminal) => shell.output('echo "$AWSH_SEGMENT"');
const keyOf = (shell: ShellTerminal) => shell.output('echo "<$AWS_ACCESS_KEY_ID>"');

describe.each(hookShells)('a waiting %s', (name) => {
  it.each(['on', 'off'] as const)('takes the sign-in of another terminal, agent %s', async (agent) => {
    const corp = await projectHome(agent);
    const shell = await corp.waitingShell(name);
    // The only prompt after the cd is that of the cd.
    const waiting = agent === 'on' ? [await corp.waitingShell(name), shell] : [shell];
    expect(await segment(shell)).toContain('needs sign-in');
    expect(await shell.output('awsh status --json | grep "next"')).toContain('"awsh sso login corp"');
    await corp.signIn();
    // Without an agent, the shell looks every two seconds.
    if (agent === 'off') await shell.run('sleep 2.5');
    for (const each of waiting) {
      await each.run(':');
      expect(await keyOf(each)).toMatch(/^<ASIA[A-Z0-9]{16}>$/);
      expect(await segment(each)).not.toContain('needs');
    }
    // All shells have the session that was fetched for one of them.
    const fetched = corp.emulator.actions.filter((action) => action === 'GetRoleCredentials');
    expect(fetched).toHaveLength(1);
  });
});

describe('two shells whose sign-in AWS no longer accepts', () => {
  it('show it, and are both brought back by one sign-in', async () => {
    const corp = await projectHome('on');
    corp.signIns.revoke(corp.leave(3600).accessToken);
    corp.signIns.rules.isOver = true;
    const shells = [await corp.waitingShell('bash'), await corp.waitingShell('zsh')];
    for (const shell of shells) {
      expect(await segment(shell)).toContain('needs sign-in');
      const status = await shell.output('awsh status');
      expect(status).toMatch(/next +awsh sso login corp\n/);
      expect(status).toMatch(/sign-in +ended, by .*AWS no longer accepts its token/);
      // awsh asked no question.
      expect(plainText(shell.received)).not.toContain('question');
    }
    corp.signIns.rules.isOver = false;
    await corp.signIn();
    for (const shell of shells) {
      await shell.run(':');
      expect(await keyOf(shell)).toMatch(/^<ASIA[A-Z0-9]{16}>$/);
    }
  });
});

describe('a waiting bash', () => {
  it.each(['on', 'off'] as const)('takes a sign-in that is in the vault, agent %s', async (agent) => {
    const corp = await projectHome(agent, 'sso_cache = vault\n');
    const shell = await corp.waitingShell('bash');
    expect(await segment(shell)).toContain('needs sign-in');
    await corp.signIn();
    if (agent === 'off') await shell.run('sleep 2.5');
    await shell.run(':');
    expect(await keyOf(shell)).toMatch(/^<ASIA[A-Z0-9]{16}>$/);
  });
});

describe.each(hookShells)('in a %s without a sign-in', (name) => {
  it.each(['on', 'off'] as const)(
    'awsh use loads what another terminal signs in to, agent %s',
    async (agent) => {
      const corp = await projectHome(agent);
      const shell = await corp.waitingShell(name);
      const other = await corp.startSignIn();
      const code = /[B-Z]{4}-[B-Z]{4}/.exec(await other.waitFor('q to quit'))?.[0] ?? '';
      shell.type('awsh use corp\r');
      await shell.waitFor('waiting for it');
      corp.signIns.answerDevice(code, 'allow');
      await shell.prompt();
      expect(await other.exited).toMatchObject({ status: 0 });
      expect(await keyOf(shell)).toMatch(/^<ASIA[A-Z0-9]{16}>$/);
      expect(plainText(shell.received)).not.toMatch(/another (command|shell)|\[Y\/n\]/);
      const asked = corp.emulator.actions.filter((action) => action === 'StartDeviceAuthorization');
      expect(asked).toHaveLength(1);
    },
  );

  it('awsh use and awsh refresh offer it, and a cd does not', async () => {
    const corp = await projectHome('off');
    corp.signIns.rules.answer = 'allow';
    Object.assign(corp.environment, { SSH_TTY: '/dev/pts/9' });
    const shell = await corp.waitingShell(name);
    expect(plainText(shell.received)).not.toContain('Sign in to');
    shell.type('awsh use corp\r');
    await shell.waitFor('Sign in to corp now? [Y/n] ');
    shell.type('n\r');
    await shell.prompt();
    expect(await keyOf(shell)).toBe('<>');
    shell.type('awsh refresh\r');
    await shell.waitFor('Sign in to corp now? [Y/n] ');
    shell.press('Enter');
    await shell.prompt();
    expect(await keyOf(shell)).toMatch(/^<ASIA[A-Z0-9]{16}>$/);
  });
});
