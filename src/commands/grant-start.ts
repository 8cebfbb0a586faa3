// Makes a grant: a separate server that gives one profile's credentials on a socket.
import { randomBytes } from 'node:crypto';
import type { CommandInput, Context } from '../cli/index.ts';
import { grantOf } from '../record/index.ts';
import {
  grantFiles,
  grantIdPattern,
  makeGrantFolder,
  removeGrantFolder,
  runningGrants,
  type SshConnection,
  takenName,
} from '../serving/index.ts';
import type { PlanOptions, TimeBox } from '../sessions/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import { printable, Secret, UsageError } from '../system/index.ts';
import { keysToHandOn, sayWhatEnds } from './exec-server.ts';
import { callerHere, recordHere } from './record-here.ts';
import { requestedCredentials, requestedPlan } from './requested-session.ts';
import { startServer } from './server-start.ts';

export interface StartedGrant {
  readonly id: string;
  readonly profile: string;
  readonly narrowing: string | null;
  readonly folder: string;
  readonly socket: string;
  readonly tokenFile: string;
  readonly token: Secret;
  readonly region: string | null;
  /** Milliseconds since the epoch. */
  readonly ends: number;
}

/** How long a grant lasts without --for, in milliseconds. */
const usualMs = 3_600_000;

interface GrantChoice {
  readonly id: string | undefined;
  readonly options?: PlanOptions;
  readonly connection?: SshConnection | null;
}

/**
 * Starts the server of a grant after getting its first credentials: the user may be asked now, but
 * not later.
 */
export async function startGrant(
  context: Context,
  input: CommandInput,
  { id, options = {}, connection = null }: GrantChoice,
): Promise<StartedGrant> {
  const name = await idFor(context, id);
  const asked = { command: 'exec', verb: 'serve', options: { renewable: true, ...options } } as const;
  const { plan, identity, box } = await requestedPlan(context, input, asked);
  const first = await requestedCredentials(context, input, plan, { refresh: input.flag('refresh') });
  const surroundings = unloadedEnvironment(context.environment);
  sayWhatEnds(context, plan, surroundings);
  const token = new Secret(randomBytes(32).toString('hex'));
  const vaultKeys = await keysToHandOn(context);
  await recordHere(context, grantOf('serve', plan, first));
  const folder = makeGrantFolder(context.paths, name);
  const narrowing = plan.narrowing?.by ?? null;
  const grant = {
    id: name,
    isNamed: id !== undefined,
    folder,
    profile: plan.profile,
    narrowing,
    ends: endOf(input, box, context.clock.now()),
    connection,
  };
  const orders = {
    plan,
    until: null,
    command: null,
    grant,
    token,
    first,
    vaultKeys,
    surroundings,
    caller: callerHere(context),
    options: { globals: context.globals, cwd: context.cwd },
  };
  try {
    await startServer(context, orders);
  } catch (error) {
    // The server has removed the files that it made.
    removeGrantFolder(grant);
    throw error;
  }
  return { ...grant, ...filesOf(folder), token, region: identity.region };
}

/** The box contains `--for` and the setting `max`; without --for it is an hour at most. */
function endOf(input: CommandInput, box: TimeBox | null, now: number): number {
  const limit = box === null ? Number.POSITIVE_INFINITY : box.until * 1000;
  return input.value('for') === undefined ? Math.min(now + usualMs, limit) : limit;
}

function filesOf(folder: string): Pick<StartedGrant, 'socket' | 'tokenFile'> {
  const { socket, token } = grantFiles(folder);
  return { socket, tokenFile: token };
}

async function idFor({ paths }: Context, given: string | undefined): Promise<string> {
  const running = (await runningGrants(paths)).map(({ id }) => id);
  if (given === undefined) {
    for (;;) {
      const made = randomBytes(3).toString('hex');
      if (!running.includes(made)) return made;
    }
  }
  if (!running.includes(grantIdOf(given))) return given;
  throw takenName(given);
}

/** Throws UsageError if the name is not a valid id. */
export function grantIdOf(name: string): string {
  if (grantIdPattern.test(name)) return name;
  throw new UsageError(
    `--name is not valid: ${printable(name)}`,
    'it has letters, digits, - and _, at most 32, and begins with a letter or digit',
  );
}
