import { AwshError, printable } from '../system/index.ts';
import { type Finding, problem } from './finding.ts';
import type { Check, Scene } from './scene.ts';

/** A group of checks. */
export interface Section {
  readonly title: string;
  readonly checks: readonly Check[];
}

/** The findings of a check; empty if there are none. */
export interface Examined {
  readonly section: string;
  readonly check: string;
  readonly findings: readonly Finding[];
}

/** The time limit of each check, in milliseconds. All run at once. */
const longestMs = 5_000;

/**
 * Runs every check. One that throws, or takes too long, is reported as such and does not stop the
 * others.
 */
export async function examine(
  sections: readonly Section[],
  scene: Scene,
  limitMs = longestMs,
): Promise<Examined[]> {
  const examined = await Promise.all(
    sections.flatMap(({ title, checks }) =>
      checks.map(async (check) => ({
        section: title,
        check: check.name,
        findings: await findingsOf(check, scene, limitMs),
      })),
    ),
  );
  return withoutRepeated(examined, scene.paths.home);
}

/** Two checks may report the same line: that is one problem, and counts once. */
function withoutRepeated(examined: readonly Examined[], home: string): Examined[] {
  const seen = new Set<string>();
  return examined.map((it) => {
    const findings = it.findings.filter(({ level, next }) => {
      const line = level === 'problem' ? lineToEdit(next, home) : null;
      return line === null || !seen.has(line);
    });
    for (const { level, next } of findings) {
      const line = level === 'problem' ? lineToEdit(next, home) : null;
      if (line !== null) seen.add(line);
    }
    return { ...it, findings };
  });
}

/** The part `+4 /home/jane/.aws/config` of a command that opens a file at a line. */
function lineToEdit(next: string | null, home: string): string | null {
  const [, line, path] = /^\S+ (\+\d+) (.+)$/.exec(next ?? '') ?? [];
  return path === undefined ? null : `${line} ${path.replace(/^~(?=\/)/, home)}`;
}

async function findingsOf(check: Check, scene: Scene, limitMs: number): Promise<readonly Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding[]>((resolve) => {
    const finding = problem(`${check.name}: no result`, `it took more than ${limitMs / 1000} seconds`, null);
    timer = setTimeout(() => resolve([finding]), limitMs);
  });
  try {
    return await Promise.race([(async () => check.run(scene))(), late]);
  } catch (error) {
    return [failure(check, error)];
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The message of an error that is not awsh's own may quote its input, so only its kind is shown.
 */
function failure({ name }: Check, error: unknown): Finding {
  if (error instanceof AwshError) return problem(error.what, error.why ?? null, error.next ?? null);
  const code = error instanceof Error && 'code' in error ? ` ${printable(String(error.code))}` : '';
  const kind = error instanceof Error ? `${printable(error.name)}${code}` : 'an error';
  return problem(`${name}: this could not be checked`, `${kind} inside awsh`, null);
}
