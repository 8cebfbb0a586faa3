import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageFolder } from '../test/support/sandbox-shell.ts';
import { leastProcessorTime, type TimedWithEnvironment } from './timing.ts';

/*
 * Measures each part that the build or the program has only to start faster: the processor time of
 * a verb without it, as a percentage of the time with it. A part worth less than 5 % should be
 * removed.
 */

const pieces = ['lazy-parts', 'builtin-modules', 'late-modules'] as const;

/** Parts of the source: what replaces them. */
const edits: Readonly<Record<string, { file: string; from: string; to: string }>> = {
  'plain-text-width': {
    file: 'src/system/text-width.ts',
    from: '/^[ -~]*$/.test(text) ? text.length : ',
    to: '',
  },
  'descriptor-stream': {
    file: 'src/entry/main.ts',
    from: 'descriptorStream(1), descriptorStream(2)',
    to: 'process.stdout, process.stderr',
  },
};
const copied = ['bin', 'docs', 'scripts', 'shell', 'src', 'package.json', 'tsconfig.json'];

/** Builds a copy of the package in `folder`, without one of the pieces. Returns its launcher. */
async function build(folder: string, without: string | null): Promise<string> {
  mkdirSync(folder, { recursive: true });
  for (const name of copied) cpSync(join(packageFolder, name), join(folder, name), { recursive: true });
  symlinkSync(join(packageFolder, 'node_modules'), join(folder, 'node_modules'));
  const edit = edits[without ?? ''];
  if (edit !== undefined) replaceIn(join(folder, edit.file), edit);
  const options = without === null || edit !== undefined ? [] : ['--without', without];
  await execa(process.execPath, ['scripts/build.mjs', ...options], { cwd: folder });
  return join(folder, 'bin/awsh');
}

function replaceIn(file: string, { from, to }: { from: string; to: string }): void {
  const text = readFileSync(file, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} lacks ${from}`);
  writeFileSync(file, text.replace(from, to));
}

/** `environment` is that of a home whose keyring has a session for the profile dev. */
export async function timePieces(folder: string, environment: Record<string, string>): Promise<void> {
  const verbs = {
    export: ['export', 'dev', '--format', 'json'],
    list: ['list'],
    explain: ['explain', 'dev'],
  };
  const builds = new Map<string, string>();
  for (const name of ['all', ...pieces, ...Object.keys(edits)]) {
    builds.set(name, await build(join(folder, name), name === 'all' ? null : name));
  }
  for (const [verb, words] of Object.entries(verbs)) {
    // Each has its own compiled code.
    const runs: TimedWithEnvironment[] = [...builds].map(([name, launcher]) => ({
      name,
      command: [launcher, ...words],
      environment: { ...environment, XDG_CACHE_HOME: join(folder, `cache-${name}`) },
    }));
    const all = runs[0];
    // With this variable, src/vault/pipe-binding.ts uses node:net.
    if (all)
      runs.push({
        ...all,
        name: 'pipe-binding',
        environment: { ...all.environment, NODE_PENDING_DEPRECATION: '1' },
      });
    const times = leastProcessorTime(runs, 20);
    const whole = times.get('all') ?? Number.NaN;
    const figures = [...times]
      .filter(([name]) => name !== 'all')
      .map(([name, time]) => `${name} ${(100 * (time / whole - 1)).toFixed(0)} %`);
    console.log(`awsh ${verb}, processor time more without: ${figures.join(', ')}`);
  }
  rmSync(folder, { recursive: true, force: true });
}
