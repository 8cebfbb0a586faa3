import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Lease, watchedProcess } from '../../src/system/index.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const longestMs = 60_000;

function leaseIn() {
  const path = join(temporaryHome().path, 'leases/one');
  mkdirSync(dirname(path), { mode: 0o700 });
  return { path, lease: new Lease(path, longestMs) };
}

/** Another process that has the lease, as it would have written it. */
function heldByAnother(path: string, changes: { started?: string; terminal?: string } = {}) {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const pid = child.pid ?? 0;
  const { started = watchedProcess(pid)?.started, terminal = 'pts/3' } = changes;
  writeFileSync(path, `${pid}\n${started}\n${terminal}\n`, { mode: 0o600 });
  return { pid, kill: () => new Promise((resolve) => child.once('exit', resolve).kill('SIGKILL')) };
}

describe('a lease', () => {
  it('is taken by one process, which can take it again, and is released', async () => {
    const { path, lease } = leaseIn();
    expect(await lease.take('pts/1')).toBeNull();
    expect(await lease.take('pts/1')).toBeNull();
    expect(lease.holder()).toBeNull();
    lease.release();
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  it('names its holder and the terminal, and cannot be taken or released by others', async () => {
    const { path, lease } = leaseIn();
    const { pid } = heldByAnother(path);
    expect(await lease.take('pts/1')).toMatchObject({ pid, terminal: 'pts/3' });
    lease.release();
    expect(lease.holder()).toMatchObject({ pid, terminal: 'pts/3' });
  });

  it('names no terminal if the user is not asked', () => {
    const { path, lease } = leaseIn();
    heldByAnother(path, { terminal: '-' });
    expect(lease.holder()?.terminal).toBeNull();
  });

  it('ends with its holder, however that ends', async () => {
    const { path, lease } = leaseIn();
    const holder = heldByAnother(path);
    await holder.kill();
    expect(await lease.take(null)).toBeNull();
  });

  it('does not belong to a later process with the same id', async () => {
    const { path, lease } = leaseIn();
    heldByAnother(path, { started: '1' });
    expect(await lease.take(null)).toBeNull();
  });

  it.each([-longestMs, longestMs])('does not count %i ms from now', async (age) => {
    const { path, lease } = leaseIn();
    heldByAnother(path);
    const then = (Date.now() + age * 1.5) / 1000;
    utimesSync(path, then, then);
    expect(await lease.take(null)).toBeNull();
  });

  it.each(['', 'x\n', '0\n1\npts/3\n', '1\n1\n\u001b[31m\n', `${'1'.repeat(600)}\n1\n-\n`])(
    'is taken over if the file says %j',
    async (text) => {
      const { path, lease } = leaseIn();
      writeFileSync(path, text, { mode: 0o600 });
      expect(await lease.take(null)).toBeNull();
    },
  );

  it('is not read through a link, nor from a file that others can read', () => {
    const { path, lease } = leaseIn();
    heldByAnother(`${path}.real`);
    symlinkSync(`${path}.real`, path);
    expect(lease.holder()).toBeNull();
    const open = leaseIn();
    heldByAnother(open.path);
    chmodSync(open.path, 0o644);
    expect(open.lease.holder()).toBeNull();
  });

  it('throws if the disk refuses it', async () => {
    const { path } = leaseIn();
    writeFileSync(path, '', { mode: 0o600 });
    await expect(new Lease(join(path, 'below'), longestMs).take(null)).rejects.toThrow();
  });
});
