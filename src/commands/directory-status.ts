import type { Context } from '../cli/index.ts';
import { findDirectoryFile, readDirectoryFile, TrustStore, trustedBySettings } from '../directory/index.ts';
import { inspectDirectoryFile } from '../loading/index.ts';
import { isProtected } from '../settings/index.ts';
import { AwshError } from '../system/index.ts';

/** What the nearest directory file asks for, and whether it is allowed. */
export interface DirectoryStatus {
  readonly file: string;
  readonly profile: string | null;
  readonly region: string | null;
  readonly account: string | null;
  readonly readOnly: boolean;
  readonly policyArns: readonly string[];
  readonly trust: string;
  /** Why the user must allow the file before it loads; null if that is not the obstacle. */
  readonly unallowed: 'new' | 'changed' | null;
  /** Why the file or its profile cannot be used; null if it can. */
  readonly fault: string | null;
}

export async function directoryStatus(context: Context): Promise<DirectoryStatus | null> {
  let path: string | null = null;
  try {
    path = findDirectoryFile(context.cwd);
    return path === null ? null : await readStatus(context, path);
  } catch (error) {
    if (!(error instanceof AwshError)) throw error;
    const fault = error.why ?? error.what;
    return {
      file: path ?? context.cwd,
      profile: null,
      region: null,
      account: null,
      readOnly: false,
      policyArns: [],
      trust: 'not used',
      unallowed: null,
      fault,
    };
  }
}

async function readStatus(context: Context, path: string): Promise<DirectoryStatus> {
  const file = readDirectoryFile(path);
  const { profile, region, account, readOnly, policyArns } = file;
  const found = { file: path, profile, region, account, readOnly, policyArns };
  if (profile === null) return { ...found, trust: 'not used', unallowed: null, fault: 'it names no profile' };
  const files = await context.awsFiles();
  const keys = (await context.vault()).keys();
  const trust = new TrustStore(context.paths.trust, context.clock);
  const services = { awsFiles: () => files, keys: () => keys, trust };
  const { identity, fault, decision } = inspectDirectoryFile(file, profile, services);
  const settings = await context.settings();
  const isGuarded =
    identity !== null &&
    isProtected(settings, { profile, account: identity.account, roleArn: identity.role });
  const bySettings =
    identity !== null &&
    (decision.state === 'unknown' || decision.state === 'changed') &&
    trustedBySettings(settings, file, profile, isGuarded);
  // Allowing an unusable file would fail.
  const advice = fault ? '' : ': awsh allow';
  const words = {
    allowed: 'allowed',
    denied: 'denied: awsh allow takes that back',
    unknown: `not allowed${advice}`,
    changed: `changed since it was allowed (${decision.state === 'changed' ? decision.what : ''})${advice}`,
  };
  const state = bySettings ? 'allowed by trusted_dirs' : words[decision.state];
  const obstacles = { allowed: null, denied: null, unknown: 'new', changed: 'changed' } as const;
  return {
    ...found,
    trust: isGuarded ? `${state}; protected` : state,
    unallowed: bySettings ? null : obstacles[decision.state],
    fault: fault || null,
  };
}
