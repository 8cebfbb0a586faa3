import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { choosePrompter, type PromptDriver, type Prompter } from '../../src/prompt/index.ts';
import { AwshError } from '../../src/system/index.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

const serial = 'arn:aws:iam::123456789012:mfa/me';

interface FakeProgram {
  readonly home: TemporaryHome;
  readonly prompter: Prompter;
  /** The arguments of its last run. */
  readonly args: () => string[];
  readonly environment: Record<string, string>;
}

/**
 * A driver whose program is this shell script, which first records its arguments and its
 * environment.
 */
function driverWith(
  driver: PromptDriver,
  script: string,
  variables: Record<string, string> = {},
  limitMs?: number,
): FakeProgram {
  const home = temporaryHome();
  const program = driver === 'pass-otp' ? 'pass' : driver;
  const note = `printf '%s\\0' "$@" >${home.path}/args; env >${home.path}/seen`;
  home.write(`bin/${program}`, `#!/bin/sh\n${note}\n${script}\n`, 0o755);
  const PATH = `${home.path}/bin:${home.environment.PATH}`;
  const environment = { ...home.environment, PATH, DISPLAY: ':97', ...variables };
  return {
    home,
    environment,
    prompter: choosePrompter(driver, { environment, limitMs }),
    args: () => readFileSync(join(home.path, 'args'), 'utf8').split('\0').slice(0, -1),
  };
}

