/**
 * Finds access keys in plain text in the AWS files, and removes them when they are in the vault.
 */
import { type AwsFiles, type EditableFile, editAwsFile, otherSourceOf } from '../profiles/index.ts';
import { editCommand, printable, printablePath } from '../system/index.ts';
import type { NamedKey } from '../vault/index.ts';
import { type Found, type FoundKey, FoundKeys, isTemporaryKeyId, type LocalKey } from './found-keys.ts';
import { splitFile, withoutLines } from './key-lines.ts';
import {
  type Ambiguity,
  findPlainPairs,
  type PlacedSection,
  type PlainPair,
  readFileBytes,
} from './plain-keys.ts';

/** A key in plain text, and the AWS file that it is to be removed from. */
export interface PlainKey extends FoundKey {
  readonly file: string;
}

export interface PlainKeys extends Found {
  readonly keys: readonly PlainKey[];
  readonly localOnly: readonly (LocalKey & { readonly key: PlainKey })[];
}

/**
 * The access keys in plain text in the AWS files, in order; `home` shortens the displayed paths.
 */
export function findPlainKeys(files: AwsFiles, added: Date, home: string): PlainKeys {
  const found = new FoundKeys(added);
  const fileOf = new Map<string, string>();
  for (const it of findPlainPairs(readFileBytes(files))) {
    if ('why' in it) passOver(found, it, home);
    else {
      const { profile, file, id, secret, hasToken } = it;
      const place = `${printablePath(file, home)}:${id.line}`;
      const why = hasToken ? null : unused(files, it);
      if (why !== null) {
        const where = `${place}, key ****${printable(id.value.slice(-4))}`;
        found.passOver(profile, `${why.why} (${where})`, {
          advice: why.advice,
          next: editAt(file, id.line, home),
        });
        continue;
      }
      fileOf.set(profile, file);
      const next = editAt(file, id.line, home);
      found.add({ name: profile, place, accessKeyId: id.value, secret: secret.value, hasToken, next });
    }
  }
  const placed = (key: FoundKey) => ({ ...key, file: fileOf.get(key.profile) ?? '' });
  const localOnly = found.localOnly.map((it) => ({ ...it, key: placed(it.key) }));
  return { keys: found.keys.map(placed), passedOver: found.passedOver, localOnly };
}

function passOver(found: FoundKeys, { name, why, cure, sections, header }: Ambiguity, home: string): void {
  const places = sections.map((section) => placeOf(section, home)).join('; ');
  const ids = sections.flatMap(({ keyLines }) => keyLines.filter(({ field }) => field === 'id'));
  const isTemporary = ids.length > 0 && ids.every(({ value }) => isTemporaryKeyId(value));
  const last = sections.at(-1);
  // Above the first header there is no header to correct.
  const line = header?.line || last?.keyLines[0]?.line || last?.line;
  const file = (header ?? last)?.file;
  const next = file === undefined || line === undefined ? null : editAt(file, line, home);
  const more = isTemporary
    ? { advice: `${cure}, if you still use it`, matters: false }
    : { advice: `${cure}; then import again`, next };
  const unnamed = sections[0]?.line ? 'a key in a section without a name' : 'a key outside every section';
  found.passOver(name || unnamed, `${why} (${places})`, more);
}

/**
 * Opens the file at the line. A path that needs quotes is shown in full, because a shell does not
 * expand `~` inside quotes.
 */
function editAt(file: string, line: number, home: string): string {
  const shown = printablePath(file, home);
  return editCommand(/[^\w@%+=:,./~-]/.test(shown) ? file : shown, line);
}

/** `~/.aws/credentials:4 [work], key ****WXYZ on line 5`. Secrets are named only by their lines. */
function placeOf({ file, line, header, keyLines }: PlacedSection, home: string): string {
  const parts = keyLines
    .filter(({ field }) => field !== 'token')
    .map((it) =>
      it.field === 'id'
        ? `key ****${printable(it.value.slice(-4))} on line ${it.line}`
        : `secret on line ${it.line}`,
    );
  const shown = printable(Buffer.from(header, 'latin1').toString('utf8')).slice(0, 80);
  const path = printablePath(file, home);
  return [line === 0 ? path : `${path}:${line} [${shown}]`, ...parts].join(', ');
}

/** Why awsh would not use the key; null if it would. */
function unused(files: AwsFiles, { profile, id, secret }: PlainPair): { why: string; advice: string } | null {
  const own = files.profiles.get(profile)?.properties;
  const [readId, readSecret] = [own?.get('aws_access_key_id'), own?.get('aws_secret_access_key')];
  const isSame =
    readId?.place.line === id.line &&
    readId.value === id.value &&
    readSecret?.place.line === secret.line &&
    readSecret.value === secret.value;
  if (!isSame) {
    return {
      why: 'awsh and the AWS SDKs do not read this key for any profile',
      advice: 'a section of the credentials file is [NAME], one of the config file [profile NAME]',
    };
  }
  const other = otherSourceOf(files, profile);
  if (other === null) return null;
  const advice =
    other.key === 'source_profile'
      ? 'the key is not used: remove it, or remove source_profile'
      : `programs disagree about which of the two to use: remove the key, or remove ${other.key}`;
  return { why: `the profile takes its credentials from ${other.giver}`, advice };
}

/** The keys that were removed from a file, and those that had changed or gone. */
export interface Removal {
  readonly removed: readonly NamedKey[];
  /** In the vault, and not in the file any more: another program has removed them. */
  readonly gone: readonly NamedKey[];
  readonly left: readonly NamedKey[];
}

/**
 * Removes these keys from an AWS file: the two lines of each, and only if that id and that secret
 * are in the file exactly once and unambiguously, and `isStored` has just read the same from the
 * vault. Every other line is unchanged. `files` names both AWS files, because a second key of the
 * same name in the other file is an ambiguity too.
 */
export async function removePlainKeys(
  file: EditableFile,
  files: AwsFiles,
  keys: readonly NamedKey[],
  isStored: (key: NamedKey) => Promise<boolean>,
): Promise<Removal> {
  const stored: NamedKey[] = [];
  for (const key of keys) if (await isStored(key)) stored.push(key);
  const [removed, gone] = [new Set<NamedKey>(), new Set<NamedKey>()];
  await editAwsFile(file, (text) => {
    removed.clear();
    gone.clear();
    const others = readFileBytes(files).filter(({ path }) => path !== file.path);
    const pairs = new Map<string, PlainPair>();
    for (const it of findPlainPairs([text, ...others])) if (!('why' in it)) pairs.set(it.profile, it);
    const lines = new Set<number>();
    for (const key of stored) {
      const pair = pairs.get(key.profile);
      if (isGone(text.bytes, key)) gone.add(key);
      if (pair === undefined || !isPairOf(pair, key, file.path)) continue;
      lines.add(pair.id.line).add(pair.secret.line);
      removed.add(key);
    }
    return { ...text, bytes: withoutLines(splitFile(text.bytes), lines) };
  });
  const left = keys.filter((key) => !removed.has(key) && !gone.has(key));
  return { removed: [...removed], gone: [...gone], left };
}

function isGone(bytes: string, { key }: NamedKey): boolean {
  return !bytes.includes(key.accessKeyId) && !bytes.includes(key.secretAccessKey.reveal());
}

function isPairOf(pair: PlainPair, { key }: NamedKey, file: string): boolean {
  if (pair.hasToken || pair.file !== file) return false;
  return pair.id.value === key.accessKeyId && pair.secret.value === key.secretAccessKey.reveal();
}
