import { accessSync, constants } from 'node:fs';
import { editCommand } from '../../profiles/index.ts';
import { hasCode, NoCredentialsError, printable, readFileIfThere, Secret } from '../../system/index.ts';
import { defaultSessionName } from '../assume-role.ts';
import type { StepResult } from '../get-session-token.ts';
import type { WebIdentityStep } from '../plan-steps.ts';
import { CommandFault, runCommand } from '../run-command.ts';
import { credentialsFromReply } from '../session-reply.ts';
import { callSts } from '../sts-client.ts';
import { expandedPath } from '../surroundings.ts';
import type { SourceRun } from './source-run.ts';

/**
 * A role's session for a web identity token. Throws StsFailure, and NoCredentialsError (exit 4) if
 * there is no token.
 */
export async function assumeRoleWithWebIdentity(step: WebIdentityStep, run: SourceRun): Promise<StepResult> {
  const token = await webIdentityToken(step, run);
  const { output, clockSkewMs } = await callSts(
    'AssumeRoleWithWebIdentity',
    {
      RoleArn: step.roleArn,
      RoleSessionName: step.roleSessionName ?? defaultSessionName(),
      WebIdentityToken: token.reveal(),
      DurationSeconds: step.duration.seconds,
      ...(step.policy === null ? {} : { Policy: step.policy }),
      ...(step.policyArns.length > 0 ? { PolicyArns: step.policyArns.map((arn) => ({ arn })) } : {}),
    },
    { credentials: null, target: step.target, connection: run.connection },
  );
  const arn = output.AssumedRoleUser?.Arn ?? null;
  return { credentials: credentialsFromReply(output.Credentials, clockSkewMs, arn), clockSkewMs };
}

async function webIdentityToken(step: WebIdentityStep, run: SourceRun): Promise<Secret> {
  const { token, profile } = step;
  const { surroundings, commands: use, promptMs } = run;
  const text =
    'file' in token
      ? readToken(expandedPath(token.file, surroundings), step)
      : (
          await runCommand(token.command, { surroundings, use, profile, promptMs }).catch(explain(step))
        ).reveal();
  const trimmed = text.trim();
  if (/^[!-~]{4,20000}$/.test(trimmed)) return new Secret(trimmed);
  throw noToken(step, 'its content is not a token');
}

function readToken(path: string, step: WebIdentityStep): string {
  try {
    const text = readFileIfThere(path);
    if (text !== null) return text;
  } catch {
    throw noToken(step, `${printable(path)} cannot be read`);
  }
  throw noToken(step, `there is no file ${printable(path)}`);
}

/** The error for a token file that cannot be read; null if it can. Does not check its content. */
export function tokenFileFault(path: string, step: WebIdentityStep): NoCredentialsError | null {
  try {
    accessSync(path, constants.R_OK);
    return null;
  } catch (error) {
    const why = hasCode(error, 'ENOENT') ? 'there is no file PATH' : 'PATH cannot be read';
    return noToken(
      step,
      why.replace('PATH', () => printable(path)),
    );
  }
}

function explain(step: WebIdentityStep): (error: unknown) => never {
  return (error) => {
    throw error instanceof CommandFault ? noToken(step, error.why) : error;
  };
}

function noToken(
  { profile, variables = [], roleArnPlace: place }: WebIdentityStep,
  why: string,
): NoCredentialsError {
  const names = variables.length === 0 ? '' : `; ${variables.join(' and ')} in the environment ask for it`;
  return new NoCredentialsError(
    `there is no web identity token for profile ${JSON.stringify(printable(profile))}`,
    `${why}${names}`,
    variables.length === 0
      ? `check web_identity_token_file or web_identity_token_process${place === null ? '' : `: ${editCommand(place)}`}`
      : `unset ${variables.join(' ')}`,
  );
}
