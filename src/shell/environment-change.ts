import { type Credentials, type Environment, epochSeconds, rfc3339, type Secret } from '../system/index.ts';
import {
  blockedName,
  clearedVariables,
  identityVariables,
  type ThemeVariable,
  themeVariables,
} from './managed-variables.ts';
import { unloadedEnvironment } from './unloaded-environment.ts';

/** Variables to set and to unset. No name is in both. */
export interface EnvironmentChange {
  readonly set: ReadonlyMap<string, string | Secret>;
  readonly unset: readonly string[];
}

/** The profile and settings that credentials are for. */
export interface Identity {
  readonly profile: string;
  readonly region: string | null;
  readonly endpointUrl: string | null;
  /**
   * The profile's other settings for a program's calls, by variable: one service's endpoint, FIPS,
   * a CA bundle.
   */
  readonly variables: Readonly<Record<string, string>>;
  /** The user's reason, for `awsh refresh` in the command of exec; absent if there is none. */
  readonly reason?: string;
}

/** The keys, expiration, region and endpoint, as every SDK reads them: common to all outputs. */
export function credentialVariables(
  credentials: Credentials,
  identity: Identity,
): Map<string, string | Secret> {
  const set = new Map<string, string | Secret>([
    ['AWS_ACCESS_KEY_ID', credentials.accessKeyId],
    ['AWS_SECRET_ACCESS_KEY', credentials.secretAccessKey],
  ]);
  if (credentials.sessionToken !== null) set.set('AWS_SESSION_TOKEN', credentials.sessionToken);
  if (credentials.expiration !== null) {
    set.set('AWS_CREDENTIAL_EXPIRATION', rfc3339(credentials.expiration));
  }
  for (const [name, value] of placeVariables(identity)) set.set(name, value);
  return set;
}

function placeVariables(identity: Identity): Map<string, string> {
  const set = new Map<string, string>();
  if (identity.region !== null) {
    // The AWS CLI 1 and boto3 read AWS_DEFAULT_REGION, the newer SDKs AWS_REGION.
    set.set('AWS_REGION', identity.region).set('AWS_DEFAULT_REGION', identity.region);
  }
  if (identity.endpointUrl !== null) set.set('AWS_ENDPOINT_URL', identity.endpointUrl);
  for (const [name, value] of Object.entries(identity.variables)) set.set(name, value);
  return set;
}

/**
 * What the hook sets in the current shell. `shownEnd`: when they will be unloaded, in epoch
 * seconds, if that is before they expire.
 */
export function loadedChange(
  credentials: Credentials,
  identity: Identity,
  themeVariable: ThemeVariable | null,
  shownEnd: number | null = credentials.expiration && epochSeconds(credentials.expiration),
): EnvironmentChange {
  const set = credentialVariables(credentials, identity);
  // Both names, because older themes read only the second one.
  if (credentials.expiration !== null) set.set('AWS_SESSION_EXPIRATION', rfc3339(credentials.expiration));
  set.set('AWSH_PROFILE', identity.profile);
  if (themeVariable !== null) set.set(themeVariable, identity.profile);
  // This is last, and the key with its secrets first: bash accepts an answer in that order without
  // checking each line.
  if (shownEnd !== null) set.set('AWSH_EXPIRES', String(shownEnd));
  return { set, unset: clearedVariables.filter((name) => !set.has(name)) };
}

/**
 * No credentials for any SDK: a profile that does not exist, and no instance metadata, which the
 * SDK for JavaScript would otherwise use. The SDKs for JavaScript, Java and Ruby look for a region
 * first: with one, their errors name the profile or the credentials. A null region becomes one
 * without endpoints. The hooks let the user's own region take precedence.
 */
export function blockedChange(region: string | null): EnvironmentChange {
  return {
    set: new Map([
      ['AWS_PROFILE', blockedName],
      ['AWS_EC2_METADATA_DISABLED', 'true'],
      ['AWS_REGION', region ?? blockedName],
      ['AWS_DEFAULT_REGION', region ?? blockedName],
    ]),
    unset: clearedVariables.filter((name) => name !== 'AWS_PROFILE'),
  };
}

/**
 * Variables left by other tools or an earlier login, which would conflict with what exec sets. An
 * endpoint is the user's own, as in aws-vault.
 */
const staleInChild = [
  ...clearedVariables,
  ...identityVariables.filter((name) => name !== 'AWS_ENDPOINT_URL'),
  ...themeVariables,
  'AWS_CREDENTIAL_FILE',
  'AWS_SDK_LOAD_CONFIG',
  'AWSH_LOADED',
  'AWSH_SAVED',
  'AWSH_REASON',
  // Secrets that open the vault are only for awsh: the command has a session, and would otherwise
  // have every key.
  'AWSH_FILE_PASSPHRASE',
  'AWS_VAULT_FILE_PASSPHRASE',
];

/**
 * The environment of exec's command, by aws-vault's rules (its docs and cli/exec.go), with the
 * variables that it forgets to clear. What awsh itself loaded into the calling shell is first
 * undone, so that one directory's region or endpoint never reaches another profile's command.
 */
export function execChange(
  environment: Environment,
  credentials: Credentials,
  identity: Identity,
): EnvironmentChange {
  return childChange(environment, credentialVariables(credentials, identity), identity);
}

/** An endpoint from which a command gets its keys instead of its environment. */
export interface CredentialsEndpoint {
  readonly uri: string;
  readonly token: Secret;
}

/**
 * Like {@link execChange}, with the container credentials protocol instead of keys, which SDKs
 * would prefer to it.
 */
export function serverChange(
  environment: Environment,
  endpoint: CredentialsEndpoint,
  identity: Identity,
): EnvironmentChange {
  const variables = new Map<string, string | Secret>([
    ...placeVariables(identity),
    ['AWS_CONTAINER_CREDENTIALS_FULL_URI', endpoint.uri],
    ['AWS_CONTAINER_AUTHORIZATION_TOKEN', endpoint.token],
  ]);
  return childChange(environment, variables, identity);
}

/**
 * Like {@link execChange}, with the profile's name instead of keys: for programs that read the
 * config file themselves (aws-vault's `--profile-env`).
 */
export function profileChange(environment: Environment, identity: Identity): EnvironmentChange {
  const variables = new Map<string, string | Secret>([
    ...placeVariables(identity),
    ['AWS_PROFILE', identity.profile],
  ]);
  return childChange(environment, variables, identity);
}

function childChange(
  environment: Environment,
  variables: ReadonlyMap<string, string | Secret>,
  identity: Identity,
): EnvironmentChange {
  const original = unloadedEnvironment(environment);
  const set = new Map<string, string | Secret>();
  for (const [name, value] of Object.entries(original)) if (environment[name] !== value) set.set(name, value);
  for (const name of staleInChild) set.delete(name);
  for (const [name, value] of variables) set.set(name, value);
  set.set('AWS_VAULT', identity.profile);
  // Not in AWS_VAULT, which prompts show.
  if (identity.reason !== undefined)
    set.set('AWSH_REASON', Buffer.from(identity.reason).toString('base64url'));
  const loaded = Object.keys(environment).filter((name) => original[name] === undefined);
  return { set, unset: [...new Set([...staleInChild, ...loaded])].filter((name) => !set.has(name)) };
}
