import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runInstalled } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/** A home whose profile `plain` has a program, with the state folder that `make` creates. */
function homeWith(make: (state: string) => void, more: Record<string, string> = {}) {
  const home = temporaryHome();
  const keys = '{"Version":1,"AccessKeyId":"AKIAEXAMPLE000001234","SecretAccessKey":"X"}';
  home.write('tool', `#!/bin/sh\necho '${keys}'\n`, 0o755);
  home.write('.aws/config', `[profile plain]\nregion = eu-west-1\ncredential_process = ${home.path}/tool\n`);
  const state = join(home.environment.XDG_STATE_HOME ?? join(home.path, '.local/state'), 'awsh');
  mkdirSync(dirname(state), { recursive: true });
  make(state);
  const environment = { ...home.environment, AWSH_BACKEND: 'file', AWSH_AGENT: 'off', ...more };
  return { state, run: (...words: string[]) => runInstalled(words, environment) };
}

const faults: [what: string, make: (state: string) => void][] = [
  ['a link to nowhere', (state) => symlinkSync('/nonexistent/awsh', state)],
  [
    'in a folder that is a link to nowhere',
    (state) => {
      rmSync(dirname(state), { recursive: true });
      symlinkSync('/nonexistent/state', dirname(state));
    },
  ],
  [
    'with files in the place of its folders',
    (state) => {
      mkdirSync(state, { mode: 0o700 });
      for (const name of ['locks', 'leases']) writeFileSync(join(state, name), '');
    },
  ],
];

describe('a state folder', () => {
  it.each(faults)('that is %s does not stop credentials', async (_, make) => {
    const { run } = homeWith(make);
    const { status, out, err } = await run('exec', 'plain', '--', 'printenv', 'AWS_ACCESS_KEY_ID');
    expect({ status, out }).toEqual({ status: 0, out: 'AKIAEXAMPLE000001234\n' });
    expect(err).toMatch(/^(awsh: this session is fetched without a lock, .*\n)?$/);
  });

  it.each(faults.slice(0, 2))('that is %s: lock puts its mark in the runtime folder', async (_, make) => {
    const { run } = homeWith(make);
    const { status, err } = await run('lock');
    expect(status, err).toBe(0);
    expect(err).toMatch(/^awsh: the mark of the lock is in ~\/run\/awsh\/locked: .+ cannot be written/m);
    expect((await run('exec', 'plain', '--', 'true')).status).toBe(5);
    expect((await run('unlock')).status).toBe(0);
    expect((await run('exec', 'plain', '--', 'true')).status).toBe(0);
  });

  it.each(faults.slice(0, 2))('that is %s, and no runtime folder: awsh is not locked', async (_, make) => {
    const { run } = homeWith(make, { XDG_RUNTIME_DIR: '' });
    const { status, err } = await run('lock');
    expect(status).toBe(1);
    expect(err).toMatch(/^awsh: awsh is not locked.*\n {2}why: .*\n {2}next: \S.*\n$/);
  });

  it('whose mark of a lock is a folder is locked, and unlock ends it', async () => {
    const { run } = homeWith((state) => {
      mkdirSync(join(state, 'locked'), { recursive: true });
      chmodSync(state, 0o700);
    });
    expect((await run('lock')).status).toBe(0);
    expect((await run('exec', 'plain', '--', 'true')).status).toBe(5);
    expect((await run('unlock')).status).toBe(0);
    expect((await run('exec', 'plain', '--', 'true')).status).toBe(0);
  });
});
