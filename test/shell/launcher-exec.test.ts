import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageThatSays, replying, run, runIt } from '../support/launcher.ts';
import { packageFolder } from '../support/sandbox-shell.ts';
import { temporaryHome } from '../support/temporary-home.ts';

describe('the command of exec', () => {
  it('gets the environment of the reply, and the words after -- as they were typed', () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, runIt);
    const words = [
      'exec',
      'work',
      '--',
      'printf',
      '<%s>',
      'two words',
      '',
      '*',
      '--',
      '$(id)',
      "it's",
      'a\nb',
    ];
    expect(run(launcher, words, home.environment).out).toBe("<two words><><*><--><$(id)><it's><a\nb>");
    const show = ['exec', 'work', '--', 'sh', '-c', 'echo "$AWS_REGION ${AWS_PROFILE-unset}"'];
    expect(run(launcher, show, { ...home.environment, AWS_PROFILE: 'other' }).out).toBe('eu-west-1 unset\n');
  });

  it('gets values with line ends and percent signs, each decoded once', () => {
    const home = temporaryHome();
    const launcher = packageThatSays(
      home,
      replying('run 4', 'unset', 'VALUE=a%0Ab%0D%250A%25 $(touch pwned) `touch pwned`', 'end'),
    );
    const { out } = run(launcher, ['exec', 'work', '--', 'printenv', 'VALUE'], home.environment, {
      cwd: home.path,
    });
    expect(out).toBe('a\nb\r%0A% $(touch pwned) `touch pwned`\n');
  });

  it.each([
    ['its own status', ['sh', '-c', 'exit 37'], 37],
    ['127 where there is no such command', ['no-such-command-here'], 127],
    ['127 where there is no such file', ['./no-such-file'], 127],
    ['126 where the file is not executable', ['./plain'], 126],
    ['126 where it is a folder', ['./package'], 126],
  ])('ends with %s', (_, command, status) => {
    const home = temporaryHome();
    home.write('plain', 'text');
    const launcher = packageThatSays(home, runIt);
    expect(
      run(launcher, ['exec', 'work', '--', ...command], home.environment, { cwd: home.path }).status,
    ).toBe(status);
  });

  it('dies of its own signal', () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, runIt);
    expect(run(launcher, ['exec', 'work', '--', 'sh', '-c', 'kill -TERM $$'], home.environment).signal).toBe(
      'SIGTERM',
    );
  });

  it('is the launcher’s own process, so that a signal sent to it arrives', async () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, runIt);
    const child = spawn(launcher, ['exec', 'work', '--', 'sh', '-c', 'echo $$; exec sleep 60'], {
      env: home.environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const pid = await new Promise<string>((resolve) =>
      child.stdout.once('data', (data) => resolve(String(data).trim())),
    );
    expect(Number(pid)).toBe(child.pid);
    child.kill('SIGTERM');
    const signal = await new Promise((resolve) => child.once('exit', (_, by) => resolve(by)));
    expect(signal).toBe('SIGTERM');
  });

  it('is not run, and nothing is printed, if the launcher is killed while its session is made', async () => {
    const home = temporaryHome();
    const reply = '{"Version":1,"AccessKeyId":"AKIAEXAMPLE000001234","SecretAccessKey":"X"}';
    const wait = 'touch "$HOME/started"; until [ -e "$HOME/go" ]; do sleep 0.05; done';
    const tool = home.write('tool', `#!/bin/sh\n${wait}\necho '${reply}'\n`, 0o755);
    home.write('.aws/config', `[profile plain]\nregion = eu-west-1\ncredential_process = ${tool}\n`);
    const words = ['exec', 'plain', '--', 'touch', `${home.path}/ran`];
    const child = spawn(join(packageFolder, 'bin/awsh'), words, {
      env: home.environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (text) => {
      err += text;
    });
    await expect.poll(() => existsSync(join(home.path, 'started')), { timeout: 30_000 }).toBe(true);
    child.kill('SIGKILL');
    home.write('go', '');
    // Node has stderr open until it ends.
    await new Promise((resolve) => child.once('close', resolve));
    expect(err).toBe('');
    expect(existsSync(join(home.path, 'ran'))).toBe(false);
  });

  it('reads the caller’s stdin, of which Node reads nothing', () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, runIt);
    expect(
      run(launcher, ['exec', 'work', '--', 'cat'], home.environment, { input: 'from the pipe' }).out,
    ).toBe('from the pipe');
  });

  it('keeps its open descriptors 3 and 4, as make gives them to its children', () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, runIt);
    const script = '"$1" exec work -- sh -c "echo three >&3; echo four >&4" 3>three 4>four && cat three four';
    const { out } = run('/bin/sh', ['-c', script, 'sh', launcher], home.environment, { cwd: home.path });
    expect(out).toBe('three\nfour\n');
  });

  it('keeps ignoring what its caller ignored, as under nohup', () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, runIt);
    const { out } = run(
      'nohup',
      [launcher, 'exec', 'work', '--', 'sh', '-c', 'kill -HUP $$; echo alive'],
      home.environment,
    );
    expect(out).toBe('alive\n');
  });

  it('has the SHLVL of a command started without awsh', () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, runIt);
    const { out } = run(launcher, ['exec', 'work', '--', 'printenv', 'SHLVL'], {
      ...home.environment,
      SHLVL: '3',
    });
    expect(out).toBe('3\n');
  });

  it('is a shell if no command was given', () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, replying('shell /bin/sh', 'unset', 'GREETING=hello', 'end'));
    expect(run(launcher, ['exec', 'work'], home.environment, { input: 'echo $GREETING' }).out).toBe(
      'hello\n',
    );
  });
});

