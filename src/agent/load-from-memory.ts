import { findDirectoryFile, othersCanExchangeFileOf, standingPlace, TrustStore } from '../directory/index.ts';
import { answerLoad, type CredentialsRequest, type LoadServices, withSharing } from '../loading/index.ts';
import { type Caller, grantOf, type Recorder, recordGrant, refusedGrant } from '../record/index.ts';
import type { Plan } from '../sessions/index.ts';
import { type LoadRequest, type Reply, waitingReply } from '../shell/index.ts';
import { AwshError, appPaths, type Clock, type Credentials } from '../system/index.ts';
import { hookStores } from './agent-environment.ts';
import type { FileMarks } from './file-cache.ts';
import { type MemorySource, NotInMemory } from './memory-source.ts';
import type { RenewalUse } from './renewal-use.ts';
import { UnderWay } from './under-way.ts';
import { dependsOnFolder, type UserFiles } from './user-files.ts';

/** The directory file that applies, or null for a pinned profile. */
type Deciding = { readonly path: string; readonly realpath: string; readonly isShared: boolean } | null;

/** The plan of a request, and the credentials that were given. */
interface Given {
  readonly plan: Plan;
  readonly how: CredentialsRequest;
  readonly credentials: Credentials;
}

/** The file that applies, and the state of all files before the answer is made from them. */
interface Look {
  readonly deciding: Deciding;
  readonly marks: FileMarks;
}

/**
 * An answer with credentials. It stays valid as long as the same directory file applies, the files
 * it was made from are unchanged, and the session is the same, because a user's shells move between
 * a few directories.
 */
interface Answer extends Given, Look {
  readonly reply: Reply;
  readonly recorder: Recorder;
  /** When it was made, in milliseconds since the epoch. */
  readonly at: number;
}

let known = new WeakMap<LoadRequest, Answer>();

/** Forgets the answers. Called often, so that no answer is kept much longer than its session. */
export function forgetLoads(): void {
  known = new WeakMap();
}

/**
 * The answer to a hook, by loading's own rules, with the agent's memory as the source; immediate if
 * it was given before and is still valid. Null: Node has to answer.
 */
export function loadFromMemory(
  request: LoadRequest,
  source: MemorySource,
  files: UserFiles,
  clock: Clock,
): Reply | null | Promise<Reply | null> {
  const before = known.get(request);
  if (before !== undefined && holds(before, request, source, clock))
    return isRecorded(before, request) ? before.reply : null;
  known.delete(request);
  return loadAnew(request, source, files, clock);
}

/** False if the log line is required and cannot be written; Node then reports it. */
function isRecorded({ plan, credentials, recorder }: Answer, request: LoadRequest): boolean {
  try {
    recordLoad(plan, credentials, request, recorder);
    return true;
  } catch (error) {
    if (error instanceof AwshError) return false;
    throw error;
  }
}

function recordLoad(plan: Plan, credentials: Credentials, request: LoadRequest, recorder: Recorder): void {
  recordGrant(recorder, grantOf('load', plan, credentials), callerOf(request));
}

function callerOf({ cwd, terminal }: LoadRequest): Caller {
  return { directory: cwd, terminal, parent: null, command: null };
}

function holds(answer: Answer, request: LoadRequest, source: MemorySource, clock: Clock): boolean {
  const { plan, how, credentials, deciding, marks, reply, at } = answer;
  // The clock was set back: a time box may be over.
  if (clock.now() < at - 60_000) return false;
  // Near the session's end, the time of the next question depends on the clock.
  if (reply.renew < clock.now() / 1000 + 60) return false;
  try {
    const now = decidingFile(request);
    const isSame =
      now?.path === deciding?.path &&
      now?.realpath === deciding?.realpath &&
      now?.isShared === deciding?.isShared;
    return isSame && marks.hold() && source.credentials(plan, how, useOf(plan, request)) === credentials;
  } catch {
    // Any error is found again and answered by the full load.
    return false;
  }
}

