import { dirname } from 'node:path';
import type { Narrowing, SessionReason, TimeBox } from '../sessions/index.ts';
import { type Settings, sessionNaming } from '../settings/index.ts';

/** A profile to load, and how it was chosen. */
export interface Wish {
  /** Chosen by `awsh use`, by a directory file, or for a shell that `exec` started. */
  readonly kind: 'pin' | 'directory' | 'exec';
  readonly profile: string;
  /** The permissions that the directory file or the pin removes from the profile. */
  readonly narrowing?: Narrowing | undefined;
  /** The time for which the pin is valid. */
  readonly box?: TimeBox | undefined;
  /** Why the user wants it, from the pin or the user's answer. */
  readonly reason?: SessionReason | undefined;
  /** The name in the prompt; the name of a pin, for child shells to use. */
  readonly label: string;
  /** The directory file that names the profile; null for a pinned one. */
  readonly file: string | null;
  /** The session names of its roles (the setting role_session_name). */
  readonly sessionNaming?: string | undefined;
  /** The directory file's region, or null. */
  readonly region: string | null;
  /** The account that the credentials must belong to, if the directory file names one. */
  readonly account: string | null;
  /** False if a setting, and no record of this very plan, allows it. */
  readonly recorded: boolean;
}

/**
 * The directory of the file that names the profile is used, so that all folders of a project have
 * the same name.
 */
export function withSessionNaming(
  wish: Wish,
  cwd: string,
  { settings }: { readonly settings: Settings },
): Wish {
  return { ...wish, sessionNaming: sessionNaming(settings, wish.file === null ? cwd : dirname(wish.file)) };
}
