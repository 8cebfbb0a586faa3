import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { has } from '../support/programs.ts';
import { openSandboxShell, type SandboxShell } from '../support/sandbox-shell.ts';

const shells = (['bash', 'zsh', 'fish'] as const).filter((name) => name === 'bash' || has(name));
const rows = shells.flatMap((name) => (['off', ''] as const).map((agent) => [name, agent] as const));
const timeout = 120_000;

/** A shell in the project dev, where dev is loaded. */
async function openInDev(name: (typeof shells)[number], agent = 'off'): Promise<SandboxShell> {
  const opened = await openSandboxShell(name, { quick: true, environment: { AWSH_AGENT: agent } });
  await opened.shell.run(`cd ${opened.sandbox.projects[0]?.folder}`);
  await opened.shell.run('awsh allow', timeout);
  return opened;
}

/** The data that awsh has. */
async function managed({ environment }: SandboxShell): Promise<Record<string, string>> {
  const entries = Object.entries(await environment());
  const counted = /^AWS(?!H_(AGENT|FILE_PASSPHRASE|SEGMENT))/;
  return Object.fromEntries(entries.filter(([name]) => counted.test(name)));
}

async function segment({ environment }: SandboxShell): Promise<string | undefined> {
  return (await environment()).AWSH_SEGMENT;
}

describe.each(rows)('awsh use in %s, with AWSH_AGENT=%s', { timeout }, (name, agent) => {
  it('changes nothing for an unknown name, and exits 3 with similar names', async () => {
    const opened = await openInDev(name, agent);
    const { shell, sandbox } = opened;
    const before = await managed(opened);
    expect(before.AWSH_PROFILE).toBe('dev');
    const { status } = await shell.run(`awsh use prdo 2>${sandbox.home}/said`, timeout);
    expect(status).toBe(3);
    expect(await managed(opened)).toEqual(before);
    const { shown } = await shell.run(`cat ${sandbox.home}/said`);
    expect(shown).toMatch(/awsh: [\s\S]*prdo[\s\S]*why: .*prod[\s\S]*next: awsh list --profiles/);
    await shell.run('cd ..', timeout);
    expect((await managed(opened)).AWSH_PROFILE).toBeUndefined();
    expect((await shell.run('awsh use -')).status).toBe(2);
    // A pinned shell does not change, either.
    expect((await shell.run('awsh use prod; cd dev', timeout)).status).toBe(0);
    const pinned = await managed(opened);
    expect(await segment(opened)).toMatch(/^prod pinned /);
    expect((await shell.run('awsh use nonsense 2>/dev/null', timeout)).status).toBe(3);
    expect(await managed(opened)).toEqual(pinned);
    expect((await shell.run('awsh use dev', timeout)).status).toBe(0);
    expect(await segment(opened)).toMatch(/^dev \d/);
    expect((await shell.run('awsh use -', timeout)).status).toBe(0);
    expect((await managed(opened)).AWSH_PROFILE).toBe('prod');
    if (agent !== 'off') await shell.run('awsh agent stop', timeout);
  });
});

describe.each(shells)('awsh use in %s', { timeout }, (name) => {
  it('opens no picker if its stdin is not the terminal', async () => {
    const { shell } = await openInDev(name);
    const { status, shown } = await shell.run('awsh use prdo </dev/null', timeout);
    expect([status, shown]).toEqual([3, expect.stringContaining('next: awsh list --profiles')]);
  });

  it('opens the picker with the mistyped name, and keeps everything if nothing is chosen', async () => {
    const opened = await openInDev(name);
    const { shell } = opened;
    const before = await managed(opened);
    for (const key of ['Escape', 'Enter']) {
      shell.skip();
      shell.type('awsh use prd\r');
      await shell.waitFor('Search:', timeout);
      await shell.settle();
      shell.press(key);
      const { status, shown } = await shell.prompt(timeout);
      expect([status, shown]).toEqual([key === 'Enter' ? 0 : 3, expect.stringContaining('prd')]);
      expect(shown.includes('no profile')).toBe(key === 'Escape');
      if (key === 'Escape') expect(await managed(opened)).toEqual(before);
    }
    expect((await managed(opened)).AWSH_PROFILE).toBe('prod');
  });

  it('changes nothing if the config file cannot be read, or while awsh is locked', async () => {
    const opened = await openInDev(name);
    const { shell } = opened;
    const before = await managed(opened);
    await shell.run('mv ~/.aws/config ~/whole; mkdir ~/.aws/config');
    expect((await shell.run('awsh use prod', timeout)).status).toBe(2);
    expect(await managed(opened)).toEqual(before);
    await shell.run('rmdir ~/.aws/config; mv ~/whole ~/.aws/config; awsh lock', timeout);
    const { status, shown } = await shell.run('awsh use prod', timeout);
    expect([status, shown]).toEqual([5, expect.stringContaining('awsh unlock')]);
  });

  it('blocks for a known profile that does not load, and names the command to go back', async () => {
    const opened = await openInDev(name);
    const { shell, sandbox } = opened;
    appendFileSync(join(sandbox.home, '.aws/config'), '\n[profile keyless]\nregion = eu-west-1\n');
    const { status, shown } = await shell.run('awsh use keyless', timeout);
    expect(status).toBe(4);
    expect(shown.replace(/\s+/g, ' ')).toContain('awsh use --auto');
    expect((await managed(opened)).AWS_PROFILE).toBe('awsh-blocked');
    expect((await shell.run('awsh use --auto', timeout)).status).toBe(0);
    expect((await managed(opened)).AWSH_PROFILE).toBe('dev');
    // Only the vault has this profile: AWS refuses its key, but awsh knows the name.
    writeFileSync(
      join(sandbox.home, 'key'),
      `AKIA${'ONLYVAULT'.padEnd(16, 'X')}\n${'only/the+vault'.padEnd(40, 'x')}\n`,
    );
    await shell.run('awsh add vaulted --stdin --no-add-config <~/key', timeout);
    expect((await shell.run('awsh use vaulted', timeout)).status).not.toBe(3);
  });
});
