/** Finds a key in a backend that is not in use, by the index alone. */
import type { AppPaths } from '../system/index.ts';
import { expectedBackend } from './backend-choice.ts';
import { IndexFile } from './index-file.ts';
import { type BackendName, backendNames } from './records.ts';
import type { VaultSettings } from './settings.ts';

export interface KeyElsewhere {
  /** The backend that has the profile's key. */
  readonly backend: BackendName;
  /** The backend that awsh uses. */
  readonly used: BackendName;
  /** True if the backend in use has keys that the other one does not have. */
  readonly usedHasMore: boolean;
}

/** Null if no other backend has a key for this profile, or if the backend in use has it. */
export function keyElsewhere(profile: string, paths: AppPaths, settings: VaultSettings): KeyElsewhere | null {
  const index = new IndexFile(paths).read();
  const used = expectedBackend(settings, index);
  const namesIn = (name: BackendName) => index.backends[name].keys.map((key) => key.profile);
  if (used === null || namesIn(used).includes(profile)) return null;
  const backend = backendNames.find((name) => namesIn(name).includes(profile));
  if (backend === undefined) return null;
  const there = namesIn(backend);
  return { backend, used, usedHasMore: namesIn(used).some((name) => !there.includes(name)) };
}
