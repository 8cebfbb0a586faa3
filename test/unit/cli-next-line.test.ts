import { describe, expect, it } from 'vitest';
import { cutCommandLine } from '../../src/cli/command-line.ts';
import { findCommand } from '../../src/cli/command-table.ts';
import { nextLine } from '../../src/cli/next-line.ts';
import { AwshError, isPastable, RefusedError, UsageError } from '../../src/system/index.ts';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const line = (...words: string[]) => cutCommandLine(words, findCommand);
const other = (next: string, what = 'it failed', why = 'a reason') => new AwshError('other', what, why, next);

describe('the next line of an error', () => {
  it.each([
    ['try again in a minute', ['exec', 'dev', '--', 'aws', 's3', 'ls'], 'awsh exec dev -- aws s3 ls'],
    ['check the network and try again', ['export', 'my dev'], "awsh export 'my dev'"],
    ['wait for the next code and try again', ['exec', '-t', '123456', 'dev', 'env'], 'awsh exec dev -- env'],
    ['wait for the next code and try again', ['login', '--mfa-token=123456', 'dev'], 'awsh login dev'],
    ['add --force', ['remove', 'dev'], 'awsh remove --force dev'],
    ['add --force', ['remove', 'dev', '--no-force'], 'awsh remove --force dev'],
    ['add --prompt terminal', ['--prompt', 'ykman', 'exec', 'dev'], 'awsh exec --prompt terminal dev'],
    ['add --duration 1h', ['export', '-nd', '3h', 'dev'], 'awsh export --duration 1h -n dev'],
    ['use another region: add --region us-east-1', ['export', 'dev'], 'awsh export --region us-east-1 dev'],
    ['leave out --server', ['exec', '--server', '--lazy', 'dev', '--', 'env'], 'awsh exec dev -- env'],
    ['leave out --server', ['exec', 'dev', '-ns', '--', 'env'], 'awsh exec dev -n -- env'],
    ['leave out --region', ['exec', '--region=zz9', 'dev', 'env'], 'awsh exec dev -- env'],
    ['wait for the next code and try again', ['exec', '-nt', '123456', 'dev'], 'awsh exec -n dev'],
    ['wait for the next code and try again', ['exec', '-nt123456', 'dev'], 'awsh exec -n dev'],
    ['store the key again: awsh add dev', ['exec', 'dev'], 'awsh add dev'],
    ['install it, or use another backend: export AWSH_BACKEND=file', ['list'], 'export AWSH_BACKEND=file'],
    ['check mfa_serial of profile dev', ['exec', 'dev'], 'awsh explain dev'],
    [
      'check role_arn (/home/me/.aws/config:7) and the trust policy',
      ['exec', 'dev'],
      'vi +7 /home/me/.aws/config',
    ],
  ])('for "%s" after %j is %s', (advice, words, expected) => {
    const { command } = nextLine(other(advice), line(...words));
    expect(command).toBe(expected);
    expect(isPastable(expected)).toBe(true);
  });

  it.each([
    ['-d', '3h'],
    ['-d3h'],
    ['--duration', '3h'],
    ['--duration=3h'],
    ['--assume-role-ttl=3h'],
    ['--session-ttl', '3h', '-d', '2h'],
    ['-d', '2h', '-d3h'],
  ])('replaces the given duration: %j', (...given) => {
    const advice = other('ask for less: add --duration 1h');
    const after = nextLine(advice, line('exec', 'dev', ...given, '-n', '--', 'ls', '-d', '3h')).command;
    expect(after).toBe('awsh exec --duration 1h dev -n -- ls -d 3h');
  });

  it('suggests no option that the verb does not have', () => {
    const why = 'the region is that of me (/home/me/.aws/config:2)';
    expect(nextLine(other('add --region cn-north-1', 'it failed', why), line('use', 'dev'))).toEqual({
      reason: why,
      command: 'vi +2 /home/me/.aws/config',
    });
  });

  it('explains a role on the command line by its own options', () => {
    const advice = other('check mfa_serial of profile 111122223333:Dev');
    const failed = line(
      'exec',
      '--role-arn',
      '111122223333:Dev',
      '--source-profile',
      'demo',
      '-t1',
      '-s',
      '--',
      'env',
    );
    expect(nextLine(advice, failed).command).toBe(
      'awsh explain --role-arn 111122223333:Dev --source-profile demo',
    );
  });

  it('adds no option that the verb does not accept', () => {
    const advice = 'ask for less (duration_seconds of profile dev): add --duration 1h';
    expect(nextLine(other(advice), line('use', 'dev')).command).toBe('awsh explain dev');
  });

  it('keeps advice that is not a command as the reason', () => {
    expect(nextLine(other('ask for the permission'), line('rotate', 'dev'))).toEqual({
      reason: 'a reason; ask for the permission',
      command: null,
    });
  });

  it('for an invalid command line is the help of its verb', () => {
    expect(nextLine(new UsageError('wrong'), line('exec', 'dev')).command).toBe('awsh exec --help');
  });

  it.each([
    [['serve', '--for', '5s', 'dev'], 'awsh serve --help'],
    [['_pin', 'dev', '--for', '5s'], 'awsh use --help'],
    [['exec', '--for', '5s', 'dev'], 'awsh exec --help'],
    [['_load'], 'awsh exec --help'],
  ])('for an option that several verbs have is the help of the verb of %j', (args, next) => {
    const wrong = new UsageError('--for takes a time', 'it asks for 5 seconds', 'awsh exec --help');
    expect(nextLine(wrong, line(...(args as [string, ...string[]]))).command).toBe(next);
  });

  it('never repeats the hook’s own call, nor a command with several lines', () => {
    const refused = new RefusedError('no', undefined, 'try again');
    expect(nextLine(refused, line('_load')).command).toBeNull();
    expect(nextLine(refused, line('exec', 'dev', '--', 'sh', '-c', 'a\nb')).command).toBe('awsh exec dev');
    expect(nextLine(refused, null).command).toBeNull();
  });
});

