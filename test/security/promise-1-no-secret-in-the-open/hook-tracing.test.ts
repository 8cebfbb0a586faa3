import { describe, expect, it } from 'vitest';
import { hookShells, openHookShell, traceLine, tracingOf } from '../../support/hook-shell.ts';

describe.each(hookShells)('no secret shows in %s', (name) => {
  it.each(tracingOf[name])('while everything is traced: %s', async (tracing) => {
    const shell = await openHookShell(name, {
      environment: { HTTPS_PROXY: 'http://me:proxypass@127.0.0.1:1' },
      before: `export AWS_SECRET_ACCESS_KEY=my/own AWS_ACCESS_KEY_ID=AKIA; ${tracing}`,
    });
    shell.skip();
    const from = shell.received.length;
    await shell.run('cd dev');
    await shell.run('awsh use prod');
    await shell.run('awsh use -');
    await shell.run('awsh refresh');
    await shell.run('cd ../none');
    await shell.run('cd ../dev');
    await shell.run(
      'awsh allow; awsh use; awsh use --role-arn=arn:aws:iam::111122223333:role/x --source-profile dev',
    );
    const traced = shell.received.slice(from);
    expect(traced).toMatch(traceLine[name]);
    expect(traced).not.toMatch(/secret\/of|token\/of|my\/own|proxypass/);
    const stillOn =
      name === 'fish' ? 'set -q fish_trace; and echo traced on' : 'case $- in *x*) echo traced on;; esac';
    expect(await shell.output(stillOn)).toContain('traced on');
  });

  it('in what child shells are given', async () => {
    const shell = await openHookShell(name, {
      after:
        'export AWS_ACCESS_KEY_ID=AKIA AWS_SECRET_ACCESS_KEY=my/own AWS_SECURITY_TOKEN=my/own AWS_SESSION_TOKEN=my/own',
    });
    await shell.run('cd dev');
    const given = await shell.output('printenv AWSH_LOADED AWSH_SAVED');
    expect(given).toMatch(/^secret AWS_SECRET_ACCESS_KEY$/m);
    expect(given).not.toMatch(/secret\/of|token\/of|my\/own/);
  });

  it('in a second copy among the shell’s variables', async () => {
    const shell = await openHookShell(name);
    await shell.run('cd dev');
    expect(await shell.output("set | grep -c 'secret/of+dev'")).toBe('1');
    expect(await shell.output("set | grep -c 'token/of+dev'")).toBe('1');
  });
});
