// Runs awsh on a failing disk. Each run has its own mount and process namespace, in which the home
// is a new copy
// of a prepared one, and belongs to a user whom file modes restrict. Everything is gone after the
// run.
import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageFolder } from './run-awsh.ts';

/** A way in which the disk, or the home, fails. */
export interface Fault {
  readonly name: string;
  /**
   * Shell commands run by root before the command; `$HOME_PATH` is the home, and `full PATH` and
   * `no_inodes PATH` can be used.
   */
  readonly prepare?: string;
  /** Shell commands run by the user before the command: limits. */
  readonly limit?: string;
  /** Environment variables to replace; undefined unsets one. */
  readonly environment?: (home: string) => Readonly<Record<string, string | undefined>>;
  readonly uid?: number;
}

export interface FaultyRun {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  /** Paths below the working directory that the command made. */
  readonly madeBelow: readonly string[];
  /** `PATH SUM` of all files in the home, without bookkeeping files, before and after. */
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface FaultyCommand {
  readonly words: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Below the home; `work` by default. */
  readonly folder?: string;
  readonly input?: string;
}

/** True if such runs are possible: Linux, and root who may mount. */
export const canBreakDisks =
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  spawnSync('unshare', ['-mpf', '--mount-proc', 'true']).status === 0;

export const ordinaryUser = 65534;

const script = String.raw`
set -e
full() {
  mkdir "$RESULT/copy"; cp -a "$1/." "$RESULT/copy/"
  mount -t tmpfs -o size=12m none "$1"
  cp -a "$RESULT/copy/." "$1/"; rm -rf "$RESULT/copy"
  cat /dev/zero >"$1/.fill" 2>/dev/null || true
}
no_inodes() {
  mkdir "$RESULT/copy"; cp -a "$1/." "$RESULT/copy/"
  mount -t tmpfs -o size=12m,nr_inodes=2k none "$1"
  cp -a "$RESULT/copy/." "$1/"; rm -rf "$RESULT/copy"
  mkdir "$1/.fill"
  ( n=0; while true; do n=$((n + 1)); true >"$1/.fill/$n" || break; done ) 2>/dev/null
}
mount -t tmpfs -o size=32m none "$HOME_PATH"
cp -a "$SEED/." "$HOME_PATH/"
chown -R "$RUN_UID:$RUN_UID" "$HOME_PATH"
eval "$PREPARE"
look() {
  cd "$HOME_PATH"
  find . \( -name .fill -o -path './.cache/*' -o -path './.run/*' -o -path '*/awsh/locks' -o -path './.local/state/*' \) -prune \
    -o -type f -print0 2>/dev/null | sort -z | xargs -0r sha256sum
}
look >"$RESULT/before"
find "$HOME_PATH/$FOLDER" | sort >"$RESULT/below-before"
cd "$HOME_PATH/$FOLDER"
# A limit on files is none for a pipe. Both readers are waited for: this shell's end is theirs.
exec 3> >(cat >"$RESULT/out"); out=$!
exec 4> >(cat >"$RESULT/err"); err=$!
set +e
setpriv --reuid="$RUN_UID" --regid="$RUN_UID" --clear-groups env -i "$@" <"$RESULT/input" 1>&3 2>&4 3>&- 4>&-
echo $? >"$RESULT/status"
exec 3>&- 4>&-
wait "$out" "$err"
set -e
look >"$RESULT/after"
find "$HOME_PATH/$FOLDER" | sort >"$RESULT/below-after"
wait
`;

/**
 * Runs a program, or bin/awsh if the first word is a verb, in a copy of the prepared home `seed`,
 * at `home`.
 */
export async function runFaulty(
  place: { seed: string; home: string; results: string; environment: Readonly<Record<string, string>> },
  fault: Fault,
  command: FaultyCommand,
): Promise<FaultyRun> {
  const result = join(place.results, `${++runs}`);
  mkdirSync(result, { recursive: true });
  writeFileSync(join(result, 'input'), command.input ?? '');
  const environment = { ...place.environment, ...command.environment, ...fault.environment?.(place.home) };
  const variables = Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
  const launcher = join(packageFolder, 'bin/awsh');
  const words = command.words[0]?.startsWith('/') ? command.words : [launcher, ...command.words];
  const child = spawn(
    'unshare',
    [
      ...['-mpf', '--mount-proc', '--kill-child', 'bash', '-c', script, 'bash', ...variables],
      ...['setsid', '-w', 'bash', '-c', `${fault.limit ?? ':'}; exec "$@"`, 'bash', ...words],
    ],
    {
      env: {
        PATH: process.env.PATH ?? '',
        SEED: place.seed,
        HOME_PATH: place.home,
        RESULT: result,
        FOLDER: command.folder ?? 'work',
        PREPARE: fault.prepare ?? ':',
        RUN_UID: String(fault.uid ?? ordinaryUser),
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let trouble = '';
  child.stderr.on('data', (text) => {
    trouble += text;
  });
  await new Promise((resolve) => child.once('close', resolve));
  const read = (name: string) => readFileSync(join(result, name), 'utf8');
  const lines = (name: string) => read(name).split('\n').filter(Boolean);
  try {
    const below = new Set(lines('below-before'));
    return {
      status: Number(read('status')),
      out: read('out'),
      err: read('err'),
      madeBelow: lines('below-after').filter((path) => !below.has(path)),
      before: lines('before'),
      after: lines('after'),
    };
  } catch {
    throw new Error(`the fault could not be made: ${trouble}`);
  }
}

let runs = 0;

/** Gives the user access to all folders down to the home. */
export function openParents(home: string): void {
  chmodSync(dirname(home), 0o755);
}
