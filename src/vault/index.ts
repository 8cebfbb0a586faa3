/**
 * vault: secret storage: the interface, its backends, and the index, which contains names and no
 * secrets.
 */
export { type BackendHealth, examineBackend, isStoredOutsideIndex } from './backend-health.ts';
export { isAccessKeyId, isLocalKeyId, isStorableName } from './items.ts';
export {
  accessKeyIdFault,
  awsKeyIdFault,
  secretKeyFault,
  storableKeyIdFault,
  storableSecretFault,
} from './key-form.ts';
export { holderOfKeys, type KeyHolder } from './key-holder.ts';
export {
  type KeyringContent,
  type KeyringItem,
  type KeyringLabels,
  keyringLabels,
  readKeyring,
} from './keyring.ts';
export { insteadOfBackend } from './missing-backends.ts';
export { keyElsewhere } from './other-backend.ts';
export { readPassEntry } from './pass-entry.ts';
export * from './records.ts';
export { parseBackendName, type VaultSettings, vaultSettings, withVaultSettings } from './settings.ts';
export { openVault, type VaultOptions } from './vault.ts';
export {
  CorruptItemError,
  GpgRefusedError,
  KeyChangedError,
  lockedKeychain,
  MissingItemError,
} from './vault-errors.ts';
export { NoVaultError, type VaultKey } from './vault-key.ts';
