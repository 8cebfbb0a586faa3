/** What the setting coding_agents allows a command that a coding agent runs. */
import type { Context } from '../cli/index.ts';
import { mayAskBesideAgent } from '../prompt/index.ts';
import { type Narrowing, otherPolicies, type Plan, type PlanOptions, targetOf } from '../sessions/index.ts';
import { type AgentRule, protectionOf } from '../settings/index.ts';
import { CancelledError, type CodingAgent, codingAgent, printable, RefusedError } from '../system/index.ts';

export interface Supervision {
  readonly agent: CodingAgent;
  readonly rule: Exclude<AgentRule, 'same'>;
}

/** Null outside of coding agents, and if the setting makes no difference. */
export async function supervision(context: Context): Promise<Supervision | null> {
  const agent = codingAgent(context.environment);
  // Without an agent a settings file with a mistake is not this function's to report: `config set` corrects it.
  if (agent === null) return null;
  const { codingAgents: rule } = await context.settings();
  return rule === 'same' ? null : { agent, rule };
}

/** RefusedError (exit 7) if a coding agent may not do this at all. */
export async function refuseCodingAgents(context: Context, what: string): Promise<void> {
  const found = await supervision(context);
  if (found !== null) throw refusal(found, `${what} is not for a coding agent`);
}

/** The options with what is taken away from a coding agent. */
export function supervisedOptions(options: PlanOptions, found: Supervision): PlanOptions {
  if (found.rule === 'refuse') throw refusal(found, `${printable(found.agent.name)} gets no credentials`);
  if (found.rule === 'ask') return options;
  return { ...options, narrowing: supervisedNarrowing(options.narrowing) };
}

function supervisedNarrowing(given: Narrowing | undefined): Narrowing {
  const by = 'coding_agents = read-only';
  if (given === undefined) return { readOnly: true, by };
  if (!given.readOnly) throw otherPolicies(`${by}, and ${given.by}`);
  return given;
}

/** Asks the user, and nobody else: not on a terminal that the agent has made itself. RefusedError without a yes. */
export async function confirmForAgent(context: Context, plan: Plan, found: Supervision): Promise<void> {
  const target = targetOf(plan);
  const settings = await context.settings();
  const names = [plan.profile, plan.inPlaceOf ?? plan.profile];
  const isProtected = names.some((profile) => protectionOf(settings, { ...target, profile }) !== null);
  if (!isProtected && found.rule !== 'ask') return;
  const shown = `${printable(plan.profile)}${target.account === null ? '' : ` (account ${target.account})`}`;
  const reason = isProtected ? 'it is protected' : 'coding_agents = ask';
  const prompter = await context.prompter();
  const canAsk = mayAskBesideAgent(found.agent) && prompter.canAsk;
  if (!canAsk) throw refusal(found, `${shown} needs your y: ${reason}, and you cannot be asked here`);
  const answer = await prompter
    .confirm(`let ${printable(found.agent.name)} use profile ${shown}?`)
    .catch((error: unknown) => {
      if (error instanceof CancelledError) return false;
      throw error;
    });
  if (!answer) throw refusal(found, `${shown} was not confirmed with y`);
}

function refusal({ agent, rule }: Supervision, what: string): RefusedError {
  return new RefusedError(
    what,
    `coding_agents = ${rule}, and ${printable(agent.name)} runs this (${printable(agent.by)}); type it in a terminal of your own`,
    'awsh config get coding_agents',
  );
}
