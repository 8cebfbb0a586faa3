/** The setting coding_agents: what a command may do if a coding agent runs it. */
import type { CommandInput, CommandRow, Context } from '../cli/index.ts';
import { isProtectedForAgent, supervisedNarrowing } from '../loading/index.ts';
import { mayAskBesideAgent } from '../prompt/index.ts';
import { type Plan, type PlanOptions, reasonFault, targetOf } from '../sessions/index.ts';
import type { AgentRule } from '../settings/index.ts';
import {
  asRefusal,
  CancelledError,
  type CodingAgent,
  codingAgent,
  printable,
  RefusedError,
} from '../system/index.ts';
import { recordingRefusals } from './record-here.ts';

export interface Supervision {
  readonly agent: CodingAgent;
  readonly rule: Exclude<AgentRule, 'same'>;
}

/** Null outside of coding agents, and if the setting changes nothing. */
export async function supervision(context: Context): Promise<Supervision | null> {
  const agent = codingAgent(context.environment);
  // Without a coding agent, a malformed settings file must not be an error here: `config set`
  // corrects it.
  if (agent === null) return null;
  const { codingAgents: rule } = await context.settings();
  return rule === 'same' ? null : { agent, rule };
}

/** Throws RefusedError (exit 7) if a coding agent must not run this verb. */
export async function refuseVerb(
  context: Context,
  { name, codingAgents }: Pick<CommandRow, 'name' | 'codingAgents'>,
  input: CommandInput,
): Promise<void> {
  if (typeof codingAgents === 'string') return;
  const refused = codingAgents.find(
    ({ actions, unless = [] }) =>
      actions?.includes(input.operands[0] ?? '') !== false && !unless.some((flag) => input.flag(flag)),
  );
  if (refused === undefined) return;
  const found = await supervision(context);
  if (found === null) return;
  const refuse = async () => {
    throw refusal(found, `${printable(found.agent.name)} may not ${refused.mayNot}`);
  };
  if (name === 'login') return recordingRefusals(context, 'login', refuse, input);
  return name === 'sso' ? recordingRefusals(context, 'sign-in', refuse) : refuse();
}

/** The options without the permissions that a coding agent does not get. */
export function supervisedOptions(options: PlanOptions, found: Supervision): PlanOptions {
  if (found.rule === 'refuse') throw refusal(found, `${printable(found.agent.name)} gets no credentials`);
  if (found.rule === 'ask') return options;
  return { ...options, narrowing: supervisedNarrowing(options.narrowing) };
}

/** For a command that asks nobody: RefusedError if the user's y is needed. */
export function unaskedOptions(options: PlanOptions, found: Supervision): PlanOptions {
  if (found.rule !== 'ask') return supervisedOptions(options, found);
  throw refusal(found, 'each profile needs your confirmation, and this command cannot ask for it');
}

/** RefusedError for a protected profile: no y can be given here. */
export async function refuseProtected(context: Context, plan: Plan, found: Supervision): Promise<void> {
  if (await isProtectedPlan(context, plan))
    throw refusal(
      found,
      `${printable(plan.profile)} is protected, and this command cannot ask you to confirm it`,
      plan,
    );
}

async function isProtectedPlan(context: Context, plan: Plan): Promise<boolean> {
  return isProtectedForAgent(plan, await context.awsFiles(), await context.settings());
}

/**
 * Asks the user, and not on a terminal that the coding agent has created. Throws RefusedError
 * unless the answer is yes.
 */
export async function confirmForAgent(
  context: Context,
  plan: Plan,
  found: Supervision,
  reason?: string,
): Promise<void> {
  const target = targetOf(plan);
  const isProtected = await isProtectedPlan(context, plan);
  if (!isProtected && found.rule !== 'ask') return;
  const shown = `${printable(plan.profile)}${target.account === null ? '' : ` (account ${target.account})`}`;
  const cause = isProtected ? 'it is protected' : 'coding_agents = ask';
  const why = reason === undefined || reasonFault(reason) !== null ? '' : ` for "${printable(reason)}"`;
  const prompter = await context.prompter();
  const canAsk = mayAskBesideAgent(found.agent) && prompter.canAsk;
  if (!canAsk)
    throw refusal(found, `${shown} needs your confirmation, and awsh cannot ask you here: ${cause}`, plan);
  const answer = await prompter
    .confirm(`let ${printable(found.agent.name)} use profile ${shown}${why}?`)
    .catch((error: unknown) => {
      if (error instanceof CancelledError) return false;
      throw error;
    });
  if (!answer) throw refusal(found, `${shown} was not confirmed with y`, plan);
}

function refusal({ agent, rule }: Supervision, what: string, plan?: Plan): RefusedError {
  const error = new RefusedError(
    what,
    `coding_agents = ${rule}, and ${printable(agent.name)} runs this command (found by ${printable(agent.by)}); run it in your own terminal`,
    'awsh config get coding_agents',
  );
  return asRefusal(error, 'coding agent', plan === undefined ? null : targetOf(plan));
}
