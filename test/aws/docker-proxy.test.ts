import { describe, expect, it } from 'vitest';
import { execServer, shortLivedSandbox } from '../support/served-command.ts';

/**
 * Does what aws-vault's proxy for Docker does (contrib/_aws-vault-proxy/main.go), for boto3: it
 * appends the request's path to that of AWS_CONTAINER_CREDENTIALS_FULL_URI, adds the token, and
 * keeps the Host of the container's request.
 */
const proxied = (path: string) => `
const { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri, AWS_CONTAINER_AUTHORIZATION_TOKEN: token, ...rest } = process.env;
const target = new URL(uri);
const http = require('node:http');
const proxy = http.createServer((request, response) => {
  const headers = { ...request.headers, host: '169.254.170.2', authorization: token, 'x-forwarded-for': '169.254.170.3' };
  const path = target.pathname + request.url;
  http.get({ host: target.hostname, port: target.port, path, headers }, (answer) => {
    response.writeHead(answer.statusCode, answer.headers);
    answer.pipe(response);
  });
});
proxy.listen(0, '127.0.0.1', () => {
  const env = { ...rest, AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:' + proxy.address().port + '${path}' };
  const script = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])";
  const child = require('node:child_process').spawn('python3', ['-c', script], { env, stdio: 'inherit' });
  child.on('close', (status) => process.exit(status));
});`;

/** A sandbox in which the profile `dev` may assume one more role. */
async function sandboxWithRole() {
  const sandbox = await shortLivedSandbox(3600);
  const [base] = sandbox.projects;
  const role = { account: '222222222222', name: 'another', trust: { principals: [base?.roleArn ?? ''] } };
  return { sandbox, another: sandbox.emulator.addRole(role).arn };
}

describe("the recipe for Docker of aws-vault's documentation", () => {
  it('gives a container the role that its path names, assumed by the base role', async () => {
    const { sandbox, another } = await sandboxWithRole();
    const command = ['--lazy', 'dev', '--', 'node', '-e', proxied(`/role-arn/${another}`)];
    const { status, out, err } = await execServer(sandbox, command);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^arn:aws:sts::222222222222:assumed-role\/another\//);
  });

  it('gives the base role if the path names none', async () => {
    const { sandbox } = await sandboxWithRole();
    const { out } = await execServer(sandbox, ['dev', '--', 'node', '-e', proxied('/')]);
    expect(out).toMatch(/:assumed-role\/developer\//);
  });

  it('gives the reason if AWS refuses, and for a path that is not a role', async () => {
    const { sandbox } = await sandboxWithRole();
    for (const [arn, why] of [
      ['arn:aws:iam::222222222222:role/none', /awsh: /],
      ['arn:aws:iam::222222222222:user/me', /not the ARN of a role|role_arn/],
    ] as const) {
      const { status, err } = await execServer(sandbox, [
        'dev',
        '--',
        'node',
        '-e',
        proxied(`/role-arn/${arn}`),
      ]);
      expect(status).not.toBe(0);
      expect(err).toMatch(why);
    }
  });
});
