import type { AwsFiles, Section } from './section.ts';

/** Every profile of the two files, the config file's first, in their order. */
export function profileNames(files: AwsFiles): string[] {
  return [...files.profiles.keys()];
}

/**
 * The profile of exactly this name, or null: the caller must refuse an unknown name, which never
 * becomes [default].
 */
export function findProfile(files: AwsFiles, name: string): Section | null {
  return files.profiles.get(name) ?? null;
}

/**
 * The names that the user may have meant, the most similar first: those that differ only in case,
 * then those that begin alike, then those a few keystrokes away (one for every three characters, at
 * least one).
 */
export function nearestNames(name: string, names: Iterable<string>, limit = 3): string[] {
  const wanted = name.toLowerCase();
  const farthest = Math.max(1, Math.floor(wanted.length / 3));
  const near: { name: string; distance: number }[] = [];
  for (const candidate of new Set(names)) {
    const distance = distanceTo(wanted, candidate.toLowerCase(), farthest);
    if (distance <= farthest) near.push({ name: candidate, distance });
  }
  near.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return near.slice(0, limit).map((it) => it.name);
}

/**
 * The known word of which `word` is a mistyped form: two keystrokes away, or one if it is short; or
 * null.
 */
export function slipOf(word: string, known: Iterable<string>): string | null {
  const farthest = word.length < 8 ? 1 : 2;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > farthest || candidate === word) continue;
    if (keystrokes(word, candidate) <= farthest) return candidate;
  }
  return null;
}

function distanceTo(wanted: string, candidate: string, farthest: number): number {
  if (candidate === wanted) return 0;
  const [short, long] = candidate.length < wanted.length ? [candidate, wanted] : [wanted, candidate];
  if (short.length >= 2 && long.startsWith(short)) return 0.5;
  return long.length - short.length > farthest ? Number.POSITIVE_INFINITY : keystrokes(wanted, candidate);
}

/** Characters inserted, deleted, replaced, or swapped with their neighbour (optimal string alignment distance). */
function keystrokes(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        replaced,
        (last[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        swapped ? (beforeLast[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
