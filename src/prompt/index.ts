/** prompt: asking a person, on the terminal itself. */
export * from './prompter.ts';
export * from './silent.ts';
export * from './terminal.ts';
export * from './terminal-name.ts';
