import { type AwsFiles, otherSourceOf, reservedName } from '../profiles/index.ts';
import { editCommand, operandWord, printable, Secret } from '../system/index.ts';
import { isStorableName, type NamedKey, storableKeyIdFault, storableSecretFault } from '../vault/index.ts';

/** An access key found outside the vault. */
export interface FoundKey extends NamedKey {
  /** Where, for the user: `FILE:LINE`, or the name of a store. */
  readonly place: string;
}

/** Something that was found and is not imported. */
export interface PassedOver {
  /** Printable. */
  readonly name: string;
  readonly why: string;
  /** What to do before it can be imported; null if nothing can be done. */
  readonly advice: string | null;
  /** The first command to run, ready to paste. */
  readonly next: string | null;
  /** False for what expires by itself, such as a session: skipping it is not a failure. */
  readonly matters: boolean;
  /** It is a part of a store, whose keys are unknown: told whichever names were asked for. */
  readonly isPart?: true;
}

export interface Found {
  readonly keys: readonly FoundKey[];
  readonly passedOver: readonly PassedOver[];
  /** The skipped keys that are only valid for an endpoint on this machine. */
  readonly localOnly?: readonly LocalKey[];
}

/** A key that AWS cannot have issued, but an emulator on this machine accepts. */
export interface LocalKey {
  readonly key: FoundKey;
  /** Why it is skipped if its profile has no such endpoint; one of `Found.passedOver`. */
  readonly passedOver: PassedOver;
}

/** Adds the keys of profiles whose calls go to this machine. */
export function withLocalKeys(found: Found, isLocal: (profile: string) => boolean): Found {
  const names = new Set(found.keys.map(({ profile }) => profile));
  const taken = (found.localOnly ?? []).filter(({ key }) => !names.has(key.profile) && isLocal(key.profile));
  const settled = new Set(taken.map(({ passedOver }) => passedOver));
  return {
    keys: [...found.keys, ...taken.map(({ key }) => key)],
    passedOver: found.passedOver.filter((it) => !settled.has(it)),
  };
}

/**
 * Skips keys of profiles with another source of credentials: a stored key would give them another
 * identity.
 */
export function withoutOtherSources(found: Found, files: AwsFiles): Found {
  const keys: FoundKey[] = [];
  const passedOver = [...found.passedOver];
  for (const key of found.keys) {
    const other = otherSourceOf(files, key.profile);
    if (other === null) {
      keys.push(key);
      continue;
    }
    const { file, line } = other.property.place;
    passedOver.push({
      name: printable(key.profile),
      why: `the profile takes its credentials from ${other.giver}`,
      advice: `${other.key} is at ${printable(file)}:${line}: remove that line, or import the key under another name`,
      next: editCommand(file, line),
      matters: true,
    });
  }
  return { ...found, keys, passedOver };
}

/** The facts about one found key, before it is checked. */
export interface Candidate {
  readonly name: string;
  readonly place: string;
  readonly accessKeyId: string;
  readonly secret: string;
  readonly hasToken: boolean;
  /** The command that opens the place where it can be corrected. */
  readonly next?: string;
}

/**
 * Collects found keys; `added` is the date to store them with. Two different keys under one name
 * are both skipped.
 */
export class FoundKeys implements Found {
  readonly passedOver: PassedOver[] = [];
  readonly localOnly: LocalKey[] = [];
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
    const fault = faultOf(candidate, false);
    const key = { accessKeyId, secretAccessKey: new Secret(secret), added: this.#added };
    if (fault !== null) {
      const passedOver = this.passOver(name, `${fault.why} (${place})`, fault.more);
      if (faultOf(candidate, true) === null)
        this.localOnly.push({ key: { profile: name, key, place }, passedOver });
      return;
    }
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
      this.passOver(name, `there is another key of this name (${which})`, {
        advice: 'store the one that you need yourself',
        next: addCommand(name),
      });
    }
  }

  passOver(name: string, why: string, more: Partial<Omit<PassedOver, 'name' | 'why'>> = {}): PassedOver {
    const shown = printable(name).slice(0, 80);
    const passedOver = { name: shown, why, advice: null, next: null, matters: true, ...more };
    this.passedOver.push(passedOver);
    return passedOver;
  }
}

/**
 * The command that stores a key under this name, or under a similar one if this cannot be stored.
 */
function addCommand(name: string): string {
  const usable = isStorableName(name) ? name : name.replace(/[^\p{L}\p{N}@._/+-]+/gu, '-').slice(0, 64);
  return `awsh add ${operandWord(usable)}`;
}

export function isTemporaryKeyId(accessKeyId: string): boolean {
  // IAM's reference of unique identifiers: ASIA is the prefix of temporary keys.
  return accessKeyId.startsWith('ASIA');
}

interface KeyFault {
  readonly why: string;
  readonly more?: Partial<PassedOver>;
}

/** Null for a name under which a key can be stored. `next` opens the place with the name, if it is a file. */
function unusableName(name: string, next: string): KeyFault | null {
  if (name === reservedName) {
    const why = `no profile may be called ${reservedName}, because AWS_PROFILE has this name in a blocked shell`;
    const more =
      next === ''
        ? { advice: 'store it under another name', next: addCommand(`${reservedName}-key`) }
        : { advice: 'rename its section, then import again', next };
    return { why, more };
  }
  if (isStorableName(name)) return null;
  const more = { advice: 'store it under another name', next: addCommand(name) };
  return { why: 'its name has control characters or is too long', more };
}

function faultOf(
  { name, accessKeyId, secret, hasToken, next = '' }: Candidate,
  isLocal: boolean,
): KeyFault | null {
  if (hasToken || isTemporaryKeyId(accessKeyId)) {
    const advice =
      'it expires by itself; awsh stores only long-term keys of IAM users, whose ids begin with AKIA';
    const explain = next === '' ? null : `awsh explain ${operandWord(name)}`;
    return { why: 'it is temporary', more: { advice, matters: false, next: explain } };
  }
  const nameFault = unusableName(name, next);
  if (nameFault !== null) return nameFault;
  const idFault = storableKeyIdFault(accessKeyId, isLocal);
  const fault = idFault ?? storableSecretFault(secret, isLocal);
  if (fault === null) return null;
  const what = idFault === null ? 'secret access key' : 'access key id';
  return { why: `its ${what} is not valid`, more: { advice: fault.why, next: next || null } };
}
