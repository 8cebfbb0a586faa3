import { type Caller, type GrantVerb, grantOf, recordGrant } from '../record/index.ts';
import {
  notesForProgram,
  type Plan,
  type PlanOptions,
  planFor,
  programIdentity,
  targetOf,
} from '../sessions/index.ts';
import { hasLimits, type Settings, sessionNaming } from '../settings/index.ts';
import {
  type EnvironmentChange,
  type ExportFormat,
  execChange,
  exportFormats,
  exportText,
  launcherLines,
  unloadedEnvironment,
} from '../shell/index.ts';
import {
  type AppPaths,
  AwshError,
  appPaths,
  type Clock,
  type Credentials,
  callingProcess,
  type Environment,
} from '../system/index.ts';
import type { FileMarks } from './file-cache.ts';
import { type MemorySource, NotInMemory } from './memory-source.ts';
import { type AgentReply, reply } from './reply.ts';
import type { AgentRequest, Asker } from './request.ts';
import { type StoredKeyReader, storedKeyStep } from './stored-key.ts';
import { UnderWay } from './under-way.ts';
import { dependsOnFolder, type UserFiles } from './user-files.ts';

/** A request, parsed once however often it is repeated, and its last answer. */
interface Wanted {
  readonly profile: string;
  readonly format: 'exec' | ExportFormat;
  readonly options: PlanOptions;
  readonly paths: AppPaths;
  readonly environment: Environment;
  answer: Answer | null;
}

/**
 * An answer stays valid as long as the files it was made from are unchanged and the session is the
 * same.
 */
interface Answer {
  /** A session's name may depend on it. */
  readonly directory: string | null;
  readonly settings: Settings;
  readonly marks: FileMarks;
  readonly plan: Plan;
  readonly credentials: Credentials;
  readonly reply: AgentReply;
}

/** Null if Node must answer. */
let known = new WeakMap<AgentRequest, Wanted | null>();

/** Forgets the answers. Called often, so that no answer is kept much longer than its session. */
export function forgetAnswers(): void {
  known = new WeakMap();
}

/** What an answer is made from; `keys` is null except in a job's agent. */
export interface CredentialsServices {
  readonly source: MemorySource;
  readonly files: UserFiles;
  readonly keys: StoredKeyReader | null;
  readonly clock: Clock;
}

/**
 * The answer for `exec` or `export`, by the same rules as in the foreground. Null if the answer
 * would not be credentials: Node handles errors, waiting and questions.
 */
export function credentialsFromMemory(
  { request, asker }: { request: AgentRequest; asker: Asker | null },
  { source, files, keys, clock }: CredentialsServices,
): AgentReply | null | Promise<AgentReply | null> {
  try {
    const wanted = known.get(request) ?? readWanted(request);
    known.set(request, wanted);
    if (wanted === null) return null;
    const { paths, environment } = wanted;
    const directory = asker?.directory ?? null;
    const isSame = wanted.answer?.directory === directory && wanted.answer.marks.hold();
    const before = isSame ? wanted.answer : null;
    const marks = before?.marks ?? files.marks(paths);
    const settings = before?.settings ?? files.settings(paths);
    const plan = before?.plan ?? planOf(wanted, request.environment, { files, settings, directory });
    if (plan === null) return null;
    // If a line in the log is required and cannot be written, this throws, and Node reports the
    // reason.
    const recorded = (credentials: Credentials) => {
      const grant = grantOf(verbOf(wanted), plan, credentials);
      recordGrant({ paths, settings, clock, isAgent: true }, grant, callerOf(asker));
      return credentials;
    };
    const step = keys === null ? null : storedKeyStep(plan);
    if (keys !== null && step !== null) {
      return keys
        .read(step, plan, { paths, environment, settings })
        .then((credentials) => withNotes(plan, answerTo(wanted, plan, recorded(credentials), request)))
        .catch(leftToNode);
    }
    const credentials = recorded(sessionOf(wanted, plan, request, source));
    if (before?.credentials === credentials) return before.reply;
    const reply = answerTo(wanted, plan, credentials, request);
    wanted.answer = marks.settled ? { directory, settings, marks, plan, credentials, reply } : null;
    return reply;
  } catch (error) {
    return leftToNode(error);
  }
}

function leftToNode(error: unknown): null {
  if (error instanceof NotInMemory || error instanceof UnderWay || error instanceof AwshError) return null;
  throw error;
}

/**
 * The launcher prints the warnings about a key that does not expire: they are in the reply's text.
 */
function withNotes(plan: Plan, answer: AgentReply): AgentReply {
  return { ...answer, text: [...plan.warnings, ...notesForProgram(plan)].join('\n') };
}

