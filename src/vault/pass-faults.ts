import { printable, shellCommand, VaultError } from '../system/index.ts';
import { CorruptItemError, GpgRefusedError } from './vault-errors.ts';

/** What pass was asked to do when it failed. */
export interface FailedCall {
  readonly doing: 'read' | 'write' | 'remove';
  readonly item: string;
  /** The path of the store, for the user. */
  readonly store: string;
}

/**
 * gpg's messages are in the user's language, and the same for a missing key and a missing
 * passphrase. Its status lines distinguish them (GnuPG, doc/DETAILS, "Format of the --status-fd
 * output").
 */
const status = (name: string) => new RegExp(`^\\[GNUPG:\\] ${name}\\b`, 'm');
const [keyIsHere, wasAsked, notDecrypted, noData] = [
  status('KEY_CONSIDERED'),
  status('PINENTRY_LAUNCHED'),
  status('DECRYPTION_FAILED'),
  status('NODATA'),
];

const noKeyYet = 'run pass init with the id of one of your keys: gpg --list-secret-keys';

/** The error for the user. `stderr` is that of pass and gpg, including gpg's status lines. */
export function passFault({ doing, item, store }: FailedCall, stderr: string): VaultError {
  const what = `pass could not ${doing} the item`;
  const said = stderr.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('[GNUPG:]'));
  const why = printable(said.at(-1)?.trim() ?? '').slice(0, 200) || undefined;
  if (/pass init/.test(stderr)) {
    return new VaultError(what, 'its password store was not set up yet', noKeyYet);
  }
  if (/no space left/i.test(stderr))
    return new VaultError(what, 'the disk is full', shellCommand`df ${store}`);
  if (/read-only file system/i.test(stderr))
    return new VaultError(what, 'it is read-only here', shellCommand`ls -ld ${store}`);
  if (/cancell?ed/i.test(stderr)) {
    return new GpgRefusedError(what, 'the passphrase of the gpg key was not given', 'try again');
  }
  if (noData.test(stderr))
    return new CorruptItemError(
      item,
      'gpg finds nothing encrypted in its file: the file is damaged, or gpg did not write it',
    );
  if (notDecrypted.test(stderr) && keyIsHere.test(stderr)) {
    return wasAsked.test(stderr)
      ? new GpgRefusedError(what, 'the passphrase of the gpg key was not given, or it is wrong', 'try again')
      : new VaultError(what, 'gpg cannot ask for the passphrase of its key here', 'export GPG_TTY=$(tty)');
  }
  if (notDecrypted.test(stderr) || /no secret key/i.test(stderr)) {
    return new VaultError(what, 'the gpg key of the store is not on this machine', 'gpg --list-secret-keys');
  }
  return new VaultError(what, why, 'gpg --list-secret-keys');
}
