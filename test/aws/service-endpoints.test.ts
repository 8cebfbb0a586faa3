import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createSandbox } from '../../src/demo/index.ts';
import { runJavascript, runPython } from '../support/aws-clients.ts';
import { hookShells } from '../support/hook-shell.ts';
import { type LoopbackServer, loopbackServer } from '../support/loopback-server.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { openSandboxShell, sandboxEnvironment, storeKey } from '../support/sandbox-shell.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const buckets =
  '<ListAllMyBucketsResult><Owner><ID>x</ID></Owner><Buckets></Buckets></ListAllMyBucketsResult>';
const users = '<ListUsersResponse><ListUsersResult><Users></Users></ListUsersResult></ListUsersResponse>';
const listBuckets = "import boto3; boto3.client('s3').list_buckets()";
/**
 * The JavaScript client for IAM, which this package includes; its endpoint is in the same section.
 */
const listUsers =
  "import { IAMClient, ListUsersCommand } from '@aws-sdk/client-iam'; await new IAMClient({}).send(new ListUsersCommand({}))";

/** A stand-in server for S3 and IAM, which records requests. */
function ownServices(): Promise<LoopbackServer> {
  return loopbackServer(({ method }, response) => {
    response.writeHead(200, { 'Content-Type': 'text/xml' });
    response.end(method === 'GET' ? buckets : users);
  });
}

/** Gives the profile `dev` of a sandbox a `services` section, with all switches. */
function addServices(home: string, url: string): void {
  const path = join(home, '.aws/config');
  const config = readFileSync(path, 'utf8').replace('[profile dev]\n', '[profile dev]\nservices = own\n');
  writeFileSync(path, config);
  appendFileSync(path, `\n[services own]\ns3 =\n  endpoint_url = ${url}\niam =\n  endpoint_url = ${url}\n`);
}

async function sandboxWithServices(url: string) {
  const sandbox = await createSandbox(join(temporaryHome().path, 'home'));
  onTestFinished(() => sandbox.close());
  await storeKey(sandbox);
  addServices(sandbox.home, url);
  return { sandbox, environment: { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off' } };
}

async function callBoth(environment: Record<string, string>): Promise<void> {
  const python = await runPython(listBuckets, environment);
  expect(python.stderr).toBe('');
  const javascript = await runJavascript(listUsers, environment);
  expect(javascript.stderr).toBe('');
}

describe("a profile's services section", () => {
  it('determines where boto3 and the JavaScript SDK send a call, through exec and export', async () => {
    const own = await ownServices();
    const { environment } = await sandboxWithServices(own.url);
    for (const words of [
      ['exec', 'dev', '--', 'env'],
      ['export', 'dev'],
    ]) {
      const begin = own.received.length;
      const { out, err } = await runInstalled(words, environment);
      expect(out, err).toContain(`AWS_ENDPOINT_URL_S3=${own.url}\n`);
      const aws = out.split('\n').filter((line) => line.startsWith('AWS_'));
      const given = aws.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
      await callBoth(Object.fromEntries(given));
      expect(own.received.slice(begin).map(({ method }) => method)).toEqual(['GET', 'POST']);
    }
  });

  it('is not used if the environment names an endpoint for all services', async () => {
    const own = await ownServices();
    const { sandbox, environment } = await sandboxWithServices(own.url);
    const { out } = await runInstalled(['exec', 'dev', '--', 'env'], {
      ...environment,
      AWS_ENDPOINT_URL: sandbox.emulator.url,
    });
    expect(out).not.toContain('AWS_ENDPOINT_URL_S3');
  });
});

describe.each(hookShells)("a profile's services section in %s", (name) => {
  it('determines where calls go in its directory, and only there', async () => {
    const own = await ownServices();
    const { sandbox, shell, environment } = await openSandboxShell(name, {
      environment: { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' },
    });
    addServices(sandbox.home, own.url);
    await shell.run('cd projects/dev && awsh allow');
    const inside = await environment();
    expect(inside.AWS_ENDPOINT_URL_S3).toBe(own.url);
    const aws = Object.entries(inside).filter(([name]) => name.startsWith('AWS_'));
    await callBoth(Object.fromEntries(aws));
    expect(own.received.map(({ method }) => method)).toEqual(['GET', 'POST']);
    await shell.run('cd ..');
    const outside = await environment();
    expect(outside.AWS_ENDPOINT_URL_S3).toBe('http://127.0.0.1:1');
    expect(outside).not.toHaveProperty('AWS_ENDPOINT_URL_IAM');
  });
});
