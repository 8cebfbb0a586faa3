/**
 * serving: gives renewable credentials over loopback to one command for as long as it runs (`exec
 * --server`).
 */
export * from './closed-server.ts';
export * from './container-server.ts';
export * from './grant-folder.ts';
export * from './port-keeper.ts';
export * from './renewing-credentials.ts';
export * from './server-orders.ts';
export * from './ssh-connection.ts';
export { isHeldByProcess, tokenDigest } from './token-holders.ts';
