import {
  type AppPaths,
  isAlive,
  isLocked,
  isRunning,
  putLockMark,
  type WatchedProcess,
} from '../system/index.ts';
import { AgentAnswers } from './agent-answers.ts';
import { workerEnvironment } from './agent-environment.ts';
import type { AgentLog } from './agent-log.ts';
import { AsideWatch } from './aside-watch.ts';
import { AwaitedSignIns } from './awaited-sign-ins.ts';
import type { CommandThread } from './command-thread.ts';
import { credentialsFromMemory, forgetAnswers } from './credentials-from-memory.ts';
import { Flights } from './flights.ts';
import { removeJobFolder } from './job.ts';
import { forgetLoads, loadFromMemory } from './load-from-memory.ts';
import { MemorySource } from './memory-source.ts';
import { handOver, incumbent, nudge, Place } from './place.ts';
import type { RenewalUse } from './renewal-use.ts';
import { Renewals } from './renewals.ts';
import { runWorker } from './run-worker.ts';
import { type Listening, listen } from './server.ts';
import type { WorkerServices } from './session-by-worker.ts';
import { SessionMemory } from './session-memory.ts';
import { setAside } from './set-aside.ts';
import { removeStartMark } from './start-mark.ts';
import { type AgentState, newToken, readState } from './state-file.ts';
import { StoredKeyReader } from './stored-key.ts';
import { elapsed, type Moment, moment, type TwoClocks } from './two-clocks.ts';
import { UserFiles } from './user-files.ts';

export interface AgentOptions {
  readonly paths: AppPaths;
  readonly version: string;
  readonly clocks: TwoClocks;
  readonly log: AgentLog;
  /** dist/worker.mjs. */
  readonly workerProgram: string;
  readonly thread?: CommandThread;
  /** Ends after this many milliseconds without a request. */
  readonly idleMs: number;
  /** The interval of all checks that depend on time, in milliseconds. */
  readonly lookMs: number;
  /** The process that a job's agent ends with; null or undefined for the user's own agent. */
  readonly job?: WatchedProcess | null;
}

/**
 * The whole life of the process: takes the agent's slot, serves requests, and resolves when it is
 * over.
 */
export async function runAgent(options: AgentOptions): Promise<void> {
  const { paths, version, log } = options;
  // If this fails, the start mark keeps others from trying again at once.
  const agent = await settle(options);
  removeStartMark(paths);
  if (agent !== null) log.note(`ended: ${await agent.ended}`);
  else log.note(`not needed: version ${version}`);
}

/** The agent, serving; null if another agent must stay, or if awsh is locked. */
async function settle(options: AgentOptions): Promise<Agent | null> {
  const { paths, version, workerProgram } = options;
  if (isLocked(paths)) return null;
  const silent = readState(paths);
  const before = await incumbent(paths, { version, program: workerProgram });
  if (before?.stays) return null;
  // Its sessions are known to `lock` and to the next agent until it has ended.
  if (before === null && silent !== null && isAlive(silent.pid)) setAside(paths, silent);
  const agent = new Agent(options);
  await agent.serve();
  if (before !== null) await nudge(before.state);
  return agent;
}

/** The signals by which a user, a service manager or a closed terminal ends a process. */
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

type Ending =
  | 'stop'
  | 'lock'
  | 'idle'
  | 'its job has ended'
  | 'its folder is gone'
  | 'another took its place'
  | (typeof signals)[number];

class Agent {
  readonly #options: AgentOptions;
  readonly #memory: SessionMemory<RenewalUse>;
  readonly #flights: Flights;
  readonly #answers: AgentAnswers;
  readonly #renewals: Renewals;
  readonly #awaited: AwaitedSignIns;
  readonly #proof = newToken();
  readonly #files: UserFiles;
  readonly #aside: AsideWatch;
  #server: Listening | null = null;
  #place: Place | null = null;
  #timer: NodeJS.Timeout | undefined;
  /**
   * True after `lock_after` ran out: no credentials are given any more, even if the mark of the
   * lock cannot be written.
   */
  #locking = false;
  /** The lock is complete except for its mark. */
  #hasLocked = false;
  #finishing = false;
  #lastRequest: Moment;
  #lastPerson: Moment;
  /**
   * Removes the state file before the process ends, so that no client connects to its port: another
   * user could listen there (security rule 25).
   */
  readonly #signalled = (signal: NodeJS.Signals) => this.#finish(signal as Ending);
  #resolve: (why: Ending) => void = () => {};
  /** Resolves, with the reason, when the agent has ended. */
  readonly ended = new Promise<Ending>((resolve) => {
    this.#resolve = resolve;
  });

