import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CompactEncrypt } from 'jose';
import { describe, expect, test } from 'vitest';
import { type ImportHome, importHome, inWords, sample } from '../support/import-homes.ts';

const crlf = (...lines: string[]) => `\ufeff${lines.join('\r\n')}\r\n`;
const row = (name: string) => `${sample(name).id},${sample(name).secret}`;

describe('import from a file of the AWS console', () => {
  test.each([
    ['with a byte order mark and CRLF', crlf('Access key ID,Secret access key', row('work'))],
    [
      'of older days, with a user name',
      crlf('User name,Access key ID,Secret access key', `jane,${row('work')}`),
    ],
    ['in quotes', `"Access key ID","Secret access key"\n"${sample('work').id}","${sample('work').secret}"`],
  ])('%s', async (_, text) => {
    const home = importHome();
    home.write('rootkey.csv', text);
    const { status, err } = await home.run('import', '--csv', 'rootkey.csv', 'work');
    expect(status).toBe(0);
    expect(err).toContain('~/rootkey.csv still holds it in plain text: rm ~/rootkey.csv');
    expect(await home.stored('work')).toEqual({ work: inWords('work') });
  });

  test('stores each key under its user’s name', async () => {
    const home = importHome();
    home.write(
      'keys.csv',
      crlf('User name,Access key ID,Secret access key', `a,${row('a')}`, `b,${row('b')}`),
    );
    expect((await home.run('import', '--csv', 'keys.csv', '--all')).status).toBe(0);
    expect(await home.stored('a', 'b')).toEqual({ a: inWords('a'), b: inWords('b') });
  });

  test.each([
    ['no name for it', crlf('Access key ID,Secret access key', row('work')), 'does not say which profile'],
    ['another file', 'Date,Amount\n2026-01-01,5\n', 'is not an access key file'],
    ['nothing in it', crlf('Access key ID,Secret access key'), 'there is no key in it'],
  ])('%s: exit 2, and no line of it is quoted', async (_, text, what) => {
    const home = importHome();
    home.write('file.csv', text);
    const { status, err } = await home.run('import', '--csv', 'file.csv', '--all');
    expect(status).toBe(2);
    expect(err).toContain(what);
    expect(err).not.toContain(sample('work').secret);
  });
});

/** An item as aws-vault writes it (jose2go: PBES2-HS256+A128KW, 8192 rounds). */
async function writeItem(home: ImportHome, key: string, data: object, passphrase = 'old passphrase') {
  const item = {
    Key: key,
    Data: Buffer.from(JSON.stringify(data)).toString('base64'),
    Label: `aws-vault (${key})`,
    Description: '',
    KeychainNotTrustApplication: true,
    KeychainNotSynchronizable: false,
  };
  const sealed = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(item)))
    .setProtectedHeader({
      alg: 'PBES2-HS256+A128KW',
      enc: 'A256GCM',
      created: '2024-01-01 00:00:00 +0000 UTC',
    })
    .setKeyManagementParameters({ p2c: 8192, p2s: crypto.getRandomValues(new Uint8Array(12)) })
    .encrypt(new TextEncoder().encode(passphrase));
  home.write(`.awsvault/keys/${key.replaceAll('%', '%25').replaceAll('/', '%2F')}`, sealed);
}

const credential = (name: string) => ({
  AccessKeyID: sample(name).id,
  SecretAccessKey: sample(name).secret,
  SessionToken: '',
  Source: '',
  CanExpire: false,
  Expires: '0001-01-01T00:00:00Z',
  AccountID: '',
});

const withPassphrase = (home: ImportHome, passphrase = 'old passphrase') => {
  home.environment.AWS_VAULT_FILE_PASSPHRASE = passphrase;
  return home;
};