function sessionOf(wanted: Wanted, plan: Plan, request: AgentRequest, source: MemorySource): Credentials {
  const { profile, environment } = wanted;
  const { sessionNaming: naming } = plan;
  const options = naming === undefined ? wanted.options : { ...wanted.options, sessionNaming: naming };
  const minTtlSeconds = Math.max(plan.minTtlSeconds, Number(request.fields.get('min-ttl') ?? 0));
  const how = { ask: true, refresh: false, cachedOnly: false, needAccount: false };
  const use = { profile, surroundings: request.environment, environment, options };
  return source.credentials({ ...plan, minTtlSeconds }, how, use);
}

function answerTo(wanted: Wanted, plan: Plan, credentials: Credentials, request: AgentRequest): AgentReply {
  const { format } = wanted;
  const identity = programIdentity(plan, wanted.environment);
  if (format !== 'exec') {
    return ready('text', wanted, credentials, exportText(format, credentials, identity));
  }
  const change = execChange(request.environment, credentials, identity);
  return ready('ok', wanted, credentials, execLines(shorter(change, ofCaller(request))));
}

function readWanted({ fields, environment: caller }: AgentRequest): Wanted | null {
  const [profile, format, options] = [fields.get('profile'), formatOf(fields), planOptions(fields)];
  // AWS_VAULT: already inside exec, which is refused with an explanation.
  if (!profile || format === null || options === null || caller.AWS_VAULT || caller.AWSH_ONLY) return null;
  if (caller.HOME === undefined || dependsOnFolder(caller)) return null;
  const environment = unloadedEnvironment(caller);
  return { profile, format, options, paths: appPaths(caller), environment, answer: null };
}

/** Null if the settings turn the agent off. */
function planOf(
  { paths, profile, environment, options }: Wanted,
  caller: Environment,
  { files, settings, directory }: { files: UserFiles; settings: Settings; directory: string | null },
): Plan | null {
  // Node has to find out which process asks.
  if (!settings.agent || settings.codingAgents !== 'same') return null;
  // A session's name may need the directory.
  if (settings.roleSessionName !== null && directory === null) return null;
  const naming = sessionNaming(settings, directory ?? '');
  const keys = files.keys(paths, caller, settings);
  const plan = planFor({
    files: files.awsFiles(paths),
    profile,
    keys,
    environment,
    options: naming === undefined ? options : { ...options, sessionNaming: naming },
  });
  // Node has to check for how long a protected profile may be given, and whether a reason is
  // needed.
  return hasLimits(settings, targetOf(plan)) ? null : plan;
}

/** `exec --json` is aws-vault's form of an export, and the launcher requests it as one. */
function verbOf({ format }: Wanted): GrantVerb {
  return format === 'exec' ? 'exec' : 'export';
}

function callerOf(asker: Asker | null): Caller {
  if (asker === null) return { directory: null, terminal: null, parent: null, command: null };
  const { pid, directory, command } = asker;
  return { directory, ...callingProcess(pid), command: command || null };
}

function formatOf(fields: AgentRequest['fields']): 'exec' | ExportFormat | null {
  if (fields.get('want') === 'exec') return 'exec';
  const format = fields.get('format') ?? 'env';
  return (fields.get('want') === 'export' && exportFormats.find((known) => known === format)) || null;
}

/** Null if an option is malformed: Node reports what is wrong. */
function planOptions(fields: AgentRequest['fields']): PlanOptions | null {
  const [duration, region] = [fields.get('duration'), fields.get('region')];
  const numbers = [duration, fields.get('min-ttl')];
  if (numbers.some((text) => text !== undefined && !/^[0-9]{1,6}$/.test(text))) return null;
  return {
    noSession: fields.get('no-session') === '1',
    ...(duration !== undefined && { durationSeconds: Number(duration) }),
    ...(region !== undefined && { region }),
  };
}

function ready(status: string, { profile }: Wanted, { expiration }: Credentials, body: string): AgentReply {
  return { ...reply(status, expiration ?? 0, profile), body };
}

/** The change without variables that the caller does not have and so need not unset. */
function shorter({ set, unset }: EnvironmentChange, isThere: (name: string) => boolean): EnvironmentChange {
  return { set, unset: unset.filter(isThere) };
}

/**
 * Tests whether the caller may have a variable: it sent its value, or only its name, because the
 * value might be a secret.
 */
function ofCaller({ fields, environment }: AgentRequest): (name: string) => boolean {
  const untold = fields.get('untold')?.split(' ');
  return (name) =>
    environment[name] !== undefined ||
    (untold?.includes(name) ?? /TOKEN|SECRET|CREDENTIAL|KEY|PASS/.test(name));
}

function execLines(change: EnvironmentChange): string {
  return `${launcherLines(change).join('\n')}\n`;
}
