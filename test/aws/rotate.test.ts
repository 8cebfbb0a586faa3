import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dueKeys, type RotationRun } from '../../src/rotation/index.ts';
import { type AwshError, Secret } from '../../src/system/index.ts';
import { rotationRun } from '../support/rotation-process.ts';
import { keyIds, rotationScene, works } from '../support/rotations.ts';
import { nobody, person } from '../support/session-runs.ts';

const rotationCalls = [
  'GetCallerIdentity',
  'ListAccessKeys',
  'CreateAccessKey',
  'GetCallerIdentity',
  'UpdateAccessKey',
  'DeleteAccessKey',
];

/** Answers yes or no to every question. */
function answering(answer: boolean) {
  const questions: string[] = [];
  const told: string[] = [];
  const confirm = async (question: string) => {
    questions.push(question);
    return answer;
  };
  return {
    ...nobody(),
    canAsk: true,
    confirm,
    questions,
    told,
    tell: (line: string) => void told.push(line),
  };
}

test('a rotated key is new, works, and is in every item that had the old one', async () => {
  const scene = await rotationScene();
  const { profiles, oldKeyId, newKeyId } = await scene.rotate();
  expect(profiles).toEqual(['work', 'twin']);
  expect(oldKeyId).toBe(scene.user.accessKeyId);
  expect(keyIds(scene)).toEqual([newKeyId]);
  expect([await works(scene, 'work'), await works(scene, 'twin')]).toEqual([true, true]);
  expect(scene.vault().keys()).toMatchObject([{ accessKeyId: newKeyId }, { accessKeyId: newKeyId }]);
  expect(await scene.vault().pendingKey(oldKeyId)).toBeNull();
  expect(scene.emulator.actions).toEqual(rotationCalls);
});

test('a key that AWS does not know: the next command names the profile', async () => {
  const scene = await rotationScene();
  for (const user of scene.emulator.cloud.users) user.keys.length = 0;
  await expect(scene.rotate('dev')).rejects.toMatchObject({
    what: expect.stringContaining('AWS does not know access key'),
    next: expect.stringMatching(/store a key that works: awsh add work$/),
  });
});

test('rotating a role rotates the key of its source', async () => {
  const scene = await rotationScene();
  const { profiles } = await scene.rotate('dev');
  expect(profiles).toEqual(['work', 'twin']);
  expect(scene.emulator.actions).toEqual(rotationCalls);
});

test('sessions of the old key are removed, also those of roles that began with it, and no others', async () => {
  const scene = await rotationScene();
  const expires = new Date(Date.now() + 3_600_000);
  const session = { secretAccessKey: new Secret('s'), sessionToken: new Secret('t'), expiration: expires };
  for (const profile of ['work', 'dev', 'other']) {
    await scene
      .vault()
      .storeSession(
        { id: profile, profile, kind: 'AssumeRole', expires, accountId: null, roleArn: null },
        { ...session, accessKeyId: 'ASIAIOSFODNN7EXAMPLE', accountId: null, arn: null },
      );
  }
  await scene.rotate();
  expect(
    scene
      .vault()
      .sessions()
      .map(({ id }) => id),
  ).toEqual(['other']);
});

test('with an MFA device the code is asked for once, and IAM gets a session made with it', async () => {
  const scene = await rotationScene({ mfa: true });
  const prompter = person(scene.user.code());
  await scene.rotate('dev', { prompter });
  expect(prompter.asked).toHaveLength(1);
  expect(scene.emulator.actions.slice(0, 3)).toEqual([
    'GetCallerIdentity',
    'GetSessionToken',
    'ListAccessKeys',
  ]);
  const iam = scene.emulator.calls.filter(({ service }) => service === 'iam');
  expect(iam.map(({ accessKeyId }) => accessKeyId?.slice(0, 4))).toEqual(['ASIA', 'ASIA', 'ASIA', 'ASIA']);
  expect(await works(scene, 'work')).toBe(true);
  expect(keyIds(scene)).toHaveLength(1);
});

