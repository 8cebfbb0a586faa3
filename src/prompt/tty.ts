import * as fs from 'node:fs';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { ReadStream } from 'node:tty';
import { CancelledError, leadsItsJob } from '../system/index.ts';
import { terminalDevice } from './terminal-device.ts';

const ctrlC = '\x03';
/** In milliseconds. A paste arrives in pieces; this much silence means that it is over. */
const quietMs = 120;
/** In milliseconds, if nothing has arrived yet and no paste is expected. */
const shortQuietMs = 30;
/**
 * In milliseconds, after the last refused answer: input at that moment is meant for awsh, and would
 * otherwise reach the shell.
 */
const endQuietMs = 1_000;
/** In milliseconds: a key that is held down is never quiet. */
const longestDrainMs = 10_000;
/** In milliseconds: a paste whose end mark has not arrived yet continues, however slowly. */
const longestPasteGapMs = 5_000;
const pasteStart = '\x1b[200~';
const pasteEnd = '\x1b[201~';
/** How much discarded input is kept: enough for a second line of a paste. */
const longestRest = 16_384;
const endingSignals = ['SIGTERM', 'SIGHUP'] as const;

/**
 * The controlling terminal in raw mode: the kernel echoes nothing, edits nothing and sends no
 * signal for a key. Stdin and stdout are not touched, because they may be a pipe, or the shell's
 * command substitution. Raw from `open` to `close`, however the process ends in between, except by
 * SIGKILL.
 */
export class Tty {
  readonly #input: ReadStream;
  readonly #output: number;
  readonly #decoder = new TextDecoder();
  #received = '';
  #isPasting = false;
  /** The last bytes, because a mark may arrive in two pieces. */
  #tail = '';
  #marksPastes = false;
  #isGone = false;
  #endedBy: NodeJS.Signals | null = null;
  #wake: () => void = () => {};
  /** Draws the question again. */
  #redraw: () => void = () => {};

