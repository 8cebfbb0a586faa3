import type { Scene, ShellReport, Step } from './scenes.ts';

/** The layout of the guide's lines. */
export interface GuideLook {
  readonly heading: (text: string) => string;
  readonly prose: (text: string) => string[];
}

/** After this many other commands the next step is shown again. */
const patience = 3;

/**
 * Guides the user through the scenes: prints what to type, recognises from a shell's reports that
 * it was done, and continues.
 */
export class Guide {
  readonly #steps: readonly { readonly step: Step; readonly title: string | null }[];
  #at = 0;
  #elsewhere = 0;

  constructor(
    scenes: readonly Scene[],
    private readonly look: GuideLook,
  ) {
    this.#steps = scenes.flatMap(({ title, steps }, index) =>
      steps.map((step, at) => ({
        step,
        title: at === 0 ? `${index + 1} of ${scenes.length}: ${title}` : null,
      })),
    );
  }

  /** How many steps were done or skipped. */
  get passed(): number {
    return this.#at;
  }

  /** The text that a new shell shows before its first prompt. */
  begin(): string[] {
    const first = this.#at === 0 ? this.look.prose(welcome) : [];
    return [...first, ...this.#current()];
  }

  /** The text after a command, before the next prompt; often empty. */
  ran(report: ShellReport): string[] {
    if (report.command === 'guide') return this.#current();
    const before = this.#at;
    const lines: string[] = [];
    if (report.command === 'next') this.#goOn();
    else {
      for (let step = this.#step; step?.isDone(report); step = this.#step) {
        if (step.learned !== undefined) lines.push('', ...this.look.prose(step.learned));
        this.#goOn();
      }
    }
    if (this.#at > before) return [...lines, ...this.#current()];
    this.#elsewhere++;
    return this.#elsewhere % patience === 0 && this.#step !== undefined ? this.#next() : [];
  }

  get #step(): Step | undefined {
    return this.#steps[this.#at]?.step;
  }

  #goOn(): void {
    if (this.#step !== undefined) this.#at++;
    this.#elsewhere = 0;
  }

  /** The user's present step, with its scene's title if it is the first of it. */
  #current(): string[] {
    const { step, title } = this.#steps[this.#at] ?? {};
    if (step === undefined) return ['', ...this.look.prose(farewell), `${this.look.heading('type:')} exit`];
    const heading = title == null ? [] : [this.look.heading(title)];
    return ['', ...heading, ...this.look.prose(step.text), ...this.#next()];
  }

  #next(): string[] {
    return [`${this.look.heading('type:')} ${this.#step?.command}`];
  }
}

const welcome =
  'This is a sandbox: an AWS on this machine and four projects. Nothing of yours is touched. Type what follows "type:", or try anything else. `next` skips a step, `guide` repeats the text, and `exit` ends the demo.';
const farewell = 'That was the last scene. You can go on trying things. `exit` removes the sandbox.';
