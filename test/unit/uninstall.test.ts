import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readState } from '../../src/agent/index.ts';
import { appPaths } from '../../src/system/index.ts';
import { type ImportHome, importHome, inWords, plainText } from '../support/import-homes.ts';
import { makePasswordStore, stopPasswordStore } from '../support/password-store.ts';
import { has } from '../support/programs.ts';
import { packageFolder, runInstalled } from '../support/run-awsh.ts';
import { openTerminal, plainText as plainTextOf } from '../support/terminal.ts';

const rc = 'alias ll="ls -l"\n';
const config = '[profile work]\nregion = eu-west-1\n\n[profile dev]\nregion = eu-west-1\n';

let template: ImportHome;

/** A home after a week of use: two keys, the block in two shells, an allowed project, a setting. */
beforeAll(async () => {
  template = importHome({ keep: true });
  template.write('.bashrc', rc, 0o644);
  template.write('.aws/config', config);
  template.write('.aws/credentials', plainText('work') + plainText('dev'));
  await template.run('import', '--all', '--yes');
  for (const shell of ['bash', 'fish']) await template.run('setup', '--yes', '--shell', shell);
  await template.run('config', 'set', 'lock_after', '8h');
  await template.run('init', 'work');
});
afterAll(() => rmSync(template.path, { recursive: true, force: true }));

/** A copy of that home. */
function usedHome(): ImportHome {
  const home = importHome();
  cpSync(template.path, home.path, { recursive: true, verbatimSymlinks: true });
  return home;
}

/** Every file below the home that is not the user's own. Links are not followed. */
function ofAwsh(home: ImportHome): string[] {
  const list = execFileSync('find', ['.', '!', '-type', 'd', '-printf', '%P\n'], { cwd: home.path });
  const own = /^(\.bashrc|\.aws\/.*|\.awsprofile|\.zshrc|gpg\/.*|\.password-store\/.*)$/;
  const files = list.toString().trimEnd().split('\n');
  return files.filter((path) => path !== '' && !own.test(path)).sort();
}

/** Every folder below the home. */
const foldersOf = (home: ImportHome): string[] =>
  execFileSync('find', ['.', '-mindepth', '1', '-type', 'd', '-printf', '%P\n'], { cwd: home.path })
    .toString()
    .trimEnd()
    .split('\n')
    .sort();

const installed = (home: ImportHome, ...words: string[]) =>
  runInstalled(['uninstall', ...words], home.environment);

