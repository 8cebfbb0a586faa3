import { Worker } from 'node:worker_threads';
import { markOf, type ThreadAnswer, type ThreadData, type ThreadQuestion } from './thread-protocol.ts';

/** In milliseconds. */
export interface ThreadLimits {
  /** The client of a question that takes longer is told to run Node. */
  readonly answerMs: number;
  /** The thread is ended if it has not answered anything for this long, while it starts and later. */
  readonly startMs: number;
  readonly silentMs: number;
  /** The thread is ended after this long without a question. */
  readonly idleMs: number;
  /** No other thread is started for this long after one has failed. */
  readonly restMs: number;
}

export const threadLimits: ThreadLimits = {
  // The launcher waits for a second.
  answerMs: 700,
  startMs: 15_000,
  silentMs: 3000,
  idleMs: 5 * 60_000,
  restMs: 60_000,
};

const mostQuestions = 64;
/** In milliseconds: how long a thread may take to end. A thread waits for a disk without end. */
const endMs = 1000;

type Resolve = (answer: ThreadAnswer | null) => void;

/**
 * The thread that runs commands that only read (src/entry/command-thread.ts), started at the first
 * question. The agent itself never waits for it.
 */
export class CommandThread {
  readonly #program: string;
  readonly #data: ThreadData;
  readonly #note: (line: string) => void;
  readonly #limits: ThreadLimits;
  /** By number, the questions that the thread has not answered. */
  readonly #open = new Map<number, Resolve>();
  #worker: Worker | null = null;
  #isReady = false;
  #isEnding = false;
  #number = 0;
  #restsUntil = Number.NEGATIVE_INFINITY;
  #watch: NodeJS.Timeout | undefined;
  #idle: NodeJS.Timeout | undefined;

  /** `word` is that of the agent's build; without one, there is no thread. */
  constructor(program: string, word: string, note: (line: string) => void, limits = threadLimits) {
    this.#program = program;
    this.#data = { word, zone: process.env.TZ ?? null, localTime: markOf('/etc/localtime') };
    this.#note = note;
    this.#limits = limits;
  }

  /** Null if Node must answer. */
  answer(text: string): Promise<ThreadAnswer | null> {
    const worker = this.#isEnding ? null : (this.#worker ?? this.#start());
    if (worker === null || this.#open.size >= mostQuestions) return Promise.resolve(null);
    this.#number += 1;
    const id = this.#number;
    clearTimeout(this.#idle);
    return new Promise((resolve) => {
      const late = setTimeout(resolve, this.#limits.answerMs, null);
      this.#open.set(id, (answer) => {
        clearTimeout(late);
        resolve(answer);
      });
      if (this.#open.size === 1) this.#expect();
      worker.postMessage({ id, text } satisfies ThreadQuestion);
    });
  }

  /** Ends the thread. Resolves when it has ended, or cannot be ended. */
  async end(): Promise<void> {
    const worker = this.#worker;
    clearTimeout(this.#watch);
    clearTimeout(this.#idle);
    if (worker === null) return;
    this.#isEnding = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, endMs, 'late');
    });
    const result = await Promise.race([worker.terminate(), late]);
    clearTimeout(timer);
    if (result !== 'late') return;
    this.#note('the thread for commands does not end');
    // process.exit() would wait for it without end.
    process.once('exit', () => process.kill(process.pid, 'SIGKILL'));
  }

  #start(): Worker | null {
    if (this.#data.word === '' || performance.now() < this.#restsUntil) return null;
    try {
      const worker = new Worker(this.#program, {
        name: 'commands',
        workerData: this.#data,
        env: {},
        resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 4 },
      });
      worker.on('message', ({ id, answer }) => this.#take(id, answer));
      worker.on('error', (error) => this.#fail(`has failed: ${error.name}`));
      worker.on('exit', () => this.#hasEnded());
      worker.unref();
      this.#worker = worker;
      return worker;
    } catch {
      this.#rest();
      return null;
    }
  }

  #take(id: number, answer: ThreadAnswer | null): void {
    this.#isReady = true;
    this.#open.get(id)?.(answer);
    this.#open.delete(id);
    clearTimeout(this.#watch);
    if (this.#open.size > 0) this.#expect();
    else this.#idle = setTimeout(() => void this.end(), this.#limits.idleMs).unref();
  }

  #expect(): void {
    clearTimeout(this.#watch);
    const { startMs, silentMs } = this.#limits;
    const fail = () => this.#fail('was ended: no answer in time');
    this.#watch = setTimeout(fail, this.#isReady ? silentMs : startMs).unref();
  }

  #fail(what: string): void {
    this.#note(`the thread for commands ${what}`);
    this.#rest();
    void this.end();
  }

  #rest(): void {
    this.#restsUntil = performance.now() + this.#limits.restMs;
    for (const resolve of this.#open.values()) resolve(null);
    this.#open.clear();
  }

  #hasEnded(): void {
    if (!this.#isEnding) this.#rest();
    clearTimeout(this.#watch);
    clearTimeout(this.#idle);
    for (const resolve of this.#open.values()) resolve(null);
    this.#open.clear();
    this.#worker = null;
    this.#isReady = false;
    this.#isEnding = false;
  }
}
