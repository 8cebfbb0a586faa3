import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CommandFault, runCommand } from '../../../src/sessions/run-command.ts';
import { script } from '../../support/command-files.ts';
import { planOf } from '../../support/plans.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

/** A person who stands in a repository that brings programs of its own. */
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

describe('a repository does not bring the program that a profile runs', () => {
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

describe('on the directory path the environment brings no credentials', () => {
  const role = 'role_arn = arn:aws:iam::444455556666:role/Dev';
  it.each(['Environment', 'EcsContainer'])('credential_source = %s is refused', (source) => {
    const config = `[profile dev]\n${role}\ncredential_source = ${source}`;
    expect(() => planOf({ config, environment: {} })).toThrow('takes its credentials from');
  });

  it('and the machine’s metadata is where AWS has it', () => {
    const config = `[profile dev]\n${role}\ncredential_source = Ec2InstanceMetadata`;
    expect(planOf({ config }).steps[0]).toMatchObject({ endpoint: 'http://169.254.169.254' });
  });
});
