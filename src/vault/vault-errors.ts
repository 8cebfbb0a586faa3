import { AwshError, diskFault, hasCode, operandWord, printable, VaultError } from '../system/index.ts';
import type { Backend } from './records.ts';

/** One item cannot be read; the others can. `session` treats it as missing. */
export class CorruptItemError extends VaultError {
  constructor(item: string, why: string) {
    super(
      `the vault's item ${JSON.stringify(printable(item))} cannot be read`,
      why,
      'store the key again with awsh add, if it is one: awsh list',
    );
  }
}

/** The index names an item that the backend does not have, and the backend is open. */
export class MissingItemError extends VaultError {
  constructor(backend: string, profile: string) {
    super(
      `the access key of ${JSON.stringify(printable(profile))} is no longer in the backend ${backend}`,
      'another program removed it, or the backend now uses another location; awsh remove removes the entry',
      `awsh add ${operandWord(profile)}`,
    );
  }
}

/** The user was asked for the passphrase of a gpg key, and did not give it. */
export class GpgRefusedError extends VaultError {}

/**
 * Exit 1: the key stored under the name is not the one that was shown before it was to be replaced
 * or removed.
 */
export class KeyChangedError extends AwshError {
  constructor(
    readonly profile: string,
    /** The id of the stored key; null if it cannot be read. */
    readonly accessKeyId: string | null,
  ) {
    const shown = accessKeyId === null ? 'it cannot be read' : `it is ****${accessKeyId.slice(-4)}`;
    super(
      'other',
      `the stored key of ${printable(profile)} has changed`,
      `${shown}; another process stored it, and it was left as it is`,
      'awsh list',
    );
  }
}

/**
 * The error for the user after reading or writing the vault's own files failed; awsh's own errors
 * are returned unchanged.
 */
export function fileFault(error: unknown, path: string): unknown {
  if (error instanceof VaultError) return error;
  const fault = diskFault(error, path);
  if (fault === null) return error;
  const why = hasCode(error, 'EROFS', 'EACCES', 'EPERM')
    ? 'it is read-only here'
    : hasCode(error, 'ENOSPC', 'EDQUOT') && !/inode/.test(fault.why)
      ? 'the disk is full; what was stored before is still there'
      : fault.why;
  return new VaultError(`could not use ${printable(fault.path ?? path)}`, why, fault.next, error);
}

/**
 * The daemon takes its whole stdin as the password, line ends included, and would show it, so bash
 * reads one line without echo. The line works in every shell.
 */
const unlockGnomeKeyring =
  'bash -c \'IFS= read -rsp "Password of the keyring: " password; echo; printf %s "$password" | gnome-keyring-daemon --replace --unlock >/dev/null\'';

/** The keychain exists and is locked. */
export function lockedKeychain(): VaultError {
  const mac = process.platform === 'darwin';
  return new VaultError(
    'the keychain is locked',
    'nothing was changed; what is stored there is still there',
    mac ? 'security unlock-keychain' : unlockGnomeKeyring,
  );
}

/** The keychain's own window was shown, and it is still locked. */
export function notUnlocked(): VaultError {
  const { next } = lockedKeychain();
  const why = 'its password was not entered, or its window could not be opened; nothing was changed';
  return new VaultError('the keychain was not unlocked', why, `try again, or: ${next}`);
}

/**
 * The index has this profile's key and the backend answers that it has none: it is locked, unless
 * the backend reports that it is not; then another program removed the item.
 */
export async function missingItem(backend: Backend, profile: string): Promise<VaultError> {
  if (backend.isLocked !== undefined && (await backend.isLocked()) !== false) return lockedKeychain();
  return new MissingItemError(backend.name, profile);
}
