import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Emulator } from '../../../src/demo/emulator/index.ts';
import { temporaryEmulator } from '../../support/emulator.ts';
import { type ImportHome, importHome } from '../../support/import-homes.ts';

/** The files below the home that contain one of these texts. */
function filesWith(home: ImportHome, texts: readonly string[]): string[] {
  return readdirSync(home.path, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(home.path, name)).isFile())
    .filter((name) => texts.some((text) => readFileSync(join(home.path, name), 'latin1').includes(text)));
}

const secretsOf = ({ cloud }: Emulator) =>
  cloud.users.flatMap(({ keys }) => keys.map(({ secret }) => secret));

async function homeOfJane() {
  const emulator = await temporaryEmulator();
  const user = emulator.addUser({ account: '111122223333', name: 'jane' });
  const home = importHome();
  home.write('.aws/config', `[profile jane]\nregion = eu-west-1\nendpoint_url = ${emulator.url}\n`);
  home.write(
    '.aws/credentials',
    `[jane]\naws_access_key_id = ${user.accessKeyId}\naws_secret_access_key = ${user.secretAccessKey}\n`,
  );
  return { emulator, home };
}

test('import: afterwards the secret is in no file and in no printed line', async () => {
  const { emulator, home } = await homeOfJane();
  const secrets = secretsOf(emulator);
  expect(filesWith(home, secrets)).toEqual(['.aws/credentials']);
  const answers = [
    await home.run('import', '--dry-run', '--debug'),
    await home.run('import', '--all', '--debug'),
    await home.run('import', '--all', '--yes', '--debug'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([0, 6, 0]);
  for (const { out, err } of answers) for (const secret of secrets) expect(out + err).not.toContain(secret);
  expect(filesWith(home, secrets)).toEqual([]);
});

test('rotate: neither the old secret nor the new one is exposed, whether it completes or is interrupted', async () => {
  const { emulator, home } = await homeOfJane();
  await home.run('import', '--all', '--yes');
  const secrets = new Set(secretsOf(emulator));
  const answers = [];
  for (const action of ['CreateAccessKey', 'GetCallerIdentity', 'DeleteAccessKey']) {
    const skip = action === 'GetCallerIdentity' ? 1 : 0;
    const behave = emulator.misbehave({ kind: 'refuse', action, skip });
    answers.push(await home.run('rotate', 'jane', '--debug'));
    behave();
    for (const secret of secretsOf(emulator)) secrets.add(secret);
    expect(filesWith(home, [...secrets])).toEqual([]);
  }
  answers.push(await home.run('rotate', 'jane', '--debug'));
  expect(answers.map(({ status }) => status)).toEqual([9, 9, 9, 0]);
  for (const { out, err } of answers) for (const secret of secrets) expect(out + err).not.toContain(secret);
  expect(secrets.size).toBe(2);
  expect(filesWith(home, [...secrets])).toEqual([]);
  for (const folder of ['rotations', 'vault']) {
    expect(statSync(join(home.path, '.local/share/awsh', folder)).mode & 0o777).toBe(0o700);
  }
});

test('rotate reports what it did, and rotate --all continues after a key that it could not rotate', async () => {
  const { emulator, home } = await homeOfJane();
  await home.run('import', '--all', '--yes');
  const joe = emulator.addUser({ account: '111122223333', name: 'joe' });
  home.write(
    '.aws/credentials',
    `[joe]\naws_access_key_id = ${joe.accessKeyId}\naws_secret_access_key = ${joe.secretAccessKey}\n`,
  );
  home.write(
    '.aws/config',
    ['jane', 'joe']
      .map((name) => `[profile ${name}]\nregion = eu-west-1\nendpoint_url = ${emulator.url}\n`)
      .join(''),
  );
  await home.run('import', '--all', '--yes');
  const jane = emulator.cloud.users[0];
  if (jane === undefined) throw new Error('there is jane');
  emulator.cloud.addKey(jane);
  const { status, out, err } = await home.run('rotate', '--all');
  expect({ status, out }).toEqual({ status: 12, out: '' });
  expect(err).toContain(`awsh: jane: ${jane.arn} has two access keys already`);
  expect(err).toMatch(/awsh: rotated the access key of joe: \*{4}\w{4} is deleted, \*{4}\w{4} is stored/);
  await home.run('remove', 'joe', '--force');
  expect((await home.run('rotate', '--all')).status).toBe(1);
  const none = await home.run('rotate', '--all', '--older-than', '90d');
  expect(none).toMatchObject({ status: 0, err: 'awsh: no stored key is that old\n' });
  expect((await home.run('rotate')).status).toBe(2);
});
