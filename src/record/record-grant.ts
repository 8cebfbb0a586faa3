import { join } from 'node:path';
import { isProtected, type Settings } from '../settings/index.ts';
import { type AppPaths, AwshError, type Clock, errorCode, printable, shellWord } from '../system/index.ts';
import { type Caller, type Grant, grantText } from './grant.ts';
import { appendLine, logName } from './grant-log.ts';
import { sendToSyslog } from './syslog.ts';

/** The services for writing the log. */
export interface Recorder {
  readonly paths: Pick<AppPaths, 'state'>;
  readonly settings: Pick<Settings, 'log' | 'logDirectories' | 'logTo' | 'protected'>;
  readonly clock: Clock;
  /** True for the agent, which creates no folder. */
  readonly isAgent?: boolean;
}

/**
 * Writes a grant to the log before its credentials are given: every path out of awsh calls this. An
 * error is ignored, unless the settings have `log = required` and the profile is protected: then
 * throws AwshError (exit 1), and nothing is given.
 */
export function recordGrant(
  { paths, settings, clock, isAgent = false }: Recorder,
  grant: Grant,
  caller: Caller,
): void {
  if (settings.log === 'off') return;
  const now = clock.now();
  try {
    const text = grantText(grant, caller, { now, showDirectory: settings.logDirectories });
    if (settings.logTo === 'syslog') sendToSyslog(text);
    appendLine({ folder: paths.state, makesFolder: !isAgent }, text, now);
  } catch (error) {
    if (grant.refused !== null || settings.log !== 'required' || !isGuarded(grant, settings)) return;
    const path = join(paths.state, logName);
    throw new AwshError(
      'other',
      `no credentials for profile ${JSON.stringify(printable(grant.profile ?? ''))}, because the log cannot be written`,
      `log = required, and ${printable(path)} is not usable: ${reasonOf(error)}`,
      `ls -ld ${shellWord(path)} ${shellWord(paths.state)}`,
    );
  }
}

function isGuarded({ profile, inPlaceOf, account, role }: Grant, settings: Recorder['settings']): boolean {
  return [profile, inPlaceOf].some((name) =>
    isProtected(settings, { profile: name ?? '', account, roleArn: role }),
  );
}

function reasonOf(error: unknown): string {
  const reasons: Readonly<Record<string, string>> = {
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk is full',
    EROFS: 'the file system is read-only',
    EACCES: 'access is denied',
    ELOOP: 'it is a symbolic link',
    ENXIO: 'it is not a regular file',
    EISDIR: 'it is a folder',
  };
  const code = errorCode(error);
  if (code !== null) return reasons[code] ?? code;
  return error instanceof Error ? error.message : 'unknown';
}
