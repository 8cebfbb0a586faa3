import type { Prompter } from '../prompt/index.ts';
import { type Secret, VaultError } from '../system/index.ts';
import type { VaultKeySource } from './file-backend.ts';
import {
  type AskPassphrase,
  createVaultKey,
  unlockVaultKey,
  type VaultKey,
  type VaultKeyPlace,
} from './vault-key.ts';

/**
 * The vault key by a passphrase: the one given (AWSH_FILE_PASSPHRASE), else one asked on the terminal. Asked for and
 * derived at most once a process.
 */
export function passphraseKeySource(
  place: VaultKeyPlace,
  given: Secret | undefined,
  prompter: Prompter,
): VaultKeySource {
  const ask = given === undefined ? askOnTerminal(prompter, place) : async () => given;
  let opened: Promise<VaultKey | null> | undefined;
  let made: Promise<VaultKey> | undefined;
  const unlock = async () => {
    const key = await unlockVaultKey(place, ask);
    // There is no vault: the next question may find one, made by another awsh.
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
    made ??= createVaultKey(place, ask);
    return made;
  };
  return { existing, orNew };
}

function askOnTerminal(prompter: Prompter, place: VaultKeyPlace): AskPassphrase {
  return async (purpose) => {
    if (purpose === 'unlock') return prompter.secret('Passphrase of the vault');
    prompter.tell(`A new encrypted vault is made in ${place.folder}. Its passphrase cannot be recovered.`);
    for (let attempt = 1; attempt <= 3; attempt++) {
      const first = await prompter.secret('New passphrase');
      if (first.reveal() === '') prompter.tell('The passphrase must not be empty.');
      else if (first.equals(await prompter.secret('The same again'))) return first;
      else prompter.tell('The two are not the same.');
    }
    throw new VaultError(
      'no vault was made',
      'the new passphrase was empty or not the same twice, three times',
    );
  };
}
