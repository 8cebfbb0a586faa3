/**
 * Session keys in plain text: finds their expiry by the properties that the tools write next to
 * them.
 */
import type { Place, Property, Section } from './section.ts';

/** A tool that writes session keys into the AWS files. */
interface SessionKeyTool {
  /** The tool's name, and the names of others that write the same property. */
  readonly name: string;
  /** The command that makes new keys for a profile. */
  readonly renew: (profile: string) => string[];
}

/**
 * Which property each tool writes: saml2aws (pkg/awsconfig) and okta-aws-cli, aws-azure-login,
 * gsts, aws-mfa, and `aws-vault export --format=ini`.
 */
const tools: Readonly<Record<string, SessionKeyTool>> = {
  x_security_token_expires: {
    name: 'saml2aws or okta-aws-cli',
    renew: (profile) => ['saml2aws', 'login', '--profile', profile],
  },
  aws_expiration: {
    name: 'aws-azure-login',
    renew: (profile) => ['aws-azure-login', '--profile', profile],
  },
  aws_session_expiration: { name: 'gsts', renew: (profile) => ['gsts', '--aws-profile', profile] },
  expiration: { name: 'aws-mfa', renew: (profile) => ['aws-mfa', '--profile', profile] },
  aws_credential_expiration: {
    name: 'aws-vault',
    renew: (profile) => ['aws-vault', 'export', '--format=ini', profile],
  },
};

/** A profile's session keys. */
export interface SessionKeys {
  /** Null if there is no known property with the expiry. */
  readonly ends: { readonly at: Date; readonly key: string; readonly place: Place } | null;
  /** The tool that writes such a property, and the words of the command that renews them. */
  readonly tool: { readonly name: string; readonly renew: readonly string[] } | null;
}

/** Null if the profile has no keys in plain text, or if they do not expire. */
export function sessionKeysOf({
  name,
  properties,
}: Pick<Section, 'name' | 'properties'>): SessionKeys | null {
  const id = properties.get('aws_access_key_id')?.value;
  if (!id || !isTemporary(id, properties)) return null;
  let ends: SessionKeys['ends'] = null;
  for (const key of Object.keys(tools)) {
    const property = properties.get(key);
    const at = property === undefined ? null : parseExpiry(property.value);
    // Another tool may have left its property earlier, so the latest expiry counts.
    if (property !== undefined && at !== null && (ends === null || at > ends.at))
      ends = { at, key, place: property.place };
  }
  const tool = ends === null ? undefined : tools[ends.key];
  return { ends, tool: tool === undefined ? null : { name: tool.name, renew: tool.renew(name) } };
}

/** IAM's reference of unique identifiers: ASIA is the prefix of temporary keys. */
function isTemporary(id: string, properties: ReadonlyMap<string, Property>): boolean {
  const token = properties.get('aws_session_token')?.value || properties.get('aws_security_token')?.value;
  return Boolean(token) || id.startsWith('ASIA');
}

/**
 * RFC 3339, with a space for the T, without the colon in its offset, or without an offset, which
 * means UTC (aws-mfa); or seconds since 1970. Null for anything else.
 */
export function parseExpiry(text: string): Date | null {
  const value = text.trim().replace(/^(["'])(.*)\1$/, '$2');
  if (/^\d{10}$/.test(value)) return new Date(Number(value) * 1000);
  const match = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(\.\d+)? ?(Z|UTC|GMT|[+-]\d\d:?\d\d)?$/i.exec(
    value,
  );
  if (match === null) return null;
  const [, day = '', time = '', fraction = '', offset = 'Z'] = match;
  const zone = /^[+-]/.test(offset) ? offset.replace(/^(...):?/, '$1:') : 'Z';
  const date = new Date(`${day}T${time}${fraction.slice(0, 4)}${zone}`);
  return Number.isNaN(date.getTime()) ? null : date;
}
