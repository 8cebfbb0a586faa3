import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answering, fakeAgent, type Peer } from '../../support/fake-agent.ts';
import { runBeside } from '../../support/launcher.ts';
import { readingLauncher, wentToNode } from '../../support/reading-home.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

/** A launcher of the fake agent's version, and what it sends and accepts. */
async function launcherBefore(peer: Peer) {
  const home = temporaryHome();
  const agent = await fakeAgent(home, peer);
  const launcher = readingLauncher();
  const manifest = join(launcher, '../../package.json');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace(/"version": ".*"/, '"version": "1.2.3"'));
  const environment: Record<string, string> = { ...home.environment, AWSH_AGENT: '', PWD: home.path };
  const run = (words: string[], more: Record<string, string> = {}) =>
    runBeside(launcher, words, { ...environment, ...more }, { cwd: home.path });
  return { home, agent, run };
}

/** Answers with this text, in which `-` at the beginning of a line is the proof. */
const proving =
  (text: string): Peer =>
  async (socket, request, { proof }) => {
    await request;
    socket.end(text.replace(/^-(?= |$)/gm, proof));
  };

describe('the answer to a command that only reads', () => {
  it('is printed if it has the proof at both ends', async () => {
    const { run, agent } = await launcherBefore(proving('- ran 3 one%0Atwo%2525\n-n\nend\n\n-\nend\n'));
    expect(await run(['list'])).toMatchObject({ status: 3, out: '-n\nend\n\n', err: 'one\ntwo%25\n' });
    agent.behave(proving('- ran 0 -\n-\nend\n'));
    expect(await run(['prompt'])).toMatchObject({ status: 0, out: '', err: '' });
  });

  it.each([
    ['begins with another proof', `${'0'.repeat(64)} ran 0 -\nevil\n-\nend\n`],
    ['does not end with the proof', '- ran 0 -\nevil\nend\n'],
    ['ends with another proof', `- ran 0 -\nevil\n${'0'.repeat(64)}\nend\n`],
    ['stops after a line', '- ran 0 -\nevil\n'],
    ['stops within the end', '- ran 0 -\nevil\n-\nen'],
    ['goes on after the end', '- ran 0 -\nevil\n-\nend\nmore\n'],
    ['is text for export', '- text 0 -\nevil\n-\nend\n'],
    ['is cold', '- cold 0 -\nend\n'],
    ['has arithmetic for a status', '- ran a[$(touch pwned)] -\nevil\n-\nend\n'],
    ['has a status that is too long', '- ran 1000 -\nevil\n-\nend\n'],
    ['is nothing', ''],
  ])('is not used if it %s', async (_, text) => {
    const { run } = await launcherBefore(proving(text));
    expect(await run(['list'])).toMatchObject({ out: '', err: wentToNode });
  });

  it('cannot delay a command for more than a moment', async () => {
    const silent: Peer = () => {};
    const drip: Peer = (socket, _, { proof }) => {
      const timer = setInterval(() => socket.write(proof.charAt(0)), 100);
      socket.on('close', () => clearInterval(timer));
    };
    for (const peer of [silent, drip]) {
      const { run } = await launcherBefore(peer);
      expect(await run(['status'])).toMatchObject({ err: wentToNode });
    }
  });
});

describe('the request of a command that only reads', () => {
  const secrets = [
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'AWS_SECURITY_TOKEN',
    'AWS_CONTAINER_AUTHORIZATION_TOKEN',
    'AWSH_FILE_PASSPHRASE',
    'AWS_VAULT_FILE_PASSPHRASE',
    'AWS_ANYTHING',
    'SOMETHING_ELSE',
    'HTTPS_PROXY',
    'http_proxy',
  ];

  it('contains no secret, and what the command reads', async () => {
    const { run, agent, home } = await launcherBefore(answering('- cold 0 -\nend\n'));
    const values = secrets.map((name) => [name, 'http://me:hunter2@proxy']);
    await run(['list', '--json'], {
      ...Object.fromEntries(values),
      AWSH_LOADED: '1 dir 0 dev -',
      AWS_REGION: 'eu-west-1',
      NO_COLOR: '1',
      TZ: 'UTC',
      TERM: 'xterm',
    });
    const [request = ''] = agent.heard;
    expect(request).not.toContain('hunter2');
    expect(request).toMatch(
      /^7+a run 1\nbuild [0-9a-f]{16}\nplace \/.*\|{8}\nscreen \|=UTC\|1\|xterm\|\|\|\n/,
    );
    expect(request).toContain('\narg list\narg --json\n');
    expect(request).toContain('\nenv AWSH_LOADED 1 dir 0 dev -\n');
    expect(request).toContain(`\nin ${home.path}\n`);
  });

  it.each([
    ['AWS_ENDPOINT_URL', 'https://localhost/?token=hunter2'],
    ['AWSH_SAVED', 'was AWS_ENDPOINT_URL https://me:hunter2@localhost'],
    ['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'http://localhost/hunter2'],
  ])('is not sent if %s may have a password', async (name, value) => {
    const { run, agent } = await launcherBefore(answering('- cold 0 -\nend\n'));
    expect(await run(['status'], { [name]: value })).toMatchObject({ err: wentToNode });
    expect(agent.heard.join('')).toBe('');
  });

  it('is not sent from a directory whose name has a line end', async () => {
    const { agent, home } = await launcherBefore(answering('- cold 0 -\nend\n'));
    const odd = join(home.path, 'a\nenv AWSH_BACKEND pass');
    mkdirSync(odd);
    const environment = { ...home.environment, AWSH_AGENT: '' };
    expect(await runBeside(readingLauncher(), ['list'], environment, { cwd: odd })).toMatchObject({
      err: wentToNode,
    });
    expect(agent.heard.join('')).toBe('');
  });
});
