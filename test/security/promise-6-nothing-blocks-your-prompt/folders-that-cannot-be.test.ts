import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processJson, script } from '../../support/command-files.ts';
import { packageFolder } from '../../support/run-awsh.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

/*
 * Folders of awsh that cannot be made. In /proc, as with an automounter, mkdir(2) returns ENOENT
 * below a folder that exists, and Node's recursive mkdir then never returns.
 */

type Home = ReturnType<typeof temporaryHome>;

const places: readonly (readonly [string, (home: Home) => Record<string, string>])[] = [
  ['XDG_STATE_HOME below /proc', () => ({ XDG_STATE_HOME: '/proc/none' })],
  ['XDG_CACHE_HOME below /proc', () => ({ XDG_CACHE_HOME: '/proc/none' })],
  ['XDG_RUNTIME_DIR below /proc', () => ({ XDG_RUNTIME_DIR: '/proc/none' })],
  ['a home in /proc', ({ path }) => ({ HOME: '/proc/self', ...awsFiles(path) })],
  ['a home that is /dev/null', ({ path }) => ({ HOME: '/dev/null', ...awsFiles(path) })],
  ['XDG_STATE_HOME that is a file', ({ write }) => ({ XDG_STATE_HOME: write('state-file', '') })],
  [
    'XDG_STATE_HOME that is a loop of links',
    ({ path }) => {
      symlinkSync('loop', join(path, 'loop'));
      return { XDG_STATE_HOME: join(path, 'loop') };
    },
  ],
];

function awsFiles(path: string): Record<string, string> {
  return {
    AWS_CONFIG_FILE: join(path, '.aws/config'),
    AWS_SHARED_CREDENTIALS_FILE: join(path, '.aws/credentials'),
  };
}

function homeWith(changes: (home: Home) => Record<string, string>) {
  const home = temporaryHome();
  const program = script(home.path, 'creds', `cat <<'END'\n${processJson()}\nEND`);
  home.write('.aws/config', `[profile plain]\ncredential_process = ${program}\nregion = eu-west-1\n`);
  const environment: Record<string, string> = { ...home.environment, ...changes(home) };
  if (environment.HOME !== home.path)
    for (const name of Object.keys(environment)) if (name.startsWith('XDG_')) delete environment[name];
  return (words: readonly string[], agent: string) => {
    const env = { ...environment, PATH: '/usr/bin:/bin', AWSH_AGENT: agent };
    const { status, stdout, stderr } = spawnSync(join(packageFolder, 'bin/awsh'), words, {
      env,
      cwd: home.path,
      encoding: 'utf8',
      timeout: 60_000,
    });
    return { status, out: stdout, err: stderr };
  };
}

describe.each(places)('%s', (_, changes) => {
  it.each(['on', 'off'])('does not keep credentials from a command, with the agent %s', (agent) => {
    const run = homeWith(changes);
    const { status, out, err } = run(['exec', 'plain', '--', 'printenv', 'AWS_ACCESS_KEY_ID'], agent);
    expect({ status, out }, err).toEqual({ status: 0, out: expect.stringMatching(/^A[SK]IA\w+\n$/) });
    const lines = err.split('\n').filter((line) => line && !line.startsWith('awsh: no keychain: '));
    expect(lines).toEqual([expect.stringMatching(/^awsh: this session is /)]);
  });

  it('does not stop doctor, and other verbs end with three lines', () => {
    const run = homeWith(changes);
    const doctor = run(['doctor', '--offline'], 'off');
    expect(doctor.out, doctor.err).toMatch(/problem|note/);
    const { status, err } = run(['lock'], 'off');
    if (status !== 0) expect(err).toMatch(/^awsh: .+\n {2}why: {2}.+\n {2}next: \S.*\n$/);
  });
});
