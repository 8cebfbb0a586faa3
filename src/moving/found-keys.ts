import { printable, Secret } from '../system/index.ts';
import {
  accessKeyIdFault,
  isAccessKeyId,
  isStorableName,
  type NamedKey,
  secretKeyFault,
} from '../vault/index.ts';

/** An access key that was found outside the vault. */
export interface FoundKey extends NamedKey {
  /** Where, for the user: `FILE:LINE`, or the name of a store. */
  readonly place: string;
}

/** Something that was found and is not imported. */
export interface PassedOver {
  /** Printable. */
  readonly name: string;
  readonly why: string;
  /** What to do before it can be imported; null if nothing can be done here. */
  readonly advice: string | null;
  /** The command to begin with, as it can be typed. */
  readonly next: string | null;
  /** False for what ends by itself, as a session does: leaving it out is no failure. */
  readonly matters: boolean;
}

export interface Found {
  readonly keys: readonly FoundKey[];
  readonly passedOver: readonly PassedOver[];
}

/** What was found of one key, before it was checked. */
export interface Candidate {
  readonly name: string;
  readonly place: string;
  readonly accessKeyId: string;
  readonly secret: string;
  readonly hasToken: boolean;
  /** The command that opens the place where it can be corrected. */
  readonly next?: string;
}

/** Collects what was found; `added` is the time to store the keys with. Two different keys under one name are both passed over. */
export class FoundKeys implements Found {
  readonly passedOver: PassedOver[] = [];
  readonly #found = new Map<string, FoundKey[]>();
  readonly #added: Date;

  constructor(added: Date) {
    this.#added = added;
  }

  get keys(): readonly FoundKey[] {
    return [...this.#found.values()].flatMap((named) => (named.length === 1 ? named : []));
  }

  add(candidate: Candidate): void {
    const { name, place, accessKeyId, secret } = candidate;
    const fault = faultOf(candidate);
    if (fault !== null) {
      this.passOver(name, `${fault.why} (${place})`, fault.more);
      return;
    }
    const key = { accessKeyId, secretAccessKey: new Secret(secret), added: this.#added };
    const named = this.#found.get(name) ?? [];
    const isKnown = named.some(
      ({ key: other }) =>
        other.accessKeyId === accessKeyId && other.secretAccessKey.equals(key.secretAccessKey),
    );
    if (isKnown) return;
    this.#found.set(name, [...named, { profile: name, key, place }]);
    if (named.length === 0) return;
    for (const found of named.length === 1 ? [...named, { profile: name, key, place }] : [{ key, place }]) {
      const which = `key ****${found.key.accessKeyId.slice(-4)} of ${found.place}`;
      this.passOver(name, `there is another key of this name (${which})`);
    }
  }

  passOver(name: string, why: string, more: Partial<Omit<PassedOver, 'name' | 'why'>> = {}): void {
    const shown = printable(name).slice(0, 80);
    this.passedOver.push({ name: shown, why, advice: null, next: null, matters: true, ...more });
  }
}

export function isTemporaryKeyId(accessKeyId: string): boolean {
  // IAM's reference of unique identifiers: ASIA is the prefix of temporary keys.
  return accessKeyId.startsWith('ASIA');
}

interface KeyFault {
  readonly why: string;
  readonly more?: Partial<PassedOver>;
}

function faultOf({ name, accessKeyId, secret, hasToken, next = '' }: Candidate): KeyFault | null {
  if (hasToken || isTemporaryKeyId(accessKeyId)) return { why: 'it is temporary', more: { matters: false } };
  if (!isStorableName(name)) {
    const more = { advice: 'store it under another name', next: 'awsh add NAME' };
    return { why: 'its name has control characters or is too long', more };
  }
  if (!isAccessKeyId(accessKeyId)) {
    const advice = accessKeyIdFault(accessKeyId);
    return { why: 'its access key id is not valid', more: { advice, next: next || null } };
  }
  // AWS's own are base64; a quote, a # or a ; is more likely a slip of the file's than part of a secret.
  if (/^[A-Za-z0-9/+=_-]{1,512}$/.test(secret)) return null;
  const advice = secretKeyFault(secret) ?? 'it has letters, digits, / and + only';
  return { why: 'its secret access key is not valid', more: { advice, next: next || null } };
}