  private constructor(input: ReadStream, output: number) {
    this.#input = input;
    this.#output = output;
    input.on('error', this.#onGone);
    input.on('end', this.#onGone);
    input.on('data', this.#onData);
    for (const signal of endingSignals) process.on(signal, this.#onEndingSignal);
    process.on('SIGINT', this.#onInterrupt);
    process.on('SIGCONT', this.#onContinued);
  }

  /** Null if the process has no terminal. */
  static open(): Tty | null {
    const { O_RDWR, O_WRONLY, O_NOCTTY } = fs.constants;
    let output: number | undefined;
    try {
      output = fs.openSync(terminalDevice, O_WRONLY | O_NOCTTY);
      const input = new ReadStream(fs.openSync(terminalDevice, O_RDWR | O_NOCTTY));
      input.setRawMode(true);
      return new Tty(input, output);
    } catch {
      if (output !== undefined) fs.closeSync(output);
      return null;
    }
  }

  /**
   * The signal that asked this process to end after the terminal was opened; every wait then throws
   * CancelledError.
   */
  get endedBy(): NodeJS.Signals | null {
    return this.#endedBy;
  }

  /**
   * Writes the text unchanged: make it printable first. A terminal that has been closed is noticed
   * when it is read.
   */
  write(text: string): void {
    try {
      fs.writeSync(this.#output, text);
    } catch {
      this.#onGone();
    }
  }

  /**
   * Makes the terminal mark the start and the end of a paste until this is closed (bracketed
   * paste). Not if a shell waits for this process inside its own line editor, which has set this
   * for itself.
   */
  markPastes(): void {
    if (this.#marksPastes || /^(|dumb)$/.test(process.env.TERM ?? '') || !leadsItsJob()) return;
    this.#marksPastes = true;
    this.write('\x1b[?2004h');
  }

  /**
   * The next input. Throws CancelledError if the terminal is closed. `redraw` shows the question
   * again after `fg`.
   */
  async read(redraw: () => void): Promise<string> {
    this.#redraw = redraw;
    for (;;) {
      this.#throwIfEnded();
      if (this.#received !== '') return this.#take();
      await this.#arrival();
    }
  }

  /** The result of `work`; throws CancelledError as soon as ^C is pressed. */
  async orCancelled<T>(work: Promise<T>): Promise<T> {
    const given = work.then((value) => ({ value }));
    for (;;) {
      this.#throwIfEnded();
      if (this.#received.includes(ctrlC)) throw new CancelledError();
      const first = await Promise.race([given, this.#arrival()]);
      if (first) return first.value;
    }
  }

  /**
   * Discards input from before a question, which is not an answer to it. Throws CancelledError if
   * it contains ^C.
   */
  async discardTypedAhead(): Promise<void> {
    await this.rest(shortQuietMs);
  }

  /** Discards all input that still arrives after the last refused answer. */
  async discardUntilQuiet(): Promise<void> {
    await this.rest(endQuietMs, endQuietMs);
  }

  /**
   * All input until the terminal is quiet and a paste is over. Throws CancelledError if it contains
   * ^C.
   */
  async rest(firstQuiet = quietMs, quiet = quietMs): Promise<string> {
    const rest = await this.#drain(firstQuiet, quiet);
    this.#throwIfEnded();
    if (rest.includes(ctrlC)) throw new CancelledError();
    return rest;
  }

  /** The keys from now on, each as it is pressed, for a separate reader. */
  async keys(): Promise<ReadStream> {
    await this.discardTypedAhead();
    this.#input.off('data', this.#onData);
    this.#leaveSignals();
    return this.#input;
  }

  /**
   * ^Z: stops this job as the kernel would have done, in the terminal's own mode. The question is
   * shown again after `fg`. The key has no effect if no shell could continue the job: in a command
   * substitution the shell itself waits for it.
   */
  suspend(): void {
    if (!leadsItsJob()) return;
    if (this.#marksPastes) this.write('\x1b[?2004l');
    this.#input.setRawMode(false);
    this.write('\n');
    process.kill(0, 'SIGTSTP');
  }

  /** Discards input typed ahead and restores the terminal's original mode. */
  async close(): Promise<void> {
    // A reader of the keys may have changed it.
    if (!this.#isGone) this.#input.setRawMode(true);
    await this.#drain(shortQuietMs);
    if (this.#marksPastes) this.write('\x1b[?2004l');
    this.#leaveSignals();
    if (!this.#isGone) this.#input.setRawMode(false);
    this.#input.destroy();
    fs.closeSync(this.#output);
  }

  #leaveSignals(): void {
    for (const signal of endingSignals) process.off(signal, this.#onEndingSignal);
    process.off('SIGINT', this.#onInterrupt);
    process.off('SIGCONT', this.#onContinued);
  }

  async #drain(firstQuiet: number, nextQuiet = quietMs): Promise<string> {
    if (!this.#input.listeners('data').includes(this.#onData)) this.#input.on('data', this.#onData);
    this.#input.resume();
    const end = performance.now() + longestDrainMs;
    let rest = this.#take();
    let quiet = rest === '' ? firstQuiet : nextQuiet;
    while (!this.#isGone && (this.#isPasting || performance.now() < end)) {
      const stop = new AbortController();
      if (this.#isPasting) quiet = longestPasteGapMs;
      await Promise.race([this.#arrival(), sleep(quiet, undefined, stop).catch(() => {})]);
      stop.abort();
      // On a busy machine the time may be over before arrived input has been read.
      if (this.#received === '') await nextTurn();
      if (this.#received === '') break;
      rest = (rest + this.#take()).slice(0, longestRest);
      quiet = nextQuiet;
    }
    this.#isPasting = false;
    return rest;
  }

  #take(): string {
    const received = this.#received;
    this.#received = '';
    return received;
  }

  #arrival(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  readonly #onData = (bytes: Buffer): void => {
    const text = this.#decoder.decode(bytes, { stream: true });
    this.#received += text;
    const seen = this.#tail + text;
    const [start, end] = [seen.lastIndexOf(pasteStart), seen.lastIndexOf(pasteEnd)];
    if (start !== end) this.#isPasting = start > end;
    this.#tail = seen.slice(1 - pasteStart.length);
    this.#wake();
  };

  readonly #onGone = (): void => {
    this.#isGone = true;
    this.#wake();
  };

  /** The same as the key. */
  readonly #onInterrupt = (): void => {
    this.#received += ctrlC;
    this.#wake();
  };

  /** The shell, and other programs that had the terminal in between, have set their own mode. */
  readonly #onContinued = (): void => {
    if (this.#isGone) return;
    this.#input.setRawMode(false);
    this.#input.setRawMode(true);
    if (this.#marksPastes) this.write('\x1b[?2004h');
    this.#redraw();
  };

  readonly #onEndingSignal = (signal: NodeJS.Signals): void => {
    this.#endedBy ??= signal;
    this.#wake();
  };

  #throwIfEnded(): void {
    if (this.#isGone) throw new CancelledError('cancelled', 'the terminal was closed');
    if (this.#endedBy !== null) throw new CancelledError('cancelled', `by ${this.#endedBy}`);
  }
}
