import { chownSync, existsSync, linkSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anotherUser, itWithAnotherUser } from '../support/another-user.ts';
import { importHome, sample } from '../support/import-homes.ts';
import { runHere } from '../support/run-awsh.ts';

const fixture = join(import.meta.dirname, '../fixtures/aws-vault/file.json');

function plainText(...names: string[]): string {
  return names
    .map((name) => {
      const { id, secret } = sample(name);
      return `[${name}]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`;
    })
    .join('\n');
}

/** A home with files that aws-vault wrote, and their passphrase. */
function homeWithAwsVaultFiles() {
  const home = importHome();
  for (const [name, text] of Object.entries(JSON.parse(readFileSync(fixture, 'utf8'))))
    home.write(`.awsvault/keys/${name}`, String(text));
  home.environment.AWS_VAULT_FILE_PASSPHRASE = 'old-passphrase';
  return home;
}

describe('awsh import: profiles added to the config file', () => {
  it('names them in a dry run and after adding them', async () => {
    const home = importHome();
    home.write('.aws/credentials', plainText('one', 'two'));
    home.write('.aws/config', '[profile two]\nregion = eu-west-1\n');
    const dry = await home.run('import', '--dry-run');
    expect(dry.err).toContain('awsh: would be added to ~/.aws/config: 1 profile: one\n');
    expect(home.read('.aws/config')).not.toContain('one');
    const { err } = await home.run('import', '--all', '--yes');
    expect(err).toContain('awsh: added to ~/.aws/config: 1 profile: one\n');
    expect(home.read('.aws/config')).toContain('[profile one]');
  });

  it('adds none with --no-add-config, and prints nothing about them', async () => {
    const home = importHome();
    home.write('.aws/credentials', plainText('one'));
    expect((await home.run('import', '--dry-run', '--no-add-config')).err).not.toContain('added');
    expect((await home.run('import', '--all', '--yes', '--no-add-config')).err).not.toContain('added');
    expect(existsSync(join(home.path, '.aws/config'))).toBe(false);
  });
});

describe('awsh import: the next command', () => {
  it('is printed for each skipped item', async () => {
    const home = homeWithAwsVaultFiles();
    for (const words of [['--dry-run'], ['--all']]) {
      const { err } = await home.run('import', '--aws-vault-file', ...words);
      const items = [...err.matchAll(/^awsh: (\S+) was skipped: (.*)\n {2}why: {2}(.*)\n {2}next: (.*)\n/gm)];
      expect(items.map(([, name]) => name).sort()).toEqual(['other', 'tab?name']);
      expect(items.find(([, name]) => name === 'tab?name')?.[4]).toBe('awsh add tab-name');
      expect(items.find(([, name]) => name === 'other')?.[4]).toBe(
        'env -u AWS_VAULT_FILE_PASSPHRASE awsh import --aws-vault-file -- other',
      );
    }
  });

  it('is printed for a name that cannot be stored, before the store is opened', async () => {
    const { status, err, out } = await homeWithAwsVaultFiles().run('import', '--dry-run');
    expect(err).toMatch(
      /^awsh: tab\?name was skipped: its name .*\n {2}why: .*\n {2}next: awsh add tab-name\n/m,
    );
    expect(out).not.toContain('tab');
    expect(status).toBe(12);
  });

  it('names the profiles of a CSV file that does not contain the given name', async () => {
    const home = importHome();
    const rows = ['jane', 'john'].map((name) => `${name},${sample(name).id},${sample(name).secret}`);
    home.write('two.csv', `User name,Access key ID,Secret access key\n${rows.join('\n')}\n`);
    const file = join(home.path, 'two.csv');
    const { status, err } = await home.run('import', '--csv', file, 'c1');
    expect(status).toBe(4);
    expect(err).toBe(
      `awsh: no key to import was found for "c1"\n  why:  keys were found for jane, john\n  next: awsh import --csv ${file} --dry-run\n`,
    );
    expect((await home.run('import', '--csv', file, 'jame')).err).toContain(
      `next: awsh import --csv ${file} jane\n`,
    );
  });

  it('removes a stored key that was kept in the file', async () => {
    const home = importHome();
    home.write('.aws/credentials', plainText('one'));
    const { err } = await home.run('import', '--all', '--keep');
    const next = /still in plain text in ~\/\.aws\/credentials: one\n.*\n {2}next: awsh (.*)\n/.exec(
      err,
    )?.[1];
    expect(next).toBe('import --yes one');
    expect((await home.run(...(next ?? '').split(' '))).status).toBe(0);
    expect(home.read('.aws/credentials')).toBe('[one]\n');
  });
});

describe('awsh import: hard links and other owners', () => {
  it('names a hard link, which still contains the keys', async () => {
    const home = importHome();
    const file = home.write('.aws/credentials', plainText('one'));
    linkSync(file, home.write('dotfiles/.keep', '').replace('.keep', 'aws'));
    const { err, status } = await home.run('import', '--all', '--yes');
    expect(status).toBe(0);
    expect(err).toMatch(
      /~\/\.aws\/credentials had another name \(hard links\)\n {2}why: .*\n {2}next: find \S+ -xdev -inum \d+\n/,
    );
    expect(home.read('dotfiles/aws')).toContain(sample('one').secret);
  });

  itWithAnotherUser.each([
    ['import', '--all', '--yes'],
    ['add', 'one', '--stdin'],
    ['remove', 'one', '--force'],
    ['rotate', 'one'],
    ['config', 'set', 'agent', 'off'],
    ['lock'],
  ])('changes nothing as root in the home of another user: %s', async (...words) => {
    const home = importHome();
    const file = home.write('.aws/credentials', plainText('one'));
    chownSync(home.path, anotherUser, anotherUser);
    chownSync(file, anotherUser, anotherUser);
    const { status, err } = await runHere(words, home.environment);
    expect(status).toBe(1);
    expect(err).toMatch(
      /^awsh: root would change files of another user\n {2}why: {2}~ belongs to user 65534, /,
    );
    expect(err).toContain(`next: sudo -H -u '#65534' awsh ${words.join(' ')}\n`);
    expect((await runHere(words, { ...home.environment, SUDO_UID: '65534' })).err).toContain(
      `next: awsh ${words.join(' ')}\n`,
    );
    expect(home.read('.aws/credentials')).toBe(plainText('one'));
    expect(existsSync(join(home.path, '.local'))).toBe(false);
    expect((await home.run('import', '--dry-run')).status).toBe(0);
  });
});
