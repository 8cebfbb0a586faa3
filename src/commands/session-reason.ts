/** The reason that a protected profile needs (`protected = prod reason=required`), by --reason or by a question. */
import type { CommandInput, Context } from '../cli/index.ts';
import { requireReasonKept } from '../loading/index.ts';
import type { Prompter } from '../prompt/index.ts';
import {
  type Plan,
  type PlanRequest,
  reasonFault,
  type SessionReason,
  shownReason,
  targetOf,
} from '../sessions/index.ts';
import { protectionOf } from '../settings/index.ts';
import { asRefusal, PersonNeededError, printable, RefusedError, UsageError } from '../system/index.ts';

/** UsageError for a text that is no reason. The text is never shown: it may be a secret that was pasted. */
export function givenReason(input: CommandInput): string | null {
  const text = input.value('reason')?.trim();
  if (text === undefined) return null;
  const fault = reasonFault(text);
  if (fault === null) return text;
  throw new UsageError('--reason cannot be used', fault, 'add --reason TEXT');
}

/** The request with the reason; the same request if it has none and needs none. */
export async function requestWithReason(
  context: Context,
  input: CommandInput,
  request: PlanRequest,
  plan: Plan,
): Promise<PlanRequest> {
  const given = givenReason(input);
  const text = given ?? ((await needsReason(context, plan)) ? await askedReason(context, plan) : null);
  if (text === null) return request;
  const settings = await context.settings();
  const reason: SessionReason = { text, as: settings.reasonAs };
  requireReasonKept(plan, reason, { settings });
  return { ...request, options: { ...request.options, reason } };
}

export async function needsReason(context: Pick<Context, 'settings'>, plan: Plan): Promise<boolean> {
  const settings = await context.settings();
  const names = [plan.profile, plan.inPlaceOf ?? plan.profile];
  return names.some((profile) => protectionOf(settings, { ...targetOf(plan), profile })?.needsReason);
}

async function askedReason(context: Context, plan: Plan): Promise<string> {
  const prompter = await context.prompter();
  const profile = plan.inPlaceOf ?? plan.profile;
  if (prompter.canAsk) return askReason(prompter, `reason for using ${printable(profile)}`);
  const error = new PersonNeededError(
    `profile ${JSON.stringify(printable(profile))} needs a reason`,
    'it is protected (reason=required), and awsh cannot ask you for the reason here',
    'add --reason TEXT',
  );
  throw asRefusal(error, 'no reason', targetOf(plan));
}

/** Asks up to three times. CancelledError; RefusedError (exit 7) after three answers that are none. */
export function askReason(prompter: Prompter, question: string): Promise<string> {
  return prompter.text(question, undefined, {
    fault: reasonFault,
    shown: shownReason,
    givenUp: (fault) =>
      new RefusedError('no reason was given in three tries', fault, 'awsh config get protected'),
  });
}
