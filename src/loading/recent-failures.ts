// Remembers recent failures, so that returning to a directory whose AWS endpoint does not answer
// does not wait again.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AppPaths,
  AwshError,
  AwsUnavailableError,
  type Clock,
  ensurePrivateDirectory,
  NetworkError,
  NoCredentialsError,
  passesWithTime,
  readFileIfThere,
  writeFileAtomic,
} from '../system/index.ts';

/** In milliseconds. A failure this recent is returned again instead of trying again. */
const keptMs = 30_000;

/**
 * In milliseconds. If a profile's command took this long and gave no credentials, it is not run
 * again at once.
 */
const slowMs = 1000;

/**
 * Failed loads by the plan's id, in the runtime folder `failed` or, if that cannot be written, in
 * the state folder. The files contain texts for the user and no secrets.
 */
export class RecentFailures {
  readonly #folders: readonly string[];
  readonly #clock: Clock;

  constructor({ runtime, state }: Pick<AppPaths, 'runtime' | 'state'>, clock: Clock) {
    this.#folders = [...new Set([runtime, state])].map((folder) => join(folder, 'failed'));
    this.#clock = clock;
  }

  /** The recent error of this plan; null if it may be tried. */
  find(id: string): AwshError | null {
    for (const folder of this.#folders) {
      const error = this.#read(join(folder, id));
      if (error !== null) return error;
    }
    return null;
  }

  /**
   * Stores failures that pass with time, and a slow command's failure. Any other result removes the
   * stored one. Errors of the disk are ignored.
   */
  note(id: string, error: unknown, tookMs: number): void {
    if (!(error instanceof AwshError) || error.failure === 'lock') return;
    this.forget(id);
    if (!passesWithTime(error) && !(error.failure === 'noCredentials' && tookMs >= slowMs)) return;
    const kind = error instanceof AwsUnavailableError ? 'aws' : error.failure;
    const failure = { at: this.#clock.now(), kind, what: error.what, why: error.why ?? '' };
    for (const folder of this.#folders) if (this.#write(folder, id, failure)) return;
  }

  forget(id: string): void {
    for (const folder of this.#folders) removeNote(join(folder, id));
  }

  #read(file: string): AwshError | null {
    try {
      const { at, kind, what, why } = JSON.parse(readFileIfThere(file) ?? 'null') ?? {};
      const age = this.#clock.now() - at;
      if (!(age >= 0 && age < keptMs) || typeof what !== 'string' || typeof why !== 'string') return null;
      const since = `${why}${why === '' ? '' : '; '}tried ${Math.floor(age / 1000)} s ago`;
      if (kind === 'aws') return new AwsUnavailableError('Unavailable', what, since, 'awsh refresh');
      if (kind === 'network') return new NetworkError(what, since, 'awsh refresh');
      return new NoCredentialsError(what, since, 'awsh refresh');
    } catch {
      return null;
    }
  }

  #write(folder: string, id: string, failure: unknown): boolean {
    try {
      ensurePrivateDirectory(folder);
      for (const name of readdirSync(folder)) {
        const file = join(folder, name);
        if (this.#read(file) === null) removeNote(file);
      }
      writeFileAtomic(join(folder, id), `${JSON.stringify(failure)}\n`);
      return true;
    } catch {
      return false;
    }
  }
}

function removeNote(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It will expire soon.
  }
}
