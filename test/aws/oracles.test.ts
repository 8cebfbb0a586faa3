import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EmulatedUser } from '../../src/demo/emulator/index.ts';
import { readAwsFiles } from '../../src/profiles/index.ts';
import { processJson, script } from '../support/command-files.ts';
import { temporaryEmulator } from '../support/emulator.ts';
import { callsInWords, credentialsBy, type Oracle, oracles } from '../support/oracles.ts';
import { has } from '../support/programs.ts';
import { packageFolder } from '../support/run-awsh.ts';
import { machine, person } from '../support/session-runs.ts';
import { temporaryHome } from '../support/temporary-home.ts';

interface Case {
  readonly name: string;
  /** The config file; `${…}` of {@link Facts}. */
  readonly config: (facts: Facts) => string;
  readonly environment?: (facts: Facts) => Record<string, string>;
  /** What awsh calls. */
  readonly calls: string[];
  /**
   * The SDK's calls if they differ, or the error that it ends with, and the heading in
   * docs/differences.md that explains why.
   */
  readonly otherwise?: Partial<Record<Oracle, string[] | string>>;
  readonly difference?: string;
}

interface Facts {
  readonly jane: EmulatedUser;
  readonly home: string;
  readonly url: string;
  readonly process: string;
}

const role = (name: string) => `role_arn = arn:aws:iam::444455556666:role/${name}`;
const dev = (...lines: string[]) => ['[profile dev]', role('Dev'), ...lines].join('\n');

const plainKeys = (id: string, secret: string) =>
  `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}`;
/** The key of no user, so AWS refuses a call that it signs. */
const unused = plainKeys('AKIAUNUSED0000000000', 's'.repeat(40));

