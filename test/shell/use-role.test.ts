import { describe, expect, it } from 'vitest';
import { hookShells } from '../support/hook-shell.ts';
import { openSandboxShell } from '../support/sandbox-shell.ts';

const role = '--role-arn 111122223333:developer --source-profile demo';
const pin = '111122223333:developer:demo';

describe.each(hookShells)('awsh use --role-arn in %s', (name) => {
  it('loads the role, shows it with its account, and keeps it in every directory', async () => {
    const { shell, environment, sandbox } = await openSandboxShell(name, { quick: true });
    await shell.run(`awsh use ${role} --session-name me`);
    const [call] = sandbox.emulator.calls.filter(({ action }) => action === 'AssumeRole');
    expect(call?.params).toMatchObject({
      RoleArn: 'arn:aws:iam::111122223333:role/developer',
      RoleSessionName: 'me',
    });
    const inside = await environment();
    expect(inside).toMatchObject({ AWSH_PROFILE: '111122223333:developer', AWS_REGION: 'eu-west-1' });
    expect(inside.AWS_ACCESS_KEY_ID).toMatch(/^ASIA/);
    expect(await shell.output('echo $AWSH_SEGMENT')).toContain('111122223333:developer:demo');
    await shell.run('cd projects/staging');
    expect((await environment()).AWS_ACCESS_KEY_ID).toBe(inside.AWS_ACCESS_KEY_ID);
    await shell.run('awsh use --auto; cd ~');
    expect(await environment()).not.toHaveProperty('AWS_ACCESS_KEY_ID');
  });

  it('accepts the word that it pins, and goes back to it', async () => {
    const { shell, environment } = await openSandboxShell(name, { quick: true });
    await shell.run(`awsh use ${pin}`);
    const { AWS_ACCESS_KEY_ID: id } = await environment();
    expect(id).toMatch(/^ASIA/);
    await shell.run('awsh use dev');
    expect((await environment()).AWSH_PROFILE).toBe('dev');
    await shell.run('awsh use -');
    expect(await environment()).toMatchObject({
      AWSH_PROFILE: '111122223333:developer',
      AWS_ACCESS_KEY_ID: id,
    });
  });

  it('changes nothing for an impossible role, and shows help', async () => {
    const { shell, environment } = await openSandboxShell(name, { quick: true });
    await shell.run('awsh use dev');
    const { AWS_ACCESS_KEY_ID: id } = await environment();
    const wrong = await shell.run('awsh use --role-arn developer --source-profile demo');
    expect(wrong.shown).toContain('--role-arn is not the ARN of a role');
    const unknown = await shell.run('awsh use --role-arn 111122223333:developer --source-profile dmo');
    expect(unknown.shown).toContain('dmo');
    expect((await shell.run('awsh use dev --help')).shown).toContain('--role-arn');
    expect((await environment()).AWS_ACCESS_KEY_ID).toBe(id);
  });

  it('cannot be asked for by a directory file', async () => {
    const { shell, environment } = await openSandboxShell(name, { quick: true });
    await shell.run(`mkdir repo; cd repo; echo ${pin} >.awsprofile; awsh allow; cd .`);
    expect(await environment()).not.toHaveProperty('AWS_ACCESS_KEY_ID');
  });
});
