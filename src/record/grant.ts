import { accountAndRoleOf, type Plan } from '../sessions/index.ts';
import {
  type Credentials,
  printable,
  type Refusal,
  type RefusalCause,
  rfc3339,
  sha256,
} from '../system/index.ts';

/**
 * The kind of command that gave the credentials. `sign-in` is a sign-in to IAM Identity Center,
 * `login` one to the console.
 */
export const grantVerbs = ['load', 'exec', 'export', 'serve', 'login', 'sign-in', 'ecr', 'eks'] as const;
export type GrantVerb = (typeof grantVerbs)[number];

/** The caller. Everything except `directory` is null if it is not known. */
export interface Caller {
  readonly directory: string | null;
  /** Without `/dev/`. */
  readonly terminal: string | null;
  /** The program that ran awsh. */
  readonly parent: string | null;
  /** Only the first word of exec's command. */
  readonly command: string | null;
}

/** Credentials that are given away, or refused by a guard of awsh. They have no secret in them here. */
export interface Grant {
  readonly verb: GrantVerb;
  /** The sso-session for a sign-in; null for keys from the environment. */
  readonly profile: string | null;
  /** The requested profile, if a read-only one is used in its place. */
  readonly inPlaceOf: string | null;
  readonly account: string | null;
  /** The role's ARN; its name if IAM Identity Center gives the role. */
  readonly role: string | null;
  /** The value of userIdentity.accessKeyId in CloudTrail. */
  readonly accessKeyId: string | null;
  readonly sessionName: string | null;
  readonly sourceIdentity: string | null;
  /** The reason that the user gave, or the `reason` session tag of the profile. */
  readonly reason: string | null;
  /** The managed policies that narrow the session. */
  readonly policyArns: readonly string[];
  readonly expires: Date | null;
  /** Why nothing was given; null for a grant. */
  readonly refused: RefusalCause | null;
}

/** A line of the log. Fields that are null are left out. */
export interface GrantLine extends Omit<Grant, 'expires' | 'refused'> {
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly directory: string | null;
  readonly terminal: string | null;
  readonly parent: string | null;
  readonly command: string | null;
  readonly expires: string | null;
  readonly outcome: 'granted' | 'refused';
  /** Why it was refused. */
  readonly cause: RefusalCause | null;
}

/** The grant for a plan and its credentials. */
export function grantOf(verb: GrantVerb, plan: Plan, credentials: Credentials): Grant {
  const known = lastGrants.get(plan);
  if (known?.credentials === credentials && known.grant.verb === verb) return known.grant;
  const grant = newGrant(verb, plan, credentials);
  lastGrants.set(plan, { credentials, grant });
  return grant;
}

/** The agent gives the same session again and again, and a cd waits for the line. */
const lastGrants = new WeakMap<Plan, { credentials: Credentials; grant: Grant }>();

function newGrant(verb: GrantVerb, plan: Plan, credentials: Credentials): Grant {
  const last = plan.steps.at(-1);
  const role = last !== undefined && 'roleArn' in last ? last : null;
  const assumed = last?.kind === 'AssumeRole' ? last : null;
  const known = accountAndRoleOf(plan);
  return {
    verb,
    profile: plan.profile,
    inPlaceOf: plan.inPlaceOf ?? null,
    account: credentials.accountId ?? known.account,
    role: known.role,
    accessKeyId: credentials.accessKeyId,
    sessionName: sessionNameOf(credentials) ?? role?.roleSessionName ?? null,
    sourceIdentity: assumed?.sourceIdentity ?? null,
    reason: plan.reason?.text ?? assumed?.tags.find(({ key }) => key === 'reason')?.value ?? null,
    policyArns: last !== undefined && 'policyArns' in last ? last.policyArns : [],
    expires: credentials.expiration,
    refused: null,
  };
}

/** Like {@link grantOf}, if there may be no plan. */
export function grantOfKeys(verb: GrantVerb, plan: Plan | null, credentials: Credentials): Grant {
  if (plan !== null) return grantOf(verb, plan, credentials);
  const { accessKeyId, accountId, expiration } = credentials;
  return { ...emptyGrant, verb, account: accountId, accessKeyId, expires: expiration };
}

/** What a guard did not give. */
export function refusedGrant(verb: GrantVerb, { cause, target }: Refusal): Grant {
  const { profile = null, account = null, roleArn = null } = target ?? {};
  return { ...emptyGrant, verb, profile, account, role: roleArn, refused: cause };
}

