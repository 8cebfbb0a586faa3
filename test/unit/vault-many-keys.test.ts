import { expect, test } from 'vitest';
import { Secret } from '../../src/system/index.ts';
import type { BackendRecords } from '../../src/vault/index-format.ts';
import type { KeysLock } from '../../src/vault/keys-lock.ts';
import type { OpenBackend } from '../../src/vault/open-backend.ts';
import type { Backend } from '../../src/vault/records.ts';
import { StoredKeys } from '../../src/vault/stored-keys.ts';

/**
 * A backend in memory that behaves differently for the third item, and an index that counts its
 * writes.
 */
function machine(third: (items: Map<string, Secret>, item: string, value: Secret) => void) {
  const items = new Map<string, Secret>();
  let count = 0;
  const backend: Backend = {
    name: 'file',
    get: async (item) => items.get(item) ?? null,
    set: async (item, value) => {
      count += 1;
      if (count === 3) third(items, item, value);
      else items.set(item, value);
    },
    delete: async (item) => items.delete(item),
  };
  const records: BackendRecords = { keys: [], sessions: [] };
  const index = { writes: 0 };
  const open = {
    backend: async () => backend,
    records: () => records,
    allRecords: () => records,
    update: async (change: (records: BackendRecords) => void) => {
      index.writes += 1;
      change(records);
    },
  } as unknown as OpenBackend;
  const lock = { hold: <T>(work: () => Promise<T>) => work() } as KeysLock;
  return { keys: new StoredKeys(open, lock, () => {}), records, index };
}

const named = (profile: string) => ({
  profile,
  key: {
    accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
    secretAccessKey: new Secret(`of ${profile}`),
    added: new Date(0),
  },
});
const some = ['a', 'b', 'c', 'd'].map(named);

test.each([
  ['fails', () => expect.fail('the disk is full'), 'the disk is full'],
  ['keeps nothing, and says nothing', () => {}, 'did not keep what was stored'],
  [
    'keeps something else',
    (items: Map<string, Secret>, item: string) => void items.set(item, new Secret('else')),
    'did not keep what was stored',
  ],
])(
  'a backend that %s at the third key: the two before it are stored and indexed, and no more are reported',
  async (_, third, what) => {
    const { keys, records } = machine(third);
    const told: string[] = [];
    await expect(keys.storeAll(some, ({ profile }) => void told.push(profile))).rejects.toThrow(what);
    expect(told).toEqual(['a', 'b']);
    expect(records.keys.map(({ profile }) => profile)).toEqual(['a', 'b']);
  },
);

test('a key that cannot be stored is refused before any is', async () => {
  const { keys, records } = machine(() => {});
  await expect(keys.storeAll([named('a'), named('b\u001b[2J')])).rejects.toMatchObject({ exitStatus: 2 });
  expect(records.keys).toEqual([]);
});

test('storing two thousand keys writes the index four times', async () => {
  const { keys, index, records } = machine((items, item, value) => void items.set(item, value));
  await keys.storeAll(Array.from({ length: 2000 }, (_, at) => named(`profile${at}`)));
  expect(index.writes).toBe(4);
  expect(records.keys).toHaveLength(2000);
});
