import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Misbehaviour } from '../../../src/demo/emulator/index.ts';
import { PersonNeededError } from '../../../src/system/index.ts';
import { keyIds, type RotationScene, rotationScene, works } from '../../support/rotations.ts';
import { nobody, type Person, person } from '../../support/session-runs.ts';

/*
 * A rotation whose network fails at each of its calls, briefly or permanently, before or after AWS
 * has acted. At every point, each item of the vault has a key that works, and the next run
 * completes the rotation.
 */

const plain = [
  'GetCallerIdentity',
  'ListAccessKeys',
  'CreateAccessKey',
  'UpdateAccessKey',
  'DeleteAccessKey',
];
const calls = {
  plain: [...plain.map((action) => ({ action, skip: 0 })), { action: 'GetCallerIdentity', skip: 1 }],
  mfa: [...plain, 'GetSessionToken'].map((action) => ({ action, skip: 0 })),
};

const points = (['plain', 'mfa'] as const).flatMap((kind) =>
  calls[kind].flatMap((call) =>
    (['refuse', 'cut'] as const).map((cut) => ({
      ...call,
      mfa: kind === 'mfa',
      cut,
      when: cut === 'cut' ? 'after' : 'before',
      user: kind === 'mfa' ? 'with MFA' : 'without MFA',
    })),
  ),
);
type Point = (typeof points)[number];

/** Has the MFA device, and answers no to everything. */
const holder = ({ user }: RotationScene, mfa: boolean): Person =>
  mfa ? person(...Array.from({ length: 4 }, () => () => user.code())) : nobody();

async function cutAt({ action, skip, cut, mfa }: Point, forGood: boolean) {
  const scene = await rotationScene({ mfa });
  const meanwhile = () => {
    if (forGood) scene.emulator.misbehave({ kind: 'refuse' });
  };
  const fault: Misbehaviour = { kind: cut, meanwhile };
  scene.emulator.misbehave({ ...fault, action, skip, times: 1 });
  const end = await scene.rotate('work', { prompter: holder(scene, mfa) }).then(
    () => null,
    (error: unknown) => error,
  );
  scene.emulator.behave();
  return { scene, end };
}

async function expectWorking(scene: RotationScene): Promise<void> {
  expect([await works(scene, 'work'), await works(scene, 'twin')]).toEqual([true, true]);
}

/** One key in every item, and no other keys. */
async function expectEnded(scene: RotationScene): Promise<void> {
  await expectWorking(scene);
  const ids = keyIds(scene);
  expect(ids).toHaveLength(1);
  expect(ids).not.toContain(scene.user.accessKeyId);
  const data = join(scene.home.path, '.local/share/awsh');
  const left = existsSync(join(data, 'rotations')) ? readdirSync(join(data, 'rotations')) : [];
  expect(left).toEqual([]);
  expect(readdirSync(join(data, 'vault')).filter((file) => file.startsWith('pending'))).toEqual([]);
}

/** Runs it again, and agrees to each question. */
async function again(scene: RotationScene, mfa: boolean): Promise<void> {
  const prompter = { ...holder(scene, mfa), canAsk: true, confirm: async () => true };
  await scene.rotate('work', { prompter });
}

describe.each(points)('$user, the network fails $when AWS did $action (call $skip of it)', (point) => {
  test('if it fails permanently, a working key is in the vault and the next attempt completes the rotation', async () => {
    const { scene, end } = await cutAt(point, true);
    expect(end).toMatchObject({ exitStatus: 9 });
    await expectWorking(scene);
    await again(scene, point.mfa);
    await expectEnded(scene);
  });

  test('if it fails for a moment, the rotation completes or reports that it has not', async () => {
    const { scene, end } = await cutAt(point, false);
    await expectWorking(scene);
    if (end !== null) {
      expect(end).toMatchObject({ exitStatus: 9 });
      await again(scene, point.mfa);
    }
    await expectEnded(scene);
  });

  test('a key that another program makes in the meantime is never deleted without asking', async () => {
    const { scene } = await cutAt(point, true);
    const user = scene.emulator.cloud.users[0];
    if (user === undefined || user.keys.length > 1) return;
    const theirs = scene.emulator.cloud.addKey(user);
    await scene
      .rotate('work', { prompter: { ...holder(scene, point.mfa), canAsk: point.mfa } })
      .catch(() => {});
    expect(keyIds(scene)).toContain(theirs.id);
    await expectWorking(scene);
  });
});

test('if only the user can decide, it reports this and decides nothing', async () => {
  const point = points.find(({ action, cut, mfa }) => action === 'CreateAccessKey' && cut === 'cut' && !mfa);
  if (point === undefined) throw new Error('there is such a point');
  const { scene } = await cutAt(point, true);
  const before = keyIds(scene);
  await expect(scene.rotate()).rejects.toBeInstanceOf(PersonNeededError);
  expect(keyIds(scene)).toEqual(before);
});
