import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

it('doctor gives a command that removes only the byte order mark', async () => {
  const home = temporaryHome();
  const text = '[default]\nregion = eu-west-1\n';
  const path = home.write('.aws/config', `\ufeff${text}`);
  chmodSync(path, 0o600);
  const environment = { ...home.environment, AWSH_BACKEND: 'file' };
  const { out } = await runHere(['doctor', '--offline', '--json'], environment);
  const findings: { what: string; next: string }[] = JSON.parse(out).findings;
  const found = findings.find(({ what }) => what.includes('byte order mark'));
  execFileSync('/bin/sh', ['-c', found?.next ?? 'false']);
  expect(readFileSync(path, 'utf8')).toBe(text);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});
