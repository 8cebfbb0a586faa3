import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Writes a shell script into the folder and returns its path in a form for `credential_process`.
 */
export function script(folder: string, name: string, body: string): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
  return path;
}

/** What a `credential_process` prints, as JSON. */
export function processJson(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    Version: 1,
    AccessKeyId: 'ASIAPROCESS000000000',
    SecretAccessKey: 'process-secret',
    SessionToken: 'process-token',
    Expiration: new Date(Date.now() + 3600_000).toISOString(),
    ...changes,
  });
}
