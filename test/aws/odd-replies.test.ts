import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { consolePartitions, signInUrl } from '../../src/console/index.ts';
import { callIam } from '../../src/sessions/index.ts';
import { AwshError, Secret } from '../../src/system/index.ts';
import { type OddReply, oddServer } from '../support/odd-server.ts';
import { machine } from '../support/session-runs.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/** Time limit of a call. Only the endless reply takes that long. */
type Limit = { readonly timeoutMs: number };

const key = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: new Secret('secret'),
  sessionToken: new Secret('token-of-the-session'),
  expiration: null,
  accountId: null,
  arn: null,
};

/** The credentials of a profile whose services all have this address. */
function getAt(url: string, { timeoutMs }: Limit, profile: string, environment: Record<string, string> = {}) {
  const home = temporaryHome();
  const signedIn = { accessToken: 'bearer', expiresAt: new Date(Date.now() + 3600_000).toISOString() };
  const name = createHash('sha1').update('corp').digest('hex');
  home.write(`.aws/sso/cache/${name}.json`, JSON.stringify({ ...signedIn, region: 'eu-west-1' }));
  const config = `[profile me]\nregion = eu-west-1\nservices = odd\n${profile}
[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://corp.awsapps.com/start
[services odd]\nsso =\n  endpoint_url = ${url}\nsts =\n  endpoint_url = ${url}\n`;
  const stored = { accessKeyId: key.accessKeyId, secretAccessKey: 'secret' };
  const surroundings = { HOME: home.path, PATH: '/usr/bin:/bin', ...environment };
  const isStored = profile === '';
  return machine(isStored ? { me: stored } : {}).get(
    { config, profile: 'me', environment },
    { surroundings, withinMs: timeoutMs },
  );
}

const services: Record<string, (url: string, limit: Limit) => Promise<unknown>> = {
  STS: (url, limit) => getAt(url, limit, ''),
  IAM: (url, { timeoutMs }) => {
    const target = { region: 'eu-west-1', endpoint: url };
    return callIam('ListAccessKeys', {}, { credentials: key, target, connection: { timeoutMs } });
  },
  'IAM Identity Center': (url, limit) =>
    getAt(url, limit, 'sso_session = corp\nsso_account_id = 444455556666\nsso_role_name = Dev\n'),
  'the instance metadata service': (url, limit) =>
    getAt(url, limit, 'credential_source = Ec2InstanceMetadata\n', {
      AWS_EC2_METADATA_SERVICE_ENDPOINT: url,
    }),
  'the container credentials': (url, limit) =>
    getAt(url, limit, 'credential_source = EcsContainer\n', {
      AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/keys`,
    }),
  'the sign-in to the console': (url, { timeoutMs }) => {
    const [partition] = consolePartitions;
    if (partition === undefined) throw new Error('no partition');
    const destination = 'https://console.aws.amazon.com/';
    return signInUrl({
      partition,
      credentials: key,
      destination,
      autoLogout: false,
      endpoint: url,
      timeoutMs,
    });
  },
};

/**
 * The exit status for each service. The machine and container services have no errors in AWS's
 * form.
 */
const statuses = {
  cut: { else: 9 },
  fault: { else: 8, IAM: 9 },
  limit: { else: 8 },
  page: {
    else: 9,
    'the instance metadata service': 8,
    'the container credentials': 8,
    'the sign-in to the console': 8,
  },
  missing: {
    else: 9,
    'the instance metadata service': 4,
    'the container credentials': 4,
    'the sign-in to the console': 8,
  },
} satisfies Record<string, { else: number } & Record<string, number>>;

const replies: [OddReply, RegExp, keyof typeof statuses | null][] = [
  ['50 MB', /the answer is far too long/, 'cut'],
  ['headers without end', /its headers are far too long/, 'cut'],
  ['a byte at a time', /no answer in time/, 'cut'],
  ['half a reply', /the connection broke off/, 'cut'],
  // Nothing decompresses the body, so it is not a reply of AWS.
  ['a gzip bomb', /./, null],
  ['a fault of AWS', /is temporary/, 'fault'],
  ['a limit of AWS', /is temporary/, 'limit'],
  ['an error page', /HTTP 500/, 'page'],
  ['a page that is missing', /HTTP 404/, 'missing'],
];

describe.each(Object.entries(services))('%s', (service, ask) => {
  it.each(replies)(
    'answers with %s: is not read for long, and the error gives the reason',
    async (...row) => {
      const [reply, why, kind] = row;
      const server = await oddServer(reply);
      const limit = { timeoutMs: reply === 'a byte at a time' ? 700 : 8000 };
      const error: unknown = await ask(server.url, limit).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(AwshError);
      const { exitStatus, what, why: reason = '', next = '' } = error as AwshError;
      const expected: Record<string, number> = kind === null ? {} : statuses[kind];
      if (kind !== null) expect(exitStatus).toBe(expected[service] ?? expected.else);
      expect(`${what}: ${reason}`).toMatch(why);
      if (/HTTP|far too long/.test(reason)) expect(what).not.toContain('cannot reach');
      expect(`${what} ${reason} ${next}`).not.toMatch(/token-of-the-session|bearer|HPE_|EMSG|ECONN/);
      // At most what the system's buffers hold.
      expect(server.sent).toBeLessThan(12 * 1024 * 1024);
    },
  );
});