  constructor(options: AgentOptions) {
    const { clocks, paths, log, version } = options;
    this.#options = options;
    this.#memory = new SessionMemory(clocks);
    this.#flights = new Flights(clocks);
    this.#files = new UserFiles(clocks);
    this.#aside = new AsideWatch(paths);
    this.#lastRequest = moment(clocks);
    this.#lastPerson = this.#lastRequest;
    const source = new MemorySource(this.#memory, this.#flights, (plan, use, wasTried) =>
      this.#awaited.add(plan, use, wasTried),
    );
    const note = (line: string) => log.note(line);
    this.#answers = new AgentAnswers({
      version,
      started: new Date(clocks.now()),
      proof: this.#proof,
      memory: this.#memory,
      flights: this.#flights,
      load: (request) => loadFromMemory(request, source, this.#files, clocks),
      credentials: (request, asker) =>
        credentialsFromMemory({ request, asker }, { source, files: this.#files, keys, clock: clocks }),
      run: async (text) => options.thread?.answer(text) ?? null,
      isLocked: () => this.#locking || isLocked(paths) || this.#jobHasEnded(),
      isLockedAlone: () => this.#locking,
      used: (byPerson) => this.#used(byPerson),
      kept: ({ id, profile }) => {
        this.#renewals.kept(id);
        note(`keeps a session of ${profile}`);
      },
      end: (why) => this.#end(why),
      checkPlace: () => this.#checkPlace(),
      signedIn: () => this.#awaited.look(),
      note,
    });
    // The user's own agent gives out only sessions.
    const keys = options.job ? new StoredKeyReader(this.#answers.vaultKeys, clocks) : null;
    const services: WorkerServices = {
      clocks,
      memory: this.#memory,
      flights: this.#flights,
      vaultKeys: this.#answers.vaultKeys,
      run: (environment, task) => runWorker(options.workerProgram, environment, task),
      note,
    };
    this.#renewals = new Renewals(services);
    this.#awaited = new AwaitedSignIns({ ...services, isLocked: () => this.#locking || isLocked(paths) });
  }

  /** Starts listening, and takes the agent's slot. */
  async serve(): Promise<void> {
    const { paths, version, lookMs, log } = this.#options;
    const token = newToken();
    this.#server = await listen(token, this.#answers);
    const { port } = this.#server;
    this.#place = new Place(paths, { port, pid: process.pid, version, token, proof: this.#proof });
    for (const signal of signals) process.on(signal, this.#signalled);
    this.#place.take(() => this.#checkPlace());
    this.#timer = setInterval(() => this.#look(), lookMs);
    log.note(`started: version ${version}`);
  }

  #used(byPerson: boolean): void {
    this.#lastRequest = moment(this.#options.clocks);
    if (byPerson) this.#lastPerson = this.#lastRequest;
  }

  /**
   * Does everything that depends on time. After the machine sleeps, a timer may be hours late, so
   * this reads the clocks and does not count intervals.
   */
  #look(): void {
    const { clocks, idleMs, paths } = this.#options;
    this.#checkPlace();
    this.#memory.purge();
    forgetAnswers();
    forgetLoads();
    this.#flights.purge();
    this.#aside.look();
    if (this.#locking) this.#lockAgain();
    else if (isLocked(paths)) this.#finish('lock');
    else if (this.#jobHasEnded()) this.#finish('its job has ended');
    else if (elapsed(clocks, this.#lastRequest) > idleMs) this.#finish('idle');
    else if (elapsed(clocks, this.#lastPerson) > this.#lockAfterMs()) void this.#lock();
    else void this.#renewals.look();
  }

  /** A settings file that cannot be read must not prevent the lock. */
  #lockAfterMs(): number {
    try {
      return (this.#files.settings(this.#options.paths).lockAfterSeconds ?? Number.POSITIVE_INFINITY) * 1000;
    } catch {
      this.#options.log.note('cannot read the settings: lock_after counts as one hour');
      return 3_600_000;
    }
  }

  /**
   * `lock_after` ran out: does what `awsh lock` does, in a worker, because the agent never opens
   * the vault.
   */
  async #lock(): Promise<void> {
    const { workerProgram, log } = this.#options;
    this.#locking = true;
    this.#memory.wipe();
    this.#answers.vaultKeys.clear();
    const hasMark = this.#putMark();
    if (!hasMark)
      log.note(
        'lock_after: cannot write the mark of the lock; locked until awsh unlock, or until this agent ends',
      );
    const result = await runWorker(workerProgram, workerEnvironment(process.env, process.env), {
      kind: 'lock',
    });
    if (result.kind === 'failed') log.note(`locked, but stored sessions are left: ${result.failure}`);
    if (hasMark) this.#finish('lock');
    else this.#hasLocked = true;
  }

  /** The mark can be written now. awsh is then locked without this agent, which ends. */
  #lockAgain(): void {
    if (this.#hasLocked && this.#putMark()) this.#finish('lock');
  }

  #putMark(): boolean {
    try {
      putLockMark(this.#options.paths);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * For `stop` and `lock`. If only this agent knows of the lock, another `lock` without a mark does
   * not end it.
   */
  #end(why: 'stop' | 'lock'): void {
    if (why === 'stop' || !this.#locking || isLocked(this.#options.paths)) this.#finish(why);
  }

  #jobHasEnded(): boolean {
    const { job } = this.#options;
    return job !== undefined && job !== null && !isRunning(job);
  }

  #checkPlace(): void {
    const holder = this.#place?.holder() ?? 'ours';
    if (holder === 'ours') return;
    if (holder === 'gone') this.#finish('its folder is gone');
    else this.#finish('another took its place', holder);
  }

  /** Ends once; an answer in progress is still sent. */
  #finish(why: Ending, successor: AgentState | null = null): void {
    if (this.#finishing) return;
    this.#finishing = true;
    setImmediate(() => void this.#leave(why, successor));
  }

  async #leave(why: Ending, successor: AgentState | null): Promise<void> {
    clearInterval(this.#timer);
    this.#awaited.end();
    this.#place?.leave();
    if (this.#options.job) removeJobFolder(this.#options.paths.runtime);
    for (const signal of signals) process.off(signal, this.#signalled);
    if (successor !== null) {
      const taken = await handOver(successor, this.#memory.all(), this.#answers.vaultKeys);
      this.#options.log.note(`handed ${taken} sessions over`);
    }
    this.#memory.wipe();
    await this.#server?.close();
    await this.#options.thread?.end();
    this.#resolve(why);
  }
}
