import { AgentLink, leaveLoadGate, pathsInJob, UnderWay } from '../agent/index.ts';
import type { Context } from '../cli/index.ts';
import { answerLoad, withSharing } from '../loading/index.ts';
import { readSettings } from '../settings/index.ts';
import { decodeValue, formatReply, type LoadRequest, parseRequest, waitingReply } from '../shell/index.ts';
import { appPaths, UsageError } from '../system/index.ts';
import { foregroundServices } from './foreground-services.ts';

/**
 * `awsh _load`: answers the hook's request in AWSH_REQUEST, on stdout. Questions go to the
 * terminal.
 */
export async function run(context: Context): Promise<number> {
  const parsed = parseRequest(context.environment.AWSH_REQUEST ?? '');
  if (parsed === null) throw new UsageError('_load is only for the hook', undefined, 'awsh setup');
  const { request } = parsed;
  try {
    return await answer(context, request);
  } finally {
    leaveLoadGate(appPaths(request.environment));
  }
}

async function answer(context: Context, request: LoadRequest): Promise<number> {
  const services = await foregroundServices(context, request);
  const reply = await answerLoad(request, services).catch((error) => {
    if (error instanceof UnderWay) return withSharing(waitingReply(error.terminal), request);
    throw error;
  });
  await context.output.print(formatReply('-', reply));
  if (reply.record?.state === 'needs sign-in') await awaitSignIn(context, request);
  return reply.exitStatus ?? 0;
}

/**
 * Tells the agent which sign-in this shell waits for; the agent may have been started by this load.
 */
async function awaitSignIn({ environment, packageFolder }: Context, request: LoadRequest): Promise<void> {
  const paths = pathsInJob(appPaths(request.environment), environment);
  const settings = readSettings(paths.settings, paths.home);
  const agent = AgentLink.open({ paths, environment, packageFolder }, settings.agent);
  const lines = (environment.AWSH_REQUEST ?? '').split('\n').flatMap((line) => {
    const [, word, value] = /^([a-z]+) (.*)$/.exec(line) ?? [];
    return word === undefined || value === undefined ? [] : [[word, decodeValue(value)] as const];
  });
  const ours = lines.filter(([word]) => word !== 'sized' && word !== 'renew' && word !== 'refresh');
  await agent?.tell('load', [...ours, ['renew', '1']], true);
  agent?.close();
}
