import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, utimesSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { appPaths } from '../../src/system/index.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/** The id of a process that has ended. */
const dead = spawnSync('/bin/true').pid;

const key = 'AKIAIOSFODNN7EXAMPLE';

/** Files that killed shells and commands have left, and similar files that are still in use. */
function leftovers() {
  const home = temporaryHome();
  const { state, runtime, locks, leases, vault } = appPaths(home.environment);
  const write = (path: string, text: string) => home.write(path.slice(home.path.length + 1), text);
  const random = '0123456789abcdef';
  const old = (path: string) => {
    utimesSync(path, 1_000_000, 1_000_000);
    return path;
  };
  const page = `${runtime}/sign-in-${'ab'.repeat(16)}`;
  mkdirSync(page, { recursive: true, mode: 0o700 });
  write(`${page}/awsh.html`, key);
  const left = [
    write(`${locks}/vault-index.lock`, `${dead}\n`),
    write(`${locks}/aws-files.clearing`, `${dead}\n`),
    old(write(`${leases}/${'c'.repeat(64)}`, `${dead}\n12345\npts/7\n`)),
    write(`${vault}/.item.jwe.${dead}.${random}`, key),
    write(`${state}/.recent.${dead}.${random}`, key),
    old(write(`${state}/failed/${'d'.repeat(64)}`, '{}')),
    write(`${runtime}/job-${dead}/agent`, 'x'),
    old(page),
  ];
  const kept = [
    write(`${locks}/rotate.lock`, `${process.pid}\n`),
    write(`${leases}/${'e'.repeat(64)}`, `${process.pid}\n12345\npts/7\n`),
    write(`${vault}/.item.jwe.${process.ppid}.${random}`, key),
    write(`${vault}/.notes`, key),
    write(`${runtime}/job-${process.pid}/agent`, 'x'),
    write(`${state}/failed/${'f'.repeat(64)}`, '{}'),
  ];
  return { home, left, kept };
}

describe('files that killed processes have left', () => {
  it('are removed by the next command, and nothing that is in use', async () => {
    const { home, left, kept } = leftovers();
    const { status, err } = await runInstalled(['version'], {
      ...home.environment,
      PATH: process.env.PATH ?? '',
      AWSH_AGENT: 'off',
    });
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(left.filter(existsSync)).toEqual([]);
    expect(kept.filter((path) => !existsSync(path))).toEqual([]);
  });
});
