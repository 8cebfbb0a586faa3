import {
  type DirectoryFile,
  DirectoryFileError,
  findDirectoryFile,
  readDirectoryFile,
  trustedBySettings,
  UnusablePathError,
} from '../directory/index.ts';
import { hookReasons, type Reply, type SentState, type StateRecord, stateRecord } from '../shell/index.ts';
import {
  AwshError,
  editCommand,
  explainDiskFault,
  printable,
  printablePath,
  type Refusal,
} from '../system/index.ts';
import { directoryNarrowing, narrowedLabel } from './directory-narrowing.ts';
import { type Inspection, inspectDirectoryFile } from './inspection.ts';
import { blocked, notAllowed } from './load-failure.ts';
import type { LoadServices } from './load-services.ts';
import { protectionOfWish } from './protection.ts';
import type { Wish } from './wish.ts';

/** The services needed to inspect a directory without loading anything. */
export type DirectoryServices = Pick<LoadServices, 'awsFiles' | 'keys' | 'paths' | 'settings' | 'trust'>;

/**
 * What the directory asks for: nothing, a profile that may be loaded, or an answer without
 * credentials.
 */
export type DirectoryWish =
  | { readonly kind: 'none' }
  | { readonly kind: 'load'; readonly wish: Wish }
  | { readonly kind: 'reply'; readonly reply: Reply; readonly refusal?: Refusal };

/**
 * Decides what the nearest directory file may load: only what the user has allowed for this
 * content, in this place, and for the present meaning of its profile. A file that was allowed once
 * and is now malformed blocks the shell. A file that was never allowed leaves the shell alone.
 */
export function directoryWish(cwd: string, services: DirectoryServices): DirectoryWish {
  try {
    const path = findDirectoryFile(cwd);
    if (path === null) return { kind: 'none' };
    return wishOf(path, services);
  } catch (error) {
    if (!(error instanceof UnusablePathError)) throw error;
    return { kind: 'reply', reply: notAllowed(stateRecord('malformed', { cause: hookReasons.path }, 'cd')) };
  }
}

function wishOf(path: string, services: DirectoryServices): DirectoryWish {
  try {
    const file = readDirectoryFile(path);
    return file.profile === null ? emptyFile(path, services) : fileWish(file, file.profile, services);
  } catch (error) {
    if (error instanceof AwshError) return unusable(path, error, services);
    const fault = explainDiskFault(error);
    if (fault === null) throw error;
    // Whether it was allowed cannot be known now. If it was, commands must not fall back to
    // [default], so this blocks.
    const cause = `${fault.what}: ${fault.why}`;
    return { kind: 'reply', reply: blocked(stateRecord('malformed', { cause }, fault.next)) };
  }
}

function emptyFile(path: string, services: DirectoryServices): DirectoryWish {
  return unusable(path, new DirectoryFileError(path, null, 'it names no profile'), services);
}

function unusable(path: string, error: AwshError, { trust, paths }: DirectoryServices): DirectoryWish {
  const place = error instanceof DirectoryFileError && error.line !== null ? error.line : null;
  const shown = `${printablePath(path, paths.home)}${place === null ? '' : `:${place}`}`;
  const cause = `${shown}: ${error.why ?? error.what}`;
  const record = stateRecord('malformed', { cause }, error.next ?? editCommand(path, place));
  const wasAllowed = orFalse(() => trust.wasAllowed(path));
  return { kind: 'reply', reply: wasAllowed ? blocked(record) : notAllowed(record) };
}

/** The trust folder, or the file's own folder, may be broken: then nothing was allowed. */
function orFalse(look: () => boolean): boolean {
  try {
    return look();
  } catch {
    return false;
  }
}

function fileWish(file: DirectoryFile, profile: string, services: DirectoryServices): DirectoryWish {
  const inspection = inspectDirectoryFile(file, profile, services);
  const { identity, decision } = inspection;
  const { path, region, account } = file;
  const narrowing = directoryNarrowing(file);
  const label = narrowedLabel(profile, narrowing);
  const wish = { kind: 'directory', profile, label, narrowing, file: path, region, account } as const;
  // If no plan can be made, loading it reports the reason and blocks.
  if (decision.state === 'allowed') return { kind: 'load', wish: { ...wish, recorded: true } };
  const isTrusted =
    identity !== null &&
    decision.state !== 'denied' &&
    trustedBySettings(
      services.settings,
      file,
      profile,
      protectionOfWish({ inPlaceOf: profile }, identity, services) !== null,
    );
  if (isTrusted) return { kind: 'load', wish: { ...wish, recorded: false } };
  const record = whyNotAllowed(file, profile, inspection, services);
  const { account: owner = null, role: roleArn = null } = identity ?? {};
  const { state } = decision;
  const cause = state === 'denied' || state === 'changed' ? state : 'not allowed';
  const refusal: Refusal = { cause, target: { profile, account: owner, roleArn } };
  return { kind: 'reply', reply: notAllowed(record), refusal };
}

function whyNotAllowed(
  file: DirectoryFile,
  profile: string,
  { identity, fault, faultNext, decision }: Inspection,
  { paths }: DirectoryServices,
): StateRecord<SentState> {
  const asks = `${printablePath(file.path, paths.home)} asks for ${printable(profile)}`;
  const role = identity?.role?.replace(/^.*:role\//, 'role ');
  const who = [identity?.account && `account ${identity.account}`, role].filter(Boolean).join(', ');
  const request = identity === null ? `${asks}: ${fault}` : `${asks}${who && ` (${printable(who)})`}`;
  // A file without a plan cannot be allowed: that must be fixed first.
  const next = identity === null ? (faultNext ?? editCommand(file.path)) : undefined;
  if (decision.state === 'denied') return stateRecord('denied', { request });
  if (decision.state !== 'changed') return stateRecord('not allowed', { request }, next);
  return stateRecord('changed', { request, cause: changes[decision.what] }, next);
}

const changes = {
  content: 'the file was edited after you allowed it',
  plan: 'the profile no longer means what you allowed',
} as const;
