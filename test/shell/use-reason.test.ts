import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hookShells } from '../support/hook-shell.ts';
import { openStateShell, type StateShell } from '../support/shell-states.ts';

const confirmed = /load protected profile dev.*\[y\/N\] $/s;
const question = /reason for loading dev: $/;
const key = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

const reasonsSent = ({ sandbox }: StateShell) =>
  sandbox.emulator.calls
    .filter(({ action }) => action === 'AssumeRole')
    .map(({ params }) => params['Tags.member.1.Value']);

async function inProject(name: (typeof hookShells)[number]): Promise<StateShell> {
  const to = await openStateShell(name);
  await to.shell.run('awsh allow ~/projects/dev');
  const settings = 'backend = file\nprotected = dev reason=required\n';
  writeFileSync(join(to.sandbox.home, '.config/awsh/config'), settings);
  return to;
}

/**
 * `cd`, `y`, and these answers to the question for a reason, which is repeated after each answer
 * except the last.
 */
async function enter({ shell }: StateShell, ...answers: string[]): Promise<string> {
  shell.type('cd ~/projects/dev\r');
  let shown = await shell.waitFor(confirmed);
  shell.type('y\r');
  for (const answer of answers) {
    shown += await shell.waitFor(question);
    shell.type(answer);
  }
  return shown + (await shell.prompt()).shown;
}

describe.each(hookShells)('the reason for a protected profile, in %s', (name) => {
  it('is asked with the confirmation, kept by refresh and a child shell, and asked again', async () => {
    const to = await inProject(name);
    const { shell, environment } = to;
    const shown = await enter(to, `${key}\r`, '\r', 'OPS-1 restart\r');
    expect(shown).toMatch(/it looks like a key[\s\S]*a reason is needed/);
    expect(shown).not.toContain(key);
    const { AWS_ACCESS_KEY_ID: first } = await environment();
    expect(await shell.output('echo $AWSH_SEGMENT')).toMatch(/^dev (59m|1h00m)$/);
    expect((await shell.run('awsh status')).shown).toMatch(/used for +OPS-1 restart/);
    await shell.run('awsh refresh');
    await shell.run(name);
    expect((await environment()).AWS_ACCESS_KEY_ID).toMatch(/^ASIA/);
    expect((await environment()).AWS_ACCESS_KEY_ID).not.toBe(first);
    await shell.run('exit');
    await shell.run('cd');
    await enter(to, 'OPS-2\r');
    expect(reasonsSent(to)).toEqual(['OPS-1 restart', 'OPS-1 restart', 'OPS-2']);
  });

  it('is refused after three invalid answers, and the shell gets none of them', async () => {
    const to = await inProject(name);
    const shown = await enter(to, '\r', '#\r', 'touch ~/typed; touch ~/typed\r');
    expect(shown).toContain('no reason was given in three tries');
    expect(await to.environment()).toMatchObject({ AWS_PROFILE: 'awsh-blocked' });
    expect((await to.shell.run('ls ~/typed')).status).not.toBe(0);
    expect(reasonsSent(to)).toEqual([]);
    await to.answer('awsh use dev', question, 'OPS-3\r');
    expect(await to.environment()).toHaveProperty('AWS_ACCESS_KEY_ID');
    await to.shell.run('awsh use dev --reason "OPS-4"');
    await to.answer('awsh exec dev -- true', /reason for using dev: $/, 'OPS-5\r');
    expect(reasonsSent(to)).toEqual(['OPS-3', 'OPS-4', 'OPS-5']);
  });
});
