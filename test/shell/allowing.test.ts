import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundledScript } from '../support/bundled-script.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';
import { openShell, type ShellTerminal } from '../support/terminal.ts';

/* `awsh allow`, `deny` and `init`, typed at a terminal. No hook is loaded, and no call is made. */

const config = `
[profile main]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = not-a-secret
[profile dev]
source_profile = main
role_arn = arn:aws:iam::111122223333:role/Developer
region = eu-west-1
[profile prod]
source_profile = main
role_arn = arn:aws:iam::777788889999:role/Operator
[profile local]
source_profile = main
role_arn = arn:aws:iam::111122223333:role/Developer
endpoint_url = http://127.0.0.1:9
[profile "my profile"]
source_profile = main
role_arn = arn:aws:iam::111122223333:role/Developer
`;

interface Stage {
  home: TemporaryHome;
  shell: ShellTerminal;
  file: (content: string, folder?: string) => string;
}

const built = temporaryHome({ keep: true });
let program: string;
beforeAll(() => {
  program = bundledScript(
    built,
    `import { main } from './src/entry/main.ts'; process.exit(await main('/nonexistent'));`,
  );
});
afterAll(() => rmSync(built.path, { recursive: true }));

/** A bash with `awsh`, in ~/project, where `protected = prod` is set. */
async function stage(): Promise<Stage> {
  const home = temporaryHome();
  home.write('.aws/config', config);
  home.write('.config/awsh/config', 'protected = prod\nbackend = file\n');
  mkdirSync(join(home.path, 'project'));
  const rc = `unset HISTFILE; awsh() { ${process.execPath} ${program} "$@"; }; cd project`;
  return {
    home,
    shell: await openShell('bash', { home, rc }),
    file: (content, folder = 'project') => home.write(`${folder}/.awsprofile`, content),
  };
}

describe('awsh allow', () => {
  test('shows the identity that the profile gives, and records it', async () => {
    const { shell, file } = await stage();
    file('dev\n');
    expect(await shell.output('awsh allow')).toBe(
      [
        '  profile  dev',
        '  account  111122223333',
        '  role     arn:aws:iam::111122223333:role/Developer',
        '  source   profile main',
        '  region   eu-west-1',
        'awsh: allowed ~/project/.awsprofile',
      ].join('\n'),
    );
    expect(await shell.output('awsh allow --list')).toBe(
      [
        'FILE                   DECISION  PROFILE  ACCOUNT       ROLE',
        '~/project/.awsprofile  allowed   dev      111122223333  Developer',
      ].join('\n'),
    );
  });

  test('shows what the file itself asks for, and the endpoints', async () => {
    const { shell, file } = await stage();
    file('profile = local\nregion = eu-central-1\naccount = 111122223333\n');
    const shown = await shell.output('awsh allow');
    expect(shown).toContain('account  111122223333 (the .awsprofile accepts no other)');
    expect(shown).toContain('region   eu-central-1');
    expect(shown).toContain('endpoint http://127.0.0.1:9');
  });

  test('asks for confirmation if the profile is protected', async () => {
    const { shell, file } = await stage();
    file('prod\n');
    shell.type('awsh allow 2>/dev/null\r');
    expect(await shell.waitFor('allow it? [y/N] ')).toContain('arn:aws:iam::777788889999:role/Operator');
    shell.type('n\r');
    expect((await shell.prompt()).status).toBe(130);
    expect(await shell.output('awsh allow --list')).toBe('awsh: nothing is allowed or denied');
    shell.type('awsh allow\r');
    await shell.waitFor('allow it? [y/N] ');
    shell.type('y\r');
    expect(await shell.prompt()).toMatchObject({
      status: 0,
      shown: expect.stringContaining('awsh: allowed'),
    });
  });

  test('allows nothing protected without a terminal', async () => {
    const { shell, file } = await stage();
    file('prod\n');
    const { shown, status } = await shell.run('(set -m; awsh allow & wait $!)');
    expect(shown).toContain('this needs your answer');
    expect(status).toBe(6);
    expect(await shell.output('awsh allow --list')).toBe('awsh: nothing is allowed or denied');
  });

  test.each<[what: string, content: string, status: number, shown: string]>([
    ['an unknown profile', 'dve', 3, 'a similar name: dev'],
    ['a malformed file', 'dev\nprod', 2, '.awsprofile:2 is not used'],
    ['an empty file', '# soon\n', 2, 'names no profile'],
    ['another account', 'profile = prod\naccount = 999988887777\n', 1, 'asks for account 999988887777'],
  ])('refuses %s', async (_, content, status, expected) => {
    const { shell, file } = await stage();
    file(content);
    const result = await shell.run('awsh allow');
    expect(result).toMatchObject({ status, shown: expect.stringContaining(expected) });
    expect(await shell.output('awsh allow --list')).toBe('awsh: nothing is allowed or denied');
  });

  test('uses the file that the hook would use, on the path that the shell shows', async () => {
    const { shell, home, file } = await stage();
    file('dev\n');
    file('prod\n', 'real');
    mkdirSync(join(home.path, 'real/below'));
    symlinkSync('../real/below', join(home.path, 'project/link'));
    expect(await shell.output('cd link && awsh allow')).toContain('allowed ~/project/.awsprofile');
  });

  test.each([
    ['awsh allow ../other', 0, 'allowed ~/other/.awsprofile'],
    ['awsh allow ../other/.awsprofile', 0, 'allowed ~/other/.awsprofile'],
    ['awsh allow ../otter', 2, '../otter is not a directory'],
    ['awsh allow', 2, 'no .awsprofile governs ~/project'],
  ])('%s', async (line, status, shown) => {
    const { shell, file } = await stage();
    file('dev\n', 'other');
    expect(await shell.run(line)).toMatchObject({ status, shown: expect.stringContaining(shown) });
  });

  test('--prune removes records of missing files', async () => {
    const { shell, file } = await stage();
    file('dev\n');
    await shell.run('awsh allow; rm .awsprofile');
    expect(await shell.output('awsh allow --prune')).toBe('awsh: forgot ~/project/.awsprofile');
    expect(await shell.output('awsh allow --prune')).toBe('awsh: every file is still there');
  });
});

