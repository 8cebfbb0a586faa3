/** moving: imports access keys into the vault, and moves them between its backends. */

export { type Arrival, asShown, compareWithVault } from './arrivals.ts';
export {
  type AskAwsVaultPassphrase,
  awsVaultFolder,
  othersInAwsVaultFiles,
  readAwsVaultFiles,
} from './aws-vault-files.ts';
export { readAwsVaultKeyring } from './aws-vault-keyring.ts';
export { awsVaultPassStore, readAwsVaultPass } from './aws-vault-pass.ts';
export { readThroughAwsVault } from './aws-vault-program.ts';
export {
  type AwsVaultSource,
  type AwsVaultStore,
  awsVaultProgramStore,
  awsVaultStores,
  importFrom,
  keyInAwsVault,
  type StoreSearch,
} from './aws-vault-stores.ts';
export { readConsoleCsv } from './console-csv.ts';
export { type CopyContents, keysOnlyInFile, keysOutsideVault } from './copy-contents.ts';
export {
  type Found,
  type FoundKey,
  isTemporaryKeyId,
  type PassedOver,
  withLocalKeys,
  withoutOtherSources,
} from './found-keys.ts';
export { type FailedMove, type Migration, migrateKeys, planMigration } from './migration.ts';
export { findPlainKeys, type PlainKey, removePlainKeys } from './plain-text.ts';
export { isInPlainText, type PutBack, putKeysBack } from './put-back.ts';
export { filesWithSameKey } from './same-key-elsewhere.ts';
