// Chooses the session of IAM Identity Center for a command.
import type { CommandInput, Context } from '../cli/index.ts';
import { findDirectoryFile, readDirectoryFile } from '../directory/index.ts';
import { type AwsFiles, findProfile, resolveProfile } from '../profiles/index.ts';
import { canPick, pick } from '../prompt/index.ts';
import { allSsoSessions, findSsoSession, type SsoSession, sessionKey } from '../sessions/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import { AwshError, printable, UsageError } from '../system/index.ts';

/**
 * The named session, or that of the named profile. Without a name: the session of this shell's or
 * directory's profile, or the only one there is, or the one that the user chooses. Throws
 * UsageError (exit 2) if none of these gives one.
 */
export async function namedSession(context: Context, input: CommandInput, verb: string): Promise<SsoSession> {
  const files = await context.awsFiles();
  const environment = unloadedEnvironment(context.environment);
  const name = input.argument('NAME') ?? profileHere(context, files);
  if (name !== undefined) return findSsoSession(name, files, environment);
  const { usable: sessions, broken } = allSsoSessions(files, environment);
  const [first] = broken;
  if (sessions.length === 0 && first !== undefined) throw first.fault;
  const [only, ...others] = sessions;
  if (only === undefined) {
    throw new UsageError(
      'no profile uses IAM Identity Center',
      'the AWS config file has no [sso-session] and no profile with sso_start_url; awsh sso add makes one',
      'awsh sso --help',
    );
  }
  return others.length === 0 ? only : chosenSession(context, sessions, verb);
}

const ssoKeys = ['sso_session', 'sso_start_url'];

/**
 * The named profile with `login_session`, or that of this shell or directory; null if the sign-in
 * is to Identity Center.
 */
export async function loginProfile(context: Context, input: CommandInput): Promise<string | null> {
  const files = await context.awsFiles();
  const name = input.argument('NAME') ?? profileHere(context, files, [...ssoKeys, 'login_session']);
  if (name === undefined || files.ssoSessions.has(name) || findProfile(files, name) === null) return null;
  const { properties } = resolveProfile(files, name);
  const has = (key: string) => Boolean(properties.get(key)?.value);
  return has('login_session') && !ssoKeys.some(has) ? name : null;
}

/** This shell's or directory's profile, if it has one of these properties. */
function profileHere(
  { environment, cwd }: Context,
  files: AwsFiles,
  keys: readonly string[] = ssoKeys,
): string | undefined {
  const candidates = [environment.AWSH_PROFILE, environment.AWS_PROFILE, profileOfDirectory(cwd)];
  const found = candidates.find((name) => {
    const profile = name ? findProfile(files, name) : null;
    return profile !== null && keys.some((key) => profile.properties.has(key));
  });
  return found ?? undefined;
}

/** A sign-in gives the directory nothing, so its file need not be allowed. */
function profileOfDirectory(cwd: string): string | undefined {
  try {
    const path = findDirectoryFile(cwd);
    return path === null ? undefined : (readDirectoryFile(path).profile ?? undefined);
  } catch (error) {
    if (error instanceof AwshError) return undefined;
    throw error;
  }
}

async function chosenSession(
  { asksNobody, environment }: Context,
  sessions: readonly SsoSession[],
  verb: string,
): Promise<SsoSession> {
  const names = sessions.map(sessionKey);
  if (asksNobody || !canPick()) {
    throw new UsageError(
      `awsh sso ${verb} needs a session`,
      `there are ${names.map(printable).join(', ')}`,
      'awsh sso status',
    );
  }
  const chosen = await pick({
    question: 'session',
    choices: () => names.map((value) => ({ value, line: printable(value) })),
    rank: (search) => names.filter((name) => name.toLowerCase().includes(search.toLowerCase())),
    colours: !environment.NO_COLOR && environment.TERM !== 'dumb',
    isDumb: environment.TERM === 'dumb',
  });
  const found = sessions.find((session) => sessionKey(session) === chosen);
  if (found === undefined) throw new RangeError('the picker gave no session');
  return found;
}

/**
 * How calls to the services of this session run: without a prompt's time limit, and with stderr of
 * programs discarded.
 */
export function runOfSession(
  { clock, paths, environment, vault }: Pick<Context, 'clock' | 'paths' | 'environment' | 'vault'>,
  { caBundle, caBundlePlace }: Pick<SsoSession, 'caBundle' | 'caBundlePlace'>,
) {
  return {
    clock,
    locks: paths.locks,
    surroundings: environment,
    connection: { surroundings: environment, caBundle, caBundlePlace },
    commands: 'alone',
    promptMs: undefined,
    sealingKey: async () => (await vault()).sealingKey(),
  } as const;
}
