import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { has } from '../support/programs.ts';
import { packageFolder, runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const id = 'AKIAIOSFODNN7EXAMPLE';
const secret = 'a'.repeat(40);
const key = { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret };
const row = (user: string, end: string) => `${user},AKIAIOSFODNN7EXAMP${end},${secret}\n`;

/** A home with two console CSV files, a profile without a key, no session bus and no vault. */
function homeWithFiles() {
  const home = temporaryHome();
  home.write('.aws/config', '[profile a]\nregion = eu-west-1\n[profile -dash]\nregion = eu-west-1\n');
  home.write('k.csv', `User name,Access key ID,Secret access key\n${row('bob', 'LE')}${row('-eve', 'L2')}`);
  home.write('my k.csv', `Access key ID,Secret access key\n${id},${secret}\n`);
  return home;
}

const nextOf = (err: string) => [...err.matchAll(/^ {2}next: (.*)$/gm)].map(([, next]) => next).at(-1);

describe('the next command', () => {
  it.each([
    ['add --file-dir D --backend file work --env', {}, 'awsh --backend file --file-dir D add work'],
    [
      'add --backend=file --no-add-config --env -- -dash',
      { AWSH_FILE_DIR: '/v' },
      'AWSH_FILE_DIR=/v awsh --backend file add --no-add-config -- -dash',
    ],
    [
      'export a',
      { AWSH_BACKEND: 'file', AWSH_FILE_DIR: '/a b' },
      "AWSH_BACKEND=file AWSH_FILE_DIR='/a b' awsh add a",
    ],
    ['export --backend file a', { AWSH_BACKEND: 'pass' }, 'awsh --backend file add a'],
    ['export a', { XDG_DATA_HOME: '/data', AWS_PROFILE: 'b' }, 'XDG_DATA_HOME=/data awsh add a'],
    ['import --csv k.csv', {}, 'awsh import --csv k.csv --dry-run'],
    ['import --csv k.csv --keep bop --backend file', {}, 'awsh --backend file import --keep --csv k.csv bob'],
    ['import --all -- -dash a', {}, 'awsh import -- -dash a'],
    ['import --aws-vault-file a --yes', {}, 'awsh import --yes a'],
    ['import --aws-vault-keyring -- -dash', {}, 'awsh import -- -dash'],
    ['migrate-backend --to pass --dry-run', {}, 'awsh migrate-backend --from file --to pass --dry-run'],
    [
      'migrate-backend --from pass --profile=-dash',
      {},
      'awsh migrate-backend --from pass --to keychain --profile=-dash',
    ],
    ['--backend keychain add a --env', key, 'awsh add --backend file a --env'],
    ['add a --env', { ...key, AWSH_BACKEND: 'keychain' }, 'awsh add --backend file a --env'],
    [
      'add a --env --backend file',
      { ...key, AWSH_FILE_PASSPHRASE: 'short' },
      'env -u AWSH_FILE_PASSPHRASE awsh add a --env --backend file',
    ],
    ['list', { AWSH_FILE_DIR: 'relative' }, 'env -u AWSH_FILE_DIR awsh list'],
  ])('after "%s" with %j is %s', async (words, typed, next) => {
    const { status, err } = await runHere(words.split(' '), homeWithFiles().environment, typed);
    expect(status, err).not.toBe(0);
    expect(nextOf(err)).toBe(next);
  });

  it('for a temporary key is about that key', async () => {
    const home = homeWithFiles();
    const session = `aws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = ${secret}\naws_session_token = t\n`;
    home.write('.aws/credentials', `[-dash]\n${session}`);
    const { err } = await runHere(['import', '--dry-run'], { ...home.environment, AWSH_BACKEND: 'file' });
    expect(nextOf(err)).toBe('awsh explain -- -dash');
  });

  it('is the same in doctor and export for a key that aws-vault has', async () => {
    const home = homeWithFiles();
    home.write(
      '.aws/config',
      '[profile a]\nrole_arn = arn:aws:iam::123456789012:role/r\nsource_profile = b\n[profile b]\n',
    );
    home.write('.awsvault/keys/b', 'eyJhbGciOiJ9');
    const environment = { ...home.environment, AWSH_BACKEND: 'file' };
    const { out } = await runHere(['doctor', '--offline'], environment);
    const { err } = await runHere(['export', 'a'], environment);
    expect(nextOf(err)).toBe('awsh import --aws-vault-file b');
    expect(out).toMatch(
      /no access key is stored for profile "b"[^✗!]*next: awsh import --aws-vault-file b$/m,
    );
  });
});

describe.each((['bash', 'zsh', 'fish'] as const).filter((name) => name === 'bash' || has(name)))(
  'a next command typed in %s',
  (shell) => {
    it('writes to the vault that the variables before the command named', async () => {
      const home = homeWithFiles();
      const options = { bash: '--norc', zsh: '-f', fish: '--no-config' }[shell] ?? '';
      const type = (command: string, variables = {}) => {
        const line = command.replace(/(^| )awsh /, `$1${join(packageFolder, 'bin/awsh')} `);
        return spawnSync(shell, [options, '-c', `${line}; true`], {
          env: { ...home.environment, AWSH_FILE_PASSPHRASE: 'correct horse', ...variables },
          cwd: home.path,
          encoding: 'utf8',
        });
      };
      const folder = join(home.path, 'my vault');
      const typed = type(`AWSH_BACKEND=file AWSH_FILE_DIR='${folder}' awsh exec a -- true`);
      expect(nextOf(typed.stderr)).toBe(`AWSH_BACKEND=file AWSH_FILE_DIR='${folder}' awsh add a`);
      type(`${nextOf(typed.stderr)} --env`, key);
      expect(readdirSync(folder)).toContain('vault.key');
      // Variables that the shell was started with need not be typed.
      const inherited = type('awsh exec b -- true', { AWSH_BACKEND: 'file', AWSH_FILE_DIR: '/v' });
      expect(inherited.stderr).not.toContain('AWSH_');
    });
  },
);
