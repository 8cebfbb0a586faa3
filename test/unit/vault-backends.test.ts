import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../src/system/index.ts';
import { FileBackend } from '../../src/vault/file-backend.ts';
import { KeychainBackend } from '../../src/vault/keychain-backend.ts';
import { PassBackend } from '../../src/vault/pass-backend.ts';
import { passphraseKeySource } from '../../src/vault/passphrase.ts';
import type { Backend } from '../../src/vault/records.ts';
import { nobodyThere } from '../support/fake-prompter.ts';
import { makePasswordStore, stopPasswordStore } from '../support/password-store.ts';
import { has } from '../support/programs.ts';
import { startSecretService } from '../support/secret-service.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

interface Opened {
  backend: Backend;
  close: () => void;
}

const backends: { name: string; here: boolean; open: (home: TemporaryHome) => Promise<Opened> }[] = [
  {
    name: 'file',
    here: true,
    open: async (home) => {
      const place = { folder: join(home.path, 'vault'), lock: join(home.path, 'locks/key') };
      const keys = passphraseKeySource(place, new Secret('passphrase'), nobodyThere());
      return { backend: new FileBackend(place.folder, keys), close: () => {} };
    },
  },
  {
    name: 'keychain, a real gnome-keyring',
    here: has('dbus-run-session', 'gnome-keyring-daemon'),
    open: async (home) => {
      const { environment, stop } = await startSecretService(home);
      // libsecret reads the process's own environment.
      process.env.DBUS_SESSION_BUS_ADDRESS = environment.DBUS_SESSION_BUS_ADDRESS;
      return { backend: new KeychainBackend({ environment, canAsk: false, notify: () => {} }), close: stop };
    },
  },
  {
    name: 'pass, with a real gpg key',
    here: has('pass', 'gpg'),
    open: async (home) => {
      const environment = makePasswordStore(home);
      return { backend: new PassBackend({ environment }), close: () => stopPasswordStore(environment) };
    },
  },
];

const values = [
  { what: 'a short text', value: 'x' },
  { what: 'line ends and spaces at both ends', value: '\n  two\r\nlines \n\n' },
  { what: 'quotes, backslashes, percent signs and dollars', value: `"'\\%41%$HOME$(id)\`id\`` },
  { what: 'every kind of Unicode', value: 'é e\u0301 ß 日本語 \u{1F511}\u200d \u202e \ufeff' },
  { what: 'control characters', value: '\u0001\u0007\u001b[31m\u007f\u0085' },
  { what: 'JSON', value: JSON.stringify({ version: 1, secret: 'a/b+c=' }) },
  { what: '100 kB', value: 'k'.repeat(100_000) },
];

const names = [
  'access-key.dev',
  'access-key.Dev',
  'access-key.with space, and/slash\\',
  'access-key.../../../etc/passwd',
  'access-key.Zürich 東京',
  'access-key.$(touch pwned)',
  '-rf',
  '..',
  `access-key.${'long'.repeat(60)}1`,
  `access-key.${'long'.repeat(60)}2`,
];

describe.each(backends.filter((backend) => backend.here))('the backend $name', ({ open }) => {
  let home: TemporaryHome;
  let opened: Opened | undefined;
  let backend: Backend;

  beforeAll(async () => {
    home = temporaryHome({ keep: true });
    opened = await open(home);
    backend = opened.backend;
  });
  afterAll(() => {
    opened?.close();
    rmSync(home.path, { recursive: true, force: true });
  });

  test('has nothing that was never stored', async () => {
    expect(await backend.get('never stored')).toBeNull();
    expect(await backend.delete('never stored')).toBe(false);
  });

  test.each(values)('returns $what unchanged', async ({ value }) => {
    await backend.set('item', new Secret(value));
    expect((await backend.get('item'))?.reveal()).toBe(value);
  });

  test('keeps items apart, whatever their names', async () => {
    for (const name of names) await backend.set(name, new Secret(`value of ${name}`));
    for (const name of names) expect((await backend.get(name))?.reveal()).toBe(`value of ${name}`);
  });

  test('replaces a value', async () => {
    await backend.set('twice', new Secret('a long first value'));
    await backend.set('twice', new Secret('second'));
    expect((await backend.get('twice'))?.reveal()).toBe('second');
  });

  test('deletes only the given item', async () => {
    await backend.set('kept', new Secret('kept'));
    await backend.set('gone', new Secret('gone'));
    expect(await backend.delete('gone')).toBe(true);
    expect(await backend.get('gone')).toBeNull();
    expect(await backend.delete('gone')).toBe(false);
    expect((await backend.get('kept'))?.reveal()).toBe('kept');
  });

  test('keeps simultaneous writers apart', async () => {
    const items = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(items.map((item) => backend.set(item, new Secret(`of ${item}`))));
    const read = await Promise.all(items.map((item) => backend.get(item)));
    expect(read.map((secret) => secret?.reveal())).toEqual(items.map((item) => `of ${item}`));
  });
});
