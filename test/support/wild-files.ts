import fc from 'fast-check';
import type { BatchCase } from './botocore-batch.ts';

/** The same file twice: as found on machines, and as the AWS CLI would write it. */
export interface WildFile {
  readonly wild: BatchCase;
  readonly tidy: BatchCase;
  /** True if some spelling in it may also end in an error that names its line. */
  readonly mayFail: boolean;
}

const account = '444455556666';
const role = (name: string) => `role_arn = arn:aws:iam::${account}:role/${name}`;
const key = (name: string) => [
  `aws_access_key_id = AKIA${name.toUpperCase().padEnd(16, '0')}`,
  `aws_secret_access_key = ${name.padEnd(40, 'x')}`,
];

/**
 * The ways to get an identity on which all programs agree; `next` is the profile that assumes the
 * role.
 */
const identities: readonly ((name: string, next: string) => string[])[] = [
  () => [],
  key,
  key,
  (name, next) => [role(name), `source_profile = ${next}`, 'external_id = partner-7'],
  (name, next) => [role(name), `source_profile = ${next}`],
  (name) => [role(name), 'source_profile = nobody'],
  (name) => [role(name), 'credential_source = Environment'],
  (name) => [role(name), 'web_identity_token_file = /run/token'],
  (name) => [`credential_process = /bin/${name} --json`],
  (name) => [
    'sso_start_url = https://corp.awsapps.com/start',
    'sso_region = eu-west-1',
    `sso_account_id = ${account}`,
    `sso_role_name = ${name}`,
  ],
  (name) => ['sso_session = corp', `sso_account_id = ${account}`, `sso_role_name = ${name}`],
];

interface Spelling {
  readonly write: (line: string) => string;
  readonly mayFail?: boolean;
  /** It becomes a part of the value, as in every SDK, so the program would be different. */
  readonly isValue?: boolean;
}

/** Spellings of one line. Those that may fail are read differently by programs, or not at all. */
const spellings: readonly Spelling[] = [
  { write: (line) => line.replace(' = ', '=') },
  { write: (line) => line.replace(' = ', ' : ') },
  { write: (line) => line.replace(' = ', ': ') },
  { write: (line) => line.replace(' = ', '\t=\t') },
  { write: (line) => line.replace(' = ', '\u00a0=\u00a0') },
  { write: (line) => line.replace(/^\w+/, (word) => word.toUpperCase()) },
  { write: (line) => `${line} # mine` },
  { write: (line) => `${line} ; mine` },
  { write: (line) => `${line}\t ` },
  { write: (line) => `${line}\n${line}` },
  { write: (line) => `# ${line}\n;${line}\n\n${line}` },
  { write: (line) => line.replace(/ = .*$/, ''), mayFail: true },
  { write: (line) => line.replace(' = ', ' == '), mayFail: true, isValue: true },
  { write: (line) => line.replace(/ = (.*)$/, ' = "$1"'), mayFail: true, isValue: true },
  { write: (line) => `\u200b${line}`, mayFail: true },
  { write: (line) => line.replace(/ = (.{6})/, ' = $1\u200b'), mayFail: true, isValue: true },
  { write: (line) => `  ${line}`, mayFail: true },
  { write: (line) => `\t${line}`, mayFail: true },
  { write: (line) => `output = json\n    ${line}`, mayFail: true },
  { write: (line) => `s3 =\n    ${line}`, mayFail: true },
];

/** Spellings of a header; the name is between `[profile ` and `]`. */
const headers: readonly Spelling[] = [
  { write: (header) => header.replace(' ', '  ') },
  { write: (header) => header.replace(' ', '\t') },
  { write: (header) => header.replace('[', '[ ').replace(']', ' ]') },
  { write: (header) => header.replace(/ (\w+)\]/, ' "$1"]') },
  { write: (header) => `${header} # mine` },
  { write: (header) => `${header} mine` },
  { write: (header) => `  ${header}`, mayFail: true },
  { write: (header) => header.replace(']', ''), mayFail: true },
  { write: (header) => header.replace('profile ', ''), mayFail: true },
  { write: (header) => header.replace('profile', 'Profile'), mayFail: true },
  { write: (header) => header.replace(/ (\w+)\]/, " '$1']"), mayFail: true },
  { write: (header) => header.toUpperCase(), mayFail: true },
];

