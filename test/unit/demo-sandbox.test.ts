import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { loadSharedConfigFiles } from '@smithy/shared-ini-file-loader';
import { expect, onTestFinished, test } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/demo/index.ts';
import { temporaryHome } from '../support/temporary-home.ts';

async function temporarySandbox(): Promise<Sandbox> {
  const sandbox = await createSandbox(join(temporaryHome().path, 'sandbox'));
  onTestFinished(() => sandbox.close());
  return sandbox;
}

async function profilesOf(sandbox: Sandbox) {
  const { configFile } = await loadSharedConfigFiles({
    configFilepath: join(sandbox.home, '.aws/config'),
    filepath: join(sandbox.home, '.aws/credentials'),
    ignoreCache: true,
  });
  return configFile;
}

test('the sandbox’s config has a source profile and three roles, all at the emulator', async () => {
  const sandbox = await temporarySandbox();
  const profiles = await profilesOf(sandbox);
  const endpoint_url = sandbox.emulator.url;
  expect(profiles).toEqual({
    demo: { region: 'eu-west-1', endpoint_url },
    dev: {
      role_arn: 'arn:aws:iam::111122223333:role/developer',
      source_profile: 'demo',
      region: 'eu-west-1',
      endpoint_url,
    },
    staging: {
      role_arn: 'arn:aws:iam::444455556666:role/deployer',
      source_profile: 'demo',
      mfa_serial: 'arn:aws:iam::123456789012:mfa/demo',
      region: 'eu-central-1',
      endpoint_url,
    },
    prod: {
      role_arn: 'arn:aws:iam::777788889999:role/operator',
      source_profile: 'demo',
      region: 'us-east-1',
      endpoint_url,
    },
  });
});

test('each role of the sandbox can be assumed, staging with the code in ~/mfa-code', async () => {
  const sandbox = await temporarySandbox();
  const profiles = await profilesOf(sandbox);
  const sts = new STSClient({
    region: 'eu-west-1',
    endpoint: sandbox.emulator.url,
    credentials: {
      accessKeyId: sandbox.accessKeyId,
      secretAccessKey: sandbox.secretAccessKey.reveal(),
    },
  });
  const code = readFileSync(join(sandbox.home, 'mfa-code'), 'utf8').trim();
  expect(code).toMatch(/^\d{6}$/);
  for (const { profile, roleArn } of sandbox.projects) {
    const serial = profiles[profile]?.mfa_serial;
    const call = { RoleArn: roleArn, RoleSessionName: 'me' };
    const mfa = serial === undefined ? {} : { SerialNumber: serial, TokenCode: code };
    await expect(sts.send(new AssumeRoleCommand({ ...call, ...mfa }))).resolves.toBeDefined();
    if (serial !== undefined) await expect(sts.send(new AssumeRoleCommand(call))).rejects.toThrow();
  }
});

test('~/mfa-code changes after its code was used', async () => {
  const sandbox = await temporarySandbox();
  const file = join(sandbox.home, 'mfa-code');
  const first = readFileSync(file, 'utf8');
  const device = sandbox.emulator.cloud.users[0]?.mfa;
  const accepts = (code: string) => device?.accept(code.trim(), Date.now());
  expect(accepts(first)).toBe(true);
  await expect.poll(() => readFileSync(file, 'utf8'), { timeout: 100_000 }).not.toBe(first);
  expect(accepts(readFileSync(file, 'utf8'))).toBe(true);
});

test('only the user can write a sample project’s directory file', async () => {
  const { projects } = await temporarySandbox();
  for (const { profile, folder } of projects) {
    const file = join(folder, '.awsprofile');
    expect(readFileSync(file, 'utf8')).toContain(profile);
    expect(statSync(file).mode & 0o022).toBe(0);
  }
});

test('the secret is in no file of the sandbox', async () => {
  const sandbox = await temporarySandbox();
  const files = ['.aws/config', '.config/awsh/config', 'mfa-code'];
  const written = files.map((file) => readFileSync(join(sandbox.home, file), 'utf8')).join('');
  expect(written).not.toContain(sandbox.secretAccessKey.reveal());
  expect(JSON.stringify({ ...sandbox, emulator: null })).not.toContain(sandbox.secretAccessKey.reveal());
});

test('a folder that is not empty is refused', async () => {
  const home = temporaryHome().path;
  writeFileSync(join(home, 'mine'), '');
  await expect(createSandbox(home)).rejects.toThrow(/is not empty/);
});
