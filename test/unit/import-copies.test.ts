import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importHome, inWords, plainText, sample } from '../support/import-homes.ts';
import { runHere } from '../support/run-awsh.ts';

const credentials = '.aws/credentials';

describe('awsh import: the report about a copy of the credentials file', () => {
  test('with a key that is nowhere else: must not be deleted, and the next command imports the key', async () => {
    const home = importHome();
    const rescued = plainText('rescue').replace('[rescue]', '[only-in-backup]');
    home.write(credentials, plainText('uno'));
    const copies = ['credentials.bak', 'credentials~', 'old-credentials'];
    for (const name of copies) home.write(`.aws/${name}`, plainText('uno') + rescued);
    const { err } = await home.run('import', '--all', '--yes');
    expect(err.match(/it also has keys that are not in the vault: only-in-backup/g)).toHaveLength(3);
    expect(err).not.toContain('rm -i');
    const path = join(home.path, '.aws/credentials.bak');
    const words = /next: AWS_SHARED_CREDENTIALS_FILE=\S+credentials\.bak awsh (.*)$/m.exec(err)?.[1] ?? '';
    const environment = { ...home.environment, AWS_SHARED_CREDENTIALS_FILE: path };
    expect((await runHere([...words.split(' '), '--yes'], environment)).status).toBe(0);
    expect(await home.stored('only-in-backup')).toEqual({ 'only-in-backup': inWords('rescue') });
    expect(home.read('.aws/credentials.bak')).toBe('[uno]\n[only-in-backup]\n');
  });

  test('with any trace of another key: must not be deleted', async () => {
    const home = importHome();
    home.write(credentials, plainText('uno'));
    const copies = [
      plainText('uno') + plainText('old').replace('[old]', '[uno-2]'),
      plainText('uno').replace(sample('uno').secret, sample('old').secret),
      plainText('old').replace('[old]', `[uno]\n# ${sample('uno').id}`),
      `${plainText('uno')}# aws_access_key_id = ${sample('old').id}\n`,
      `${plainText('uno')}# ${sample('old').secret}\n`,
      `${plainText('uno')}[half]\naws_secret_access_key = short\n`,
      `${plainText('uno')}[bad]\naws_access_key_id = A-B\naws_secret_access_key = short\n`,
    ];
    for (const [at, text] of copies.entries()) home.write(`.aws/credentials.${at}`, text);
    const { err } = await home.run('import', '--all', '--yes');
    expect(err.match(/still in plain text in ~\/\.aws\/credentials\.\d: uno/g)).toHaveLength(copies.length);
    expect(err.match(/not in the vault/g)).toHaveLength(copies.length);
    expect(err).not.toContain('rm -i');
    expect(err).not.toMatch(/awsh import .*bad/);
  });

  test('with only keys that are in the vault: may be deleted', async () => {
    const home = importHome();
    home.write(credentials, plainText('uno') + plainText('due'));
    home.write('.aws/credentials.bak', plainText('due') + plainText('uno'));
    const { err } = await home.run('import', '--all', '--yes');
    expect(err).toContain('every key in it is in the vault');
    expect(err).toContain(`next: rm -i -- ${join(home.path, '.aws/credentials.bak')}`);
  });
});

describe('awsh import --csv: the report about the file', () => {
  const row = (name: string) => `${name},${sample(name).id},${sample(name).secret}\n`;
  const title = 'User name,Access key ID,Secret access key\n';

  test('one of two keys: names the other; the file may be deleted when both are stored', async () => {
    const home = importHome();
    home.write('two.csv', title + row('alice') + row('bob'));
    const first = await home.run('import', '--csv', 'two.csv', 'alice');
    expect(first.err).toContain('not in the vault: bob; to import them: awsh import --csv two.csv bob');
    const second = await home.run('import', '--csv', 'two.csv', 'bob');
    expect(second.err).toContain('still holds it in plain text: rm ~/two.csv');
  });

  test('with a console password: the file must not be deleted yet', async () => {
    const home = importHome();
    const { id, secret } = sample('alice');
    home.write('new.csv', `User name,Password,Access key ID,Secret access key\nalice,pw,${id},${secret}\n`);
    const { err } = await home.run('import', '--csv', 'new.csv', '--all');
    expect(err).toContain('and a console password');
    expect(err).not.toContain('rm ~');
  });
});

describe('awsh import: keys that AWS cannot have issued', () => {
  const { id, secret } = sample('work');
  const withSecret = (value: string) => plainText('work').replace(secret, value);

  test.each(['tooshort', `${secret}x`, secret.replace('/', '_'), `${secret.slice(1)}=`])(
    'a secret that add refuses was skipped with its line, and stays: %s',
    async (value) => {
      const home = importHome();
      home.write(credentials, withSecret(value));
      const { status, err } = await home.run('import', '--all', '--yes');
      expect(status).toBe(1);
      expect(err).toMatch(/work was skipped: its secret access key is not valid .*credentials:2/);
      expect(err).toContain('it has 40 letters, digits, / and +');
      expect(home.read(credentials)).toBe(withSecret(value));
      home.write('keys.csv', `Access key ID,Secret access key\n${id},${value}\n`);
      const csv = await home.run('import', '--csv', 'keys.csv', 'work');
      expect(csv).toMatchObject({ status: 1, err: expect.stringContaining('work was skipped') });
    },
  );

  test.each([
    ['http://localhost:4566', 0],
    ['https://sts.example.com', 1],
  ])('test/test of a profile with the endpoint %s: exit %i', async (url, expected) => {
    const home = importHome();
    home.write('.aws/config', `[profile local]\nregion = us-east-1\nendpoint_url = ${url}\n`);
    home.write(credentials, '[local]\naws_access_key_id = test\naws_secret_access_key = test\n');
    const { status } = await home.run('import', '--all', '--yes');
    expect(status).toBe(expected);
    expect(home.read(credentials)).toMatch(expected === 0 ? /^\[local\]\n$/ : /= test/);
  });

  test('another secret with the same id is reported as such', async () => {
    const home = importHome();
    home.write(credentials, plainText('work'));
    await home.run('import', '--all', '--yes');
    home.write(credentials, withSecret(sample('other').secret));
    const { err } = await home.run('import', '--all', '--yes');
    expect(err).toContain('the same key id ****2222 is stored for work with another secret');
  });

  test('another key with the name is shown next to the stored one', async () => {
    const home = importHome();
    home.write(credentials, plainText('work'));
    await home.run('import', '--all', '--yes');
    home.write(credentials, withSecret(sample('other').secret).replace(id, 'AKIAIOSFODNN7EXAMPLE'));
    const { err } = await home.run('import', '--all', '--yes');
    expect(err).toContain('another key is stored for work: ****2222, and ****MPLE was found');
  });
});