describe('an incomplete reply', () => {
  it.each([
    ['lacks its end', ['run 4', 'unset', 'A=b']],
    ['goes on after its end', ['run 4', 'unset', 'end', 'A=b']],
    ['names no command', ['unset', 'A=b', 'end']],
    ['names a command twice', ['run 4', 'run 4', 'unset', 'end']],
    ['points past the arguments', ['run 99', 'unset', 'end']],
    ['points to zero', ['run 0', 'unset', 'end']],
    ['has arithmetic for a number', ['run a[$(touch pwned)]', 'unset', 'end']],
    ['has a name that is none', ['run 4', 'unset', 'A[$(touch pwned)]=b', 'end']],
    ['has a name that begins with a digit', ['run 4', 'unset', '1A=b', 'end']],
    ['unsets a name that is none', ['run 4', 'unset A-B', 'end']],
    ['has a control byte', ['run 4', 'unset', 'A=b\x1b[31m', 'end']],
    ['has an unknown word', ['run 4', 'unset', 'eval touch pwned', 'end']],
    ['names a relative shell', ['shell bin/sh', 'unset', 'end']],
  ])('runs nothing if it %s', (_, lines) => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, replying(...lines));
    const result = run(launcher, ['exec', 'work', '--', 'echo', 'ran'], home.environment, { cwd: home.path });
    expect(result).toMatchObject({ status: 1, out: '' });
    expect(result.err).toContain('internal error');
    expect(run('ls', ['pwned'], home.environment, { cwd: home.path }).status).not.toBe(0);
  });

  it('ends with Node’s status if there is none', () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, 'process.stderr.write("awsh: no\\n"); process.exit(3);');
    expect(run(launcher, ['exec', 'work', '--', 'echo', 'ran'], home.environment)).toMatchObject({
      status: 3,
      out: '',
      err: 'awsh: no\n',
    });
  });

  it('passes on Node’s own stdout, as for exec --help', () => {
    const home = temporaryHome();
    const launcher = packageThatSays(home, 'console.log("help"); ');
    expect(run(launcher, ['--backend', 'file', 'exec', '--help'], home.environment)).toMatchObject({
      status: 0,
      out: 'help\n',
    });
  });
});
