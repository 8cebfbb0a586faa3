import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/demo/index.ts';
import { has } from '../support/programs.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { sandboxEnvironment, storeKey } from '../support/sandbox-shell.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { openDisplay } from '../support/x-display.ts';

const askForAccount = ['exec', 'staging', '--', 'sh', '-c', 'echo "$AWS_VAULT $AWS_ACCESS_KEY_ID"'];

/**
 * The sandbox, whose profile `staging` needs an MFA code, with a stored key. There is no agent and
 * no terminal.
 */
async function stagingHome(): Promise<{ sandbox: Sandbox; environment: Record<string, string> }> {
  const sandbox = await createSandbox(join(temporaryHome().path, 'home'));
  onTestFinished(() => sandbox.close());
  await storeKey(sandbox);
  return { sandbox, environment: { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off' } };
}

describe('without a terminal', () => {
  it('without a display: exit 6 at once, because the user cannot be asked', async () => {
    const { environment } = await stagingHome();
    const { status, out, err } = await runInstalled(askForAccount, environment);
    expect({ status, out }).toEqual({ status: 6, out: '' });
    expect(err).toContain('needs an MFA code');
  });

  it.each([
    ['--prompt', ['--prompt', 'ykman'], {}],
    ['AWSH_MFA_PROMPT', [], { AWSH_MFA_PROMPT: 'ykman', AWS_VAULT_PROMPT: 'terminal' }],
    ['AWS_VAULT_PROMPT', [], { AWS_VAULT_PROMPT: 'ykman' }],
  ])('%s chooses a device that gives the code', async (_, options, variables) => {
    const { sandbox, environment } = await stagingHome();
    const home = temporaryHome();
    home.write('bin/ykman', `#!/bin/sh\ncat ${sandbox.home}/mfa-code\n`, 0o755);
    const PATH = `${home.path}/bin:${environment.PATH}`;
    const { status, out } = await runInstalled([...options, ...askForAccount], {
      ...environment,
      ...variables,
      PATH,
    });
    expect(status).toBe(0);
    expect(out).toMatch(/^staging ASIA/);
  });

  it('a chosen prompt program that does not exist is named', async () => {
    const { environment } = await stagingHome();
    const { status, err } = await runInstalled(['--prompt', 'zenity', ...askForAccount], environment);
    expect(status).toBe(6);
    expect(err).toContain('zenity cannot ask: there is no display');
  });
});

describe.skipIf(!has('zenity', 'Xvfb', 'xdotool'))('with a display, and the real zenity', () => {
  it('the window accepts the code without a terminal', async () => {
    const { sandbox, environment } = await stagingHome();
    const display = await openDisplay();
    const running = runInstalled(askForAccount, { ...environment, DISPLAY: display.name });
    await display.answer('awsh', sandbox.mfaCode());
    const { status, out } = await running;
    expect(status).toBe(0);
    expect(out).toMatch(/^staging ASIA/);
  });

  it('closing the window cancels: exit 130', async () => {
    const { environment } = await stagingHome();
    const display = await openDisplay();
    const running = runInstalled(['--prompt', 'zenity', ...askForAccount], {
      ...environment,
      DISPLAY: display.name,
    });
    await display.press('awsh', 'Escape');
    expect(await running).toMatchObject({ status: 130, out: '' });
  });

  it('the passphrase of the vault is asked for in a window, hidden', async () => {
    const { environment } = await stagingHome();
    const { AWSH_FILE_PASSPHRASE: passphrase = '', ...without } = environment;
    const display = await openDisplay();
    const running = runInstalled(['--prompt', 'zenity', 'exec', 'dev', '--', 'true'], {
      ...without,
      DISPLAY: display.name,
    });
    await display.answer('awsh', passphrase);
    expect(await running).toMatchObject({ status: 0 });
  });
});
