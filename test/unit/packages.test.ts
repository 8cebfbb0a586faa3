import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandTable } from '../../src/cli/command-table.ts';
import { manPages } from '../../src/cli/man-pages.ts';
import { packageFolder, runInstalled } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const has = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
const shown = commandTable().filter(({ hidden }) => !hidden);

describe('the man pages', () => {
  it('exist for awsh and for each verb, in the built package', () => {
    const names = ['awsh.1', ...shown.map(({ name }) => `awsh-${name}.1`)].sort();
    expect(readdirSync(join(packageFolder, 'dist/man')).sort()).toEqual(names);
  });

  it('name every option in help', () => {
    const pages = new Map(manPages('1.0.0').map(({ name, text }) => [name, text.replaceAll('\\-', '-')]));
    for (const { name, options = [] } of shown)
      for (const { long, hidden } of options)
        if (!hidden) expect(pages.get(`awsh-${name}.1`)).toContain(`--${long}`);
  });

  it.skipIf(!has('groff'))('are read by groff without a warning', () => {
    const folder = join(packageFolder, 'dist/man');
    const files = readdirSync(folder).map((name) => join(folder, name));
    const words = ['-c', 'groff -man -Tascii -ww "$@" 2>&1 >/dev/null', 'sh', ...files];
    expect(execFileSync('sh', words, { encoding: 'utf8' })).toBe('');
  });
});

/** What npm puts into PATH: awsh, and docker's credential helper. */
const programs = Object.keys(JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')).bin);

/** The package as npm installs it, without its dependencies. */
function installedPackage(): string {
  const folder = join(temporaryHome().path, 'lib/node_modules/awsh');
  for (const name of ['bin', 'shell', 'completions', 'dist', 'docs', 'package.json', 'LICENSE'])
    cpSync(join(packageFolder, name), join(folder, name), { recursive: true });
  return folder;
}

describe.skipIf(!has('dpkg-deb'))('the .deb', () => {
  it('unpacks to a working awsh, with man pages and completions in their places', async () => {
    const home = temporaryHome();
    const script = join(packageFolder, 'scripts/package-deb.sh');
    const deb = execFileSync(script, [installedPackage(), home.path], { encoding: 'utf8' }).trim();
    const root = join(home.path, 'root');
    mkdirSync(root);
    execFileSync('dpkg-deb', ['-x', deb, root]);
    const version = await runInstalled(['--version'], home.environment, '', join(root, 'usr/bin/awsh'));
    expect(version).toMatchObject({ status: 0, out: expect.stringMatching(/^awsh \d/) });
    for (const name of programs)
      expect(realpathSync(join(root, 'usr/bin', name))).toBe(join(root, 'usr/lib/awsh/bin', name));
    for (const path of [
      'man/man1/awsh.1.gz',
      'man/man1/awsh-exec.1.gz',
      'bash-completion/completions/awsh',
      'zsh/vendor-completions/_awsh',
      'fish/vendor_completions.d/awsh.fish',
    ])
      expect(existsSync(join(root, 'usr/share', path)), path).toBe(true);
    const fields = execFileSync('dpkg-deb', ['--field', deb], { encoding: 'utf8' });
    expect(fields).toContain('Depends: nodejs (>= 20.19), bash');
  });
});

describe('the Homebrew formula', () => {
  it('has the checksum of the packed package, and installs its content', () => {
    const packed = join(temporaryHome().path, 'awsh-1.0.0.tgz');
    writeFileSync(packed, 'packed');
    const script = join(packageFolder, 'scripts/package-brew.sh');
    const text = execFileSync(script, [packed, 'https://example.com/awsh-1.0.0.tgz'], { encoding: 'utf8' });
    const sum = createHash('sha256').update('packed').digest('hex');
    expect(text).toContain(`url "https://example.com/awsh-1.0.0.tgz"\n  sha256 "${sum}"\n`);
    for (const name of programs) expect(text).toContain(`libexec/"bin/${name}"`);
    for (const [, path = ''] of text.matchAll(/package\/"(completions\/[^"]+)"/g))
      expect(existsSync(join(packageFolder, path)), path).toBe(true);
  });
});
