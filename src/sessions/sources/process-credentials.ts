import { type Credentials, jsonFields, NoCredentialsError, printable, Secret } from '../../system/index.ts';
import type { ProcessStep } from '../plan-steps.ts';
import { showPlace } from '../profile-settings.ts';
import { CommandFault, runCommand } from '../run-command.ts';
import { isKeyId, isSecretKey, isToken } from '../session-reply.ts';
import type { SourceRun } from './source-run.ts';

/**
 * The output of a `credential_process` (SDKs and Tools Reference Guide, "Process credential
 * provider"), checked strictly: version 1, a key and its secret, and for temporary keys their token
 * and expiry. Throws NoCredentialsError (exit 4), which quotes nothing of the output.
 */
export async function processCredentials(step: ProcessStep, run: SourceRun): Promise<Credentials> {
  const { surroundings, commands: use, clock, promptMs } = run;
  try {
    const printed = await runCommand(step.command, { surroundings, use, profile: step.profile, promptMs });
    return readCredentials(printed, clock.now());
  } catch (error) {
    if (!(error instanceof CommandFault)) throw error;
    throw new NoCredentialsError(
      `the credential_process of profile ${JSON.stringify(printable(step.profile))} gives no credentials`,
      `${error.why} (${showPlace(step.place)})`,
      'run that command by hand',
    );
  }
}

function readCredentials(printed: Secret, now: number): Credentials {
  const fields = jsonFields(printed.reveal());
  if (Object.keys(fields).length === 0) throw new CommandFault('what it printed is not a JSON object');
  if (fields.Version !== 1) throw new CommandFault('what it printed has no "Version": 1');
  const {
    AccessKeyId: id,
    SecretAccessKey: secret,
    SessionToken: token = null,
    Expiration: ends = null,
  } = fields;
  if (!isKeyId(id)) throw new CommandFault('what it printed has no usable AccessKeyId');
  if (!isSecretKey(secret)) throw new CommandFault('what it printed has no usable SecretAccessKey');
  if (token !== null && !isToken(token)) throw new CommandFault('what it printed has no usable SessionToken');
  return {
    accessKeyId: id,
    secretAccessKey: new Secret(secret),
    sessionToken: token === null ? null : new Secret(token),
    expiration: ends === null ? null : readEnd(ends, now),
    // An account in the output would be the program's statement, not AWS's.
    accountId: null,
    arn: null,
  };
}

/** ISO 8601 with a zone; without one it would mean another time on each machine. */
const timeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/;

function readEnd(value: unknown, now: number): Date {
  const date = new Date(typeof value === 'string' && timeForm.test(value) ? value : Number.NaN);
  if (Number.isNaN(date.getTime()))
    throw new CommandFault('its Expiration is not a time like 2026-01-31T12:00:00Z');
  if (date.getTime() <= now) throw new CommandFault('the credentials that it printed have already expired');
  return date;
}
