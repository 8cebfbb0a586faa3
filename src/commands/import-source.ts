import { resolve } from 'node:path';
import type { CommandInput, Context } from '../cli/index.ts';
import {
  type Found,
  type FoundKey,
  findPlainKeys,
  readAwsVaultFiles,
  readAwsVaultKeyring,
  readConsoleCsv,
  readThroughAwsVault,
} from '../moving/index.ts';
import { type Environment, printable, printablePath, Secret, UsageError } from '../system/index.ts';
import { cleanUpPlainText } from './import-plain-text.ts';

/** What was found, and what is still to be done about the place where it was found. */
export interface Gathered {
  readonly found: Found;
  /** What is to be done where they were found, once these are in the vault for certain. */
  readonly afterwards: (moved: readonly FoundKey[]) => Promise<void>;
}

const sources = ['csv', 'aws-vault', 'aws-vault-file', 'aws-vault-keyring'] as const;

/** Reads the source that the options name: the AWS files where they name none. */
export async function gatherKeys(context: Context, input: CommandInput): Promise<Gathered> {
  const given = sources.filter((source) => input.flag(source) || input.value(source) !== undefined);
  const [source, second] = given;
  if (second !== undefined) throw new UsageError(`--${source} and --${second} exclude each other`);
  if (input.value('dir') !== undefined && source !== 'aws-vault-file') {
    throw new UsageError('--dir goes with --aws-vault-file');
  }
  const added = new Date(context.clock.now());
  const environment = awsVaultEnvironment(context);
  const only = async (found: Found | Promise<Found>): Promise<Gathered> => ({
    found: await found,
    afterwards: async () => {},
  });
  if (source === 'csv') return await fromCsv(context, input, added);
  if (source === 'aws-vault') return await only(readThroughAwsVault(environment, input.operands, added));
  if (source === 'aws-vault-file') return await only(fromAwsVaultFiles(context, input, added));
  if (source === 'aws-vault-keyring') return await only(readAwsVaultKeyring(environment, added));
  const found = findPlainKeys(await context.awsFiles(), added);
  const files = new Map(found.keys.map(({ profile, file }) => [profile, file]));
  const fileOf = ({ profile }: FoundKey) => files.get(profile) ?? '';
  return { found, afterwards: (moved) => cleanUpPlainText(context, input, moved, fileOf) };
}

/** aws-vault's own options name its keyring, as its variables and their twins do. */
function awsVaultEnvironment({ environment, globals }: Context): Environment {
  const keychain = globals.keychain || environment.AWSH_KEYCHAIN_NAME;
  const collection = globals.secretServiceCollection || environment.AWSH_SECRET_SERVICE_COLLECTION_NAME;
  return {
    ...environment,
    ...(keychain && { AWS_VAULT_KEYCHAIN_NAME: keychain }),
    ...(collection && { AWS_VAULT_SECRET_SERVICE_COLLECTION_NAME: collection }),
  };
}

async function fromCsv(context: Context, input: CommandInput, added: Date): Promise<Gathered> {
  const path = resolve(context.cwd, input.value('csv') ?? '');
  const shown = printablePath(path, context.paths.home);
  return {
    found: readConsoleCsv(path, input.operands[0], added),
    afterwards: async (moved) => {
      if (moved.length > 0) context.output.tell(`awsh: ${shown} still holds it in plain text: rm ${shown}`);
    },
  };
}

async function fromAwsVaultFiles(context: Context, input: CommandInput, added: Date): Promise<Found> {
  const { environment, paths, cwd } = context;
  const given = input.value('dir') ?? (environment.AWS_VAULT_FILE_DIR || undefined);
  const folder = resolve(cwd, given?.replace(/^~(?=\/)/, paths.home) ?? `${paths.home}/.awsvault/keys`);
  const passphrase = environment.AWS_VAULT_FILE_PASSPHRASE;
  const prompter = await context.prompter();
  const ask = async () =>
    passphrase
      ? new Secret(passphrase)
      : prompter.secret(`Passphrase of aws-vault's keys in ${printable(folder)}`);
  return readAwsVaultFiles(folder, ask, added);
}
