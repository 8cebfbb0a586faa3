import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ecrRegistry, eksToken } from '../../src/sessions/index.ts';
import { Secret } from '../../src/system/index.ts';
import { runPython } from '../support/aws-clients.ts';
import { packageFolder, runInstalled } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const keys = {
  AWS_ACCESS_KEY_ID: 'ASIAEXAMPLE000000001',
  AWS_SECRET_ACCESS_KEY: 'secret/+=key',
  AWS_SESSION_TOKEN: 'IQoJb3JpZ2lu/+session==token',
};
const private1 = '123456789012.dkr.ecr.eu-west-1.amazonaws.com';

/** The results of botocore and the AWS CLI for the same keys at the same time. */
const python = `
import datetime, json, os
import botocore.auth, botocore.session
from botocore.awsrequest import AWSRequest
from awscli.customizations.eks.get_token import STSClientFactory, TokenGenerator
wanted = json.loads(os.environ['WANTED'])
now = datetime.datetime.fromisoformat(wanted['now'])
botocore.auth.get_current_datetime = lambda *_, **__: now
session = botocore.session.Session()
if wanted['kind'] == 'eks':
    client = STSClientFactory(session).get_sts_client(region_name=wanted['region'])
    print(TokenGenerator(client).get_token(wanted['cluster']))
else:
    request = AWSRequest('POST', wanted['url'], headers=wanted['headers'], data='{}')
    botocore.auth.SigV4Auth(session.get_credentials(), wanted['service'], wanted['region']).add_auth(request)
    print(request.headers['Authorization'])
`;

async function byBotocore(wanted: Record<string, unknown>, more: Record<string, string> = {}) {
  const { environment } = temporaryHome();
  const run = await runPython(python, { ...environment, ...keys, ...more, WANTED: JSON.stringify(wanted) });
  expect(run.stderr).toBe('');
  return run.stdout.trim();
}

describe('awsh eks-token', () => {
  const credentials = {
    accessKeyId: keys.AWS_ACCESS_KEY_ID,
    secretAccessKey: new Secret(keys.AWS_SECRET_ACCESS_KEY),
    sessionToken: new Secret(keys.AWS_SESSION_TOKEN),
    expiration: null,
    accountId: null,
    arn: null,
  };

  it.each([
    ['eu-west-1', null],
    ['cn-north-1', null],
    ['us-gov-west-1', null],
    ['us-east-1', 'http://127.0.0.1:4566'],
  ])('signs in %s, at %s, exactly what the AWS CLI signs', async (region, endpoint) => {
    const now = new Date('2026-11-30T18:10:00Z');
    const wanted = { kind: 'eks', now: '2026-11-30T18:10:00+00:00', region, cluster: 'blue_1-A' };
    const more: Record<string, string> = endpoint === null ? {} : { AWS_ENDPOINT_URL_STS: endpoint };
    const token = await eksToken('blue_1-A', { credentials, target: { region, endpoint }, now });
    expect(token.reveal()).toBe(await byBotocore(wanted, more));
  });

  it('signs exactly the same with a key that has no token', async () => {
    const now = new Date('2026-02-28T23:59:59Z');
    const [region, cluster] = ['eu-central-1', `${'a'.repeat(99)}-`];
    const wanted = { kind: 'eks', now: '2026-02-28T23:59:59+00:00', region, cluster };
    const target = { region, endpoint: null };
    const token = await eksToken(cluster, {
      credentials: { ...credentials, sessionToken: null },
      target,
      now,
    });
    expect(token.reveal()).toBe(await byBotocore(wanted, { AWS_SESSION_TOKEN: '' }));
  });

  it('prints what kubectl reads, in the requested version', async () => {
    const { environment } = temporaryHome();
    const ask = (apiVersion: string) =>
      runInstalled(['eks-token', 'blue', '--region', 'eu-west-1'], {
        ...environment,
        ...keys,
        KUBERNETES_EXEC_INFO: JSON.stringify({
          kind: 'ExecCredential',
          apiVersion,
          spec: { interactive: false },
        }),
      });
    for (const version of ['v1', 'v1beta1']) {
      const apiVersion = `client.authentication.k8s.io/${version}`;
      const { status, out } = await ask(apiVersion);
      const { status: content, ...rest } = JSON.parse(out);
      expect({ status, rest }).toEqual({ status: 0, rest: { kind: 'ExecCredential', apiVersion, spec: {} } });
      const url = Buffer.from(content.token.replace('k8s-aws-v1.', ''), 'base64url').toString();
      expect(url).toMatch(
        /^https:\/\/sts\.eu-west-1\.amazonaws\.com\/\?Action=GetCallerIdentity&.*X-Amz-Expires=60&/,
      );
      expect(Date.parse(content.expirationTimestamp) - Date.now()).toBeLessThanOrEqual(14 * 60_000);
    }
  });

  it('refuses an invalid cluster name, and a directory that was not allowed', async () => {
    const { environment, write } = temporaryHome();
    write('.awsprofile', 'dev\n');
    write('.aws/config', '[profile dev]\ncredential_process = /bin/false\n');
    expect(await runInstalled(['eks-token', 'a/b'], environment)).toMatchObject({ status: 2, out: '' });
    const unknown = await runInstalled(['eks-token', 'blue'], environment);
    expect(unknown).toMatchObject({ status: 11, out: '' });
    expect(unknown.err).toMatch(/\n {2}next: awsh allow\n$/);
  });
});