/** Null if there is none. Throws if it cannot be determined. */
function decidingFile({ pin, cwd }: LoadRequest): Deciding {
  const path = pin === null ? findDirectoryFile(cwd) : null;
  if (path === null) return null;
  return { path, realpath: standingPlace(path), isShared: othersCanExchangeFileOf(cwd, path) };
}

/** Null for a session that its time box keeps short: it is not renewed in advance. */
function useOf(plan: Plan, { pin, environment }: LoadRequest): RenewalUse | null {
  if (plan.atMostSeconds !== undefined) return null;
  return {
    profile: pin ?? plan.profile,
    surroundings: hookStores(environment),
    environment: {},
    // Another profile used in its place is not narrowed.
    options: {
      ...(plan.narrowing && plan.inPlaceOf === undefined && { narrowing: plan.narrowing }),
      ...(plan.sessionNaming !== undefined && { sessionNaming: plan.sessionNaming }),
      ...(plan.reason !== undefined && { reason: plan.reason }),
    },
  };
}

async function loadAnew(
  request: LoadRequest,
  source: MemorySource,
  files: UserFiles,
  clock: Clock,
): Promise<Reply | null> {
  const { environment } = request;
  if (request.refresh || environment.HOME === undefined || dependsOnFolder(environment)) return null;
  const paths = appPaths(environment);
  const trust = new TrustStore(paths.trust, clock);
  const given: Given[] = [];
  try {
    const settings = files.settings(paths);
    // Node has to find out which process asks.
    if (settings.codingAgents !== 'same') return null;
    const recorder = { paths, settings, clock, isAgent: true };
    const look = lookAtFiles(request, { paths, settings, files, trust });
    const reply = await answerLoad(request, {
      clock,
      paths,
      settings,
      trust,
      awsFiles: once(() => files.awsFiles(paths)),
      keys: once(() => files.keys(paths, {}, settings)),
      credentials: async (plan, how) => {
        const credentials = source.credentials(plan, how, useOf(plan, request));
        given.push({ plan, how, credentials });
        return credentials;
      },
      granted(plan, credentials) {
        try {
          recordLoad(plan, credentials, request, recorder);
        } catch (error) {
          throw error instanceof AwshError ? new NotInMemory() : error;
        }
      },
      refused: (refusal) => recordGrant(recorder, refusedGrant('load', refusal), callerOf(request)),
      openBox: () => {
        throw new NotInMemory();
      },
      // The agent never asks the user; Node does, in the foreground.
      confirm: async () => {
        throw new NotInMemory();
      },
      askReason: async () => {
        throw new NotInMemory();
      },
    });
    const [only, ...more] = given;
    const isWhole = reply.status === 'ok' && only !== undefined && more.length === 0;
    if (look?.marks.settled && isWhole && !only.how.cachedOnly)
      known.set(request, { ...only, ...look, reply, recorder, at: clock.now() });
    return reply;
  } catch (error) {
    if (error instanceof UnderWay) return withSharing(waitingReply(error.terminal), request);
    if (error instanceof NotInMemory) return null;
    throw error;
  }
}

/** Null if the answer must not be cached. */
function lookAtFiles(
  request: LoadRequest,
  {
    paths,
    settings,
    files,
    trust,
  }: Pick<LoadServices, 'paths' | 'settings' | 'trust'> & { files: UserFiles },
): Look | null {
  // With trusted_dirs, a file is also trusted because of the folders up to the root, which are not
  // compared here.
  if (settings.trustedDirs.length > 0) return null;
  try {
    const deciding = decidingFile(request);
    const decisive = deciding === null ? [] : [deciding.realpath, ...trust.filesBehind(deciding.realpath)];
    return { deciding, marks: files.marks(paths, decisive) };
  } catch {
    return null;
  }
}

/** Calls `look` at most once for each request. */
function once<T>(look: () => T): () => T {
  let seen: { value: T } | undefined;
  return () => {
    seen ??= { value: look() };
    return seen.value;
  };
}
