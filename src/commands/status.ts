import {
  type CommandInput,
  type Context,
  jsonText,
  type Look,
  labelled,
  lookOf,
  showWhile,
} from '../cli/index.ts';
import { type CallerIdentity, callerIdentity, type SignInState } from '../sessions/index.ts';
import { clockTime, parseShellFacts, type StateName, type StateRecord } from '../shell/index.ts';
import {
  type Environment,
  formatAge,
  formatDuration,
  NoCredentialsError,
  printable,
  printablePath,
  rfc3339,
  Secret,
} from '../system/index.ts';
import { callingShell, ignoredDirectory } from './calling-shell.ts';
import { type DirectoryStatus, directoryStatus } from './directory-status.ts';
import { type LoadedStatus, loadedStatus } from './loaded-status.ts';
import { signInOfProfile, signInText } from './sign-in-words.ts';

/** What `awsh status --json` prints; null and absent mean "none". */
interface Status {
  readonly state: StateName;
  readonly reason: string;
  readonly next: string | null;
  /** RFC 3339; null if it is not known. */
  readonly since: string | null;
  /** The profile that the directory asks for, if a pinned or switched-off shell ignores it. */
  readonly ignored: string | null;
  readonly loaded: LoadedStatus;
  readonly directory: DirectoryStatus | null;
  /** The sign-in of the loaded profile, or else of the directory's; null if it uses none. */
  readonly signIn: SignInState | null;
  readonly backend: { readonly name: string; readonly why: string };
  readonly verified?: CallerIdentity;
}

/** `awsh status`: what is loaded in the calling shell and why, and what the directory asks for. */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const { since, ...shell } = callingShell(context);
  const loaded = await loadedStatus(context);
  const directory = await directoryStatus(context);
  const status: Status = {
    ...shell,
    since: since === null ? null : rfc3339(new Date(since * 1000)),
    ignored: ignoredDirectory({ ...shell, since }, loaded.profile, context),
    loaded,
    directory,
    signIn: await signInOfProfile(context, loaded.profile ?? directory?.profile ?? null),
    backend: await (await context.vault()).backend(),
    ...(input.flag('verify') && {
      verified: await showWhile(context.output, 'awsh: asking AWS', () => verify(context, shell, directory)),
    }),
  };
  const text = input.flag('json')
    ? jsonText(status)
    : statusText(status, context, await lookOf(context.output.stdout));
  await context.output.print(text);
  return 0;
}

/** Asks AWS, with the same keys that programs in this shell would use. */
async function verify(
  { environment, paths }: Context,
  shell: StateRecord,
  directory: DirectoryStatus | null,
): Promise<CallerIdentity> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = environment;
  if (!id || !secret) throw nothingToVerify(shell, directory, paths);
  const credentials = {
    accessKeyId: id,
    secretAccessKey: new Secret(secret),
    sessionToken: token ? new Secret(token) : null,
    expiration: null,
    accountId: null,
    arn: null,
  };
  const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION || 'us-east-1';
  const target = { region, endpoint: environment.AWS_ENDPOINT_URL || null };
  return callerIdentity(credentials, target, { surroundings: environment });
}

/** In a shell without the hook the state is `none`, whatever the directory asks for. */
function nothingToVerify(
  { state, reason, next }: StateRecord,
  directory: DirectoryStatus | null,
  { home }: Context['paths'],
): NoCredentialsError {
  const what = 'no credentials are loaded in this shell';
  if (state !== 'none') return new NoCredentialsError(what, reason, next ?? 'awsh use');
  if (directory === null)
    return new NoCredentialsError(what, 'no .awsprofile applies here, and no profile is chosen', 'awsh use');
  const { file, unallowed, fault } = directory;
  const shown = printablePath(file, home);
  if (fault !== null) return new NoCredentialsError(what, `${shown}: ${fault}`, 'awsh status');
  return unallowed !== null
    ? new NoCredentialsError(
        what,
        `${shown} ${unallowed === 'changed' ? 'has changed since you allowed it' : 'is not allowed'}`,
        'awsh allow',
      )
    : new NoCredentialsError(what, `${shown} applies here, but did not load`, 'awsh doctor');
}

