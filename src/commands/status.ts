import {
  type CommandInput,
  type Context,
  jsonText,
  type Look,
  labelled,
  lookOf,
  showWhile,
} from '../cli/index.ts';
import { type CallerIdentity, callerIdentity } from '../sessions/index.ts';
import { formatDuration, NoCredentialsError, printable, printablePath, Secret } from '../system/index.ts';
import { type DirectoryStatus, directoryStatus } from './directory-status.ts';
import { type LoadedStatus, loadedStatus } from './loaded-status.ts';

/** What `awsh status --json` prints; null and absent mean "none". */
interface Status {
  readonly loaded: LoadedStatus;
  readonly directory: DirectoryStatus | null;
  readonly backend: { readonly name: string; readonly why: string };
  readonly verified?: CallerIdentity;
}

/** `awsh status`: what is loaded in the calling shell and why, and what the directory asks for. */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const status: Status = {
    loaded: await loadedStatus(context),
    directory: await directoryStatus(context),
    backend: await (await context.vault()).backend(),
    ...(input.flag('verify') && {
      verified: await showWhile(context.output, 'awsh: asking AWS', () => verify(context)),
    }),
  };
  const text = input.flag('json')
    ? jsonText(status)
    : statusText(status, context, await lookOf(context.output.stdout));
  await context.output.print(text);
  return 0;
}

/** Asks AWS with the very keys that programs in this shell would use. */
async function verify({ environment }: Context): Promise<CallerIdentity> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = environment;
  if (!id || !secret)
    throw new NoCredentialsError('no keys are loaded in this shell', undefined, 'awsh use PROFILE');
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

function statusText(
  { loaded, directory, backend, verified }: Status,
  { paths, clock }: Context,
  look: Look,
): string {
  const rows: [string, string | null][] = [
    ['loaded', loadedText(loaded)],
    ['account', loaded.account],
    ['role', loaded.role],
    ['expires', loaded.expires && timeLeft(loaded.expires, clock.now())],
    ['directory', directory && printablePath(directory.file, paths.home)],
    ['asks for', directory && directoryText(directory)],
    ['trust', directory?.trust ?? null],
    ['vault', `${backend.name}: ${backend.why}`],
    ['AWS says', verified ? `account ${verified.accountId}, ${verified.arn}` : null],
  ];
  return rows
    .filter((row): row is [string, string] => row[1] !== null)
    .flatMap(([title, text]) => labelled(title, printable(text), 11, look))
    .map((line) => `${line}\n`)
    .join('');
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

function directoryText({ profile, region, account, fault }: DirectoryStatus): string {
  const parts = [profile ?? 'no profile', region && `region ${region}`, account && `account ${account} only`];
  return `${parts.filter(Boolean).join(', ')}${fault ? ` (${fault})` : ''}`;
}

function timeLeft(expires: string, now: number): string {
  const seconds = (Date.parse(expires) - now) / 1000;
  return seconds <= 0 ? `${expires}, expired` : `${expires}, in ${formatDuration(seconds)}`;
}
