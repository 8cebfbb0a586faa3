/**
 * system: the operating system, and the basic values that all other modules use. Imports nothing of
 * awsh's.
 */

export * from './awsh-error-of.ts';
export * from './calling-process.ts';
export * from './clock.ts';
export * from './coding-agent.ts';
export * from './connection-crowd.ts';
export * from './credentials.ts';
export { sha256 } from './digest.ts';
export * from './disk-fault.ts';
export * from './duration.ts';
export * from './edit-command.ts';
export * from './error-code.ts';
export * from './errors.ts';
export * from './files.ts';
export * from './find-program.ts';
export * from './foreground.ts';
export * from './http-request.ts';
export * from './lease.ts';
export * from './lock.ts';
export * from './lock-mark.ts';
export * from './no-inspector.ts';
export * from './paths.ts';
export * from './printable.ts';
export * from './private-directory.ts';
export * from './process-alive.ts';
export * from './quote-posix.ts';
export * from './read-checked.ts';
export * from './refusal.ts';
export * from './reserved-file.ts';
export * from './runtime-path.ts';
export * from './secret.ts';
export * from './shell-command.ts';
export * from './stat-if-there.ts';
export { sweepFolder } from './temporary-files.ts';
export * from './text-encoding.ts';
export * from './text-width.ts';
export * from './unreachable.ts';
export * from './watched-process.ts';
