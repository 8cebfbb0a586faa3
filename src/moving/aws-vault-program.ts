import { delimiter } from 'node:path';
import { loadExeca } from '../programs/index.ts';
import {
  type Environment,
  findProgram,
  printable,
  safePath,
  shellWord,
  VaultError,
} from '../system/index.ts';
import { insteadOfBackend, keyringLabels, lockedKeychain } from '../vault/index.ts';
import { fieldsOf, isAwshItemName, isAwsVaultKeyName } from './aws-vault-items.ts';
import { awsVaultKeyringName } from './aws-vault-keyring.ts';
import { type Found, FoundKeys } from './found-keys.ts';

/** In milliseconds: the user may be unlocking a keychain. */
const longestCallMs = 120_000;

/** The variables that aws-vault and its backends need. With AWS_VAULT it would refuse to run. */
const passedOn =
  /^(HOME|USER|LOGNAME|LANG|LC_\w+|TERM|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_\w+|DBUS_SESSION_BUS_ADDRESS|GNUPGHOME|GPG_TTY|SSH_AUTH_SOCK|PASSWORD_STORE_DIR|AWS_VAULT_\w+)$/;

/**
 * The access keys from an installed aws-vault, whatever its backend: `list --credentials`, then
 * `export --no-session` for each name. A key that it refuses is skipped, and the others follow. It
 * may ask the user for its passphrase on the terminal; its output is in no error. Throws VaultError
 * (exit 5) if it is not installed, or if it cannot list its keys.
 */
export async function readThroughAwsVault(
  environment: Environment,
  wanted: readonly string[],
  added: Date,
): Promise<Found> {
  const run = awsVaultRunner(environment);
  const found = new FoundKeys(added);
  let locked: boolean | null = null;
  for (const name of await listedNames(run)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    // A name may begin with a dash; words after `--` are not options.
    const { output, fault } = await run(['export', '--no-session', '--format=json', '--', name]);
    if (fault !== null) {
      locked ??= await isKeyringLocked(environment);
      if (locked) {
        const { next = null } = lockedKeychain();
        found.passOver(name, "aws-vault's keyring is locked", {
          advice: 'unlock it, then import again',
          next,
        });
        continue;
      }
      const next = `aws-vault export --no-session -- ${shellWord(name)} >/dev/null`;
      found.passOver(name, `aws-vault did not return it (${fault})`, {
        advice: 'run this command to see the reason; then import again',
        next,
      });
      continue;
    }
    const fields = fieldsOf(output);
    const text = (key: string) => (typeof fields?.[key] === 'string' ? fields[key] : '');
    found.add({
      name,
      place: 'aws-vault',
      accessKeyId: text('AccessKeyId'),
      secret: text('SecretAccessKey'),
      hasToken: text('SessionToken') !== '',
    });
  }
  return found;
}

/** True if aws-vault's keys are in a locked keyring. */
async function isKeyringLocked(environment: Environment): Promise<boolean> {
  if (!/^(|secret-service)$/.test(environment.AWS_VAULT_BACKEND ?? '')) return false;
  const found = await keyringLabels(environment, awsVaultKeyringName(environment));
  return 'is' in found && found.is === 'locked';
}

/**
 * The names under which an installed aws-vault has access keys; opens none. Throws VaultError as
 * {@link readThroughAwsVault}.
 */
export async function listThroughAwsVault(environment: Environment): Promise<string[]> {
  return listedNames(awsVaultRunner(environment, 10_000));
}

async function listedNames(run: AwsVaultRunner): Promise<string[]> {
  const { output, fault } = await run(['list', '--credentials']);
  if (fault !== null) throw new VaultError('aws-vault list failed', fault, 'aws-vault list');
  const names = output.split('\n').filter((name) => name !== '');
  return names.filter((name) => isAwsVaultKeyName(name) && !isAwshItemName(name));
}

/** If awsh cannot read aws-vault's backend either, no other import is suggested. */
function programNotFound({ AWS_VAULT_BACKEND: backend = '' }: Environment): VaultError {
  const searched =
    'no safe folder in PATH has it (relative folders and folders that anyone can write to are skipped)';
  return insteadOfBackend(backend) === null
    ? new VaultError(
        'aws-vault was not found',
        `${searched}; awsh reads its files, keyring and password store without it`,
        'awsh import',
      )
    : new VaultError(
        'aws-vault was not found',
        `AWS_VAULT_BACKEND names ${printable(backend)}, which only aws-vault reads; ${searched}: install it first`,
        'awsh import --aws-vault',
      );
}

type AwsVaultRunner = (args: string[]) => Promise<{ output: string; fault: string | null }>;

function awsVaultRunner(environment: Environment, timeout = longestCallMs): AwsVaultRunner {
  const program = findProgram('aws-vault', environment.PATH);
  if (program === null) {
    throw programNotFound(environment);
  }
  const env = passedEnvironment(environment);
  // It writes its question for a passphrase to stderr. Without a terminal, its errors are not
  // shown.
  const canAsk = process.stdin.isTTY === true && process.stderr.isTTY === true;
  return async (args) => {
    const execa = await loadExeca();
    const result = await execa(program, args, {
      env,
      extendEnv: false,
      reject: false,
      timeout,
      stdin: canAsk ? 'inherit' : 'ignore',
      stderr: canAsk ? 'inherit' : 'ignore',
    });
    const fault =
      result.exitCode === 0
        ? null
        : result.timedOut
          ? 'it did not answer in time'
          : `its exit status was ${result.exitCode ?? 'none'}`;
    return { output: result.stdout, fault };
  };
}

/** Without a config file there is no role to assume, so its output is the stored key itself. */
function passedEnvironment(environment: Environment): Record<string, string> {
  const passed = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && passedOn.test(entry[0]),
  );
  return {
    ...Object.fromEntries(passed),
    PATH: safePath(environment.PATH).join(delimiter),
    AWS_CONFIG_FILE: '/dev/null',
  };
}
