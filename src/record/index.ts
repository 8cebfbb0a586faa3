/** record: the log: which credentials were given, for which profile, and where. */
export * from './grant.ts';
export { removeOldLogs } from './grant-log.ts';
export { type LogReading, readGrantLog } from './read-log.ts';
export * from './record-grant.ts';
export { findLogger, mustTellNoLogger, noLogger } from './syslog.ts';
