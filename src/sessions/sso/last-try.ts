import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { jsonFields, readFileIfThere, type Secret, writeFileAtomic } from '../../system/index.ts';

/** The result of the last renewal of a sign-in. */
export interface LastTry {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The {@link digestOf} the refresh token that AWS refused; null if the sign-in was renewed. */
  readonly refused: string | null;
  /**
   * The {@link digestOf} an access token that the portal refused and that could not be replaced;
   * null if there is none.
   */
  readonly dead: string | null;
}

/** The note about the sign-in at `path`. It is not in the cache, where other tools read each file. */
export function notePath(path: string, { locks }: { readonly locks: string }): string {
  return join(locks, `sso-${basename(path, '.json')}`);
}

/** Identifies a token without revealing it. */
export function digestOf(token: Secret): string {
  return createHash('sha256').update(token.reveal()).digest('hex').slice(0, 16);
}

/** The note about the last try, or null: then AWS is asked again. */
export function lastTry(path: string): LastTry | null {
  try {
    const { at, refused, dead } = jsonFields(readFileIfThere(path, { follow: false }) ?? '');
    const text = (value: unknown) => (typeof value === 'string' ? value : null);
    return typeof at === 'number' ? { at, refused: text(refused), dead: text(dead) } : null;
  } catch {
    return null;
  }
}

/** Leaves a note for the next command. If the disk refuses it, the next command asks AWS again. */
export function noteTry(path: string, { at, refused, dead }: LastTry): void {
  try {
    writeFileAtomic(path, JSON.stringify({ at, refused, dead }));
  } catch {
    // It only saves a call.
  }
}