describe('awsh uninstall', () => {
  it('shows what exists and changes nothing with --dry-run', async () => {
    const home = usedHome();
    const before = ofAwsh(home);
    const { status, out } = await home.run('uninstall', '--dry-run');
    expect(status).toBe(0);
    expect(out).toMatch(/^shells +~\/\.bashrc, ~\/\.bash_profile, ~\/\.config\/fish\/conf\.d\/awsh\.fish$/m);
    expect(out).toMatch(/^keys +2 in file: work, dev$/m);
    expect(out).toMatch(/^trust +1 \.awsprofile file allowed or denied$/m);
    expect(out).toMatch(/^settings +~\/\.config\/awsh\/config$/m);
    expect(ofAwsh(home)).toEqual(before);
  });

  it('--yes --export-keys leaves the keys in plain text, and no file of awsh', async () => {
    const home = usedHome();
    const { status, err } = await installed(home, '--yes', '--export-keys');
    expect(status).toBe(0);
    expect(err).toContain('wrote 2 access keys to ~/.aws/credentials, in plain text: work, dev');
    expect(ofAwsh(home)).toEqual([]);
    expect(home.read('.bashrc')).toBe(rc);
    expect(home.read('.aws/config')).toBe(config);
    expect(home.read('.aws/credentials')).toBe(plainText('work') + plainText('dev'));
    expect(statSync(join(home.path, '.aws/credentials')).mode & 0o777).toBe(0o600);
  });

  it('--yes keeps the vault, and the settings that locate it', async () => {
    const home = usedHome();
    const { status, err } = await installed(home, '--yes');
    expect(status).toBe(0);
    expect(err).toContain('these stay: the vault, your AWS files');
    expect(home.read('.bashrc')).toBe(rc);
    expect(await home.stored('work', 'dev')).toEqual({ work: inWords('work'), dev: inWords('dev') });
    expect(home.read('.config/awsh/config')).toContain('lock_after');
    expect(existsSync(join(home.path, '.local/share/awsh/trust'))).toBe(false);
  });

  it('--yes --delete-keys removes the keys without a copy', async () => {
    const home = usedHome();
    expect(await installed(home, '--yes', '--delete-keys')).toMatchObject({ status: 0 });
    expect(ofAwsh(home)).toEqual([]);
    expect(home.read('.aws/credentials')).not.toMatch(/aws_secret/);
  });

  it('removes the empty folders that it made, and none of the user’s', async () => {
    const home = usedHome();
    // Of the user: an empty folder that others can read, and one beside the folders of awsh.
    const empty = ['.config/systemd', '.local/bin', '.cache/mine'];
    for (const path of empty.slice(1)) mkdirSync(join(home.path, path), { mode: 0o700 });
    mkdirSync(join(home.path, '.config/systemd'), { mode: 0o755 });
    chmodSync(join(home.path, '.cache/mine'), 0o755);
    expect(await installed(home, '--yes', '--delete-keys')).toMatchObject({ status: 0 });
    expect(foldersOf(home)).toEqual(['.aws', '.cache', '.config', '.local', ...empty, 'run'].sort());
  });

  it('keeps an empty folder that the user made for fish', async () => {
    const home = usedHome();
    chmodSync(join(home.path, '.config/fish/conf.d'), 0o755);
    const { err } = await installed(home, '--yes', '--delete-keys');
    expect(err).toContain('awsh: removed ~/.config/fish/conf.d/awsh.fish');
    expect(foldersOf(home)).toEqual(['.aws', '.config', '.config/fish', '.config/fish/conf.d', 'run']);
  });

  it('is safe to run twice', async () => {
    const home = usedHome();
    await installed(home, '--yes', '--export-keys');
    const again = await installed(home, '--yes', '--export-keys');
    expect(again).toMatchObject({ status: 0, out: '' });
    expect(again.err).toContain('nothing of awsh is on this machine but the program itself');
    expect(ofAwsh(home)).toEqual([]);
  });

  it('exits with 6 without a terminal, and the next command works', async () => {
    const home = usedHome();
    const before = ofAwsh(home);
    const { status, err } = await installed(home);
    expect(status).toBe(6);
    expect(err.trimEnd().split('\n')).toHaveLength(3);
    expect(err).toContain('next: awsh uninstall --yes\n');
    // Every command records which Node it ran in.
    expect(ofAwsh(home).filter((path) => path !== '.local/state/awsh/node')).toEqual(before);
  });

  it('ends the agent', async () => {
    const home = usedHome();
    const environment = { ...home.environment, AWSH_AGENT: '' };
    const pid = async () => readState(appPaths(environment))?.pid;
    await runInstalled(['agent', 'start'], environment);
    expect(await pid()).toBeGreaterThan(0);
    expect(await runInstalled(['uninstall', '--yes', '--delete-keys'], environment)).toMatchObject({
      status: 0,
      out: expect.stringMatching(/^agent +process \d+$/m),
    });
    expect(await pid()).toBeUndefined();
    expect(ofAwsh(home)).toEqual([]);
  });
});

describe('awsh uninstall and a key that cannot be moved', () => {
  it('leaves it in the vault if the file has another one, and exits with 12', async () => {
    const home = usedHome();
    home.write('.aws/credentials', plainText('other').replace('[other]', '[work]'));
    const { status, err } = await installed(home, '--yes', '--export-keys');
    expect(status).toBe(12);
    expect(err).toContain('the key of work was not written, and stays in the vault');
    expect(home.read('.aws/credentials')).toContain(plainText('dev'));
    expect(await home.stored('work')).toEqual({ work: inWords('work') });
    expect((await home.run('list', '--credentials')).out).toBe('work\n');
  });

  it('changes nothing while awsh is locked', async () => {
    const home = usedHome();
    await home.run('lock');
    const { status, err } = await installed(home, '--yes', '--export-keys');
    expect(status).toBe(5);
    expect(err).toContain('next: awsh unlock');
    expect(home.read('.bashrc')).not.toBe(rc);
  });

  it('keeps the lock if it keeps the vault', async () => {
    const home = usedHome();
    await home.run('lock');
    expect(await installed(home, '--yes', '--keep-vault')).toMatchObject({ status: 0 });
    expect(await home.run('export', 'work', '--no-session')).toMatchObject({ status: 5 });
  });

  it.skipIf(!has('pass', 'gpg'))('moves the keys of every backend', async () => {
    const home = usedHome();
    const store = makePasswordStore(home);
    onTestFinished(() => stopPasswordStore(store));
    Object.assign(home.environment, store);
    await home.run(
      'migrate-backend',
      '--from',
      'file',
      '--to',
      'pass',
      '--profile',
      'dev',
      '--delete-source',
    );
    const { status, err } = await installed(home, '--yes', '--export-keys');
    expect({ status, err }).toMatchObject({ status: 0, err: expect.stringContaining('from pass') });
    for (const name of ['work', 'dev']) expect(home.read('.aws/credentials')).toContain(plainText(name));
    expect(ofAwsh(home)).toEqual([]);
  });

  it('refuses while a rotation has not ended', async () => {
    const home = usedHome();
    home.write('.local/share/awsh/rotations/AKIAWORK222222222222.json', '{}');
    const { status, err } = await installed(home, '--yes', '--delete-keys');
    expect({ status, err }).toMatchObject({ status: 1, err: expect.stringContaining('next: awsh doctor') });
    expect(home.read('.bashrc')).not.toBe(rc);
  });
});

