import { dirname } from 'node:path';
import type { Narrowing, TimeBox } from '../sessions/index.ts';
import { type Settings, sessionNaming } from '../settings/index.ts';

/** A profile to load, and what stands around it. */
export interface Wish {
  /** By `awsh use`, by a directory file, or for a shell that `exec` started. */
  readonly kind: 'pin' | 'directory' | 'exec';
  readonly profile: string;
  /** What the directory file or the pin takes away from the profile. */
  readonly narrowing?: Narrowing | undefined;
  /** The time that the pin is good for. */
  readonly box?: TimeBox | undefined;
  /** What the prompt calls it; the word of a pin, for child shells to take over. */
  readonly label: string;
  /** The directory file that names the profile; null for a pinned one. */
  readonly file: string | null;
  /** What its roles' sessions are called (the setting role_session_name). */
  readonly sessionNaming?: string | undefined;
  /** The directory file's, else null. */
  readonly region: string | null;
  /** The account that the credentials must belong to, where the directory file names one. */
  readonly account: string | null;
  /** False where a setting, and no record of this very plan, lets it load. */
  readonly recorded: boolean;
}

/** The directory is the one of the file that names the profile, so that all folders of a project have one name. */
export function withSessionNaming(
  wish: Wish,
  cwd: string,
  { settings }: { readonly settings: Settings },
): Wish {
  return { ...wish, sessionNaming: sessionNaming(settings, wish.file === null ? cwd : dirname(wish.file)) };
}
