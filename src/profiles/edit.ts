import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type AppPaths,
  AwshError,
  diskFault,
  followLinks,
  hasCode,
  makeDirectories,
  printable,
  readChecked,
  shellCommand,
  withLock,
  writeFileAtomic,
} from '../system/index.ts';
import {
  type AwsFileText,
  addSection,
  addSections,
  type KeysAndValues,
  missingSections,
  requireStillReadable,
} from './edit-text.ts';
import type { AwsFileKind, SectionName } from './section-name.ts';

/** How often an edit is repeated because another program has written the file in the meantime. */
const mostAttempts = 5;

/** An AWS file to be edited, and the lock that keeps two awsh processes from doing so at once. */
export interface EditableFile {
  readonly path: string;
  readonly kind: AwsFileKind;
  readonly lock: string;
}

export function editableConfig(paths: Pick<AppPaths, 'awsConfig' | 'locks'>): EditableFile {
  return { path: paths.awsConfig, kind: 'config', lock: join(paths.locks, 'aws-files') };
}

export function editableCredentials(paths: Pick<AppPaths, 'awsCredentials' | 'locks'>): EditableFile {
  return { path: paths.awsCredentials, kind: 'credentials', lock: join(paths.locks, 'aws-files') };
}

/**
 *
 * Edits an AWS file in place: reads it under the lock, and replaces it atomically if the edit
 * changed something. If another program writes the file in the meantime, the edit is repeated with
 * the new content, so `edit` may run several times. A symbolic link is kept and its target
 * replaced; the mode is kept; a new file is 0600, in a folder of 0700. Returns false if there was
 * nothing to change.
 *
 * `edit` uses the functions of edit-text.ts, and may call several. Throws UsageError if the file
 * must not be written, or if the edit would make a well-formed file malformed; LockError (exit 10)
 * if another awsh process holds the lock for ten seconds.
 */
export async function editAwsFile(
  file: EditableFile,
  edit: (text: AwsFileText) => AwsFileText,
): Promise<boolean> {
  const target = followLinks(file.path);
  const limits = { timeoutMs: 10_000, staleMs: 60_000, fallback: `${target}.awsh-lock` };
  return await withLock(file.lock, limits, async () => {
    for (let attempt = 0; attempt < mostAttempts; attempt++) {
      const stat = fs.statSync(target, { throwIfNoEntry: false });
      if (stat !== undefined) requireWritable(target, stat);
      const bytes = stat === undefined ? '' : readChecked(target).toString('latin1');
      const before = { path: file.path, kind: file.kind, bytes };
      const edited = edit(before);
      if (edited.bytes === bytes) return false;
      requireStillReadable(before, edited);
      if (replace(target, Buffer.from(edited.bytes, 'latin1'), { stat, bytes })) return true;
    }
    throw notChanged(target, 'another program writes to it again and again');
  });
}

/**
 * Adds `[profile NAME]` with these properties to the config file; false, and no change, if the
 * profile exists.
 */
export async function addProfile(
  config: EditableFile,
  name: string,
  keys: Readonly<Record<string, string>> | KeysAndValues,
): Promise<boolean> {
  const properties = Symbol.iterator in keys ? (keys as KeysAndValues) : Object.entries(keys);
  return await editAwsFile(config, (text) => addSection(text, { kind: 'profile', name }, properties));
}

/**
 * Adds an empty `[profile NAME]` for each name that the config file does not have, in one edit.
 * Returns those names.
 */
export async function addProfiles(config: EditableFile, names: readonly string[]): Promise<string[]> {
  let added: SectionName[] = [];
  await editAwsFile(config, (text) => {
    added = missingSections(text, names.map(profileSection));
    return addSections(text, added);
  });
  return added.map(({ name }) => name);
}

/** What {@link addProfiles} would add. */
export function profilesToAdd(config: EditableFile, names: readonly string[]): string[] {
  const bytes = fs.existsSync(config.path) ? readChecked(config.path).toString('latin1') : '';
  const text = { path: config.path, kind: config.kind, bytes };
  return missingSections(text, names.map(profileSection)).map(({ name }) => name);
}

const profileSection = (name: string): SectionName => ({ kind: 'profile', name });

/**
 * False, with nothing changed, if the file has changed since it was read: other programs use no
 * lock.
 */
function replace(
  target: string,
  content: Uint8Array,
  { stat, bytes }: { stat: fs.Stats | undefined; bytes: string },
): boolean {
  const isSame = () =>
    stat === undefined ? !fs.existsSync(target) : readChecked(target).toString('latin1') === bytes;
  try {
    if (stat === undefined) makeDirectories(dirname(target));
    const mode = stat === undefined ? 0o600 : stat.mode & 0o7777;
    if (!writeFileAtomic(target, content, mode, isSame)) return false;
    // Only root edits another user's file here; that user must be able to read it afterwards.
    if (stat !== undefined && stat.uid !== process.getuid?.()) fs.chownSync(target, stat.uid, stat.gid);
    return true;
  } catch (error) {
    const fault = diskFault(error);
    throw fault === null ? error : notChanged(target, fault.why, fault.next, error);
  }
}

function notChanged(target: string, why: string, next?: string, cause?: unknown): AwshError {
  const shown = printable(target);
  return new AwshError('other', `${shown} was not changed`, why, next ?? shellCommand`ls -l ${target}`, {
    cause,
  });
}

/** A rename would also replace a file that is read-only, or another user's, on purpose. */
function requireWritable(target: string, stat: fs.Stats): void {
  const uid = process.getuid?.();
  const fault = !stat.isFile()
    ? 'it is not a plain file'
    : stat.uid !== uid && uid !== 0
      ? 'it belongs to another user'
      : isReadOnly(target)
        ? 'it is read-only'
        : null;
  if (fault !== null) throw notChanged(target, fault);
}

function isReadOnly(path: string): boolean {
  try {
    fs.accessSync(path, fs.constants.W_OK);
    return false;
  } catch (error) {
    if (hasCode(error, 'EACCES', 'EPERM', 'EROFS')) return true;
    throw error;
  }
}
