/*
 *
 * Who owns a variable.
 *
 * If a hook takes variables from a reply, every managed variable that the reply does not set is
 * unset: keys are never combined with another identity's token or endpoint. Only the regions, the
 * theme variable, AWS_EC2_METADATA_DISABLED, AWS_CA_BUNDLE and the three endpoint options stay the
 * user's own.
 *
 * direnv and mise note the values that they replace and restore them later, so they must never see
 * what awsh has loaded: `__awsh_before` runs in front of their functions and removes it, and the
 * look after them sets it again. What they change in between is their claim, with the value that
 * was there before, until it has that value again. If a claimed credential, profile or region has a
 * value in a directory that asks for a profile, nothing is loaded there (`overridden`). A pinned
 * profile is the user's own choice and is not left to tools. mise may set its variables before awsh
 * is sourced: at the first prompt it is asked once what it would set in `/`, and each variable that
 * differs from that is its claim.
 *
 * If a variable that determines the identity (AWS_PROFILE, AWS_ACCESS_KEY_ID, …) changed at any
 * other time, the user changed it. The directory is then left to the user until the shell moves. A
 * secret or a token alone is half of an identity: the directory's profile is loaded again over it.
 * A value that replaces awsh's own is recorded with awsh's value and the one before it. If a tool
 * (a virtualenv) later restores awsh's value, the user's value is restored instead. An access key
 * id that the hook set earlier is not a choice of the user: it is removed, with its secret and
 * token. The hook keeps only the last characters of a secret, to recognise it.
 *
 * While a shell is blocked, AWS_PROFILE names a profile that does not exist,
 * AWS_EC2_METADATA_DISABLED keeps the SDK for JavaScript from using the role of the instance, and a
 * region is set (the user's, the profile's, or `awsh-blocked`, which has no endpoints), because the
 * SDKs for JavaScript, Java and Ruby would report a missing one first. A hook that starts below
 * another awsh restores AWS_CA_BUNDLE to its value before awsh set it: the bundle of one profile is
 * never trusted for another profile's calls.
 */

/** The properties of one variable. Each list below, here and in the hooks, is made from these. */
interface Traits {
  /**
   * A load with credentials may set it; `theme`: if the setting `theme_variable` chooses it,
   * because prompt themes read it.
   */
  readonly set?: true | 'theme';
  /**
   * Most loads set it: after a cd bash compares only these, and all others only if a load has set
   * one of them.
   */
  readonly usual?: true;
  /**
   * Each load unsets it, unless it sets it. A variable that is not replaced is the user's own as
   * long as no load sets it.
   */
  readonly replaced?: true;
  /** A blocked shell has it set. */
  readonly blocked?: true;
  /** Never written where another process could read it later: not in AWSH_SAVED, not in a log. */
  readonly secret?: true;
  /**
   * Credentials, a profile or a region: if another tool sets it in a directory, awsh leaves the
   * directory to that tool.
   */
  readonly claimed?: true;
  /** The boolean setting of a profile from which a load sets it. */
  readonly setting?: string;
}

/**
 * The managed variables, except the endpoints of single services. To add one, add a row here and
 * run `npm run generate`. If another tool has set several, the first in this order is named.
 * Variables that are only replaced are here because an SDK would prefer them to the keys or send
 * the keys elsewhere: AWS_PROFILE overrides loaded keys in the SDK for JavaScript.
 */
const table = {
  AWS_PROFILE: { replaced: true, blocked: true, claimed: true },
  AWS_EC2_METADATA_DISABLED: { blocked: true },
  AWS_ACCESS_KEY_ID: { set: true, usual: true, replaced: true, claimed: true },
  AWS_SECRET_ACCESS_KEY: { set: true, usual: true, replaced: true, secret: true },
  AWS_SESSION_TOKEN: { set: true, usual: true, replaced: true, secret: true },
  AWS_CREDENTIAL_EXPIRATION: { set: true, usual: true, replaced: true },
  AWS_SESSION_EXPIRATION: { set: true, usual: true, replaced: true },
  AWS_REGION: { set: true, usual: true, blocked: true, claimed: true },
  AWS_DEFAULT_REGION: { set: true, usual: true, blocked: true, claimed: true },
  AWS_ENDPOINT_URL: { set: true, replaced: true },
  AWS_USE_FIPS_ENDPOINT: { set: true, setting: 'use_fips_endpoint' },
  AWS_USE_DUALSTACK_ENDPOINT: { set: true, setting: 'use_dualstack_endpoint' },
  AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: { set: true },
  AWS_CA_BUNDLE: { set: true },
  AWSH_PROFILE: { set: true, usual: true, replaced: true },
  AWSH_EXPIRES: { set: true, usual: true, replaced: true },
  AWSUME_PROFILE: { set: 'theme' },
  AWSU_PROFILE: { set: 'theme' },
  AWS_SSO_PROFILE: { set: 'theme' },
  AWS_DEFAULT_PROFILE: { replaced: true, claimed: true },
  AWS_SECURITY_TOKEN: { replaced: true, secret: true },
  AWS_ROLE_ARN: { replaced: true, claimed: true },
  AWS_ROLE_SESSION_NAME: { replaced: true },
  AWS_WEB_IDENTITY_TOKEN_FILE: { replaced: true, claimed: true },
  AWS_CONTAINER_CREDENTIALS_FULL_URI: { replaced: true, claimed: true },
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: { replaced: true, claimed: true },
  AWS_CONTAINER_AUTHORIZATION_TOKEN: { replaced: true, secret: true },
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: { replaced: true },
} as const satisfies Readonly<Record<string, Traits>>;