const failureOf = async (work: Promise<unknown>): Promise<AwshError> => {
  const error = await work.then(
    () => null,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(AwshError);
  return error;
};

describe('a dialog window', () => {
  test.each([
    ['zenity', 'MFA code', ['--title=awsh', '--entry', '--entry-text=', '--text=MFA code']],
    ['zenity', '--help', ['--title=awsh', '--entry', '--entry-text=', '--text=--help']],
    ['zenity', 'a\\nb', ['--title=awsh', '--entry', '--entry-text=', '--text=a\\\\nb']],
    ['kdialog', 'MFA code', ['--title', 'awsh', '--inputbox', 'MFA code', '']],
    ['kdialog', '<img src=x>', ['--title', 'awsh', '--inputbox', '‹img src=x>', '']],
  ] as const)('%s for %j, in its arguments and by no shell', async (driver, question, args) => {
    const { prompter, args: seen } = driverWith(driver, 'echo 123456');
    expect(await prompter.code(question)).toBe('123456');
    expect(seen()).toEqual(args);
  });

  it('by osascript uses a fixed script, with the question as an argument', async () => {
    const scripts: string[][] = [];
    for (const question of ['MFA code', '" & (do shell script "touch /tmp/x") & "']) {
      const { prompter, args } = driverWith('osascript', 'echo 123456');
      expect(await prompter.code(question)).toBe('123456');
      scripts.push(args().slice(0, 6));
      expect(args()[6]).toBe(question);
    }
    expect(scripts[0]).toEqual(scripts[1]);
  });

  it('never shows control characters, nor passes on the shell’s variables', async () => {
    const keys = { AWS_SECRET_ACCESS_KEY: 'wJalr', AWSH_FILE_PASSPHRASE: 'horse' };
    const { prompter, args, home } = driverWith('zenity', 'echo 123456', keys);
    await prompter.code('MFA\u001b[31m code');
    expect(args().join('')).not.toContain('\u001b');
    expect(readFileSync(join(home.path, 'seen'), 'utf8')).not.toMatch(/wJalr|horse/);
  });

  it('asks again, with the reason, until it is a code; three times in all', async () => {
    const { prompter, args, home } = driverWith('zenity', `echo x >>${'$HOME'}/asked; echo 12345`);
    expect(await failureOf(prompter.code('MFA code'))).toMatchObject({ failure: 'refused' });
    expect(readFileSync(join(home.path, 'asked'), 'utf8')).toBe('x\nx\nx\n');
    expect(args().at(-1)).toBe('--text=a code is six digits\nMFA code');
  });

  it('hides a secret, reads Cancel as no, and shows lines of tell above the next question', async () => {
    const asked = driverWith('zenity', 'echo correct horse');
    expect((await asked.prompter.secret('Passphrase')).reveal()).toBe('correct horse');
    expect(asked.args()).toContain('--hide-text');
    const no = driverWith('zenity', 'exit 1');
    no.prompter.tell('these profiles use it: dev');
    expect(await no.prompter.confirm('remove it')).toBe(false);
    expect(no.args().at(-1)).toBe('--text=these profiles use it: dev\nremove it');
    expect(await driverWith('zenity', 'exit 0').prompter.confirm('remove it')).toBe(true);
  });

  test.each([
    ['is cancelled', 'exit 1', {}, 'cancelled', 'cancelled'],
    ['fails', 'echo no theme >&2; exit 255', {}, 'personNeeded', 'zenity failed: no theme'],
    ['has no display', 'echo 123456', { DISPLAY: '' }, 'personNeeded', 'there is no display'],
    ['is not answered in time', 'exec sleep 60', {}, 'personNeeded', 'zenity was given 0.3 seconds'],
  ])('reports it if it %s', async (_, script, variables, failure, words) => {
    const { prompter } = driverWith('zenity', script, variables, 300);
    const error = await failureOf(prompter.code('MFA code'));
    expect(error.failure).toBe(failure);
    expect(`${error.what}; ${error.why}`).toContain(words);
  });

  it('is not opened by a program in a folder that everyone can write', async () => {
    const { home } = driverWith('zenity', 'echo 123456');
    chmodSync(join(home.path, 'bin'), 0o777);
    const hidden = choosePrompter('zenity', {
      environment: { ...home.environment, PATH: `${home.path}/bin:bin`, DISPLAY: ':97' },
    });
    expect(hidden.canAsk).toBe(false);
    expect(await failureOf(hidden.code('MFA code'))).toMatchObject({ failure: 'personNeeded' });
    expect(hidden.obstacle).toContain('zenity');
  });
});

describe('a device that gives codes', () => {
  const yubikey = { YKMAN_OATH_CREDENTIAL_NAME: 'Amazon:me' };
  test.each([
    ['ykman', {}, ['oath', 'accounts', 'code', '--single', serial]],
    ['ykman', yubikey, ['oath', 'accounts', 'code', '--single', 'Amazon:me']],
    [
      'ykman',
      { YKMAN_OATH_DEVICE_SERIAL: '123' },
      ['--device', '123', 'oath', 'accounts', 'code', '--single', serial],
    ],
    ['ykman', { AWS_VAULT_YKMAN_VERSION: '3' }, ['oath', 'code', '--single', serial]],
    [
      'ykman',
      { AWSH_YKMAN_VERSION: '3', AWS_VAULT_YKMAN_VERSION: '5' },
      ['oath', 'code', '--single', serial],
    ],
    ['pass-otp', {}, ['otp', serial]],
    ['pass-otp', { PASS_OATH_CREDENTIAL_NAME: 'aws/me' }, ['otp', 'aws/me']],
  ] as const)('%s with %j', async (driver, variables, args) => {
    const { prompter, args: seen } = driverWith(driver, 'echo 123456', variables);
    expect(prompter.canGiveCode).toBe(true);
    expect(await prompter.code('MFA code', serial)).toBe('123456');
    expect(seen()).toEqual(args);
  });

  test.each([
    ['words', 'echo wJalr-secret'],
    ['two codes', 'echo 123456; echo 654321'],
    ['a failure', 'echo wJalr-secret; exit 3'],
  ])('is refused if it %s, and none of it is quoted', async (_, script) => {
    const { prompter } = driverWith('ykman', script);
    const error = await failureOf(prompter.code('MFA code', serial));
    expect(error).toMatchObject({ failure: 'refused' });
    expect(`${error.what} ${error.why}`).not.toContain('wJalr');
  });

  test.each([
    ['YKMAN_OATH_CREDENTIAL_NAME', '--device=evil'],
    ['YKMAN_OATH_DEVICE_SERIAL', '--help'],
  ])('with %s cannot be read as an option', async (name, value) => {
    const { prompter } = driverWith('ykman', 'echo 123456', { [name]: value });
    expect(await failureOf(prompter.code('MFA code', serial))).toMatchObject({ failure: 'usage' });
  });
});
