import type { AwsFiles } from '../profiles/index.ts';
import type { Settings } from '../settings/index.ts';
import type { ShellState } from '../shell/index.ts';
import type { AppPaths, Clock, Environment } from '../system/index.ts';
import type { BackendHealth, KeyRecord } from '../vault/index.ts';
import type { Finding } from './finding.ts';
import type { HookReport } from './hook-report.ts';

/** The start-up files to which `awsh setup` adds its block. */
export interface StartUp {
  readonly shell: string;
  /** Usually one; a null text is a missing file. */
  readonly files: readonly StartUpFile[];
}

export interface StartUpFile {
  readonly path: string;
  /** Its bytes, one character each. */
  readonly text: string | null;
}

/**
 * The input of all checks. What is null could not be read: its own check reports why, and the
 * others skip it.
 */
export interface Scene {
  readonly environment: Environment;
  readonly paths: AppPaths;
  readonly clock: Clock;
  readonly platform: NodeJS.Platform;
  readonly node: { readonly version: string; readonly path: string };
  /** The running package: its folder, and its version. */
  readonly packageFolder: string;
  readonly version: string;
  /** True if the user asked at a shell's prompt, false in a script. */
  readonly atPrompt: boolean;
  /**
   * The state of the calling shell; and what its directory asks for, if a pinned or switched-off
   * shell ignores it.
   */
  readonly shell: ShellState;
  readonly ignoredDirectory: string | null;
  /** The hook's report about the calling shell; null without a hook. */
  readonly hook: HookReport | null;
  readonly startUp: StartUp | null;
  readonly settings: Settings | null;
  readonly files: AwsFiles | null;
  /** The index of stored keys. */
  readonly keys: readonly KeyRecord[];
  /** Throws what choosing a backend throws. */
  readonly backend: () => Promise<BackendHealth>;
  /** False with `--offline`: no network access. */
  readonly online: boolean;
}

/** One check. It must change nothing, ask nothing, and open no secret. */
export interface Check {
  /** For `--json`: it never changes. */
  readonly name: string;
  run(scene: Scene): Finding[] | Promise<Finding[]>;
}
