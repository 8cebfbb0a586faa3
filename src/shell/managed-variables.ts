/*
 * Who owns a variable.
 *
 * If a hook takes variables from a reply, every managed variable that the reply does not set is unset: keys never meet another
 * identity's token or endpoint. Only the regions, the theme variable, AWS_EC2_METADATA_DISABLED, AWS_CA_BUNDLE and the three
 * endpoint options stay the user's own.
 *
 * direnv and mise note the values that they replace and restore them later, so they must never see what awsh has loaded:
 * `__awsh_before` runs in front of their functions and takes it out, and the look after them puts it back. What they change in
 * between is their claim, with the value that was there before, until it has that value again. If a claimed credential, profile or
 * region has a value in a place that asks for a profile, nothing is loaded there (`overridden`). A pinned profile is the user's own
 * choice and is not left to tools. mise may set its variables before awsh is sourced: at the first prompt it is asked once what
 * it would set in `/`, and what differs from that is its claim.
 *
 * A variable that decides the identity (AWS_PROFILE, AWS_ACCESS_KEY_ID, …) and that changed at any other time was changed by
 * the user: the same, until the place is another one. A secret or a token alone is half of an identity: what belongs to the place
 * is loaded anew over it. What was set in the place of awsh's own value is noted with that value and the one before it, so that a
 * tool which gives awsh's value back (a virtualenv) gives back the user's. An access key id that the hook set earlier is not a
 * choice of the user: it goes, with its secret and token. Of a secret the hook keeps the last characters, to know it again.
 *
 * While a shell is blocked, AWS_PROFILE names a profile that does not exist, AWS_EC2_METADATA_DISABLED keeps the SDK for
 * JavaScript from going on to the role of the instance, and a region is set (the user's, the profile's, or `awsh-blocked`, which has
 * no endpoints), because the SDKs for JavaScript, Java and Ruby would report a missing one first. A hook that starts below another awsh
 * takes AWS_CA_BUNDLE as it was before awsh set it: the bundle of one profile is never trusted for another profile's calls.
 */

/** Names a load may set, beside one service's endpoint. The hooks hold the same lists; a test compares them. */
export const settableVariables = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
  'AWS_SESSION_EXPIRATION',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_ENDPOINT_URL',
  'AWS_USE_FIPS_ENDPOINT',
  'AWS_USE_DUALSTACK_ENDPOINT',
  'AWS_IGNORE_CONFIGURED_ENDPOINT_URLS',
  'AWS_CA_BUNDLE',
  'AWSH_PROFILE',
  'AWSH_EXPIRES',
] as const;

/** Variables that prompt themes read a profile's name from; a setting picks one. */
export const themeVariables = ['AWSUME_PROFILE', 'AWSU_PROFILE', 'AWS_SSO_PROFILE'] as const;

export type ThemeVariable = (typeof themeVariables)[number];

/**
 * Names a load takes away, because an SDK would prefer them to the keys or send the keys elsewhere: AWS_PROFILE beats
 * loaded keys in the SDK for JavaScript. Beside these, every AWS_ENDPOINT_URL_*.
 */
export const clearedVariables = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SECURITY_TOKEN',
  'AWS_ROLE_ARN',
  'AWS_ROLE_SESSION_NAME',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
] as const;

/** Set while blocked. The hooks let a reply without credentials set these and no others. */
export const blockingVariables = [
  'AWS_PROFILE',
  'AWS_EC2_METADATA_DISABLED',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
] as const;

/** The profile of a blocked shell, which does not exist, and its region if the profile's own is not known. */
export const blockedName = 'awsh-blocked';

/**
 * Credentials, a profile or a region: if another tool sets one of these in a directory, the directory is that tool's. The
 * first that is set is the one that is named. Secrets and tokens follow the key's id, or the address.
 */
export const claimableVariables = [
  'AWS_PROFILE',
  'AWS_ACCESS_KEY_ID',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_DEFAULT_PROFILE',
  'AWS_ROLE_ARN',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
] as const;

/** Never written where another process could read it later: not in AWSH_SAVED, not in a log. */
export const secretVariables: ReadonlySet<string> = new Set([
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
]);

const managed: ReadonlySet<string> = new Set([
  ...settableVariables,
  ...themeVariables,
  ...clearedVariables,
  ...blockingVariables,
]);

/** AWS_ENDPOINT_URL_STS and its kind: one service's endpoint. */
export function isServiceEndpoint(name: string): boolean {
  return /^AWS_ENDPOINT_URL_[A-Z0-9_]+$/.test(name);
}

export function isManaged(name: string): boolean {
  return managed.has(name) || isServiceEndpoint(name);
}