test('a rotation does not start if the user cannot be asked for the MFA code', async () => {
  const scene = await rotationScene({ mfa: true });
  await expect(scene.rotate()).rejects.toMatchObject({ exitStatus: 6 });
  expect(keyIds(scene)).toEqual([scene.user.accessKeyId]);
});

test('--no-session signs with the key itself', async () => {
  const scene = await rotationScene({ mfa: true });
  await scene.rotate('dev', { noSession: true });
  expect(scene.emulator.actions).toEqual(rotationCalls);
});

test('rotate waits until AWS accepts the new key, and keeps the old key until then', async () => {
  const scene = await rotationScene();
  scene.emulator.cloud.keySettleTime = 1500;
  await scene.rotate();
  expect(scene.emulator.actions.filter((action) => action === 'GetCallerIdentity').length).toBeGreaterThan(2);
  expect(await works(scene, 'work')).toBe(true);
});

test('if AWS does not accept the new key in time, the vault keeps both keys and the next rotate completes it', async () => {
  const scene = await rotationScene();
  scene.emulator.cloud.keySettleTime = 60_000;
  await expect(scene.rotate('work', { patienceMs: 600 })).rejects.toMatchObject({
    exitStatus: 8,
    next: 'try again in a minute: awsh rotate work',
  });
  expect(await works(scene, 'work')).toBe(true);
  expect(await scene.vault().pendingKey(scene.user.accessKeyId)).not.toBeNull();
  scene.emulator.cloud.clockOffset += 61_000;
  const { newKeyId } = await scene.rotate();
  expect(keyIds(scene)).toEqual([newKeyId]);
  expect(scene.emulator.actions.filter((action) => action === 'CreateAccessKey')).toHaveLength(1);
});

test('two keys already: both are shown with age and last use, and what removes the other; nothing is changed', async () => {
  const scene = await rotationScene();
  const user = scene.emulator.cloud.users[0];
  if (user === undefined) throw new Error('there is a user');
  const other = scene.emulator.cloud.addKey(user);
  await expect(scene.rotate()).rejects.toMatchObject({
    exitStatus: 1,
    what: `${scene.user.arn} has two access keys already, and AWS allows no third`,
    next: `remove the other one: awsh exec --no-session work -- aws iam delete-access-key --access-key-id ${other.id}`,
  });
  const [ours, theirs, hint] = scene.said;
  expect(ours).toMatch(
    /^AKIA\w{16} \(active\), made \d+s ago, last used \d+s ago with iam; stored for work, twin$/,
  );
  expect(theirs).toMatch(/ \(active\), made \d+s ago, never used; stored for nothing in this vault$/);
  expect(theirs).toContain(other.id);
  expect(hint).toContain(`update-access-key --status Inactive --access-key-id ${other.id}`);
  expect(keyIds(scene)).toEqual([scene.user.accessKeyId, other.id]);
});

/** The state after a crash during CreateAccessKey: AWS made a key, and the reply was lost. */
async function cutOffAtCreation() {
  const scene = await rotationScene();
  const behave = scene.emulator.misbehave({ kind: 'cut', action: 'CreateAccessKey' });
  await expect(scene.rotate()).rejects.toMatchObject({ exitStatus: 9 });
  behave();
  const stray = keyIds(scene)[1] ?? '';
  return { scene, stray };
}

test('without a terminal, a key whose secret was lost is reported with the command that deletes it', async () => {
  const { scene, stray } = await cutOffAtCreation();
  await expect(scene.rotate()).rejects.toMatchObject({
    exitStatus: 6,
    what: expect.stringMatching(`${stray} \\(active\\), made \\ds ago, never used`),
    next: `awsh exec --no-session work -- aws iam delete-access-key --access-key-id ${stray} && awsh rotate work`,
  });
  expect(keyIds(scene)).toEqual([scene.user.accessKeyId, stray]);
});

test('the user agrees: the stray key is deleted, and the rotation completes', async () => {
  const { scene, stray } = await cutOffAtCreation();
  const prompter = answering(true);
  const { newKeyId } = await scene.rotate('work', { prompter });
  expect(prompter.told[1]).toMatch(`${stray} (active), made `);
  expect(prompter.questions).toEqual([`delete the key ${stray}`]);
  expect(keyIds(scene)).toEqual([newKeyId]);
  expect(await works(scene, 'twin')).toBe(true);
});

