import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

/** The line in ARCHITECTURE.md: a folder may import those further right, through their index.ts. */
const picture = /^`(entry → .*)`$/m.exec(
  readFileSync(resolve(import.meta.dirname, '../../ARCHITECTURE.md'), 'utf8'),
);
const groups = (picture?.[1] ?? '').split(' → ').map((group) => group.replace(/[{}]/g, '').split(', '));
const floors = Object.fromEntries(
  groups.flatMap((folders, index) => folders.map((folder) => [folder, groups.length - index])),
);

/**
 * Packages that take milliseconds to load: a file that is imported statically must not import them
 * statically.
 */
const heavy = ['@aws-sdk/', 'keytar', 'jose', 'execa', 'chalk', '@clack/prompts', '@lydell/node-pty'];

const source = resolve(import.meta.dirname, '../../src');

const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

interface Import {
  from: string;
  target: string;
  typeOnly: boolean;
  lazy: boolean;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(source, file), 'utf8');
  const found = text.matchAll(
    /^(?:import|export)\s(type\s)?[^;'"]*?from\s+'([^']+)'|\bimport\(\s*'([^']+)'/gm,
  );
  return [...found].map((match) => ({
    from: file,
    target: match[2] ?? match[3] ?? '',
    typeOnly: match[1] !== undefined,
    lazy: match[3] !== undefined,
  }));
}

const all = files.flatMap(importsOf);
const folderOf = (path: string) => path.split('/')[0] ?? '';
const local = all
  .filter(({ target }) => target.startsWith('.'))
  .map((entry) => ({ ...entry, path: relative(source, resolve(source, dirname(entry.from), entry.target)) }));
const show = (rows: { from: string; target: string }[]) =>
  rows.map((row) => `${row.from} imports ${row.target}`);

it('the picture in ARCHITECTURE.md has every folder, and no other', () => {
  expect(Object.keys(floors).sort()).toEqual([...new Set(files.map(folderOf))].sort());
});

it('folders import only downward', () => {
  const upward = local.filter(({ from, path, typeOnly }) => {
    const here = folderOf(from);
    const there = folderOf(path);
    if (here === there) return false;
    const [a = 0, b = 0] = [floors[here], floors[there]];
    return !(b < a || (typeOnly && a === b));
  });
  expect(show(upward)).toEqual([]);
});

it('imports from another folder use its index', () => {
  const sideways = local.filter(({ from, path }) => {
    const [here, there] = [folderOf(from), folderOf(path)];
    return here !== there && here !== 'entry' && !/\/index\.ts$/.test(path);
  });
  expect(show(sideways)).toEqual([]);
});

it('there is no import cycle', () => {
  const next = new Map<string, string[]>();
  for (const { from, path, typeOnly, lazy } of local) {
    if (!typeOnly && !lazy) next.set(from, [...(next.get(from) ?? []), path]);
  }
  const done = new Set<string>();
  const walk = (file: string, trail: string[]): string | null => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file].join(' -> ');
    if (done.has(file)) return null;
    done.add(file);
    for (const target of next.get(file) ?? []) {
      const cycle = walk(target, [...trail, file]);
      if (cycle !== null) return cycle;
    }
    return null;
  };
  expect(files.map((file) => walk(file, [])).filter(Boolean)).toEqual([]);
});

it('heavy packages are loaded only where they are used', () => {
  const eager = all.filter(
    ({ target, typeOnly, lazy }) =>
      !typeOnly && !lazy && heavy.some((name) => target === name || target.startsWith(name)),
  );
  const onlyLazy = eager.filter(({ from }) =>
    local.some(({ path, lazy, typeOnly }) => path === from && !lazy && !typeOnly),
  );
  expect(show(onlyLazy)).toEqual([]);
});

it('no file exports a variable that changes, which dist/main.cjs would not notice', () => {
  const changing = files.filter((file) => /^export let /m.test(readFileSync(join(source, file), 'utf8')));
  expect(changing).toEqual([]);
});

it('each folder states its purpose', () => {
  const faces = [...new Set(files.map(folderOf))].filter((folder) => !['entry', 'commands'].includes(folder));
  const silent = faces.filter((folder) => {
    const text = readFileSync(join(source, folder, 'index.ts'), 'utf8');
    return !text.replace(/^\/\*\*\n \*/, '/**').startsWith(`/** ${folder}: `);
  });
  expect(silent).toEqual([]);
});
