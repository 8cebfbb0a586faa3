import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CommandFault, runCommand } from '../../../src/sessions/run-command.ts';
import { processJson, script } from '../../support/command-files.ts';
import { planOf } from '../../support/plans.ts';
import { packageFolder, runInstalled } from '../../support/run-awsh.ts';
import { temporaryHome } from '../../support/temporary-home.ts';
import { openTerminal } from '../../support/terminal.ts';

/** A user whose working directory is a repository with programs of its own. */
function setting() {
  const home = temporaryHome();
  const repository = join(home.path, 'work/repository');
  script(repository, 'creds', 'echo evil');
  script(repository, 'bin/creds', 'echo evil');
  const before = process.cwd();
  process.chdir(repository);
  onTestFinished(() => process.chdir(before));
  const run = (command: string, PATH = '/usr/bin:/bin') =>
    runCommand(command, { surroundings: { HOME: home.path, PATH }, profile: 'dev', use: 'alone' });
  return { home, repository, run };
}

describe('a repository cannot supply the program that a profile runs', () => {
  it.each(['./creds', 'bin/creds', 'creds'])('%s', async (command) => {
    const { run } = setting();
    await expect(run(command, './bin:bin::/usr/bin:/bin')).rejects.toBeInstanceOf(CommandFault);
  });

  it.each(['./creds | cat', 'creds; true', 'PATH=$PATH creds || true'])('%s, by a shell', async (command) => {
    const { run } = setting();
    const printed = await run(command, './bin:bin::/usr/bin:/bin').then(
      (secret) => secret.reveal(),
      () => '',
    );
    expect(printed).not.toContain('evil');
  });

  it('nor through a folder of PATH that others can write', async () => {
    const { home, run } = setting();
    const open = join(home.path, 'open');
    mkdirSync(open);
    script(open, 'creds', 'echo evil');
    chmodSync(open, 0o777);
    await expect(run('creds', `${open}:/usr/bin:/bin`)).rejects.toBeInstanceOf(CommandFault);
  });
});

describe('for a directory the environment supplies no credentials', () => {
  const role = 'role_arn = arn:aws:iam::444455556666:role/Dev';
  it.each(['Environment', 'EcsContainer'])('credential_source = %s is refused', (source) => {
    const config = `[profile dev]\n${role}\ncredential_source = ${source}`;
    expect(() => planOf({ config, environment: {} })).toThrow('takes its credentials from');
  });

  it('and the machine’s metadata is at AWS’s own address', () => {
    const config = `[profile dev]\n${role}\ncredential_source = Ec2InstanceMetadata`;
    expect(planOf({ config }).steps[0]).toMatchObject({ endpoint: 'http://169.254.169.254' });
  });
});

describe('a directory file whose profile would run a command', () => {
  async function allowing(command: string) {
    const home = temporaryHome();
    home.write('.aws/config', `[profile dev]\ncredential_process = ${command}\n`);
    home.write('.awsprofile', 'dev\n');
    const environment = { ...home.environment, AWSH_BACKEND: 'file' };
    const terminal = await openTerminal(join(packageFolder, 'bin/awsh'), ['allow'], {
      environment,
      cwd: home.path,
    });
    return { home, environment, terminal };
  }

  it('is allowed by confirming only that command, and asked again if it changes', async () => {
    const { home, environment, terminal } = await allowing('/opt/tool --all');
    await terminal.waitFor(/runs +\/opt\/tool --all[\s\S]*allow it\? \[y\/N\] /);
    await terminal.settle();
    terminal.type('y\r');
    expect((await terminal.exited).status).toBe(0);
    home.write('.aws/config', '[profile dev]\ncredential_process = /opt/tool --others\n');
    const request = `- load 1\ncwd ${home.path}\nenv HOME ${home.path}\nend\n`;
    const load = await runInstalled(['_load'], { ...environment, AWSH_REQUEST: request });
    expect(load.out).toMatch(/^- deny 0 changed\n/);
    expect(load.out).toContain('no longer means what you allowed');
  });

  it('is not allowed without a user to confirm it', async () => {
    const home = temporaryHome();
    home.write('.aws/config', '[profile dev]\ncredential_process = /opt/tool\n');
    home.write('.awsprofile', 'dev\n');
    const { status } = await runInstalled(['allow'], { ...home.environment, AWSH_BACKEND: 'file' });
    expect(status).toBe(6);
  });

  it('loads what the command gives, when it is allowed', async () => {
    const home = temporaryHome();
    const path = script(home.path, 'creds', `cat <<'END'\n${processJson()}\nEND`);
    home.write('.aws/config', `[profile dev]\ncredential_process = ${path}\n`);
    home.write('.awsprofile', 'dev\n');
    home.write('.config/awsh/config', `backend = file\ntrusted_dirs = ${home.path}/work: dev\n`);
    home.write('work/.awsprofile', 'dev\n');
    const environment = { ...home.environment, AWSH_FILE_PASSPHRASE: 'correct horse' };
    const ask = (more: string) =>
      runInstalled(['_load'], {
        ...environment,
        AWSH_REQUEST: `- load 1\ncwd ${home.path}/work\n${more}env HOME ${home.path}\nend\n`,
      });
    // No user command ran, so a prompt by itself starts nothing.
    expect((await ask('renew 1\n')).out).toMatch(/^- person /);
    const loaded = await ask('');
    expect(loaded.out).toContain('set AWS_ACCESS_KEY_ID ASIAPROCESS000000000');
    expect((await ask('renew 1\n')).out).toContain('set AWS_ACCESS_KEY_ID ASIAPROCESS000000000');
  });
});
