import { delimiter } from 'node:path';
import { type Environment, findProgram, printable, safePath, VaultError } from '../system/index.ts';
import { fieldsOf } from './aws-vault-items.ts';
import { type Found, FoundKeys } from './found-keys.ts';

/** A person may be unlocking a keychain meanwhile. */
const longestCallMs = 120_000;

/** What aws-vault and its backends need; AWS_VAULT itself would make it refuse to run. */
const passedOn =
  /^(HOME|USER|LOGNAME|LANG|LC_\w+|TERM|DISPLAY|WAYLAND_DISPLAY|XAUTHORITY|XDG_\w+|DBUS_SESSION_BUS_ADDRESS|GNUPGHOME|GPG_TTY|SSH_AUTH_SOCK|PASSWORD_STORE_DIR|AWS_VAULT_\w+)$/;

/**
 * The access keys that an installed aws-vault gives out, whatever its backend: `list --credentials`, then `export
 * --no-session` for each of the names. It may ask the person for its passphrase on the terminal; what it prints goes into
 * no error. VaultError (exit 5) where it is not installed, or fails.
 */
export async function readThroughAwsVault(
  environment: Environment,
  wanted: readonly string[],
  added: Date,
): Promise<Found> {
  const run = awsVault(environment);
  const listed = (await run(['list', '--credentials'])).split('\n').filter((name) => name !== '');
  const found = new FoundKeys(added);
  for (const name of listed) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const fields = fieldsOf(await run(['export', '--no-session', '--format=json', name]));
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

function awsVault(environment: Environment): (args: string[]) => Promise<string> {
  const program = findProgram('aws-vault', environment.PATH);
  if (program === null) {
    throw new VaultError(
      'aws-vault was not found',
      'PATH was searched, without relative folders and those that everybody can write to',
      'awsh import --aws-vault-file, where it keeps its keys in files',
    );
  }
  const env = passedEnvironment(environment);
  return async (args) => {
    const { execa } = await import('execa');
    const result = await execa(program, args, {
      env,
      extendEnv: false,
      reject: false,
      timeout: longestCallMs,
      stdin: 'inherit',
      stderr: 'inherit',
    });
    if (result.exitCode === 0) return result.stdout;
    const status = result.timedOut ? 'it did not answer in time' : `its exit status was ${result.exitCode}`;
    throw new VaultError(`aws-vault ${printable(args[0] ?? '')} failed`, status, 'aws-vault list');
  };
}

/** With no config file there is no role to assume: what comes out is the stored key itself. */
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
