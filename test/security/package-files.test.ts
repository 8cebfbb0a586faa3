import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder } from '../support/sandbox-shell.ts';
import { temporaryHome } from '../support/temporary-home.ts';

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

/** Runs dist/awsh.cjs in a new home, with options for Node. */
function runBuilt(nodeOptions: string[], command: string[]) {
  const { path } = temporaryHome();
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [...nodeOptions, join(packageFolder, 'dist/awsh.cjs'), ...command],
    { encoding: 'utf8', env: { PATH: process.env.PATH, HOME: path, AWSH_AGENT: 'off' } },
  );
  return { stdout, stderr };
}

/** A module that prints each constant that is read from node:fs, but not those of fs.constants. */
function watchConstants(): string {
  const file = join(temporaryHome().path, 'watch.cjs');
  writeFileSync(
    file,
    `const Module = require('node:module');
     const load = Module._load;
     const get = (fs, name) => {
       if (Object.hasOwn(fs.constants, name)) process.stderr.write('reads fs.' + name + '\\n');
       return fs[name];
     };
     Module._load = (name, ...rest) => {
       const found = load(name, ...rest);
       return name === 'node:fs' || name === 'fs' ? new Proxy(found, { get }) : found;
     };`,
  );
  return file;
}

describe('the built program', () => {
  it.each([
    ['its entry', ['version']],
    ['a quick verb', ['export', 'nobody']],
    ['any other verb', ['list']],
  ])('reads no deprecated constant of node:fs in %s', (_, command) => {
    const { stderr } = runBuilt(['--require', watchConstants()], command);
    expect(stderr).not.toMatch(/reads fs\./);
  });

  it('prints no deprecation warning', () => {
    const { stdout, stderr } = runBuilt(['--pending-deprecation'], ['list']);
    expect(stdout + stderr).not.toMatch(/deprecat/i);
  });
});
