import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyReply, loadedReply } from '../support/hook-package.ts';
import { exportedAws, type HookShell, hookShells, openHookShell } from '../support/hook-shell.ts';
import { openSandboxShell, packageFolder } from '../support/sandbox-shell.ts';

const timeout = 120_000;

function inSeconds(seconds: number): string {
  return new Date(Date.now() + seconds * 1000).toISOString().replace(/\.\d+/, '');
}

/** The variables with which `awsh exec dev` or aws-vault starts a shell. */
function execEnvironment(more: Record<string, string> = {}): Record<string, string> {
  return {
    AWS_VAULT: 'dev',
    AWS_ACCESS_KEY_ID: 'ASIAOLD',
    AWS_SECRET_ACCESS_KEY: 'old/secret',
    AWS_SESSION_TOKEN: 'old/token',
    AWS_REGION: 'eu-north-1',
    ...more,
  };
}

function segment(shell: HookShell): Promise<string> {
  return shell.output('echo "<$AWSH_SEGMENT>"');
}

describe.each(hookShells)('a %s that exec started', { timeout }, (name) => {
  it.each([
    ['AWS_CREDENTIAL_EXPIRATION', 3570, /^<dev 59m>$/, 32],
    ['AWS_CREDENTIAL_EXPIRATION', 7300, /^<dev 2h01m>$/, 32],
    ['AWS_SESSION_EXPIRATION', 870, /^<dev 14m>$/, 33],
    ['AWS_CREDENTIAL_EXPIRATION', 270, /^<dev 4m>$/, 31],
    ['AWS_CREDENTIAL_EXPIRATION', -5, /^<expired>$/, 31],
  ] as const)('shows by %s that %i seconds are left', async (variable, seconds, shown, colour) => {
    const environment = execEnvironment({ [variable]: inSeconds(seconds) });
    const shell = await openHookShell(name, { environment });
    expect(await segment(shell)).toMatch(shown);
    expect(shell.received).toContain(`\x1b[${colour}m`);
  });

  it('has no time without an expiration, or with one that is not a time', async () => {
    const environment = execEnvironment({ AWS_CREDENTIAL_EXPIRATION: 'a[$(touch pwned)]-01-01T00:00:00Z' });
    const shell = await openHookShell(name, { environment });
    expect(await segment(shell)).toBe('<dev>');
    expect(await shell.output('ls')).not.toContain('pwned');
  });

  it('keeps its credentials in a project, and returns to them with use -', async () => {
    const environment = execEnvironment({ AWS_CREDENTIAL_EXPIRATION: inSeconds(3570) });
    const shell = await openHookShell(name, { environment });
    const before = await exportedAws(shell);
    await shell.run('cd prod');
    expect(await exportedAws(shell)).toEqual(before);
    await shell.run('awsh use prod');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIAPROD');
    await shell.run('awsh use -');
    expect(await exportedAws(shell)).toEqual(before);
    expect(await segment(shell)).toMatch(/^<dev 5\dm>$/);
    expect(await shell.output('echo "<$AWSH_LOADED>"')).toBe('<>');
  });

  it('follows the directory after use --auto, until off', async () => {
    const environment = execEnvironment({ AWS_CREDENTIAL_EXPIRATION: inSeconds(3570) });
    const shell = await openHookShell(name, { environment });
    const before = (await exportedAws(shell)).filter((line) => !/^AWSH_/.test(line));
    const now = async () => (await exportedAws(shell)).filter((line) => !/^AWSH_/.test(line));
    expect((await shell.run('cd prod; awsh use --auto')).status).toBe(0);
    expect(await shell.output('echo "$AWS_ACCESS_KEY_ID $AWS_VAULT."')).toBe('ASIAPROD .');
    await shell.run('cd ..');
    expect(await now()).toEqual(before);
    await shell.run('cd prod');
    expect((await shell.run('awsh off')).status).toBe(0);
    expect(await now()).toEqual(before);
    expect(await segment(shell)).toBe('<off>');
    await shell.run('awsh use --auto; awsh use -; awsh use --auto');
    expect(await shell.output('echo "$AWS_ACCESS_KEY_ID $AWS_VAULT."')).toBe('ASIAPROD .');
  });

  it('gets new keys in place by refresh, and keeps its region', async () => {
    const environment = execEnvironment({ AWS_CREDENTIAL_EXPIRATION: inSeconds(-5) });
    const shell = await openHookShell(name, { environment });
    shell.kit.answer('pin-dev', loadedReply('dev', { expiresIn: 3570, region: 'us-west-2' }));
    expect((await shell.run('awsh refresh')).status).toBe(0);
    const now = await exportedAws(shell);
    expect(now).toContain('AWS_ACCESS_KEY_ID=ASIADEV');
    expect(now).toContain('AWS_SECRET_ACCESS_KEY=secret/of+dev');
    expect(now).toContain('AWS_SESSION_TOKEN=token/of+dev==');
    expect(now).toContain('AWS_REGION=eu-north-1');
    expect(now.filter((line) => /SESSION_EXPIRATION|DEFAULT_REGION/.test(line))).toEqual([]);
    expect(await segment(shell)).toBe('<dev 59m>');
    expect(shell.kit.requests().at(-1)).toMatch(/^pin dev$/m);
    expect(shell.kit.requests().at(-1)).toMatch(/^refresh 1\nexec 1$/m);
  });

  it('refreshes for the reason that exec was given', async () => {
    const environment = execEnvironment({ AWSH_REASON: 'T1BTLTE' });
    const shell = await openHookShell(name, { environment });
    shell.kit.answer('pin-dev why=T1BTLTE', loadedReply('dev', { expiresIn: 3570 }));
    expect((await shell.run('awsh refresh')).status).toBe(0);
    expect(shell.kit.requests().at(-1)).toMatch(/^pin dev why=T1BTLTE$/m);
    expect(await shell.output('echo $AWS_VAULT')).toBe('dev');
  });

  it('keeps its keys if there are no new ones, and gives the reason', async () => {
    const environment = execEnvironment({ AWS_CREDENTIAL_EXPIRATION: inSeconds(270) });
    const shell = await openHookShell(name, { environment });
    const before = await exportedAws(shell);
    shell.kit.answer(
      'pin-dev',
      emptyReply('error', 'error', { reason: 'dev was refused', next: 'awsh refresh' }),
      {
        status: 8,
      },
    );
    const { status, shown } = await shell.run('awsh refresh');
    expect([status, shown]).toEqual([
      8,
      expect.stringMatching(/no new keys[\s\S]*why: +dev was refused[\s\S]*next: awsh refresh/),
    ]);
    expect(await exportedAws(shell)).toEqual(before);
  });

  it('needs no refresh if a server gives the keys', async () => {
    const environment = {
      AWS_VAULT: 'dev',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:1/',
      AWS_CREDENTIAL_EXPIRATION: inSeconds(270),
    };
    const shell = await openHookShell(name, { environment });
    expect(await segment(shell)).toBe('<dev>');
    const { status, shown } = await shell.run('awsh refresh');
    expect([status, shown]).toEqual([0, expect.stringContaining('nothing to renew')]);
  });
});

