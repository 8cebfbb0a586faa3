import { describe, expect, it } from 'vitest';
import { runJavascript, runPython } from '../support/aws-clients.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/**
 * By the key in a `services` section, boto3's name of the service, with one service for each form
 * of host. All were compared once.
 */
const services: Readonly<Record<string, string>> = {
  s3: 's3',
  sqs: 'sqs',
  sns: 'sns',
  ecr: 'ecr',
  cloudwatch_logs: 'logs',
  dynamodb_streams: 'dynamodbstreams',
  secrets_manager: 'secretsmanager',
};

/** The endpoint of each service named in SERVICES, in this environment. */
const pythonEndpoints = `
import boto3, json, os
session = boto3.Session()
clients = {name: session.client(name) for name in os.environ['SERVICES'].split()}
print(json.dumps({name: client.meta.endpoint_url for name, client in clients.items()}))
`;

/** The host of GetCallerIdentity; the call is stopped before it is sent. */
const javascriptEndpoint = `
import { STSClient, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
const client = new STSClient({ credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' } });
client.middlewareStack.add(() => async ({ request }) => {
  console.log(request.protocol + '//' + request.hostname);
  process.exit();
}, { step: 'finalizeRequest' });
await client.send(new GetCallerIdentityCommand({}));
`;

const elsewhere = (services: string[]) =>
  services.map((service) => `${service} =\n  endpoint_url = http://127.0.0.1:4566\n`).join('');

/** [default] sends all these services elsewhere, `dev` only SNS. */
function configOf(services: string[], region: string): string {
  return `[default]\nservices = all\n[services all]\n${elsewhere(services)}[profile dev]\nregion = ${region}\nservices = own\n[services own]\n${elsewhere(['sns'])}`;
}

const credentials =
  '[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n';

/** What a program gets through exec, and with AWS_PROFILE. */
async function bothEnvironments(services: string[], region: string) {
  const home = temporaryHome();
  const files = {
    AWS_CONFIG_FILE: home.write('.aws/config', configOf(services, region)),
    AWS_SHARED_CREDENTIALS_FILE: home.write('.aws/credentials', credentials),
  };
  const words = ['exec', '--no-session', 'dev', '--', 'env'];
  const { out, err } = await runInstalled(words, { ...home.environment, ...files });
  const aws = out.split('\n').filter((line) => line.startsWith('AWS_'));
  const given = aws.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  return {
    given: { ...files, ...Object.fromEntries(given) },
    asProfile: { ...files, AWS_PROFILE: 'dev' },
    err,
  };
}

describe("the services of [default] and the profile's own", () => {
  it('send no call of boto3 elsewhere', async () => {
    const { given, asProfile, err } = await bothEnvironments(Object.keys(services), 'us-gov-west-1');
    expect(err).not.toContain('programs send');
    const SERVICES = Object.values(services).join(' ');
    const runs = [given, asProfile].map((environment) =>
      runPython(pythonEndpoints, { ...environment, SERVICES }),
    );
    const [withExec, withProfile] = (await Promise.all(runs)).map(({ stdout }) => JSON.parse(stdout));
    expect(withExec).toEqual(withProfile);
    expect(withExec).toMatchObject({
      sns: 'http://127.0.0.1:4566',
      s3: 'https://s3.us-gov-west-1.amazonaws.com',
    });
  });

  it('send no call of the SDK for JavaScript elsewhere', async () => {
    const { given, asProfile } = await bothEnvironments(['sts'], 'eu-west-1');
    const withExec = await runJavascript(javascriptEndpoint, given);
    const withProfile = await runJavascript(javascriptEndpoint, asProfile);
    expect([withExec.stdout, withExec.stderr]).toEqual(['https://sts.eu-west-1.amazonaws.com', '']);
    expect(withProfile.stdout).toBe(withExec.stdout);
  });

  it('are named by exec if their endpoint at AWS is not known', async () => {
    const { err } = await bothEnvironments(['iam'], 'eu-west-1');
    expect(err).toMatch(/config:2: programs send iam to the endpoints of \[default\]/);
  });

  it('are also named by the hook, but not when it renews', async () => {
    const home = temporaryHome();
    const keys =
      '{"Version":1,"AccessKeyId":"AKIAIOSFODNN7EXAMPLE","SecretAccessKey":"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"}';
    const keysFile = home.write('keys.json', keys);
    home.write(
      '.aws/config',
      `${configOf(['iam', 'sqs'], 'eu-west-1')}[profile dev]\ncredential_process = /bin/cat ${keysFile}\n`,
    );
    const load = async (...lines: string[]) => {
      const request = ['- load 1', `cwd ${home.path}`, 'pin dev', ...lines, `env HOME ${home.path}`, 'end'];
      const { out } = await runInstalled(['_load'], {
        ...home.environment,
        AWSH_REQUEST: `${request.join('\n')}\n`,
      });
      return out;
    };
    const first = await load();
    expect(first).toMatch(/^say .*programs send iam to the endpoints of/m);
    expect(first).toContain('\nset AWS_ENDPOINT_URL_SQS https://sqs.eu-west-1.amazonaws.com\n');
    expect(await load('loaded dev')).not.toMatch(/^say /m);
  });
});
