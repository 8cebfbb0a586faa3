import * as fs from 'node:fs';
import { type CodingAgent, sharesTerminal } from '../system/index.ts';

/** The process's controlling terminal. Opening it fails if there is none (tty(4)). */
export const terminalDevice = '/dev/tty';

export function hasTerminal(): boolean {
  try {
    fs.closeSync(fs.openSync(terminalDevice, fs.constants.O_RDWR | fs.constants.O_NOCTTY));
    return true;
  } catch {
    return false;
  }
}

/**
 * False on a terminal that a coding agent has created for its commands. Without a terminal, true: a
 * window on the user's screen is used.
 */
export function mayAskBesideAgent(agent: CodingAgent): boolean {
  return sharesTerminal(agent) || !hasTerminal();
}

/** Writes the text unchanged: make it printable first. Throws if there is no terminal. */
export function writeToTerminal(text: string): void {
  const fd = fs.openSync(terminalDevice, fs.constants.O_WRONLY | fs.constants.O_NOCTTY);
  try {
    fs.writeSync(fd, text);
  } finally {
    fs.closeSync(fd);
  }
}
