/** prompt: asking a person, on the terminal itself. */
export * from './prompter.ts';