function statusText(
  { state, reason, next, since, ignored, loaded, directory, signIn, backend, verified }: Status,
  { paths, clock, environment }: Context,
  look: Look,
): string {
  const rows: [string, string | null][] = [
    ['state', stateText(state)],
    ['reason', reason],
    ['since', since && timeAgo(since, clock.now())],
    ['ignored', ignored],
    ['next', next],
    ['loaded', loadedText(loaded)],
    ['access', loaded.access],
    ['used for', loaded.reason],
    [
      'account',
      loaded.kind === 'exec' && !verified ? 'not checked: awsh status --verify asks AWS' : loaded.account,
    ],
    ['role', loaded.role],
    ['expires', loaded.expires && timeLeft(loaded.expires, clock.now())],
    ['directory', directory && printablePath(directory.file, paths.home)],
    ['asks for', directory && directoryText(directory)],
    ['trust', directory?.trust ?? null],
    ['sign-in', signIn && signInRow(signIn, clock.now())],
    ['your keys', keysAbove(environment)],
    ['vault', `${backend.name}: ${backend.why}`],
    ['AWS says', verified ? `account ${verified.accountId}, ${verified.arn}` : null],
  ];
  return rows
    .filter((row): row is [string, string] => row[1] !== null)
    .flatMap(([title, text]) =>
      title === 'next' ? wholeRow(title, text, look) : labelled(title, printable(text), titleColumns, look),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** Own keys of the user that a child shell cannot restore; null if there are none. */
function keysAbove(environment: Environment): string | null {
  const names = parseShellFacts(environment.AWSH_HOOK)?.above ?? [];
  if (names.length === 0 || environment.AWS_ACCESS_KEY_ID) return null;
  return `only the shell that started this one has them: ${[...names].sort().join(', ')}`;
}

/** `error` alone would not tell what failed. */
function stateText(state: StateName): string {
  return state === 'error' ? 'error: the pinned profile could not be loaded' : state;
}

const titleColumns = 11;

/** A command is not wrapped, so that it can be copied. */
function wholeRow(title: string, text: string, look: Look): string[] {
  return [look.dim(title.padEnd(titleColumns)) + printable(text)];
}

function loadedText({ kind, profile }: LoadedStatus): string {
  const name = profile ?? '';
  switch (kind) {
    case 'dir':
      return `${name}, by the directory`;
    case 'pin':
      return `${name}, pinned by awsh use`;
    case 'exec':
      return `${name}, by exec`;
    case 'blocked':
      return 'nothing: blocked';
    case 'off':
      return 'nothing, by awsh off';
    default:
      return 'nothing by awsh';
  }
}

function directoryText({ profile, readOnly, policyArns, region, account, fault }: DirectoryStatus): string {
  const access = readOnly ? 'read-only' : policyArns.length > 0 && `only ${policyArns.join(' or ')}`;
  const parts = [
    profile ?? 'no profile',
    access,
    region && `region ${region}`,
    account && `account ${account} only`,
  ];
  return `${parts.filter(Boolean).join(', ')}${fault ? ` (${fault})` : ''}`;
}

function signInRow(signIn: SignInState, now: number): string {
  const text = signInText(signIn, now);
  return signIn.next === null ? text : `${text}; to sign in: ${signIn.next}`;
}

function timeAgo(since: string, now: number): string {
  const begun = Date.parse(since);
  return `${clockTime(begun / 1000)}, ${formatAge((now - begun) / 1000)} ago`;
}

function timeLeft(expires: string, now: number): string {
  const seconds = (Date.parse(expires) - now) / 1000;
  return seconds <= 0 ? `${expires}, expired` : `${expires}, in ${formatDuration(seconds)}`;
}
