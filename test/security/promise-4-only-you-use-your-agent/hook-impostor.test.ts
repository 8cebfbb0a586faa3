import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answering, fakeAgent, type Peer, stateLine } from '../../support/fake-agent.ts';
import { loadedReply } from '../../support/hook-package.ts';
import { exportedAws, hookShells, openHookShell, traceLine, tracingOf } from '../../support/hook-shell.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const evil = loadedReply('evil');

/** Another user's program on the port of an agent that has ended. */
const heirs: [string, Peer][] = [
  ['a proof of its own', (socket) => socket.end(evil.replace('-', 'a'.repeat(64)))],
  [
    'the token sent back',
    async (socket, request) => socket.end(evil.replace('-', (await request).slice(0, 64))),
  ],
  [
    'the proof but for its last digit',
    (socket, _, { proof }) => socket.end(evil.replace('-', `${proof.slice(0, 63)}0`)),
  ],
  ['the proof in its second line', (socket, _, { proof }) => socket.end(`x\n${evil.replace('-', proof)}`)],
  ['a pattern that fits any proof', (socket) => socket.end(evil.replace('-', '*'))],
  ['Node’s own sign', (socket) => socket.end(evil)],
  ['no proof', (socket) => socket.end(evil.slice(2))],
  ['an empty proof', (socket) => socket.end(evil.slice(1))],
  ['shell code', (socket) => socket.end('$(touch ~/pwned)\n`touch ~/pwned`\na[$(touch ~/pwned)]\nend\n')],
];

describe.each(hookShells)('another program on a dead agent’s port, asked by %s', (name) => {
  it.each(heirs)('is not believed, with %s', async (_, peer) => {
    const home = temporaryHome();
    const agent = await fakeAgent(home, peer);
    const shell = await openHookShell(name, { home, environment: { AWSH_AGENT: undefined } });
    await shell.run('cd dev');
    expect(agent.heard).toHaveLength(1);
    expect((await exportedAws(shell)).join()).toContain('ASIADEV');
    expect((await exportedAws(shell)).join()).not.toMatch(/evil/i);
    expect(fs.existsSync(`${home.path}/pwned`)).toBe(false);
  });
});

const honest = answering(loadedReply('warm'));
const others = process.getuid?.() === 0;

function moved(file: string): string {
  fs.renameSync(file, `${file}.real`);
  return `${file}.real`;
}

/** Reasons not to trust a state file: its content or its owner. */
const spoilt: [string, (file: string, line: string) => void, boolean?][] = [
  ['is empty', (file) => fs.writeFileSync(file, '')],
  ['is cut short', (file, line) => fs.writeFileSync(file, line.slice(0, -20))],
  ['lacks its line end', (file, line) => fs.writeFileSync(file, line.trimEnd())],
  ['has six words', (file, line) => fs.writeFileSync(file, line.replace('\n', ' x\n'))],
  [
    'has code for a port',
    (file, line) => fs.writeFileSync(file, line.replace(/^\d+/, 'a[$(touch${IFS}~/pwned)]')),
  ],
  ['has another host for a port', (file, line) => fs.writeFileSync(file, line.replace(/^/, '../127.0.0.1/'))],
  ['has a port with a zero before it', (file, line) => fs.writeFileSync(file, `0${line}`)],
  ['has a proof that is short', (file, line) => fs.writeFileSync(file, `${line.trimEnd().slice(0, -1)}\n`)],
  ['has no proof', (file, line) => fs.writeFileSync(file, line.replace(/ \S+\n/, ' \n'))],
  [
    'is binary',
    (file) => fs.writeFileSync(file, Buffer.from(Array.from({ length: 4000 }, (_, i) => i % 256))),
  ],
  ['is a megabyte', (file, line) => fs.writeFileSync(file, 'x'.repeat(1 << 20) + line)],
  ['is a link', (file) => fs.symlinkSync(moved(file), file)],
  ['is a folder', (file) => fs.mkdirSync(moved(file) && file)],
  ['is another user’s', (file) => fs.chownSync(file, 12345, 12345), others],
  ['lies in another user’s folder', (file) => fs.chownSync(dirname(file), 12345, 12345), others],
];

describe.each(hookShells)('a state file is not an agent’s, for %s, if it', (name) => {
  it.each(spoilt)('%s', async (_, spoil, possible = true) => {
    if (!possible) return;
    const home = temporaryHome();
    const agent = await fakeAgent(home, honest);
    spoil(`${home.path}/run/awsh/agent`, stateLine(agent));
    const shell = await openHookShell(name, { home, environment: { AWSH_AGENT: undefined } });
    const { shown } = await shell.run('cd dev');
    expect(shown).toMatch(/^(dev \w+ )?\$ *(dev \w+)?$/);
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    expect(agent.heard).toEqual([]);
    expect(fs.existsSync(`${home.path}/pwned`)).toBe(false);
  });
});

describe.each(hookShells)('token and proof, in %s,', (name) => {
  it.each(tracingOf[name])('are in no trace, no variable and no child: %s', async (tracing) => {
    const home = temporaryHome();
    const agent = await fakeAgent(home, honest);
    const shell = await openHookShell(name, {
      home,
      before: tracing,
      environment: { AWSH_AGENT: undefined },
    });
    const from = shell.received.length;
    await shell.run('cd dev');
    const all = name === 'fish' ? 'set; set --show' : 'declare -p';
    await shell.run(`echo "<$_>"; set; env; ${all}`);
    await shell.run(`cd ../prod && echo "<$_>" && ${all}`);
    expect(agent.heard).toHaveLength(2);
    const shown = shell.received.slice(from);
    expect(shown).toMatch(traceLine[name]);
    expect(shown).not.toContain(agent.token);
    expect(shown).not.toContain(agent.proof);
  });
});
