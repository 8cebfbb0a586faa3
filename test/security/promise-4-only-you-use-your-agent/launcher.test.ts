import { chmodSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answering, type FakeAgent, fakeAgent, type Peer, stateLine } from '../../support/fake-agent.ts';
import { packageThatSays, replying, runBeside } from '../../support/launcher.ts';
import { type TemporaryHome, temporaryHome } from '../../support/temporary-home.ts';

/**
 * What the launcher sends to the process on the agent's port, and accepts from it. If Node starts,
 * it prints `from Node`.
 */
async function launcherBefore(peer: Peer) {
  const home = temporaryHome();
  const agent = await fakeAgent(home, peer);
  const reply = replying('run 4', 'unset', 'WHO=from Node', 'end');
  const launcher = packageThatSays(
    home,
    `if (process.argv[2] === 'exec') ${reply} else console.log('from Node');`,
  );
  const environment: Record<string, string> = { ...home.environment, AWSH_AGENT: '', WHO: 'the caller' };
  const run = (words: string[], more: Record<string, string> = {}) =>
    runBeside(launcher, words, { ...environment, ...more }, { cwd: home.path });
  return { home, agent, run };
}

const exec = ['exec', 'dev', '--', 'sh', '-c', 'echo "$WHO ${AWS_ACCESS_KEY_ID-none}"'];
const exporting = ['export', 'dev'];