describe('import from aws-vault’s file backend', () => {
  test('stores every key, whatever its name and age, without sessions and tokens', async () => {
    const home = withPassphrase(importHome());
    await writeItem(home, 'work', credential('work'));
    await writeItem(home, 'team/prod 100%', credential('prod'));
    await writeItem(home, 'Zürich', credential('zurich'));
    await writeItem(home, 'old', { AccessKeyID: sample('old').id, SecretAccessKey: sample('old').secret });
    const session = { AccessKeyId: 'ASIAIOSFODNN7EXAMPLE', SecretAccessKey: 's', SessionToken: 't' };
    for (const name of [
      'sts.GetSessionToken,d29yaw,,1700000000',
      'sts.AssumeRole,d29yaw,YXJu,1700000000',
      'sso.GetRoleCredentials,d29yaw,aHR0cHM,1700000000',
      'session,d29yaw,,1500000000',
      'session:d29yaw:YXJu:1500000000',
      'work session (1500000000)',
      'oidc:https://example.awsapps.com/start',
    ]) {
      await writeItem(home, name, session);
    }
    const { status, err } = await home.run('import', '--aws-vault-file', '--all');
    expect(err).toContain('stored 4 access keys (file backend, verified): Zürich, old, team/prod 100%, work');
    expect(err).not.toContain('passed over');
    expect(status).toBe(0);
    expect(await home.stored('work', 'team/prod 100%', 'Zürich', 'old')).toEqual({
      work: inWords('work'),
      'team/prod 100%': inWords('prod'),
      Zürich: inWords('zurich'),
      old: inWords('old'),
    });
    expect(home.read('.aws/config')).toBe('[profile old]\n\n[profile "team/prod 100%"]\n\n[profile work]\n');
    expect(readdirSync(join(home.path, '.awsvault/keys'))).toHaveLength(11);
  });

  test('opens nothing with a wrong passphrase: exit 5, and nothing is stored', async () => {
    const home = withPassphrase(importHome(), 'wrong');
    await writeItem(home, 'work', credential('work'));
    const { status, err } = await home.run('import', '--aws-vault-file', '--all');
    expect(status).toBe(5);
    expect(err).toContain("the passphrase does not open any of aws-vault's files");
  });

  test('reads the other files if one cannot be opened', async () => {
    const home = withPassphrase(importHome());
    await writeItem(home, 'work', credential('work'));
    await writeItem(home, 'other', credential('other'), 'another passphrase');
    const { status, err } = await home.run('import', '--aws-vault-file', '--all');
    expect(status).toBe(12);
    expect(err).toContain('other was skipped: it cannot be opened');
    expect(err).toContain('stored 1 access key (file backend, verified): work');
  });

  test('reads another folder', async () => {
    const home = withPassphrase(importHome());
    expect(await home.run('import', '--aws-vault-file', '--all')).toMatchObject({
      status: 5,
      err: expect.stringContaining('there is no such folder'),
    });
    mkdirSync(join(home.path, 'empty'));
    expect(await home.run('import', '--aws-vault-file', '--dir', 'empty', '--all')).toMatchObject({
      status: 0,
    });
  });
});

/** A program that answers like aws-vault. */
function installAwsVault(home: ImportHome, script: string): void {
  home.write('bin/aws-vault', `#!/bin/sh\n${script}`, 0o755);
  home.environment.PATH = `${join(home.path, 'bin')}:${home.environment.PATH}`;
}

describe('import through the aws-vault program', () => {
  test('lists the names and imports each key, without sessions and roles', async () => {
    const home = importHome();
    const { id, secret } = sample('work');
    const json = JSON.stringify({ Version: 1, AccessKeyId: id, SecretAccessKey: secret });
    installAwsVault(
      home,
      `echo "$* $AWS_CONFIG_FILE $AWS_ACCESS_KEY_ID$AWS_VAULT" >>"$HOME/calls"
      case $1 in list) echo work ;; export) echo '${json}' ;; esac`,
    );
    Object.assign(home.environment, { AWS_VAULT: 'inside', AWS_ACCESS_KEY_ID: 'not yours' });
    expect((await home.run('import', '--aws-vault', '--all')).status).toBe(0);
    expect(home.read('calls')).toBe(
      'list --credentials /dev/null \nexport --no-session --format=json -- work /dev/null \n',
    );
    home.environment.AWS_VAULT = '';
    home.environment.AWS_ACCESS_KEY_ID = '';
    expect(await home.stored('work')).toEqual({ work: inWords('work') });
  });

  test.each([
    ['fails after it printed a secret', 'export) echo "$SECRET"; exit 3 ;;', 'its exit status was 3'],
    ['prints what is no JSON', 'export) echo "$SECRET" ;;', 'access key id is not valid'],
    ['gives a session', `export) echo '{"AccessKeyId":"ASIAIOSFODNN7EXAMPLE"}' ;;`, 'it is temporary'],
  ])('shows none of the output of one that %s', async (_, answer, what) => {
    const home = importHome();
    installAwsVault(home, `SECRET=canary-secret\ncase $1 in list) echo work ;; ${answer} esac`);
    const { out, err } = await home.run('import', '--aws-vault', '--all');
    expect(err).toContain(what);
    expect(out + err).not.toContain('canary-secret');
  });

  test('without the program: exit 5, and the other way is named', async () => {
    const home = importHome();
    home.environment.PATH = '/nonexistent';
    expect(await home.run('import', '--aws-vault', '--all')).toMatchObject({
      status: 5,
      err: expect.stringContaining('aws-vault was not found'),
    });
  });
});

test('two sources at once exclude each other', async () => {
  const home = importHome();
  expect(await home.run('import', '--aws-vault', '--csv', 'x')).toMatchObject({ status: 2 });
  expect(await home.run('import', '--dir', 'x')).toMatchObject({ status: 2 });
});
