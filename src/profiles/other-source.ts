/** Finds the lines that give a profile credentials from anything other than its own access key. */
import { awshErrorOf, printable } from '../system/index.ts';
import { resolveProfile } from './resolve.ts';
import type { AwsFiles, Property, ResolvedProfile } from './section.ts';

export interface OtherSource {
  readonly key: string;
  readonly property: Property;
  /** The source's name in the text `it takes its credentials from ...`. */
  readonly giver: string;
}

type Giver = (value: string) => string;

/** The first property of each row that has a value represents its kind. */
const kinds: readonly (readonly [keys: readonly string[], giver: Giver])[] = [
  [['source_profile'], (value) => `the profile ${printable(value)}`],
  [['credential_source'], () => 'its credential_source'],
  [['sso_account_id', 'sso_role_name'], () => 'IAM Identity Center'],
  [['web_identity_token_file', 'web_identity_token_process'], () => 'a web identity token'],
  [['credential_process'], () => 'a program'],
  [['login_session'], () => 'aws login'],
];

/** One for each kind of source that the profile has, its own or by include_profile. */
export function otherSources({ properties }: Pick<ResolvedProfile, 'properties'>): OtherSource[] {
  return kinds.flatMap(([keys, giver]) => {
    const key = keys.find((it) => properties.get(it)?.value);
    const property = key === undefined ? undefined : properties.get(key);
    return key === undefined || property === undefined
      ? []
      : [{ key, property, giver: giver(property.value) }];
  });
}

/** The first of them; null for a profile that has none, or that is in no file. */
export function otherSourceOf(files: AwsFiles, name: string): OtherSource | null {
  const section = files.profiles.get(name);
  if (section === undefined) return null;
  // If the included profile is missing, the profile's own lines count.
  const isResolved = awshErrorOf(() => resolveProfile(files, name)) === null;
  const [first = null] = otherSources(isResolved ? resolveProfile(files, name) : section);
  return first?.key === 'source_profile' && first.property.value === name ? null : first;
}
