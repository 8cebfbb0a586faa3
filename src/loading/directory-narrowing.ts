import { type DirectoryFileContent, directoryFileName } from '../directory/index.ts';
import { type Narrowing, narrowingWord } from '../sessions/index.ts';

/** The permissions that a directory file removes from its profile. It cannot add any. */
export function directoryNarrowing({
  readOnly,
  policyArns,
}: Pick<DirectoryFileContent, 'readOnly' | 'policyArns'>): Narrowing | undefined {
  if (readOnly) return { readOnly, by: `read-only in ${directoryFileName}` };
  return policyArns.length === 0 ? undefined : { policyArns, by: `policy-arn in ${directoryFileName}` };
}

/** `dev ro`, or `dev narrowed` if the file names policies. */
export function narrowedLabel(profile: string, narrowing: Narrowing | undefined): string {
  if (narrowing === undefined) return profile;
  return narrowing.readOnly ? `${profile} ro` : `${profile} ${narrowingWord(narrowing)}`;
}
