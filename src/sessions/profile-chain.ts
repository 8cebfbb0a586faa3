import { nearestNames, sourceChain } from '../profiles/index.ts';
import { quotePosix } from '../shell/index.ts';
import { AwshError, NoCredentialsError, printable, UnknownProfileError } from '../system/index.ts';
import type { PlanRequest } from './plan-request.ts';
import type { KeyStep } from './plan-steps.ts';
import { ProfileSettings, showPlace } from './profile-settings.ts';

/** The profiles that a plan goes through, from the one asked for down to the one whose keys begin it. */
export interface ProfileChain {
  readonly links: readonly ProfileSettings[];
  readonly target: ProfileSettings;
  readonly base: ProfileSettings;
  readonly keys: KeyStep;
}

/**
 * Follows source_profile until a profile has keys; stored keys win over source_profile (aws-vault, vault/vault.go
 * getSourceCreds), and both over keys in plain text. Throws UnknownProfileError (exit 3), UsageError (2) for a cycle or
 * a missing source_profile, NoCredentialsError (4).
 */
export function findChain(request: PlanRequest): ProfileChain {
  const { files, profile, keys } = request;
  const stored = new Map(keys.map((key) => [key.profile, key.accessKeyId]));
  requireKnown(request);
  const links = sourceChain(files, profile, (name) => stored.has(name)).map(
    (resolved) => new ProfileSettings(resolved, request),
  );
  const [target, base] = [links[0], links.at(-1)];
  if (target === undefined || base === undefined) throw new Error('a chain has at least one profile');
  const accessKeyId = stored.get(base.name);
  return {
    links,
    target,
    base,
    keys:
      accessKeyId === undefined
        ? (staticKeys(base) ?? refuse(base, links.at(-2)))
        : { kind: 'stored-keys', profile: base.name, accessKeyId },
  };
}

function requireKnown({ files, profile, keys }: PlanRequest): void {
  const names = [...files.profiles.keys(), ...keys.map((key) => key.profile)];
  if (names.includes(profile)) return;
  const near = nearestNames(profile, names).map(printable);
  throw new UnknownProfileError(printable(profile), printable(files.configPath), near);
}

/** Keys in plain text in an AWS file: a profile has only its own, they are never inherited. */
function staticKeys(link: ProfileSettings): KeyStep | null {
  const id = link.profile.properties.get('aws_access_key_id');
  if (!id?.value || link.property('aws_secret_access_key') === null) return null;
  return {
    kind: 'static-keys',
    profile: link.name,
    accessKeyId: printable(id.value),
    place: id.place,
    temporary: link.property('aws_session_token') !== null,
  };
}

/** Ways to sign in that awsh does not know yet, by the key that asks for each. */
const unsupported: readonly (readonly [key: string, what: string])[] = [
  ['credential_source', 'takes its credentials from the machine it runs on'],
  ['sso_session', 'signs in through IAM Identity Center'],
  ['sso_start_url', 'signs in through IAM Identity Center'],
  ['web_identity_token_file', 'signs in with a web identity token'],
  ['web_identity_token_process', 'signs in with a web identity token'],
  ['credential_process', 'gets its credentials from a program'],
  ['login_session', 'signs in through aws login'],
];

/** Says what the end of the chain lacks; `user` is the profile that names it as its source. */
function refuse(link: ProfileSettings, user: ProfileSettings | undefined): never {
  const shown = JSON.stringify(printable(link.name));
  const next = `awsh add ${quotePosix(printable(link.name))}`;
  for (const [key, what] of unsupported) {
    const setting = link.property(key);
    if (setting === null) continue;
    const why = `${key} (${setting.from}); it can have an access key of its own instead`;
    throw new AwshError('noCredentials', `profile ${shown} ${what}, which awsh cannot do yet`, why, next);
  }
  const source = user?.property('source_profile');
  const why =
    user !== undefined && source
      ? `profile ${JSON.stringify(printable(user.name))} takes its credentials from it (${source.from})`
      : link.profile.place !== null
        ? `the profile (${showPlace(link.profile.place)}) names no source_profile either`
        : undefined;
  throw new NoCredentialsError(`no access key is stored for profile ${shown}`, why, next);
}
