import type { AwsFiles } from '../profiles/index.ts';
import type { Settings } from '../settings/index.ts';
import type { ShellState } from '../shell/index.ts';
import type { AppPaths, Clock, Environment } from '../system/index.ts';
import type { BackendHealth, KeyRecord } from '../vault/index.ts';
import type { Finding } from './finding.ts';
import type { HookReport } from './hook-report.ts';

/** The start-up files that `awsh setup` gives its block to. */
export interface StartUp {
  readonly shell: string;
  /** One, as a rule; null texts are files that are not there. */
  readonly files: readonly StartUpFile[];
}

export interface StartUpFile {
  readonly path: string;
  /** Its bytes, one character each. */
  readonly text: string | null;
}

/** All that the checks look at. What is null is broken itself, and the check of it says so; the others pass over it. */
export interface Scene {
  readonly environment: Environment;
  readonly paths: AppPaths;
  readonly clock: Clock;
  readonly platform: NodeJS.Platform;
  readonly node: { readonly version: string; readonly path: string };
  /** The package that answers: its folder, and its version. */
  readonly packageFolder: string;
  readonly version: string;
  /** True where a person asked at a shell's prompt, false in a script. */
  readonly atPrompt: boolean;
  /** The state of the shell that asks; and what its directory asks for, if a pinned or switched-off shell ignores it. */
  readonly shell: ShellState;
  readonly ignoredDirectory: string | null;
  /** What the hook says of the shell that asks; null where no hook passed the question on. */
  readonly hook: HookReport | null;
  readonly startUp: StartUp | null;
  readonly settings: Settings | null;
  readonly files: AwsFiles | null;
  /** The index of stored keys. */
  readonly keys: readonly KeyRecord[];
  /** Throws what choosing a backend throws. */
  readonly backend: () => Promise<BackendHealth>;
  /** False with `--offline`: then no network is touched. */
  readonly online: boolean;
}

/** One thing that is looked at. A check changes nothing, asks nobody, and opens no secret. */
export interface Check {
  /** For `--json`: it stays what it is. */
  readonly name: string;
  run(scene: Scene): Finding[] | Promise<Finding[]>;
}
