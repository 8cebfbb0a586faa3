import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileCache, FileMarks } from '../../src/agent/file-cache.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/** True while the file system stores whole seconds only, as some network file systems do. */
let wholeSeconds = false;
const realStatSync = fs.statSync;

/**
 * Like Node's stat, with a clock of one tick a second: at its beginning, or half a second later.
 */
function statSync(path: string, options: fs.StatSyncOptions): fs.Stats | undefined {
  const stat = realStatSync(path, { ...options, throwIfNoEntry: false, bigint: false });
  const second = stat === undefined ? 0 : Math.floor(stat.ctimeMs / 1000) * 1000;
  const tick = wholeSeconds ? second : second + 500;
  return stat && Object.assign(stat, { ctimeMs: tick, mtimeMs: tick });
}

let file = '';

beforeEach(() => {
  file = join(temporaryHome().path, 'config');
  fs.writeFileSync(file, 'one');
  vi.spyOn(fs, 'statSync').mockImplementation(statSync as typeof fs.statSync);
  syncBuiltinESMExports();
  vi.useFakeTimers({ toFake: ['Date'] });
});

afterEach(() => {
  wholeSeconds = false;
  vi.useRealTimers();
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

/** Sets the clock to this many milliseconds after the last change of the file. */
function waitAfterChange(ms: number): void {
  vi.setSystemTime(new Date(Math.ceil(fs.statSync(file).ctimeMs) + ms));
}

describe('FileMarks', () => {
  it.each([
    ['was changed just now', false, 50, false],
    ['was changed a tenth of a second ago', false, 150, true],
    ['was changed a second ago, on a disk that keeps whole seconds', true, 1500, false],
    ['was changed two seconds ago, on a disk that keeps whole seconds', true, 2500, true],
    ['was changed in the future', false, -5000, true],
  ])('of a file that %s', (_, onWholeSeconds, ms, isSettled) => {
    wholeSeconds = onWholeSeconds;
    waitAfterChange(ms);
    expect(new FileMarks([file]).settled).toBe(isSettled);
    expect(new FileMarks([`${file}.missing`, file]).settled).toBe(isSettled);
  });

  it('of a missing file are settled, and hold until there is a file', () => {
    const marks = new FileMarks([`${file}.missing`]);
    expect(marks.settled).toBe(true);
    expect(marks.hold()).toBe(true);
    fs.writeFileSync(`${file}.missing`, '');
    expect(marks.hold()).toBe(false);
  });
});

describe('FileCache', () => {
  const read = () => fs.readFileSync(file, 'utf8');

  it('reads again what was changed twice within one tick of the clock', () => {
    const cache = new FileCache<string>();
    waitAfterChange(50);
    expect(cache.get([file], read)).toBe('one');
    fs.writeFileSync(file, 'two');
    expect(cache.get([file], read)).toBe('two');
  });

  it('keeps a value until the file changes', () => {
    const cache = new FileCache<string>();
    const made = vi.fn(read);
    waitAfterChange(150);
    for (const _ of [1, 2]) expect(cache.get([file], made)).toBe('one');
    expect(made).toHaveBeenCalledTimes(1);
    fs.writeFileSync(file, 'longer');
    expect(cache.get([file], made)).toBe('longer');
  });

  it('keeps values made in different ways apart', () => {
    const cache = new FileCache<string>();
    waitAfterChange(150);
    expect(cache.get([file], () => 'plain')).toBe('plain');
    expect(cache.get([file], () => 'variant', 'sealed')).toBe('variant');
    expect(cache.get([file], () => 'never')).toBe('plain');
  });
});