test('the user refuses: nothing is deleted', async () => {
  const { scene, stray } = await cutOffAtCreation();
  await expect(scene.rotate('work', { prompter: answering(false) })).rejects.toMatchObject({
    exitStatus: 130,
  });
  expect(keyIds(scene)).toEqual([scene.user.accessKeyId, stray]);
  expect(await works(scene, 'work')).toBe(true);
});

test('a vault that cannot store the new key: it is deleted again, and the old one stays', async () => {
  const scene = await rotationScene();
  const refuse = async () => {
    throw new Error('the disk is full');
  };
  const vault = { ...scene.vault(), storePendingKey: refuse };
  await expect(scene.rotate('work', { vault })).rejects.toThrow('the disk is full');
  expect(keyIds(scene)).toEqual([scene.user.accessKeyId]);
  await scene.rotate();
  expect(await works(scene, 'work')).toBe(true);
});

test('a new key that was neither stored nor deleted is deleted by the next attempt, by its noted id', async () => {
  const scene = await rotationScene();
  const behave = scene.emulator.misbehave({ kind: 'refuse', action: 'DeleteAccessKey' });
  const refuse = async () => {
    throw new Error('the disk is full');
  };
  await expect(
    scene.rotate('work', { vault: { ...scene.vault(), storePendingKey: refuse } }),
  ).rejects.toMatchObject({ exitStatus: 9 });
  expect(keyIds(scene)).toHaveLength(2);
  behave();
  const { newKeyId } = await scene.rotate();
  expect(keyIds(scene)).toEqual([newKeyId]);
});

test('the new key was deleted in the meantime: the old one stays current, and the rotation begins again', async () => {
  const scene = await rotationScene();
  scene.emulator.cloud.keySettleTime = 60_000;
  await expect(scene.rotate('work', { patienceMs: 100 })).rejects.toMatchObject({ exitStatus: 8 });
  scene.emulator.cloud.keySettleTime = 0;
  scene.emulator.cloud.users[0]?.keys.pop();
  const later = { now: () => Date.now() + 3_600_000 };
  const { newKeyId } = await scene.rotate('work', { clock: later });
  expect(keyIds(scene)).toEqual([newKeyId]);
  expect(await works(scene, 'work')).toBe(true);
});

test('an item that now has another key is not changed, whatever the index lists', async () => {
  const scene = await rotationScene();
  const other = scene.emulator.addUser({ account: '111122223333', name: 'joe' });
  const index = `${scene.home.path}/.local/share/awsh/index.json`;

  const before = readFileSync(index);
  const secretAccessKey = new Secret(other.secretAccessKey);
  await scene
    .vault()
    .storeAccessKey('twin', { accessKeyId: other.accessKeyId, secretAccessKey, added: new Date() });
  writeFileSync(index, before);
  const { profiles } = await scene.rotate();
  expect(profiles).toEqual(['work']);
  expect(await works(scene, 'twin')).toBe(true);
  expect((await scene.vault().accessKey('twin'))?.accessKeyId).toBe(other.accessKeyId);
});

test('a damaged journal stops it before any change', async () => {
  const scene = await rotationScene();
  scene.home.write(`.local/share/awsh/rotations/${scene.user.accessKeyId}.json`, '{"version":1,');
  await expect(scene.rotate()).rejects.toMatchObject({
    exitStatus: 1,
    what: expect.stringContaining('journal'),
  });
  expect(keyIds(scene)).toEqual([scene.user.accessKeyId]);
});

test('a lost journal does not matter: the pending key has the same data', async () => {
  const scene = await rotationScene();
  const behave = scene.emulator.misbehave({ kind: 'refuse', action: 'GetCallerIdentity', skip: 1 });
  await expect(scene.rotate()).rejects.toMatchObject({ exitStatus: 9 });
  behave();
  rmSync(`${scene.home.path}/.local/share/awsh/rotations`, { recursive: true });
  const { newKeyId } = await scene.rotate();
  expect(keyIds(scene)).toEqual([newKeyId]);
});

