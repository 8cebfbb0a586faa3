import { readAwsFiles } from '../../src/profiles/index.ts';
import { silentPrompter } from '../../src/prompt/index.ts';
import type { RotationRun } from '../../src/rotation/index.ts';
import { appPaths, type Environment, systemClock } from '../../src/system/index.ts';
import { openVault, type Vault } from '../../src/vault/index.ts';

/** The key that opens a test's vault: with it at hand no passphrase goes through 600 000 rounds. */
export type HeldKey = Uint8Array;

/** Where somebody lives: the variables that say so. */
interface Home {
  readonly environment: Environment;
}

/** The home's vault of encrypted files, opened with its key. */
export function heldVault({ environment }: Home, held: HeldKey): Vault {
  return openVault({
    paths: appPaths(environment),
    settings: { backend: 'file' },
    environment: {},
    prompter: silentPrompter(),
    clock: systemClock,
    notify: () => {},
    keyHolder: { held: async () => held, hold: async () => {} },
  });
}

/** What a rotation in this home works with; nobody is there to be asked. */
export function rotationRun({ environment }: Home, vault: Vault): RotationRun {
  const paths = appPaths(environment);
  return {
    vault,
    paths,
    prompter: silentPrompter(),
    files: readAwsFiles(paths),
    clock: systemClock,
    say: () => {},
    patienceMs: 5000,
  };
}
