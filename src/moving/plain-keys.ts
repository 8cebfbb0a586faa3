import {
  type AwsFiles,
  type AwsFileText,
  type EditableFile,
  editAwsFile,
  parseAwsFiles,
  removeKeysOf,
  resolveProfile,
  type Section,
} from '../profiles/index.ts';
import { printable } from '../system/index.ts';
import type { NamedKey } from '../vault/index.ts';
import { type Found, type FoundKey, FoundKeys } from './found-keys.ts';

const idKey = 'aws_access_key_id';
const secretKey = 'aws_secret_access_key';
const tokenKeys = ['aws_session_token', 'aws_security_token'];

/** A key in plain text, and the AWS file that it is to be taken out of. */
export interface PlainKey extends FoundKey {
  readonly file: string;
}

export interface PlainKeys extends Found {
  readonly keys: readonly PlainKey[];
}

/** The access keys that lie in plain text in the AWS files, in their order. */
export function findPlainKeys(files: AwsFiles, added: Date): PlainKeys {
  const found = new FoundKeys(added);
  const fileOf = new Map<string, string>();
  for (const section of files.profiles.values()) {
    const id = section.properties.get(idKey);
    const secret = section.properties.get(secretKey);
    if (!id?.value && !secret?.value) continue;
    const place = `${printable((id ?? secret)?.place.file ?? '')}:${(id ?? secret)?.place.line}`;
    const why = unusable(files, section);
    if (why !== null) {
      found.passOver(section.name, `${why} (${place})`);
      continue;
    }
    fileOf.set(section.name, id?.place.file ?? '');
    found.add({
      name: section.name,
      place,
      accessKeyId: id?.value ?? '',
      secret: secret?.value ?? '',
      hasToken: tokenKeys.some((key) => section.properties.get(key)?.value),
    });
  }
  const keys = found.keys.map((key) => ({ ...key, file: fileOf.get(key.profile) ?? '' }));
  return { keys, passedOver: found.passedOver };
}

/** Why awsh would not use the key, or could not take it out; null where it would. */
function unusable(files: AwsFiles, { name, properties }: Section): string | null {
  const id = properties.get(idKey);
  const secret = properties.get(secretKey);
  if (id?.place.file !== secret?.place.file)
    return 'its id and its secret stand in two files, or one is missing';
  const source = resolveProfile(files, name).properties.get('source_profile')?.value;
  return source ? `the profile takes its credentials from ${printable(source)}` : null;
}

/**
 * Takes these keys out of an AWS file, each only where it still stands there as it was stored. Comments and all else stay;
 * a section of which nothing is left goes. Returns how many it took out.
 */
export async function removePlainKeys(file: EditableFile, keys: readonly NamedKey[]): Promise<number> {
  let removed = 0;
  await editAwsFile(file, (text) => {
    const sections = sectionsOf(text);
    const same = keys.filter(({ profile, key }) => {
      const properties = sections.get(profile)?.properties;
      const secret = properties?.get(secretKey)?.value;
      return properties?.get(idKey)?.value === key.accessKeyId && secret === key.secretAccessKey.reveal();
    });
    removed = same.length;
    const names = same.map(({ profile: name }) => ({ kind: 'profile' as const, name }));
    return removeKeysOf(text, names, [idKey, secretKey]);
  });
  return removed;
}

function sectionsOf({ path, kind, bytes }: AwsFileText): ReadonlyMap<string, Section> {
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  const [whole, empty] = [
    { path, text },
    { path, text: '' },
  ];
  return (kind === 'config' ? parseAwsFiles(whole, empty) : parseAwsFiles(empty, whole)).profiles;
}
