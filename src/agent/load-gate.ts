// While there is no agent, the loads of other shells wait for this one; the shells' side is in
// shell/awsh-join.bash.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type AppPaths, readChecked } from '../system/index.ts';

/**
 * Lets the others continue: their session is now in the agent, or the user is about to be asked.
 */
export function leaveLoadGate({ leases }: Pick<AppPaths, 'leases'>): void {
  const gate = join(leases, 'load');
  try {
    const leader = readChecked(gate, { follow: false, largest: 20 }).toString('latin1');
    if (Number(leader) === process.pid) rmSync(gate, { force: true });
  } catch {
    // Usually there is no such file.
  }
}
