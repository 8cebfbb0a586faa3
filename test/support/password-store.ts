import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { TemporaryHome } from './temporary-home.ts';

/** A password store in the home, for a gpg key without a passphrase made for it. Returns the environment that finds both. */
export function makePasswordStore(home: TemporaryHome): Record<string, string> {
  const environment = { ...home.environment, GNUPGHOME: join(home.path, 'gpg') };
  mkdirSync(environment.GNUPGHOME, { mode: 0o700 });
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { env: environment, stdio: 'pipe' });
  run(
    'gpg',
    '--batch',
    '--passphrase',
    '',
    '--quick-generate-key',
    'test@example.com',
    'default',
    'default',
    'never',
  );
  run('pass', 'init', 'test@example.com');
  return environment;
}

/** Ends the agent that gpg started for this store. */
export function stopPasswordStore(environment: Record<string, string>): void {
  execFileSync('gpgconf', ['--kill', 'all'], { env: environment, stdio: 'pipe' });
}
