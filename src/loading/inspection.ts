import type { DirectoryFile, TrustDecision } from '../directory/index.ts';
import { identityOf, type PlanIdentity, planFor } from '../sessions/index.ts';
import { AwshError } from '../system/index.ts';
import type { LoadServices } from './load-services.ts';

/** A directory file held against what its profile stands for now, and against what the person decided. */
export interface Inspection {
  /** Null where no plan can be made; `fault` says why. */
  readonly identity: PlanIdentity | null;
  readonly fault: string;
  readonly decision: TrustDecision;
}

/** Looks, and loads nothing. */
export function inspectDirectoryFile(
  file: DirectoryFile,
  profile: string,
  services: Pick<LoadServices, 'awsFiles' | 'keys' | 'trust'>,
): Inspection {
  const found = planIdentity(file, profile, services);
  return { ...found, decision: services.trust.decision(file, found.identity) };
}

function planIdentity(
  { region }: DirectoryFile,
  profile: string,
  { awsFiles, keys }: Pick<LoadServices, 'awsFiles' | 'keys'>,
): Pick<Inspection, 'identity' | 'fault'> {
  try {
    const files = awsFiles();
    const plan = planFor({ files, profile, keys: keys(), environment: {}, directoryRegion: region });
    return { identity: identityOf(plan, files), fault: '' };
  } catch (error) {
    if (!(error instanceof AwshError)) throw error;
    return { identity: null, fault: error.what };
  }
}
