import { type AwsFiles, parseRoleArn, profileNames, resolveProfile } from '../profiles/index.ts';
import {
  type AppPaths,
  ensurePrivateDirectory,
  printable,
  readFileIfThere,
  statIfThere,
  writeFileAtomic,
} from '../system/index.ts';

type NamePaths = Pick<AppPaths, 'cache' | 'profileNames' | 'awsConfig' | 'awsCredentials' | 'index'>;

/**
 * One block of the cache, which a shell reads at once: names, and the same names with their
 * descriptions.
 */
interface Block {
  readonly names: readonly string[];
  readonly rows: readonly string[];
}

/**
 *
 * Updates `$XDG_CACHE_HOME/awsh/profiles`, which completion reads with shell builtins, without
 * Node. Its lines, with a tab between fields:
 *
 *      3 STORED NAMES BYTES BYTES BYTES BYTES CONFIG CREDENTIALS
 *                             the format; the number of names in each of the two blocks below; the length of
 *                             each half of a block in bytes; the files it was made from
 *      NAME                   STORED lines: the profiles with a stored key
 *      NAME ACCOUNT/ROLE      the same names; the field after the tab is empty if unknown
 *      NAME                   NAMES lines: every profile
 *      NAME ACCOUNT/ROLE      the same names
 *
 * The names are sorted by bytes. A shell reads them at once and finds those with a prefix by binary
 * search: bash by lines, zsh by the bytes of a half; fish searches everything that has a tab.
 * Nothing is written while the cache is newer than its sources, and a cache that cannot be written
 * is ignored.
 */
export async function refreshProfileNames(
  paths: NamePaths,
  files: AwsFiles,
  storedKeys: () => Promise<readonly { readonly profile: string }[]>,
): Promise<void> {
  try {
    if (isCurrent(paths)) return;
    const stored = (await storedKeys()).map(({ profile }) => profile);
    const all = [...new Set([...profileNames(files), ...stored])];
    const block = (names: readonly string[]): Block => ({
      names,
      rows: names.map((name) => described(files, name)),
    });
    ensurePrivateDirectory(paths.cache);
    writeFileAtomic(paths.profileNames, textOf(block(offered(stored)), block(offered(all)), paths));
  } catch {
    // Completion then reads the AWS files itself.
  }
}

function textOf(stored: Block, all: Block, { awsConfig, awsCredentials }: NamePaths): string {
  const halves = [stored.names, stored.rows, all.names, all.rows].map((lines) =>
    lines.map((line) => `${line}\n`).join(''),
  );
  const bytes = halves.map((half) => Buffer.byteLength(half));
  const head = [format, stored.names.length, all.names.length, ...bytes, awsConfig, awsCredentials];
  return `${head.join('\t')}\n${halves.join('')}`;
}

const format = '3';

function isCurrent(paths: NamePaths): boolean {
  const cache = statIfThere(paths.profileNames);
  if (cache === undefined) return false;
  const [head = ''] = (readFileIfThere(paths.profileNames) ?? '').split('\n', 1);
  if (!head.startsWith(`${format}\t`)) return false;
  if (!head.endsWith(`\t${paths.awsConfig}\t${paths.awsCredentials}`)) return false;
  const sources = [paths.awsConfig, paths.awsCredentials, paths.index];
  const times = sources.map((path) => statIfThere(path)?.mtimeMs ?? 0);
  return times.every((time) => time < cache.mtimeMs);
}

/**
 * The names as completion offers them: sorted, without those that would break a line of the cache
 * or a terminal.
 */
function offered(names: readonly string[]): string[] {
  return names
    .filter((name) => name !== '' && printable(name) === name)
    .map((name) => ({ name, bytes: Buffer.from(name) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ name }) => name);
}

function described(files: AwsFiles, name: string): string {
  const { account, role } = describeProfile(files, name);
  const who = [account, role].filter((part) => part !== null).join('/');
  return `${name}\t${printable(who)}`;
}

/**
 * A profile's account and role as far as its configuration gives them; null for what is missing or
 * invalid.
 */
export interface ProfileDescription {
  readonly account: string | null;
  readonly role: string | null;
  readonly region: string | null;
  /** Where its credentials come from: a profile's name, or `SSO`, `process`, `web identity`. */
  readonly source: string | null;
}

/** Describes a profile from the AWS files alone: asks no question and sends no request. */
export function describeProfile(files: AwsFiles, name: string): ProfileDescription {
  try {
    const { properties } = resolveProfile(files, name);
    const value = (key: string) => properties.get(key)?.value || null;
    // A value with an indented key below it is not the intended one.
    const lineOf = (key: string) => (value(key)?.includes('\n') ? null : value(key));
    const arn = properties.get('role_arn');
    const role = arn?.value ? parseRoleArn(arn) : null;
    return {
      account: role?.account ?? lineOf('sso_account_id'),
      role: role?.roleName ?? lineOf('sso_role_name'),
      region: lineOf('region'),
      source:
        lineOf('source_profile') ??
        (value('sso_session') || value('sso_start_url') ? 'SSO' : null) ??
        (value('web_identity_token_file') || value('web_identity_token_process') ? 'web identity' : null) ??
        (value('credential_process') ? 'process' : null),
    };
  } catch {
    return { account: null, role: null, region: null, source: null };
  }
}