test('AWS refuses to make a key: nothing is left behind', async () => {
  const scene = await rotationScene();
  const refusal = {
    kind: 'error',
    code: 'AccessDenied',
    message: 'not authorized to perform: iam:CreateAccessKey',
  } as const;
  const behave = scene.emulator.misbehave({ ...refusal, action: 'CreateAccessKey' });
  await expect(scene.rotate()).rejects.toMatchObject({ exitStatus: 8, code: 'AccessDenied' });
  behave();
  expect(scene.said).toEqual([]);
  await scene.rotate();
  expect(await works(scene, 'work')).toBe(true);
});

test('after an internal error of IAM it searches for a key that may have been made', async () => {
  const scene = await rotationScene();
  const failure = { kind: 'error', code: 'ServiceFailure', message: 'oops', status: 500 } as const;
  const behave = scene.emulator.misbehave({ ...failure, action: 'CreateAccessKey' });
  await expect(scene.rotate()).rejects.toMatchObject({ exitStatus: 9 });
  expect(scene.emulator.actions.filter((action) => action === 'CreateAccessKey')).toHaveLength(1);
  behave();
  await scene.rotate();
  expect(keyIds(scene)).toHaveLength(1);
});

test('the key of a role’s session or of the root user cannot be rotated', async () => {
  const scene = await rotationScene();
  const root = { from: scene.user.arn, to: 'arn:aws:iam::111122223333:root' };
  scene.emulator.misbehave({
    kind: 'rewrite',
    action: 'GetCallerIdentity',
    rewrite: (body) => body.replace(root.from, root.to),
  });
  await expect(scene.rotate()).rejects.toMatchObject({
    exitStatus: 1,
    what: expect.stringContaining(':root'),
  });
});

test('--older-than counts from the day the key was made, according to IAM and not the vault', async () => {
  const scene = await rotationScene();
  const day = 86_400_000;
  const other = scene.emulator.addUser({ account: '111122223333', name: 'joe' });
  const secretAccessKey = new Secret(other.secretAccessKey);
  const key = { accessKeyId: other.accessKeyId, secretAccessKey, added: new Date() };
  await scene.vault().storeAccessKey('joe', key);
  const [jane, joe] = scene.emulator.cloud.users;
  Object.assign(jane?.keys[0] ?? {}, { createdAt: new Date(Date.now() - 100 * day) });
  Object.assign(joe?.keys[0] ?? {}, { createdAt: new Date(Date.now() - 10 * day) });
  const run: RotationRun = rotationRun(scene.home, scene.vault());
  scene.home.write('.aws/config', `[default]\nregion = eu-west-1\nendpoint_url = ${scene.emulator.url}\n`);
  const never = () => expect.unreachable();
  const due = await dueKeys(rotationRun(scene.home, scene.vault()), 90 * day, never);
  expect(due).toEqual([{ accessKeyId: scene.user.accessKeyId, profile: 'work' }]);
  expect(await dueKeys(run, 0, never)).toHaveLength(2);
});

test('--older-than: a key that AWS does not answer for does not stop the others', async () => {
  const scene = await rotationScene();
  const key = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: new Secret('x'), added: new Date() };
  await scene.vault().storeAccessKeys([{ profile: 'far', key }]);
  const config = join(scene.home.path, '.aws/config');
  appendFileSync(config, '[profile far]\nregion = eu-west-1\nendpoint_url = http://127.0.0.1:1\n');
  const [jane] = scene.emulator.cloud.users;
  Object.assign(jane?.keys[0] ?? {}, { createdAt: new Date(0) });
  const failed: string[] = [];
  const note = (profile: string, { exitStatus }: AwshError) => void failed.push(`${profile} ${exitStatus}`);
  const due = await dueKeys(rotationRun(scene.home, scene.vault()), 90 * 86_400_000, note);
  expect(failed).toEqual(['far 9']);
  expect(due).toEqual([{ accessKeyId: scene.user.accessKeyId, profile: 'work' }]);
});
