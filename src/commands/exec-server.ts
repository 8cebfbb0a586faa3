import { randomBytes } from 'node:crypto';
import type { CommandInput, Context } from '../cli/index.ts';
import type { AwsFiles } from '../profiles/index.ts';
import { grantOf } from '../record/index.ts';
import { credentialsPath } from '../serving/index.ts';
import type { Plan } from '../sessions/index.ts';
import { type EnvironmentChange, serverChange, unloadedEnvironment } from '../shell/index.ts';
import {
  AwshError,
  type Environment,
  printable,
  Secret,
  UsageError,
  watchedProcess,
} from '../system/index.ts';
import { callerHere, recordHere } from './record-here.ts';
import { requestedCredentials, requestedPlan } from './requested-session.ts';
import { startServer } from './server-start.ts';

/**
 * `awsh exec --server`: the command gets the address of a server and a token instead of keys. The
 * server is a separate process; the command stays the launcher's. The server watches the command's
 * process and ends with it.
 */
export async function serveCommand(
  context: Context,
  input: CommandInput,
  run: (change: EnvironmentChange, profile: string) => Promise<void>,
): Promise<number> {
  refuseContradiction(input);
  // The launcher, which will become the command: exec changes neither its process id nor its start
  // time.
  const command = watchedProcess(process.ppid);
  if (command === null) throw new AwshError('other', 'exec --server cannot find the launcher process');
  const asked = { command: 'exec', verb: 'serve', options: { renewable: true } } as const;
  const { plan, identity, box } = await requestedPlan(context, input, asked);
  refuseRivals(await context.awsFiles());
  const first = input.flag('lazy')
    ? null
    : await requestedCredentials(context, input, plan, { refresh: input.flag('refresh') });
  const surroundings = unloadedEnvironment(context.environment);
  sayWhatEnds(context, plan, surroundings);
  const token = new Secret(randomBytes(32).toString('hex'));
  const vaultKeys = await keysToHandOn(context);
  const options = { globals: context.globals, cwd: context.cwd };
  const caller = callerHere(context, input.command);
  if (first !== null) await recordHere(context, grantOf('serve', plan, first), input.command);
  const until = box?.until ?? null;
  const orders = {
    plan,
    until,
    command,
    grant: null,
    token,
    first,
    vaultKeys,
    surroundings,
    caller,
    options,
  };
  const server = await startServer(context, orders);
  try {
    const uri = `http://127.0.0.1:${server.port}${credentialsPath}`;
    await run(serverChange(context.environment, { uri, token }, identity), plan.profile);
  } catch (error) {
    server.stop();
    throw error;
  }
  return 0;
}

/**
 * Tells the user that the server has only the caller's own keys, signs with them until they expire,
 * and cannot get new ones.
 */
export function sayWhatEnds(
  { output }: Context,
  { steps }: Plan,
  { AWS_SESSION_TOKEN: token }: Environment,
): void {
  if (steps[0]?.kind !== 'environment-keys' || !token) return;
  output.tell(
    'awsh: the keys in the environment are a session: when it ends, the keys of this command can no longer be renewed',
  );
}

function refuseContradiction(input: CommandInput): void {
  if (input.flag('json'))
    throw new UsageError(
      '--server and --json cannot be used together',
      '--json prints keys, and --server gives the command none',
      'leave out --server',
    );
  if (input.flag('no-session'))
    throw new UsageError(
      '--server and --no-session cannot be used together',
      'an access key itself does not end, so there is nothing to renew',
      'leave out --no-session',
    );
}

/**
 * With an agent, the key is requested from it when needed. Without one, the server could not ask
 * for the passphrase again, so the keys are handed over.
 */
export async function keysToHandOn(context: Context): Promise<Record<string, string>> {
  if ((await context.agent()) !== undefined) return {};
  const entries = [...context.vaultKeys];
  return Object.fromEntries(entries.map(([folder, key]) => [folder, Buffer.from(key).toString('base64url')]));
}

/** The properties that make [default] a source of credentials for the SDKs. */
const credentialKeys = [
  'aws_access_key_id',
  'role_arn',
  'credential_process',
  'web_identity_token_file',
  'sso_session',
  'sso_start_url',
  'login_session',
];

/**
 * SDKs look in the AWS files before they ask a server (AWS SDKs and Tools Reference Guide,
 * "Standardized credential providers"). Credentials in [default] would silently give the command
 * another identity.
 */
function refuseRivals(files: AwsFiles): void {
  const properties = files.profiles.get('default')?.properties;
  const rival = credentialKeys.find((name) => properties?.get(name)?.value);
  const place = rival && properties?.get(rival)?.place;
  if (!place) return;
  throw new UsageError(
    '[default] has its own credentials, which SDKs use instead of --server',
    `${rival} (${printable(place.file)}:${place.line})`,
    'leave out --server',
  );
}
