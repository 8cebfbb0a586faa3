import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ImportHome, importHome, inWords, plainText, sample } from '../support/import-homes.ts';
import { packageFolder } from '../support/run-awsh.ts';
import { openTerminal } from '../support/terminal.ts';

const fixture = join(import.meta.dirname, '../fixtures/aws-vault/file.json');
const items: Record<string, string> = JSON.parse(readFileSync(fixture, 'utf8'));
const vaulted = 'AKIAREALAWSVAULT0001 wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEK01';

/** Plain-text keys, and aws-vault's own `work`. */
function homeWith(...names: string[]): ImportHome {
  const home = importHome();
  home.write('.aws/credentials', names.map((name) => plainText(name)).join(''));
  home.write('.awsvault/keys/work', items.work ?? '');
  home.environment.AWS_VAULT_FILE_PASSPHRASE = 'old-passphrase';
  return home;
}

describe('awsh import without a source', () => {
  it('imports the keys of every place with --all', async () => {
    const home = homeWith('dev');
    const { status, err } = await home.run('import', '--all', '--yes');
    expect({ status, err }).toEqual({
      status: 0,
      err: expect.stringContaining('(plain text in ~/.aws/credentials)'),
    });
    expect(err).toContain("(aws-vault's files in ~/.awsvault/keys)");
    expect(await home.stored('dev', 'work')).toEqual({ dev: inWords('dev'), work: vaulted });
  });

  it.each([[[]], [['--overwrite']]])(
    'does not replace what it has just stored from another place %j',
    async (more) => {
      const home = homeWith('work');
      const { status, err } = await home.run('import', '--all', '--yes', ...more);
      expect({ status, err }).toEqual({
        status: 12,
        err: expect.stringMatching(/another key is stored for work: \*{4}\w{4}, and \*{4}\w{4} was found/),
      });
      expect(await home.stored('work')).toEqual({ work: inWords('work') });
    },
  );

  it('imports a name from the first place that has it', async () => {
    const home = homeWith('work');
    home.environment.AWS_VAULT_FILE_PASSPHRASE = '';
    expect((await home.run('import', 'work', '--yes')).status).toBe(0);
    expect(await home.stored('work')).toEqual({ work: inWords('work') });
  });

  it.each([[[]], [['--aws-vault-file']]])(
    'names a name that is not there, and takes the others %j',
    async (source) => {
      const home = homeWith('dev');
      const { status, err } = await home.run('import', ...source, 'work', 'nosuch', '--yes');
      expect({ status, err }).toEqual({
        status: 12,
        err: expect.stringContaining('no key to import was found for "nosuch"'),
      });
      expect(await home.stored('work')).toEqual({ work: vaulted });
      expect((await home.run('import', ...source, 'nosuch')).status).toBe(4);
    },
  );

  it('has nothing to do for a name whose key is already in the vault', async () => {
    const home = homeWith('dev', 'q1');
    expect((await home.run('import', 'dev', '--yes')).status).toBe(0);
    const { status, err } = await home.run('import', 'q1', 'dev', '--yes');
    expect({ status, err }).toEqual({ status: 0, err: expect.stringContaining('already stored: dev') });
    expect(await home.stored('q1')).toEqual({ q1: inWords('q1') });
    expect((await home.run('import', 'dev')).status).toBe(0);
  });

  it('names a place that cannot be opened, and imports from the others', async () => {
    const home = homeWith('dev');
    home.environment.AWS_VAULT_FILE_PASSPHRASE = '';
    const { status, err } = await home.run('import', '--all', '--yes');
    expect(status).toBe(12);
    expect(err).toMatch(/^awsh: aws-vault's files in ~\/\.awsvault\/keys: /m);
    expect(await home.stored('dev')).toEqual({ dev: inWords('dev') });
  });

  it.each([
    ['a folder', (path: string) => mkdirSync(path, { recursive: true })],
    ['a pipe', (path: string) => execFileSync('mkfifo', [path])],
  ])('names a credentials file that cannot be read, %s, and imports from the others', async (_, make) => {
    const home = homeWith();
    rmSync(join(home.path, '.aws/credentials'));
    make(join(home.path, '.aws/credentials'));
    const { status, err } = await home.run('import', '--all', '--yes');
    expect({ status, err }).toEqual({
      status: 12,
      err: expect.stringMatching(/^awsh: \S*\.aws\/credentials cannot be read\n {2}why: /m),
    });
    expect(await home.stored('work')).toEqual({ work: vaulted });
  });

  it('shows what it found, and does nothing, without names and without a terminal', async () => {
    const home = homeWith('dev');
    const { status, err } = await home.run('import');
    expect(status).toBe(2);
    expect(err).toContain('found 1 access key: work (aws-vault');
    expect((await home.run('list', '--credentials')).out).toBe('');
    const { out } = await home.run('import', '--dry-run');
    expect(out).toMatch(/^dev .*would be stored$/m);
    expect(out).toMatch(/^work .*would be stored$/m);
  });

  it.each([
    ['every store opens', 'old-passphrase', 0],
    ['a passphrase is wrong', 'not it', 12],
    ['awsh cannot ask for a passphrase', '', 12],
  ])('shows in a dry run what the import does, and writes nothing: %s', async (_, passphrase, status) => {
    const home = homeWith('dev');
    home.environment.AWS_VAULT_FILE_PASSPHRASE = passphrase;
    const reason = ({ err }: { err: string }) => /^awsh: aws-vault's files.*\n.*/m.exec(err)?.[0];
    const dry = await home.run('import', '--all', '--dry-run');
    expect(existsSync(join(home.path, '.local/share/awsh/vault'))).toBe(false);
    const real = await home.run('import', '--all', '--keep');
    expect([dry.status, reason(dry)]).toEqual([real.status, reason(real)]);
    expect(real.status).toBe(status);
  });

  it('asks about each place at a terminal, and again for a wrong passphrase', async () => {
    const home = homeWith('dev');
    const { AWS_VAULT_FILE_PASSPHRASE: _, ...environment } = home.environment;
    const terminal = await openTerminal(join(packageFolder, 'bin/awsh'), ['import', '--keep'], {
      environment,
    });
    const answer = async (question: RegExp, text: string) => {
      await terminal.waitFor(question);
      await terminal.settle();
      terminal.type(`${text}\r`);
    };
    await answer(/store 1 access key in the vault\? \[y\/N\] /, 'n');
    await answer(/import from aws-vault's files in ~\/\.awsvault\/keys\? \[y\/N\] /, 'y');
    await answer(/passphrase of aws-vault's keys in ~\/\.awsvault\/keys: /, 'wrong');
    await answer(/passphrase of aws-vault's keys in ~\/\.awsvault\/keys: /, 'old-passphrase');
    expect((await terminal.exited).status).toBe(0);
    expect(await home.stored('work')).toEqual({ work: vaulted });
    expect((await home.run('list', '--credentials')).out).toBe('work\n');
  });
});

describe('awsh import with an outdated index', () => {
  it('skips a key that the index does not list', async () => {
    const home = importHome();
    home.write('.aws/credentials', plainText('work'));
    await home.run('import', '--all', '--yes');
    rmSync(join(home.path, '.local/share/awsh/index.json'));
    const other = plainText('other').replace('[other]', '[work]');
    home.write('.aws/credentials', other);
    const { status } = await home.run('import', '--all', '--yes');
    expect(status).toBe(1);
    expect(home.read('.aws/credentials')).toBe(other);
    expect(await home.stored('work')).toEqual({ work: inWords('work') });
  });

  it('continues after a key that the backend refuses, and leaves that one in the file', async () => {
    const home = importHome();
    home.write('.aws/credentials', ['aa', 'bad', 'cc'].map((name) => plainText(name)).join(''));
    home.write('.aws/config', '[default]\n');
    mkdirSync(join(home.path, '.local/share/awsh/vault/access-key.bad.jwe/x'), {
      recursive: true,
      mode: 0o700,
    });
    const { status, err } = await home.run('import', '--all', '--yes');
    expect(status).toBe(12);
    expect(err).toMatch(/bad/);
    expect(home.read('.aws/credentials')).toBe(`[aa]\n${plainText('bad')}[cc]\n`);
    expect(await home.stored('aa', 'cc')).toEqual({ aa: inWords('aa'), cc: inWords('cc') });
    expect(err).not.toContain(sample('bad').secret);
  });
});
