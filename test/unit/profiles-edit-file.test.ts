import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import {
  addProfile,
  editAwsFile,
  editableConfig,
  editableCredentials,
  profileNames,
  readAwsFiles,
  removeKey,
  setKey,
} from '../../src/profiles/index.ts';
import { appPaths, withLock } from '../../src/system/index.ts';
import { bundledScript } from '../support/bundled-script.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';
import { runUnprivileged } from '../support/unprivileged.ts';

function configOf(home: TemporaryHome) {
  return editableConfig(appPaths(home.environment));
}

const mode = (path: string) => (fs.statSync(path).mode & 0o7777).toString(8);

describe('adding a profile to ~/.aws/config', () => {
  it('creates the file, 0600, and its folder, 0700', async () => {
    const home = temporaryHome();
    expect(await addProfile(configOf(home), 'dev', { region: 'eu-west-1' })).toBe(true);
    const config = join(home.path, '.aws/config');
    expect(fs.readFileSync(config, 'utf8')).toBe('[profile dev]\nregion = eu-west-1\n');
    expect([mode(config), mode(join(home.path, '.aws'))]).toEqual(['600', '700']);
  });

  it('does nothing if the profile exists', async () => {
    const home = temporaryHome();
    const config = home.write('.aws/config', '[profile dev]\n');
    const before = fs.statSync(config).ino;
    expect(await addProfile(configOf(home), 'dev', { region: 'eu-west-1' })).toBe(false);
    expect(fs.statSync(config).ino).toBe(before);
  });

  it('keeps the mode of a file that others may read', async () => {
    const home = temporaryHome();
    const config = home.write('.aws/config', '');
    fs.chmodSync(config, 0o644);
    await addProfile(configOf(home), 'dev', {});
    expect(mode(config)).toBe('644');
  });

  it('writes through links and keeps them', async () => {
    const home = temporaryHome();
    const target = home.write('dotfiles/aws-config', '# mine\n');
    fs.mkdirSync(join(home.path, '.aws'));
    fs.symlinkSync('../dotfiles/link', join(home.path, '.aws/config'));
    fs.symlinkSync('aws-config', join(home.path, 'dotfiles/link'));
    await addProfile(configOf(home), 'dev', {});
    expect(fs.readlinkSync(join(home.path, '.aws/config'))).toBe('../dotfiles/link');
    expect(fs.readlinkSync(join(home.path, 'dotfiles/link'))).toBe('aws-config');
    expect(fs.readFileSync(target, 'utf8')).toBe('# mine\n\n[profile dev]\n');
    expect(fs.readdirSync(join(home.path, 'dotfiles')).sort()).toEqual(['aws-config', 'link']);
  });

  it('creates the file that a link leads to', async () => {
    const home = temporaryHome();
    fs.mkdirSync(join(home.path, '.aws'));
    fs.symlinkSync('../dotfiles/config', join(home.path, '.aws/config'));
    await addProfile(configOf(home), 'dev', {});
    expect(fs.readFileSync(join(home.path, 'dotfiles/config'), 'utf8')).toBe('[profile dev]\n');
    expect(fs.lstatSync(join(home.path, '.aws/config')).isSymbolicLink()).toBe(true);
  });

  it('keeps bytes that are not UTF-8', async () => {
    const home = temporaryHome();
    const config = home.write('.aws/config', Buffer.from('efbbbf2320ff800d0a', 'hex'));
    await addProfile(configOf(home), 'dev', {});
    expect(fs.readFileSync(config).toString('hex')).toBe(
      `efbbbf2320ff800d0a${Buffer.from('\r\n[profile dev]\r\n').toString('hex')}`,
    );
  });

  it('loses nothing if four programs add ten each', async () => {
    const home = temporaryHome();
    const script = bundledScript(
      home,
      `import { addProfile, editableConfig } from './src/profiles/index.ts';
       import { appPaths } from './src/system/index.ts';
       const config = editableConfig(appPaths(process.env));
       for (let n = 0; n < 10; n++) await addProfile(config, process.argv[2] + n, { region: 'eu-west-1' });`,
    );
    const run = promisify(execFile);
    await Promise.all(
      ['a', 'b', 'c', 'd'].map((it) => run(process.execPath, [script, it], { env: home.environment })),
    );
    expect(profileNames(readAwsFiles(appPaths(home.environment)))).toHaveLength(40);
  });

  it('waits for the holder of the lock', async () => {
    const home = temporaryHome();
    const path = home.write('.aws/config', '');
    const config = configOf(home);
    let pending: Promise<boolean> | null = null;
    await withLock(config.lock, { timeoutMs: 0, staleMs: 60_000 }, async () => {
      pending = addProfile(config, 'dev', {});
      await sleep(100);
      expect(fs.readFileSync(path, 'utf8')).toBe('');
    });
    expect(await pending).toBe(true);
  });
});

