import {
  type DirectoryFile,
  findDirectoryFile,
  readDirectoryFile,
  trustedBySettings,
} from '../directory/index.ts';
import type { Reply } from '../shell/index.ts';
import { AwshError, printable, printablePath } from '../system/index.ts';
import { type Inspection, inspectDirectoryFile } from './inspection.ts';
import { blocked, notAllowed } from './load-failure.ts';
import type { LoadServices } from './load-services.ts';
import { isProtectedPlan } from './protection.ts';
import type { Wish } from './wish.ts';

/** What the directory asks for: nothing, a profile that may be loaded, or an answer without one. */
export type DirectoryWish =
  | { readonly kind: 'none' }
  | { readonly kind: 'load'; readonly wish: Wish }
  | { readonly kind: 'reply'; readonly reply: Reply };

/**
 * What the nearest directory file may load: nothing that the person has not allowed for this content, here, and for what
 * its profile stands for now. A file that was allowed once and cannot be understood any more blocks the shell; one that
 * never was leaves it alone.
 */
export function directoryWish(cwd: string, services: LoadServices): DirectoryWish {
  const path = findDirectoryFile(cwd);
  if (path === null) return { kind: 'none' };
  try {
    const file = readDirectoryFile(path);
    return file.profile === null ? emptyFile(path, services) : fileWish(file, file.profile, services);
  } catch (error) {
    if (!(error instanceof AwshError)) throw error;
    return unusable(path, `${error.what}${error.why ? `: ${error.why}` : ''}`, services);
  }
}

function emptyFile(path: string, services: LoadServices): DirectoryWish {
  return unusable(path, `${printablePath(path, services.paths.home)} names no profile`, services);
}

function unusable(path: string, line: string, { trust }: LoadServices): DirectoryWish {
  const wasAllowed = orFalse(() => trust.wasAllowed(path));
  return { kind: 'reply', reply: wasAllowed ? blocked([line]) : notAllowed(line) };
}

/** The trust folder, or the file's own, may be what is broken: then nothing was allowed. */
function orFalse(look: () => boolean): boolean {
  try {
    return look();
  } catch {
    return false;
  }
}

function fileWish(file: DirectoryFile, profile: string, services: LoadServices): DirectoryWish {
  const inspection = inspectDirectoryFile(file, profile, services);
  const { identity, decision } = inspection;
  const wish = { kind: 'directory', profile, region: file.region, account: file.account } as const;
  // Where no plan can be made, loading it is what says why, and blocks.
  if (decision.state === 'allowed') return { kind: 'load', wish: { ...wish, recorded: true } };
  const isTrusted =
    identity !== null &&
    decision.state !== 'denied' &&
    trustedBySettings(services.settings, file, profile, isProtectedPlan(identity, services));
  if (isTrusted) return { kind: 'load', wish: { ...wish, recorded: false } };
  return { kind: 'reply', reply: notAllowed(whyNotAllowed(file, profile, inspection, services)) };
}

function whyNotAllowed(
  file: DirectoryFile,
  profile: string,
  { identity, fault, decision }: Inspection,
  { paths }: LoadServices,
): string {
  const asks = `${printablePath(file.path, paths.home)} asks for ${printable(profile)}`;
  const role = identity?.role?.replace(/^.*:role\//, 'role ');
  const who = [identity?.account && `account ${identity.account}`, role].filter(Boolean).join(', ');
  const what = identity === null ? `${asks}: ${fault}` : `${asks}${who && ` (${printable(who)})`}`;
  if (decision.state === 'denied') return `${what}; you denied it (awsh allow takes that back)`;
  const since = decision.state === 'changed' ? ` any more: ${changes[decision.what]}` : '';
  return `${what}, not allowed${since}; next: awsh allow`;
}

const changes = {
  content: 'the file was edited',
  plan: 'the profile no longer stands for what you allowed',
} as const;
