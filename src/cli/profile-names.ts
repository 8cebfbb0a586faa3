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

/** What a shell reads in one go: names, and the same names with what is known of them. */
interface Block {
  readonly names: readonly string[];
  readonly rows: readonly string[];
}

/**
 * Brings `$XDG_CACHE_HOME/awsh/profiles` up to date, which Tab reads: shell builtins alone, no Node. Its lines, fields with a
 * TAB between them:
 *
 *     3 STORED NAMES BYTES BYTES BYTES BYTES CONFIG CREDENTIALS
 *                            the format; how many names the two blocks below have; how long each of their halves is in bytes;
 *                            the files it was made from
 *     NAME                   as many as STORED says: the profiles with a stored key
 *     NAME ACCOUNT/ROLE      these again; after the TAB there is nothing where nothing is known
 *     NAME                   as many as NAMES says: every profile
 *     NAME ACCOUNT/ROLE      these again
 *
 * The names are sorted by bytes, so that a shell takes them in as a whole and finds what begins with a word by halving: bash
 * by lines, zsh by the bytes of a half; fish looks through all that has a TAB. Nothing is written while it is newer than
 * what it was made from, and a cache that cannot be written disturbs nobody.
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

/** These names as Tab offers them: in order, without those that would break a line of the cache, or a terminal. */
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
    // A value with an indented key below it is not what was meant.
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
