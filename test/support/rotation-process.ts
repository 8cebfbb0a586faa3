import { readAwsFiles } from '../../src/profiles/index.ts';
import { silentPrompter } from '../../src/prompt/index.ts';
import type { RotationRun } from '../../src/rotation/index.ts';
import { appPaths, type Environment, systemClock } from '../../src/system/index.ts';
import { openVault, type Vault } from '../../src/vault/index.ts';

/** The key of a test's vault, so that no passphrase needs 600 000 rounds. */
export type HeldKey = Uint8Array;

/** The variables that define a home. */
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

/** What a rotation in this home needs; there is no terminal. */
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
