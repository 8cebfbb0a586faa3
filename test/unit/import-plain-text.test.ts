import { existsSync, lstatSync, readdirSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importHome, inWords, plainText, sample } from '../support/import-homes.ts';
import { packageFolder } from '../support/run-awsh.ts';
import { openTerminal } from '../support/terminal.ts';
import { runUnprivileged } from '../support/unprivileged.ts';

const credentials = '.aws/credentials';

describe('awsh import from the credentials file', () => {
  test('stores every key, removes it, and leaves each other line unchanged', async () => {
    const home = importHome();
    const before = [
      '# mine, do not touch',
      plainText('work'),
      '[ci]',
      'region = eu-west-1',
      '# the key of the old build server',
      `aws_access_key_id=${sample('ci').id}`,
      `AWS_SECRET_ACCESS_KEY=${sample('ci').secret}`,
      'output=json',
      '',
      '[last]',
      'region = us-east-1',
    ].join('\n');
    home.write(credentials, before, 0o640);
    const { status, out, err } = await home.run('import', '--all', '--yes');
    expect({ status, out }).toEqual({ status: 0, out: '' });
    expect(err).toContain('awsh: stored 2 access keys (file backend, verified): work, ci');
    expect(err).toContain('awsh: removed 2 access keys from ~/.aws/credentials: work, ci');
    expect(err).toContain('replace each of these 2, one at a time: awsh rotate work');
    expect(home.read(credentials)).toBe(
      [
        '# mine, do not touch',
        '[work]',
        '',
        '[ci]',
        'region = eu-west-1',
        '# the key of the old build server',
        'output=json',
        '',
        '[last]',
        'region = us-east-1',
      ].join('\n'),
    );
    expect(statSync(join(home.path, credentials)).mode & 0o777).toBe(0o640);
    expect(await home.stored('work', 'ci')).toEqual({ work: inWords('work'), ci: inWords('ci') });
    expect(home.read('.aws/config')).toBe('[profile work]\n');
  });

  test('keeps CRLF and a symbolic link', async () => {
    const home = importHome();
    home.write('dotfiles/aws', `${plainText('work', '\r\n')}[other]\r\nregion = eu-west-1\r\n`);
    home.write('.aws/config', '[default]\n');
    symlinkSync('../dotfiles/aws', join(home.path, credentials));
    expect((await home.run('import', 'work', '--yes')).status).toBe(0);
    expect(home.read('dotfiles/aws')).toBe('[work]\r\n[other]\r\nregion = eu-west-1\r\n');
    expect(lstatSync(join(home.path, credentials)).isSymbolicLink()).toBe(true);
  });

  test('imports only the named profiles', async () => {
    const home = importHome();
    home.write(credentials, plainText('one') + plainText('two') + plainText('three'));
    expect((await home.run('import', 'one', 'three', '--yes')).status).toBe(0);
    expect(home.read(credentials)).toBe(`[one]\n${plainText('two')}[three]\n`);
    expect((await home.run('list', '--credentials')).out).toBe('one\nthree\n');
  });

  test('does nothing for an unknown name, and shows similar names', async () => {
    const home = importHome();
    home.write(credentials, plainText('work'));
    const { status, err } = await home.run('import', 'wrok', '--yes');
    expect(status).toBe(4);
    expect(err).toContain('a similar name: work');
    expect(home.read(credentials)).toBe(plainText('work'));
  });

  test('--dry-run shows what would be done, and leaves no trace', async () => {
    const home = importHome();
    home.write(credentials, plainText('work'));
    const { status, out } = await home.run('import', '--dry-run');
    expect(status).toBe(0);
    expect(out).toMatch(/^work +\*{4}2222 +.*credentials:2 +would be stored$/m);
    expect(out).not.toContain(sample('work').secret);
    expect(home.read(credentials)).toBe(plainText('work'));
    expect(existsSync(join(home.path, '.local/share/awsh'))).toBe(false);
  });

  test('--keep leaves the file unchanged, and reports the keys in it', async () => {
    const home = importHome();
    home.write(credentials, plainText('work'));
    const { status, err } = await home.run('import', '--all', '--keep');
    expect(status).toBe(0);
    expect(err).toContain('still in plain text in ~/.aws/credentials: work');
    expect(home.read(credentials)).toBe(plainText('work'));
    expect(await home.stored('work')).toEqual({ work: inWords('work') });
  });

  test('without a terminal the keys are stored, and not removed', async () => {
    const home = importHome();
    home.write(credentials, plainText('work'));
    const { status, err } = await home.run('import', '--all');
    expect(status).toBe(6);
    expect(err).toContain('the keys are stored, and are still in plain text in ~/.aws/credentials');
    expect(home.read(credentials)).toBe(plainText('work'));
    expect((await home.run('import', '--all', '--yes')).status).toBe(0);
    expect(home.read(credentials)).toBe('[work]\n');
    expect(await home.stored('work')).toEqual({ work: inWords('work') });
  });

  test('without a terminal it needs names or --all', async () => {
    const home = importHome();
    home.write(credentials, plainText('work'));
    expect(await home.run('import')).toMatchObject({
      status: 2,
      err: expect.stringContaining('needs the names of the profiles, or --all'),
    });
  });

  test('does not replace another key under the name without asking, nor remove the plain-text one', async () => {
    const home = importHome();
    home.write(credentials, plainText('work'));
    await home.run('import', '--all', '--yes');
    const other = plainText('other').replace('[other]', '[work]');
    home.write(credentials, other);
    const refused = await home.run('import', '--all', '--yes');
    expect(refused).toMatchObject({ status: 1, err: expect.stringContaining('--overwrite replaces it') });
    expect(home.read(credentials)).toBe(other);
    expect(await home.stored('work')).toEqual({ work: inWords('work') });
    expect((await home.run('import', '--all', '--yes', '--overwrite')).status).toBe(0);
    expect(await home.stored('work')).toEqual({ work: inWords('other') });
    expect(home.read(credentials)).toBe('[work]\n');
  });

  test.each([
    [
      'a session',
      '[s]\naws_access_key_id = ASIAIOSFODNN7EXAMPLE\naws_secret_access_key = a\n',
      'it is temporary',
      0,
    ],
    [
      'a key with a token',
      '[s]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = a\naws_session_token = b\n',
      'it is temporary',
      0,
    ],
    ['half a key', '[s]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n', 'the secret access key is missing', 12],
    [
      'a placeholder',
      '[s]\naws_access_key_id = YOUR_KEY\naws_secret_access_key = x\n',
      'access key id is not valid',
      12,
    ],
    [
      'a key that its profile would not use',
      '[s]\nsource_profile = work\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = a\n',
      'takes its credentials from the profile work',
      12,
    ],
    [
      'a key beside a program that gives credentials',
      '[s]\ncredential_process = /x\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = a\n',
      'takes its credentials from a program',
      12,
    ],
    [
      'a key beside a role of IAM Identity Center',
      '[s]\nsso_account_id = 1\nsso_role_name = R\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = a\n',
      'takes its credentials from IAM Identity Center',
      12,
    ],
  ])('reports that %s was skipped, with its place', async (_, text, why, expected) => {
    const home = importHome();
    home.write(credentials, text + plainText('work'));
    const { status, err } = await home.run('import', '--all', '--yes');
    expect(status).toBe(expected);
    expect(err).toMatch(new RegExp(`s was skipped: .*${why}.*credentials:\\d`));
    expect(home.read(credentials)).toBe(`${text}[work]\n`);
  });

  test('finds and removes keys in the config file, too', async () => {
    const home = importHome();
    const { id, secret } = sample('work');
    home.write(
      '.aws/config',
      `[profile work]\naws_access_key_id = ${id}\nregion = eu-west-1\naws_secret_access_key = ${secret}\n`,
    );
    expect((await home.run('import', '--all', '--yes')).status).toBe(0);
    expect(home.read('.aws/config')).toBe('[profile work]\nregion = eu-west-1\n');
    expect(await home.stored('work')).toEqual({ work: inWords('work') });
  });

  test('names backups, swap files and comments with the same key, and no others', async () => {
    const home = importHome();
    const { id, secret } = sample('work');
    home.write(credentials, `${plainText('work')}# aws_secret_access_key = ${secret}\n`);
    home.write('.aws/credentials~', plainText('work'));
    home.write(
      '.aws/.credentials.swp',
      Buffer.concat([Buffer.from('b0VIM\0\xff'), Buffer.from(`key = ${id}\0`)]),
    );
    home.write('.aws/credentials.bak', `aws_secret_access_key=${secret}`);
    home.write('.aws/config.bak', plainText('somebody'));
    const { err } = await home.run('import', '--all', '--yes');
    const named = [...err.matchAll(/still in plain text in ~\/\.aws\/(.*): work$/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(['.credentials.swp', 'credentials', 'credentials.bak', 'credentials~']);
  });

  test('with a read-only credentials file it stores the key, keeps the file and reports it', () => {
    const home = importHome();
    home.write(credentials, plainText('work'), 0o400);
    const { status, err } = runUnprivileged(
      home,
      `import { runCommandLine } from './src/entry/main.ts';
       import { streamOutput } from './src/cli/output.ts';
       import { systemClock } from './src/system/index.ts';
       const { env, stdout, stderr } = process;
       process.exit(await runCommandLine(['import', '--all', '--yes'], {
         environment: env, cwd: () => env.HOME, clock: systemClock, packageFolder: '/nonexistent',
         output: streamOutput(stdout, stderr, env),
       }));`,
    );
    expect(status).toBe(12);
    expect(err).toMatch(
      /stored 1 access key .*verified\): work[\s\S]*\.aws\/credentials[\s\S]*it is read-only/,
    );
    expect(existsSync(join(home.path, '.local/share/awsh/vault/access-key.work.jwe'))).toBe(true);
    expect(home.read(credentials)).toBe(plainText('work'));
  });

  test('at a terminal it asks what to store, and again before it removes anything', async () => {
    const home = importHome();
    home.write(credentials, plainText('work') + plainText('dev'));
    const terminal = await openTerminal(join(packageFolder, 'bin/awsh'), ['import'], {
      environment: home.environment,
    });
    const answer = async (question: RegExp, text: string) => {
      await terminal.waitFor(question);
      await terminal.settle();
      terminal.type(`${text}\r`);
    };
    await answer(
      /found 2 access keys: work, dev \(plain text in ~\/\.aws\/credentials\)\s+store 2 access keys in the vault\? \[y\/N\] /,
      'y',
    );
    await answer(/remove 2 access keys \(work, dev\) from ~\/\.aws\/credentials\? \[y\/N\] /, 'n');
    expect((await terminal.exited).status).toBe(0);
    expect(terminal.received).not.toContain(sample('work').secret);
    expect(home.read(credentials)).toBe(plainText('work') + plainText('dev'));
    expect(await home.stored('work')).toEqual({ work: inWords('work') });
  });

  test.each([
    ['half a pair', '[odd]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n'],
    ['two sections', plainText('odd') + plainText('odd2').replace('[odd2]', '[odd]')],
  ])(
    'reports a named profile with %s with its lines; exit 12 if another is imported, else 1',
    async (_, text) => {
      const home = importHome();
      home.write(credentials, text + plainText('work'));
      for (const words of [['odd'], ['odd', '--dry-run'], ['odd', 'work', '--yes']]) {
        const { status, err } = await home.run('import', ...words);
        expect(status).toBe(words.includes('work') ? 12 : 1);
        expect(err).toMatch(/^awsh: odd was skipped: .*~\/\.aws\/credentials:1 \[odd\]/m);
        expect(err.match(/was skipped/g)).toHaveLength(1);
      }
      expect(home.read(credentials)).toBe(`${text}[work]\n`);
    },
  );

  test('at a terminal it counts what it will store, and names the others before it asks', async () => {
    const home = importHome();
    home.write(credentials, plainText('work'));
    await home.run('import', '--all', '--yes');
    const half = '[half]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n';
    const other = plainText('kept').replace('[kept]', '[work]');
    home.write(credentials, plainText('new') + other + half);
    const terminal = await openTerminal(join(packageFolder, 'bin/awsh'), ['import'], {
      environment: home.environment,
      columns: 120,
    });
    const shown = await terminal.waitFor(/store 1 access key \(new\) in the vault\? \[y\/N\] /);
    expect(shown).toMatch(/half was skipped/);
    expect(shown).toMatch(/not imported: work[\s\S]*next: awsh import --overwrite work/);
    await terminal.settle();
    terminal.type('y\r');
    await terminal.waitFor(/remove 1 access key \(new\) from ~\/\.aws\/credentials\? \[y\/N\] /);
    await terminal.settle();
    terminal.type('y\r');
    expect((await terminal.exited).status).toBe(12);
    expect(home.read(credentials)).toBe(`[new]\n${other}${half}`);
    expect(terminal.received.match(/half was skipped/g)).toHaveLength(1);
  });

  test('names the section that still has the key, not the one that was removed', async () => {
    const home = importHome();
    home.write(credentials, plainText('work') + plainText('work').replace('[work]', '[default]'));
    const { err } = await home.run('import', 'work', '--yes');
    expect(err).toContain('still in plain text in ~/.aws/credentials: default\n');
  });

  test('reports that there is nothing to import', async () => {
    const home = importHome();
    expect(await home.run('import', '--all')).toMatchObject({
      status: 0,
      err: 'awsh: there is no access key to import\n',
    });
    expect(readdirSync(home.path)).not.toContain('.aws');
  });
});
