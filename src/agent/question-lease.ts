// The lease of a question: tells all commands where the user is being asked for a code, with or
// without an agent.
import { join } from 'node:path';
import type { OpenQuestion } from '../sessions/index.ts';
import { Lease, type LeaseHolder, printable } from '../system/index.ts';
import { flightMs } from './flights.ts';

export function questionLease(folder: string, id: string): Lease {
  return new Lease(join(folder, id), flightMs.person);
}

/** Null if this command must ask, or if the disk cannot tell others. */
export async function takeQuestion(
  lease: Lease,
  terminal: string | null,
  { byUser, onUnavailable }: OpenQuestion,
): Promise<LeaseHolder | null> {
  try {
    const where = printable(terminal ?? 'another terminal').replace(/^\/dev\//, '');
    return await lease.take(byUser ? where.slice(0, 30) : null);
  } catch (error) {
    onUnavailable(error);
    return null;
  }
}
