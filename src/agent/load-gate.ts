// The loads of other shells wait for this one while there is no agent; shell/awsh-join.bash has their side of it.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type AppPaths, readChecked } from '../system/index.ts';

/** Lets them go on: what they want is in the agent now, or a user is about to be asked. */
export function leaveLoadGate({ leases }: Pick<AppPaths, 'leases'>): void {
  const gate = join(leases, 'load');
  try {
    const leader = readChecked(gate, { follow: false, largest: 20 }).toString('latin1');
    if (Number(leader) === process.pid) rmSync(gate, { force: true });
  } catch {
    // There is none, as mostly.
  }
}
