import { statSync } from 'node:fs';
import { type AwsFiles, parseRoleArn, profileNames, resolveProfile } from '../profiles/index.ts';
import {
  type AppPaths,
  ensurePrivateDirectory,
  printable,
  readFileIfThere,
  writeFileAtomic,
} from '../system/index.ts';

type NamePaths = Pick<AppPaths, 'cache' | 'profileNames' | 'awsConfig' | 'awsCredentials' | 'index'>;

/**
 * Brings `$XDG_CACHE_HOME/awsh/profiles` up to date, which Tab reads: shell builtins alone, no Node. Its first line is
 * `1 TAB config TAB credentials`, the files it was made from; then a line for each name: `name TAB account/role TAB region
 * TAB stored`, with `-` for what there is none of. Nothing is written while it is newer than what it was made from, and
 * a cache that cannot be written disturbs nobody.
 */
export async function refreshProfileNames(
  paths: NamePaths,
  files: AwsFiles,
  storedKeys: () => Promise<readonly { readonly profile: string }[]>,
): Promise<void> {
  try {
    const head = ['1', paths.awsConfig, paths.awsCredentials].join('\t');
    if (isCurrent(paths, head)) return;
    const stored = new Set((await storedKeys()).map(({ profile }) => profile));
    const names = new Set([...profileNames(files), ...stored]);
    const lines = [...names].filter(isPlain).map((name) => nameLine(files, name, stored.has(name)));
    ensurePrivateDirectory(paths.cache);
    writeFileAtomic(paths.profileNames, `${[head, ...lines].join('\n')}\n`);
  } catch {
    // Completion then reads the AWS files itself.
  }
}

function isCurrent(paths: NamePaths, head: string): boolean {
  const cache = statSync(paths.profileNames, { throwIfNoEntry: false });
  if (cache === undefined || !readFileIfThere(paths.profileNames)?.startsWith(`${head}\n`)) return false;
  const sources = [paths.awsConfig, paths.awsCredentials, paths.index];
  const times = sources.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return times.every((time) => time < cache.mtimeMs);
}

/** A name that would break the line format, or a terminal, is never offered. */
function isPlain(name: string): boolean {
  return printable(name) === name;
}

function nameLine(files: AwsFiles, name: string, isStored: boolean): string {
  const { account, role, region } = describeProfile(files, name);
  const who = [account, role].filter((part) => part !== null).join('/');
  return [name, who || '-', region ?? '-', isStored ? 'stored' : '-'].map(printable).join('\t');
}

/** Who a profile is as far as its configuration says; null for what it does not say, or says wrongly. */
export interface ProfileDescription {
  readonly account: string | null;
  readonly role: string | null;
  readonly region: string | null;
  /** Where its credentials come from: a profile's name, or `SSO`, `process`, `web identity`. */
  readonly source: string | null;
}

/** What is known of a profile without asking anybody. */
export function describeProfile(files: AwsFiles, name: string): ProfileDescription {
  try {
    const { properties } = resolveProfile(files, name);
    const value = (key: string) => properties.get(key)?.value || null;
    const arn = properties.get('role_arn');
    const role = arn?.value ? parseRoleArn(arn) : null;
    return {
      account: role?.account ?? value('sso_account_id'),
      role: role?.roleName ?? value('sso_role_name'),
      region: value('region'),
      source:
        value('source_profile') ??
        (value('sso_session') || value('sso_start_url') ? 'SSO' : null) ??
        (value('web_identity_token_file') || value('web_identity_token_process') ? 'web identity' : null) ??
        (value('credential_process') ? 'process' : null),
    };
  } catch {
    return { account: null, role: null, region: null, source: null };
  }
}
