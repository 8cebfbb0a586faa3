import {
  AwsRefusedError,
  type HttpAnswer,
  isPassingStatus,
  jsonFields,
  operandWord,
  printable,
  type Secret,
  shownField,
  unavailableHost,
  unreachableHost,
} from '../../system/index.ts';
import type { StepResult } from '../get-session-token.ts';
import type { RoleCredentialsStep } from '../plan-steps.ts';
import { credentialsFromReply } from '../session-reply.ts';
import { sendableToken, tokenInPlaceOf, usableToken } from '../sso/renew.ts';
import { askService, serviceAddress, sharingTime } from '../sso/service-request.ts';
import { tokenRefused } from '../sso/token.ts';
import type { SourceRun } from './source-run.ts';

/**
 * A role's session from the access portal of IAM Identity Center (its API Reference,
 * GetRoleCredentials): one unsigned GET, with the token in a header. A token that the portal
 * refuses is renewed once. Throws PersonNeededError (exit 6) if the user has to sign in.
 */
export async function roleCredentials(step: RoleCredentialsStep, run: SourceRun): Promise<StepResult> {
  const own = { ...run, connection: sharingTime(run.connection) };
  const query = new URLSearchParams({ role_name: step.roleName, account_id: step.account });
  const url = `${serviceAddress('portal', step.target)}/federation/credentials?${query}`;
  const ask = (token: Secret) =>
    askService({ url, headers: { 'x-amz-sso_bearer_token': token.reveal() } }, own.connection);
  let stored = await usableToken(step, own);
  let token = await sendableToken(stored, step, own);
  let answer = await ask(token);
  if (answer.status === 401) {
    stored = await tokenInPlaceOf(stored, step, own);
    token = await sendableToken(stored, step, own);
    answer = await ask(token);
  }
  // A refusal may quote what was sent.
  const body = answer.body.replaceAll(token.reveal(), '…');
  if (answer.status !== 200) throw refusal({ ...answer, body }, step, new URL(url).host);
  const clockSkewMs = clockSkew(answer, own.clock.now());
  const { roleCredentials: reply } = jsonFields(answer.body);
  const fields: Record<string, unknown> = typeof reply === 'object' && reply !== null ? { ...reply } : {};
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name] : undefined);
  const credentials = credentialsFromReply(
    {
      AccessKeyId: text('accessKeyId'),
      SecretAccessKey: text('secretAccessKey'),
      SessionToken: text('sessionToken'),
      Expiration: typeof fields.expiration === 'number' ? new Date(fields.expiration) : undefined,
    },
    clockSkewMs,
    null,
  );
  return { credentials, clockSkewMs };
}

/**
 * How far the clock of the portal is ahead of this machine's, in milliseconds, by the Date header,
 * which has whole seconds; 0 for less than a minute.
 */
function clockSkew({ headers }: HttpAnswer, now: number): number {
  const skew = Date.parse(String(headers.date ?? '')) - now;
  return Math.abs(skew) > 60_000 ? skew : 0;
}

/** Names both possible causes: the role, or the user. */
function notAssigned({ profile, session, signInProfile }: RoleCredentialsStep, said: string): string {
  const login = `awsh sso login ${operandWord(session ?? signInProfile ?? profile)}`;
  const reasons = [
    said,
    `the user who signed in is not assigned to it (sso_account_id, sso_role_name of profile ${printable(profile)})`,
    `or the browser was signed in as another user: ${login} with --browser or --container`,
  ];
  return reasons.filter(Boolean).join('; ');
}

function refusal({ status, body, headers }: HttpAnswer, step: RoleCredentialsStep, host: string): Error {
  const fields = jsonFields(body);
  const kind =
    printable(String(headers['x-amzn-errortype'] ?? '')).replace(/:.*/, '') || shownField(fields, '__type');
  if (status === 401) return tokenRefused(step);
  if (kind === '') return unreachableHost(host, { $metadata: { httpStatusCode: status } });
  if (isPassingStatus(status)) return unavailableHost(host, status);
  const code = kind.slice(0, 64);
  if (status === 403 || status === 404) {
    return new AwsRefusedError(
      code,
      `IAM Identity Center gives no role ${printable(step.roleName)} in account ${step.account}`,
      notAssigned(step, shownField(fields, 'message')),
      `awsh sso accounts ${operandWord(step.session ?? step.signInProfile ?? step.profile)}`,
    );
  }
  return new AwsRefusedError(
    code,
    `AWS refused GetRoleCredentials: ${code}`,
    shownField(fields, 'message') || undefined,
  );
}
