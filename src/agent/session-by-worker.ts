import type { Secret } from '../system/index.ts';
import { workerEnvironment } from './agent-environment.ts';
import type { Flights } from './flights.ts';
import { readSession } from './kept-session.ts';
import type { RenewalUse } from './renewal-use.ts';
import type { SessionMemory } from './session-memory.ts';
import type { TwoClocks } from './two-clocks.ts';
import type { WorkerResult, WorkerTask } from './worker-protocol.ts';

/** The services needed to fetch a session. */
export interface WorkerServices {
  readonly clocks: TwoClocks;
  readonly memory: SessionMemory<RenewalUse>;
  readonly flights: Flights;
  readonly vaultKeys: ReadonlyMap<string, Secret>;
  readonly run: (environment: Record<string, string>, task: WorkerTask) => Promise<WorkerResult>;
  readonly note: (line: string) => void;
}

/**
 * Puts a new session with this id into the memory; returns null, or why there is none. `holder`
 * holds the flight in the meantime.
 */
export async function fetchSession(
  id: string,
  use: RenewalUse,
  holder: object,
  { memory, flights, run, vaultKeys }: WorkerServices,
): Promise<Omit<Extract<WorkerResult, { kind: 'failed' }>, 'kind'> | null> {
  flights.take(id, holder, null);
  const keys = Object.fromEntries([...vaultKeys].map(([folder, key]) => [folder, key.reveal()]));
  const environment = workerEnvironment(process.env, use.surroundings);
  const result = await run(environment, { kind: 'renew', session: id, use, vaultKeys: keys });
  flights.release(id, holder, null);
  const session = result.kind === 'session' ? readSession(new Map(result.session)) : null;
  if (session?.id !== id)
    return result.kind === 'failed' ? result : { failure: 'no session came', again: true };
  memory.put(session);
  return null;
}
