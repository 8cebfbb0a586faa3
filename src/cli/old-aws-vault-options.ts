import { type Environment, parseDuration, printable, UsageError } from '../system/index.ts';
import type { CommandInput } from './command-input.ts';
import type { CommandLine } from './command-line.ts';
import type { CommandRow, OptionRow } from './command-row.ts';
import { rewrittenLine, withOption, withoutOptions } from './rewritten-line.ts';

/*
 * Options of aws-vault 2 to 4 (99designs/aws-vault, cli/exec.go and cli/login.go of v4.7.1) that
 * later versions replaced with `-d` and variables. Scripts still use them, so they work, but help
 * and completion do not show them.
 */

const duration = { value: 'TIME', hidden: true } as const;
const assumeRoleTtl: OptionRow = {
  ...duration,
  long: 'assume-role-ttl',
  summary: "how long a role's session lasts",
};

export const oldExecOptions: readonly OptionRow[] = [
  { long: 'mfa-token', short: 'm', value: 'CODE', summary: 'the MFA code', hidden: true },
  { ...duration, long: 'session-ttl', summary: "how long a user's session lasts" },
  assumeRoleTtl,
  { long: 'mfa-serial-override', value: 'SERIAL', summary: 'the MFA device', hidden: true },
];

export const oldLoginOptions: readonly OptionRow[] = [
  {
    ...duration,
    long: 'federation-token-ttl',
    short: 'f',
    summary: "how long a user's console session lasts",
  },
  assumeRoleTtl,
];

const hour = 3600;

/**
 * By option, the variables that it sets, and the longest duration that AWS accepts, in seconds;
 * null if its value is not a duration.
 */
const meanings: Readonly<
  Record<string, { readonly variables: readonly string[]; readonly longest: number | null }>
> = {
  'session-ttl': {
    variables: ['AWSH_SESSION_TOKEN_TTL', 'AWSH_CHAINED_SESSION_TOKEN_TTL'],
    longest: 36 * hour,
  },
  'assume-role-ttl': { variables: ['AWSH_ASSUME_ROLE_TTL'], longest: 12 * hour },
  'federation-token-ttl': { variables: ['AWSH_FEDERATION_TOKEN_TTL'], longest: 36 * hour },
  'mfa-serial-override': { variables: ['AWS_MFA_SERIAL'], longest: null },
};

/**
 * The environment of this run, changed by these options. Throws UsageError (exit 2) for a duration
 * that AWS does not accept.
 */
export function withOldOptions(environment: Environment, row: CommandRow, input: CommandInput): Environment {
  const given = (row.options ?? []).flatMap(({ long }) => {
    const meaning = Object.hasOwn(meanings, long) ? meanings[long] : undefined;
    const value = meaning && input.value(long);
    return meaning === undefined || value === undefined ? [] : [{ long, value, ...meaning }];
  });
  if (given.length === 0) return environment;
  for (const { long, value, longest } of given)
    if (longest !== null) requireWithin(`--${long}`, value, longest);
  const variables = given.flatMap(({ value, variables: names }) => names.map((name) => [name, value]));
  return { ...environment, ...Object.fromEntries(variables) };
}

function requireWithin(option: string, text: string, longest: number): void {
  const seconds = parseDuration(text);
  if (seconds !== null && !/[dw]/.test(text) && seconds >= 900 && seconds <= longest) return;
  throw new UsageError(
    `${option} cannot be ${JSON.stringify(printable(text))}`,
    `it is a duration from 15m to ${longest / hour}h, such as 1h30m`,
  );
}

/**
 * The error for an invalid MFA code in this command line: in old versions `-t` was a duration. Null
 * if the code is valid.
 */
export function refusedMfaToken(option: string, value: string, line: CommandLine): UsageError | null {
  if (/^[0-9]{6}$/.test(value)) return null;
  const isDuration =
    parseDuration(value) !== null && line.row?.options?.some(({ long }) => long === 'duration');
  const why = isDuration
    ? `${option} is the MFA code; a duration is -d (aws-vault 2 to 4 had it at -t)`
    : `${option} is the code that the MFA device shows now`;
  const bare = withoutOptions(line, ['mfa-token']);
  const next = rewrittenLine(isDuration ? withOption(bare, 'duration', value) : bare);
  return new UsageError('the MFA code must be six digits', why, next);
}