/** Lines that do not affect a profile's identity. */
const oddLines: readonly string[][] = [
  [],
  [],
  ['region = eu-west-1'],
  ['output ='],
  ['aws_access_key_id_old = AKIAOLD0000000000000'],
  ['s3 =', '    max_concurrent_requests = 20', '    addressing_style = path'],
  ['cli_pager =', 'x_long = '.padEnd(5000, 'y')],
  ['toolkit_artifact_guid = 64326371', 'ca_bundle = /etc/ssl/x.pem'],
];
const others: readonly string[][] = [
  ['[services local]', 's3 =', '  endpoint_url = http://127.0.0.1:4566', ''],
  ['[plugins]', 'endpoint = awscli_plugin_endpoint', ''],
  ['[preview]', 'cloudfront = true', ''],
];
const corp = [
  '[sso-session corp]',
  'sso_region = eu-west-1',
  'sso_start_url = https://corp.awsapps.com/start',
];

const asItIs: Spelling = { write: (line) => line };
const next = { default: 'base', dev: 'mid', mid: 'base', base: 'default' } as const;
type Name = keyof typeof next;
const names = Object.keys(next) as Name[];

const choice = fc.record({
  identity: fc.constantFrom(...identities),
  odd: fc.constantFrom(...oddLines),
  oddFirst: fc.boolean(),
  spelling: fc.constantFrom(...spellings),
  /** Which line has this spelling; often none. */
  at: fc.nat({ max: 6 }),
  header: fc.oneof(
    { weight: 5, arbitrary: fc.constant(asItIs) },
    { weight: 1, arbitrary: fc.constantFrom(...headers) },
  ),
});

/**
 * Four profiles in any order, possibly with the keys of one in the credentials file, among sections
 * of other programs.
 */
export const wildFile: fc.Arbitrary<WildFile> = fc
  .record({
    choices: fc.tuple(...names.map(() => choice)),
    turn: fc.nat({ max: 3 }),
    other: fc.subarray([...others]),
    inCredentials: fc.constantFrom(null, null, ...names),
    lineBreak: fc.constantFrom('\n', '\n', '\r\n'),
    mark: fc.constantFrom('', '', '', '\ufeff'),
  })
  .map(({ choices, turn, other, inCredentials, lineBreak, mark }) => {
    const parts = names.map((name, index) => {
      const { identity, odd, oddFirst, spelling, at, header } = choices[index] ?? fail();
      const own = name === inCredentials ? [] : identity(name, next[name]);
      const isSpelt = (line: string, lineAt: number) =>
        lineAt === at && !(spelling.isValue && line.startsWith('credential_process'));
      const spelt = own.map((line, lineAt) => (isSpelt(line, lineAt) ? spelling.write(line) : line));
      const title = name === 'default' ? '[default]' : `[profile ${name}]`;
      const ordered = (lines: string[]) => (oddFirst ? [...odd, ...lines] : [...lines, ...odd]);
      const mayFail = (at < own.length && spelling.mayFail) || header.mayFail;
      return {
        tidy: [title, ...ordered(own), ''],
        wild: [header.write(title), ...ordered(spelt), ''],
        mayFail: mayFail === true,
      };
    });
    const turned = [...parts.slice(turn), ...parts.slice(0, turn)];
    const credentials =
      inCredentials === null ? '' : [`[${inCredentials}]`, ...key(inCredentials)].join(lineBreak);
    const fileOf = (lines: string[]) => [...lines, ...other.flat(), ...corp].join('\n');
    return {
      tidy: { config: fileOf(turned.flatMap(({ tidy }) => tidy)), credentials },
      wild: {
        config: mark + fileOf(turned.flatMap(({ wild }) => wild)).replaceAll('\n', lineBreak),
        credentials,
      },
      mayFail: parts.some((part) => part.mayFail),
    };
  });

function fail(): never {
  throw new RangeError('there is a choice for each profile');
}
