import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { awsClients, whoAmI } from '../support/aws-clients.ts';
import { has } from '../support/programs.ts';
import { openSandboxShell } from '../support/sandbox-shell.ts';

const missingClients = !has('aws', 'python3');

describe.each(['bash', 'zsh', 'fish'] as const)('%s', (name) => {
  const missing = name !== 'bash' && !has(name);
  describe.skipIf(missing)('walking through projects', () => {
    it('loads nothing before awsh allow, the role after it, and nothing outside', async () => {
      const { shell, environment, sandbox } = await openSandboxShell(name, { quick: true });
      const first = await shell.run('cd projects/dev');
      expect(first.shown).toMatch(/this \.awsprofile is not allowed\n[\s\S]*\n {2}next: awsh allow\n/);
      expect(first.shown).toContain('account 111122223333');
      expect((await environment()).AWS_ACCESS_KEY_ID).toBeUndefined();

      await shell.run('awsh allow');
      const inside = await environment();
      expect(inside.AWSH_SEGMENT).toMatch(/^dev (59m|1h00m)$/);
      expect(inside.AWS_ACCESS_KEY_ID).toMatch(/^ASIA/);
      expect(inside.AWS_REGION).toBe('eu-west-1');
      expect(inside.AWSUME_PROFILE).toBe('dev');
      expect(inside.AWS_CREDENTIAL_EXPIRATION).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

      expect((await shell.run('cd ~')).shown).toBe('$ ');
      const outside = await environment();
      const left = Object.keys(outside).filter((variable) => /^AWS(_|H_|UME)/.test(variable));
      expect(left.sort()).toEqual(['AWSH_AGENT', 'AWSH_FILE_PASSPHRASE']);
      expect(sandbox.emulator.actions).toEqual(['AssumeRole']);
    });

    it.skipIf(missingClients)('gives every AWS client the same identity', async () => {
      const { shell, environment } = await openSandboxShell(name, { quick: true });
      await shell.run('cd projects/dev; awsh allow');
      const inside = await environment();
      for (const client of awsClients) {
        expect(await whoAmI(client, inside)).toMatchObject({
          account: '111122223333',
          arn: expect.stringContaining('assumed-role/developer/'),
        });
      }
    });

    it('asks for an MFA code once, and assumes the role again without asking', async () => {
      const { shell, environment, sandbox } = await openSandboxShell(name, { quick: true });
      await shell.run('cd projects/staging');
      shell.type('awsh allow\r');
      await shell.waitFor('MFA code for staging');
      shell.type(`${sandbox.mfaCode()}\r`);
      await shell.prompt();
      expect((await environment()).AWSH_SEGMENT).toMatch(/^staging (59m|1h00m)$/);
      await shell.run('cd ~');
      await shell.run('cd -');
      expect(await environment()).toMatchObject({ AWSH_PROFILE: 'staging', AWS_REGION: 'eu-central-1' });
      expect(sandbox.emulator.actions).toEqual(['AssumeRole']);
    });

    it('accepts one more code after a wrong one, then blocks', async () => {
      const { shell, environment, sandbox } = await openSandboxShell(name, { quick: true });
      await shell.run('cd projects/staging');
      shell.type('awsh allow\r');
      await shell.waitFor('MFA code for staging');
      shell.type('000000\r');
      await shell.waitFor('AWS refused that code');
      await shell.waitFor('MFA code for staging');
      shell.type('000001\r');
      const { shown } = await shell.prompt();
      expect(shown).toContain('staging is not loaded');
      expect((await environment()).AWS_PROFILE).toBe('awsh-blocked');
      await shell.run('true');
      expect(sandbox.emulator.calls).toHaveLength(2);
    });

    it('asks for confirmation each time a protected profile is loaded by its directory', async () => {
      const { shell, environment } = await openSandboxShell(name, { quick: true });
      await shell.run('cd projects');
      shell.type('awsh allow prod\r');
      await shell.waitFor('[y/N] ');
      shell.type('y\r');
      await shell.prompt();
      shell.type('cd prod\r');
      await shell.waitFor('load protected profile prod');
      shell.type('n\r');
      expect((await shell.prompt()).shown).toContain('not confirmed');
      expect((await environment()).AWS_PROFILE).toBe('awsh-blocked');
      shell.type('awsh refresh\r');
      await shell.waitFor('load protected profile prod');
      shell.type('y\r');
      await shell.prompt();
      expect((await environment()).AWSH_SEGMENT).toMatch(/^prod (59m|1h00m)$/);
    });

    it('asks again after any edit of the file, and after any edit of the profile', async () => {
      const { shell, environment, sandbox } = await openSandboxShell(name, { quick: true });
      await shell.run('cd projects/dev; awsh allow');
      expect((await environment()).AWSH_PROFILE).toBe('dev');
      writeFileSync(`${sandbox.home}/projects/dev/.awsprofile`, 'prod\n');
      const edited = await shell.run('true');
      expect(edited.shown).toMatch(/the\s+file\s+was\s+edited\s+after\s+you\s+allowed/);
      expect((await environment()).AWSH_PROFILE).toBeUndefined();

      writeFileSync(`${sandbox.home}/projects/dev/.awsprofile`, 'dev\n');
      await shell.run(`sed -i 's/role.developer/role\\/operator/' ~/.aws/config`);
      const changed = await shell.run('cd ../staging; cd ../dev');
      expect(changed.shown).toMatch(/no\s+longer\s+means\s+what\s+you\s+allowed/);
      expect((await environment()).AWS_ACCESS_KEY_ID).toBeUndefined();
    });

    it('gives a command on the same line the new keys, and a subshell too', async () => {
      const { shell } = await openSandboxShell(name, { quick: true });
      await shell.run('awsh allow projects/dev; true');
      expect(await shell.output('cd projects/dev && echo "[$AWSH_PROFILE]"; cd ~')).toContain('[dev]');
      if (name === 'fish') return;
      expect(await shell.output('(cd projects/dev && echo "[$AWSH_PROFILE]"); echo "[$AWSH_PROFILE]"')).toBe(
        '[dev]\n[]',
      );
    });

    it('pins, goes back, follows the directories again, and stays off', async () => {
      const { shell, environment } = await openSandboxShell(name, { quick: true });
      await shell.run('awsh allow projects/dev; awsh use prod');
      expect((await environment()).AWSH_PROFILE).toBe('prod');
      await shell.run('cd projects/dev');
      expect((await environment()).AWSH_PROFILE).toBe('prod');
      await shell.run('awsh use dev; awsh use -');
      expect((await environment()).AWSH_PROFILE).toBe('prod');
      await shell.run('awsh use --auto');
      expect((await environment()).AWSH_PROFILE).toBe('dev');
      await shell.run('awsh off; cd ~; cd -');
      expect((await environment()).AWSH_PROFILE).toBeUndefined();
      shell.type('awsh use stagin\r');
      await shell.waitFor('staging');
      await shell.settle();
      shell.press('Escape');
      expect((await shell.prompt()).status).toBe(3);
      expect((await environment()).AWSH_PROFILE).toBeUndefined();
    });

    it('leaves no old keys behind when AWS cannot be reached', async () => {
      const { shell, environment, sandbox } = await openSandboxShell(name, { quick: true });
      await shell.run('cd projects/dev; awsh allow; awsh allow ../staging');
      await sandbox.emulator.close();
      await shell.run('sed -i "s/^role_session_name.*//; s/developer/&/" ~/.aws/config');
      const { shown } = await shell.run('awsh refresh');
      expect(shown).toMatch(/dev is not loaded: [\s\S]*reach/);
      const after = await environment();
      expect(after.AWS_ACCESS_KEY_ID).toBeUndefined();
      expect(after.AWS_PROFILE).toBe('awsh-blocked');
    });
  });

  describe.skipIf(missing || missingClients)('a blocked shell', () => {
    it('fails in every AWS client instead of using [default]', async () => {
      const { shell, environment, sandbox } = await openSandboxShell(name, { quick: true });
      await shell.run(
        `printf '[default]\\naws_access_key_id=AKIADEFAULT00000\\naws_secret_access_key=x\\n' >~/.aws/credentials`,
      );
      await shell.run('cd projects/dev; awsh allow; awsh lock');
      await shell.run(':');
      expect(await environment()).toMatchObject({ AWS_PROFILE: 'awsh-blocked', AWS_REGION: 'eu-west-1' });
      const blocked = { ...(await environment()), AWS_ENDPOINT_URL: sandbox.emulator.url };
      const asksBefore = sandbox.emulator.calls.length;
      for (const client of awsClients) {
        const reason = await whoAmI(client, blocked);
        expect(reason).toHaveProperty('error', expect.stringMatching(/profile|credentials/i));
        expect(reason).toHaveProperty('error', expect.not.stringMatching(/region/i));
      }
      expect(sandbox.emulator.calls).toHaveLength(asksBefore);
      expect(existsSync(`${sandbox.home}/.aws/credentials`)).toBe(true);
    });
  });
});
