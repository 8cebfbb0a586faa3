import * as fs from 'node:fs';
import { type CodingAgent, sharesTerminal } from '../system/index.ts';

/** The process's controlling terminal, whichever that is. Opening it fails where there is none (tty(4)). */
export const terminalDevice = '/dev/tty';

export function hasTerminal(): boolean {
  try {
    fs.closeSync(fs.openSync(terminalDevice, fs.constants.O_RDWR | fs.constants.O_NOCTTY));
    return true;
  } catch {
    return false;
  }
}

/** False on a terminal that a coding agent has made for its commands. Without a terminal, a window on the user's screen is asked in. */
export function mayAskBesideAgent(agent: CodingAgent): boolean {
  return sharesTerminal(agent) || !hasTerminal();
}

/** Writes as it is: make it printable first. Throws where there is no terminal. */
export function writeToTerminal(text: string): void {
  const fd = fs.openSync(terminalDevice, fs.constants.O_WRONLY | fs.constants.O_NOCTTY);
  try {
    fs.writeSync(fd, text);
  } finally {
    fs.closeSync(fd);
  }
}
