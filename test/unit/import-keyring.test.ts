import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { readAwsVaultKeyring } from '../../src/moving/index.ts';
import { appPaths } from '../../src/system/index.ts';
import { readKeyring } from '../../src/vault/index.ts';
import { sample } from '../support/import-homes.ts';
import { has } from '../support/programs.ts';
import { runHere } from '../support/run-awsh.ts';
import { startSecretService, type TestSecretService } from '../support/secret-service.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

/** One item as aws-vault stores it, in a keyring that gnome-keyring keeps without a password. */
function item(number: number, key: string, data: object): string {
  const inner = Buffer.from(JSON.stringify(data)).toString('base64');
  const wrapper = JSON.stringify({ Key: key, Data: inner, Label: `aws-vault (${key})` });
  return [
    `[${number}]`,
    'item-type=0',
    `display-name=${key}`,
    `secret=${wrapper}`,
    'mtime=0',
    'ctime=0',
    '',
    `[${number}:attribute0]`,
    'name=profile',
    'type=string',
    `value=${key}`,
    '',
  ].join('\n');
}

const header = '[keyring]\ndisplay-name=awsvault\nctime=0\nmtime=0\nlock-on-idle=false\nlock-after=false\n';

const credential = (name: string) => ({ AccessKeyID: sample(name).id, SecretAccessKey: sample(name).secret });
const plainKey = (name: string) =>
  `[${name}]\naws_access_key_id = ${sample(name).id}\naws_secret_access_key = ${sample(name).secret}\n`;
const session = { AccessKeyId: 'ASIAIOSFODNN7EXAMPLE', SecretAccessKey: 's', SessionToken: 't' };

describe.skipIf(!has('dbus-run-session', 'gnome-keyring-daemon'))(
  'aws-vault’s keyring in a real gnome-keyring',
  () => {
    let home: TemporaryHome;
    let service: TestSecretService;

    beforeAll(async () => {
      home = temporaryHome({ keep: true });
      const items = [
        item(1, 'work', credential('work')),
        item(2, 'Zürich', credential('zurich')),
        item(3, 'sts.GetSessionToken,d29yaw,,1700000000', session),
        item(4, 'oidc:https://example.awsapps.com/start', { Token: {} }),
        item(5, 'broken', 'no object' as unknown as object),
      ];
      home.write('.local/share/keyrings/awsvault.keyring', [header, ...items].join('\n'));
      service = await startSecretService(home);
    });
    afterAll(() => {
      service?.stop();
      rmSync(home.path, { recursive: true, force: true });
    });

    test('import finds its keys, without sessions and tokens', async () => {
      const { keys, passedOver } = await readAwsVaultKeyring(service.environment, new Date(0));
      const found = keys.map(({ profile, key }) => [profile, key.accessKeyId, key.secretAccessKey.reveal()]);
      expect(found.sort()).toEqual([
        ['Zürich', sample('zurich').id, sample('zurich').secret],
        ['work', sample('work').id, sample('work').secret],
      ]);
      expect(passedOver).toMatchObject([
        { name: 'broken', why: expect.stringContaining('keyring awsvault') },
      ]);
      expect(appPaths(service.environment).home).toBe(home.path);
    });

    test('a missing keyring: exit 5, and the other way is named', async () => {
      const environment = { ...service.environment, AWS_VAULT_SECRET_SERVICE_COLLECTION_NAME: 'another' };
      await expect(readAwsVaultKeyring(environment, new Date(0))).rejects.toMatchObject({
        exitStatus: 5,
        next: expect.stringMatching(/^awsh import( --aws-vault)?$/),
      });
    });

    test('a daemon that is killed in the middle: what was read is kept, and the rest is named', async () => {
      const own = temporaryHome();
      const items = [1, 2, 3, 4].map((number) => item(number, `key${number}`, credential(`key${number}`)));
      own.write('.local/share/keyrings/awsvault.keyring', [header, ...items].join('\n'));
      const its = await startSecretService(own);
      onTestFinished(its.stop);
      let asked = 0;
      const content = await readKeyring(its.environment, 'awsvault', () => {
        asked += 1;
        if (asked === 3) process.kill(its.daemon, 'SIGKILL');
        return true;
      });
      expect(content.isCutOff).toBe(true);
      expect(content.items.map(({ secret }) => secret !== null)).toEqual([true, true]);
    });

    test('a daemon that is killed before it answers: exit 5, and the reason', async () => {
      const own = temporaryHome();
      own.write('.local/share/keyrings/awsvault.keyring', `${header}\n${item(1, 'key', credential('key'))}`);
      const its = await startSecretService(own);
      onTestFinished(its.stop);
      const reading = readKeyring(its.environment, 'awsvault', () => {
        process.kill(its.daemon, 'SIGKILL');
        return true;
      });
      await expect(reading).rejects.toMatchObject({
        exitStatus: 5,
        why: 'the Secret Service ended while it was asked',
        next: 'awsh import --aws-vault-keyring',
      });
    });

    test('a keyring with a password of its own: exit 5, and how to unlock that one', async () => {
      const own = temporaryHome();
      const first = await startSecretService(own);
      first.stop();
      const keyrings = join(own.path, '.local/share/keyrings');
      renameSync(join(keyrings, 'login.keyring'), join(keyrings, 'awsvault.keyring'));
      const its = await startSecretService(own);
      onTestFinished(its.stop);
      own.write('.aws/credentials', plainKey('plain'));
      const environment = { ...its.environment, AWSH_BACKEND: 'file', AWSH_FILE_PASSPHRASE: 'correct horse' };
      const { status, err } = await runHere(['import', '--all', '--yes'], environment);
      expect(err).toMatch(
        /keyring "awsvault" cannot be read\n {2}why: {2}it is locked, and has a password of its/,
      );
      expect(err).toMatch(/^awsh: stored 1 access key .*: plain$/m);
      expect(err).not.toContain('gnome-keyring-daemon');
      expect(status).toBe(12);
    });

    test('a locked keyring: exit 5, and no window opens', async () => {
      const environment = { ...service.environment, AWS_VAULT_SECRET_SERVICE_COLLECTION_NAME: 'login' };
      service.lock();
      await expect(readAwsVaultKeyring(environment, new Date(0))).rejects.toMatchObject({
        exitStatus: 5,
        why: 'it is locked',
        next: expect.stringContaining('gnome-keyring-daemon --replace --unlock'),
      });
    });
  },
);

test('without a session bus, the error names it', async () => {
  await expect(readAwsVaultKeyring({}, new Date(0))).rejects.toMatchObject({
    exitStatus: 5,
    why: 'there is no session bus',
  });
});