describe('the program at the agent’s port', () => {
  it('is believed if it sends the proof', async () => {
    const { run, agent } = await launcherBefore(
      answering('- ok 1795385954 dev\nunset AWS_PROFILE\nAWS_ACCESS_KEY_ID=ASIAGOOD\nWHO=a%0Ab%25\nend\n'),
    );
    expect(await run(exec)).toMatchObject({ status: 0, out: 'a\nb% ASIAGOOD\n', err: '' });
    agent.behave(answering('- text 1999999999 dev\none\ntwo\nend\n'));
    expect(await run(exporting)).toMatchObject({ status: 0, out: 'one\ntwo\n', err: '' });
    expect(agent.heard).toHaveLength(2);
  });

  const set = 'unset\nAWS_ACCESS_KEY_ID=ASIAEVIL';
  const strange: [string, Peer][] = [
    ['says nothing', () => {}],
    ['hangs up', (socket) => socket.end()],
    ['resets the connection', (socket) => socket.resetAndDestroy()],
    [
      'resets it when the request has come',
      async (socket, request) => {
        await request;
        socket.resetAndDestroy();
      },
    ],
    ['does not know the proof', answering(`${'0'.repeat(64)} ok 1999999999 dev\n${set}\nend\n`)],
    ['leaves the proof out', answering(`ok 1999999999 dev\n${set}\nend\n`)],
    [
      'shows the token',
      async (socket, request, { token }) => {
        await request;
        socket.end(`${token} ok 1999999999 dev\n${set}\nend\n`);
      },
    ],
    [
      'shows part of the proof',
      async (socket, request, { proof }) => {
        await request;
        socket.end(`${proof.slice(1)} ok 1999999999 dev\n${set}\nend\n`);
      },
    ],
    [
      'shows it too late',
      async (socket, request, { proof }) => {
        await request;
        socket.end(`x${proof} ok 1999999999 dev\n${set}\nend\n`);
      },
    ],
    ['stops before the end', answering(`- ok 1999999999 dev\n${set}\n`)],
    ['stops within the end', answering(`- ok 1999999999 dev\n${set}\nend`)],
    ['goes on after the end', answering(`- ok 1999999999 dev\nend\n${set}\n`)],
    ['says cold', answering('- cold 0 -\nend\n')],
    ['says something else', answering(`- blocked 1999999999 dev\n${set}\nend\n`)],
    ['has arithmetic for a number', answering(`- ok a[$(touch pwned)] dev\n${set}\nend\n`)],
    ['has a number that is too long', answering(`- ok 1234567890123 dev\n${set}\nend\n`)],
    ['has a name that is none', answering('- ok 1999999999 dev\nunset\nA[$(touch pwned)]=b\nend\n')],
    ['has a name that begins with a digit', answering('- ok 1999999999 dev\nunset\n1A=b\nend\n')],
    ['has a name of two words', answering('- ok 1999999999 dev\nunset\nA B=c\nend\n')],
    ['has no name', answering('- ok 1999999999 dev\nunset\n=b\nend\n')],
    ['has nothing to set a name to', answering('- ok 1999999999 dev\nunset\nA\nend\n')],
    ['unsets a name that is none', answering('- ok 1999999999 dev\nunset A;B\nend\n')],
    ['unsets a name that begins with a digit', answering('- ok 1999999999 dev\nunset 1A\nend\n')],
    ['unsets no name, after one', answering('- ok 1999999999 dev\nunset A  B\nend\n')],
    ['unsets no name, after none', answering('- ok 1999999999 dev\nunset \nend\n')],
    ['does not say what to unset', answering('- ok 1999999999 dev\nAWS_ACCESS_KEY_ID=ASIAEVIL\nend\n')],
    ['unsets after it has set', answering(`- ok 1999999999 dev\n${set}\nunset A\nend\n`)],
    ['names a command', answering('- ok 1999999999 dev\nrun 5\nend\n')],
    ['names a shell', answering(`- ok 1999999999 dev\nshell /bin/echo\n${set}\nend\n`)],
    ['has an unknown word', answering(`- ok 1999999999 dev\n${set}\neval touch pwned\nend\n`)],
    ['has an unknown word first', answering('- ok 1999999999 dev\neval touch pwned\nA=b\nend\n')],
    ['has an empty line', answering(`- ok 1999999999 dev\n\n${set}\nend\n`)],
    ['has an empty line at its end', answering(`- ok 1999999999 dev\n${set}\n\nend\n`)],
    ['ends twice', answering(`- ok 1999999999 dev\n${set}\nend\nend\n`)],
    ['has a control byte', answering('- ok 1999999999 dev\nunset\nA=b\x1b[31m\nend\n')],
    ['has a carriage return', answering(`- ok 1999999999 dev\r\n${set}\r\nend\r\n`)],
    ['has text for exec', answering('- text 1999999999 dev\nunset\nA=b\nend\n')],
  ];
  it.each(strange)('is not believed if it %s', async (_, peer) => {
    const { run, home } = await launcherBefore(peer);
    const result = await run(exec);
    expect(result).toMatchObject({ status: 0, out: 'from Node none\n', err: '' });
    expect(await runBeside('ls', ['pwned'], home.environment, { cwd: home.path })).not.toMatchObject({
      status: 0,
    });
  });

  it.each<[string, Peer]>([
    ['does not know the proof', answering(`${'0'.repeat(64)} text 1999999999 dev\nevil\nend\n`)],
    ['gives variables', answering(`- ok 1999999999 dev\n${set}\nend\n`)],
    ['gives no text', answering('- text 1999999999 dev\nend\n')],
    ['has no line end', answering('- text 1999999999 dev\nevilend\n')],
    ['has arithmetic for a number', answering('- text a[$(touch pwned)] dev\nevil\nend\n')],
    ['has a control byte', answering('- text 1999999999 dev\nevil\x1b[31m\nend\n')],
    ['stops within the end', answering('- text 1999999999 dev\nevil\nen')],
    ['goes on after the end', answering('- text 1999999999 dev\nevil\nend\nmore\n')],
  ])('gets nothing of its answer printed if it %s', async (_, peer) => {
    const { run } = await launcherBefore(peer);
    expect(await run(exporting)).toMatchObject({ status: 0, out: 'from Node\n', err: '' });
  });

  it('cannot delay a command for more than a moment', async () => {
    const drip: Peer = (socket, _, { proof }) => {
      const timer = setInterval(() => socket.write(proof.charAt(0)), 100);
      socket.on('close', () => clearInterval(timer));
    };
    const flood: Peer = (socket) => {
      const more = () => {
        while (socket.write('x'.repeat(65536)));
      };
      socket.on('drain', more);
      more();
    };
    for (const peer of [drip, flood]) {
      const { run } = await launcherBefore(peer);
      expect(await run(exporting)).toMatchObject({ out: 'from Node\n' });
    }
  });
});

