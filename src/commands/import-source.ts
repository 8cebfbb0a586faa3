import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { type CommandInput, type Context, withGivenOptions } from '../cli/index.ts';
import {
  type AskAwsVaultPassphrase,
  type AwsVaultSource,
  awsVaultFolder,
  awsVaultPassStore,
  type Found,
  type FoundKey,
  findPlainKeys,
  keysOutsideVault,
  othersInAwsVaultFiles,
  readAwsVaultFiles,
  readAwsVaultKeyring,
  readAwsVaultPass,
  readConsoleCsv,
  readThroughAwsVault,
  withLocalKeys,
  withoutOtherSources,
} from '../moving/index.ts';
import {
  type Environment,
  operandWords,
  printablePath,
  Secret,
  shellCommand,
  shellWord,
  statIfThere,
  UsageError,
} from '../system/index.ts';
import { askForCsvPath } from './csv-path.ts';
import { cleanUpPlainText } from './import-plain-text.ts';
import { namesOf } from './key-list.ts';
import { localEndpoints } from './local-endpoints.ts';

export type ImportSource = 'plain-text' | 'csv' | AwsVaultSource;

/** The keys found in a place, and the clean-up of that place. */
export interface Gathered {
  readonly found: Found;
  /**
   * The option of `awsh import` that reads only this source, quoted for a shell; empty for plain
   * text.
   */
  readonly option: string;
  /**
   * The clean-up of the place, run after these keys are verified in the vault. Returns how many
   * could not be removed.
   */
  readonly afterwards: (moved: readonly FoundKey[]) => Promise<number>;
}

const options = ['csv', 'aws-vault', 'aws-vault-file', 'aws-vault-keyring', 'aws-vault-pass'] as const;

/**
 * The source that an option names; null if none does. Throws UsageError for two sources, or for an
 * option that belongs to another one.
 */
export function givenSource(input: CommandInput): ImportSource | null {
  const given = options.filter((source) => input.flag(source) || input.value(source) !== undefined);
  const [source = null, second] = given;
  if (second !== undefined)
    throw new UsageError(
      `--${source} and --${second} cannot be used together`,
      'each names the source of the keys',
    );
  if (input.value('dir') !== undefined && source !== 'aws-vault-file') {
    throw new UsageError('--dir needs --aws-vault-file', 'it is the folder of aws-vault’s files');
  }
  return source;
}

/** Reads one source. If `listed` is given, only these entries of a password store are opened. */
export async function gatherKeys(
  context: Context,
  input: CommandInput,
  source: ImportSource,
  listed?: readonly string[],
): Promise<Gathered> {
  if (source === 'csv') return fromCsv(context, input);
  const option = source === 'plain-text' ? '' : `--${source}`;
  const gathered = await gatherFrom(context, input, source, listed);
  return { ...gathered, found: await settleLocal(context, gathered.found), option };
}

/**
 * Accepts keys that only an emulator on this machine would accept, if their profile's calls go
 * there.
 */
async function settleLocal(context: Context, found: Found): Promise<Found> {
  if (!found.localOnly?.length) return found;
  return withLocalKeys(found, await localEndpoints(context));
}

type GatheredKeys = Omit<Gathered, 'option'>;

async function gatherFrom(
  context: Context,
  input: CommandInput,
  source: Exclude<ImportSource, 'csv'>,
  listed?: readonly string[],
): Promise<GatheredKeys> {
  const added = new Date(context.clock.now());
  const environment = awsVaultEnvironment(context);
  const only = async (found: Found | Promise<Found>): Promise<GatheredKeys> => ({
    found: await found,
    afterwards: async () => 0,
  });
  switch (source) {
    case 'aws-vault':
      // aws-vault would ask for its files' passphrase once for each key, and would wait for any
      // named pipe among them.
      return environment.AWS_VAULT_BACKEND === 'file'
        ? only(fromAwsVaultFiles(context, input, added))
        : only(readThroughAwsVault(environment, input.operands, added));
    case 'aws-vault-file':
      return only(fromAwsVaultFiles(context, input, added));
    case 'aws-vault-keyring':
      return only(readAwsVaultKeyring(environment, added));
    case 'aws-vault-pass': {
      const store = awsVaultPassStore(environment, context.paths.home);
      const named = input.operands.filter((name) => listed?.includes(name) ?? true);
      const wanted = input.operands.length > 0 ? named : (listed ?? []);
      return only(readAwsVaultPass(environment, store, wanted, added));
    }
    case 'plain-text':
      return fromPlainText(context, input, added);
  }
}