type Table = typeof table;

export type ThemeVariable = {
  [Name in keyof Table]: Table[Name] extends { readonly set: 'theme' } ? Name : never;
}[keyof Table];

const rows: readonly (readonly [name: string, traits: Traits])[] = Object.entries(table);

const namesOf = (has: (traits: Traits) => unknown): readonly string[] =>
  rows.filter(([, traits]) => has(traits)).map(([name]) => name);

/** The names that a load may set, except the endpoints of single services. */
export const settableVariables = namesOf(({ set }) => set);

/** Variables from which prompt themes read a profile's name; a setting chooses one. */
export const themeVariables = namesOf(({ set }) => set === 'theme') as readonly ThemeVariable[];

/**
 * What a load sets or otherwise unsets: a shell recognises awsh's credentials by these if it did
 * not inherit their record.
 */
export const identityVariables = namesOf(({ set, replaced }) => set && replaced);

/**
 * The names that a load unsets and never sets. In addition, every AWS_ENDPOINT_URL_* that it does
 * not set.
 */
export const clearedVariables = namesOf(({ set, replaced }) => replaced && !set);

/** Set while blocked. The hooks let a reply without credentials set only these. */
export const blockingVariables = namesOf(({ blocked }) => blocked);

/** What a load or a blocked shell sets, usually and at all. */
export const usualVariables = namesOf(({ usual }) => usual);
export const heldVariables = namesOf(({ set, blocked }) => set || blocked);

/**
 * The profile of a blocked shell, which does not exist, and its region if the profile's own is not
 * known.
 */
export const blockedName = 'awsh-blocked';

/**
 * The variables that another tool may claim. Secrets and tokens belong to the access key id, or to
 * the address.
 */
export const claimableVariables = namesOf(({ claimed }) => claimed);

export const secretVariables: ReadonlySet<string> = new Set(namesOf(({ secret }) => secret));

/**
 * Boolean settings of a profile, each with the variable by which the SDKs read it (AWS SDKs and
 * Tools Reference Guide).
 */
export const switchVariables: readonly (readonly [setting: string, name: string])[] = rows.flatMap(
  ([name, { setting }]) => (setting === undefined ? [] : [[setting, name] as const]),
);

export const managedVariables: readonly string[] = rows.map(([name]) => name);

const managed: ReadonlySet<string> = new Set(managedVariables);

/**
 * The variables whose values the launcher sends to the agent, as shell patterns: what a session
 * depends on, and what awsh may have set. Of all others that begin with AWS it sends only the
 * names.
 */
export const toldVariables: readonly string[] = [
  ...managedVariables.filter((name) => name.startsWith('AWS') && isTold(name)),
  ...['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE', 'AWS_SESSION_TAGS', 'AWS_TRANSITIVE_TAGS'],
  ...['AWS_SOURCE_IDENTITY', 'AWS_MFA_SERIAL', 'AWS_ENDPOINT_URL_*', 'AWS_USE_*_ENDPOINT'],
  ...['AWS_*TOKEN_FILE', 'AWS_EC2_METADATA_*', 'AWS_*_EXPIRATION', 'AWS_*_TTL'],
];

/**
 * The address of a container's credentials gives its role to anyone who knows it; awsh's own names
 * are covered by AWSH_*.
 */
function isTold(name: string): boolean {
  return (
    !secretVariables.has(name) && !name.startsWith('AWSH_') && !name.startsWith('AWS_CONTAINER_CREDENTIALS_')
  );
}

/** AWS_ENDPOINT_URL_STS and its kind: one service's endpoint. */
export function isServiceEndpoint(name: string): boolean {
  return /^AWS_ENDPOINT_URL_[A-Z0-9_]+$/.test(name);
}

export function isManaged(name: string): boolean {
  return managed.has(name) || isServiceEndpoint(name);
}
