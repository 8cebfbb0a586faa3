import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder } from '../support/sandbox-shell.ts';

const readJson = (file: string) => JSON.parse(readFileSync(join(packageFolder, file), 'utf8'));

describe('the package', () => {
  it('runs no script when it is installed', () => {
    const { scripts } = readJson('package.json');
    expect(
      Object.keys(scripts).filter((name) => /^(pre|post)?install$|^(pre|post)prepare$/.test(name)),
    ).toEqual([]);
  });

  it('decides about each install script of a dependency, so that npm ci asks nothing', () => {
    const packages: [string, { name?: string; hasInstallScript?: true; optional?: true }][] = Object.entries(
      readJson('package-lock.json').packages,
    );
    const withScript = packages.filter(([, it]) => it.hasInstallScript && !it.optional);
    const names = withScript.map(([path, { name }]) => name ?? path.replace(/^.*node_modules\//, ''));
    expect(names.sort()).toEqual(Object.keys(readJson('package.json').allowScripts).sort());
  });

  it('has a hash for everything in its lockfile', () => {
    const { packages } = readJson('package-lock.json');
    const others = Object.entries<{ integrity?: string; link?: boolean }>(packages).filter(
      ([path]) => path !== '',
    );
    expect(others.length).toBeGreaterThan(50);
    const without = others.filter(
      ([, { integrity, link }]) => !link && !/^sha512-[\w+/]{86}==$/.test(integrity ?? ''),
    );
    expect(without.map(([path]) => path)).toEqual([]);
  });

  it('publishes only the files that it needs', () => {
    const text = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--offline'], {
      cwd: packageFolder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: '/nonexistent', npm_config_cache: '/nonexistent' },
    });
    const files: string[] = JSON.parse(text)[0].files.map(({ path }: { path: string }) => path);
    const expected =
      /^(bin\/(docker-credential-)?awsh|shell\/[\w./-]+|completions\/(_awsh|awsh\.\w+)|dist\/(chunks\/(agent\/)?)?[\w.-]+\.(mjs|cjs|txt)|dist\/man\/awsh(-[a-z-]+)?\.1|docs\/[\w-]+\.(md|svg)|README\.md|CHANGELOG\.md|LICENSE|package\.json)$/;
    expect(files).toContain('bin/awsh');
    expect(files.filter((path) => !expected.test(path))).toEqual([]);
  });
});
