import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { isStateName } from '../../src/shell/index.ts';
import type { TemporaryHome } from './temporary-home.ts';
import type { ShellName } from './terminal.ts';

/*
 * The real hook files, in a package whose launcher is a small script. It answers `_load` with
 * canned replies, named after the directory (the nearest part of its path that has one) or
 * `pin-PROFILE`, and records the requests.
 */

export interface HookPackage {
  path: string;
  launcher: string;
  /** The line for the rc file. */
  source: Record<ShellName, string>;
  /**
   * The reply to `_load`; `status` is the launcher's exit status, `before` is shell code that it
   * runs first.
   */
  answer(name: string, reply: string, options?: { status?: number; before?: string }): void;
  /** The requests so far, oldest first. */
  requests(): string[];
  /** The other command lines so far. */
  commands(): string[];
}

/** The files of the three hooks in the folder `shell`. */
export function hookFileNames(): string[] {
  return readdirSync(join(import.meta.dirname, '../../shell')).filter((name) => name.startsWith('awsh'));
}

export function hookPackage(home: TemporaryHome): HookPackage {
  const path = join(home.path, 'package');
  const replies = join(path, 'replies');
  const launcher = join(path, 'bin/awsh');
  for (const folder of ['shell', 'bin', 'replies']) mkdirSync(join(path, folder), { recursive: true });
  for (const file of hookFileNames()) {
    copyFileSync(join(import.meta.dirname, '../../shell', file), join(path, 'shell', file));
  }
  writeFileSync(launcher, launcherScript(path));
  chmodSync(launcher, 0o755);
  const logged = (name: string, end: string) =>
    existsSync(join(path, name)) ? readFileSync(join(path, name), 'utf8').split(end).slice(0, -1) : [];
  return {
    path,
    launcher,
    source: {
      bash: `source ${path}/shell/awsh.bash`,
      zsh: `source ${path}/shell/awsh.zsh`,
      fish: `source ${path}/shell/awsh.fish`,
    },
    answer(name, reply, { status = 0, before = '' } = {}) {
      writeFileSync(join(replies, name), reply);
      writeFileSync(join(replies, `${name}.sh`), `${before}\nstatus=${status}\n`);
    },
    requests: () => logged('requests', '\n--\n'),
    commands: () => logged('commands', '\n'),
  };
}

const launcherScript = (path: string) => `#!/bin/bash -p
cd / && path=${path}
if [[ $1 != _load ]]; then
  printf '%s\\n' "$*" >>"$path/commands"
  [[ ! -f $path/replies/command.sh ]] || source "$path/replies/command.sh"
  exit "\${status:-0}"
fi
printf '%s\\n--\\n' "$AWSH_REQUEST" >>"$path/requests"
name=default cwd= pin= lines=$AWSH_REQUEST
while IFS= read -r line; do
  case $line in 'cwd '*) cwd=\${line#cwd } ;; 'pin '*) pin=\${line#pin } ;; esac
done <<<"$lines"
while [[ $cwd ]]; do
  if [[ -f $path/replies/\${cwd##*/} ]]; then name=\${cwd##*/}; break; fi
  cwd=\${cwd%/*}
done
[[ -z $pin ]] || name=pin-$pin
[[ ! -f $path/replies/$name.sh ]] || source "$path/replies/$name.sh"
if [[ -f $path/replies/$name ]]; then
  # Without a child: bash 5.2 was once seen to hang, busy, when ^C had ended one that was not cat yet.
  IFS= read -r -d '' lines <"$path/replies/$name"
  printf %s "$lines"
fi
exit "\${status:-0}"
`;

export interface Loaded {
  /** Seconds from now until the keys expire; 0 for keys without an expiration. */
  expiresIn?: number;
  /** RENEW, in seconds from now; 0 for never. */
  renewIn?: number;
  region?: string;
  /** More lines, before `end`. */
  lines?: string[];
}

/** Node's answer with credentials for a profile. The key id is ASIA and the profile's name. */
export function loadedReply(profile: string, options: Loaded = {}): string {
  const { expiresIn = 3050, renewIn = 0, region, lines = [] } = options;
  const now = Math.floor(Date.now() / 1000);
  const expires = now + expiresIn;
  return replyText([
    `- ok ${renewIn ? now + renewIn : 0} ${profile}`,
    `set AWS_ACCESS_KEY_ID ASIA${profile.toUpperCase()}`,
    `set AWS_SECRET_ACCESS_KEY secret/of+${profile}`,
    `set AWS_SESSION_TOKEN token/of+${profile}==`,
    ...(expiresIn === 0 ? [] : [`set AWS_CREDENTIAL_EXPIRATION ${new Date(expires * 1000).toISOString()}`]),
    ...(expiresIn === 0 ? [] : [`set AWSH_EXPIRES ${expires}`]),
    ...(region ? [`set AWS_REGION ${region}`, `set AWS_DEFAULT_REGION ${region}`] : []),
    `set AWSH_PROFILE ${profile}`,
    `set AWSUME_PROFILE ${profile}`,
    'unset AWS_PROFILE',
    'unset AWS_DEFAULT_PROFILE',
    ...lines,
  ]);
}

/**
 * A reply without credentials: `deny`, `blocked`, `person`…, with a label, which is also the state
 * if it is one, and with why and next.
 */
export function emptyReply(
  status: string,
  label: string,
  { reason = `why ${label}`, next = 'awsh refresh' }: { reason?: string; next?: string } = {},
  renew = 0,
): string {
  if (status === 'none') return replyText([`- none ${renew} ${label}`]);
  const state = isStateName(label) ? label : 'blocked';
  return replyText([`- ${status} ${renew} ${label}`, `state ${state}`, `reason ${reason}`, `next ${next}`]);
}

export function replyText(lines: string[]): string {
  return `${[...lines, 'end'].join('\n')}\n`;
}
