import { resolve } from 'node:path';
import { execa } from 'execa';

/** The programs and libraries that people use with awsh's credentials. */
export type AwsClient = 'aws' | 'boto3' | 'javascript';

export const awsClients: readonly AwsClient[] = ['aws', 'boto3', 'javascript'];

/** The identity that the client reports, or its error: name or code, and text. */
export type WhoAmI = { account: string; arn: string } | { error: string };

export interface ClientRun {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

const boto3Script = `
import boto3, json, sys
try:
    reply = boto3.client('sts').get_caller_identity()
    print(json.dumps({'Account': reply['Account'], 'Arn': reply['Arn']}))
except Exception as error:
    sys.exit(f'{type(error).__name__}: {error}')
`;

const javascriptScript = `
import { STSClient, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
try {
  const { Account, Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
  console.log(JSON.stringify({ Account, Arn }));
} catch (error) {
  console.error(error.name + ': ' + error.message);
  process.exitCode = 1;
}
`;

/**
 * Calls GetCallerIdentity through the client, with this environment and only PATH from the machine.
 */
export async function whoAmI(client: AwsClient, environment: Record<string, string>): Promise<WhoAmI> {
  const run = await runners[client](environment);
  if (run.exitCode !== 0) return { error: run.stderr.trim() };
  const { Account, Arn } = JSON.parse(run.stdout) as { Account: string; Arn: string };
  return { account: Account, arn: Arn };
}

const runners: Record<AwsClient, (environment: Record<string, string>) => Promise<ClientRun>> = {
  aws: (environment) => runAws(['sts', 'get-caller-identity', '--output', 'json'], environment),
  boto3: (environment) => runPython(boto3Script, environment),
  javascript: (environment) => runJavascript(javascriptScript, environment),
};

/** The AWS CLI with these arguments. */
export function runAws(args: string[], environment: Record<string, string>): Promise<ClientRun> {
  return run('aws', args, environment);
}

/** An ES module that prints the id of its key, lets the key expire, and prints it again. */
export const renewedTwice = `
import { STSClient } from '@aws-sdk/client-sts';
const client = new STSClient({ region: 'eu-west-1' });
for (const pause of [4000, 0]) {
  console.log((await client.config.credentials()).accessKeyId);
  await new Promise((resolve) => setTimeout(resolve, pause));
}
`;

/** A Python program that may import boto3. */
export function runPython(script: string, environment: Record<string, string>): Promise<ClientRun> {
  return run('python3', ['-c', script], environment);
}

/** An ES module that may import `@aws-sdk/*`, in a Node process of its own. */
export function runJavascript(script: string, environment: Record<string, string>): Promise<ClientRun> {
  return run(process.execPath, ['--input-type=module', '-e', script], environment);
}

async function run(file: string, args: string[], environment: Record<string, string>): Promise<ClientRun> {
  const { exitCode, stdout, stderr } = await execa(file, args, {
    cwd: resolve(import.meta.dirname, '../..'),
    env: { ...nothingOfThisMachine(), ...environment },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    timeout: 100_000,
  });
  return { exitCode, stdout, stderr };
}

/**
 * No home, and an instance metadata address without a service. AWS_EC2_METADATA_DISABLED is not
 * set: awsh sets it while blocked, and a test must notice if it is missing.
 */
function nothingOfThisMachine(): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: '/nonexistent',
    LANG: 'C.UTF-8',
    NO_PROXY: '127.0.0.1,localhost',
    AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
