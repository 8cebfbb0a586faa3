import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

/** A folder may import those of a lower floor, through their index.ts; ARCHITECTURE.md has the picture. */
const floors: Record<string, number> = {
  cli: 7,
  commands: 7,
  demo: 6,
  diagnosis: 6,
  agent: 5,
  'sign-in': 4,
  loading: 4,
  moving: 4,
  rotation: 4,
  serving: 4,
  sessions: 3,
  profiles: 2,
  directory: 2,
  vault: 2,
  prompt: 2,
  console: 2,
  shell: 2,
  settings: 2,
  programs: 1,
  system: 1,
};

/** Packages that cost milliseconds to load: never by a plain import from a file that is itself imported plainly. */
const heavy = [
  '@aws-sdk/',
  'keytar',
  'jose',
  'execa',
  'commander',
  'chalk',
  '@clack/prompts',
  '@lydell/node-pty',
];

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

it('has every folder on a floor', () => {
  expect([...new Set(files.map(folderOf))].filter((folder) => floors[folder] === undefined)).toEqual([]);
});

it('imports downward only', () => {
  const upward = local.filter(({ from, path, typeOnly }) => {
    const here = folderOf(from);
    const there = folderOf(path);
    if (here === there) return false;
    const [a = 0, b = 0] = [floors[here], floors[there]];
    const peers = a === 7 && b === 7;
    return !(b < a || peers || (typeOnly && a === b));
  });
  expect(show(upward)).toEqual([]);
});

it('enters another folder by its front door', () => {
  const sideways = local.filter(({ from, path }) => {
    const [here, there] = [folderOf(from), folderOf(path)];
    return (
      here !== there && here !== 'cli' && !['cli', 'commands'].includes(there) && !/\/index\.ts$/.test(path)
    );
  });
  expect(show(sideways)).toEqual([]);
});

it('has no import cycle', () => {
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

it('loads heavy packages only where they are used', () => {
  const eager = all.filter(
    ({ target, typeOnly, lazy }) =>
      !typeOnly && !lazy && heavy.some((name) => target === name || target.startsWith(name)),
  );
  const onlyLazy = eager.filter(({ from }) =>
    local.some(({ path, lazy, typeOnly }) => path === from && !lazy && !typeOnly),
  );
  expect(show(onlyLazy)).toEqual([]);
});

it('says what each folder is for', () => {
  const faces = [...new Set(files.map(folderOf))].filter((folder) => !['cli', 'commands'].includes(folder));
  const silent = faces.filter((folder) => {
    const first = readFileSync(join(source, folder, 'index.ts'), 'utf8').split('\n')[0] ?? '';
    return !first.startsWith(`/** ${folder}: `);
  });
  expect(silent).toEqual([]);
});
