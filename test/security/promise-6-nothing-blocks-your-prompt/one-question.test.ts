import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openCrowd, sortAsked } from '../../support/crowd.ts';

const toldWhere = /^- wait 0 asked on pts\/\d+\r?$/m;

describe.each(['on and stopped', 'off'] as const)('twelve hooks at once, the agent %s', (agent) => {
  it('many shells ask for one MFA code, and the others name the terminal', async () => {
    const crowd = await openCrowd(agent === 'off' ? 'off' : 'on');
    if (agent !== 'off') crowd.signalAgent('SIGSTOP');
    const { asked, told } = await sortAsked(await crowd.openLoads(12));
    expect(asked).toHaveLength(1);
    for (const { received } of told) expect(received).toMatch(toldWhere);
    asked[0]?.type(`${crowd.sandbox.mfaCode()}\r`);
    await asked[0]?.waitFor(/- ok \d+ staging/);
    await asked[0]?.exited;
    // The next prompt of a shell that had to wait.
    const environment = agent === 'off' ? { AWSH_AGENT: 'off' } : {};
    expect(await crowd.loadCold(crowd.staging, ['renew 1'], environment)).toMatch(/^- ok \d+ staging\n/);
    expect(crowd.sandbox.emulator.actions).toEqual(['AssumeRole']);
    expect(readdirSync(crowd.paths.leases)).toEqual([]);
  });
});

describe('a question without an agent', () => {
  it('answers every export and every refresh that waits for it', async () => {
    const { openLaunchers, openLoads, sandbox } = await openCrowd('off');
    const [first] = (await sortAsked(await openLaunchers(1, ['export', 'staging', '--format', 'env']))).asked;
    const waiting = [
      ...(await openLaunchers(2, ['export', 'staging', '--format', 'env'])),
      ...(await openLoads(2, ['refresh 1'])),
    ];
    await Promise.all(waiting.map((each) => each.waitFor(/wait/)));
    first?.type(`${sandbox.mfaCode()}\r`);
    const keys = await Promise.all(
      [first, ...waiting].map(
        async (each) => /ASIA.*/.exec((await each?.waitFor(/ASIA[A-Z0-9]+/)) ?? '')?.[0],
      ),
    );
    expect(new Set(keys).size).toBe(1);
    expect(sandbox.emulator.actions).toEqual(['AssumeRole']);
  });

  it('is asked although no lease can be written', async () => {
    const { openLoads, paths, sandbox } = await openCrowd('off');
    mkdirSync(paths.runtime, { recursive: true, mode: 0o700 });
    writeFileSync(paths.leases, '');
    const [asked] = (await sortAsked(await openLoads(1))).asked;
    asked?.type(`${sandbox.mfaCode()}\r`);
    expect(await asked?.waitFor(/- ok \d+ staging/)).toContain('fetched without a lock');
  });
});
