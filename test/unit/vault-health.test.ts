import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appPaths, Secret, systemClock } from '../../src/system/index.ts';
import { examineBackend, openVault, type VaultSettings } from '../../src/vault/index.ts';
import { nobodyThere } from '../support/fake-prompter.ts';
import { has } from '../support/programs.ts';
import { startSecretService } from '../support/secret-service.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

const file: VaultSettings = {
  backend: 'file',
  backendWhy: 'it was named',
  filePassphrase: new Secret('passphrase'),
};

function open(home: TemporaryHome, settings: VaultSettings = file, environment = home.environment) {
  const options = {
    paths: appPaths(home.environment),
    settings,
    environment,
    prompter: nobodyThere(),
    clock: systemClock,
    notify: (line: string) => {
      throw new Error(`told: ${line}`);
    },
  };
  return { vault: openVault(options), health: () => examineBackend(options) };
}

const key = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: new Secret('CANARY'),
  added: new Date('2026-03-01T10:00:00Z'),
};

/** A home with keys of these profiles in encrypted files. */
async function stored(...profiles: string[]) {
  const home = temporaryHome();
  const { vault, health } = open(home);
  for (const profile of profiles) await vault.storeAccessKey(profile, key);
  const data = join(home.path, '.local/share/awsh');
  return { home, health, data, vaultFolder: join(data, 'vault'), index: join(data, 'index.json') };
}

/** Every path below the folder with its content and its time. */
function snapshot(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => {
    const stat = statSync(join(folder, name));
    return `${name} ${stat.mtimeMs} ${stat.isFile() ? readFileSync(join(folder, name), 'latin1') : ''}`;
  });
}

describe('encrypted files', () => {
  it('are healthy before there are any, and nothing is created', async () => {
    const home = temporaryHome();
    expect(await open(home).health()).toEqual({
      name: 'file',
      why: 'it was named',
      fault: null,
      missing: [],
      unknownKeys: 0,
      indexIsDamaged: false,
      elsewhere: [],
    });
    expect(readdirSync(home.path)).toEqual(['run']);
  });

  it('are healthy with keys in them, whatever their names, and stay unchanged', async () => {
    const { home, health } = await stored('work', 'Ärger & Söhne/x', 'l'.repeat(250));
    const before = snapshot(home.path);
    expect(await health()).toMatchObject({ fault: null, missing: [], unknownKeys: 0 });
    expect(snapshot(home.path)).toEqual(before);
  });

  it('have a fault without their key file', async () => {
    const { health, vaultFolder } = await stored('work');
    rmSync(join(vaultFolder, 'vault.key'));
    expect((await health()).fault).toMatchObject({ exitStatus: 5, why: expect.stringMatching(/missing/) });
  });

  it('have a fault with a changed key file', async () => {
    const { health, vaultFolder } = await stored('work');
    writeFileSync(join(vaultFolder, 'vault.key'), 'hello', { mode: 0o600 });
    expect((await health()).fault).toMatchObject({ why: 'it is cut short or overwritten' });
  });

  it('have a fault if others can access them', async () => {
    const { health, vaultFolder } = await stored('work');
    chmodSync(vaultFolder, 0o755);
    expect((await health()).fault).toMatchObject({ why: 'other users can enter it' });
  });

  it('have a fault if one was removed', async () => {
    const { health, vaultFolder } = await stored('work', 'home');
    rmSync(join(vaultFolder, 'access-key.work.jwe'));
    expect(await health()).toMatchObject({ missing: ['work'], unknownKeys: 0 });
  });

  it('have a fault without the index', async () => {
    const { health, index } = await stored('work', 'home');
    rmSync(index);
    expect(await health()).toMatchObject({ unknownKeys: 2, indexIsDamaged: false });
  });

  it('have a fault with an unreadable index', async () => {
    const { health, index } = await stored('work');
    writeFileSync(index, '{', { mode: 0o600 });
    expect(await health()).toMatchObject({ unknownKeys: 1, indexIsDamaged: true });
  });
});

it('report keys in a backend that is not in use', async () => {
  const { home } = await stored('work', 'home');
  const health = await open(home, { backend: 'keychain', backendWhy: 'it was named' }).health();
  expect(health).toMatchObject({ name: 'keychain', elsewhere: [{ name: 'file', keys: 2 }] });
});

describe('pass', () => {
  const settings: VaultSettings = { backend: 'pass', backendWhy: 'it was named' };
  /** A PATH with programs that must not be run. */
  const withPrograms = (home: TemporaryHome, ...names: string[]) => {
    for (const name of names) home.write(`bin/${name}`, '#!/bin/sh\nexit 99\n', 0o755);
    mkdirSync(join(home.path, 'bin'), { recursive: true });
    return { ...home.environment, PATH: join(home.path, 'bin') };
  };

  it.each([
    ['pass is missing', ['gpg'], false, 'the program pass was not found'],
    ['gpg is missing', ['pass'], true, 'the program gpg was not found'],
    ['it was not set up', ['pass', 'gpg'], false, 'the password store was not set up yet'],
  ])('%s', async (_, programs, isSetUp, what) => {
    const home = temporaryHome();
    if (isSetUp) home.write('.password-store/.gpg-id', 'me');
    expect((await open(home, settings, withPrograms(home, ...programs)).health()).fault).toMatchObject({
      what,
    });
  });

  it('is healthy, and not run', async () => {
    const home = temporaryHome();
    home.write('.password-store/.gpg-id', 'me');
    home.write('.password-store/awsh/access-key.work.gpg', 'x');
    const health = await open(home, settings, withPrograms(home, 'pass', 'gpg')).health();
    expect(health).toMatchObject({ fault: null, unknownKeys: 1 });
  });
});

describe('the keychain', () => {
  const settings: VaultSettings = { backend: 'keychain', backendWhy: 'it was named' };

  it('is missing', async () => {
    const home = temporaryHome();
    const environment = { ...home.environment, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere' };
    expect((await open(home, settings, environment).health()).fault).toMatchObject({
      what: 'the keychain cannot be used',
      exitStatus: 5,
    });
  });

  it.skipIf(!has('gnome-keyring-daemon', 'dbus-run-session'))('is locked, and then is not', async () => {
    const home = temporaryHome();
    const service = await startSecretService(home);
    const { health } = open(home, settings, service.environment);
    expect((await health()).fault).toBeNull();
    service.lock();
    expect((await health()).fault).toMatchObject({ what: 'the keychain is locked' });
  });
});
