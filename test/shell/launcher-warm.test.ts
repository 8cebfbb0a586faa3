import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportFormats } from '../../src/shell/index.ts';
import { agentSandbox } from '../support/agent-sandbox.ts';
import { packageThatSays, runBeside } from '../support/launcher.ts';
import { has } from '../support/programs.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/**
 * A sandbox whose agent has the dev profile's session, and a launcher whose Node prints that it was
 * started.
 */
async function warmSandbox() {
  const it = await agentSandbox();
  const launcher = packageThatSays(temporaryHome(), 'fs.writeSync(2, "went to Node");');
  const { status, err } = await it.awsh(['export', 'dev']);
  if (status !== 0) throw new Error(err);
  const environment: Record<string, string> = it.environment;
  const warm = (words: string[], more: Record<string, string> = {}) =>
    runBeside(launcher, words, { ...environment, ...more }, { cwd: it.sandbox.home });
  const cold = (words: string[], more: Record<string, string> = {}) =>
    it.awsh(words, { environment: { ...more, AWSH_AGENT: 'off' } });
  await expect.poll(async () => (await warm(['export', 'dev'])).err).toBe('');
  return { ...it, launcher, warm, cold };
}

describe('a session that the agent has', () => {
  it('is exported exactly as by Node, in every format', { timeout: 300_000 }, async () => {
    const { warm, cold } = await warmSandbox();
    for (const format of exportFormats) {
      const fromNode = await cold(['export', 'dev', '--format', format]);
      const fromAgent = await warm(['export', 'dev', '--format', format]);
      expect(fromAgent).toEqual({ status: 0, signal: null, out: fromNode.out, err: '' });
      expect(fromNode.out).toContain('ASIA');
    }
  });

  it('is exported with other options, too', { timeout: 300_000 }, async () => {
    const { warm, cold, awsh } = await warmSandbox();
    const rows: [string[], string[]][] = [
      [
        ['exec', '--json', 'dev'],
        ['export', 'dev', '--format', 'json'],
      ],
      [
        ['export', '--format=json', 'dev'],
        ['export', 'dev', '--format', 'json'],
      ],
      [
        ['export', 'dev', '--region', 'us-east-1'],
        ['export', '--region=us-east-1', 'dev'],
      ],
    ];
    for (const [words, inNode] of rows) {
      await awsh(inNode);
      const { out } = await cold(inNode);
      expect(await warm(words), words.join(' ')).toMatchObject({ status: 0, out, err: '' });
    }
  });

  it('gives exec’s command the environment that Node gives it', { timeout: 300_000 }, async () => {
    const { warm, cold, awsh, sandbox } = await warmSandbox();
    const callers: Record<string, string>[] = [
      {},
      { AWS_PROFILE: 'other', AWS_SESSION_TOKEN: 'old', AWS_SECURITY_TOKEN: 'old', AWS_REGION: 'eu-north-1' },
      {
        AWSH_LOADED: '1 dir 1000 other -',
        AWSH_SAVED: 'was AWS_PROFILE of 100%25%0Abefore\nnow AWS_REGION us-west-2\nnow AWSH_PROFILE other',
        AWS_REGION: 'us-west-2',
        AWSH_PROFILE: 'other',
      },
      { AWS_ENDPOINT_URL_S3: 'https://example.com', AWS_CONFIG_FILE: join(sandbox.home, '.aws/config') },
      // The launcher has its own variables while it runs.
      { IFS: ':' },
      { LC_CTYPE: 'C.UTF-8' },
      { LC_CTYPE: '', LC_ALL: 'C.UTF-8' },
    ];
    const shown = (env: string) =>
      env
        .split('\0')
        .filter((line) => !/^(AWSH_AGENT|_|OLDPWD|SHLVL)=/.test(line))
        .sort();
    for (const caller of callers) {
      const words = ['exec', 'dev', '--', 'env', '-0'];
      await awsh(words, { environment: caller });
      const fromNode = await cold(words, caller);
      const fromAgent = await warm(words, caller);
      expect(fromAgent).toMatchObject({ status: 0, err: '' });
      expect(shown(fromAgent.out)).toEqual(shown(fromNode.out));
      const letters = [fromAgent, fromNode].map(({ out }) => /\0LC_CTYPE=(.*?)\0/.exec(`\0${out}`)?.[1]);
      expect(letters).toEqual([caller.LC_CTYPE, caller.LC_CTYPE]);
      expect(fromAgent.out).toContain('AWS_SECRET_ACCESS_KEY=');
    }
  });

  it('is given by the agent to a caller without any secret variable', async () => {
    const { environment, launcher, sandbox } = await warmSandbox();
    const { AWSH_FILE_PASSPHRASE: _, ...plain } = environment;
    const ran = await runBeside(launcher, ['export', 'dev'], plain, { cwd: sandbox.home });
    expect(ran).toMatchObject({ status: 0, err: '' });
  });

  it('is requested again after its profile was edited, and is the same after that is undone', async () => {
    const { warm, awsh, paths } = await warmSandbox();
    const words = ['export', 'dev', '--format', 'env'];
    const before = await warm(words);
    expect(before).toMatchObject({ status: 0, err: '' });
    expect(before.out).toContain('AWS_REGION=eu-west-1\n');
    expect(await warm(words)).toEqual(before);
    const config = readFileSync(paths.awsConfig, 'utf8');
    writeFileSync(paths.awsConfig, config.replaceAll('eu-west-1', 'us-west-2'));
    expect(await warm(words)).toMatchObject({ out: '', err: 'went to Node' });
    await awsh(words);
    expect((await warm(words)).out).toContain('AWS_REGION=us-west-2\n');
    writeFileSync(paths.awsConfig, config);
    expect(await warm(words)).toEqual(before);
  });

  it('is found without a home for a lock, a Node or a dist', async () => {
    const { warm, launcher } = await warmSandbox();
    rmSync(join(launcher, '../../dist'), { recursive: true });
    const { status, out } = await warm(['exec', 'dev', '--', '/bin/echo', 'two words', '', '*'], {
      PATH: '/nonexistent',
    });
    expect({ status, out }).toEqual({ status: 0, out: 'two words  *\n' });
  });

  it.each([
    ['is full', '>/dev/full'],
    ['is closed', '>&-'],
  ])('is left to Node, which explains it, if the output %s', async (_, to) => {
    const { launcher, environment } = await warmSandbox();
    const words = ['-c', `exec "$0" export dev ${to}`, launcher];
    const { out, err } = await runBeside('/bin/bash', words, environment);
    expect({ out, err }).toEqual({ out: '', err: 'went to Node' });
  });

  it('ends with the command’s status, or tells why there is no command', async () => {
    const { warm } = await warmSandbox();
    const rows: [string[], number][] = [
      [['no-such-command-here'], 127],
      [['/'], 126],
      [['sh', '-c', 'exit 37'], 37],
    ];
    for (const [command, status] of rows) {
      const result = await warm(['exec', 'dev', '--', ...command]);
      expect(result.status, command.join(' ')).toBe(status);
      expect(result.err).not.toContain('Node');
    }
  });

  it.skipIf(!has('strace'))('costs no fork, and one write to the agent', async () => {
    const { warm, environment, launcher, sandbox } = await warmSandbox();
    const trace = join(sandbox.home, 'trace');
    for (const words of [
      ['export', 'dev', '--format', 'json'],
      ['exec', 'dev', '--', 'true'],
    ]) {
      const options = ['-f', '-o', trace, '-e', 'trace=clone,clone3,fork,vfork,connect,write,sendto'];
      const { status } = await runBeside('strace', [...options, launcher, ...words], environment);
      expect(status).toBe(0);
      const calls = (await warm(['exec', 'dev', '--', 'cat', trace])).out.split('\n');
      expect(calls.filter((line) => /(clone|fork)/.test(line))).toEqual([]);
      expect(calls.filter((line) => / connect\(.*AF_INET/.test(line))).toHaveLength(1);
      expect(calls.filter((line) => /write\(\d+, "[0-9a-f]{20}/.test(line))).toHaveLength(1);
    }
  });
});

describe('the launcher starts Node', () => {
  it('if it has a descriptor 9 already, which the connection would replace', async () => {
    const { environment, launcher, sandbox } = await warmSandbox();
    const words = ['-c', '"$@" 9</dev/null', 'bash', launcher, 'export', 'dev'];
    expect((await runBeside('/bin/bash', words, environment, { cwd: sandbox.home })).err).toBe(
      'went to Node',
    );
  });

  it('if the agent has no answer', async () => {
    const { warm } = await warmSandbox();
    const lines = [
      'exec dev',
      'exec -- true',
      'exec dev --server -- true',
      'export dev --duration 1h',
      '--debug export dev',
      'export --help',
      'export dev --format xml',
      'export dev --format',
      'export dev staging',
      'export nobody',
      'export staging',
      'list',
    ];
    for (const line of lines) {
      expect(await warm(line.split(' ')), line).toMatchObject({ out: '', err: 'went to Node' });
    }
  });

  it('if the caller’s environment differs from the agent’s', async () => {
    const { warm } = await warmSandbox();
    const surroundings: Record<string, string>[] = [
      { AWSH_AGENT: 'off' },
      { CI: 'true' },
      { AWS_VAULT: 'other' },
      { AWS_CONFIG_FILE: 'relative/config' },
      { HOME: '' },
      { AWS_ROLE_SESSION_NAME: 'a\x1bb' },
    ];
    for (const more of surroundings) {
      const ran = await warm(['export', 'dev'], more);
      expect(ran, JSON.stringify(more)).toMatchObject({ out: '', err: 'went to Node' });
    }
  });

  it('if awsh is locked or the settings turn the agent off', async () => {
    const { warm, sandbox, paths } = await warmSandbox();
    mkdirSync(join(paths.settings, '..'), { recursive: true });
    writeFileSync(paths.settings, 'agent = off\n');
    expect(await warm(['export', 'dev'])).toMatchObject({ out: '', err: 'went to Node' });
    rmSync(paths.settings);
    expect(await warm(['export', 'dev'])).toMatchObject({ err: '' });
    const elsewhere = join(sandbox.home, 'elsewhere');
    mkdirSync(elsewhere);
    for (const mark of [join(paths.state, 'locked'), paths.secondLock ?? '', join(elsewhere, 'locked')]) {
      writeFileSync(mark, '');
      const ran = await warm(
        ['export', 'dev'],
        mark.startsWith(elsewhere) ? { AWSH_STATE_FOLDER: elsewhere } : {},
      );
      expect(ran, mark).toMatchObject({ out: '', err: 'went to Node' });
      rmSync(mark);
    }
    expect(await warm(['export', 'dev'])).toMatchObject({ err: '' });
    expect(sandbox.emulator.actions).toEqual(['AssumeRole']);
  });
});
