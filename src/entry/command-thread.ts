// The agent's thread, built as dist/command-thread.cjs: runs commands that only read, with the code
// of dist/main.cjs. It cannot write, start a program or connect to anything: whatever needs that
// leaves the command to Node.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { isatty, WriteStream } from 'node:tty';
import { Script } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { markOf, type ThreadAnswer, type ThreadData, type ThreadQuestion } from '../agent/thread-protocol.ts';
import { type AskedCommand, readAskedCommand } from './asked-command.ts';
import type { Program } from './main.ts';
import { readingFiles, unavailable } from './reading-files.ts';

const { word, zone, localTime } = workerData as ThreadData;
/** Commands with more output than this are left to Node. */
const mostBytes = 128 * 1024;

let isLeft = false;

/** Leaves the command to Node, even if the caller catches this. */
function leave(): never {
  isLeft = true;
  throw new Error('left to Node');
}

process.cwd = leave;

/** Node's own modules that only compute, or tell about this process. */
const allowed = /^(node:)?(buffer|crypto|os|path|process|tty|url|util)$/;
const replaced = new Map<string, unknown>([['node:fs', readingFiles(leave)]]);

function load(name: string): unknown {
  if (allowed.test(name)) return require(name);
  if (name === './packages-command-line.cjs') return run('packages-command-line.cjs');
  const found = replaced.get(name) ?? unavailable(leave);
  replaced.set(name, found);
  return found;
}

const sources = new Map(
  ['main.cjs', 'packages-command-line.cjs'].map((name) => [name, fs.readFileSync(join(__dirname, name))]),
);
const hash = createHash('sha256');
for (const source of sources.values()) hash.update(source);
// The package was replaced after the agent started.
if (hash.digest('hex').slice(0, 16) !== word) throw new Error('another build');

const loaded = new Map<string, unknown>();

/** Runs one of the files whose text was checked above. */
function run(name: string): unknown {
  const known = loaded.get(name);
  if (known !== undefined) return known;
  const script = new Script((sources.get(name) ?? Buffer.of()).toString('latin1'), { filename: name });
  const module = { exports: {} };
  script.runInThisContext()(load, module, module.exports, join(__dirname, name), __dirname);
  loaded.set(name, module.exports);
  return module.exports;
}

const program = run('main.cjs') as Program;

/** Null if Node must answer. */
async function answer(text: string): Promise<ThreadAnswer | null> {
  isLeft = false;
  try {
    const asked = readAskedCommand(text, word, leave);
    if (asked === null || !isHere(asked)) return null;
    const { words, environment, directory, pid, terminals } = asked;
    // This thread's own environment, empty at first: some modules read it.
    process.env.HOME = environment.HOME;
    const found = await program.runReading(words, {
      environment,
      directory,
      packageFolder: dirname(__dirname),
      stdout: await streamOf(pid, 7, terminals),
      stderr: await streamOf(pid, 8, terminals),
    });
    if (isLeft || found === null || Buffer.byteLength(found.printed) > mostBytes) return null;
    return found;
  } catch {
    return null;
  }
}

/**
 * True if the caller sees the same files, directory and time zone as this process. A container may
 * share the agent's files and address, and nothing else.
 */
function isHere({ pid, directory, zone: callers }: AskedCommand): boolean {
  if (callers !== zone || (zone === null && markOf('/etc/localtime') !== localTime)) return false;
  const here = fs.statSync(directory, { throwIfNoEntry: false });
  if (!here?.isDirectory()) return false;
  if (process.platform !== 'linux') return true;
  const there = fs.statSync(`/proc/${pid}/cwd`);
  const isSame = (name: string) =>
    fs.readlinkSync(`/proc/${pid}/${name}`) === fs.readlinkSync(`/proc/self/${name}`);
  return here.ino === there.ino && here.dev === there.dev && isSame('ns/mnt') && isSame('root');
}

/**
 * One of the caller's streams, which the launcher has copied to this descriptor because it redirects
 * its own. The width of a terminal is that of the same terminal, opened here.
 */
async function streamOf(
  pid: number,
  fd: number,
  terminals: string,
): Promise<{ isTTY: boolean; columns?: number }> {
  if (!terminals.includes(String(fd))) return { isTTY: false };
  if (process.platform !== 'linux') leave();
  const { O_RDONLY, O_NOCTTY, O_NONBLOCK } = fs.constants;
  const own = fs.openSync(`/proc/${pid}/fd/${fd}`, O_RDONLY | O_NOCTTY | O_NONBLOCK);
  const { rdev } = fs.fstatSync(own);
  try {
    if (!isatty(own)) return leave();
    const stream = new WriteStream(own);
    const { columns } = stream;
    stream.destroy();
    await once(stream, 'close');
    return { isTTY: true, columns };
  } finally {
    // Node closes the terminal that it has opened by its name instead, if it could. Nothing else in
    // this process opens a terminal.
    if (statOf(own)?.rdev === rdev) fs.closeSync(own);
  }
}

function statOf(fd: number): fs.Stats | null {
  try {
    return fs.fstatSync(fd);
  } catch {
    return null;
  }
}

let before: Promise<void> = Promise.resolve();

// One at a time: modules of main.cjs have state for one command.
parentPort?.on('message', ({ id, text }: ThreadQuestion) => {
  before = before.then(async () => parentPort?.postMessage({ id, answer: await answer(text) }));
});
