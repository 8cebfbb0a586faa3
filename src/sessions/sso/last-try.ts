import { createHash } from 'node:crypto';
import { jsonFields, readFileIfThere, type Secret, writeFileAtomic } from '../../system/index.ts';

/** The result of the last renewal of a sign-in. */
export interface LastTry {
  /** Epoch milliseconds. */
  readonly at: number;
  /** The {@link digestOf} the refresh token that AWS refused; null if the sign-in was renewed. */
  readonly refused: string | null;
}

/** Identifies a refresh token without revealing it. */
export function digestOf(refreshToken: Secret): string {
  return createHash('sha256').update(refreshToken.reveal()).digest('hex').slice(0, 16);
}

/** The note about the last try, or null: then AWS is asked again. */
export function lastTry(path: string): LastTry | null {
  try {
    const { at, refused } = jsonFields(readFileIfThere(path, { follow: false }) ?? '');
    return typeof at === 'number' ? { at, refused: typeof refused === 'string' ? refused : null } : null;
  } catch {
    return null;
  }
}

/** Leaves a note for the next command. If the disk refuses it, the next command asks AWS again. */
export function noteTry(path: string, { at, refused }: LastTry): void {
  try {
    writeFileAtomic(path, JSON.stringify({ at, refused }));
  } catch {
    // It only saves a call.
  }
}
