import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryEmulator } from '../support/emulator.ts';
import { packageFolder } from '../support/run-awsh.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';
import { openTerminal, plainText, type Terminal } from '../support/terminal.ts';

/** A new machine whose AWS is an emulator, with a project directory. */
async function newMachine() {
  const home = temporaryHome();
  const emulator = await temporaryEmulator();
  const user = emulator.addUser({ account: '123456789012', name: 'jane' });
  mkdirSync(join(home.path, 'shop'));
  Object.assign(home.environment, {
    SHELL: '/bin/bash',
    AWSH_BACKEND: 'file',
    AWSH_FILE_PASSPHRASE: 'correct horse',
    AWS_ENDPOINT_URL: emulator.url,
  });
  return { home, user };
}

/** Types `awsh setup`, and each answer when its question is shown. Returns the whole output. */
async function setup(home: TemporaryHome, answers: readonly (readonly [question: string, answer: string])[]) {
  const terminal: Terminal = await openTerminal(
    join(packageFolder, 'bin/awsh'),
    ['setup', '--shell', 'bash'],
    {
      cwd: home.path,
      environment: home.environment,
    },
  );
  let shown = '';
  for (const [question, answer] of answers) {
    shown += await terminal.waitFor(question, 20_000);
    await terminal.settle();
    terminal.type(`${answer}\r`);
  }
  const { status } = await terminal.exited;
  return { status, shown: plainText(shown + terminal.shownSoFar()) };
}

const settingsOf = (home: TemporaryHome) => readFileSync(join(home.path, '.config/awsh/config'), 'utf8');

const lastLines = [
  'awsh: in a new terminal, or here after exec bash, a directory with a .awsprofile loads its profile',
  'awsh: when you leave the directory, or run awsh off, the credentials are gone',
  'awsh: for help, run awsh help, awsh status or awsh doctor',
];

describe('awsh setup on a new machine', () => {
  it('leads from the shell to the identity, with a key in plain text', async () => {
    const { home, user } = await newMachine();
    const key = `aws_access_key_id = ${user.accessKeyId}\naws_secret_access_key = ${user.secretAccessKey}\n`;
    home.write('.aws/credentials', `[work]\n${key}`);
    home.write('.aws/config', '[profile work]\nregion = eu-west-1\n');
    const { status, shown } = await setup(home, [
      ['make these changes', 'y'],
      ['in the vault', 'y'],
      ['remove ', 'y'],
      ['when you enter it', '~/shop'],
      ['profile', ''],
      ['what coding agents get', 'read-only'],
    ]);
    expect(status).toBe(0);
    expect(shown).toContain('arn:aws:iam::123456789012:user/jane');
    expect(shown).toContain('nothing is loaded in this terminal yet');
    expect(shown).not.toMatch(/by exec|state +loaded/);
    expect(shown.match(/mfa_serial = arn:aws:iam::ACCOUNT:mfa\/DEVICE/g)).toHaveLength(1);
    expect(shown).toContain('awsh: in a new terminal, or here after exec bash, cd ~/shop loads work');
    for (const line of lastLines.slice(1)) expect(shown).toContain(line);
    expect(settingsOf(home)).toContain('coding_agents = read-only');
    expect(readFileSync(join(home.path, 'shop/.awsprofile'), 'utf8')).toContain('work');
    expect(readFileSync(join(home.path, '.aws/credentials'), 'utf8')).not.toContain(user.secretAccessKey);
  });

  it('adds a key that the user types', async () => {
    const { home, user } = await newMachine();
    const { status, shown } = await setup(home, [
      ['make these changes', 'y'],
      ['access key to store', 'y'],
      ['name of its profile', 'shop'],
      ['access key id for shop', user.accessKeyId],
      ['secret access key', user.secretAccessKey],
      ['before storing it', ''],
      ['when you enter it', ''],
      ['what coding agents get', 'everything'],
      ['answer same', 'refuse'],
    ]);
    expect(status).toBe(0);
    expect(shown).toContain('Stored the access key');
    expect(settingsOf(home)).toContain('coding_agents = refuse');
    expect(shown).toContain(lastLines[0]);
  });

  it('continues after a step that fails, and succeeds', async () => {
    const { home } = await newMachine();
    const { status, shown } = await setup(home, [
      ['make these changes', 'y'],
      ['access key to store', ''],
      ['Identity Center', 'y'],
      ['start URL', 'nonsense'],
      ['start URL looks like', 'corp'],
      ['start URL looks like', 'corp'],
      ['what coding agents get', ''],
    ]);
    expect(status).toBe(0);
    expect(shown).toMatch(/a start URL looks like https:[\s\S]*why:/);
    for (const line of lastLines) expect(shown).toContain(line);
    expect(shown.split(/\r?\n/).filter((line) => line.startsWith('awsh: ') && line.length > 100)).toEqual([]);
  });

  it('names a command that can be typed if AWS cannot be reached', async () => {
    const { home } = await newMachine();
    home.environment.AWS_ENDPOINT_URL = 'http://127.0.0.1:9';
    home.write('.aws/config', '[profile work]\nregion = eu-west-1\n');
    const key = `aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = ${'x'.repeat(40)}\n`;
    home.write('.aws/credentials', `[work]\n${key}`);
    const { shown } = await setup(home, [
      ['make these changes', 'y'],
      ['in the vault', ''],
      ['access key to store', ''],
      ['Identity Center', ''],
      ['when you enter it', '~/shop'],
      ['profile', ''],
      ['what coding agents get', ''],
    ]);
    expect(shown).toMatch(/next: (\S+=\S+ )*awsh exec --profile=work -- awsh status --verify --json\r?\n/);
  });

  it('skips every question with Enter, and asks nothing on a machine in use', async () => {
    const { home } = await newMachine();
    const skipped = await setup(home, [
      ['make these changes', 'y'],
      ['access key to store', ''],
      ['Identity Center', ''],
      ['what coding agents get', ''],
    ]);
    expect(skipped.status).toBe(0);
    expect(skipped.shown).toContain(lastLines[2]);
    expect(skipped.shown).not.toContain('mfa_serial');
    expect(await setup(home, [])).toMatchObject({ status: 0, shown: expect.stringContaining('already') });
  });
});
