// Ends an agent that was stopped (SIGSTOP) and replaced: it would keep its sessions in memory for ever.
import {
  type AppPaths,
  isRunning,
  procFields,
  type WatchedProcess,
  watchedProcess,
} from '../system/index.ts';
import { sendKill } from './kill-agent.ts';
import { readAside } from './set-aside.ts';

/** How many looks an agent may stay stopped: one that resumes in time hands its sessions over. */
const patience = 4;

/** For the agent in its place, which looks from time to time. */
export class AsideWatch {
  #seen: { readonly agent: WatchedProcess; looks: number } | null = null;

  constructor(private readonly paths: Pick<AppPaths, 'runtime'>) {}

  /** Kills the agent that was set aside if it was stopped at this look and at all of the last ones. */
  look(): void {
    const pid = readAside(this.paths)?.pid;
    if (pid === undefined || !isStopped(pid)) {
      this.#seen = null;
      return;
    }
    if (this.#seen === null || this.#seen.agent.pid !== pid || !isRunning(this.#seen.agent)) {
      const agent = watchedProcess(pid);
      this.#seen = agent === null ? null : { agent, looks: 0 };
      return;
    }
    this.#seen.looks += 1;
    if (this.#seen.looks >= patience) sendKill(pid);
  }
}

/** Only Linux shows this without starting a program. */
function isStopped(pid: number): boolean {
  return process.platform === 'linux' && procFields(pid)?.[0] === 'T';
}
