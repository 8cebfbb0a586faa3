import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appPaths, keepInspectorShut } from '../system/index.ts';
import { runAgent } from './agent.ts';
import { AgentLog } from './agent-log.ts';
import { systemClocks } from './two-clocks.ts';

// dist/agent.mjs: the agent's own process, which `startAgent` makes.
keepInspectorShut();
const here = dirname(fileURLToPath(import.meta.url));
const { version }: { version: string } = JSON.parse(readFileSync(join(here, '../package.json'), 'utf8'));
const paths = appPaths(process.env);
const log = new AgentLog(paths, systemClocks);

process.umask(0o077);
process.on('uncaughtException', (error) => {
  // Its message could quote anything; the next command starts another agent.
  log.note(`crashed: ${error.name}`);
  process.exit(1);
});

await runAgent({
  paths,
  version,
  clocks: systemClocks,
  log,
  workerProgram: join(here, 'worker.mjs'),
  idleMs: 12 * 3600 * 1000,
  lookMs: 15_000,
});
process.exit(0);
