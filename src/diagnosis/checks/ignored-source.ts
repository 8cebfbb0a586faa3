import { type AwsFiles, profileNames, type Section } from '../../profiles/index.ts';
import { ignoredLines } from '../../sessions/index.ts';
import { AwshError } from '../../system/index.ts';
import { type Finding, note } from '../finding.ts';
import type { Check, Scene } from '../scene.ts';
import { editAt, shownPlace } from '../shown.ts';

/**
 * Lines about a profile's identity that are not used, because a key is stored or the AWS SDKs use
 * another line.
 */
export const ignoredSource: Check = {
  name: 'ignored-source',
  run({ files, keys, paths }: Scene): Finding[] {
    if (files === null) return [];
    const findings = new Map<string, Finding>();
    const stored = new Set(keys.map(({ profile }) => profile));
    const names = profileNames(files).filter((name) => stored.has(name) || mayIgnoreLines(files, name));
    for (const profile of names) {
      for (const { key, place, why, isUsedByAwsVault } of linesOf({
        files,
        keys,
        profile,
        environment: {},
      })) {
        const what = `${shownPlace(place, paths)}: ${key} is ignored`;
        const others = isUsedByAwsVault ? '; aws-vault uses the source' : '';
        if (!findings.has(what)) findings.set(what, note(what, `${why}${others}`, editAt(place)));
      }
    }
    return [...findings.values()];
  },
};

/** Planning each of thousands of profiles would take too long. */
function mayIgnoreLines({ profiles }: AwsFiles, name: string): boolean {
  const section = profiles.get(name);
  const source = section?.properties.get('source_profile')?.value;
  if (section === undefined || hasKeysAndRole(section)) return section !== undefined;
  if (!source) return false;
  const next = profiles.get(source);
  return !section.properties.get('role_arn')?.value || (next !== undefined && hasKeysAndRole(next));
}

function hasKeysAndRole({ properties }: Section): boolean {
  return ['role_arn', 'aws_access_key_id'].every((key) => properties.get(key)?.value);
}

function linesOf(request: Parameters<typeof ignoredLines>[0]): ReturnType<typeof ignoredLines> {
  try {
    return ignoredLines(request);
  } catch (error) {
    // Another check reports errors of the chain.
    if (error instanceof AwshError) return [];
    throw error;
  }
}
