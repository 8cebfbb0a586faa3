import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** What the process list and a crash would reveal about one program. */
export interface SeenProcess {
  /** Its command line, with spaces. */
  readonly commandLine: string;
  /** `NAME=value`, one a line, as at its start. */
  readonly environment: string;
  /** The soft limit on core files: `0` or `unlimited`. */
  readonly coreLimit: string;
}

/**
 * Checks every process that is started with this HOME, every few milliseconds, until it is stopped.
 * Linux only.
 */
export class ProcessWatch {
  readonly #home: string;
  readonly #older = new Set(processIds());
  readonly #seen = new Map<string, SeenProcess>();
  readonly #ended: Promise<void>;
  #stopped = false;

  constructor(home: string) {
    this.#home = home;
    this.#ended = this.#watch();
  }

  async stop(): Promise<SeenProcess[]> {
    this.#stopped = true;
    await this.#ended;
    return [...this.#seen.values()];
  }

  async #watch(): Promise<void> {
    while (!this.#stopped) {
      for (const pid of processIds()) if (!this.#older.has(pid)) this.#look(pid);
      await sleep(4);
    }
  }

  #look(pid: string): void {
    try {
      const commandLine = fieldOf(pid, 'cmdline').replaceAll('\0', ' ');
      const known = `${pid} ${commandLine}`;
      if (commandLine === '' || this.#seen.has(known)) return;
      const environment = fieldOf(pid, 'environ').replaceAll('\0', '\n');
      if (!environment.split('\n').includes(`HOME=${this.#home}`)) return;
      const coreLimit = /^Max core file size\s+(\S+)/m.exec(fieldOf(pid, 'limits'))?.[1] ?? '';
      this.#seen.set(known, { commandLine, environment, coreLimit });
    } catch {
      // It ended during the check.
    }
  }
}

const processIds = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name));
const fieldOf = (pid: string, field: string) => readFileSync(`/proc/${pid}/${field}`, 'latin1');
