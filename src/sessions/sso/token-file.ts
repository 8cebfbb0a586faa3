import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { appPaths, jsonFields, readFileIfThere, rfc3339, Secret, statIfThere } from '../../system/index.ts';
import { homeOf, type Surroundings } from '../surroundings.ts';
import type { TokenReply } from './oidc.ts';

/** The maximum size of a written token file: four tokens of the longest form that is read. */
export const mostFileBytes = 64 * 1024 + 4096;

/** A sign-in to IAM Identity Center, in the file that the AWS CLI and the SDKs share. */
export interface SignIn {
  readonly path: string;
  readonly accessToken: Secret;
  /** Epoch milliseconds; NaN if the file does not give it. */
  readonly ends: number;
  /** What renews it; null if it cannot be renewed, as for a profile without `sso_session`. */
  readonly renewal: Renewal | null;
  /** The whole file. It may have fields of other programs, which a renewal keeps. */
  readonly text: Secret;
}

export interface Renewal {
  readonly refreshToken: Secret;
  readonly clientId: string;
  readonly clientSecret: Secret;
  /**
   * The expiry of the client's registration, in epoch milliseconds; Infinity if the file does not
   * give it.
   */
  readonly registrationEnds: number;
}

/**
 * The path of the token, which all SDKs share. The file name is the SHA-1 of the session's name, or
 * of the start URL as written in a profile without `sso_session` (AWS SDKs and Tools Reference
 * Guide, "IAM Identity Center credential provider").
 */
export function sharedSignInPath(session: string, surroundings: Surroundings): string {
  return join(homeOf(surroundings), '.aws', 'sso', 'cache', signInFile(session));
}

/** The place of a sign-in whose tokens are encrypted (`sso_cache = vault`), which only awsh reads. */
export function sealedSignInPath(session: string, surroundings: Surroundings): string {
  const { state } = appPaths(surroundings);
  return join(state, 'sso', signInFile(session).replace('.json', '-sealed.json'));
}

/** The file of the sign-in: the encrypted one if there is one, else the shared one. */
export function signInPath(session: string, surroundings: Surroundings): string {
  const sealed = sealedSignInPath(session, surroundings);
  return statIfThere(sealed) === undefined ? sharedSignInPath(session, surroundings) : sealed;
}

export function signInFile(session: string): string {
  return `${createHash('sha1').update(session).digest('hex')}.json`;
}

/**
 * The sign-in in this file; null if there is none. The AWS CLI, the JavaScript SDK and the Java SDK
 * write the file in place, so a reader may see half of it. A file that is not a JSON object is read
 * again, three times in 150 ms, before it counts as none.
 */
export function readSignIn(path: string): SignIn | null {
  for (let attempt = 0; ; attempt++) {
    const text = readText(path);
    if (text === null) return null;
    const fields = jsonFields(text);
    if (Object.keys(fields).length > 0) return signInOf(path, text, fields);
    if (attempt === 3) return null;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  }
}

function readText(path: string): string | null {
  try {
    return readFileIfThere(path);
  } catch {
    return null;
  }
}

function signInOf(path: string, text: string, fields: Readonly<Record<string, unknown>>): SignIn | null {
  const accessToken = wordOf(fields.accessToken);
  if (accessToken === null) return null;
  return {
    path,
    accessToken,
    ends: timeField(fields.expiresAt),
    renewal: renewalOf(fields),
    text: new Secret(text),
  };
}

function renewalOf(fields: Readonly<Record<string, unknown>>): Renewal | null {
  const refreshToken = wordOf(fields.refreshToken);
  const clientSecret = wordOf(fields.clientSecret);
  const { clientId } = fields;
  if (refreshToken === null || clientSecret === null || typeof clientId !== 'string' || clientId === '')
    return null;
  const ends = timeField(fields.registrationExpiresAt);
  return {
    refreshToken,
    clientId,
    clientSecret,
    registrationEnds: Number.isNaN(ends) ? Number.POSITIVE_INFINITY : ends,
  };
}

/**
 * A token or a secret in a file or a reply; null if there is none, or one that AWS would not send.
 */
export function wordOf(value: unknown): Secret | null {
  return typeof value === 'string' && /^[!-~]{1,16384}$/.test(value) ? new Secret(value) : null;
}

/** Old files end in `UTC`. */
function timeField(value: unknown): number {
  return typeof value === 'string' ? Date.parse(value.replace(/UTC$/, 'Z')) : Number.NaN;
}

/**
 * The file's content with the new token in place of the old one; every other field is unchanged.
 * The time has seconds and a `Z`, because the Java SDK and older readers accept no other form.
 */
export function renewedText({ text }: SignIn, { accessToken, ends, refreshToken }: TokenReply): Secret {
  const fields = {
    ...jsonFields(text.reveal()),
    accessToken: accessToken.reveal(),
    expiresAt: rfc3339(new Date(ends)),
    ...(refreshToken !== null && { refreshToken: refreshToken.reveal() }),
  };
  return new Secret(JSON.stringify(fields));
}