describe('awsh uninstall at a terminal', () => {
  const open = (home: ImportHome, ...words: string[]) =>
    openTerminal(join(packageFolder, 'bin/awsh'), ['uninstall', ...words], {
      cwd: home.path,
      environment: home.environment,
    });
  const answers = async (home: ImportHome, given: readonly string[]) => {
    const terminal = await open(home);
    for (const answer of given) {
      await terminal.waitFor(/\[[yY]\/[nN]\] $/);
      await terminal.settle();
      terminal.skip();
      terminal.type(`${answer}\r`);
    }
    return (await terminal.exited).status;
  };
  const filesOf = (home: ImportHome) =>
    execFileSync(
      'find',
      ['.', '-type', 'f', '!', '-path', './.local/state/*', '-exec', 'md5sum', '{}', '+'],
      {
        cwd: home.path,
      },
    ).toString();

  it.each([['--delete-keys'], ['--export-keys']])(
    'asks for the passphrase before the first change with %s; ^C changes nothing',
    async (option) => {
      const home = usedHome();
      delete home.environment.AWSH_FILE_PASSPHRASE;
      const before = filesOf(home);
      const terminal = await open(home, '--yes', option);
      expect(await terminal.waitFor('passphrase of the awsh vault')).not.toContain('as it was before');
      await terminal.settle();
      terminal.type('\x03');
      expect((await terminal.exited).status).toBe(130);
      expect(plainTextOf(terminal.shownSoFar())).toContain('awsh: nothing was changed');
      expect(filesOf(home)).toBe(before);
    },
  );

  it('changes nothing if the passphrase is wrong', async () => {
    const home = usedHome();
    home.environment.AWSH_FILE_PASSPHRASE = 'another passphrase';
    const before = filesOf(home);
    const { status, err } = await installed(home, '--yes', '--delete-keys');
    expect({ status, err }).toMatchObject({ status: 5, err: expect.stringContaining('nothing was changed') });
    expect(filesOf(home)).toBe(before);
  });

  it('removes a key that cannot be read', async () => {
    const home = usedHome();
    const item = readdirSync(join(home.path, '.local/share/awsh/vault')).find((name) =>
      name.endsWith('.jwe'),
    );
    home.write(`.local/share/awsh/vault/${item}`, 'not encrypted');
    expect(await installed(home, '--yes', '--delete-keys')).toMatchObject({ status: 0 });
    expect(ofAwsh(home)).toEqual([]);
  });

  it('asks about each part, and does what was agreed to', async () => {
    const home = usedHome();
    // Keys to the file, out of the vault, shells, trust, caches, settings.
    expect(await answers(home, ['y', 'y', '', 'n', '', 'n'])).toBe(0);
    expect(home.read('.bashrc')).toBe(rc);
    expect(home.read('.aws/credentials')).toContain(plainText('work'));
    expect(home.read('.config/awsh/config')).toContain('lock_after');
    expect(readdirSync(join(home.path, '.local/share/awsh/trust'))).toHaveLength(1);
  });

  it('changes nothing if it is interrupted at the last question', async () => {
    const home = usedHome();
    expect(await answers(home, ['y', 'y', 'y', 'y', 'y', '\x03'])).toBe(130);
    expect(home.read('.bashrc')).not.toBe(rc);
    expect(readFileSync(join(home.path, '.aws/credentials'), 'utf8')).not.toMatch(/aws_secret/);
  });
});

describe('lines that would fail without awsh', () => {
  it('are named with their place', async () => {
    const home = usedHome();
    home.write('.zshrc', '# mine\nsource "$(awsh hook zsh)"\n');
    home.write('.aws/config', `${config}[profile ide]\ncredential_process = awsh export dev --format json\n`);
    const { err } = await installed(home, '--yes', '--keep-vault');
    expect(err).toContain('~/.zshrc:2 calls awsh');
    expect(err).toContain('~/.aws/config:7 calls awsh');
  });
});
