import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { importHome, plainText, sample } from '../support/import-homes.ts';

const count = Number(process.env.TEST_KEYS ?? 2_000);

test('awsh import stores thousands of keys and removes them from the file', {
  timeout: 600_000,
}, async () => {
  const home = importHome();
  const names = Array.from({ length: count }, (_, at) => `profile${at}`);
  home.write('.aws/credentials', names.map((name) => plainText(name)).join(''));
  const { status, err } = await home.run('import', '--all', '--yes');
  expect(err).toContain(`stored ${count} access keys (file backend, verified): profile0, `);
  expect(err).toContain(`removed ${count} access keys from ~/.aws/credentials`);
  expect(status).toBe(0);
  expect(home.read('.aws/credentials')).toBe(names.map((name) => `[${name}]\n`).join(''));
  expect(readdirSync(join(home.path, '.local/share/awsh/vault'))).toHaveLength(count + 1);
  const stored = await home.stored(...names);
  const wrong = names.filter((name) => stored[name] !== `${sample(name).id} ${sample(name).secret}`);
  expect(wrong).toEqual([]);
  expect((await home.run('list', '--credentials')).out).toBe(`${names.join('\n')}\n`);
});
