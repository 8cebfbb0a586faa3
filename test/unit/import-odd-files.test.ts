import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importHome, plainText, sample } from '../support/import-homes.ts';
import { packageFolder, runHere } from '../support/run-awsh.ts';

const utf16 = (text: string, mark = '') => Buffer.from(mark + text, 'utf16le');
const csv = `User name,Access key ID,Secret access key\nbob,${sample('bob').id},${sample('bob').secret}\n`;
const lines = (secret: string) =>
  `[one]\naws_access_key_id = ${sample('one').id}\naws_secret_access_key = ${secret}`;

describe('awsh import: files in another encoding', () => {
  it.each([
    ['.aws/credentials', utf16(plainText('one')), []],
    ['.aws/credentials', utf16(plainText('one'), '\ufeff'), []],
    ['.aws/config', utf16(plainText('one').replace('[', '[profile '), '\ufeff').swap16(), []],
    ['k.csv', utf16(csv, '\ufeff'), ['--csv', 'k.csv']],
    ['k.csv', utf16(csv).swap16(), ['--csv', 'k.csv']],
  ])('%s in UTF-16 is refused, and the next command converts it', async (name, bytes, source) => {
    const home = importHome();
    const path = home.write(name, bytes);
    const refused = await home.run('import', ...source, '--all', '--keep');
    expect(refused).toMatchObject({ status: 2, out: '' });
    expect(refused.err).toContain(`${path} is encoded in UTF-16`);
    execFileSync('sh', ['-c', /next: (.*)$/m.exec(refused.err)?.[1] ?? 'false']);
    expect((await home.run('import', ...source, '--dry-run')).status).toBe(0);
  });
});

describe('awsh import: odd values', () => {
  it.each([
    [`${sample('one').secret.slice(1)}é`, /that no secret access key has \(U\+00E9\)/],
    [`${sample('one').secret}\u200b`, /\(U\+200B\)/],
    [`${sample('one').secret}\0\0\0`, /it has NUL bytes, as files have after a crash/],
    [`${sample('one').secret} x`, /it has a space in it/],
  ])('names what is odd in %j', async (secret, why) => {
    const home = importHome();
    home.write('.aws/credentials', lines(secret));
    const { status, err } = await home.run('import', '--all');
    expect(status).toBe(1);
    expect(err).toMatch(why);
    expect(err).not.toContain(sample('one').secret.slice(1));
  });

  it('imports the key above NUL bytes at the end, which stay', async () => {
    const home = importHome();
    home.write('.aws/credentials', `${plainText('one')}\0\0\0`);
    expect((await home.run('import', '--all', '--yes')).status).toBe(0);
    expect(home.read('.aws/credentials')).toBe('[one]\n\0\0\0');
  });

  it('skips a section without a name, and reports it', async () => {
    const home = importHome();
    home.write('.aws/credentials', `[]\n${lines(sample('one').secret).replace('[one]\n', '')}\n`);
    const { status, err } = await home.run('import', '--all', '--yes');
    expect(status).toBe(1);
    expect(err).toContain('a key in a section without a name was skipped: its [section] line has no name');
  });

  it('removes the keys from a file that is both AWS files', async () => {
    const home = importHome();
    const path = home.write('.aws/config', plainText('one'));
    const one = { AWS_CONFIG_FILE: path, AWS_SHARED_CREDENTIALS_FILE: path };
    expect(await runHere(['import', '--all', '--yes'], { ...home.environment, ...one })).toMatchObject({
      status: 0,
    });
    expect(readFileSync(path, 'utf8')).toBe('[one]\n');
  });
});

describe("awsh import: other content of aws-vault's folder", () => {
  const fill = () => {
    const home = importHome();
    const folder = join(home.path, '.awsvault/keys');
    home.write('.awsvault/keys/notes.txt', 'hello');
    mkdirSync(join(folder, 'folder'));
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    symlinkSync('pipe', join(folder, 'link'));
    // Like aws-vault, which lists every file and would wait for the pipe.
    const program =
      '#!/bin/sh\n[ "$1" = list ] && exec ls "$HOME/.awsvault/keys"\nexec cat "$HOME/.awsvault/keys/$5"\n';
    home.write('bin/aws-vault', program, 0o755);
    const PATH = `${join(home.path, 'bin')}:${home.environment.PATH}`;
    const run = (...args: string[]) =>
      spawnSync(join(packageFolder, 'bin/awsh'), args, {
        env: { ...home.environment, PATH, AWS_VAULT_BACKEND: 'file', AWS_VAULT_FILE_PASSPHRASE: 'x' },
        encoding: 'utf8',
        timeout: 60_000,
      });
    return run;
  };

  it.each(['--aws-vault-file', '--aws-vault'])('%s names a pipe, and waits for none', (source) => {
    const { status, stderr } = fill()('import', source, '--all');
    expect(status, stderr).toBe(1);
    expect(stderr).toContain(
      'skipped 2 files that are not of aws-vault in ~/.awsvault/keys: folder, notes.txt',
    );
    expect(stderr).toContain('pipe was skipped: it is not a regular file');
    expect(stderr).toContain('link was skipped: it is not a regular file');
  });

  it('is not requested from an installed aws-vault', () => {
    const { status, stderr } = fill()('import', '--all');
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'awsh: there is no access key to import\n' });
  });
});

describe('awsh import --csv', () => {
  it.each([
    ['<(sleep 0.2; cat k.csv)', 'cat k.csv | true'],
    ['/dev/stdin', 'cat k.csv'],
  ])('reads %s to its end, and does not suggest removing a pipe', (source, writer) => {
    const home = importHome();
    home.write('k.csv', csv);
    const line = `${writer} | ${join(packageFolder, 'bin/awsh')} import --all --csv ${source}`;
    const { stderr } = spawnSync('bash', ['-c', line], {
      env: home.environment,
      cwd: home.path,
      encoding: 'utf8',
    });
    expect(stderr).toContain('stored 1 access key');
    expect(stderr).not.toContain('rm ');
  });

  it.each([
    ['IAM Identity Center', 'sso_account_id = 123456789012'],
    ['a program', 'credential_process = /bin/true'],
    ['the profile work', 'source_profile = work'],
  ])('stores no key under a profile that gets its credentials from %s', async (giver, line) => {
    const home = importHome();
    home.write('.aws/config', `[profile other]\n${line}\n[profile work]\nregion = eu-west-1\n`);
    home.write('k.csv', csv);
    const { status, err } = await home.run('import', '--csv', 'k.csv', 'other');
    expect(status).not.toBe(0);
    expect(err).toContain(`awsh: other was skipped: the profile takes its credentials from ${giver}\n`);
    expect(err).toMatch(/\.aws\/config:2: remove that line.*\n {2}next: vi \+2 \S+config\n/);
    expect((await home.run('list', '--json')).out).not.toContain('AKIA');
  });

  it('does not wait for a pipe without a writer', async () => {
    const home = importHome();
    execFileSync('mkfifo', [join(home.path, 'pipe')]);
    expect((await home.run('import', '--csv', 'pipe', 'x')).status).toBe(2);
  });
});
