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

/** A request, read once however often it comes, and its last answer. */
interface Wanted {
  readonly profile: string;
  readonly format: 'exec' | ExportFormat;
  readonly options: PlanOptions;
  readonly paths: AppPaths;
  readonly environment: Environment;
  answer: Answer | null;
}

/** An answer holds for as long as the files that it was made from look as they did, and the session is the same. */
interface Answer {
  /** A session's name may depend on it. */
  readonly directory: string | null;
  readonly settings: Settings;
  readonly marks: FileMarks;
  readonly plan: Plan;
  readonly credentials: Credentials;
  readonly reply: AgentReply;
}

/** Null where Node is to answer. */
let known = new WeakMap<AgentRequest, Wanted | null>();

/** Forgets what was answered: called often, so that no answer is kept for much longer than its session. */
export function forgetAnswers(): void {
  known = new WeakMap();
}

/** What an answer is made from; `keys` is null but in a job's agent. */
export interface CredentialsServices {
  readonly source: MemorySource;
  readonly files: UserFiles;
  readonly keys: StoredKeyReader | null;
  readonly clock: Clock;
}

/**
 * What `exec` or `export` is to have, by the same rules as in the foreground. Null wherever the answer would not be
 * credentials: errors, waiting and questions are Node's.
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
    // If a line in the log is required and cannot be written, this throws, and Node reports the reason.
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

/** The launcher prints what there is to know about a key that does not expire: it is the reply's text. */
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
  // AWS_VAULT: inside exec already, which is refused with an explanation.
  if (!profile || format === null || options === null || caller.AWS_VAULT || caller.AWSH_ONLY) return null;
  if (caller.HOME === undefined || dependsOnFolder(caller)) return null;
  const environment = unloadedEnvironment(caller);
  return { profile, format, options, paths: appPaths(caller), environment, answer: null };
}

/** Null where the settings want no agent. */
function planOf(
  { paths, profile, environment, options }: Wanted,
  caller: Environment,
  { files, settings, directory }: { files: UserFiles; settings: Settings; directory: string | null },
): Plan | null {
  // Which process asks is for Node to find out.
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
  // How long a protected profile may be given, and whether a reason is needed, is for Node to look at.
  return hasLimits(settings, targetOf(plan)) ? null : plan;
}

/** `exec --json` is aws-vault's form of an export, and the launcher asks for it as one. */
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

/** Null where an option is not of its form: Node says what is wrong with it. */
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

/** Without what the caller has not got to unset. */
function shorter({ set, unset }: EnvironmentChange, isThere: (name: string) => boolean): EnvironmentChange {
  return { set, unset: unset.filter(isThere) };
}

/** What the caller may have: what it told, and what might be a secret, of which it told the name at most. */
function ofCaller({ fields, environment }: AgentRequest): (name: string) => boolean {
  const untold = fields.get('untold')?.split(' ');
  return (name) =>
    environment[name] !== undefined ||
    (untold?.includes(name) ?? /TOKEN|SECRET|CREDENTIAL|KEY|PASS/.test(name));
}

function execLines(change: EnvironmentChange): string {
  return `${launcherLines(change).join('\n')}\n`;
}
