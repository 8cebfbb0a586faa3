import { type Environment, formatDuration, parseDuration, printable, UsageError } from '../system/index.ts';
import type { PlanRequest } from './plan-request.ts';
import type { StepDuration } from './plan-steps.ts';
import { correctionOf, type ProfileSettings, type Setting } from './profile-settings.ts';

const hour = 3600;
/** AWS's limits in seconds: STS API Reference, GetSessionToken and AssumeRole, DurationSeconds. */
const shortest = 900;
const longestSession = 36 * hour;
const longestRole = 12 * hour;
/** "Role chaining limits your session to a maximum of one hour" (IAM User Guide, "Roles terms and concepts"). */
const longestChained = hour;

/**
 * aws-vault's defaults (vault/config.go). A session that roles are assumed from lasts a working
 * day.
 */
const defaults = { role: hour, session: hour, sharedSession: 8 * hour } as const;

/**
 * The requested duration of a role's session. `chained`: its source is itself temporary, so AWS
 * allows one hour at most.
 */
export function roleDuration(link: ProfileSettings, request: PlanRequest, chained: boolean): StepDuration {
  const asked =
    commandDuration(request) ??
    variableDuration(request.environment, 'AWS_ASSUME_ROLE_TTL') ??
    configuredDuration(link) ??
    byDefault(defaults.role);
  if (!chained) return inTime({ ...checked(asked, longestRole), capped: null }, request);
  return inTime(
    capped(asked, longestChained, 'a role assumed with another session (role chaining)'),
    request,
  );
}

/**
 * The requested duration of a GetSessionToken session. If roles share it, `--duration` counts too,
 * as in aws-vault (cli/exec.go), within AWS's limits; but not for `exec --server`, which asks for
 * its MFA code once.
 */
export function sessionDuration(request: PlanRequest, shared: boolean): StepDuration {
  const { environment, options } = request;
  const asked =
    (options?.renewable && shared ? null : commandDuration(request)) ??
    variableDuration(environment, shared ? 'AWS_CHAINED_SESSION_TOKEN_TTL' : 'AWS_SESSION_TOKEN_TTL') ??
    byDefault(shared || options?.renewable ? defaults.sharedSession : defaults.session);
  if (shared) return capped(asked, longestSession, 'a session that roles are assumed with');
  return inTime({ ...checked(asked, longestSession), capped: null }, request);
}

/** A session shared by roles is not shortened, because its MFA code is valid for all of them. */
function inTime(duration: StepDuration, { options }: AskedByCaller): StepDuration {
  const most = Math.max(shortest, options?.atMostSeconds ?? duration.seconds);
  return duration.seconds <= most ? duration : { seconds: most, from: 'the time limit', capped: null };
}

/**
 * The requested duration of a federated user's session, in seconds: 1 hour by default (aws-vault,
 * cli/login.go). Throws UsageError for a duration that AWS does not accept.
 */
export function federationDuration(request: AskedByCaller): number {
  const asked =
    commandDuration(request) ??
    variableDuration(request.environment, 'AWS_FEDERATION_TOKEN_TTL') ??
    byDefault(defaults.session);
  return checked(asked, longestSession).seconds;
}

/**
 * AWS_MIN_TTL in seconds: a cached session with less time left is replaced; 5 minutes by default
 * (aws-vault, vault/vault.go).
 */
export function minTtl(environment: Environment): number {
  return variableDuration(environment, 'AWS_MIN_TTL')?.seconds ?? 300;
}

/** A note for each of these variables that is not a duration; aws-vault ignores them silently. */
export function ignoredDurations({ environment, options }: AskedByCaller): string[] {
  const names = [
    'AWS_ASSUME_ROLE_TTL',
    'AWS_SESSION_TOKEN_TTL',
    'AWS_CHAINED_SESSION_TOKEN_TTL',
    'AWS_MIN_TTL',
    ...(options?.signIn ? ['AWS_FEDERATION_TOKEN_TTL'] : []),
  ];
  return names
    .filter((name) => variableDuration(environment, name) === null)
    .flatMap((name) => ttlVariable(environment, name)?.name ?? [])
    .map((name) => `${name} is not a duration like 1h30m; it is ignored`);
}

