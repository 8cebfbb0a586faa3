import {
  type CommandInput,
  type Context,
  describeProfile,
  jsonText,
  lookOf,
  tableText,
} from '../cli/index.ts';
import { type AwsFiles, profileNames, reservedProfile, sessionKeysOf } from '../profiles/index.ts';
import type { SignInState } from '../sessions/index.ts';
import { formatAge, formatDuration, goDuration, homeFault, printable } from '../system/index.ts';
import type { KeyRecord, SessionKind, SessionRecord } from '../vault/index.ts';
import { signInCell, signInsOfProfiles } from './sign-in-words.ts';

/**
 * The facts `list` has about one profile: from the AWS config files and the index, without opening
 * a secret.
 */
interface Entry {
  readonly profile: string;
  readonly account: string | null;
  readonly role: string | null;
  readonly source: string | null;
  readonly key: { readonly id: string; readonly added: Date } | null;
  /**
   * The expiry of the profile's own session keys in plain text; null if there are none, or if it is
   * not given.
   */
  readonly plainSessionEnds: Date | null;
  /** Sessions that have not expired, the longest first. */
  readonly sessions: readonly SessionRecord[];
}

interface SignedInEntry extends Entry {
  /**
   * The state of the profile's own sign-in, to Identity Center or by `aws login`; null for any
   * other profile.
   */
  readonly signIn: SignInState | null;
}

/** `awsh list`: profiles, stored keys and sessions. */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const vault = await context.vault();
  const now = context.clock.now();
  const files = await context.awsFiles();
  const { environment, paths } = context;
  const reserved = reservedProfile(files);
  if (reserved !== null) context.output.tell(`awsh: ${reserved.what}: awsh doctor`);
  const facts = { surroundings: environment, state: paths.state, now };
  const entries = entriesOf(files, vault.keys(), vault.sessions(), now);
  // A list of names does not need the files of sign-ins.
  const withSignIns = (): SignedInEntry[] => {
    const signInOf = signInsOfProfiles(files, facts);
    return entries.map((entry) => ({ ...entry, signIn: signInOf(entry.profile) }));
  };
  const lines = (texts: readonly string[]) => texts.map((text) => `${printable(text)}\n`).join('');
  if (input.flag('json')) await context.output.print(jsonText(withSignIns().map(entryJson)));
  else if (input.flag('profiles')) await context.output.print(lines(entries.map(({ profile }) => profile)));
  else if (input.flag('credentials')) {
    await context.output.print(lines(entries.filter(({ key }) => key).map(({ profile }) => profile)));
  } else if (input.flag('sessions')) {
    await context.output.print(lines(entries.flatMap((entry) => entry.sessions.map((it) => label(it, now)))));
  } else {
    const home = homeFault(context.paths.home);
    if (entries.length === 0)
      context.output.tell(
        home === null
          ? 'awsh: there is no profile yet: awsh add work'
          : `awsh: there is no profile: ${home.why}; next: ${home.next}`,
      );
    const shown = withSignIns();
    const signsIn = shown.some(({ signIn }) => signIn !== null);
    const titles = ['PROFILE', 'ACCOUNT', 'ROLE', 'SOURCE', 'KEY', 'SESSION'];
    if (signsIn) titles.push('SIGN-IN');
    const rows = shown.map((entry) => [
      ...tableRow(entry, now),
      ...(signsIn ? [signInCell(entry.signIn, now)] : []),
    ]);
    await context.output.print(tableText(titles, rows, await lookOf(context.output.stdout)));
  }
  return 0;
}

/** The config file's profiles in its order, then those stored under other names. */
function entriesOf(
  files: AwsFiles,
  keys: readonly KeyRecord[],
  sessions: readonly SessionRecord[],
  now: number,
): Entry[] {
  const good = sessions.filter(({ expires }) => expires.getTime() > now);
  good.sort((a, b) => b.expires.getTime() - a.expires.getTime());
  const stored = [...keys, ...good].map(({ profile }) => profile);
  return [...new Set([...profileNames(files), ...stored])].map((profile) => {
    const { account, role, source } = describeProfile(files, profile);
    const key = keys.find((record) => record.profile === profile);
    const own = good.filter((record) => record.profile === profile);
    return {
      profile,
      account: account ?? own.find(({ accountId }) => accountId !== null)?.accountId ?? null,
      role,
      source,
      key: key === undefined ? null : { id: lastFour(key.accessKeyId), added: key.added },
      plainSessionEnds: plainSessionEnds(files, profile),
      sessions: own,
    };
  });
}

function plainSessionEnds(files: AwsFiles, profile: string): Date | null {
  const section = files.profiles.get(profile);
  return (section && sessionKeysOf(section)?.ends?.at) ?? null;
}

function tableRow(entry: Entry, now: number): string[] {
  const { key, sessions } = entry;
  const age = key === null ? null : formatAge((now - key.added.getTime()) / 1000);
  const left =
    sessions[0] === undefined
      ? plainLeft(entry, now)
      : formatDuration((sessions[0].expires.getTime() - now) / 1000);
  return [
    entry.profile,
    entry.account ?? '-',
    entry.role ?? '-',
    entry.source ?? '-',
    key === null ? '-' : `${key.id}, ${age}`,
    left ?? '-',
  ];
}

/** `42m, in the file`: another program manages that session. */
function plainLeft({ plainSessionEnds: ends }: Entry, now: number): string | null {
  if (ends === null) return null;
  const seconds = (ends.getTime() - now) / 1000;
  return seconds > 0 ? `${formatDuration(seconds)}, in the file` : 'ended, in the file';
}

function entryJson({ plainSessionEnds, signIn, ...entry }: SignedInEntry): object {
  return {
    ...entry,
    ...(signIn !== null && { signIn }),
    ...(plainSessionEnds !== null && { plainSessionEnds }),
    sessions: entry.sessions.map(({ kind, expires, accountId, roleArn }) => ({
      kind,
      expires,
      accountId,
      roleArn,
    })),
  };
}

function lastFour(accessKeyId: string): string {
  return `****${accessKeyId.slice(-4)}`;
}

/** A session in the form of aws-vault's `list --sessions`. */
function label({ kind, expires }: SessionRecord, now: number): string {
  return `${vaultKinds[kind]}:${goDuration((expires.getTime() - now) / 1000)}`;
}

const vaultKinds: Readonly<Record<SessionKind, string>> = {
  GetSessionToken: 'sts.GetSessionToken',
  AssumeRole: 'sts.AssumeRole',
  AssumeRoleWithWebIdentity: 'sts.AssumeRoleWithWebIdentity',
  GetRoleCredentials: 'sso.GetRoleCredentials',
  process: 'credential_process',
  GetFederationToken: 'sts.GetFederationToken',
};
