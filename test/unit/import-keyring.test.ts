import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readAwsVaultKeyring } from '../../src/moving/index.ts';
import { appPaths } from '../../src/system/index.ts';
import { sample } from '../support/import-homes.ts';
import { has } from '../support/programs.ts';
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

const credential = (name: string) => ({ AccessKeyID: sample(name).id, SecretAccessKey: sample(name).secret });
const session = { AccessKeyId: 'ASIAIOSFODNN7EXAMPLE', SecretAccessKey: 's', SessionToken: 't' };

describe.skipIf(!has('dbus-run-session', 'gnome-keyring-daemon'))(
  'aws-vault’s keyring in a real gnome-keyring',
  () => {
    let home: TemporaryHome;
    let service: TestSecretService;

    beforeAll(async () => {
      home = temporaryHome({ keep: true });
      const header =
        '[keyring]\ndisplay-name=awsvault\nctime=0\nmtime=0\nlock-on-idle=false\nlock-after=false\n';
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
