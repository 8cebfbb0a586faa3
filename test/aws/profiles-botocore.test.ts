import { loadSharedConfigFiles } from '@smithy/shared-ini-file-loader';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { awsConfigJson, type PropertiesJson, parseAwsFiles } from '../../src/profiles/index.ts';
import { type Plan, planFor } from '../../src/sessions/index.ts';
import { AwshError } from '../../src/system/index.ts';
import { askBotocore, type BatchCase, type BotocoreAnswer } from '../support/botocore-batch.ts';
import { has } from '../support/programs.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';
import { wildFile } from '../support/wild-files.ts';

/** Each case is a new botocore session. A few hundred are fast, and TEST_FILES sets more. */
const filesTried = Number(process.env.TEST_FILES ?? 200);

const files = ({ config, credentials }: BatchCase) =>
  parseAwsFiles({ path: 'config', text: config }, { path: 'credentials', text: credentials });

/** A file of typical parts: indents, colons, comments, odd names, nested blocks, stray lines. */
const value = fc.constantFrom('eu-west-1', 'a=b', 'a:b', 'http://h/#/', '"q"', 'ü', 'a b', '');
const indent = fc.constantFrom('', '', '  ', '\t', '\u00a0');
const delimiter = fc.constantFrom(' = ', ' = ', ' = ', '=', ' =', '\u00a0=\u00a0', '\t=\t', ': ');
const stray = fc.constantFrom('', '', '', '  ', '# note', '  ; note');
/**
 * Lines below a key: more of its value, or a nested block. botocore refuses the whole file because
 * of the last of these.
 */
const below = fc.constantFrom('', '', '', '', '', '    -2', '    x = 1', '      # note', 'oops');
const names = ['region', 'output', 'role_arn', 'x', 'Mfa_Serial', 's3', 'a b', 'é'];
const section = (name: string) =>
  fc
    .record({
      blanks: indent,
      mine: fc.constantFrom('', '', '', ' mine', ' # mine'),
      keys: fc.subarray(names, { minLength: 1, maxLength: 4 }),
      parts: fc.array(fc.tuple(delimiter, value, stray, below), { minLength: 4, maxLength: 4 }),
    })
    .map(({ blanks, mine, keys, parts }) => [
      `[${name}]${mine}`,
      ...keys.flatMap((key, at) => {
        const [sign, text, note, more] = parts[at] ?? [' = ', '', '', ''];
        return [note, `${blanks}${key}${sign}${text}`, at === 0 ? more : ''].filter(Boolean);
      }),
    ]);
const headers = [
  'default',
  'profile dev',
  'profile ops',
  'profile  a.b',
  'profile "a b"',
  'profile é',
  'dev',
];
const oddFile: fc.Arbitrary<BatchCase> = fc
  .subarray(headers, { minLength: 1, maxLength: 4 })
  .chain((chosen) => fc.tuple(fc.constantFrom('\n', '\r\n'), ...chosen.map(section)))
  .map(([lineBreak, ...sections]) => ({ config: sections.flat().join(lineBreak), credentials: '' }));

type Profiles = Record<string, PropertiesJson>;

/** The values that both SDKs read alike, as `[profile, key, value]`. */
async function readByBoth(home: TemporaryHome, { config }: BatchCase, { profiles }: BotocoreAnswer) {
  const theirs = await loadSharedConfigFiles({
    configFilepath: home.write('one-config', config),
    filepath: home.write('one-credentials', ''),
    ignoreCache: true,
  });
  return Object.entries(profiles ?? {}).flatMap(([name, keys]) =>
    Object.entries(keys).flatMap(([key, read]) => {
      const other = Object.entries(theirs.configFile[name] ?? {}).find(
        ([it]) => it.toLowerCase() === key,
      )?.[1];
      return typeof read === 'string' && read === other ? [[name, key, read] as const] : [];
    }),
  );
}

describe.skipIf(!has('python3'))('a config file', () => {
  it('has every value that botocore and the SDK for JavaScript both read', { timeout: 600_000 }, async () => {
    const home = temporaryHome();
    const cases = fc.sample(oddFile, { numRuns: filesTried, seed: 15 });
    const answers = await askBotocore(home, cases, 'files');
    let compared = 0;
    for (const [at, each] of cases.entries()) {
      const answer = answers[at] as BotocoreAnswer;
      const ours: Profiles = awsConfigJson(files(each)).profiles;
      for (const [name, key, read] of await readByBoth(home, each, answer)) {
        // No SDK uses keys outside the common alphabet.
        if (!/^[a-z0-9_]+$/.test(key)) continue;
        compared += 1;
        expect([each.config, name, key, ours[name]?.[key]]).toEqual([each.config, name, key, read]);
      }
    }
    expect(compared).toBeGreaterThan(filesTried / 4);
  });
});

const role = (name: string) => `role_arn = arn:aws:iam::444455556666:role/${name}`;

