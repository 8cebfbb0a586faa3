// The options and variables of this command that a suggested command must repeat; without them it
// would read or write another vault.
import { type Environment, operandWords, printable, shellWord } from '../system/index.ts';
import type { CommandLine } from './command-line.ts';
import type { OptionRow } from './command-row.ts';
import { globalOptions } from './global-options.ts';
import { optionTokens } from './parse-command.ts';
import { shellEnvironment } from './shell-environment.ts';

/** The options that choose a vault, with the variables that each one overrides. */
const vaultOptions: Readonly<Record<string, readonly string[]>> = {
  backend: ['AWSH_BACKEND', 'AWS_VAULT_BACKEND'],
  'file-dir': ['AWSH_FILE_DIR'],
  'pass-dir': ['AWSH_PASS_PASSWORD_STORE_DIR', 'AWS_VAULT_PASS_PASSWORD_STORE_DIR'],
  'pass-cmd': ['AWSH_PASS_CMD', 'AWS_VAULT_PASS_CMD'],
  'pass-prefix': ['AWSH_PASS_PREFIX', 'AWS_VAULT_PASS_PREFIX'],
};
const importOptions: Readonly<Record<string, readonly string[]>> = {
  keychain: ['AWSH_KEYCHAIN_NAME', 'AWS_VAULT_KEYCHAIN_NAME'],
  'secret-service-collection': [
    'AWSH_SECRET_SERVICE_COLLECTION_NAME',
    'AWS_VAULT_SECRET_SERVICE_COLLECTION_NAME',
  ],
};

