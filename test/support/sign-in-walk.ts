// Shared code of the tests that trace secrets through sign-ins.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { readState } from '../../src/agent/index.ts';
import { appPaths } from '../../src/system/index.ts';
import type { Canaries } from './canaries.ts';
import type { ProcessWatch } from './process-watch.ts';
import { recordAgent } from './recorded-agent.ts';
import { runInstalled } from './run-awsh.ts';
import { linksOf, type signInHome } from './sign-in-terminal.ts';
import type { ShellTerminal, Terminal } from './terminal.ts';

type Home = Awaited<ReturnType<typeof signInHome>>;

export async function agentOf(corp: Home) {
  Object.assign(corp.environment, { AWSH_AGENT: '' });
  const paths = appPaths(corp.environment);
  expect((await runInstalled(['agent', 'start'], corp.environment)).status).toBe(0);
  const pid = readState(paths)?.pid ?? 0;
  onTestFinished(() => void process.kill(pid, 'SIGKILL'));
  return recordAgent(paths);
}

/** One command that is traced; what it prints is kept in `shell.received`. */
export async function typed(shell: ShellTerminal, line: string): Promise<number> {
  shell.type(`${line}\r`);
  return (await shell.prompt(60_000)).status;
}

/**
 * Opens the page and allows it. If the address should be pasted, the browser is on another machine.
 */
export async function allowInBrowser(terminal: Terminal, corp: Home, isPasted: boolean): Promise<void> {
  rmSync(join(corp.home.path, 'opened'), { force: true });
  await terminal.waitFor('and press Enter.');
  terminal.press('Enter');
  const { allow } = await linksOf(await corp.openedPage());
  if (isPasted) terminal.type(`${allow}\r`);
  else await fetch(allow);
}

/** Places with a secret, apart from the files that should contain it. */
export async function leaksOf(
  canaries: Canaries,
  ownFiles: RegExp,
  { corp, shown, said, watch }: { corp: Home; shown: string; said: () => string; watch: ProcessWatch },
): Promise<string[]> {
  const processes = await watch.stop();
  return [
    ...canaries.inFilesBelow(corp.home.path).filter((line) => !ownFiles.test(line)),
    ...canaries.in(shown).map((what) => `the terminal showed ${what}`),
    ...canaries.in(said()).map((what) => `the agent was told ${what}`),
    ...processes.flatMap(({ commandLine, environment }) =>
      canaries.in(`${commandLine}\n${environment}`).map((what) => `${commandLine} was started with ${what}`),
    ),
  ];
}