const cases: Case[] = [
  { name: 'a role', config: () => dev('source_profile = me'), calls: ['AssumeRole Dev by jane for 3600'] },
  {
    name: 'a chain of roles',
    config: () => `${dev('source_profile = hub')}\n[profile hub]\n${role('Hub')}\nsource_profile = me`,
    calls: ['AssumeRole Hub by jane for 3600', 'AssumeRole Dev by Hub for 3600'],
  },
  {
    name: 'external_id, duration_seconds and role_session_name',
    config: () =>
      dev('source_profile = me', 'external_id = abc', 'duration_seconds = 1800', 'role_session_name = jane'),
    calls: ['AssumeRole Dev by jane for 1800 ExternalId=abc'],
  },
  {
    name: 'a role with MFA',
    config: ({ jane }) => dev('source_profile = me', `mfa_serial = ${jane.mfaSerial}`),
    calls: ['AssumeRole Dev by jane for 3600 with MFA'],
  },
  {
    name: 'a role whose source is a program',
    config: ({ process }) =>
      `${dev('source_profile = base')}\n[profile base]\ncredential_process = ${process}`,
    calls: ['AssumeRole Dev by jane for 3600'],
  },
  {
    name: 'a program alone',
    config: ({ process }) => `[profile dev]\ncredential_process = ${process}`,
    calls: [],
  },
  {
    name: 'a web identity',
    config: ({ home }) => `[profile dev]\n${role('Pod')}\nweb_identity_token_file = ${home}/token`,
    calls: ['AssumeRoleWithWebIdentity Pod by a token for 3600'],
  },
  {
    name: 'a role whose source is a web identity',
    config: ({ home }) =>
      `${dev('source_profile = pod')}\n[profile pod]\n${role('Pod')}\nweb_identity_token_file = ${home}/token`,
    calls: ['AssumeRoleWithWebIdentity Pod by a token for 3600', 'AssumeRole Dev by Pod for 3600'],
  },
  {
    name: 'credential_source = Environment',
    config: () => dev('credential_source = Environment'),
    environment: ({ jane }) => ({
      AWS_ACCESS_KEY_ID: jane.accessKeyId,
      AWS_SECRET_ACCESS_KEY: jane.secretAccessKey,
    }),
    calls: ['AssumeRole Dev by jane for 3600'],
  },
  {
    name: 'an endpoint by [services]',
    config: ({ url }) =>
      `${dev('source_profile = me', 'services = local')}\n[services local]\nsts =\n  endpoint_url = ${url}`,
    environment: () => ({ AWS_ENDPOINT_URL_STS: '' }),
    calls: ['AssumeRole Dev by jane for 3600'],
  },
  {
    name: 'a user',
    config: () => '[profile dev]\nsource_profile = me',
    calls: ['GetSessionToken by jane for 3600'],
    otherwise: { botocore: 'none', javascript: 'CredentialsProviderError' },
    difference: 'Access keys are exchanged for a session',
  },
  {
    name: 'one MFA device for all roles of a source',
    config: ({ jane }) =>
      `[default]\nmfa_serial = ${jane.mfaSerial}\n${dev('source_profile = me', `mfa_serial = ${jane.mfaSerial}`)}`,
    calls: ['GetSessionToken by jane for 28800 with MFA', 'AssumeRole Dev by jane for 3600'],
    otherwise: {
      botocore: ['AssumeRole Dev by jane for 3600 with MFA'],
      javascript: ['AssumeRole Dev by jane for 3600 with MFA'],
    },
    difference: 'One MFA code for all roles of a source',
  },
  {
    name: 'more than an hour in a chain',
    config: () =>
      `${dev('source_profile = hub', 'duration_seconds = 7200')}\n[profile hub]\n${role('Hub')}\nsource_profile = me`,
    calls: ['AssumeRole Hub by jane for 3600', 'AssumeRole Dev by Hub for 3600'],
    otherwise: { botocore: 'ClientError', javascript: 'ValidationError' },
    difference: 'A chained role lasts one hour at most',
  },
  {
    name: 'tags, a source identity and policies',
    config: () =>
      dev(
        'source_profile = me',
        'session_tags = team=core',
        'source_identity = jane',
        'policy_arns = arn:aws:iam::aws:policy/ReadOnlyAccess',
      ),
    calls: [
      'AssumeRole Dev by jane for 3600 PolicyArns.member.1.arn=arn:aws:iam::aws:policy/ReadOnlyAccess SourceIdentity=jane Tags.member.1.Key=team Tags.member.1.Value=core',
    ],
    otherwise: {
      botocore: ['AssumeRole Dev by jane for 3600'],
      javascript: ['AssumeRole Dev by jane for 3600'],
    },
    difference: 'More keys are sent with AssumeRole',
  },
  {
    name: 'a role beside a program',
    config: ({ process }) => dev(`credential_process = ${process}`),
    calls: ['AssumeRole Dev by jane for 3600'],
    otherwise: { botocore: 'PartialCredentialsError', javascript: [] },
    difference: 'A role_arn is always assumed',
  },
  {
    name: 'keys of its own beside credential_source',
    config: () => dev('credential_source = Environment', unused),
    environment: ({ jane }) => ({
      AWS_ACCESS_KEY_ID: jane.accessKeyId,
      AWS_SECRET_ACCESS_KEY: jane.secretAccessKey,
    }),
    calls: ['AssumeRole Dev by jane for 3600'],
  },
  {
    name: 'keys of its own beside a web identity',
    config: ({ home }) => dev(`web_identity_token_file = ${home}/token`, unused).replaceAll('/Dev', '/Pod'),
    calls: ['AssumeRoleWithWebIdentity Pod by a token for 3600'],
    otherwise: { javascript: [] },
    difference: 'Keys in plain text beside a role',
  },
  {
    name: 'a source with keys and a role of its own',
    config: ({ jane }) =>
      `${dev('source_profile = hub')}\n[profile hub]\n${role('Hub')}\n${plainKeys(jane.accessKeyId, jane.secretAccessKey)}`,
    calls: ['AssumeRole Dev by jane for 3600'],
  },
  {
    name: 'a role that is its own source',
    config: ({ jane }) => dev('source_profile = dev', plainKeys(jane.accessKeyId, jane.secretAccessKey)),
    calls: ['AssumeRole Dev by jane for 3600'],
  },
  {
    name: 'another profile, by include_profile',
    config: () => `[profile base]\nsource_profile = me\n${dev('include_profile = base')}`,
    calls: ['AssumeRole Dev by jane for 3600'],
    otherwise: { botocore: 'PartialCredentialsError', javascript: 'CredentialsProviderError' },
    difference: 'Profiles inherit settings',
  },
  {
    name: 'a role beside who [default] is',
    config: () => `[default]\n${role('Hub')}\nsource_profile = me\n${dev('source_profile = me')}`,
    calls: ['AssumeRole Dev by jane for 3600'],
  },
  {
    name: 'a program beside who [default] is',
    config: ({ process }) =>
      `[default]\n${role('Hub')}\nsource_profile = me\n[profile dev]\ncredential_process = ${process}`,
    calls: [],
  },
  {
    name: 'indented keys, and text after a header',
    config: () =>
      `[profile other]\n    region = eu-west-1\n${dev('source_profile = me').replace(']', '] # x')}`,
    calls: ['AssumeRole Dev by jane for 3600'],
  },
];

