import { leaveLoadGate, UnderWay } from '../agent/index.ts';
import { type Context, coldPathIsTaken } from '../cli/index.ts';
import { answerLoad, withSharing } from '../loading/index.ts';
import { formatReply, type LoadRequest, parseRequest, waitingReply } from '../shell/index.ts';
import { appPaths, UsageError } from '../system/index.ts';
import { foregroundServices } from './foreground-services.ts';

/** `awsh _load`: answers the hook, whose request stands in AWSH_REQUEST, on stdout. Questions go to the terminal. */
export async function run(context: Context): Promise<number> {
  const parsed = parseRequest(context.environment.AWSH_REQUEST ?? '');
  if (parsed === null) throw new UsageError('_load answers the hook alone', undefined, 'awsh setup');
  const { request } = parsed;
  try {
    return await answer(context, request);
  } finally {
    if (!coldPathIsTaken()) leaveLoadGate(appPaths(request.environment));
  }
}

async function answer(context: Context, request: LoadRequest): Promise<number> {
  const services = await foregroundServices(context, request);
  const reply = await answerLoad(request, services).catch((error) => {
    if (error instanceof UnderWay) return withSharing(waitingReply(error.terminal), request);
    throw error;
  });
  await context.output.print(formatReply('-', reply));
  return reply.exitStatus ?? 0;
}
