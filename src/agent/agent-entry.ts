import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appPaths, keepInspectorShut } from '../system/index.ts';
import { runAgent } from './agent.ts';
import { AgentLog, crashText } from './agent-log.ts';
import { CommandThread } from './command-thread.ts';
import { jobFolder, jobOfArguments } from './job.ts';
import { sweepLeftovers } from './sweep.ts';
import { systemClocks } from './two-clocks.ts';

/** Put in by the build: a hash of dist/main.cjs and the packages that commands which only read need. */
declare const AWSH_WORD: string | undefined;

// dist/agent.mjs: the agent's own process, started by `startAgent`.
keepInspectorShut();
const here = dirname(fileURLToPath(import.meta.url));
const { version }: { version: string } = JSON.parse(readFileSync(join(here, '../package.json'), 'utf8'));
const word = typeof AWSH_WORD === 'undefined' ? '' : AWSH_WORD;
const job = jobOfArguments(process.argv.slice(2));
const own = appPaths(process.env);
const paths = job === null ? own : { ...own, runtime: jobFolder(own.runtime, job.pid) };
const log = new AgentLog(paths, systemClocks);

process.umask(0o077);
sweepLeftovers(own);
process.on('uncaughtException', (error) => {
  // The next command starts another agent.
  log.note(crashText(error));
  process.exit(1);
});

await runAgent({
  paths,
  version,
  clocks: systemClocks,
  log,
  workerProgram: join(here, 'worker.mjs'),
  thread: new CommandThread(join(here, 'command-thread.cjs'), word, (line) => log.note(line)),
  idleMs: 12 * 3600 * 1000,
  lookMs: job === null ? 15_000 : 1000,
  job,
});
process.exit(0);
