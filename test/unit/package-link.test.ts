import { chmodSync, chownSync, mkdirSync, readlinkSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepPackageLink, linkPackage, packageLink, unlinkPackage } from '../../src/cli/package-link.ts';
import { appPaths } from '../../src/system/index.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

function packageIn(home: TemporaryHome, prefix: string, version = '1.0.0'): string {
  const folder = join(home.path, prefix, 'awsh');
  for (const file of ['bin/awsh', 'completions/_awsh', 'dist/awsh.cjs', 'shell/rc.bash']) {
    home.write(join(prefix, 'awsh', file), '', 0o644);
  }
  for (const name of ['', 'bin', 'completions', 'dist', 'shell']) chmodSync(join(folder, name), 0o755);
  home.write(join(prefix, 'awsh/package.json'), JSON.stringify({ name: 'awsh', version }));
  return folder;
}

const npm = (node: string) => `node/${node}/lib/node_modules`;

describe('the link from which new shells load awsh', () => {
  it('is created in a private folder, and replaced atomically', () => {
    const home = temporaryHome();
    const paths = appPaths(home.environment);
    const [a, b] = [packageIn(home, npm('a')), packageIn(home, npm('b'))];
    expect(linkPackage(paths, a)).toBe(true);
    expect(linkPackage(paths, a)).toBe(false);
    expect(linkPackage(paths, b)).toBe(true);
    expect(readlinkSync(packageLink(paths))).toBe(b);
    expect(statSync(paths.data).mode & 0o777).toBe(0o700);
    unlinkPackage(paths);
    unlinkPackage(paths);
    expect(() => readlinkSync(packageLink(paths))).toThrow();
    expect(statSync(b).isDirectory()).toBe(true);
  });

  it.each([
    ['a file that others can write', (folder: string) => chmodSync(join(folder, 'shell/rc.bash'), 0o666)],
    ['a folder that others can write', (folder: string) => chmodSync(join(folder, 'dist'), 0o777)],
  ])('is not created for %s', (_, spoil) => {
    const home = temporaryHome();
    const paths = appPaths(home.environment);
    const folder = packageIn(home, npm('a'));
    spoil(folder);
    expect(() => linkPackage(paths, folder)).toThrow('is not safe to load in every shell');
    expect(() => readlinkSync(packageLink(paths))).toThrow();
  });

  it.skipIf(process.getuid?.() !== 0)('is not created for a package of another user', () => {
    const home = temporaryHome();
    const folder = packageIn(home, npm('a'));
    chownSync(join(folder, 'bin/awsh'), 65534, 65534);
    expect(() => linkPackage(appPaths(home.environment), folder)).toThrow('is not safe');
  });

  it('is not created in a folder that others can access, nor over anything but a link', () => {
    const home = temporaryHome();
    const paths = appPaths(home.environment);
    const folder = packageIn(home, npm('a'));
    mkdirSync(paths.data, { recursive: true, mode: 0o755 });
    chmodSync(paths.data, 0o755);
    expect(() => linkPackage(paths, folder)).toThrow('is not safe');
    chmodSync(paths.data, 0o700);
    mkdirSync(packageLink(paths));
    expect(() => linkPackage(paths, folder)).toThrow('is in the way');
  });
});

describe('a command that has done its work', () => {
  const cases: [string, string, string, string, boolean][] = [
    ['an older version by another Node', npm('a'), '1.0.0', '1.1.0', true],
    ['the same version by another Node', npm('a'), '1.1.0', '1.1.0', false],
    ['a newer version by another Node', npm('a'), '1.10.0', '1.9.0', false],
  ];
  it.each(cases)('if the link leads to %s', (_, prefix, theirs, ours, moves) => {
    const home = temporaryHome();
    const paths = appPaths(home.environment);
    const [old, own] = [packageIn(home, prefix, theirs), packageIn(home, npm('b'), ours)];
    linkPackage(paths, old);
    keepPackageLink(paths, own);
    expect(readlinkSync(packageLink(paths))).toBe(moves ? own : old);
  });

  it.each([
    [npm('b'), true],
    ['.local/share/pnpm/global/5/node_modules', true],
    ['.config/yarn/global/node_modules', true],
    ['.bun/install/global/node_modules', true],
    ['project/node_modules', false],
    ['src', false],
  ])('points the link to itself if the old package is gone: %s %s', (prefix, moves) => {
    const home = temporaryHome();
    const paths = appPaths(home.environment);
    const [old, own] = [packageIn(home, npm('a')), packageIn(home, prefix)];
    linkPackage(paths, old);
    rmSync(old, { recursive: true });
    keepPackageLink(paths, own);
    expect(readlinkSync(packageLink(paths))).toBe(moves ? own : old);
  });

  it('creates no link if there was none, and follows none that another user has created', () => {
    const home = temporaryHome();
    const paths = appPaths(home.environment);
    const own = packageIn(home, npm('a'));
    keepPackageLink(paths, own);
    expect(() => readlinkSync(packageLink(paths))).toThrow();
    mkdirSync(paths.data, { recursive: true });
    chmodSync(paths.data, 0o777);
    symlinkSync('/nowhere', packageLink(paths));
    keepPackageLink(paths, own);
    expect(readlinkSync(packageLink(paths))).toBe('/nowhere');
  });

  it('ignores a target that only looks like awsh', () => {
    const home = temporaryHome();
    const paths = appPaths(home.environment);
    const [old, own] = [packageIn(home, npm('a')), packageIn(home, npm('b'), '2.0.0')];
    linkPackage(paths, old);
    home.write(join(npm('b'), 'awsh/package.json'), '{"name": "other", "version": "2.0.0"}');
    keepPackageLink(paths, own);
    expect(readlinkSync(packageLink(paths))).toBe(old);
  });
});
