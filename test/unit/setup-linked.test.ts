import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder, runInstalled } from '../support/run-awsh.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

/** The files of `npm pack`, in a separate folder. */
function copyPackage(folder: string): string {
  for (const name of ['bin', 'shell', 'completions', 'dist', 'package.json'])
    cpSync(join(packageFolder, name), join(folder, name), { recursive: true });
  return folder;
}

/**
 * A clone that was built, and the result of `npm install --global .` for it: links, and no copy.
 */
function linkedCheckout(home: TemporaryHome) {
  const checkout = copyPackage(join(home.path, 'src/my awsh'));
  mkdirSync(join(checkout, '.git'));
  const prefix = join(home.path, 'prefix');
  mkdirSync(join(prefix, 'lib/node_modules'), { recursive: true });
  mkdirSync(join(prefix, 'bin'));
  symlinkSync(checkout, join(prefix, 'lib/node_modules/awsh'));
  symlinkSync('../lib/node_modules/awsh/bin/awsh', join(prefix, 'bin/awsh'));
  return { checkout, launcher: join(prefix, 'bin/awsh') };
}

describe('awsh setup of a package that is a link to a checkout', () => {
  it('refuses in three lines, and names the command that installs a copy', async () => {
    const home = temporaryHome();
    const { checkout, launcher } = linkedCheckout(home);
    const words = ['setup', '--yes', '--shell', 'bash'];
    const { status, out, err } = await runInstalled(words, home.environment, '', launcher);
    expect({ status, out }).toEqual({ status: 1, out: '' });
    expect(err.trimEnd().split('\n')).toEqual([
      'awsh: awsh is installed as a link into a checkout',
      expect.stringMatching(/^ {2}why: {2}new shells would lose awsh if .*my awsh is moved or removed/),
      `  next: cd '${checkout}' && npm install --global --ignore-scripts "$(npm pack --silent)" && awsh setup`,
    ]);
    expect(existsSync(join(home.path, '.bashrc'))).toBe(false);
    expect(existsSync(join(home.path, '.local/share/awsh/current'))).toBe(false);
  });

  it('refuses if the link in PATH is one that the user made', async () => {
    const home = temporaryHome();
    const { checkout } = linkedCheckout(home);
    mkdirSync(join(home.path, 'bin'));
    symlinkSync(join(checkout, 'bin/awsh'), join(home.path, 'bin/awsh'));
    const environment = { ...home.environment, PATH: `${home.path}/bin:${home.environment.PATH}` };
    const words = ['setup', '--yes', '--shell', 'bash'];
    const answer = await runInstalled(words, environment, '', join(home.path, 'bin/awsh'));
    expect(answer).toMatchObject({ status: 1, err: expect.stringContaining('a link into a checkout') });
  });

  it('still shows what it would do', async () => {
    const home = temporaryHome();
    const words = ['setup', '--dry-run', '--shell', 'bash'];
    const { launcher } = linkedCheckout(home);
    expect(await runInstalled(words, home.environment, '', launcher)).toMatchObject({ status: 0 });
  });

  it('removes the block of an earlier setup', async () => {
    const home = temporaryHome();
    const { checkout, launcher } = linkedCheckout(home);
    const own = join(checkout, 'bin/awsh');
    const answer = await runInstalled(['setup', '--yes', '--shell', 'bash'], home.environment, '', own);
    expect(answer).toMatchObject({ status: 0, err: expect.stringContaining('which has to stay there') });
    const remove = ['setup', '--remove', '--yes', '--shell', 'bash'];
    expect(await runInstalled(remove, home.environment, '', launcher)).toMatchObject({ status: 0 });
    expect(existsSync(join(home.path, '.bashrc'))).toBe(false);
  });
});

describe('an awsh that was installed as a copy', () => {
  it('keeps working in open and new shells when the checkout is gone', async () => {
    const home = temporaryHome();
    const { checkout } = linkedCheckout(home);
    const copy = copyPackage(join(home.path, 'copies/lib/node_modules/awsh'));
    mkdirSync(join(home.path, 'copies/bin'));
    const launcher = join(home.path, 'copies/bin/awsh');
    symlinkSync('../lib/node_modules/awsh/bin/awsh', launcher);
    const words = ['setup', '--yes', '--shell', 'bash'];
    expect(await runInstalled(words, home.environment, '', launcher)).toMatchObject({ status: 0 });
    renameSync(checkout, join(home.path, 'gone'));
    const command = '. ~/.bashrc; awsh --version; __awsh_prompt 2>/dev/null; type -t awsh';
    const shown = execFileSync('bash', ['--norc', '-ic', command], {
      env: home.environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(shown).toMatch(/^awsh \d+\.\d+\.\d+\nfunction\n/);
    expect(existsSync(join(copy, 'dist/main.cjs'))).toBe(true);
  });
});