describe('an invalid command line', () => {
  const environment = () => {
    const home = temporaryHome();
    home.write(
      '.aws/credentials',
      `[dev]\naws_access_key_id = AKIA${'A'.repeat(16)}\naws_secret_access_key = ${'s'.repeat(40)}\n`,
    );
    home.write('.aws/config', '[profile dev]\nregion = eu-west-1\n[profile münchen]\n[profile "it\'s"]\n');
    return home.environment;
  };

  it.each([
    [['exec', '-s', '-n', 'dev', '--', 'env'], 'awsh exec -s dev -- env'],
    [['exec', '-sj', 'dev'], 'awsh exec -j dev'],
    [['exec', '--region', 'zz9', 'dev'], 'awsh exec dev'],
    [['exec', '-d', '5m', 'dev', '--', 'env'], 'awsh exec --duration 15m dev -- env'],
    [['export', 'dev', '-d40h'], 'awsh export --duration 36h dev'],
    [['exec', '-d', '3600', 'dev'], 'awsh exec --help'],
    [['init', 'münchen'], "awsh use 'münchen'"],
    [['init', "it's"], "awsh use 'it'\\''s'"],
    [['exec', '-t', '4h', 'dev', '--', 'env'], 'awsh exec --duration 4h dev -- env'],
    [['exec', '--mfa-token=4h', 'dev'], 'awsh exec --duration 4h dev'],
    [['exec', '-nt', '4h', 'dev'], 'awsh exec --duration 4h -n dev'],
    [['exec', '-t', '12', 'dev'], 'awsh exec dev'],
    [['exec', '--ec2-server', 'dev', '--', 'env'], 'awsh exec --ecs-server dev -- env'],
    [['exec', '--session-ttl=5m', 'dev'], 'awsh exec --help'],
    [['login', '-f', '13d', 'dev'], 'awsh login --help'],
    [['add', 'dev', '--env', '--stdin'], 'awsh add --help'],
    [['list', '-j'], 'awsh list --help'],
    [['exec', '--role-arn', '12:Foo', 'dev'], 'awsh exec --help'],
    [['lock', 'now'], 'awsh lock --help'],
  ])('%j gets three lines that end with %s', async (args, next) => {
    const { status, out, err } = await runHere(args, { ...environment(), AWSH_REPLY_FD: '3' });
    expect({ status, out }).toEqual({ status: 2, out: '' });
    const lines = err
      .trimEnd()
      .split('\n')
      .filter((each) => !/config:\d+: a name with/.test(each));
    expect(lines.map((each) => each.slice(0, 7))).toEqual([
      expect.stringMatching(/^awsh: /),
      '  why: ',
      '  next:',
    ]);
    expect(lines[2]).toBe(`  next: ${next}`);
  });
});
