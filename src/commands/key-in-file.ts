import type { Context } from '../cli/index.ts';
import { type AwsFiles, findProfile, type Place } from '../profiles/index.ts';
import { printablePath } from '../system/index.ts';

/** A profile's access key in plain text in an AWS file. */
export interface KeyInFile {
  readonly accessKeyId: string;
  readonly place: Place;
  /** For the user: `~/.aws/credentials:2`. */
  readonly shown: string;
}

/** Null if no AWS file has a key for this profile. */
export function keyInFile({ paths }: Context, files: AwsFiles, profile: string): KeyInFile | null {
  const properties = findProfile(files, profile)?.properties;
  const id = properties?.get('aws_access_key_id');
  if (!id?.value || !properties?.get('aws_secret_access_key')?.value) return null;
  const { place } = id;
  const shown = `${printablePath(place.file, paths.home)}:${place.line}`;
  return { accessKeyId: id.value, place, shown };
}
