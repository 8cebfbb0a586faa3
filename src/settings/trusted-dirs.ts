import { realpathSync } from 'node:fs';
import { pathBelow, type ValueRule } from './setting-values.ts';

/**
 * `trusted_dirs = PATH: PROFILE, PROFILE`: these profiles, and no others, load below this folder
 * without asking.
 */
export interface TrustedDir {
  /** Absolute, as written; links in it are resolved at each load. */
  readonly path: string;
  readonly profiles: readonly string[];
}

/**
 * One entry. A tree that contains the whole home, or everything, would trust each clone in it, so
 * `/`, the home and the folders above it are refused (security rule 3).
 */
export function trustedDirRule(home: string): ValueRule<TrustedDir> {
  return {
    allowed:
      'PATH: PROFILE, PROFILE… with the exact names of profiles, and a folder below your home or beside it',
    read(value) {
      const [, written = '', names = ''] = /^(.+?):\s+(.+)$/.exec(value) ?? [];
      const path = pathBelow(home).read(written.trim());
      const profiles = names.split(',').map((name) => name.trim());
      if (path === undefined || profiles.some((name) => name === '' || /[*?]/.test(name))) return undefined;
      return holds(path, home) || holds(resolved(path), resolved(home)) ? undefined : { path, profiles };
    },
  };
}

/** Compares whole components. */
function holds(folder: string, path: string): boolean {
  return `${path}/`.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path; // it does not exist (now), so it covers nothing
  }
}