async function fromPlainText(context: Context, input: CommandInput, added: Date): Promise<GatheredKeys> {
  const found = findPlainKeys(await context.awsFiles(), added, context.paths.home);
  const files = new Map(
    [...found.keys, ...found.localOnly.map(({ key }) => key)].map(({ profile, file }) => [profile, file]),
  );
  const fileOf = ({ profile }: FoundKey) => files.get(profile) ?? '';
  return { found, afterwards: (moved) => cleanUpPlainText(context, input, moved, fileOf) };
}

/** aws-vault's own options name its keyring, as do its variables and their AWSH_ equivalents. */
export function awsVaultEnvironment({ environment, globals }: Context): Environment {
  const keychain = globals.keychain || environment.AWSH_KEYCHAIN_NAME;
  const collection = globals.secretServiceCollection || environment.AWSH_SECRET_SERVICE_COLLECTION_NAME;
  return {
    ...environment,
    ...(keychain && { AWS_VAULT_KEYCHAIN_NAME: keychain }),
    ...(collection && { AWS_VAULT_SECRET_SERVICE_COLLECTION_NAME: collection }),
  };
}

async function fromCsv(context: Context, input: CommandInput): Promise<Gathered> {
  const added = new Date(context.clock.now());
  const given = input.value('csv') || (await askForCsvPath(context));
  const path = fileBehind(resolve(context.cwd, given));
  const shown = printablePath(path, context.paths.home);
  const csv = readConsoleCsv(path, input.operands[0], added);
  const found = withoutOtherSources(await settleLocal(context, csv), await context.awsFiles());
  const option = shellCommand`--csv ${given}`;
  return {
    found,
    option,
    afterwards: async (moved) => {
      if (moved.length === 0 || statIfThere(path)?.isFile() !== true) return 0;
      // The shell would not expand a `~` inside quotes.
      const word = /[^A-Za-z0-9_@%+=:,./~-]/.test(shown) ? shellWord(path) : shown;
      const rest = await restOfCsv(context, found, csv.holdsPassword, option);
      context.output.tell(`awsh: ${shown} still holds it in plain text${rest ?? `: rm ${word}`}`);
      return 0;
    },
  };
}

/** The file itself if the path is a descriptor, such as `/dev/stdin`. */
function fileBehind(path: string): string {
  try {
    return /^\/(?:dev|proc)\//.test(path) && statIfThere(path)?.isFile() ? realpathSync(path) : path;
  } catch {
    return path;
  }
}

/** What would be lost with the file; null if nothing would. */
async function restOfCsv(
  context: Context,
  { keys, passedOver }: Found,
  holdsPassword: boolean,
  option: string,
): Promise<string | null> {
  const outside = await keysOutsideVault(keys, await context.vault());
  if (outside.length > 0) {
    const names = operandWords(outside.map(({ profile }) => profile));
    const command = withGivenOptions(`awsh import ${option} ${names}`);
    return `, and keys that are not in the vault: ${namesOf(outside)}; to import them: ${command}`;
  }
  if (passedOver.length > 0) {
    return `, and keys that are not in the vault: ${namesOf(passedOver.map(({ name }) => ({ profile: name })))}`;
  }
  return holdsPassword ? ', and a console password: keep that before you delete the file' : null;
}

async function fromAwsVaultFiles(context: Context, input: CommandInput, added: Date): Promise<Found> {
  const { environment, paths, cwd } = context;
  const given = input.value('dir');
  const chosen = given === undefined ? environment : { ...environment, AWS_VAULT_FILE_DIR: given };
  const folder = awsVaultFolder(chosen, paths.home, cwd);
  const passphrase = environment.AWS_VAULT_FILE_PASSPHRASE;
  const prompter = await context.prompter();
  const question = `passphrase of aws-vault's keys in ${printablePath(folder, paths.home)}`;
  const ask: AskAwsVaultPassphrase = passphrase
    ? async () => new Secret(passphrase)
    : (form) => prompter.secret(question, form);
  const command =
    given === undefined
      ? 'awsh import --aws-vault-file'
      : shellCommand`awsh import --aws-vault-file --dir ${given}`;
  const askingCommand = passphrase ? `env -u AWS_VAULT_FILE_PASSPHRASE ${command}` : command;
  const found = await readAwsVaultFiles(folder, { ask, command, askingCommand }, added);
  const { others } = othersInAwsVaultFiles(folder);
  if (others.length > 0) {
    const files = others.length === 1 ? '1 file that is' : `${others.length} files that are`;
    const names = namesOf(others.map((profile) => ({ profile })));
    context.output.tell(
      `awsh: skipped ${files} not of aws-vault in ${printablePath(folder, paths.home)}: ${names}`,
    );
  }
  return found;
}
