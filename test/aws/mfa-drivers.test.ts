import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/demo/index.ts';
import { type Answer, runInstalled } from '../support/run-awsh.ts';
import { sandboxEnvironment, useFewRounds } from '../support/sandbox-shell.ts';
import { shortLivedSandbox } from '../support/served-command.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/** The name and arguments of each driver's program; this one prints the device's code. */
const drivers = [
  ['zenity', 'zenity', '--entry', 'zenity'],
  ['kdialog', 'kdialog', '--inputbox', 'kdialog'],
  ['osascript', 'osascript', 'on run argv', 'osascript'],
  ['ykman', 'ykman', 'oath accounts code --single arn:aws:iam::123456789012:mfa/demo', 'ykman'],
  ['pass-otp', 'pass', 'otp arn:aws:iam::123456789012:mfa/demo', 'pass-otp'],
  // aws-vault's name for it.
  ['pass', 'pass', 'otp arn:aws:iam::123456789012:mfa/demo', 'pass-otp'],
] as const;

const ways = ['--prompt', 'AWSH_MFA_PROMPT', 'AWS_VAULT_PROMPT', 'the setting'] as const;
type Way = (typeof ways)[number];

/**
 * `exec staging`, which needs a code, without a terminal, with a driver whose program is a script.
 */
async function execBy(
  sandbox: Sandbox,
  way: Way,
  driver: string,
  setting: string,
  program: string,
): Promise<Answer> {
  const home = temporaryHome();
  const script = `#!/bin/sh\necho "$*" >>${sandbox.home}/asked\ncat ${sandbox.home}/mfa-code\n`;
  home.write(`bin/${program}`, script, 0o755);
  const { PATH = '', ...environment } = sandboxEnvironment(sandbox);
  const config = `${sandbox.home}/.config`;
  if (way === 'the setting') {
    home.write('settings/awsh/config', `backend = file\nprompt = ${setting}\n`);
  }
  const options = way === '--prompt' ? ['--prompt', driver] : [];
  const named = way.startsWith('AWS') ? { [way]: driver } : {};
  return runInstalled(
    [...options, 'exec', 'staging', '--', 'sh', '-c', 'echo "$AWS_VAULT $AWS_ACCESS_KEY_ID"'],
    {
      ...environment,
      AWSH_AGENT: 'off',
      DISPLAY: ':97',
      XDG_CONFIG_HOME: way === 'the setting' ? `${home.path}/settings` : config,
      PATH: `${home.path}/bin:${PATH}`,
      ...named,
    },
    '',
    join(await useFewRounds(sandbox), 'bin/awsh'),
  );
}

describe.each(drivers)('%s gives the code', (driver, program, asked, setting) => {
  it.each(ways)('chosen by %s', async (way) => {
    const sandbox = await shortLivedSandbox(3600);
    const { status, out, err } = await execBy(sandbox, way, driver, setting, program);
    expect({ status, out }, err).toEqual({ status: 0, out: expect.stringMatching(/^staging ASIA/) });
    expect(readFileSync(`${sandbox.home}/asked`, 'utf8')).toContain(asked);
  });
});
