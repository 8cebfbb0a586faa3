import * as fs from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReadStream } from 'node:tty';
import { CancelledError } from '../system/index.ts';
import { terminalDevice } from './terminal-device.ts';

const ctrlC = 0x03;

/**
 * The controlling terminal for as long as one question takes. Stdin and stdout are not touched: they may be a pipe, or
 * the shell's command substitution.
 */
export class Tty {
  private constructor(
    private readonly input: ReadStream,
    private readonly output: number,
  ) {
    // A terminal that goes away must not end the process by an unheard event.
    input.on('error', () => {});
  }

  /** Null where the process has no terminal. Changes nothing yet. */
  static open(): Tty | null {
    let output: number | undefined;
    try {
      output = fs.openSync(terminalDevice, fs.constants.O_WRONLY | fs.constants.O_NOCTTY);
      const input = new ReadStream(fs.openSync(terminalDevice, fs.constants.O_RDWR | fs.constants.O_NOCTTY));
      return new Tty(input, output);
    } catch {
      if (output !== undefined) fs.closeSync(output);
      return null;
    }
  }

  /** Writes as it is: make it printable first. */
  write(text: string): void {
    fs.writeSync(this.output, text);
  }

  /**
   * Throws away what was typed ahead, shows the question, and reads one line, without its line end. Unseen: nothing is
   * echoed, not even the length. CancelledError on Ctrl-C, at the end of input, and when the terminal goes away.
   */
  async ask(question: string, options: { unseen: boolean }): Promise<string> {
    // Raw mode first: it makes half a line readable, and whatever still comes is not echoed.
    this.input.setRawMode(true);
    await this.discardTypedAhead();
    if (!options.unseen) this.input.setRawMode(false);
    this.write(question);
    return await this.readLine(options.unseen);
  }

  /** The keys from here on, each as it is pressed and none of them shown, without those that were pressed before. */
  async keys(): Promise<ReadStream> {
    this.input.setRawMode(true);
    await this.discardTypedAhead();
    return this.input;
  }

  /** Leaves the terminal in the mode in which it was found. (When a signal ends the process, Node does this itself.) */
  close(): void {
    this.input.setRawMode(false);
    this.input.destroy();
    fs.closeSync(this.output);
  }

  /** A paste comes in pieces: 20 ms of silence end it; a key held down is given up on after half a second. */
  private async discardTypedAhead(): Promise<void> {
    const { O_RDONLY, O_NOCTTY, O_NONBLOCK } = fs.constants;
    const fd = fs.openSync(terminalDevice, O_RDONLY | O_NOCTTY | O_NONBLOCK);
    try {
      let waiting = true;
      for (let round = 0; round < 25 && waiting; round++) {
        discard(fd);
        await sleep(20);
        waiting = discard(fd);
      }
    } finally {
      fs.closeSync(fd);
    }
  }

  private async readLine(unseen: boolean): Promise<string> {
    // Without an output, readline edits the line unseen. No history: it would keep the secret.
    const reader = createInterface({ input: this.input, terminal: unseen, historySize: 0 });
    // readline would stop this process alone, and leave the launcher waiting for it.
    reader.on('SIGTSTP', () => {});
    let answered = false;
    let cancel = () => {};
    try {
      const line = await new Promise<string>((resolve, reject) => {
        cancel = () => reject(new CancelledError());
        process.once('SIGINT', cancel);
        reader.once('SIGINT', cancel);
        reader.once('close', cancel);
        reader.once('line', resolve);
        this.input.once('error', () => reject(new CancelledError('cancelled', 'the terminal went away')));
      });
      answered = true;
      return line;
    } finally {
      process.off('SIGINT', cancel);
      reader.close();
      if (unseen || !answered) this.endLine();
    }
  }

  /** The Enter that was not echoed, or that never came. */
  private endLine(): void {
    try {
      this.write('\n');
    } catch {
      // The terminal went away; that is being reported already.
    }
  }
}

/** Reads all that waits on a descriptor that does not block; true where there was something. */
function discard(fd: number): boolean {
  const buffer = Buffer.alloc(4096);
  for (let any = false; ; any = true) {
    let length: number;
    try {
      length = fs.readSync(fd, buffer);
    } catch {
      return any; // EAGAIN: it is empty; anything else shows itself when the answer is read
    }
    if (length === 0) return any;
    if (buffer.subarray(0, length).includes(ctrlC)) throw new CancelledError();
  }
}
