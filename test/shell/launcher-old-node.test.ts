import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryHome } from '../support/temporary-home.ts';

it.each([
  ['18.20.4', 1],
  ['20.18.1', 1],
  ['20.19.0', 0],
  ['22.0.0', 0],
])('the launcher tells what it needs under Node %s if that is too old', (version, status) => {
  const home = temporaryHome();
  const pretend = home.write(
    'pretend.cjs',
    `Object.defineProperty(process.versions, 'node', { value: '${version}' });`,
  );
  const entry = join(import.meta.dirname, '../../dist/awsh.cjs');
  const result = spawnSync(process.execPath, ['--require', pretend, entry, '--version'], {
    encoding: 'utf8',
  });
  expect(result.status).toBe(status);
  if (status === 1) {
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(3);
    expect(result.stderr).toContain('Node 20.19 or newer');
  }
});
