/** system: what awsh asks of the operating system, and the few values everything else is made of. Imports nothing of ours. */
export * from './clock.ts';
export * from './credentials.ts';
export * from './disk-fault.ts';
export * from './duration.ts';
export * from './error-code.ts';
export * from './errors.ts';
export * from './files.ts';
export * from './find-program.ts';
export * from './lock.ts';
export * from './lock-mark.ts';
export * from './paths.ts';
export * from './printable.ts';
export * from './private-directory.ts';
export * from './process-alive.ts';
export * from './quote-posix.ts';
export * from './secret.ts';
export * from './shell-command.ts';