/** An emulated AWS, and AWS files with plain-text keys, which every SDK finds. */
async function setting({ config, environment = () => ({}) }: Case) {
  const home = temporaryHome();
  const emulator = await temporaryEmulator();
  const jane = emulator.addUser({ account: '444455556666', name: 'jane', mfa: true });
  for (const name of ['Dev', 'Hub'])
    emulator.addRole({ account: '444455556666', name, maxSessionDuration: 43_200 });
  const trust = { webIdentity: { token: 'token-of-the-pod', subject: 'pod' } };
  emulator.addRole({ account: '444455556666', name: 'Pod', trust });
  home.write('token', 'token-of-the-pod');
  const keys = { AccessKeyId: jane.accessKeyId, SecretAccessKey: jane.secretAccessKey };
  const printed = processJson({ ...keys, SessionToken: undefined, Expiration: undefined });
  const process = script(home.path, 'creds', `cat <<'END'\n${printed}\nEND`);
  const facts = { jane, home: home.path, url: emulator.url, process };
  const awsConfig = home.write('.aws/config', config(facts));
  const credentials = `[me]\naws_access_key_id = ${jane.accessKeyId}\naws_secret_access_key = ${jane.secretAccessKey}\n`;
  const variables = {
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL_STS: emulator.url,
    ...environment(facts),
  };
  const awsCredentials = home.write('.aws/credentials', credentials);
  return { home, emulator, jane, awsConfig, awsCredentials, variables };
}

describe.each(cases)('$name', (each) => {
  it('awsh', async () => {
    const { home, emulator, jane, awsConfig, awsCredentials, variables } = await setting(each);
    const surroundings = { ...variables, HOME: home.path, PATH: '/usr/bin:/bin' };
    const files = readAwsFiles({ awsConfig, awsCredentials });
    const plan = { config: '', files, environment: variables };
    await machine({}, person(jane.code)).get(plan, { surroundings });
    expect(callsInWords(emulator)).toEqual(each.calls);
  });

  it.skipIf(!has('python3')).each(oracles)('%s', async (oracle) => {
    const { emulator, jane, awsConfig, awsCredentials, variables } = await setting(each);
    const result = await credentialsBy(oracle, {
      ...variables,
      AWS_CONFIG_FILE: awsConfig,
      AWS_SHARED_CREDENTIALS_FILE: awsCredentials,
      AWS_PROFILE: 'dev',
      AWS_EC2_METADATA_DISABLED: 'true',
      CODE: jane.code(),
    });
    const expected = each.otherwise?.[oracle] ?? each.calls;
    if (typeof expected === 'string') expect(result).toBe(expected);
    else {
      expect(result).toMatch(/^A(KIA|SIA)/);
      expect(callsInWords(emulator)).toEqual(expected);
    }
  });
});

it('each difference is documented', () => {
  const text = readFileSync(join(packageFolder, 'docs/differences.md'), 'utf8');
  const missing = cases.filter(({ difference }) => difference && !text.includes(`\n### ${difference}\n`));
  expect(missing.map(({ name }) => name)).toEqual([]);
});
