import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Secret } from '../../../src/system/index.ts';
import {
  type KillableProgram,
  type KilledRun,
  type KillPoint,
  killableProgram,
} from '../../support/killed-process.ts';
import { keyIds, type RotationScene, rotationScene, works } from '../../support/rotations.ts';
import { nobody } from '../../support/session-runs.ts';
import type { TemporaryHome } from '../../support/temporary-home.ts';

/*
 * A rotation in a separate process, killed with SIGKILL at each of its steps: before and after AWS
 * acts on each call, and before and after each change of a file of the vault, the index or the
 * journal. The product has no code for this: the emulator kills it at the n-th call, and a
 * preloaded module at the n-th change of a file.
 */

const program = `
import { heldVault, rotationRun } from './test/support/rotation-process.ts';
import { rotateKey } from './src/rotation/index.ts';
const home = { environment: process.env };
const vault = heldVault(home, Buffer.from(process.env.TEST_HELD_KEY, 'hex'));
await rotateKey('work', rotationRun(home, vault));
`;

const calls = [
  { action: 'GetCallerIdentity', skip: 0 },
  { action: 'ListAccessKeys', skip: 0 },
  { action: 'CreateAccessKey', skip: 0 },
  { action: 'GetCallerIdentity', skip: 1 },
  { action: 'UpdateAccessKey', skip: 0 },
  { action: 'DeleteAccessKey', skip: 0 },
];

/**
 * The changes that a rotation makes to files, in this order. AWS makes the new key between the
 * first and the second.
 */
const fileSteps = [
  'rename rotations/OLD.json',
  'rename vault/pending-key.OLD.jwe',
  'rename rotations/OLD.json',
  'rename vault/access-key.work.jwe',
  'rename vault/access-key.twin.jwe',
  'rename index.json',
  'unlink vault/session.dev.jwe',
  'rename index.json',
  'unlink vault/pending-key.OLD.jwe',
  'rm rotations/OLD.json',
];

const readable = (step: string) =>
  step.replace('.local/share/awsh/', '').replace(/AKIA\w{16}|%41%4B%49%41[^.]+/, 'OLD');

let rotation: KillableProgram;
let killOnCall = () => {};

beforeAll(() => {
  rotation = killableProgram(program);
});
afterAll(() => rotation.remove());

function rotateInProcess(scene: RotationScene, kill?: KillPoint): Promise<KilledRun> {
  scene.emulator.calls.length = 0;
  return rotation.run(scene.home, {
    ...(kill && { kill }),
    environment: { TEST_HELD_KEY: Buffer.from(scene.held).toString('hex') },
    onStart: (kill) => {
      killOnCall = kill;
    },
  });
}

/** A scene with a stored session of a role, too. */
async function sceneWithSession(): Promise<RotationScene> {
  const scene = await rotationScene();
  const expires = new Date(Date.now() + 3_600_000);
  const record = {
    id: 'dev',
    profile: 'dev',
    kind: 'AssumeRole',
    expires,
    accountId: null,
    roleArn: null,
  } as const;
  const [secretAccessKey, sessionToken] = [new Secret('s'), new Secret('t')];
  const session = { secretAccessKey, sessionToken, expiration: expires, accountId: null, arn: null };
  await scene.vault().storeSession(record, { ...session, accessKeyId: 'ASIAIOSFODNN7EXAMPLE' });
  return scene;
}

/**
 * Checks the invariants after the kill at any step, and then runs the rotation again. It asks only
 * if AWS has made a key whose secret did not reach the vault.
 */
async function expectRecovery(scene: RotationScene, secretIsLost: boolean): Promise<void> {
  expect([await works(scene, 'work'), await works(scene, 'twin')]).toEqual([true, true]);
  let asked = 0;
  const confirm = async () => {
    asked += 1;
    return true;
  };
  await scene.rotate('work', { prompter: { ...nobody(), canAsk: true, confirm } });
  expect(asked).toBe(secretIsLost ? 1 : 0);
  expect([await works(scene, 'work'), await works(scene, 'twin')]).toEqual([true, true]);
  expect(scene.vault().sessions()).toEqual([]);
  expect(keyIds(scene)).toHaveLength(1);
  expect(leftovers(scene.home)).toEqual([]);
}

function leftovers(home: TemporaryHome): string[] {
  const data = join(home.path, '.local/share/awsh');
  const files = readdirSync(data, { recursive: true, encoding: 'utf8' });
  // A killed write leaves an encrypted file `.NAME.RANDOM`, which nothing uses.
  return files.filter((file) => /(rotations|vault)\/(AKIA|pending)/.test(file));
}

test('an uninterrupted rotation takes just these steps', async () => {
  const scene = await sceneWithSession();
  const { killed, steps } = await rotateInProcess(scene);
  expect(killed).toBe(false);
  expect(steps.map(readable)).toEqual(fileSteps);
  expect(scene.emulator.actions).toEqual(calls.map(({ action }) => action));
});

describe.each(['before', 'after'] as const)('killed %s', (when) => {
  test.each(calls)('AWS acts on $action (call $skip of it)', async ({ action, skip }) => {
    const scene = await sceneWithSession();
    const kind = when === 'before' ? 'refuse' : 'cut';
    scene.emulator.misbehave({ kind, action, skip, times: 1, meanwhile: () => killOnCall() });
    expect((await rotateInProcess(scene)).killed).toBe(true);
    await expectRecovery(scene, action === 'CreateAccessKey' && when === 'after');
  });

  test.each(fileSteps.map((what, step) => ({ what, step })))('$what (step $step)', async ({ step }) => {
    const scene = await sceneWithSession();
    expect((await rotateInProcess(scene, { step, when })).killed).toBe(true);
    await expectRecovery(scene, step === 1 && when === 'before');
  });
});
