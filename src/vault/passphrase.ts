import type { Prompter } from '../prompt/index.ts';
import { cancelledFor, type Secret, VaultError } from '../system/index.ts';
import type { VaultKeySource } from './file-backend.ts';
import {
  type AskPassphrase,
  createVaultKey,
  newPassphraseFault,
  ShortPassphraseError,
  unlockVaultKey,
  type VaultKey,
  type VaultKeyPlace,
  WrongPassphraseError,
  wrongPassphrase,
} from './vault-key.ts';

/**
 * The vault key from a passphrase: the given one (AWSH_FILE_PASSPHRASE), or one asked for on the
 * terminal. Asked for and derived at most once in a process.
 */
export function passphraseKeySource(
  place: VaultKeyPlace,
  given: Secret | undefined,
  prompter: Prompter,
  variable?: string,
): VaultKeySource {
  const ask = given === undefined ? askOnTerminal(prompter) : async () => given;
  let opened: Promise<VaultKey | null> | undefined;
  let made: Promise<VaultKey> | undefined;
  // The error must name the variable: `awsh unlock` would use the same passphrase again.
  const explain = (error: unknown): never => {
    if (given === undefined) throw error;
    if (error instanceof WrongPassphraseError) throw wrongPassphrase(variable);
    throw error instanceof ShortPassphraseError && variable !== undefined
      ? new VaultError(
          error.what,
          `${error.why}, and the one in ${variable} has fewer; without the variable awsh asks for one`,
          `unset ${variable}`,
        )
      : error;
  };
  const unlock = async () => {
    const key = await unlockVaultKey(place, ask).catch(explain);
    // There is no vault yet; the next call may find one made by another awsh process.
    if (key === null) opened = undefined;
    return key;
  };
  const existing = () => {
    opened ??= made ?? unlock();
    return opened;
  };
  const orNew = async () => {
    const key = await existing();
    if (key !== null) return key;
    made ??= createVaultKey(place, ask).catch(explain);
    return made;
  };
  return { existing, orNew };
}

function askOnTerminal(prompter: Prompter): AskPassphrase {
  return async (purpose, fault) => {
    if (purpose === 'unlock') {
      const form = { fault, givenUp: () => wrongPassphrase() };
      return prompter.secret('passphrase of the awsh vault', form).catch(cancelledFor('passphrase'));
    }
    prompter.tell('creating a new encrypted vault; its passphrase cannot be recovered');
    return await newPassphrase(prompter).catch(cancelledFor('passphrase'));
  };
}

const differTooOften = 'the two passphrases differed in all three tries';

/** Asked for twice; both again if they differ, three times in all. */
async function newPassphrase(prompter: Prompter): Promise<Secret> {
  const noVault = (why: string) => new VaultError('no vault was created', why, 'try again');
  for (let attempt = 1; attempt <= 3; attempt++) {
    const first = await prompter.secret('new passphrase of the awsh vault (at least 8 characters)', {
      fault: newPassphraseFault,
      holds: true,
      givenUp: noVault,
    });
    const differ = (again: Secret) => (first.equals(again) ? null : 'the two passphrases differ');
    const isLast = attempt === 3;
    const again = await prompter.secret(
      'the new passphrase again',
      isLast ? { fault: differ, tries: 1, givenUp: () => noVault(differTooOften) } : {},
    );
    if (first.equals(again)) return first;
    prompter.tell('the two passphrases differ');
  }
  throw noVault(differTooOften);
}
