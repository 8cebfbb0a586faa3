import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hookShells } from '../support/hook-shell.ts';
import { openSandboxShell } from '../support/sandbox-shell.ts';

const readOnlyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess';

describe.each(hookShells)('a narrowed profile, in %s', (name) => {
  it('is loaded by awsh use, shown, and kept by a child shell and a refresh', async () => {
    const { shell, environment, sandbox } = await openSandboxShell(name, { quick: true });
    const policies = async () => {
      const { AWS_ACCESS_KEY_ID: id = '' } = await environment();
      return sandbox.emulator.cloud.sessions.get(id)?.identity.policies;
    };
    await shell.run('awsh use dev --read-only');
    expect(await policies()).toEqual([readOnlyArn]);
    expect(await shell.output('echo $AWSH_SEGMENT')).toMatch(/^dev ro (pinned )?(59m|1h00m)$/);
    expect((await shell.run('awsh status')).shown).toMatch(/access +read-only/);
    await shell.run('awsh refresh');
    expect(await policies()).toEqual([readOnlyArn]);
    await shell.run(name);
    await shell.run('awsh refresh');
    expect(await policies()).toEqual([readOnlyArn]);
    await shell.run('exit');
    const { AWS_ACCESS_KEY_ID: id } = await environment();
    const { shown } = await shell.run('awsh use demo --policy "{}"');
    expect(shown).toContain('does not accept this policy');
    expect((await environment()).AWS_ACCESS_KEY_ID).toBe(id);
  });
});

describe('a shell of a coding agent', () => {
  it('is recognised by its initial environment, which the hook does not pass on', async () => {
    const { shell, environment, sandbox } = await openSandboxShell('bash', {
      quick: true,
      environment: { GEMINI_CLI: '1' },
    });
    appendFileSync(join(sandbox.home, '.config/awsh/config'), 'coding_agents = read-only\n');
    await shell.run('unset GEMINI_CLI; awsh use dev');
    const { AWS_ACCESS_KEY_ID: id = '' } = await environment();
    expect(sandbox.emulator.cloud.sessions.get(id)?.identity.policies).toEqual([readOnlyArn]);
    const { shown } = await shell.run('awsh use prod');
    expect(shown).toContain('protected');
    expect(await environment()).toMatchObject({ AWS_PROFILE: 'awsh-blocked' });
  });
});
