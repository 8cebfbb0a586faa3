import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readState } from '../../src/agent/index.ts';
import type { StateRecord } from '../../src/shell/index.ts';
import { appPaths } from '../../src/system/index.ts';
import { hookShells } from '../support/hook-shell.ts';
import { has } from '../support/programs.ts';
import { openStateShell, type StateShell } from '../support/shell-states.ts';
import type { ShellTerminal } from '../support/terminal.ts';

/*
 * Like states.test.ts, for the states that depend on a second shell, an agent, a program or the
 * clock.
 */

const long = 60_000;

async function recordOf(shell: ShellTerminal, to: StateShell): Promise<StateRecord> {
  await shell.run(`awsh status --json >${to.path('status')} 2>${to.path('errors')}`, long);
  const { state, reason, next } = JSON.parse(readFileSync(to.path('status'), 'utf8'));
  return { state, reason, next };
}

describe.each(hookShells)('in %s', (name) => {
  it('expired: the next command makes a new session', async () => {
    const to = await openStateShell(name);
    const { cloud } = to.sandbox.emulator;
    const open = cloud.openSession.bind(cloud);
    cloud.openSession = (identity, asked) => open(identity, identity.kind === 'role' ? 4 : asked);
    await to.shell.run('cd ~/projects/dev && awsh allow', long);
    await to.shell.run('sleep 5', long);
    const record = await to.shownState();
    expect(record).toMatchObject({ state: 'expired', next: 'awsh refresh' });
    expect(record.reason).toMatch(/^the session of dev ended at \d{4}-\d\d-\d\d \d\d:\d\d/);
    cloud.openSession = open;
    await to.shell.run(record.next ?? '', long);
    expect((await to.state()).state).toBe('loaded');
  }, 120_000);

  it('needs passphrase: the next command asks for it', async () => {
    const to = await openStateShell(name, { environment: { AWSH_FILE_PASSPHRASE: '' } });
    await to.shell.run('cd ~/projects/dev');
    await to.answer('awsh allow', /passphrase[^\n]*: $/i, '\x03');
    const record = await to.shownState();
    expect(record).toEqual({
      state: 'needs passphrase',
      reason: 'dev is not loaded: the question for the passphrase of the vault was cancelled',
      next: 'awsh refresh',
    });
    await to.answer(record.next ?? '', /passphrase[^\n]*: $/i, 'correct horse battery staple\r');
    expect((await to.state()).state).toBe('loaded');
  }, 120_000);

  it('needs sign-in: the next command signs in and loads the profile', async () => {
    const to = await openStateShell(name);
    const { emulator } = to.sandbox;
    emulator.cloud.signIns.rules.answer = 'allow';
    emulator.addRole({ account: '444455556666', name: 'Admin' });
    const sso = [
      ...['sso_session = my corp', 'sso_account_id = 444455556666', 'sso_role_name = Admin'],
      ...['region = eu-west-1', `endpoint_url = ${emulator.url}`],
    ];
    const session = [
      '[sso-session my corp]',
      'sso_region = eu-west-1',
      'sso_start_url = https://corp.awsapps.com/start',
    ];
    to.edit('.aws/config', (text) => [text, '[profile my sso]', ...sso, ...session, ''].join('\n'));
    to.write('projects/dev/.awsprofile', 'profile = my sso\n');
    await to.shell.run('cd ~/projects/dev; awsh allow', long);
    const record = await to.shownState();
    expect(record).toMatchObject({
      state: 'needs sign-in',
      next: "awsh sso login 'my corp'",
    });
    await to.shell.run(record.next ?? '', long);
    expect((await to.state()).state).toBe('loaded');
  }, 120_000);

  it('needs refresh: the next command runs the profile’s own command', async () => {
    const to = await openStateShell(name);
    to.write(
      'tool.json',
      `{"Version":1,"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"${'s'.repeat(40)}"}`,
    );
    const command = `credential_process = cat ${to.path('tool.json')}`;
    to.edit('.aws/config', (text) => `${text}\n[profile tool]\n${command}\n`);
    to.write('.awsprofile', 'tool\n');
    await to.answer('awsh allow ~', /\[y\/N\] $/, 'y\r');
    const second = await to.another(name);
    const record = await recordOf(second, to);
    expect(record).toMatchObject({ state: 'needs refresh', next: 'awsh refresh' });
    await second.run(record.next ?? '', long);
    expect((await recordOf(second, to)).state).toBe('loaded');
  }, 120_000);

  it('wait: the next command uses the session that another terminal asks for', async () => {
    const environment = { AWSH_AGENT: '' };
    const to = await openStateShell(name, { environment });
    const agentPid = () => readState(appPaths(to.sandbox.environment))?.pid;
    onTestFinished(() => {
      const pid = agentPid();
      if (pid !== undefined && existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL');
    });
    await to.shell.run('awsh agent start', long);
    await expect.poll(agentPid, { timeout: long }).toBeDefined();
    await to.shell.run('cd ~/projects/staging', long);
    const second = await to.another(name, { environment });
    to.shell.type('awsh allow\r');
    await to.shell.waitFor(/MFA code for staging.*: $/s, long);
    await second.run('cd ~/projects/staging', long);
    const record = await recordOf(second, to);
    expect(record).toMatchObject({ state: 'wait', next: 'awsh refresh' });
    expect(record.reason).toMatch(/^the question for the session is open on pts\/\d+;/);
    second.type(`${record.next}\r`);
    await second.waitFor('waiting for an answer on pts/', long);
    to.shell.type(`${to.sandbox.mfaCode()}\r`);
    await to.shell.prompt(long);
    await second.prompt(long);
    expect((await recordOf(second, to)).state).toBe('loaded');
    expect(to.sandbox.emulator.actions).toEqual(['AssumeRole']);
  }, 180_000);
});

const direnv = {
  bash: 'eval "$(direnv hook bash)"',
  zsh: 'eval "$(direnv hook zsh)"',
  fish: 'direnv hook fish | source',
};

describe.skipIf(!has('direnv')).each(hookShells)('beside the real direnv in %s', (name) => {
  it('overridden: the reason names the variable and direnv, and the next command loads the profile', async () => {
    const to = await openStateShell(name, { before: direnv[name] });
    await to.shell.run('cd ~/projects/dev && awsh allow', long);
    to.write('projects/dev/.envrc', 'export AWS_REGION=eu-central-1\n');
    await to.shell.run('direnv allow', long);
    await to.shell.run('cd / && cd -', long);
    const record = await to.shownState();
    expect(record).toMatchObject({ state: 'overridden', next: 'awsh use dev' });
    expect(record.reason).toMatch(/^AWS_REGION was set by direnv/);
    await to.shell.run(record.next ?? '', long);
    expect((await to.state()).state).toBe('pinned');
  }, 120_000);
});
