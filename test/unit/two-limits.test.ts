import { describe, expect, it } from 'vitest';
import { limitedPlan } from '../../src/commands/plan-limits.ts';
import { protectionOfWish } from '../../src/loading/protection.ts';
import { planFor } from '../../src/sessions/index.ts';
import { parseSettings } from '../../src/settings/index.ts';
import { awsFiles, storedKeys } from '../support/plans.ts';

const config = `[profile me]
[profile readonly]
role_arn = arn:aws:iam::777788889999:role/reader
source_profile = me
`;

describe('a read-only profile in place of another one', () => {
  it.each([
    ['admin max=20m, readonly max=40m', 1200],
    ['admin max=40m, readonly max=20m', 1200],
    ['admin, readonly max=40m', 2400],
    ['admin, readonly', null],
  ])('gets the shorter time of the two: protected = %s', async (entries, seconds) => {
    const settings = parseSettings(`protected = ${entries}\n`, '/h/config', '/h');
    const request = {
      files: awsFiles(config),
      keys: storedKeys('me'),
      environment: {},
      profile: 'readonly',
    };
    const plan = { ...planFor(request), inPlaceOf: 'admin' };
    const identity = { profile: 'readonly', account: null, role: null } as never;
    expect(protectionOfWish(plan, identity, { settings })?.maxSeconds).toBe(seconds);
    const context = { settings: async () => settings, clock: { now: () => 0 } } as never;
    const { box } = await limitedPlan(context, null, request, plan);
    expect(box?.seconds ?? null).toBe(seconds);
  });
});
