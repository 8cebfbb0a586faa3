import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { othersCanExchange, othersCanExchangeFileOf } from '../../src/directory/index.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const isRoot = process.getuid?.() === 0;

let home = '';
const at = (...names: string[]) => join(home, ...names);

/** A folder with this mode below the temporary home. */
function folder(name: string, mode = 0o755): string {
  mkdirSync(at(name), { recursive: true });
  chmodSync(at(name), mode);
  return at(name);
}

function file(name: string): string {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), 'dev\n');
  return at(name);
}

function link(name: string, target: string): string {
  mkdirSync(dirname(at(name)), { recursive: true });
  symlinkSync(target, at(name));
  return at(name);
}

/**
 * `own`, and `open` and `sticky`, which all can write to, with files beside the one that is
 * checked.
 */
beforeEach(() => {
  home = temporaryHome().path;
  chmodSync(home, 0o755);
  folder('open', 0o777);
  folder('sticky', 0o1777);
  folder('own');
  for (const name of ['real', 'own/real', 'open/real', 'open/in/.awsprofile']) file(name);
});

describe('othersCanExchange', () => {
  it.each<[string, () => string, boolean]>([
    ['in folders of the user', () => file('own/.awsprofile'), false],
    ['that is not there', () => at('own', '.awsprofile'), false],
    ['in a folder that is not there', () => at('gone', '.awsprofile'), true],
    ['in a folder that all can write to', () => at('open', '.awsprofile'), true],
    ['in a sticky folder, as /tmp', () => at('sticky', '.awsprofile'), false],
    ['below a folder that all can write to', () => at('open', 'in', '.awsprofile'), true],
    ['by a link in the same folder', () => link('own/.awsprofile', 'real'), false],
    ['by a link to its whole path', () => link('own/.awsprofile', at('real')), false],
    ['by a link to the folder above', () => link('own/.awsprofile', '../real'), false],
    [
      'by a link into a folder that all can write to',
      () => link('own/.awsprofile', at('open', 'real')),
      true,
    ],
    ['by a relative link into such a folder', () => link('own/.awsprofile', '../open/real'), true],
    [
      'by a link through such a folder, and out of it',
      () => link('own/.awsprofile', '../open/../real'),
      true,
    ],
    ['by a link that leads to itself', () => link('own/.awsprofile', '.awsprofile'), true],
  ])('of a file %s', (_, make, expected) => {
    expect(othersCanExchange(make())).toBe(expected);
  });

  it.each([
    [40, false],
    [41, true],
  ])('of a file by %i links, of which the system follows 40', (count, expected) => {
    let path = at('own', 'real');
    for (let made = 0; made < count; made += 1) path = link(`own/link-${made}`, path);
    expect(othersCanExchange(path)).toBe(expected);
  });

  it.runIf(isRoot)('of a file below a folder, or by a link, of another user', () => {
    const path = file('theirs/.awsprofile');
    expect(othersCanExchange(path)).toBe(false);
    chownSync(at('theirs'), 65534, 65534);
    expect(othersCanExchange(path)).toBe(true);
  });
});

describe('othersCanExchangeFileOf', () => {
  it('checks the current folder as well as the file’s', () => {
    const path = file('.awsprofile');
    const inside = folder('in');
    expect(othersCanExchangeFileOf(inside, path)).toBe(false);
    chmodSync(inside, 0o777);
    expect(othersCanExchangeFileOf(inside, path)).toBe(true);
    expect(othersCanExchangeFileOf(inside, null)).toBe(true);
    expect(othersCanExchangeFileOf(home, path)).toBe(false);
  });

  it('checks the folders of a link in place of the file', () => {
    const path = link('.awsprofile', 'open/real');
    expect(othersCanExchangeFileOf(at('own'), null)).toBe(false);
    expect(othersCanExchangeFileOf(at('own'), path)).toBe(true);
  });
});
