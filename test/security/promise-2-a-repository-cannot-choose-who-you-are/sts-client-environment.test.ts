import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync } from 'node:fs';
import { Agent } from 'node:https';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callerIdentity } from '../../../src/sessions/index.ts';
import { Secret } from '../../../src/system/index.ts';
import { temporaryEmulator } from '../../support/emulator.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const credentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: new Secret('secret'),
  sessionToken: null,
  expiration: null,
  accountId: null,
  arn: null,
};

/** An HTTP agent that does not connect, and records the client's target. */
class NowhereAgent extends Agent {
  readonly hosts: string[] = [];
  override createConnection(options: { host?: string | null }): never {
    this.hosts.push(options.host ?? '');
    throw Object.assign(new Error('nowhere'), { code: 'EHOSTUNREACH' });
  }
}

describe('the client of STS uses the plan’s target, whatever the process’s environment contains', () => {
  let trap: Awaited<ReturnType<typeof temporaryEmulator>>;

  beforeEach(async () => {
    trap = await temporaryEmulator();
    const names = ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_STS', 'HTTP_PROXY', 'HTTPS_PROXY', 'https_proxy'];
    for (const name of names) vi.stubEnv(name, trap.url);
    for (const [name, value] of Object.entries({
      AWS_REGION: 'us-west-2',
      AWS_DEFAULT_REGION: 'us-west-2',
      AWS_PROFILE: 'evil',
      AWS_ACCESS_KEY_ID: 'AKIAEVIL',
      AWS_SECRET_ACCESS_KEY: 'evil',
      AWS_SESSION_TOKEN: 'evil',
      AWS_USE_FIPS_ENDPOINT: 'true',
      AWS_USE_DUALSTACK_ENDPOINT: 'true',
      AWS_MAX_ATTEMPTS: 'evil',
    })) {
      vi.stubEnv(name, value);
    }
  });
  afterEach(() => vi.unstubAllEnvs());

  it('AWS’s own host for the plan’s region', async () => {
    const httpsAgent = new NowhereAgent();
    const call = callerIdentity(credentials, { region: 'eu-central-1', endpoint: null }, { httpsAgent });
    await expect(call).rejects.toMatchObject({ exitStatus: 9 });
    expect(new Set(httpsAgent.hosts)).toEqual(new Set(['sts.eu-central-1.amazonaws.com']));
    expect(trap.actions).toEqual([]);
  });

  it('the plan’s endpoint, signed with the plan’s key', async () => {
    const emulator = await temporaryEmulator();
    const jane = emulator.addUser({ account: '111122223333', name: 'jane' });
    const own = {
      ...credentials,
      accessKeyId: jane.accessKeyId,
      secretAccessKey: new Secret(jane.secretAccessKey),
    };
    const known = await callerIdentity(own, { region: 'eu-central-1', endpoint: emulator.url });
    expect(known.arn).toBe(jane.arn);
    expect(trap.actions).toEqual([]);
  });

  it('no AWS file is opened', async () => {
    const home = temporaryHome();
    const fifos = ['config', 'credentials'].map((name) => `${home.path}/${name}`);
    for (const fifo of fifos) execFileSync('mkfifo', [fifo]);
    vi.stubEnv('AWS_CONFIG_FILE', fifos[0]);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', fifos[1]);
    const target = { region: 'eu-central-1', endpoint: null };
    await callerIdentity(credentials, target, { httpsAgent: new NowhereAgent() }).catch(() => {});
    expect(fifos.map(hasReader)).toEqual([false, false]);
  });
});

/**
 * True if a process is waiting to read the pipe: only then can it be opened for writing without
 * waiting.
 */
function hasReader(fifo: string): boolean {
  try {
    closeSync(openSync(fifo, constants.O_WRONLY | constants.O_NONBLOCK));
    return true;
  } catch {
    return false;
  }
}