/** Variables that choose a vault or the AWS files. None contains a secret. */
const vaultVariables = [
  ...Object.values(vaultOptions).flat(),
  'PASSWORD_STORE_DIR',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
];
const importVariables = [...Object.values(importOptions).flat(), 'AWS_VAULT_FILE_DIR'];
/** Every shell has these, so they count only if they are known to differ from the shell's. */
const folderVariables = ['HOME', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME'];

/** The options whose value is the next word. */
const valueOptions = [
  ...globalOptions.flatMap(({ long, ...row }) => ('value' in row ? [`--${long}`] : [])),
  '--csv',
  '--dir',
  '--from',
  '--to',
];

/** The verbs that open the vault. */
const vaultVerbs =
  /^(add|clear|doctor|exec|explain|export|import|list|lock|login|ls|migrate-backend|remove|rm|rotate|status|unlock)$/;

/**
 * By verb, the options that a suggested command with the same verb must repeat if it does not have
 * them.
 */
const carriedOptions: Readonly<Record<string, readonly string[]>> = {
  add: ['no-add-config', 'force'],
  import: ['keep', 'yes', 'overwrite', 'no-add-config'],
  'migrate-backend': ['delete-source'],
  rotate: ['no-session'],
};
const importSources = ['csv', 'aws-vault', 'aws-vault-file', 'aws-vault-keyring', 'aws-vault-pass'];

interface Given {
  readonly verb: string | null;
  readonly operands: readonly string[];
  /** By long name, each quoted for the shell: `--file-dir '/a b'`. */
  readonly options: ReadonlyMap<string, string>;
  /** The variables that this command has and its shell does not have. */
  readonly variables: ReadonlyMap<string, string>;
  /** The names of all such variables. */
  readonly ofLine: ReadonlySet<string>;
}

let readGiven: (() => Given) | null = null;
let given: Given | null = null;

/**
 * Sets, for the rest of this process, the command line and the environment that may differ from the
 * shell's. They are read when an error or a suggested command needs them.
 */
export function useGivenOptions(
  line: CommandLine,
  environment: Environment,
  shell?: Environment | null,
): void {
  readGiven = () => givenBy(line, environment, shell === undefined ? shellEnvironment(environment) : shell);
  given = null;
}

/** Null before {@link useGivenOptions}. */
function givenOptions(): Given | null {
  given ??= readGiven?.() ?? null;
  return given;
}

function givenBy(line: CommandLine, environment: Environment, shell: Environment | null): Given {
  const rows: readonly OptionRow[] = [...(line.row?.options ?? []), ...globalOptions];
  const options = new Map<string, string>();
  const operands: string[] = [];
  for (const token of optionTokens(line.words, rows)) {
    if (token.kind === 'positional') operands.push(token.value);
    if (token.kind !== 'option') continue;
    const takesValue = rows.some(({ long, value }) => long === token.name && value !== undefined);
    if (takesValue && !token.value) continue;
    options.set(token.name, optionWord(token.name, token.value));
  }
  const isOfLine = (name: string) =>
    shell === null ? !folderVariables.includes(name) : environment[name] !== shell[name];
  const variables = [...vaultVariables, ...importVariables, ...folderVariables].flatMap((name) => {
    const value = environment[name];
    return value && printable(value) === value && isOfLine(name) ? [[name, value] as const] : [];
  });
  const ofLine = new Set(shell === null ? [] : Object.keys(environment).filter(isOfLine));
  return { verb: line.row?.name ?? null, operands, options, variables: new Map(variables), ofLine };
}

function optionWord(name: string, value: string | undefined): string {
  if (value === undefined) return `--${name}`;
  return `--${name}${value.startsWith('-') ? '=' : ' '}${shellWord(value)}`;
}

/**
 * True if the variable was set only for this command, so that `unset` in the shell would change
 * nothing.
 */
export function isGivenByLine(variable: string): boolean {
  return givenOptions()?.ofLine.has(variable) === true;
}

/**
 * Adds to a suggested awsh command what this command was given: the options and variables that
 * choose a vault and, for the same verb, the options in `carriedOptions`. Other commands are
 * returned unchanged.
 */
export function withGivenOptions(command: string): string {
  const given = givenOptions();
  if (given === null) return command;
  // `&&` inside quotes is part of a name.
  const parts = /['"\\]/.test(command) ? [command] : command.split(' && ');
  return parts.map((part) => completed(part, given)).join(' && ');
}

const assignment = /\w+=(?:'[^']*'|\\.|[^\s'\\])* /;
const before = new RegExp(
  `^((?:${assignment.source}|env |-u \\w+ |sudo (?:-H )?(?:-u \\S+ )?)*)awsh (.*)$`,
  's',
);
const shellWords = /(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g;

function completed(command: string, given: Given): string {
  const [, prefix, rest] = before.exec(command) ?? [];
  if (prefix === undefined || rest === undefined) return command;
  const advised = wordsOf(rest);
  if (advised === null || !vaultVerbs.test(advised.verb) || advised.has('help')) return command;
  const { verb, has, verbEnd } = advised;
  const isImport = verb === 'import';
  const choices = Object.entries({ ...vaultOptions, ...(isImport ? importOptions : {}) });
  // migrate-backend names both of its backends itself.
  const isMissing = (name: string) => !has(name) && !(verb === 'migrate-backend' && name === 'backend');
  const options = choices.flatMap(([name]) => (isMissing(name) ? (given.options.get(name) ?? []) : []));
  const overridden = choices.flatMap(([name, names]) => (has(name) || given.options.has(name) ? names : []));
  const isWanted = (name: string) =>
    (isImport || !importVariables.includes(name)) &&
    !overridden.includes(name) &&
    !new RegExp(`(?:^| )(?:-u )?${name}[= ]`).test(prefix);
  const variables = [...given.variables].filter(([name]) => isWanted(name));
  const assigned = variables.map(([name, value]) => `${name}=${shellWord(value)} `).join('');
  const own = verb === given.verb ? ownWords(advised, given) : { options: [], operands: '' };
  const head = [...options, rest.slice(0, verbEnd), ...own.options].join(' ');
  return `${prefix}${assigned}awsh ${head}${rest.slice(verbEnd)}${own.operands}`;
}

interface AdvisedWords {
  readonly verb: string;
  /** The position after the verb. */
  readonly verbEnd: number;
  readonly has: (option: string) => boolean;
  readonly hasOperands: boolean;
}

/** Null if there is no verb. */
function wordsOf(text: string): AdvisedWords | null {
  const found = [...text.matchAll(shellWords)];
  const words = found.map(([word]) => word);
  const isValue = (at: number) => valueOptions.includes(words[at - 1] ?? '');
  const isOperand = (at: number) => !(words[at] ?? '-').startsWith('-') && !isValue(at);
  const at = words.findIndex((_, index) => isOperand(index));
  const verb = found[at];
  if (verb === undefined) return null;
  const end = words.includes('--') ? words.indexOf('--') : words.length;
  const has = (name: string) =>
    words.slice(0, end).some((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  const hasOperands = words.some((_, index) => index > at && (index > end || isOperand(index)));
  return { verb: verb[0], verbEnd: verb.index + verb[0].length, has, hasOperands };
}

/** The options and variables that the same verb was given and the suggested command lacks. */
function ownWords(
  { verb, has, hasOperands }: AdvisedWords,
  given: Given,
): { readonly options: readonly string[]; readonly operands: string } {
  const carried = carriedOptions[verb] ?? [];
  const hasSource = importSources.some(has);
  const isSame = importSources.some((name) => has(name) && given.options.has(name));
  const source =
    verb !== 'import' ? [] : isSame ? ['dir'] : has('dry-run') && !hasSource ? [...importSources, 'dir'] : [];
  // --keep and --yes concern the same lines of a file.
  const isIdle = (name: string) => /^(keep|yes)$/.test(name) && (has('yes') || has('dry-run'));
  const names = [...source, ...carried].filter((name) => !has(name) && !isIdle(name));
  const isForAll = verb !== 'import' || hasOperands || has('dry-run') || has('all');
  return {
    options: names.flatMap((name) => given.options.get(name) ?? []),
    operands: isForAll ? '' : operandWords(given.operands).replace(/^(?=.)/s, ' '),
  };
}
