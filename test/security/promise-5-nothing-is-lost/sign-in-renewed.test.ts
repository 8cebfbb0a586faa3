import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { corpHome } from '../../support/corp-home.ts';
import { canBreakDisks, openParents, runFaulty } from '../../support/faulty-disk.ts';
import { packageFolder, runInstalled } from '../../support/run-awsh.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const words = ['export', 'corp', '--format', 'json', '--no-session'];

describe.skipIf(!canBreakDisks)('a one-time refresh token, on a disk that refuses', () => {
  it.each([
    ['a full disk', { prepare: 'full "$HOME_PATH"' }],
    ['a cache that is read-only', { prepare: 'chmod 0555 "$HOME_PATH/.aws/sso/cache"' }],
    ['RLIMIT_FSIZE of 0', { limit: 'ulimit -f 0' }],
  ])('%s: it is not used; a token that is still valid is used', async (name, fault) => {
    const corp = await corpHome(120);
    const [home, results] = [temporaryHome(), temporaryHome()];
    openParents(home.path);
    const place = {
      seed: corp.home.path,
      home: home.path,
      results: results.path,
      environment: home.environment,
    };
    const run = () => runFaulty(place, { name, ...fault }, { words, folder: '.' });
    expect(await run()).toMatchObject({ status: 0, out: expect.stringContaining('"AccessKeyId": "ASIA') });
    const { refreshToken } = corp.leave(-60);
    const { status, err } = await run();
    expect(err).toMatch(
      /^awsh: the sign-in to the session corp cannot be renewed from here\n {2}why: .* cannot be written: /,
    );
    expect(status).toBe(6);
    expect(corp.renewals()).toBe(0);
    expect(corp.signIns.refreshTokens.has(refreshToken)).toBe(true);
  });
});

describe('a renewal that is killed', () => {
  it('leaves the file complete, and the next command renews', async () => {
    const corp = await corpHome(-60);
    const before = readFileSync(corp.path, 'utf8');
    // Killed before AWS has the request, so the refresh token is still valid.
    const slow = corp.emulator.misbehave({ kind: 'hang', action: 'CreateToken' });
    const child = spawn(join(packageFolder, 'bin/awsh'), words, { env: corp.environment, detached: true });
    await expect.poll(() => corp.renewals(), { timeout: 60_000 }).toBe(1);
    process.kill(-Number(child.pid), 'SIGKILL');
    await once(child, 'close');
    slow();
    expect(readFileSync(corp.path, 'utf8')).toBe(before);
    const { status } = await runInstalled(words, corp.environment);
    expect(status).toBe(0);
    expect(readdirSync(dirname(corp.path))).toHaveLength(1);
  });
});
