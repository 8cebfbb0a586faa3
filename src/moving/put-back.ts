// Writes access keys from the vault back to the credentials file, in plain text, for a user who
// stops using awsh.
import {
  type AwsFiles,
  type AwsFileText,
  type EditableFile,
  editAwsFile,
  isSectionName,
  setKey,
} from '../profiles/index.ts';
import type { NamedKey } from '../vault/index.ts';
import { findPlainPairs, type PlainPair, readFileBytes } from './plain-keys.ts';

/** The keys that are now in the AWS files, and those that could not be written there. */
export interface PutBack {
  /** Written now, and verified by reading again. */
  readonly written: readonly NamedKey[];
  /** Already there before. */
  readonly there: readonly NamedKey[];
  readonly left: readonly { readonly named: NamedKey; readonly why: string }[];
}

/**
 * Writes these keys to the credentials file: into the profile's section, or a new one. Never over
 * another key, and not if the file has parts of a key for that profile that programs read
 * differently. `files` names both AWS files.
 */
export async function putKeysBack(
  file: EditableFile,
  files: AwsFiles,
  keys: readonly NamedKey[],
): Promise<PutBack> {
  let before = new Map<NamedKey, string | null>();
  await editAwsFile(file, (text) => {
    const others = readFileBytes(files).filter(({ path }) => path !== file.path);
    const found = findPlainPairs([text, ...others]);
    before = new Map(keys.map((named) => [named, obstacleTo(named, found)]));
    const fresh = keys.filter((named) => before.get(named) === null);
    return fresh.reduce(withKey, text);
  });
  const now = findPlainPairs(readFileBytes(files));
  const isThere = (named: NamedKey) => obstacleTo(named, now) === isSame;
  const left = keys.filter((named) => !isThere(named));
  return {
    written: keys.filter((named) => isThere(named) && before.get(named) === null),
    there: keys.filter((named) => isThere(named) && before.get(named) === isSame),
    left: left.map((named) => ({ named, why: before.get(named) ?? 'another program has changed the file' })),
  };
}

/** Whether the AWS files now have exactly this key for this profile. */
export function isInPlainText(files: AwsFiles, named: NamedKey): boolean {
  return obstacleTo(named, findPlainPairs(readFileBytes(files))) === isSame;
}

const isSame = 'the same key is there';

/** What the files already have for the profile; null for nothing. */
function obstacleTo({ profile, key }: NamedKey, found: ReturnType<typeof findPlainPairs>): string | null {
  const there = found.find((it) => ('why' in it ? it.name : it.profile) === profile);
  if (there === undefined) return isSectionName(profile) ? null : 'no AWS file can have this name';
  if ('why' in there) return there.why;
  return isPair(there, key) ? isSame : 'the file has another key for this profile';
}

function isPair({ id, secret, hasToken }: PlainPair, key: NamedKey['key']): boolean {
  return !hasToken && id.value === key.accessKeyId && secret.value === key.secretAccessKey.reveal();
}

function withKey(text: AwsFileText, { profile, key }: NamedKey): AwsFileText {
  const section = { kind: 'profile', name: profile } as const;
  const withId = setKey(text, section, 'aws_access_key_id', key.accessKeyId);
  return setKey(withId, section, 'aws_secret_access_key', key.secretAccessKey.reveal());
}
