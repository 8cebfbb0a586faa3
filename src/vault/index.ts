/** vault: secret storage: the interface, its backends, and the index that knows names and no secret. */
export * from './records.ts';
