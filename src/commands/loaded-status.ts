import type { Context } from '../cli/index.ts';
import { findProfile } from '../profiles/index.ts';
import {
  choiceOfPin,
  identityOf,
  labelWithoutReason,
  narrowingWord,
  pinnedRequest,
  planFor,
  reasonOfLabel,
} from '../sessions/index.ts';
import { decodeValue } from '../shell/index.ts';
import { AwshError, type Environment, rfc3339 } from '../system/index.ts';

/** What the calling shell has loaded, according to its environment. */
export interface LoadedStatus {
  readonly kind: 'none' | 'dir' | 'pin' | 'blocked' | 'off' | 'exec';
  readonly profile: string | null;
  readonly file: string | null;
  /** RFC 3339. */
  readonly expires: string | null;
  /**
   * From the profile's configuration; `--verify` asks AWS. Null in a shell that exec or aws-vault
   * started: its keys may have been replaced since, and nothing shows whose they are.
   */
  readonly account: string | null;
  readonly role: string | null;
  /** `read-only`, or `narrowed` for policies; null for all of the profile's permissions. */
  readonly access: string | null;
  /** The reason that the user gave for it. */
  readonly reason: string | null;
}

const kinds = ['dir', 'pin', 'blocked', 'off'] as const;

export async function loadedStatus(context: Context): Promise<LoadedStatus> {
  const { environment } = context;
  const [version, kind = '', uid, profile = '-', file = '-'] = (environment.AWSH_LOADED ?? '').split(' ');
  const isOurs = version === '1' && uid === String(process.getuid?.());
  const known = kinds.find((name) => name === kind);
  if (!isOurs || known === undefined) {
    const inside = (!(isOurs && kind === 'overridden') && startedAs(environment)) || null;
    const unchecked = { account: null, role: null };
    return {
      ...(await described(context, inside)),
      ...unchecked,
      kind: inside ? 'exec' : 'none',
      file: null,
    };
  }
  return { ...(await described(context, word(profile))), kind: known, file: word(file) };
}

/** What exec gave this shell, with the reason for it; undefined in any other shell. */
function startedAs({ AWS_VAULT: started, AWSH_REASON: reason = '' }: Environment): string | undefined {
  return started && /^[\w-]+$/.test(reason) ? `${started} why=${reason}` : started;
}

/** The profile that the calling shell has loaded, or null. */
export function loadedProfile({ AWSH_LOADED: loaded = '', AWS_VAULT: started }: Environment): string | null {
  const [, , , profile = '-'] = loaded.split(' ');
  return loaded === '' ? started || null : word(profile);
}

/** In AWSH_LOADED a space is written as %20 and an empty value as `-`. */
function word(text: string): string | null {
  return text === '-' ? null : decodeValue(text.replaceAll('%20', ' '));
}

async function described(
  context: Context,
  label: string | null,
): Promise<Omit<LoadedStatus, 'kind' | 'file'>> {
  const profile = label && labelWithoutReason(label);
  const reason = label && reasonOfLabel(label);
  const seconds = context.environment.AWSH_EXPIRES ?? '';
  const expires = /^[0-9]{1,12}$/.test(seconds)
    ? rfc3339(new Date(Number(seconds) * 1000))
    : context.environment.AWS_CREDENTIAL_EXPIRATION || null;
  return { profile, reason, expires: profile === null ? null : expires, ...(await whoIs(context, profile)) };
}

async function whoIs(
  context: Context,
  profile: string | null,
): Promise<Pick<LoadedStatus, 'account' | 'role' | 'access'>> {
  const nobody = { account: null, role: null, access: null };
  if (profile === null) return nobody;
  try {
    const files = await context.awsFiles();
    const keys = (await context.vault()).keys();
    const narrowed = findProfile(files, profile) === null ? narrowedName(profile) : null;
    const name = narrowed?.profile ?? profile;
    if (findProfile(files, name) === null) return nobody;
    const plan = planFor(pinnedRequest({ files, profile: narrowed?.word ?? name, keys, environment: {} }));
    const { account, role } = identityOf(plan, files);
    return { account, role, access: narrowed?.access ?? null };
  } catch (error) {
    if (!(error instanceof AwshError)) throw error;
    return nobody;
  }
}

/**
 * The profile in a name like `dev ro`. The policies of a directory file are in that file and not in
 * the name.
 */
function narrowedName(name: string): { profile: string; word: string; access: string | null } | null {
  const choice = choiceOfPin(name);
  if (choice !== null) {
    const { profile, narrowing } = choice;
    return { profile, word: name, access: narrowing === undefined ? null : narrowingWord(narrowing) };
  }
  const [, profile] = /^(.+) narrowed$/.exec(name) ?? [];
  return profile === undefined ? null : { profile, word: profile, access: 'narrowed' };
}
