import { describe, expect, it } from 'vitest';
import { answering, fakeAgent, type Peer, sizeLine } from '../../support/fake-agent.ts';
import { loadedReply } from '../../support/hook-package.ts';
import { hookShells, openHookShell } from '../../support/hook-shell.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Prints the traps and jobs that the call has left. A pipe whose reader ends early must still end
 * its writer.
 */
const nothingLeft = {
  bash: 'trap -p PIPE; jobs; yes | head -1',
  zsh: 'trap -p PIPE; jobs; yes | head -1',
  fish: 'jobs --query; and jobs; yes | head -1',
};

/** The right proof before everything else, because even our own agent may be broken. */
const whole = (proof: string) => loadedReply('broken').replace('-', proof);

/** The fault, what the agent does, and whether the hook avoids it for a while afterwards. */
const peers: [string, Peer, boolean][] = [
  ['never answers', () => {}, true],
  [
    'stops in the middle of its answer',
    (socket, _, { proof }) => socket.write(whole(proof).slice(0, 200)),
    true,
  ],
  [
    'ends in the middle of its answer',
    (socket, _, { proof }) => socket.end(whole(proof).slice(0, 200)),
    true,
  ],
  ['closes at once', (socket) => socket.end(), true],
  ['closes after the question', (socket, request) => request.then(() => socket.end()), true],
  ['resets at once', (socket) => socket.resetAndDestroy(), true],
  ['resets after the question', (socket, request) => request.then(() => socket.resetAndDestroy()), true],
  [
    'answers byte by byte',
    async (socket, _, { proof }) => {
      for (const byte of whole(proof)) {
        socket.write(byte);
        await pause(40);
        if (socket.destroyed) return;
      }
    },
    true,
  ],
  [
    'floods',
    (socket, _, { proof }) => {
      const flood = `${proof} ok 0 ${'x'.repeat(1 << 16)}\n`;
      const go = () => {
        while (!socket.destroyed && socket.write(flood));
      };
      socket.on('drain', go);
      go();
    },
    true,
  ],
  ['says something after the end', (socket, _, { proof }) => socket.end(`${whole(proof)}more\n`), true],
  ['answers with nothing but NUL', (socket) => socket.end(Buffer.alloc(4096)), true],
  ['speaks HTTP', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'), true],
  [
    'says how much it will say, and stops',
    (socket, _, { proof }) => socket.write(sizeLine(proof, 'x'.repeat(500))),
    true,
  ],
  [
    'says that it will say too much',
    (socket, _, { proof }) => socket.end(`${proof} 999999999\n${'x'.repeat(99)}`),
    true,
  ],
  [
    'has arithmetic for a size',
    (socket, _, { proof }) => socket.end(`${proof} a[$(x)]0\n${proof} none 0 -\n`),
    true,
  ],
  [
    'sets a variable that is not ours',
    (socket, _, { proof }) => socket.end(`${proof} ok 0 x\nset PATH /x\nend\n`),
    false,
  ],
  ['says so after its size', answering('- ok 0 x\nset PATH /x\nend\n'), false],
  ['knows a status that we do not', (socket, _, { proof }) => socket.end(`${proof} sure 0 x\nend\n`), false],
  ['cannot read the request', (socket, _, { proof }) => socket.end(`${proof} cold 0 -\nend\n`), false],
];

describe.each(hookShells)('%s uses Node, in time and silently, if the agent', (name) => {
  it.each(peers)('%s', async (_, peer, isLeftAlone) => {
    const home = temporaryHome();
    const agent = await fakeAgent(home, peer);
    const shell = await openHookShell(name, { home, environment: { AWSH_AGENT: undefined } });
    const { shown } = await shell.run('cd dev');
    expect(shown).toMatch(/^(dev \w+ )?\$ *(dev \w+)?$/);
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    await shell.run('cd ../prod');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID $PATH')).toMatch(/^ASIAPROD .*bin/);
    expect(agent.heard).toHaveLength(isLeftAlone ? 1 : 2);
    expect(shell.kit.requests()).toHaveLength(2);
    expect(await shell.output(nothingLeft[name])).toBe('y');
  });

  it('is gone, and asks the next one as soon as it is there', async () => {
    const home = temporaryHome();
    const dead = await fakeAgent(home, () => {});
    await dead.close();
    const shell = await openHookShell(name, { home, environment: { AWSH_AGENT: undefined } });
    expect((await shell.run('cd dev')).shown).not.toMatch(/refused|connect|tcp/);
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    const next = await fakeAgent(home, answering(loadedReply('next')));
    await shell.run('cd ../prod');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIANEXT');
    expect(next.heard).toHaveLength(1);
  });

  it('is asked again after ten seconds', async () => {
    const home = temporaryHome();
    const agent = await fakeAgent(home, (socket) => socket.end());
    const shell = await openHookShell(name, { home, environment: { AWSH_AGENT: undefined } });
    await shell.run('cd dev');
    agent.behave(answering(loadedReply('well')));
    await shell.run('cd ../prod');
    expect(agent.heard).toHaveLength(1);
    await shell.run('sleep 10.1');
    await shell.run('cd ../dev');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIAWELL');
  });
});

describe.each(hookShells)('^C while the agent is asked, in %s', (name) => {
  it('brings the prompt back, with no keys of the previous directory, and does not ask the agent for a while', async () => {
    const home = temporaryHome();
    const agent = await fakeAgent(home, answering(loadedReply('first')));
    const shell = await openHookShell(name, { home, environment: { AWSH_AGENT: undefined } });
    await shell.run('cd dev');
    let begun: () => void = () => {};
    const connected = new Promise<void>((resolve) => {
      begun = resolve;
    });
    agent.behave(() => begun());
    shell.skip();
    shell.type('cd ../prod && echo went on with $AWS_ACCESS_KEY_ID\r');
    await connected;
    shell.press('^C');
    await shell.prompt(5000);
    await shell.settle();
    expect(await shell.output('echo "<$AWS_ACCESS_KEY_ID> $AWS_PROFILE"', 5000)).toMatch(
      /^<(ASIAPROD)?> (awsh-blocked)?$/,
    );
    expect(shell.received).not.toContain('went on with ASIAFIRST');
    expect(await shell.output(nothingLeft[name])).toBe('y');
    await shell.run('cd ../dev');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    expect(agent.heard).toHaveLength(2);
    expect(await shell.output(`ls -l /proc/$$/fd 2>/dev/null | grep -c socket: `)).toBe('0');
  });
});
