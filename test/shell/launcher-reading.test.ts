import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runBeside } from '../support/launcher.ts';
import { has } from '../support/programs.ts';
import { type ReadingHome, readingHome, wentToNode } from '../support/reading-home.ts';
import { packageFolder } from '../support/run-awsh.ts';
import { openTerminal } from '../support/terminal.ts';

const commands = [
  'list',
  'ls',
  'list --json',
  'list --profiles',
  'list --credentials',
  'list --sessions',
  'status',
  'status --json',
  'prompt',
  'prompt --format json',
  'prompt --shell zsh',
  'prompt --shell=tmux',
  'sso status',
  'sso status --json',
  'config get backend',
  'config get protected',
  'config get agent --json',
];

/** A session's time changes between two commands. */
const still = (text: string) => text.replace(/\b\d+[hm](\d+m)?([\d.]+s)?/g, 'T');

/** Compares both ways for all these commands. Returns those that Node had to answer. */
async function compare(
  { warm, inNode }: ReadingHome,
  lines: readonly string[],
  place: Parameters<ReadingHome['warm']>[1] = {},
): Promise<string[]> {
  const left: string[] = [];
  for (const line of lines) {
    const fromAgent = await warm(line.split(' '), place);
    if (fromAgent.err === wentToNode) {
      left.push(line);
      continue;
    }
    const fromNode = await inNode(line.split(' '), place);
    const [a, b] = [fromAgent, fromNode].map((ran) => ({ ...ran, out: still(ran.out), err: still(ran.err) }));
    expect(a, `${line} ${JSON.stringify(place)}`).toEqual(b);
  }
  return left;
}

const sso = `
[profile corp]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = ReadOnly

[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
`;

