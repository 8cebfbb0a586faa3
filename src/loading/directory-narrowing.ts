import { type DirectoryFileContent, directoryFileName } from '../directory/index.ts';
import { type Narrowing, narrowingWord } from '../sessions/index.ts';

/** What a directory file takes away from its profile. It has no way to add to it. */
export function directoryNarrowing({
  readOnly,
  policyArns,
}: Pick<DirectoryFileContent, 'readOnly' | 'policyArns'>): Narrowing | undefined {
  if (readOnly) return { readOnly, by: `read-only in ${directoryFileName}` };
  return policyArns.length === 0 ? undefined : { policyArns, by: `policy-arn in ${directoryFileName}` };
}

/** `dev ro`, and `dev narrowed` for policies that the file names. */
export function narrowedLabel(profile: string, narrowing: Narrowing | undefined): string {
  if (narrowing === undefined) return profile;
  return narrowing.readOnly ? `${profile} ro` : `${profile} ${narrowingWord(narrowing)}`;
}
