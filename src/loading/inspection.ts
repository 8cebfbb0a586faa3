import type { DirectoryFile, TrustDecision } from '../directory/index.ts';
import type { PlanIdentity } from '../sessions/index.ts';
import { AwshError } from '../system/index.ts';
import { directoryNarrowing } from './directory-narrowing.ts';
import type { LoadServices } from './load-services.ts';
import { nextCommand } from './next-command.ts';
import { profilePlan } from './profile-plan.ts';

/**
 * A directory file compared with the present meaning of its profile and with the user's decision
 * about it.
 */
export interface Inspection {
  /** Null if no plan can be made; `fault` is then the reason. */
  readonly identity: PlanIdentity | null;
  readonly fault: string;
  /** The command that fixes the fault, or null. */
  readonly faultNext: string | null;
  readonly decision: TrustDecision;
}

/** Inspects a directory file without loading anything. */
export function inspectDirectoryFile(
  file: DirectoryFile,
  profile: string,
  services: Pick<LoadServices, 'awsFiles' | 'keys' | 'trust'>,
): Inspection {
  const found = planIdentity(file, profile, services);
  return { ...found, decision: services.trust.decision(file, found.identity) };
}

function planIdentity(
  file: DirectoryFile,
  profile: string,
  services: Pick<LoadServices, 'awsFiles' | 'keys'>,
): Omit<Inspection, 'decision'> {
  const { region, path } = file;
  try {
    const narrowing = directoryNarrowing(file);
    return {
      identity: profilePlan({ kind: 'directory', profile, region, narrowing }, services).identity,
      fault: '',
      faultNext: null,
    };
  } catch (error) {
    if (!(error instanceof AwshError)) throw error;
    return { identity: null, fault: error.what, faultNext: nextCommand(error, path) };
  }
}