describe('an edit that cannot be made', () => {
  it.each([
    ['a folder', (path: string) => fs.mkdirSync(path), 'it is not a plain file'],
    [
      'a link in a circle',
      (path: string) => fs.symlinkSync('config', path),
      'its symbolic links form a loop',
    ],
  ])('%s in place of the file is not changed', async (_, make, why) => {
    const home = temporaryHome();
    fs.mkdirSync(join(home.path, '.aws'));
    make(join(home.path, '.aws/config'));
    await expect(addProfile(configOf(home), 'dev', {})).rejects.toMatchObject({ why });
  });

  it('a read-only file is not changed', () => {
    const home = temporaryHome();
    const config = home.write('.aws/config', '', 0o400);
    const { out, err } = runUnprivileged(
      home,
      `import { addProfile, editableConfig } from './src/profiles/index.ts';
       import { appPaths } from './src/system/index.ts';
       await addProfile(editableConfig(appPaths(process.env)), 'dev', {}).catch(({ why }) => console.log(why));`,
    );
    expect({ out, err }).toEqual({ out: 'it is read-only\n', err: '' });
    expect(fs.readFileSync(config, 'utf8')).toBe('');
  });

  it('a malformed section is unchanged, and does not stop an edit of another', async () => {
    const home = temporaryHome();
    const config = home.write('.aws/config', '[profile a\n');
    await expect(addProfile(configOf(home), 'a', {})).rejects.toMatchObject({
      what: `${config}:1 is malformed`,
      exitStatus: 2,
    });
    expect(fs.readFileSync(config, 'utf8')).toBe('[profile a\n');
    await addProfile(configOf(home), 'dev', {});
    expect(fs.readFileSync(config, 'utf8')).toBe('[profile a\n\n[profile dev]\n');
  });

  it('an edit that throws does not change the file, and releases the lock', async () => {
    const home = temporaryHome();
    const config = home.write('.aws/config', '[profile a]\n');
    const fail = editAwsFile(configOf(home), () => {
      throw new Error('no');
    });
    await expect(fail).rejects.toThrow('no');
    expect(await addProfile(configOf(home), 'b', {})).toBe(true);
    expect(fs.readFileSync(config, 'utf8')).toBe('[profile a]\n\n[profile b]\n');
  });
});

it('removes only keys from ~/.aws/credentials', async () => {
  const home = temporaryHome();
  const path = home.write(
    '.aws/credentials',
    '# mine\n[dev]\naws_access_key_id = A\naws_secret_access_key = S\nregion = x\n',
  );
  const dev = { kind: 'profile', name: 'dev' } as const;
  await editAwsFile(editableCredentials(appPaths(home.environment)), (text) =>
    setKey(
      removeKey(removeKey(text, dev, 'aws_access_key_id'), dev, 'aws_secret_access_key'),
      dev,
      'region',
      'y',
    ),
  );
  expect(fs.readFileSync(path, 'utf8')).toBe('# mine\n[dev]\nregion = y\n');
});
