import { printable, Secret } from '../system/index.ts';
import { isAccessKeyId, isStorableName, type NamedKey } from '../vault/index.ts';

/** An access key that was found outside the vault. */
export interface FoundKey extends NamedKey {
  /** Where, for people: `FILE:LINE`, or the name of a store. */
  readonly place: string;
}

/** Something that is no access key to be stored, and why. */
export interface PassedOver {
  readonly name: string;
  readonly why: string;
}

export interface Found {
  readonly keys: readonly FoundKey[];
  readonly passedOver: readonly PassedOver[];
}

/** What was found of one key, before anybody has looked whether it is one. */
export interface Candidate {
  readonly name: string;
  readonly place: string;
  readonly accessKeyId: string;
  readonly secret: string;
  readonly hasToken: boolean;
}

/** Sorts what was found; `added` is the time to store the keys with. Of two under one name the first counts. */
export class FoundKeys implements Found {
  readonly keys: FoundKey[] = [];
  readonly passedOver: PassedOver[] = [];
  readonly #names = new Set<string>();

  constructor(private readonly added: Date) {}

  add(candidate: Candidate): void {
    const { name, place, accessKeyId, secret } = candidate;
    const why = this.#names.has(name) ? 'there is another of this name' : faultOf(candidate);
    if (why !== null) {
      this.passOver(name, `${why} (${place})`);
      return;
    }
    this.#names.add(name);
    const key = { accessKeyId, secretAccessKey: new Secret(secret), added: this.added };
    this.keys.push({ profile: name, key, place });
  }

  passOver(name: string, why: string): void {
    this.passedOver.push({ name: printable(name).slice(0, 80), why });
  }
}

/** IAM's reference of unique identifiers: ASIA is the prefix of temporary keys. */
function faultOf({ name, accessKeyId, secret, hasToken }: Candidate): string | null {
  if (!isStorableName(name)) return 'its name cannot be stored';
  if (hasToken || accessKeyId.startsWith('ASIA')) return 'it is temporary';
  if (!isAccessKeyId(accessKeyId)) return 'its access key id is none';
  return /^[!-~]{1,512}$/.test(secret) ? null : 'its secret access key is none';
}