/** A sign-in to IAM Identity Center gives a token, and no key. */
export function signInGrant(session: string): Grant {
  return { ...emptyGrant, verb: 'sign-in', profile: session };
}

const emptyGrant = {
  profile: null,
  inPlaceOf: null,
  account: null,
  role: null,
  accessKeyId: null,
  sessionName: null,
  sourceIdentity: null,
  reason: null,
  policyArns: [],
  expires: null,
  refused: null,
} as const;

/** From AWS's ARN: `arn:aws:sts::ACCOUNT:assumed-role/ROLE/NAME`, `…:federated-user/NAME`. */
function sessionNameOf({ arn }: Credentials): string | null {
  return /:(?:assumed-role\/.+|federated-user)\/([^/]+)$/.exec(arn ?? '')?.[1] ?? null;
}

/**
 * In bytes: a write of up to this size is atomic on every system (as for pipes, POSIX PIPE_BUF).
 */
export const longestLine = 4095;
/**
 * Texts from outside are first cut to this length, and a directory at its beginning only if the
 * line is still too long.
 */
const longestText = 256;

/** The line with its end, at most {@link longestLine} bytes. */
export function grantText(
  grant: Grant,
  caller: Caller,
  { now, showDirectory }: { now: number; showDirectory: boolean },
): string {
  const directory = showDirectory ? caller.directory : hashed(caller.directory);
  const head = `{"time":"${timeText(now)}",${grantFields(grant)}`;
  for (const room of [4096, 1024, longestText, 40]) {
    const text = `${head},${callerFields(caller, directory && tailOf(directory, room), grant.refused)}}\n`;
    if (text.length < longestLine / 3 || Buffer.byteLength(text) <= longestLine) return text;
  }
  // Only the policies can still be many.
  const fewer = { ...grant, policyArns: grant.policyArns.slice(0, 3) };
  return `{"time":"${timeText(now)}",${grantFields(fewer)},${callerFields(caller, null, grant.refused)}}\n`;
}

const grantTexts = new WeakMap<Grant, string>();

function grantFields(grant: Grant): string {
  const known = grantTexts.get(grant);
  if (known !== undefined) return known;
  const text = fieldsText({
    verb: grant.verb,
    profile: short(grant.profile),
    inPlaceOf: short(grant.inPlaceOf),
    account: grant.account,
    role: short(grant.role),
    accessKeyId: grant.accessKeyId,
    sessionName: short(grant.sessionName),
    sourceIdentity: short(grant.sourceIdentity),
    reason: short(grant.reason),
    policyArns: grant.policyArns.slice(0, 10).map((arn) => headOf(arn, longestText)),
    expires: grant.expires && rfc3339(grant.expires),
  });
  grantTexts.set(grant, text);
  return text;
}

function callerFields(
  { terminal, parent, command }: Caller,
  directory: string | null,
  refused: RefusalCause | null,
): string {
  return fieldsText({
    directory,
    terminal: short(terminal?.replace(/^\/dev\//, '') ?? null),
    parent: short(parent),
    command: short(command),
    outcome: refused === null ? 'granted' : 'refused',
    cause: refused,
  } satisfies Partial<GrantLine>);
}

const short = (text: string | null) => text && headOf(text, longestText);

/** Members of a JSON object, without unknown ones. */
function fieldsText(fields: Readonly<Record<string, string | readonly string[] | null>>): string {
  const known = (_: string, value: unknown) =>
    value === null || value === '' || (Array.isArray(value) && value.length === 0) ? undefined : value;
  return JSON.stringify(fields, known).slice(1, -1);
}

/** With milliseconds, so that grants within one second keep their order. */
function timeText(now: number): string {
  const thousandths = String(Math.floor(now % 1000)).padStart(3, '0');
  return rfc3339(new Date(now)).replace('Z', `.${thousandths}Z`);
}

/**
 * Always the same for a directory, so that grants from different directories can be distinguished;
 * anyone who knows the path can compute it.
 */
function hashed(directory: string | null): string | null {
  return directory && `sha256:${sha256(directory).slice(0, 16)}`;
}

function headOf(text: string, most: number): string {
  const shown = printable(text);
  return shown.length <= most ? shown : `${shown.slice(0, most - 1)}…`;
}

function tailOf(text: string, most: number): string {
  const shown = printable(text);
  return shown.length <= most ? shown : `…${shown.slice(1 - most)}`;
}
