import type { Need } from '../system/index.ts';
import { commandsOf } from './plan-identity.ts';
import { isCallStep, type Plan, type Step } from './plan-steps.ts';

/** What this plan most likely needs the user for, if only the lack of an answer is known. */
export function needOf({ steps }: Pick<Plan, 'steps'>): Need {
  if (steps.some(asksForCode)) return 'MFA';
  if (steps.some(({ kind }) => kind === 'GetRoleCredentials' || kind === 'login')) return 'sign-in';
  return steps.some((step) => commandsOf(step).length > 0) ? 'refresh' : 'passphrase';
}

function asksForCode(step: Step): boolean {
  return isCallStep(step) && step.mfaSerial !== null && step.mfaProcess === null;
}