const developer = '111122223333:developer';

describe.each(hookShells)('awsh exec, typed in %s', { timeout }, (name) => {
  it.each([
    ['dev', 'dev'],
    [`--role-arn ${developer} --source-profile demo`, `${developer}:demo`],
    [`--role-arn arn:aws:iam::111122223333:role/developer demo`, `${developer}:demo`],
    [`${developer} --source-profile demo --session-name me`, `${developer}:demo?session-name=me`],
  ])('starts a shell for %s that counts down, and that refresh renews', async (words, label) => {
    const { shell, sandbox } = await openSandboxShell(name, {
      environment: { SHELL: '/bin/bash', AWSH_DISABLE_HELP_MESSAGE: '1' },
    });
    // exec removes the variables that could open the vault.
    const rc = [
      `PS1='in \\e]133;B;$?\\a'`,
      "export AWSH_FILE_PASSPHRASE='correct horse battery staple'",
      `source ${packageFolder}/shell/awsh.bash`,
    ];
    writeFileSync(join(sandbox.home, '.bashrc'), `${rc.join('\n')}\n`);
    await shell.run(`awsh exec ${words}`, timeout);
    const segment = await shell.output('echo "$AWSH_SEGMENT"');
    expect(segment).toMatch(/ (59m|1h00m)$/);
    // A segment truncates long names.
    expect(label).toContain(segment.replace(/ (59m|1h00m)$/, ''));
    const old = await shell.output('echo $AWS_ACCESS_KEY_ID');
    expect(await shell.run('awsh refresh', timeout)).toMatchObject({ status: 0 });
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).not.toBe(old);
    expect(await shell.output('echo "$AWS_VAULT $AWSH_LOADED"')).toBe(`${label} `);
    await shell.run('exit');
  });
});
