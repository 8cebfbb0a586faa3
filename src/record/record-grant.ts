import { join } from 'node:path';
import { isProtected, type Settings } from '../settings/index.ts';
import {
  type AppPaths,
  AwshError,
  type Clock,
  diskFault,
  errorCode,
  printable,
  shellWord,
} from '../system/index.ts';
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
    const { why, next } = faultOf(error, path);
    throw new AwshError(
      'other',
      `no credentials for profile ${JSON.stringify(printable(grant.profile ?? ''))}, because the log cannot be written`,
      `log = required, and ${printable(path)} is not usable: ${why}`,
      next ?? `ls -ld ${shellWord(path)} ${shellWord(paths.state)}`,
    );
  }
}

function isGuarded({ profile, inPlaceOf, account, role }: Grant, settings: Recorder['settings']): boolean {
  return [profile, inPlaceOf].some((name) =>
    isProtected(settings, { profile: name ?? '', account, roleArn: role }),
  );
}

/** What cannot be in the log's place is only looked at; what the disk refuses has its own command. */
function faultOf(error: unknown, path: string): { why: string; next: string | null } {
  const code = errorCode(error) ?? '';
  if (Object.hasOwn(notALog, code)) return { why: notALog[code] ?? code, next: null };
  const why = code !== '' ? code : error instanceof Error ? error.message : 'unknown';
  return diskFault(error, path) ?? { why, next: null };
}

const notALog: Readonly<Record<string, string>> = {
  ELOOP: 'it is a symbolic link',
  ENXIO: 'it is not a regular file',
  EISDIR: 'it is a folder',
};
