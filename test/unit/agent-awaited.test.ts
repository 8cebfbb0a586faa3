import { describe, expect, it, onTestFinished } from 'vitest';
import { AwaitedSignIns } from '../../src/agent/awaited-sign-ins.ts';
import { Flights } from '../../src/agent/flights.ts';
import { keptSession, sessionLines } from '../../src/agent/kept-session.ts';
import type { RenewalUse } from '../../src/agent/renewal-use.ts';
import { SessionMemory } from '../../src/agent/session-memory.ts';
import type { WorkerResult } from '../../src/agent/worker-protocol.ts';
import { readAwsFiles } from '../../src/profiles/index.ts';
import { planFor } from '../../src/sessions/index.ts';
import { appPaths, Secret } from '../../src/system/index.ts';
import { corpHome } from '../support/corp-home.ts';
import { handClocks } from '../support/hand-clocks.ts';

/** An agent's memory, and a shell that asks for `corp` without a sign-in. */
async function setting(answer: 'session' | 'refused' = 'session') {
  const corp = await corpHome(null);
  const { HOME = '' } = corp.environment;
  const clocks = handClocks();
  const memory = new SessionMemory<RenewalUse>(clocks);
  const files = readAwsFiles(appPaths(corp.environment));
  const plan = planFor({ files, profile: 'corp', keys: [], environment: {} });
  const id = plan.sessionIds.at(-1) ?? '';
  const tasks: string[] = [];
  let isLocked = false;
  const run = async (): Promise<WorkerResult> => {
    tasks.push(id);
    if (answer === 'refused') return { kind: 'failed', failure: 'AWS refused', again: false };
    const kept = keptSession(id, 'corp', {
      accessKeyId: 'ASIA',
      secretAccessKey: new Secret('secret'),
      sessionToken: new Secret('token'),
      expiration: new Date(clocks.now() + 3600_000),
      accountId: null,
      arn: null,
    });
    if (kept === null) throw new Error('always kept');
    return { kind: 'session', session: sessionLines(kept) };
  };
  const flights = new Flights(clocks);
  const services = { clocks, memory, flights, vaultKeys: new Map(), run, note: () => {} };
  const awaited = new AwaitedSignIns({ ...services, isLocked: () => isLocked });
  onTestFinished(() => awaited.end());
  const use: RenewalUse = { profile: 'corp', surroundings: { HOME }, environment: {}, options: {} };
  const ask = (wasTried = false) => awaited.add(plan, use, wasTried);
  // The clocks begin in 2030.
  const signIn = () => corp.leave(3600, { expiresAt: '2030-06-01T00:00:00Z' });
  const has = () => expect.poll(() => memory.get(id, 60) !== null).toBe(true);
  return { corp, clocks, memory, id, tasks, awaited, ask, signIn, has, lock: () => (isLocked = true) };
}

describe('sign-ins that shells wait for', () => {
  it('are noticed in their file, whichever program writes it, and the session is fetched once', async () => {
    const it = await setting();
    it.ask();
    expect([it.awaited.look(), it.tasks]).toEqual([0, []]);
    it.signIn();
    expect(it.awaited.look()).toBe(1);
    await it.has();
    expect([it.awaited.look(), it.tasks]).toEqual([0, [it.id]]);
  });

  it('are not considered complete if the file is unusable', async () => {
    const it = await setting();
    it.ask();
    it.corp.leave(-60, { refreshToken: undefined });
    expect(it.awaited.look()).toBe(0);
    it.signIn();
    expect(it.awaited.look()).toBe(1);
  });

  it('are noticed if they happen between two requests of a shell', async () => {
    const it = await setting();
    it.signIn();
    it.ask();
    expect(it.tasks).toEqual([]);
    it.ask(true);
    await it.has();
  });

  it('are forgotten an hour after the last request, and while awsh is locked', async () => {
    const [old, locked] = [await setting(), await setting()];
    for (const it of [old, locked]) it.ask();
    old.clocks.pass(3601_000);
    old.awaited.look();
    locked.lock();
    for (const it of [old, locked]) {
      it.signIn();
      expect(it.awaited.look()).toBe(0);
      expect(it.tasks).toEqual([]);
    }
  });

  it('do not fetch again what AWS refused', async () => {
    const it = await setting('refused');
    it.ask();
    it.signIn();
    it.awaited.look();
    await expect.poll(() => it.awaited.look()).toBe(0);
    expect(it.tasks).toEqual([it.id]);
  });
});