describe('a registry', () => {
  it.each([
    [private1, 'api.ecr.eu-west-1.amazonaws.com', '123456789012'],
    [`https://${private1}/v2/`, 'api.ecr.eu-west-1.amazonaws.com', '123456789012'],
    [
      '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn',
      'api.ecr.cn-north-1.amazonaws.com.cn',
      '123456789012',
    ],
    [
      '123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com',
      'ecr-fips.us-gov-west-1.amazonaws.com',
      '123456789012',
    ],
    ['123456789012.dkr-ecr.eu-west-1.on.aws', 'ecr.eu-west-1.api.aws', '123456789012'],
    ['public.ecr.aws', 'api.ecr-public.us-east-1.amazonaws.com', null],
  ])('%s is recognised', (server, apiHost, account) => {
    expect(ecrRegistry(server)).toMatchObject({ apiHost, account });
  });

  it.each([
    'index.docker.io',
    'ghcr.io',
    `${private1}.example.com`,
    `x${private1}`,
    '123456789012.dkr.ecr.eu-west-1.example.com',
    '123456789012.dkr.ecr.evil.com/.amazonaws.com',
  ])('%s is not one of ECR', (server) => expect(ecrRegistry(server)).toBeNull());
});

/** A server in place of ECR, and the requests that it got. */
async function fakeEcr(status = 200, body?: unknown) {
  const asked: { request: IncomingMessage; text: string }[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    asked.push({ request, text });
    const data = { authorizationToken: Buffer.from('AWS:pass/word==').toString('base64'), expiresAt: 1 };
    const isPublic = String(request.headers['x-amz-target']).startsWith('Spencer');
    response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(body ?? { authorizationData: isPublic ? data : [data] }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const helper = join(packageFolder, 'bin/docker-credential-awsh');
const docker = (action: string, input: string, environment: Record<string, string>, program = helper) =>
  runInstalled([action], environment, input, program);

describe('docker-credential-awsh', () => {
  it.each([
    [private1, 'ecr', 'eu-west-1'],
    ['public.ecr.aws', 'ecr-public', 'us-east-1'],
  ])('gets the password of %s by a request signed as botocore signs it', async (host, service, region) => {
    const { url, asked } = await fakeEcr();
    const { environment } = temporaryHome();
    const run = await docker('get', `${host}\n`, { ...environment, ...keys, AWS_ENDPOINT_URL: url });
    expect(run).toMatchObject({ status: 0, err: '' });
    expect(JSON.parse(run.out)).toEqual({ ServerURL: host, Username: 'AWS', Secret: 'pass/word==' });
    const [{ request, text } = { request: null, text: '' }] = asked;
    expect(text).toBe('{}');
    const { authorization, ...headers } = request?.headers ?? {};
    const signed = /SignedHeaders=([^,]+)/.exec(authorization ?? '')?.[1]?.split(';') ?? [];
    const date = String(headers['x-amz-date']);
    const now = date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6+00:00');
    const kept = signed.filter((name) => !['host', 'x-amz-date', 'x-amz-security-token'].includes(name));
    const wanted = { kind: 'ecr', now, service, region, url: `${url}/` };
    const sent = Object.fromEntries(kept.map((name) => [name, headers[name]]));
    expect(authorization).toBe(await byBotocore({ ...wanted, headers: sent }));
  });

  it('uses the profile of the setting, and logs the grant', async () => {
    const { url } = await fakeEcr();
    const { environment, write } = temporaryHome();
    write('.config/awsh/config', 'registries = 123456789012: images\nregistries = public.ecr.aws: other\n');
    const given = {
      Version: 1,
      AccessKeyId: 'ASIAEXAMPLE000000002',
      SecretAccessKey: 's',
      SessionToken: 't',
    };
    const program = write('give', `#!/bin/sh\necho '${JSON.stringify(given)}'\n`, 0o700);
    write('.aws/config', `[profile images]\ncredential_process = ${program}\nendpoint_url = ${url}\n`);
    expect(await docker('get', private1, { ...environment, ...keys })).toMatchObject({ status: 0 });
    const { out } = await runInstalled(['log', '--json'], environment);
    expect(JSON.parse(out)).toMatchObject({
      verb: 'ecr',
      profile: 'images',
      accessKeyId: 'ASIAEXAMPLE000000002',
    });
    expect(out).not.toContain('pass/word');
  });

  it('prints on stdout, which docker shows, why there is no password', async () => {
    const { url } = await fakeEcr(400, { __type: 'AccessDeniedException', message: 'no\x1b[2J' });
    const { environment } = temporaryHome();
    const denied = await docker('get', private1, { ...environment, ...keys, AWS_ENDPOINT_URL: url });
    expect(denied).toMatchObject({ status: 8, err: '' });
    expect(denied.out).toMatch(
      /^awsh: AWS gives no token for .*; AccessDeniedException: no\?\[2J; next: aws ecr .*\n$/,
    );
    const none = await docker('get', private1, environment);
    expect(none).toMatchObject({ status: 4 });
    expect(none.out).toMatch(/^awsh: no profile says .*\n$/);
    expect(await docker('get', 'https://index.docker.io/v1/', environment)).toMatchObject({
      status: 1,
      out: 'credentials not found in native keychain\n',
    });
  });

  it('gives nothing while awsh is locked, and neither does eks-token', async () => {
    const { environment } = temporaryHome();
    const shell = { ...environment, ...keys, AWS_REGION: 'eu-west-1' };
    await runInstalled(['lock'], environment);
    const { status, out } = await docker('get', private1, shell);
    expect({ status, out }).toEqual({
      status: 5,
      out: expect.stringMatching(/^awsh: awsh is locked.*awsh unlock/),
    });
    expect(await runInstalled(['eks-token', 'blue'], shell)).toMatchObject({ status: 5, out: '' });
  });

  it('stores nothing and lists nothing, also through a link of npm', async () => {
    const { environment, path } = temporaryHome();
    const prefix = join(path, 'prefix');
    mkdirSync(join(prefix, 'bin'), { recursive: true });
    mkdirSync(join(prefix, 'lib/node_modules'), { recursive: true });
    symlinkSync(packageFolder, join(prefix, 'lib/node_modules/awsh'));
    const link = join(prefix, 'bin/docker-credential-awsh');
    symlinkSync('../lib/node_modules/awsh/bin/docker-credential-awsh', link);
    expect(await docker('list', '', environment, link)).toMatchObject({ status: 0, out: '{}\n' });
    const stored = await docker(
      'store',
      '{"ServerURL":"x","Username":"AWS","Secret":"hunter2"}',
      environment,
      link,
    );
    expect(stored).toMatchObject({ status: 1, err: '' });
    expect(stored.out).toMatch(/^awsh stores no registry passwords/);
    expect(stored.out).not.toContain('hunter2');
    expect(await docker('erase', 'x', environment, link)).toMatchObject({ status: 1 });
    const version = await docker('version', '', environment, link);
    expect(version).toMatchObject({ status: 0, err: '' });
    expect(version.out).toMatch(/^docker-credential-awsh \d+\.\d+\.\d+\n$/);
  });
});
