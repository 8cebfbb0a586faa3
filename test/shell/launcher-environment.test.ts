import { mkdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageThatSays, replying, run, runIt } from '../support/launcher.ts';
import { temporaryHome } from '../support/temporary-home.ts';

describe('the caller’s environment', () => {
  const notForNode = {
    NODE_OPTIONS: '--require=/nonexistent-module.js',
    NODE_PATH: '/nonexistent',
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    OPENSSL_CONF: '/nonexistent',
    NODE_COMPILE_CACHE: '/nonexistent',
  };
  const names = Object.keys(notForNode);

  it.each([
    ['exec', ['exec', 'work', '--', 'env']],
    ['another verb', ['list']],
  ])('is kept for %s, without what would change our Node', (_, args) => {
    const home = temporaryHome();
    const seen = join(home.path, 'seen');
    const look = `fs.writeFileSync(${JSON.stringify(seen)}, ${JSON.stringify(names)}.filter((name) => name in process.env).join());`;
    const launcher = packageThatSays(home, `${look}\nif (process.argv[2] === 'exec') ${runIt}`);
    const result = run(launcher, args, { ...home.environment, ...notForNode });
    expect(readFileSync(seen, 'utf8')).toBe('');
    if (args[0] === 'exec')
      for (const [name, value] of Object.entries(notForNode))
        expect(result.out).toContain(`${name}=${value}`);
  });

  it('has functions that are not run but passed on', () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, runIt);
    const script =
      'exec() { echo stolen; }; unset() { echo stolen; }; printf() { echo stolen; }; greet() { echo hello; }\n' +
      'export -f exec unset printf greet; "$1" exec work -- bash -c greet';
    expect(run('bash', ['-c', script, 'bash', launcher], home.environment).out).toBe('hello\n');
  });

  it('has a BASH_ENV that is not read but passed on', () => {
    const home = temporaryHome();
    const file = home.write('env.bash', 'echo read');
    const launcher = packageThatSays(home, runIt);
    const environment = { ...home.environment, BASH_ENV: file };
    expect(run(launcher, ['exec', 'work', '--', 'printenv', 'BASH_ENV'], environment).out).toBe(`${file}\n`);
  });

  it('traces nothing if SHELLOPTS has xtrace, and gives the command its own SHELLOPTS', () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, replying('run 4', 'unset', 'AWS_SECRET_ACCESS_KEY=hidden', 'end'));
    const script = 'export SHELLOPTS; set -x; "$1" exec work -- printenv SHELLOPTS';
    const { out, err } = run('bash', ['-c', script, 'bash', launcher], home.environment);
    expect(err).not.toContain('hidden');
    expect(out).not.toContain('privileged');
    if (process.platform === 'linux') expect(out).toContain('xtrace');
  });

  it('gets nothing of awsh’s own SHELLOPTS if env cannot set the caller’s', () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, runIt);
    // env would treat a path with an equals sign as a variable.
    home.write('a=b', '#!/bin/sh\nprintenv SHELLOPTS || echo none\n', 0o755);
    const script = 'export SHELLOPTS; "$1" exec work -- ./a=b';
    const { out } = run('bash', ['-c', script, 'bash', launcher], home.environment, { cwd: home.path });
    expect(out).toBe('none\n');
  });

  it('turns off core dumps of its own Node, and keeps the limit of the command', () => {
    const home = temporaryHome();
    const seen = join(home.path, 'seen');
    const look = `fs.writeFileSync(${JSON.stringify(seen)}, require('node:child_process').execSync('ulimit -S -c'));`;
    const launcher = packageThatSays(home, `${look}\n${runIt}`);
    const script = 'ulimit -S -c "$(ulimit -H -c)"; ulimit -S -c; "$1" exec work -- sh -c "ulimit -S -c"';
    const [before, after] = run('bash', ['-c', script, 'bash', launcher], home.environment).out.split('\n');
    expect(after).toBe(before);
    expect(readFileSync(seen, 'utf8')).toBe('0\n');
  });
});

describe('finding the package and Node', () => {
  it('follows links, relative ones too, as npm makes them', () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, 'console.log("found")');
    mkdirSync(join(home.path, 'bin dir'));
    symlinkSync('../package/bin/awsh', join(home.path, 'bin dir/awsh'));
    symlinkSync('bin dir/awsh', join(home.path, 'second'));
    for (const path of [launcher, join(home.path, 'bin dir/awsh'), join(home.path, 'second')]) {
      expect(run(path, ['list'], home.environment).out).toBe('found\n');
    }
    expect(run('./second', ['list'], home.environment, { cwd: home.path }).out).toBe('found\n');
  });

  it('skips relative and empty PATH entries', () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, 'console.log("right")');
    home.write('node', '#!/bin/sh\necho wrong', 0o755);
    const PATH = ['.', '', 'bin', dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
    expect(run(launcher, ['list'], { ...home.environment, PATH }, { cwd: home.path }).out).toBe('right\n');
  });

  it('reports a missing Node', () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, '');
    const { status, err } = run(launcher, ['list'], { ...home.environment, PATH: home.path });
    expect(status).toBe(1);
    expect(err.split('\n')).toEqual([
      'awsh: there is no Node',
      expect.stringContaining('PATH'),
      expect.stringContaining('next:'),
      '',
    ]);
  });

  it('reports an incomplete installation', () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, '');
    rmSync(join(home.path, 'package/dist'), { recursive: true });
    expect(run(launcher, ['list'], home.environment)).toMatchObject({
      status: 1,
      err: expect.stringContaining('dist/awsh.cjs is missing'),
    });
  });
});
