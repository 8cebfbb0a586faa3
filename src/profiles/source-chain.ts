import { printable, UsageError } from '../system/index.ts';
import { keyHolder } from './identity.ts';
import { missingProfile, requireUsable, resolveProfile } from './resolve.ts';
import type { AwsFiles, ResolvedProfile } from './section.ts';

/**
 * The profile, its `source_profile`, that one's, and so on: the last one is where credentials begin. `hasKeys` says
 * whose keys are stored: such a profile ends the chain (aws-vault: stored keys come before source_profile) and need
 * not be in a file.
 *
 * UsageError where the chain leads back to itself, showing the circle, names a profile that does not exist, or comes to
 * a section that was not understood.
 */
export function sourceChain(
  files: AwsFiles,
  name: string,
  hasKeys: (name: string) => boolean = () => false,
): ResolvedProfile[] {
  const chain: ResolvedProfile[] = [];
  const names = [name];
  for (let next = name; ; ) {
    requireUsable(files, next);
    const profile = resolveProfile(files, next);
    chain.push(profile);
    const source = profile.properties.get('source_profile');
    if (!source?.value || keyHolder(files, next, hasKeys) !== null) return chain;
    names.push(source.value);
    if (names.indexOf(source.value) < names.length - 1) {
      throw new UsageError(
        `source_profile leads in a circle: ${names.map(printable).join(' -> ')}`,
        `the circle closes at ${printable(source.place.file)}:${source.place.line}`,
      );
    }
    next = source.value;
    if (!files.profiles.has(next) && !hasKeys(next)) {
      throw missingProfile(files, source, `source_profile of ${JSON.stringify(profile.name)}`);
    }
  }
}
