import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import type { GrantLine } from '../../src/record/index.ts';
import { type AgentSandbox, agentSandbox } from '../support/agent-sandbox.ts';
import { has } from '../support/programs.ts';
import { packageFolder } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

async function recordedSandbox() {
  const it = await agentSandbox();
  const path = join(it.paths.state, 'log.jsonl');
  const configure = (settings: string) => writeFileSync(it.paths.settings, settings, { mode: 0o600 });
  const lines = (): GrantLine[] =>
    existsSync(path)
      ? readFileSync(path, 'utf8')
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line))
      : [];
  const project = join(it.sandbox.home, 'projects/dev');
  await it.awsh(['allow', project]);
  return { ...it, path, lines, project, configure };
}

const keyOf = (text: string) => /ASIA[A-Z0-9]{8,}/.exec(text)?.[0];
const shown = ({ verb, profile, command, directory, accessKeyId }: GrantLine) => ({
  verb,
  profile,
  command,
  directory,
  accessKeyId,
});

/** Until the agent answers by itself. */
async function warm({ awsh, loadWarm }: AgentSandbox, project: string) {
  await awsh(['export', 'dev']);
  await expect.poll(() => loadWarm(project)).toMatch(/^ok /);
}

describe('a grant is logged', () => {
  it('once by exec and export, from Node and from the agent alike', async () => {
    const it = await recordedSandbox();
    const { awsh, lines, sandbox, project } = it;
    const run = async (environment: Record<string, string>) => {
      await awsh(['exec', 'dev', '--', 'true', 'an-argument'], { environment });
      const { out } = await awsh(['export', 'dev'], { cwd: project, environment });
      return out;
    };
    const fromNode = await run({ AWSH_AGENT: 'off' });
    const byNode = lines().slice(-2);
    await warm(it, project);
    const before = lines().length;
    await run({});
    const byAgent = lines().slice(before);
    expect(byNode.map(shown)).toEqual([
      {
        verb: 'exec',
        profile: 'dev',
        command: 'true',
        directory: sandbox.home,
        accessKeyId: keyOf(fromNode),
      },
      {
        verb: 'export',
        profile: 'dev',
        command: undefined,
        directory: project,
        accessKeyId: keyOf(fromNode),
      },
    ]);
    expect(byAgent.map((line) => ({ ...line, time: '', expires: '' }))).toEqual(
      byNode.map((line) => ({ ...line, time: '', expires: '' })),
    );
    expect(readFileSync(it.path, 'utf8')).not.toContain('an-argument');
  });

  it('once by a directory, from Node and from the agent alike, and not if nothing is given', async () => {
    const it = await recordedSandbox();
    const { lines, loadCold, loadWarm, sandbox, project } = it;
    await loadCold(project);
    const [byNode, ...more] = lines();
    expect(more).toEqual([]);
    await warm(it, project);
    const before = lines().length;
    for (const _ of [1, 2, 3]) expect(await loadWarm(project)).toMatch(/^ok /);
    await loadWarm(sandbox.home);
    await loadCold(sandbox.home);
    const byAgent = lines().slice(before);
    const untimed = (line?: GrantLine) => ({ ...line, time: '' });
    expect(byAgent.map(untimed)).toEqual([1, 2, 3].map(() => untimed(byNode)));
    expect(byNode).toMatchObject({ verb: 'load', profile: 'dev', directory: project });
    expect(byNode?.role).toMatch(/^arn:aws:iam::[0-9]{12}:role\//);
  });

  it('without a secret, in a file that awsh log prints', async () => {
    const { awsh, path, environment, sandbox } = await recordedSandbox();
    const { out } = await awsh(['export', 'dev', '--format', 'json']);
    const { AccessKeyId, SecretAccessKey, SessionToken } = JSON.parse(out);
    const text = readFileSync(path, 'utf8');
    for (const secret of [
      SecretAccessKey,
      SessionToken,
      sandbox.secretAccessKey.reveal(),
      environment.AWSH_FILE_PASSPHRASE,
    ])
      expect(text).not.toContain(secret);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const log = await awsh(['log', '--key', AccessKeyId, '--since', '1h', '--profile', 'dev']);
    expect(log.out).toMatch(
      new RegExp(`^20[0-9-]+ [0-9:]{8}  export  dev  +[0-9]{12}  ${AccessKeyId}  .*  ~$`, 'm'),
    );
    expect(JSON.parse((await awsh(['log', '--json'])).out)).toMatchObject({ accessKeyId: AccessKeyId });
    for (const key of [AccessKeyId.slice(0, 8).toLowerCase(), `****${AccessKeyId.slice(-4)}`])
      expect((await awsh(['log', '--key', key, '--since', 'yesterday'])).out).toContain(AccessKeyId);
    expect((await awsh(['log', '--key', 'ASIANOBODYS'])).out).toBe('');
    appendFileSync(path, '{"time":"2026-11-30T18:10:00Z","verb":"exec","profile":"\\u202e\\u009b"}\n');
    expect((await awsh(['log', '--json', '--since', '2026-11-30'])).out).toContain('"\\u202e\\u009b"');
  });
});

describe('a refusal is logged', () => {
  const refused = ({ verb, outcome, cause, profile, accessKeyId }: GrantLine) => ({
    verb,
    outcome,
    cause,
    profile,
    accessKeyId,
  });
  const expected = (verb: string, cause: string, profile = 'prod') => ({
    verb,
    outcome: 'refused',
    cause,
    profile,
    accessKeyId: undefined,
  });

  it('for a directory, from Node and from the agent, and not if only the clock asks', async () => {
    const it = await recordedSandbox();
    const { awsh, lines, loadCold, loadWarm, sandbox, project, configure } = it;
    const prod = join(sandbox.home, 'projects/prod');
    await warm(it, project);
    const before = lines().length;
    expect(await loadWarm(prod)).toMatch(/^deny /);
    await loadCold(prod);
    await loadCold(prod, ['renew 1']);
    await awsh(['deny', prod]);
    await loadCold(prod);
    configure('backend = file\n');
    await awsh(['allow', prod]);
    configure('backend = file\nprotected = prod\n');
    await loadCold(prod);
    await loadCold(prod, ['renew 1']);
    const causes = ['not allowed', 'not allowed', 'denied', 'not confirmed'];
    expect(lines().slice(before).map(refused)).toEqual(causes.map((cause) => expected('load', cause)));
    expect(lines().at(-1)).toMatchObject({ account: '777788889999', directory: prod });
  });

  it('for commands of a coding agent, for a missing reason and within exec --only', async () => {
    const { awsh, lines, configure } = await recordedSandbox();
    const agent = { environment: { CLAUDECODE: '1' } };
    configure('backend = file\nprotected = prod, staging reason=required\ncoding_agents = read-only\n');
    await awsh(['exec', 'prod', '--', 'true', 'an-argument'], agent);
    await awsh(['login', 'prod', '--stdout'], agent);
    await awsh(['eks-token', 'blue', '--profile', 'prod'], agent);
    await awsh(['eks-token', 'blue', '--profile', 'staging']);
    await awsh(['export', 'staging']);
    await awsh(['serve', 'staging']);
    await awsh(['export', 'dev'], { environment: { AWSH_ONLY: 'dev' } });
    expect(lines().map(refused)).toEqual([
      expected('exec', 'coding agent'),
      expected('login', 'coding agent'),
      expected('eks', 'coding agent'),
      expected('eks', 'no reason', 'staging'),
      expected('export', 'no reason', 'staging'),
      expected('serve', 'no reason', 'staging'),
      expected('export', 'exec --only', 'dev'),
    ]);
    expect(lines()[0]).toMatchObject({ command: 'true', account: '777788889999' });
    const { out } = await awsh(['log']);
    expect(out).toMatch(/^\S+ \S+ +exec +refused: coding agent +prod +777788889999 +- /m);
    configure('log = required\nprotected = prod\ncoding_agents = refuse\n');
    expect(await awsh(['export', 'prod'], agent)).toMatchObject({ status: 7 });
  });
});

describe.runIf(has('bwrap', 'python3', 'logger'))('log_to = syslog', () => {
  it('gives the system’s log a copy of each line', async () => {
    const { awsh, lines, configure, sandbox, environment } = await recordedSandbox();
    configure('backend = file\nlog_to = syslog\n');
    const socket = join(sandbox.home, 'syslog');
    const listener = execa('python3', ['-c', listenerProgram, socket], { reject: false });
    await expect.poll(() => existsSync(socket), { timeout: 30_000 }).toBe(true);
    const inside = ['--dev-bind', '/', '/', '--dev', '/dev', '--bind', socket, '/dev/log'];
    const words = [...inside, join(packageFolder, 'bin/awsh'), 'export', 'dev'];
    const { stdout } = await execa('bwrap', words, { env: environment, extendEnv: false });
    const heard = (await listener).stdout;
    expect(heard).toMatch(/^<\d+>.* awsh: \{"time":/);
    expect(heard).toContain(JSON.stringify(lines().at(-1)));
    expect(heard).toContain(keyOf(stdout));
    expect(await awsh(['export', 'dev'])).toMatchObject({ status: 0, err: '' });
    expect(lines()).toHaveLength(2);
  });
});

describe.runIf(has('bwrap'))('log_to = syslog without the program logger', () => {
  it('is told once, and by doctor', async () => {
    const { sandbox, configure, lines, environment } = await recordedSandbox();
    configure('backend = file\nlog_to = syslog\n');
    const folder = temporaryHome().path;
    writeFileSync(join(folder, 'logger'), '');
    const hides = ['/usr/bin/logger', '/bin/logger'].flatMap((path) =>
      existsSync(path) ? ['--bind', join(folder, 'logger'), realpathSync(path)] : [],
    );
    const run = (...words: string[]) =>
      execa('bwrap', ['--dev-bind', '/', '/', ...hides, join(packageFolder, 'bin/awsh'), ...words], {
        env: environment,
        extendEnv: false,
        cwd: sandbox.home,
        reject: false,
      });
    const told = /^awsh: log_to = syslog, but there is no program .*logger.*: nothing is sent/;
    expect((await run('export', 'dev')).stderr).toMatch(told);
    expect(await run('export', 'dev')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(lines()).toHaveLength(2);
    expect((await run('doctor', '--offline')).stdout).toMatch(
      /log_to = syslog.*\n.*awsh config unset log_to/,
    );
    expect((await run('config', 'set', 'log_to', 'syslog')).stderr).toMatch(/nothing is sent/);
  });
});

/** Binds a datagram socket, and prints the first message. */
const listenerProgram = `import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(sys.argv[1]); s.settimeout(60); print(s.recv(8192).decode())`;

describe('a file of the log that cannot be read', () => {
  it('is left out if it is an old one, and the others are shown', async () => {
    const { awsh, path } = await recordedSandbox();
    const { out } = await awsh(['export', 'dev']);
    const old = (number: number) => path.replace('log.jsonl', `log-1700000000000-1-${number}.jsonl`);
    mkdirSync(old(1));
    await execa('mkfifo', [old(2)]);
    const { status, out: shown, err } = await awsh(['log']);
    expect({ status, key: keyOf(shown) }).toEqual({ status: 0, key: keyOf(out) });
    expect(err).toMatch(
      /^awsh: left out .*-1-1\.jsonl: it is not a plain file.*\nawsh: left out .*-1-2\.jsonl: it is not a regular file\n$/,
    );
    rmSync(path);
    await execa('mkfifo', [path]);
    expect(await awsh(['log'])).toMatchObject({ status: 1, err: expect.stringContaining('next: ls -ld ') });
  });
});

describe('a log that cannot be written', () => {
  it('does not stop credentials', async () => {
    const { awsh, path, configure } = await recordedSandbox();
    const give = () => awsh(['export', 'dev']);
    rmSync(path, { force: true });
    symlinkSync('/dev/null', path);
    expect(await give()).toMatchObject({ status: 0, err: '' });
    expect(await give()).toMatchObject({ status: 0, err: '' });
    configure('log = off\n');
    rmSync(path);
    expect(await give()).toMatchObject({ status: 0, err: '' });
    expect(existsSync(path)).toBe(false);
    expect((await awsh(['log'])).err).toContain('awsh config set log on');
  });

  it('stops a protected profile with log = required, from Node and from the agent', async () => {
    const it = await recordedSandbox();
    const { awsh, path, configure, loadCold, loadWarm, project } = it;
    await warm(it, project);
    configure('log = required\nprotected = dev\n');
    expect(await loadWarm(project, ['loaded dev'])).toMatch(/^ok /);
    rmSync(path);
    symlinkSync('/dev/null', path);
    expect(await loadWarm(project, ['loaded dev'])).toMatch(/^cold /);
    expect(await loadCold(project, ['loaded dev'])).toMatch(/^- blocked /);
    const exports = ['export', 'dev'];
    for (const words of [exports, ['exec', 'dev', '--', 'env'], ['exec', '--server', 'dev', '--', 'env']]) {
      const { status, out, err } = await awsh(words);
      expect({ status, out }).toEqual({ status: 1, out: '' });
      expect(err).toMatch(
        /^awsh: no credentials for profile "dev", because the log cannot be written\n {2}why: {2}log = required, .*: it is a symbolic link\n {2}next: ls -ld /,
      );
    }
  });
});
