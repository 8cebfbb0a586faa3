import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { AwshError } from '../../src/system/index.ts';
import { script } from '../support/command-files.ts';
import { temporaryEmulator } from '../support/emulator.ts';
import { configAt, machine, nobody, shown } from '../support/session-runs.ts';
import { temporaryHome } from '../support/temporary-home.ts';

vi.mock('../../src/sessions/mfa-process.ts', { spy: true });

async function setting(body = 'cat "$HOME/code"') {
  const home = temporaryHome();
  const emulator = await temporaryEmulator();
  const jane = emulator.addUser({ account: '111122223333', name: 'jane', mfa: true });
  emulator.addRole({ account: '444455556666', name: 'Dev', trust: { mfaRequired: true } });
  const path = script(home.path, 'code.sh', `echo run >> "$HOME/runs"\n${body}`);
  const config = configAt(
    emulator,
    `[profile dev]\nrole_arn = arn:aws:iam::444455556666:role/Dev\nmfa_serial = ${jane.mfaSerial}\nsource_profile = me`,
    `[profile me]\nmfa_process = ${path}`,
  );
  const own = machine({ me: jane }, nobody());
  const show = () => writeFileSync(join(home.path, 'code'), `${jane.code()}\n`);
  const get = (changes = {}) =>
    own.get({ config }, { surroundings: { HOME: home.path, PATH: '/usr/bin:/bin' }, ...changes });
  const runs = () => readFileSync(join(home.path, 'runs'), 'utf8').split('\n').length - 1;
  return { home, emulator, jane, own, get, show, runs };
}

async function errorOf(work: Promise<unknown>): Promise<AwshError> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (error instanceof AwshError) return error;
  throw new Error('no AwshError was thrown');
}

/** Skips the half minute until the next code. */
async function skipHalfMinutes(next: () => void): Promise<void> {
  const { untilNextCode } = await import('../../src/sessions/mfa-process.ts');
  vi.mocked(untilNextCode).mockImplementation(async () => next());
}

it('mfa_process gives the code instead of the user', async () => {
  const { get, show, emulator, jane } = await setting();
  show();
  expect(await get()).toMatchObject({ accountId: '444455556666' });
  expect(emulator.calls[0]?.params).toMatchObject({ SerialNumber: jane.mfaSerial });
});

it('mfa_process gets the device and the profile', async () => {
  const { home, get, show, jane } = await setting(
    'echo "$AWSH_MFA_SERIAL $AWSH_MFA_PROFILE" > "$HOME/asked"; cat "$HOME/code"',
  );
  show();
  await get();
  expect(readFileSync(join(home.path, 'asked'), 'utf8')).toBe(`${jane.mfaSerial} dev\n`);
});

it('mfa_process is run again in the next half minute if its code was already used', async () => {
  const { get, show, emulator, jane, own, runs } = await setting();
  show();
  const used = emulator.cloud.users[0]?.mfa?.accept(jane.code(), emulator.cloud.now().getTime());
  expect(used).toBe(true);
  const next = vi.fn(show);
  await skipHalfMinutes(next);
  expect(await get()).toMatchObject({ accountId: '444455556666' });
  expect(next).toHaveBeenCalledOnce();
  expect(own.said.join()).toContain('waiting for the next one');
  expect(emulator.actions).toEqual(['AssumeRole', 'AssumeRole']);
  expect(runs()).toBe(3);
});

it('an mfa_process that always gives the same code ends in one error', async () => {
  const { home, get } = await setting();
  writeFileSync(join(home.path, 'code'), '000000\n');
  await skipHalfMinutes(() => {});
  const error = await errorOf(get());
  expect(error.exitStatus).toBe(7);
});

it.each([
  ['fails', 'echo CANARY >&2; exit 4', 'status 4'],
  ['prints no code', 'echo CANARY', 'six digits'],
  ['prints too many digits', 'echo 1234567', 'six digits'],
])('an mfa_process that %s is exit 7, with nothing of its output', async (_, body, word) => {
  const { get, emulator } = await setting(body);
  const error = await errorOf(get());
  expect(error.exitStatus).toBe(7);
  expect(shown(error)).toContain(word);
  expect(shown(error)).not.toMatch(/CANARY|1234567/);
  expect(emulator.actions).toEqual([]);
});

it('mfa_process is not started in the background', async () => {
  const { home, get, show } = await setting();
  show();
  expect((await errorOf(get({ runsCommands: false }))).exitStatus).toBe(6);
  expect(existsSync(join(home.path, 'runs'))).toBe(false);
});

it('mfa_process is not needed if --mfa-token has the code', async () => {
  const { home, get, jane } = await setting();
  expect(await get({ mfaToken: jane.code() })).toMatchObject({ accountId: '444455556666' });
  expect(existsSync(join(home.path, 'runs'))).toBe(false);
});
