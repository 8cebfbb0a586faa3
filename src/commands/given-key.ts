import { text as readAll } from 'node:stream/consumers';
import type { AnswerForm, Prompter } from '../prompt/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import { type Environment, operandWord, printable, Secret, UsageError } from '../system/index.ts';
import { type AccessKey, storableKeyIdFault, storableSecretFault } from '../vault/index.ts';

/** The rules for accepting a key. */
export interface KeyRules {
  readonly profile: string;
  readonly added: Date;
  /** For an endpoint on this machine, such as LocalStack's, whose keys may be any text. */
  readonly isLocal: boolean;
  /** The option that names the source of the key; undefined if the user is asked. */
  readonly option?: '--env' | '--stdin';
}

/** Lines that may surround a key in a file or a script: `[work]`, a comment, a region. */
const otherLines = /^\s*([[#;].*|(export\s+)?(aws_(default_)?)?(region|output)\s*[= ].*)?$/i;

/**
 * Asks for a key; the secret is not shown. Both lines may be pasted at once, alone or in the form
 * of a credentials file or a script.
 */
export async function keyFromTerminal(prompter: Prompter, rules: KeyRules): Promise<AccessKey> {
  const accessKeyId = await prompter.text(`access key id for ${printable(rules.profile)}`, undefined, {
    ...refusing((answer: string) => keyIdFault(keyIdIn(answer), rules)),
    // A secret pasted here by mistake contains lower-case letters, so it is not shown.
    shown: rules.isLocal ? /^([A-Z0-9]{1,128}|[\w.-]{1,8})$/ : shownKeyId,
    skips: otherLines,
    holds: true,
  });
  const secret = await prompter.secret('secret access key', {
    ...refusing((answer: Secret) => secretFault(secretIn(answer.reveal()), rules)),
    skips: otherLines,
    takesRestOfPaste: true,
  });
  return checkedKey(accessKeyId, secret.reveal(), rules);
}

/**
 * The text before a value in files and shells of all kinds: `name = `, `export NAME=`, `set -gx
 * NAME `, `$Env:NAME = `.
 */
function before(name: string): string {
  const anyCase = `(?:${name.toLowerCase()}|${name.toUpperCase()})`;
  return `(?:export\\s+|(?:set|SET)\\s+(?:-\\w+\\s+)*|\\$(?:env|Env|ENV):)?${anyCase}(?:\\s*[=:]\\s*|\\s+)`;
}

const shownKeyId = new RegExp(`^(?:${before('aws_access_key_id')}["']?)?[A-Z0-9]{1,128}["']?;?$`);
const keyIdIn = (line: string) => valueIn(line, 'aws_access_key_id');
const secretIn = (line: string) => valueIn(line, 'aws_secret_access_key');

/** The value in a line that names it; any other line unchanged. */
function valueIn(line: string, name: string): string {
  const value = new RegExp(`^\\s*${before(name)}(.*?)\\s*;?\\s*$`).exec(line)?.[1];
  return value === undefined ? line.trim() : value.replace(/^(["'])(.*)\1$/, '$2');
}

/**
 * Turns a check's error into the reason to ask again, and throws it if no more answers are
 * accepted.
 */
function refusing<T>(check: (answer: T) => UsageError | null): AnswerForm<T> {
  let last: UsageError | null = null;
  return {
    fault(answer) {
      last = check(answer);
      return last && `${last.what}: ${last.why}`;
    },
    givenUp: (fault) => last ?? new UsageError(fault),
  };
}

/**
 * AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, if they are the caller's own and were not loaded by
 * awsh.
 */
export function keyFromEnvironment(environment: Environment, rules: KeyRules): AccessKey {
  const own = unloadedEnvironment(environment);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secret } = own;
  if (!accessKeyId || !secret) {
    throw new UsageError(
      'there is no access key in the environment',
      '--env takes it from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; without it awsh asks for the key',
      addAgain(rules.profile),
    );
  }
  return checkedKey(accessKeyId, secret, { ...rules, option: '--env' });
}

/** The first line of stdin is the access key id, the second the secret. */
export async function keyFromStdin(rules: KeyRules): Promise<AccessKey> {
  const lines = (await readAll(process.stdin)).split(/\r?\n/);
  const [accessKeyId = '', secret = '', ...rest] = lines;
  if (secret === '' || rest.some((line) => line !== '')) {
    throw new UsageError(
      '--stdin needs two lines',
      'the access key id on the first, the secret access key on the second; without it awsh asks for them',
      addAgain(rules.profile),
    );
  }
  return checkedKey(accessKeyId, secret, { ...rules, option: '--stdin' });
}

/** Throws UsageError if AWS cannot have issued this as a long-term key. */
function checkedKey(givenId: string, givenSecret: string, rules: KeyRules): AccessKey {
  const [accessKeyId, secret] = [keyIdIn(givenId), secretIn(givenSecret)];
  const fault = keyIdFault(accessKeyId, rules) ?? secretFault(secret, rules);
  if (fault !== null) throw fault;
  return { accessKeyId, secretAccessKey: new Secret(secret), added: rules.added };
}

/** Null for an access key id that can be stored. */
function keyIdFault(accessKeyId: string, { isLocal, profile, option }: KeyRules): UsageError | null {
  const fault = storableKeyIdFault(accessKeyId, isLocal);
  if (fault === null) return null;
  // --force would not help.
  if (isLocal && accessKeyId.startsWith('ASIA'))
    return new UsageError(fault.what, `${fault.why}; --force does not change that`);
  const mayBeLocal = option !== undefined && storableKeyIdFault(accessKeyId, true) === null;
  return mayBeLocal
    ? new UsageError(
        fault.what,
        `${fault.why}; a key for an endpoint on this machine needs --force`,
        `awsh add ${option} --force ${operandWord(profile)}`,
      )
    : new UsageError(fault.what, fault.why, addAgain(profile));
}

/** Null for a secret access key that can be stored. */
function secretFault(secret: string, { isLocal, profile, option }: KeyRules): UsageError | null {
  const fault = storableSecretFault(secret, isLocal);
  if (fault === null) return null;
  const mayBeLocal = !isLocal && storableSecretFault(secret, true) === null;
  const why = mayBeLocal ? `${fault.why}; a key for an endpoint on this machine needs --force` : fault.why;
  const isForced = mayBeLocal && option !== undefined;
  return new UsageError(
    fault.what,
    why,
    isForced ? `awsh add ${option} --force ${operandWord(profile)}` : addAgain(profile),
  );
}

function addAgain(profile: string): string {
  return `awsh add ${operandWord(profile)}`;
}