describe('what is sent before the proof', () => {
  it('contains no secret', async () => {
    const { run, agent } = await launcherBefore(answering('- cold 0 -\nend\n'));
    const secrets = {
      AWS_SECRET_ACCESS_KEY: 'hunter2',
      AWS_SESSION_TOKEN: 'hunter2',
      AWS_SECURITY_TOKEN: 'hunter2',
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'hunter2',
      AWS_BEARER_TOKEN_BEDROCK: 'hunter2',
      AWSH_FILE_PASSPHRASE: 'hunter2',
      AWS_VAULT_FILE_PASSPHRASE: 'hunter2',
      AWS_ROOT_PASSWORD: 'hunter2',
      AWS_SECRET_KEY: 'hunter2',
      AWS_API_KEY: 'hunter2',
      AWS_CREDENTIALS: 'hunter2',
      SOMETHING_ELSE: 'hunter2',
    };
    const needed = {
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_WEB_IDENTITY_TOKEN_FILE: '/a file',
      AWS_REGION: 'eu-west-1',
    };
    await run(exec, { ...secrets, ...needed });
    const [request = ''] = agent.heard;
    expect(request).not.toContain('hunter2');
    for (const [name, value] of Object.entries(needed)) expect(request).toContain(`\nenv ${name} ${value}\n`);
  });

  it.each([
    ['HTTPS_PROXY', 'http://me:hunter2@proxy:3128'],
    ['http_proxy', 'me:hunter2@proxy:3128'],
    ['AWS_ENDPOINT_URL_STS', 'https://me:hunter2@localhost'],
    ['AWSH_SAVED', 'was AWS_ENDPOINT_URL https://me:hunter2@localhost'],
    ['AWS_ENDPOINT_URL', 'https://localhost/?token=hunter2'],
    ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', '/v2/credentials/hunter2'],
    ['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'http://localhost/hunter2'],
    ['AWSH_SAVED', 'was AWS_CONTAINER_CREDENTIALS_RELATIVE_URI /v2/credentials/hunter2'],
  ])('is nothing if %s has a password', async (name, value) => {
    const { run, agent } = await launcherBefore(answering('- text 1999999999 dev\nwarm\nend\n'));
    expect(await run(exporting, { [name]: value })).toMatchObject({ out: 'from Node\n' });
    expect(agent.heard.join('')).toBe('');
  });

  it.each([
    'AWS_MFA_CODE',
    'AWS_CREDENTIALS_JSON',
    'AWS_EXTERNAL_ID',
    'AWS_SSO_CODE',
    'AWS_AUTH',
    'AWS_ANYTHING',
    'AWSX',
    'AWSH_TOKEN',
    'AWS_VAULT_FILE_PASSPHRASE',
  ])('has only the name of %s', async (name) => {
    const { run, agent } = await launcherBefore(answering('- cold 0 -\nend\n'));
    await run(['export', 'dev'], { [name]: 'hunter2' });
    expect(agent.heard.join('')).toMatch(new RegExp(`^untold (.* )?${name}( |$)`, 'm'));
    expect(agent.heard.join('')).not.toContain('hunter2');
  });

  it('is exactly one request', async () => {
    const { run, agent, home } = await launcherBefore(answering('- cold 0 -\nend\n'));
    await run(['export', 'a b', '--format', 'fish', '--region', 'eu-west-1'], {
      AWSH_SAVED: 'was A b\nnow C 1%25',
      AWSH_FILE_PASSPHRASE: 'hunter2',
      AWS_SESSION_TOKEN: '',
      https_proxy: 'http://proxy:3128',
    });
    const folders = ['HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME'];
    const place = [...folders, 'XDG_RUNTIME_DIR'].map((name) => home.environment[name]);
    const proxies = ['', '', '', home.environment.NO_PROXY, '', 'http://proxy:3128', '', ''];
    const lines = [
      `${agent.token} credentials 1`,
      'want export',
      'profile a b',
      `place ${[...place, ...proxies].join('|')}`,
      'region eu-west-1',
      'format fish',
      'env AWSH_AGENT ',
      'env AWSH_SAVED was A b%0Anow C 1%2525',
      'untold AWSH_FILE_PASSPHRASE AWS_SESSION_TOKEN',
      'from PID',
      expect.stringMatching(/^in \//),
      'runs ',
      'end',
      '',
    ];
    const heard = agent.heard.map((text) => text.replace(/^from [1-9][0-9]*$/m, 'from PID').split('\n'));
    expect(heard).toEqual([lines]);
  });

  it('names exec’s command only by its first word', async () => {
    const { run, agent } = await launcherBefore(answering('- cold 0 -\nend\n'));
    await run(['exec', 'dev', '--', '/opt/my tool', '--password', 'hunter2']);
    expect(agent.heard.join('')).toContain('\nruns /opt/my tool\nend\n');
    expect(agent.heard.join('')).not.toContain('hunter2');
  });

  it.each([
    ['a profile’s name', ['export', 'a%0Ab'], {}],
    ['a region', ['export', 'dev', '--region', 'a\nb'], {}],
    ['a folder', exporting, { XDG_CONFIG_HOME: '/a%25b' }],
    ['a proxy', exporting, { NO_PROXY: 'a\nend' }],
  ])('is nothing if %s would have to be encoded', async (_, words, more: Record<string, string>) => {
    const { run, agent } = await launcherBefore(answering('- text 1999999999 dev\nwarm\nend\n'));
    expect(await run(words, more)).toMatchObject({ out: 'from Node\n' });
    expect(agent.heard.join('')).toBe('');
  });
});

describe('a state file', () => {
  const other = (agent: FakeAgent, change: (line: string) => string) => change(stateLine(agent));
  const writes = (change: (line: string) => string) => (home: TemporaryHome, agent: FakeAgent) =>
    writeFileSync(join(home.path, 'run/awsh/agent'), other(agent, change));
  it.each<[string, (home: TemporaryHome, agent: FakeAgent) => void]>([
    [
      'is a link',
      (home) => {
        renameSync(join(home.path, 'run/awsh/agent'), join(home.path, 'elsewhere'));
        symlinkSync(join(home.path, 'elsewhere'), join(home.path, 'run/awsh/agent'));
      },
    ],
    [
      'lies in a folder that is a link',
      (home) => {
        renameSync(join(home.path, 'run/awsh'), join(home.path, 'elsewhere'));
        symlinkSync(join(home.path, 'elsewhere'), join(home.path, 'run/awsh'));
      },
    ],
    ['cannot be read', (home) => chmodSync(join(home.path, 'run/awsh/agent'), 0o000)],
    ['is empty', writes(() => '')],
    ['is cut off', writes((line) => line.slice(0, -1))],
    ['has capitals in its proof', writes((line) => line.replace(/9b\n/, '9B\n'))],
    ['has a short token', writes((line) => line.replace('77', '7'))],
    ['has more words', writes((line) => line.replace('\n', ' more\n'))],
    ['has arithmetic for a port', writes((line) => line.replace(/^\d+/, 'a[$(touch${IFS}pwned)]'))],
    ['has a port that is too high', writes((line) => line.replace(/^\d+/, '65536'))],
    ['has an octal port', writes((line) => `0${line}`)],
    ['has a pid that is none', writes((line) => line.replace(' 4711 ', ' x '))],
  ])('that %s is not an agent’s', async (_, change) => {
    const { run, agent, home } = await launcherBefore(answering('- text 1999999999 dev\nwarm\nend\n'));
    expect(await run(exporting)).toMatchObject({ out: 'warm\n' });
    change(home, agent);
    const asRoot = process.getuid?.() === 0 && _ === 'cannot be read';
    expect(await run(exporting)).toMatchObject({ out: asRoot ? 'warm\n' : 'from Node\n', err: '' });
  });

  it('of a dead agent leaves everything to Node', async () => {
    const { run, agent } = await launcherBefore(answering('- text 1999999999 dev\nwarm\nend\n'));
    await agent.close();
    expect(await run(exporting)).toMatchObject({ status: 0, out: 'from Node\n', err: '' });
    expect(await run(exec)).toMatchObject({ status: 0, out: 'from Node none\n', err: '' });
    // A redirection of `exec` that fails would end the launcher.
    const posix = await run(exporting, { POSIXLY_CORRECT: '1' });
    expect(posix).toMatchObject({ status: 0, out: 'from Node\n', err: '' });
  });
});

describe('the command of exec', () => {
  const answer = answering('- ok 1999999999 dev\nunset\nAWS_ACCESS_KEY_ID=ASIAGOOD\nend\n');

  it('keeps its caller’s descriptor 9, and gets no connection', async () => {
    const { run, home } = await launcherBefore(answer);
    const script = 'exec 9>nine; "$@"; exec 9>&-; cat nine';
    const words = [
      'exec',
      'dev',
      '--',
      'sh',
      '-c',
      'echo nine >&9; exec 2>/dev/null; ls -l /dev/fd/ | grep -c socket',
    ];
    const launcher = join(home.path, 'package/bin/awsh');
    const { out } = await runBeside(
      'bash',
      ['-c', script, 'bash', launcher, ...words],
      {
        ...home.environment,
        AWSH_AGENT: '',
      },
      { cwd: home.path },
    );
    expect(out).toBe('0\nnine\n');
    expect((await run(words.slice(0, 3).concat('true'))).status).toBe(0);
  });

  it.each([
    ['dies of SIGPIPE', '', '141'],
    ['ignores it where the caller did', "trap '' PIPE; ", '1'],
  ])('%s', async (_, before, status) => {
    const { home } = await launcherBefore(answer);
    const launcher = join(home.path, 'package/bin/awsh');
    const script = `${before}{ "$1" exec dev -- yes; echo $? >&2; } | head -1`;
    const { err } = await runBeside('bash', ['-c', script, 'bash', launcher], {
      ...home.environment,
      AWSH_AGENT: '',
    });
    expect(err.trim().split('\n').at(-1)).toBe(status);
  });

  it('shows nothing of the conversation to set -x, and has none of the launcher’s variables', async () => {
    const { home, agent } = await launcherBefore(answer);
    const launcher = join(home.path, 'package/bin/awsh');
    const script = 'export SHELLOPTS; set -x; "$1" exec dev -- env';
    const { out, err } = await runBeside('bash', ['-c', script, 'bash', launcher], {
      ...home.environment,
      AWSH_AGENT: '',
    });
    expect(out).toContain('AWS_ACCESS_KEY_ID=ASIAGOOD');
    expect(out).not.toContain('awsh_');
    for (const secret of [agent.token, agent.proof]) expect(out + err).not.toContain(secret);
  });
});
