/** moving: access keys into the vault from where they lie now, and from one of its backends to another. */

export { type Arrival, compareWithVault } from './arrivals.ts';
export { readAwsVaultFiles } from './aws-vault-files.ts';
export { readAwsVaultKeyring } from './aws-vault-keyring.ts';
export { readThroughAwsVault } from './aws-vault-program.ts';
export { readConsoleCsv } from './console-csv.ts';
export type { Found, FoundKey, PassedOver } from './found-keys.ts';
export { type Migration, migrateKeys, planMigration } from './migration.ts';
export { findPlainKeys, type PlainKey, removePlainKeys } from './plain-keys.ts';
export { filesWithSameKey } from './same-key-elsewhere.ts';
