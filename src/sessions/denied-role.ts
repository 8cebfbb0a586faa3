/**
 * The error for AccessDenied of AssumeRole and AssumeRoleWithWebIdentity: AWS's own reason, and the
 * possible causes.
 */
import { AwsRefusedError, printable } from '../system/index.ts';
import { deniedBy } from './denied-by.ts';
import type { AssumeRoleStep, WebIdentityStep } from './plan-steps.ts';
import { showPlace } from './profile-settings.ts';

/**
 * `message` is AWS's text, safe to show. `signer` is the signing identity, if AWS does not name it.
 */
export function deniedRole(
  message: string,
  step: AssumeRoleStep | WebIdentityStep,
  { signer, mfaSent }: { readonly signer: string; readonly mfaSent: boolean },
): AwsRefusedError {
  const asker = /^User: (\S+) is not authorized/.exec(message)?.[1] ?? signer;
  const action = actionOf(message);
  const role = printable(step.roleArn);
  const isItself = action === null || action === `sts:${step.kind}`;
  const what = !isItself
    ? `AWS does not allow ${asker} to do ${action} on ${role}`
    : step.kind === 'AssumeRole'
      ? `AWS does not allow ${asker} to assume ${role}`
      : `AWS does not allow this web identity token to assume ${role}`;
  const denied = deniedBy(message);
  const says = denied?.clause ?? otherReason(message);
  const causes = [
    says === null ? null : `AWS says "${says}"`,
    isItself && (denied?.mayBeCondition ?? (says === null || action !== null))
      ? possibleCause(step, mfaSent)
      : null,
    isOfReason(action, step)
      ? 'awsh sends your reason with this call, because the setting protected requires one'
      : null,
    step.variables === undefined ? null : `${step.variables.join(' and ')} in the environment ask for it`,
  ];
  const why = causes.filter((cause) => cause !== null).join('; ');
  const advice = denied?.advice ?? (isItself ? null : allowAction(action, step));
  return new AwsRefusedError('AccessDenied', what, why || undefined, advice ?? checkRole(step, says));
}

/** The action that AWS reports as not allowed: `sts:TagSession`. */
function actionOf(message: string): string | null {
  return /not authorized to perform:? (sts:\w+)/.exec(message)?.[1] ?? null;
}

/** AWS's text, unless it only says that the call was denied. */
function otherReason(message: string): string | null {
  const isPlain =
    message === '' ||
    /^(?:User: \S+ is )?not authorized to perform:? sts:AssumeRole(?:WithWebIdentity)?(?: on resource: \S+)?$/i.test(
      message,
    );
  return isPlain ? null : message.replace(/\.$/, '');
}

function possibleCause(step: AssumeRoleStep | WebIdentityStep, mfaSent: boolean): string {
  if (step.kind === 'AssumeRoleWithWebIdentity') {
    return 'the role does not exist, or its trust policy wants another provider, audience or subject';
  }
  if (mfaSent) return 'an MFA code was sent with it';
  const unset = step.mfaSerial === null;
  return `a possible cause: no MFA code was sent with it${unset ? ` (profile ${printable(step.profile)} sends no mfa_serial in this step)` : ''}`;
}

/**
 * Session tags and a source identity need actions of their own in the trust policy (IAM User Guide,
 * "Pass session tags").
 */
const settingsOfActions: Readonly<Record<string, string>> = {
  'sts:TagSession': 'session_tags',
  'sts:SetSourceIdentity': 'source_identity',
};

/** True if only the reason needs this action. */
function isOfReason(action: string | null, step: AssumeRoleStep | WebIdentityStep): boolean {
  if (step.kind !== 'AssumeRole') return false;
  if (step.reasonAs === 'source-identity') return action === 'sts:SetSourceIdentity';
  return step.reasonAs === 'tag' && action === 'sts:TagSession';
}

function allowAction(action: string, step: AssumeRoleStep | WebIdentityStep): string {
  const { profile } = step;
  const setting = Object.hasOwn(settingsOfActions, action) ? settingsOfActions[action] : undefined;
  const allow = `allow ${action} in the role's trust policy, and in a policy of the caller if that is in another account`;
  if (isOfReason(action, step)) return allow;
  return setting === undefined
    ? `allow ${action} in the role's trust policy`
    : `${allow}; or remove ${setting} from profile ${printable(profile)}`;
}

function checkRole(step: AssumeRoleStep | WebIdentityStep, says: string | null): string {
  const { roleArnPlace: place, variables = [] } = step;
  if (/root account/i.test(says ?? ''))
    return 'use an access key of an IAM user: the root user cannot assume a role';
  if (variables.includes('AWS_ROLE_ARN')) return `unset ${variables.join(' ')}`;
  const role = `check role_arn${place === null ? '' : ` (${showPlace(place)})`} and the role's trust policy`;
  return step.kind === 'AssumeRole'
    ? `${role}: the role may not exist, or may ask for another caller, MFA or an external_id`
    : role;
}