/** A way to get an identity; `next` is the profile that assumes the role. */
const identities: ((name: string, next: string) => string[])[] = [
  () => [],
  (name, next) => [role(name), `source_profile = ${next}`],
  (name) => [role(name), 'credential_source = Environment'],
  (name) => [role(name), 'web_identity_token_file = /run/token'],
  (name) => [`credential_process = /bin/${name} --json`],
  (name) => [
    'sso_start_url = https://corp.awsapps.com/start',
    'sso_region = eu-west-1',
    'sso_account_id = 444455556666',
    `sso_role_name = ${name}`,
  ],
  (name) => ['sso_session = corp', 'sso_account_id = 444455556666', `sso_role_name = ${name}`],
  (name) => [
    `aws_access_key_id = AKIA${name.toUpperCase().padEnd(16, '0')}`,
    'aws_secret_access_key = secret',
  ],
];
const settings = fc.subarray(['region = eu-west-1', 'output = json', 'duration_seconds = 900', '# note', '']);
const somebody = fc.record({
  identity: fc.nat({ max: identities.length - 1 }),
  settings,
  blanks: fc.constantFrom('', '', '  '),
  sign: fc.constantFrom(' = ', ' = ', ': '),
});
const whoIsIt: fc.Arbitrary<BatchCase> = fc
  .record({
    default: somebody,
    dev: somebody,
    mid: somebody,
    base: somebody,
    lineBreak: fc.constantFrom('\n', '\r\n'),
  })
  .map(({ lineBreak, ...sections }) => {
    const next = { default: 'base', dev: 'mid', mid: 'base', base: 'default' } as const;
    const text = (Object.keys(next) as (keyof typeof next)[]).flatMap((name) => {
      const { identity, settings: lines, blanks, sign } = sections[name];
      const own = identities[identity]?.(name, next[name]) ?? [];
      const keys = [...lines, ...own].map((it) => `${blanks}${it.replace(' = ', sign)}`);
      return [name === 'default' ? '[default]' : `[profile ${name}]`, ...keys];
    });
    const corp = [
      '[sso-session corp]',
      'sso_region = eu-west-1',
      'sso_start_url = https://corp.awsapps.com/start',
    ];
    return { config: [...text, ...corp].join(lineBreak), credentials: '' };
  });

/**
 * The identity that a plan gives `dev`, in the words of {@link BotocoreAnswer}; the error's status
 * if there is none.
 */
function identityByAwsh(each: BatchCase): string {
  const environment = { AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT00000', AWS_SECRET_ACCESS_KEY: 'secret' };
  try {
    return inWords(planFor({ files: files(each), profile: 'dev', keys: [], environment }));
  } catch (error) {
    if (error instanceof AwshError) return `exit ${error.exitStatus}`;
    throw error;
  }
}

function inWords({ steps }: Plan): string {
  let who = '';
  for (const step of steps) {
    if (step.kind === 'static-keys') who = `key ${step.accessKeyId}`;
    if (step.kind === 'environment-keys') who = 'environment';
    if (step.kind === 'process') who = `process ${step.command}`;
    if (step.kind === 'GetRoleCredentials') who = `sso ${step.account} ${step.roleName}`;
    if (step.kind === 'AssumeRole') who = `role ${step.roleArn} by ${who}`;
    if (step.kind === 'AssumeRoleWithWebIdentity') who = `role ${step.roleArn} by a token`;
  }
  return who;
}

describe.skipIf(!has('python3'))('the identity of a profile', () => {
  it('is the one that botocore would use, and none if it finds none', {
    timeout: 600_000,
  }, async () => {
    const cases = fc.sample(whoIsIt, { numRuns: filesTried, seed: 31 });
    const answers = await askBotocore(temporaryHome(), cases, 'identity');
    const found = answers.filter(({ identity }) => identity.includes(' ') || identity === 'environment');
    expect(found.length).toBeGreaterThan(filesTried / 3);
    for (const [at, each] of cases.entries()) {
      const { identity } = answers[at] as BotocoreAnswer;
      const ours = identityByAwsh(each);
      const isSomebody = identity.includes(' ');
      expect([each.config, ours.replace(/^exit [24]$/, 'nobody')]).toEqual([
        each.config,
        isSomebody ? identity : 'nobody',
      ]);
    }
  });

  it('is that of the tidy file, however odd the file is, or an error', { timeout: 600_000 }, async () => {
    const cases = fc.sample(wildFile, { numRuns: filesTried, seed: 64 });
    const answers = await askBotocore(
      temporaryHome(),
      cases.map(({ tidy }) => tidy),
      'identity',
    );
    let same = 0;
    for (const [at, { wild, mayFail }] of cases.entries()) {
      const { identity } = answers[at] as BotocoreAnswer;
      const theirs = identity.includes(' ') ? identity : 'nobody';
      const ours = identityByAwsh(wild).replace(/^exit [234]$/, 'nobody');
      if (ours === theirs && ours !== 'nobody') same += 1;
      const allowed = mayFail ? [theirs, 'nobody'] : [theirs];
      expect([wild, allowed.includes(ours) ? theirs : ours]).toEqual([wild, theirs]);
    }
    expect(same).toBeGreaterThan(filesTried / 4);
  });
});
