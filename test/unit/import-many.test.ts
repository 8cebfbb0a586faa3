import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importHome, plainText, sample } from '../support/import-homes.ts';

test('ten thousand keys in, ten thousand out', { timeout: 180_000 }, async () => {
  const home = importHome();
  const names = Array.from({ length: 10_000 }, (_, at) => `profile${at}`);
  home.write('.aws/credentials', names.map((name) => plainText(name)).join(''));
  const { status, err } = await home.run('import', '--all', '--yes');
  expect(err).toContain('stored 10000 access keys (file backend, verified): profile0, ');
  expect(err).toContain('removed 10000 access keys from ~/.aws/credentials');
  expect(status).toBe(0);
  expect(home.read('.aws/credentials')).toBe(names.map((name) => `[${name}]\n`).join(''));
  expect(readdirSync(join(home.path, '.local/share/awsh/vault'))).toHaveLength(10_001);
  const stored = await home.stored(...names);
  const wrong = names.filter((name) => stored[name] !== `${sample(name).id} ${sample(name).secret}`);
  expect(wrong).toEqual([]);
  expect((await home.run('list', '--credentials')).out).toBe(`${names.join('\n')}\n`);
});
