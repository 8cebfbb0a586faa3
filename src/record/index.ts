/** record: the log of grants: which credentials were given, to which profile's request, from where. */
export * from './grant.ts';
export { removeOldLogs } from './grant-log.ts';
export { type LogReading, readGrantLog } from './read-log.ts';
export * from './record-grant.ts';
