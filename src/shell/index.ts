/**
 * shell: what is sent to a shell: export text for each dialect, quoting, the wire format, the
 * managed variables.
 */
export * from './dialects.ts';
export * from './environment-change.ts';
export * from './export-formats.ts';
export * from './export-text.ts';
export * from './fixed-environment.ts';
export * from './managed-variables.ts';
export * from './only-config.ts';
export * from './shell-facts.ts';
export * from './shell-state.ts';
export * from './state-line.ts';
export * from './state-table.ts';
export * from './unloaded-environment.ts';
export * from './value-encoding.ts';
export * from './waiting-reply.ts';
export * from './wire-format.ts';
