import { describe, expect, it } from 'vitest';
import { failedLoad } from '../../src/loading/load-failure.ts';
import type { Wish } from '../../src/loading/wish.ts';
import {
  type AwshError,
  AwsRefusedError,
  AwsUnavailableError,
  LockError,
  NetworkError,
  NoCredentialsError,
  PersonNeededError,
  VaultError,
} from '../../src/system/index.ts';
import { awsFiles } from '../support/plans.ts';

const now = 1_700_000_000;
const services = { clock: { now: () => now * 1000 + 999 }, awsFiles: () => awsFiles('[profile dev]') };
const directory: Wish = {
  kind: 'directory',
  profile: 'dev',
  label: 'dev',
  file: '/home/me/dev/.awsprofile',
  region: null,
  account: null,
  recorded: true,
};

describe('failedLoad', () => {
  it.each<[cause: string, error: AwshError, seconds: number]>([
    ['AWS does not answer', new NetworkError('AWS did not answer'), 60],
    ['AWS has a fault', new AwsUnavailableError('ServiceUnavailable', 'AWS cannot answer now'), 60],
    ['another awsh holds a lock', new LockError('another awsh holds the lock'), 10],
    ['a sign-in is needed', new PersonNeededError('signed out', 'why', 'awsh sso login x', 'sign-in'), 2],
  ])('tries again without a command if %s', (_, error, seconds) => {
    const reply = failedLoad(error, directory, null, services);
    expect(reply.renew).toBe(now + seconds);
  });

  it.each<[cause: string, error: AwshError]>([
    ['AWS refuses', new AwsRefusedError('AccessDenied', 'AWS refused')],
    ['no key is stored', new NoCredentialsError('no key is stored')],
    ['the vault is locked', new VaultError('the vault is locked')],
    ['a code is needed', new PersonNeededError('a code is needed', 'why', 'awsh refresh', 'MFA')],
  ])('waits for a command if %s', (_, error) => {
    expect(failedLoad(error, directory, null, services).renew).toBe(0);
  });

  it('blocks the shell, and passes the exit status on', () => {
    const reply = failedLoad(new NetworkError('AWS did not answer'), directory, null, services);
    expect(reply).toMatchObject({ status: 'blocked', exitStatus: 9 });
    expect(reply.change).not.toBeNull();
    const pinned = failedLoad(new LockError('locked'), { ...directory, kind: 'pin' }, null, services);
    expect(pinned).toMatchObject({ status: 'error', exitStatus: 10 });
  });
});