/** The command line and the environment, whatever the profile says. */
type AskedByCaller = Pick<PlanRequest, 'environment' | 'options'>;

interface AskedDuration {
  readonly seconds: number;
  readonly from: string;
  readonly where: string;
  /** The command that corrects it. */
  readonly next?: string | undefined;
}

function byDefault(seconds: number): AskedDuration {
  return { seconds, from: 'default', where: 'the default' };
}

function commandDuration(request: AskedByCaller): AskedDuration | null {
  const seconds = request.options?.durationSeconds;
  if (seconds !== undefined) return { seconds, from: '--duration', where: '--duration' };
  const { AWSH_DURATION: ours, AWS_VAULT_DURATION: theirs } = request.environment;
  const [name, text] = ours ? ['AWSH_DURATION', ours] : ['AWS_VAULT_DURATION', theirs];
  if (!text) return null;
  const parsed = parseDuration(text);
  if (parsed === null) {
    throw new UsageError(
      `${name} is not a duration: ${JSON.stringify(printable(text))}`,
      'a duration looks like 1h30m, 45m or 900s',
      `unset ${name}`,
    );
  }
  return { seconds: parsed, from: name, where: name };
}

function variableDuration(environment: Environment, name: string): AskedDuration | null {
  const variable = ttlVariable(environment, name);
  // Unlike for the option, aws-vault's parser for these variables accepts no days and weeks.
  if (variable === null || /[dw]/.test(variable.value)) return null;
  const seconds = parseDuration(variable.value);
  return seconds ? { seconds, from: variable.name, where: variable.name } : null;
}

/**
 * aws-vault's variable, or its awsh equivalent, which takes precedence: AWSH_MIN_TTL for
 * AWS_MIN_TTL.
 */
function ttlVariable(environment: Environment, theirs: string): { name: string; value: string } | null {
  for (const name of [theirs.replace('AWS_', 'AWSH_'), theirs]) {
    const value = environment[name];
    if (value) return { name, value };
  }
  return null;
}

function configuredDuration(link: ProfileSettings): AskedDuration | null {
  const setting = link.property('duration_seconds');
  if (setting === null) return null;
  if (!/^[0-9]{1,9}$/.test(setting.value)) throw notSeconds(setting);
  return {
    seconds: Number(setting.value),
    from: 'duration_seconds',
    where: setting.from,
    next: correctionOf(setting),
  };
}

function notSeconds(setting: Setting): UsageError {
  return new UsageError(
    `${setting.from}: duration_seconds is not a number of seconds: ${JSON.stringify(printable(setting.value))}`,
    `AWS takes ${shortest} to ${longestRole}`,
    correctionOf(setting),
  );
}

/** `longest` if more is asked for; throws UsageError for less than AWS allows. */
function capped(asked: AskedDuration, longest: number, what: string): StepDuration {
  const found = checked(asked, Number.MAX_SAFE_INTEGER, longest);
  if (found.seconds <= longest) return { ...found, capped: null };
  const why = `AWS gives at most ${formatDuration(longest)} to ${what}`;
  return { ...found, seconds: longest, capped: { askedSeconds: found.seconds, why } };
}

function checked(asked: AskedDuration, longest: number, told = longest): Omit<StepDuration, 'capped'> {
  const { seconds, from, where } = asked;
  if (seconds >= shortest && seconds <= longest)
    return from === 'duration_seconds' ? { seconds, from, where } : { seconds, from };
  const key = asked.from === 'duration_seconds' ? `${asked.where}: duration_seconds` : asked.where;
  const nearest = asked.seconds < shortest ? shortest : longest;
  throw new UsageError(
    `${key} asks for ${asked.seconds} ${asked.seconds === 1 ? 'second' : 'seconds'}`,
    `AWS takes ${shortest} to ${told} (${formatDuration(shortest)} to ${formatDuration(told)})`,
    asked.next ??
      (/^[A-Z_]+$/.test(asked.where) ? `unset ${asked.where}` : `add --duration ${optionText(nearest)}`),
  );
}

/** Whole hours or minutes, in the form of `--duration`. */
function optionText(seconds: number): string {
  return seconds % hour === 0 ? `${seconds / hour}h` : `${Math.floor(seconds / 60)}m`;
}
