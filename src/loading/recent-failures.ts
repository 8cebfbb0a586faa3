// What failed a moment ago, so that going back to a directory whose AWS does not answer does not wait for it again.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AppPaths,
  AwshError,
  AwsUnavailableError,
  type Clock,
  ensurePrivateDirectory,
  NetworkError,
  passesWithTime,
  readFileIfThere,
  writeFileAtomic,
} from '../system/index.ts';

/** For so long a failure is given again instead of tried again. */
const keptMs = 30_000;

/** Failed loads, by session id, in `$XDG_STATE_HOME/awsh/failed`; texts for the user, and no secret. */
export class RecentFailures {
  readonly #folder: string;
  readonly #clock: Clock;

  constructor(paths: Pick<AppPaths, 'state'>, clock: Clock) {
    this.#folder = join(paths.state, 'failed');
    this.#clock = clock;
  }

  /** The error with which this session failed a moment ago; null where it may be tried. */
  find(id: string): AwshError | null {
    try {
      const { at, kind, what, why } = JSON.parse(readFileIfThere(this.#file(id)) ?? 'null') ?? {};
      const age = this.#clock.now() - at;
      if (!(age >= 0 && age < keptMs) || typeof what !== 'string' || typeof why !== 'string') return null;
      const since = `${why}${why === '' ? '' : '; '}tried ${Math.floor(age / 1000)} s ago`;
      return kind === 'aws'
        ? new AwsUnavailableError('Unavailable', what, since, 'awsh refresh')
        : new NetworkError(what, since, 'awsh refresh');
    } catch {
      return null;
    }
  }

  /** Keeps what passes with time; a disk that refuses is no reason to fail otherwise. */
  note(id: string, error: unknown): void {
    if (!(error instanceof AwshError) || !passesWithTime(error) || error.failure === 'lock') return;
    try {
      ensurePrivateDirectory(this.#folder);
      this.#sweep();
      const kind = error instanceof AwsUnavailableError ? 'aws' : 'network';
      const failure = { at: this.#clock.now(), kind, what: error.what, why: error.why ?? '' };
      writeFileAtomic(this.#file(id), `${JSON.stringify(failure)}\n`);
    } catch {
      // Then it is tried again.
    }
  }

  forget(id: string): void {
    try {
      rmSync(this.#file(id), { force: true });
    } catch {
      // It is too old soon.
    }
  }

  #sweep(): void {
    for (const name of readdirSync(this.#folder)) if (this.find(name) === null) this.forget(name);
  }

  #file(id: string): string {
    return join(this.#folder, id);
  }
}
