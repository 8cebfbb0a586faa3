/** prompt: asks the user, on the terminal or in a window; and reads devices that give MFA codes. */
export * from './choose-prompter.ts';
export * from './drivers.ts';
export { type Choice, canPick, type PickOptions, pick } from './picker.ts';
export * from './prompter.ts';
export * from './silent.ts';
export { terminalPrompter } from './terminal.ts';
export { mayAskBesideAgent } from './terminal-device.ts';
export * from './terminal-name.ts';
export { releaseTerminal } from './terminal-owner.ts';
export { type Waiting, waitAtTerminal } from './wait-at-terminal.ts';
