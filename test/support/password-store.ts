import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TemporaryHome } from './temporary-home.ts';

/** A password store in the home, for a gpg key made for it, without a passphrase unless told. Returns the environment that finds both. */
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

/** A pinentry whose window is closed by the person; each run is noted. */
const cancelling = `#!/bin/sh
echo asked >>"$HOME/pinentry-asked"
echo "OK Pleased to meet you"
while read -r word rest; do
  case $word in
    GETPIN | CONFIRM) echo "ERR 83886179 Operation cancelled <Pinentry>" ;;
    BYE) echo OK && exit ;;
    *) echo OK ;;
  esac
done
`;

/** From now on gpg has forgotten the passphrase; who is asked for it says no, or nobody can be asked. */
export function lockPasswordStore(
  home: TemporaryHome,
  environment: Record<string, string>,
  pinentry: 'cancelled' | 'missing',
): void {
  const program = home.write('bin/pinentry-cancelling', cancelling, 0o755);
  const named = pinentry === 'cancelled' ? program : '/nonexistent/pinentry';
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
