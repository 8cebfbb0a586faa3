import { findDirectoryFile, othersCanExchangeFileOf, standingPlace, TrustStore } from '../directory/index.ts';
import { answerLoad, type CredentialsRequest, type LoadServices, withSharing } from '../loading/index.ts';
import { grantOf, type Recorder, recordGrant } from '../record/index.ts';
import type { Plan } from '../sessions/index.ts';
import { type LoadRequest, type Reply, waitingReply } from '../shell/index.ts';
import { AwshError, appPaths, type Clock, type Credentials } from '../system/index.ts';
import { hookStores } from './agent-environment.ts';
import type { FileMarks } from './file-cache.ts';
import { type MemorySource, NotInMemory } from './memory-source.ts';
import type { RenewalUse } from './renewal-use.ts';
import { UnderWay } from './under-way.ts';
import { dependsOnFolder, type UserFiles } from './user-files.ts';

/** The directory file that decides, or null for a profile that is pinned. */
type Deciding = { readonly path: string; readonly realpath: string; readonly isShared: boolean } | null;

/** A session that was asked for, and what was given. */
interface Given {
  readonly plan: Plan;
  readonly how: CredentialsRequest;
  readonly credentials: Credentials;
}

/** Which file decides, and how all that an answer is made from looks, before it is. */
interface Look {
  readonly deciding: Deciding;
  readonly marks: FileMarks;
}

/**
 * An answer with credentials. It holds for as long as the same directory file decides, what it was made from looks as it
 * did, and the session is the same: a person's shells go to and fro between a few places.
 */
interface Answer extends Given, Look {
  readonly reply: Reply;
  readonly recorder: Recorder;
}

let known = new WeakMap<LoadRequest, Answer>();

/** Forgets what was answered: called often, so that no answer is kept for much longer than its session. */
export function forgetLoads(): void {
  known = new WeakMap();
}

/**
 * The answer to a hook, by loading's own rules, with memory for a source: at once where it was given before and holds.
 * Null: Node has to answer.
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

/** False if Node is to say that it may not be given without a line in the log. */
function isRecorded({ plan, credentials, recorder }: Answer, request: LoadRequest): boolean {
  try {
    recordLoad(plan, credentials, request, recorder);
    return true;
  } catch (error) {
    if (error instanceof AwshError) return false;
    throw error;
  }
}

function recordLoad(
  plan: Plan,
  credentials: Credentials,
  { cwd, terminal }: LoadRequest,
  recorder: Recorder,
): void {
  const caller = { directory: cwd, terminal, parent: null, command: null };
  recordGrant(recorder, grantOf('load', plan, credentials), caller);
}

function holds(answer: Answer, request: LoadRequest, source: MemorySource, clock: Clock): boolean {
  const { plan, how, credentials, deciding, marks, reply } = answer;
  // Near its session's end an answer says by the clock when to ask again.
  if (reply.renew < clock.now() / 1000 + 60) return false;
  try {
    const now = decidingFile(request);
    const isSame =
      now?.path === deciding?.path &&
      now?.realpath === deciding?.realpath &&
      now?.isShared === deciding?.isShared;
    return isSame && marks.hold() && source.credentials(plan, how, useOf(plan, request)) === credentials;
  } catch {
    // Whatever is wrong is found once more, and answered.
    return false;
  }
}

/** Null too where there is none. Throws where it cannot be known. */
function decidingFile({ pin, cwd }: LoadRequest): Deciding {
  const path = pin === null ? findDirectoryFile(cwd) : null;
  if (path === null) return null;
  return { path, realpath: standingPlace(path), isShared: othersCanExchangeFileOf(cwd, path) };
}

/** Null for a session that its time box keeps short: it is not renewed ahead. */
function useOf(plan: Plan, { pin, environment }: LoadRequest): RenewalUse | null {
  if (plan.atMostSeconds !== undefined) return null;
  return {
    profile: pin ?? plan.profile,
    surroundings: hookStores(environment),
    environment: {},
    // Another profile that is used in its place has nothing taken away from it.
    options: {
      ...(plan.narrowing && plan.inPlaceOf === undefined && { narrowing: plan.narrowing }),
      ...(plan.sessionNaming !== undefined && { sessionNaming: plan.sessionNaming }),
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
    // Which process asks is for Node to find out.
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
      openBox: () => {
        throw new NotInMemory();
      },
      // The agent asks nobody; Node, in the foreground, does.
      confirm: async () => {
        throw new NotInMemory();
      },
    });
    const [only, ...more] = given;
    const isWhole = reply.status === 'ok' && only !== undefined && more.length === 0;
    if (look?.marks.settled && isWhole && !only.how.cachedOnly)
      known.set(request, { ...only, ...look, reply, recorder });
    return reply;
  } catch (error) {
    if (error instanceof UnderWay) return withSharing(waitingReply(error.terminal), request);
    if (error instanceof NotInMemory) return null;
    throw error;
  }
}

/** Null where the answer is not to be kept. */
function lookAtFiles(
  request: LoadRequest,
  {
    paths,
    settings,
    files,
    trust,
  }: Pick<LoadServices, 'paths' | 'settings' | 'trust'> & { files: UserFiles },
): Look | null {
  // What vouches for a file below trusted_dirs are the folders up to the root, too.
  if (settings.trustedDirs.length > 0) return null;
  try {
    const deciding = decidingFile(request);
    const decisive = deciding === null ? [] : [deciding.realpath, ...trust.filesBehind(deciding.realpath)];
    return { deciding, marks: files.marks(paths, decisive) };
  } catch {
    return null;
  }
}

/** One look at the disk a request. */
function once<T>(look: () => T): () => T {
  let seen: { value: T } | undefined;
  return () => {
    seen ??= { value: look() };
    return seen.value;
  };
}
