import { expect } from 'vitest';
import { describeWithAnotherUser, itWithAnotherUser, startStranger } from '../../support/another-user.ts';
import { hookShells, openHookShell } from '../../support/hook-shell.ts';
import { packageThatSays, run } from '../../support/launcher.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const password = 'word-of-the-proxy';

/**
 * Listens on the port of an agent that has ended, records what it receives, and sends chosen
 * replies.
 */
const squatter = `
const net = require('node:net');
let heard = '';
const server = net.createServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', (chunk) => { heard += chunk; socket.end('x ok 0 evil\\nset AWS_ACCESS_KEY_ID ASIAEVIL\\nend\\n'); });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
process.stdin.on('data', () => console.log(JSON.stringify(heard)));
process.stdin.on('end', () => process.exit());
`;

/** A home whose state file names the port of another user's program. */
async function squattedHome() {
  const home = temporaryHome();
  const stranger = startStranger(squatter);
  const port = await stranger.line();
  home.write('run/awsh/agent', `${port} 12345 999.0.0 ${'7'.repeat(64)} ${'9'.repeat(64)}\n`);
  const heard = async (): Promise<string> => {
    stranger.child.stdin.write('?\n');
    return JSON.parse(await stranger.line());
  };
  return { home, heard };
}

/** In each form that a proxy variable can have. */
const proxies = [
  ['HTTPS_PROXY', `http://user:${password}@127.0.0.1:9`],
  ['https_proxy', `user:${password}@127.0.0.1:9`],
  ['ALL_PROXY', `socks5://${password}@127.0.0.1:9`],
  ['http_proxy', `http://:${password}%40@127.0.0.1:9`],
] as const;

describeWithAnotherUser.each(hookShells)('another user on the port of a dead agent, asked by %s,', (name) => {
  itWithAnotherUser('is not told the password of a proxy, and nothing that it says is taken', async () => {
    const { home, heard } = await squattedHome();
    for (const [variable, value] of proxies) {
      const shell = await openHookShell(name, {
        home,
        environment: { AWSH_AGENT: undefined, [variable]: value },
      });
      await shell.run('cd dev');
      expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
      shell.close();
    }
    expect(await heard()).toBe('');
    const shell = await openHookShell(name, { home, environment: { AWSH_AGENT: undefined } });
    await shell.run('cd dev');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    // Without such a proxy, the program was asked, which shows that the test works.
    expect(await heard()).toContain(' load 1\n');
  });
});

describeWithAnotherUser('another user on the port of a dead agent, asked by the launcher,', () => {
  itWithAnotherUser(
    'is told neither a password of a proxy nor a key or token of the environment',
    async () => {
      const { home, heard } = await squattedHome();
      const launcher = packageThatSays(home, 'process.exit(7);');
      home.write('package/package.json', '{\n  "name": "awsh",\n  "version": "0.1.0",\n');
      const start = (more: Record<string, string>, words: string[]) =>
        run(launcher, words, { ...home.environment, AWSH_AGENT: '', ...more }).status;
      for (const [variable, value] of proxies) {
        expect(start({ [variable]: value }, ['exec', 'dev', '--', 'true'])).toBe(7);
        expect(start({ [variable]: value }, ['export', 'dev'])).toBe(7);
      }
      expect(await heard()).toBe('');
      const secrets = {
        AWS_SECRET_ACCESS_KEY: password,
        AWS_SESSION_TOKEN: password,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: password,
        AWSH_FILE_PASSPHRASE: password,
        AWS_ENDPOINT_URL: `https://user:${password}@example.com`,
      };
      expect(start(secrets, ['export', 'dev'])).toBe(7);
      const { AWS_ENDPOINT_URL, ...others } = secrets;
      expect(start(others, ['export', 'dev'])).toBe(7);
      expect(await heard()).toContain(' credentials 1\n');
      expect(await heard()).not.toContain(password);
    },
  );
});
