import { AwshError, type Credentials, rfc3339, type Secret } from '../system/index.ts';
import { type DialectName, dialects, quotePosix } from './dialects.ts';
import { credentialVariables, type EnvironmentChange, type Identity } from './environment-change.ts';
import type { ExportFormat } from './export-formats.ts';
import { clearedVariables, switchVariables } from './managed-variables.ts';

/**
 * The text of `awsh export`, with a final newline. bash, zsh, fish, powershell and windows-cmd are
 * for `eval` and also unset variables that would override the keys. env is `K=V` unquoted, as for
 * `docker --env-file` and in aws-vault. json and process are the output of a `credential_process`
 * (docs.aws.amazon.com/sdkref, "Process credential provider"). credentials is a shared credentials
 * file, with the expiry in the forms of aws-vault and saml2aws.
 */
export function exportText(format: ExportFormat, credentials: Credentials, identity: Identity): string {
  const set = credentialVariables(credentials, identity);
  switch (format) {
    case 'json':
    case 'process':
      return processJson(credentials);
    case 'ini':
      return iniSection(credentials, identity);
    case 'env':
    case 'env-no-export':
      return lines(set, (name, value) => `${name}=${value}`);
    case 'dotenv':
      return comment(credentials, identity) + lines(set, (name, value) => `${name}=${dotenvValue(value)}`);
    case 'credentials':
      return comment(credentials, identity) + credentialsFile(credentials, identity);
    case 'export-env':
      return lines(set, (name, value) => `export ${name}=${quotePosix(value)}`);
    default:
      return dialectText(format, { set, unset: clearedVariables.filter((name) => !set.has(name)) });
  }
}

function dialectText(name: DialectName, change: EnvironmentChange): string {
  const dialect = dialects[name];
  const unset = change.unset.map((variable) => `${dialect.unset(variable)}\n`).join('');
  return unset + lines(change.set, (variable, value) => dialect.set(variable, value));
}

function lines(
  set: ReadonlyMap<string, string | Secret>,
  line: (name: string, value: string) => string,
): string {
  return [...set].map(([name, value]) => `${line(name, plain(value))}\n`).join('');
}

function processJson(credentials: Credentials): string {
  const json = {
    Version: 1,
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey.reveal(),
    ...(credentials.sessionToken && { SessionToken: credentials.sessionToken.reveal() }),
    ...(credentials.expiration && { Expiration: rfc3339(credentials.expiration) }),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

const iniKeys: readonly (readonly [key: string, name: string])[] = [
  ...switchVariables,
  ['ignore_configured_endpoint_urls', 'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS'],
  ['ca_bundle', 'AWS_CA_BUNDLE'],
];

/** The expiry of the credentials, for anyone who finds the file later. */
function comment({ expiration }: Credentials, { profile }: Identity): string {
  const end = expiration === null ? 'does not expire' : `expires ${rfc3339(expiration)}`;
  return `# awsh export of ${plain(profile)}: ${end}\n`;
}

/**
 * In a form that every reader of .env files accepts: bare if possible, else in single quotes,
 * inside which nothing is expanded.
 */
function dotenvValue(value: string): string {
  if (/^[\w+/=.:,@%-]*$/.test(value)) return value;
  if (!value.includes("'")) return `'${value}'`;
  throw new AwshError('other', 'a value cannot be written into an .env file', 'it holds a single quote');
}

/** The profile's section, and the same as [default] for tools that use no profile name. */
function credentialsFile(credentials: Credentials, identity: Identity): string {
  const end = credentials.expiration && `x_security_token_expires = ${rfc3339(credentials.expiration)}\n`;
  const names = [...new Set(['default', identity.profile])];
  return names.map((profile) => iniSection(credentials, { ...identity, profile }) + (end ?? '')).join('\n');
}

function iniSection(credentials: Credentials, identity: Identity): string {
  const entries: [string, string | Secret | null][] = [
    ['aws_access_key_id', credentials.accessKeyId],
    ['aws_secret_access_key', credentials.secretAccessKey],
    ['aws_session_token', credentials.sessionToken],
    ['aws_credential_expiration', credentials.expiration && rfc3339(credentials.expiration)],
    ['region', identity.region],
    ['endpoint_url', identity.endpointUrl],
    // A credentials file cannot contain a [services] section.
    ...iniKeys.map(([key, name]): [string, string | null] => [key, identity.variables[name] ?? null]),
  ];
  const present = entries.filter((entry): entry is [string, string | Secret] => entry[1] !== null);
  return `[${identity.profile.replaceAll(']', '')}]\n${present.map(([key, value]) => `${key} = ${plain(value)}\n`).join('')}`;
}

/** A control character in any of these would end a line early, or worse. */
function plain(value: string | Secret): string {
  const text = typeof value === 'string' ? value : value.reveal();
  if (!/[\0-\x1f\x7f]/.test(text)) return text;
  throw new AwshError('other', 'a value holds a control character', 'it cannot be written out safely');
}
