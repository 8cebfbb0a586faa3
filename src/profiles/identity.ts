import type { AwsFiles, Property, Section } from './section.ts';

/** The kinds of sources that a profile's credentials can come from. */
export type SourceKind =
  | 'keys'
  | 'source_profile'
  | 'credential_source'
  | 'sso'
  | 'web identity'
  | 'process'
  | 'login';

/**
 * The properties that determine a profile's identity (security rule 31). They are one group: a
 * profile takes none of them from [default]. `role` is what the credentials are exchanged for; the
 * other kinds are sources.
 */
const identityKinds: Readonly<Record<string, SourceKind | 'role'>> = {
  role_arn: 'role',
  external_id: 'role',
  source_profile: 'source_profile',
  credential_source: 'credential_source',
  credential_process: 'process',
  web_identity_token_file: 'web identity',
  web_identity_token_process: 'web identity',
  login_session: 'login',
  aws_access_key_id: 'keys',
  aws_secret_access_key: 'keys',
  aws_session_token: 'keys',
  aws_security_token: 'keys',
};

/** How a property determines the identity; null if it does not. */
export function identityKind(key: string): SourceKind | 'role' | null {
  if (key.startsWith('sso_')) return 'sso';
  return Object.hasOwn(identityKinds, key) ? (identityKinds[key] ?? null) : null;
}

/** The sources that a section's own properties, without inherited ones, name. */
export function sourceKindsOf({ properties }: Pick<Section, 'properties'>): Set<SourceKind> {
  const kinds = new Set<SourceKind>();
  for (const [key, { value }] of properties) {
    const kind = value === '' ? null : identityKind(key);
    if (kind !== null && kind !== 'role') kinds.add(kind);
  }
  return kinds;
}

/** True for a section with any property that determines the identity. */
export function hasIdentity(section: Section): boolean {
  return sourceKindsOf(section).size > 0 || Boolean(section.properties.get('role_arn')?.value);
}

/** `include_profile`, or `parent_profile`, its old name; null if there is neither. */
export function includeOf({ properties }: Section): Property | null {
  const include = properties.get('include_profile') ?? properties.get('parent_profile');
  return include?.value ? include : null;
}

/**
 * The profile whose stored key this profile uses: itself, or the next one by `include_profile`, if
 * no profile in between has identity properties of its own. Null if there is none.
 */
export function keyHolder(files: AwsFiles, name: string, hasKeys: (name: string) => boolean): string | null {
  const visited = new Set<string>();
  for (let next: string | undefined = name; next !== undefined && !visited.has(next); ) {
    if (hasKeys(next)) return next;
    visited.add(next);
    const section = files.profiles.get(next);
    if (section === undefined || hasIdentity(section)) return null;
    next = includeOf(section)?.value;
  }
  return null;
}
