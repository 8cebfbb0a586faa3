import * as fs from 'node:fs';
import * as net from 'node:net';
import { dirname } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { connectAgent, readState, stateFile } from '../../../src/agent/index.ts';
import { newToken, writeState } from '../../../src/agent/state-file.ts';
import { runtimeOf } from '../../support/agent.ts';
import { type TemporaryHome, temporaryHome } from '../../support/temporary-home.ts';

/**
 * Another user's program on the port of an agent that has ended. It answers `says`, and records
 * what it receives.
 */
async function heir(
  home: TemporaryHome,
  says: (heard: string) => string | null,
): Promise<{ heard: () => string }> {
  let heard = '';
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      heard += chunk;
      const answer = says(String(chunk));
      if (answer !== null) socket.write(answer);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as net.AddressInfo;
  writeState(runtimeOf(home), { port, pid: 1, version: '1.0.0', token: newToken(), proof: newToken() });
  return { heard: () => heard };
}

const guess = 'a'.repeat(64);

it.each([
  ['a proof of its own', () => `${guess} hello 1 1.0.0\nend\n`],
  ['the token sent back', (heard: string) => `${heard.slice(0, 64)} hello 1 1.0.0\nend\n`],
  ['no proof', () => 'ok 0 -\nset AWS_ACCESS_KEY_ID AKIAEVIL\nend\n'],
  ['an empty proof', () => ' hello 1 1.0.0\nend\n'],
  ['shell code', () => '$(touch pwned)\nend\n'],
  ['no end', () => `${guess} hello 1 1.0.0\n`],
  ['a flood', () => 'x'.repeat(4 << 20)],
  ['silence', () => null],
])('a client accepts nothing from another program on the port, and sends it nothing: %s', async (_, says) => {
  const home = temporaryHome();
  const { heard } = await heir(home, says);
  expect(await connectAgent(runtimeOf(home))).toBeNull();
  expect(heard()).toMatch(/^[0-9a-f]{64} hello 1\nend\n$/);
});

it('a client stops waiting for a silent port after a quarter of a second', async () => {
  const home = temporaryHome();
  await heir(home, () => null);
  expect(await connectAgent(runtimeOf(home))).toBeNull();
});

it('a client finds no agent on a port without a listener', async () => {
  const home = temporaryHome();
  writeState(runtimeOf(home), { port: 1, pid: 1, version: '1.0.0', token: newToken(), proof: newToken() });
  expect(await connectAgent(runtimeOf(home))).toBeNull();
});

const line = `4000 123 1.0.0 ${guess} ${guess}\n`;

it.each([
  ['empty', ''],
  ['cut short', line.slice(0, -20)],
  ['without its line end', line.trimEnd()],
  ['of two lines', line + line],
  ['with code for a port', line.replace('4000', 'a[$(id)]')],
  ['with a port too high', line.replace('4000', '70000')],
  ['with a port of zero', line.replace('4000', '0')],
  ['with a token of capitals', line.toUpperCase()],
  ['of binary', Uint8Array.from([0, 1, 2, 255])],
  ['of a megabyte', line + 'x'.repeat(1 << 20)],
])('a client does not accept a state file %s', (_, content) => {
  const home = temporaryHome();
  home.write('run/awsh/agent', content);
  expect(readState(runtimeOf(home))).toBeNull();
});

it.each([
  ['others can read', (file: string) => fs.chmodSync(file, 0o644)],
  ['others can write', (file: string) => fs.chmodSync(file, 0o622)],
  [
    'is a link',
    (file: string) => {
      fs.renameSync(file, `${file}.real`);
      fs.symlinkSync(`${file}.real`, file);
    },
  ],
  [
    'is a folder',
    (file: string) => {
      fs.rmSync(file);
      fs.mkdirSync(file);
    },
  ],
  ['lies in a folder that others can enter', (file: string) => fs.chmodSync(dirname(file), 0o755)],
  ['lies in a folder that others can write', (file: string) => fs.chmodSync(dirname(file), 0o777)],
])('a client does not accept a state file that %s', (_, spoil) => {
  const home = temporaryHome();
  const file = home.write('run/awsh/agent', line);
  expect(readState(runtimeOf(home))).not.toBeNull();
  expect(stateFile(runtimeOf(home))).toBe(file);
  spoil(file);
  expect(readState(runtimeOf(home))).toBeNull();
});

it.skipIf(process.getuid?.() !== 0)("a client does not accept another user's state file", () => {
  const home = temporaryHome();
  const file = home.write('run/awsh/agent', line);
  fs.chownSync(file, 65534, 65534);
  expect(readState(runtimeOf(home))).toBeNull();
});

it.each([0o000, 0o022, 0o777])('the agent writes a private state file, under umask %o', (mask) => {
  const home = temporaryHome();
  const before = process.umask(mask);
  try {
    writeState(runtimeOf(home), { port: 9, pid: 1, version: '1.0.0', token: newToken(), proof: newToken() });
  } finally {
    process.umask(before);
  }
  expect(fs.statSync(stateFile(runtimeOf(home))).mode & 0o777).toBe(0o600);
  expect(fs.statSync(runtimeOf(home).runtime).mode & 0o777).toBe(0o700);
  expect(readState(runtimeOf(home))?.port).toBe(9);
});
