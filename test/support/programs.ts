import { delimiter, join } from 'node:path';
import { isExecutable } from '../../src/system/find-program.ts';

/** Every program that a test needs and a new machine may lack. */
export const optionalPrograms = [
  'zsh',
  'fish',
  'dbus-run-session',
  'gnome-keyring-daemon',
  'dbus-monitor',
  'secret-tool',
  'pass',
  'gpg',
  'direnv',
  'mise',
  'tmux',
  'bwrap',
  'strace',
  'shellcheck',
  'shfmt',
  'moto_server',
  'aws',
  'python3',
  'fzf',
  'zoxide',
  'zenity',
  'Xvfb',
  'xdotool',
  'chromium',
  'setfacl',
  'socat',
  'ip',
  'awsh-go-client',
  'logger',
] as const;

export type OptionalProgram = (typeof optionalPrograms)[number];

/**
 * True if PATH has the program. Use it as `describe.skipIf(!has('zsh'))`. The run's first line
 * names missing programs.
 */
export function has(...programs: OptionalProgram[]): boolean {
  return programs.every((program) =>
    (process.env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, program))),
  );
}

export function missingPrograms(): string[] {
  return optionalPrograms.filter((program) => !has(program));
}
