import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TemporaryHome } from './temporary-home.ts';

/** The passphrase for a key that should have one. */
export const storePassphrase = 'passphrase of the gpg key';

/**
 * A password store in the home, with a new gpg key, by default without a passphrase. Returns the
 * environment that finds both.
 */
export function makePasswordStore(home: TemporaryHome, passphrase = ''): Record<string, string> {
  const environment = { ...home.environment, GNUPGHOME: join(home.path, 'gpg') };
  mkdirSync(environment.GNUPGHOME, { mode: 0o700 });
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { env: environment, stdio: 'pipe' });
  run(
    'gpg',
    '--batch',
    '--pinentry-mode',
    'loopback',
    '--passphrase',
    passphrase,
    '--quick-generate-key',
    'test@example.com',
    'default',
    'default',
    'never',
  );
  run('pass', 'init', 'test@example.com');
  return environment;
}

/** A pinentry with this reply to its question. It records each run. */
const pinentryWith = (reply: string) => `#!/bin/sh
echo asked >>"$HOME/pinentry-asked"
echo "OK Pleased to meet you"
while read -r word rest; do
  case $word in
    GETPIN | CONFIRM) ${reply} ;;
    BYE) echo OK && exit ;;
    *) echo OK ;;
  esac
done
`;

const replies = {
  cancelled: 'echo "ERR 83886179 Operation cancelled <Pinentry>"',
  given: `echo "D ${storePassphrase}" && echo OK`,
} as const;

/**
 * From now on, gpg has forgotten the passphrase. Its pinentry refuses or gives it, or gpg cannot
 * ask.
 */
export function lockPasswordStore(
  home: TemporaryHome,
  environment: Record<string, string>,
  pinentry: 'cancelled' | 'given' | 'missing',
): void {
  const named =
    pinentry === 'missing'
      ? '/nonexistent/pinentry'
      : home.write(`bin/pinentry-${pinentry}`, pinentryWith(replies[pinentry]), 0o755);
  home.write('gpg/gpg-agent.conf', `pinentry-program ${named}\n`);
  stopPasswordStore(environment);
}

/** How often the pinentry of {@link lockPasswordStore} was run. */
export function timesAsked(home: TemporaryHome): number {
  const notes = join(home.path, 'pinentry-asked');
  return existsSync(notes) ? readFileSync(notes, 'utf8').split('\n').length - 1 : 0;
}

/** Ends the agent that gpg started for this store. */
export function stopPasswordStore(environment: Record<string, string>): void {
  execFileSync('gpgconf', ['--kill', 'all'], { env: environment, stdio: 'pipe' });
}