test('awsh deny refuses the file whatever its content is, until it is allowed', async () => {
  const { shell, file } = await stage();
  file('no such\nthing');
  expect(await shell.output('awsh deny')).toBe(
    'awsh: denied ~/project/.awsprofile: it is not loaded, even if it changes',
  );
  expect(await shell.output('awsh allow --list')).toMatch(/~\/project\/\.awsprofile +denied/);
  file('dev\n');
  await shell.run('awsh allow');
  expect(await shell.output('awsh allow --list')).toMatch(/~\/project\/\.awsprofile +allowed/);
});

describe('awsh init', () => {
  test.each([
    ['dev', 'dev\n'],
    ["'my profile'", 'profile = my profile\n'],
  ])('%s writes the file and allows it', async (name, content) => {
    const { shell, home } = await stage();
    const shown = await shell.output(`awsh init ${name}`);
    expect(shown).toContain('role     arn:aws:iam::111122223333:role/Developer');
    expect(shown).toContain('awsh: wrote and allowed ~/project/.awsprofile');
    expect(readFileSync(join(home.path, 'project/.awsprofile'), 'utf8')).toBe(content);
    expect(await shell.output('awsh allow --list')).toContain('allowed');
  });

  test('asks for the profile if none is given', async () => {
    const { shell, home } = await stage();
    shell.type('awsh init\r');
    await shell.waitFor('main');
    shell.type('dev');
    await shell.settle();
    shell.type('\r');
    await shell.prompt();
    expect(readFileSync(join(home.path, 'project/.awsprofile'), 'utf8')).toBe('dev\n');
  });

  test('writes nothing for an unknown profile, and shows similar names', async () => {
    const { shell, home } = await stage();
    const { shown, status } = await shell.run('awsh init dve');
    expect(shown).toContain('a similar name: dev');
    expect(status).toBe(3);
    expect(existsSync(join(home.path, 'project/.awsprofile'))).toBe(false);
  });

  test('writes nothing if a protected profile was not confirmed', async () => {
    const { shell, home } = await stage();
    shell.type('awsh init prod\r');
    await shell.waitFor('allow it? [y/N] ');
    shell.type('\r');
    expect((await shell.prompt()).status).toBe(130);
    expect(existsSync(join(home.path, 'project/.awsprofile'))).toBe(false);
  });

  test('overwrites nothing, not even through a link', async () => {
    const { shell, home } = await stage();
    symlinkSync('../nowhere', join(home.path, 'project/.awsprofile'));
    expect((await shell.run('awsh init dev')).status).toBe(2);
    expect(lstatSync(join(home.path, 'project/.awsprofile')).isSymbolicLink()).toBe(true);
    expect(existsSync(join(home.path, 'nowhere'))).toBe(false);
  });
});
