import { TrustStore } from '../directory/index.ts';
import { answerLoad } from '../loading/index.ts';
import type { LoadRequest, Reply } from '../shell/index.ts';
import { appPaths, type Clock } from '../system/index.ts';
import { type MemorySource, NotInMemory } from './memory-source.ts';
import { UnderWay, waitingReply } from './under-way.ts';
import { dependsOnFolder, type UserFiles } from './user-files.ts';

/** The answer to a hook, by loading's own rules, with memory for a source. Null: Node has to answer. */
export async function loadFromMemory(
  request: LoadRequest,
  source: MemorySource,
  files: UserFiles,
  clock: Clock,
): Promise<Reply | null> {
  const { environment } = request;
  if (request.refresh || environment.HOME === undefined || dependsOnFolder(environment)) return null;
  const paths = appPaths(environment);
  try {
    const settings = files.settings(paths);
    return await answerLoad(request, {
      clock,
      paths,
      settings,
      trust: new TrustStore(paths.trust, clock),
      awsFiles: once(() => files.awsFiles(paths)),
      keys: once(() => files.keys(paths, {}, settings)),
      credentials: async (plan, how) => {
        const use = { profile: plan.profile, surroundings: environment, environment: {}, options: {} };
        return source.credentials(plan, how, use);
      },
      // The agent asks nobody; Node, in the foreground, does.
      confirm: async () => {
        throw new NotInMemory();
      },
    });
  } catch (error) {
    if (error instanceof UnderWay) return waitingReply(error);
    if (error instanceof NotInMemory) return null;
    throw error;
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