describe('a command that only reads', { timeout: 300_000 }, () => {
  it('prints exactly what Node prints', async () => {
    const home = await readingHome();
    appendFileSync(home.paths.awsConfig, sso);
    await home.inNode(['list']);
    expect(await compare(home, commands)).toEqual([]);
    const dev = join(home.sandbox.home, 'projects/dev');
    expect(await compare(home, commands, { cwd: dev })).toEqual([]);
    await home.awsh(['allow', dev]);
    await home.awsh(['export', 'dev']);
    await home.inNode(['list']);
    expect(await compare(home, commands, { cwd: dev })).toEqual([]);
  });

  it('prints it for every state of the shell', async () => {
    const home = await readingHome();
    const uid = process.getuid?.();
    const states: Record<string, string>[] = [
      { AWSH_LOADED: `1 dir ${uid} dev ${home.sandbox.home}/projects/dev/.awsprofile`, AWS_PROFILE: 'dev' },
      {
        AWSH_LOADED: `1 pin ${uid} dev%20ro -`,
        AWSH_SAVED: 'was AWS_PROFILE 100%25%0Abefore\nnow AWS_ACCESS_KEY_ID ASIAX\nprotected 1',
        AWS_ACCESS_KEY_ID: 'ASIAX',
        AWS_SECRET_ACCESS_KEY: 'hunter2',
        AWSH_EXPIRES: '1999999999',
      },
      { AWSH_LOADED: `1 blocked ${uid} dev -`, AWSH_SEGMENT: 'needs allow', AWS_PROFILE: 'awsh-blocked' },
      { AWSH_LOADED: `1 off ${uid} - -`, AWSH_SEGMENT: 'off' },
      { AWS_VAULT: 'dev', AWSH_REASON: 'a-reason', AWS_CREDENTIAL_EXPIRATION: '2033-05-18T03:33:19Z' },
      { AWSH_HOOK: 'shell bash 5.2\nmode pin\nkind pin\nprofile dev\nstate pinned\nreason 5%25\nend' },
      { AWSH_BACKEND: 'file', AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-east-1' },
      { AWS_CONFIG_FILE: `${home.sandbox.home}/none`, AWS_SHARED_CREDENTIALS_FILE: '~/none' },
      { LC_ALL: 'C.UTF-8', IFS: ':', NO_COLOR: '1', TERM: 'dumb' },
    ];
    for (const environment of states) {
      await home.inNode(['list'], { environment });
      const left = await compare(home, commands, { environment });
      expect(left, JSON.stringify(environment)).toEqual([]);
    }
  });

  it('warns on stderr as Node does, and has the same status', async () => {
    const home = await readingHome();
    appendFileSync(home.paths.awsConfig, '\n[profile päß 100% end]\nregion = eu-west-1\n  odd\nend\n');
    writeFileSync(join(home.sandbox.home, '.aws/credentials'), '[a]\naws_access_key_id = x\n[a]\n');
    await home.inNode(['list']);
    expect(await compare(home, commands)).toEqual([]);
    expect((await home.warm(['list'])).err).toContain('awsh: ');
    expect(await home.warm(['config', 'get', 'registries'])).toMatchObject({ status: 1 });
    expect(await compare(home, ['config get registries'])).toEqual([]);
  });

  it('names a file below the home as Node does', async () => {
    const home = await readingHome();
    appendFileSync(home.paths.awsConfig, '\n[profile päß]\nregion = eu-west-1\n');
    await home.inNode(['list']);
    expect(await compare(home, commands)).toEqual([]);
    expect((await home.warm(['list'])).err).toContain('awsh: ~/.aws/config:');
  });

  it('is answered by the agent after its files have changed, too', async () => {
    const home = await readingHome();
    for (const region of ['eu-west-1', 'eu-west-2']) {
      writeFileSync(home.paths.awsConfig, `[profile ${region}]\nregion = ${region}\n`);
      await home.inNode(['list']);
      expect((await home.warm(['list', '--profiles'])).out).toContain(region);
    }
  });

  it.skipIf(process.platform !== 'linux')('has the colours and the width of the terminal', async () => {
    const { environment, inNode, launcher, paths, sandbox } = await readingHome();
    appendFileSync(paths.awsConfig, '\n[profile odd]\n  odd line of a file that is read by other programs\n');
    await inNode(['list']);
    const screen = async (file: string, words: string[], columns: number) => {
      const options = { environment: { ...environment, PWD: sandbox.home }, cwd: sandbox.home, columns };
      const terminal = await openTerminal(file, words, options);
      return { ...(await terminal.exited), text: still(terminal.received) };
    };
    const program = join(packageFolder, 'dist/awsh.cjs');
    for (const columns of [40, 100]) {
      for (const line of ['list', 'status', 'prompt --shell fish', 'config get agent']) {
        const words = line.split(' ');
        const fromAgent = await screen(launcher, words, columns);
        expect(fromAgent, line).toEqual(await screen(process.execPath, [program, ...words], columns));
      }
    }
  });

  it.skipIf(!has('strace'))('costs no fork, and one write to the agent', async () => {
    const { environment, launcher, sandbox } = await readingHome();
    const trace = join(sandbox.home, 'trace');
    for (const line of ['list', 'status', 'prompt', 'sso status', 'config get agent']) {
      const options = ['-f', '-o', trace, '-e', 'trace=clone,clone3,fork,vfork,execve,connect,write'];
      const words = [...options, launcher, ...line.split(' ')];
      expect((await runBeside('strace', words, environment, { cwd: sandbox.home })).status).toBe(0);
      const calls = readFileSync(trace, 'utf8').split('\n');
      expect(calls.filter((call) => /(clone|fork)/.test(call))).toEqual([]);
      expect(calls.filter((call) => call.includes('execve('))).toHaveLength(1);
      expect(calls.filter((call) => /write\(\d+, "[0-9a-f]{20}/.test(call))).toHaveLength(1);
    }
  });

  it('is printed once by each of twenty at once', async () => {
    const { warm, inNode } = await readingHome();
    const { out } = await inNode(['list']);
    const all = await Promise.all(Array.from({ length: 20 }, () => warm(['list'])));
    for (const ran of all) {
      const isFromNode = ran.err === wentToNode;
      expect(still(ran.out)).toBe(isFromNode ? '' : still(out));
    }
  });
});

describe('the agent leaves to Node', { timeout: 300_000 }, () => {
  it('what is not one of these commands, or fails', async () => {
    const home = await readingHome();
    const lines = [
      'status --verify',
      'list --backend file',
      'list --nonsense',
      'list one',
      'list --help',
      'config get',
      'config get nothing',
      'config set agent on',
      'sso status nobody',
      'prompt --shell',
      'prompt --format xml',
    ];
    expect(await compare(home, lines)).toEqual(lines);
  });

  it('what depends on more than it was sent', async () => {
    const home = await readingHome();
    const surroundings: Record<string, string>[] = [
      { AWSH_AGENT: 'off' },
      { CI: 'true' },
      { TZ: 'Asia/Kathmandu' },
      { AWS_CONFIG_FILE: 'relative/config' },
      { AWS_CONFIG_FILE: '/dev/fd/0' },
      { AWSH_PASS_PREFIX: 'team' },
      { HOME: '' },
      { AWSH_SEGMENT: 'a\x1bb' },
      { EDITOR: 'a|b' },
      { AWSH_BACKEND: 'nonsense' },
    ];
    for (const environment of surroundings)
      expect(await compare(home, ['list'], { environment }), JSON.stringify(environment)).toEqual(['list']);
  });

  it('everything while awsh is locked', async () => {
    const home = await readingHome();
    for (const mark of [join(home.paths.state, 'locked'), home.paths.secondLock ?? '']) {
      writeFileSync(mark, '');
      expect(await compare(home, ['list', 'status'])).toEqual(['list', 'status']);
      rmSync(mark);
    }
    expect(await compare(home, ['list', 'status'])).toEqual([]);
  });

  it('what is in a directory that was removed', async () => {
    const { environment, launcher, sandbox } = await readingHome();
    const gone = join(sandbox.home, 'gone');
    mkdirSync(gone);
    const words = ['-c', 'cd "$1" && rmdir "$1" && exec "$0" status 2>&1', launcher, gone];
    expect((await runBeside('/bin/bash', words, environment)).out).toContain(wentToNode);
  });

  it('the commands of another build', async () => {
    const { launcher, warm } = await readingHome();
    writeFileSync(join(launcher, '../../dist/word.txt'), `${'0'.repeat(16)}\n`);
    expect(await warm(['list'])).toMatchObject({ out: '', err: wentToNode });
  });
});
