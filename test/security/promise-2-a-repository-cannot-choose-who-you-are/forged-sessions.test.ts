import { describe, expect, it } from 'vitest';
import { temporaryEmulator } from '../../support/emulator.ts';
import { configAt, machine } from '../../support/session-runs.ts';

/**
 * Two services that know the same user by the same key, as another user's emulator may claim to.
 */
async function twoClouds() {
  const [real, forged] = [await temporaryEmulator(), await temporaryEmulator()];
  const jane = real.addUser({ account: '111122223333', name: 'jane' });
  const key = real.cloud.findKey(jane.accessKeyId)?.key;
  if (key !== undefined) forged.cloud.addUser({ account: '111122223333', name: 'jane' }).keys.push(key);
  for (const cloud of [real, forged]) cloud.addRole({ account: '444455556666', name: 'Dev' });
  return { real, forged, jane };
}

const profiles =
  '[profile dev]\nrole_arn = arn:aws:iam::444455556666:role/Dev\nsource_profile = me\n[profile me]';

describe('a session made at one endpoint is never used at another', () => {
  it('at a real endpoint after a forged one', async () => {
    const { real, forged, jane } = await twoClouds();
    const { get } = machine({ me: jane });
    const atForged = await get({ config: configAt(forged, profiles) });
    const atReal = await get({ config: configAt(real, profiles) });
    expect(atReal.accessKeyId).not.toBe(atForged.accessKeyId);
    expect(real.actions).toEqual(['AssumeRole']);
    const again = await get({ config: configAt(forged, profiles) });
    expect(again.accessKeyId).toBe(atForged.accessKeyId);
  });

  it('even if the environment named the endpoint', async () => {
    const { real, forged, jane } = await twoClouds();
    const { get } = machine({ me: jane });
    const config = configAt(real, profiles);
    const forgedOne = await get({ config, environment: { AWS_ENDPOINT_URL_STS: forged.url } });
    expect((await get({ config })).accessKeyId).not.toBe(forgedOne.accessKeyId);
    expect([forged.actions, real.actions]).toEqual([['AssumeRole'], ['AssumeRole']]);
  });
});
