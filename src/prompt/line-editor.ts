/**
 * Edits the answer to a question: takes the input of a terminal in raw mode and returns the line.
 * Does not access the terminal itself. The keys are those of the kernel's own line mode
 * (termios(3), ICANON): Backspace, ^U, ^W, ^C, ^D and ^Z.
 */

export type LineEnd = 'entered' | 'cancelled' | 'suspended';

export interface Taken {
  /** Null while the line continues. */
  readonly end: LineEnd | null;
  /** The input after the end. */
  readonly rest: string;
}

const longestLine = 16_384;

/** An escape sequence of a key (ECMA-48, CSI and SS3), the start of one at the end of the text, or one character. */
const keyPattern = /\x1b\[[0-?]*[ -/]*[@-~]|\x1bO[ -~]|\x1b(?:\[[0-?]*[ -/]*|O)?$|[\s\S]/gu;
const bracketedPaste = ['\x1b[200~', '\x1b[201~'];

export class LineEditor {
  #line: string;
  #hasOtherKeys = false;
  #unfinishedKey = '';

  /** `line` is what has already been typed. */
  constructor(line = '') {
    this.#line = line;
  }

  get line(): string {
    return this.#line;
  }

  /**
   * True if a key was pressed that neither is text nor edits it, or if there were bytes that are
   * not UTF-8.
   */
  get hasOtherKeys(): boolean {
    return this.#hasOtherKeys || this.#line.includes('\ufffd');
  }

  take(text: string): Taken {
    const keys = (this.#unfinishedKey + text).match(keyPattern) ?? [];
    this.#unfinishedKey = '';
    for (const [index, key] of keys.entries()) {
      if (index === keys.length - 1 && isUnfinished(key)) {
        this.#unfinishedKey = key;
        break;
      }
      const end = this.#press(key);
      if (end === null) continue;
      const rest = keys.slice(index + 1).join('');
      // A line that ends with CR and LF ends once.
      return { end, rest: key === '\r' ? rest.replace(/^\n/, '') : rest };
    }
    return { end: null, rest: '' };
  }

  #press(key: string): LineEnd | null {
    switch (key) {
      case '\r':
      case '\n':
        return 'entered';
      case '\x03': // ^C
      case '\x1c': // ^\
        return 'cancelled';
      case '\x04': // ^D
        return this.#line === '' ? 'cancelled' : null;
      case '\x1a': // ^Z
        return 'suspended';
      case '\x7f':
      case '\b':
        this.#line = [...this.#line].slice(0, -1).join('');
        return null;
      case '\x15': // ^U
        this.#line = '';
        this.#hasOtherKeys = false;
        return null;
      case '\x17': // ^W
        this.#line = this.#line.replace(/\S*\s*$/, '');
        return null;
    }
    if (bracketedPaste.includes(key)) return null;
    if (/^[\x00-\x1f\x80-\x9f]/.test(key)) this.#hasOtherKeys = true;
    else if (this.#line.length < longestLine) this.#line += key;
    return null;
  }
}

function isUnfinished(key: string): boolean {
  return /^\x1b(?:\[[0-?]*[ -/]*|O)?$/.test(key);
}
