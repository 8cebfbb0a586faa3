import { type CommandInput, type Context, jsonText, lookOf, tellProblem } from '../cli/index.ts';
import { keySources, type Plan, type PlanRequest, planFor, settingFaults } from '../sessions/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import { AwshError, UsageError } from '../system/index.ts';
import { namedRequest } from './ad-hoc-role.ts';
import { pickProfile } from './pick-profile.ts';
import { explainPlan } from './plan-explained.ts';
import { isNeed, planText } from './plan-words.ts';
import { namingOptions, narrowingOptions, planOptions } from './requested-session.ts';
import { needsReason } from './session-reason.ts';

/**
 * `awsh explain PROFILE`: describes the plan that exec and export would run here. Makes no call and
 * shows no secret.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const environment = unloadedEnvironment(context.environment);
  const profile = input.argument('PROFILE') ?? environment.AWS_PROFILE;
  const [vault, files] = [await context.vault(), await context.awsFiles()];
  const asked = {
    files,
    keys: vault.keys(),
    environment,
    options: {
      ...planOptions(input),
      ...(await narrowingOptions(input, context)),
      ...(await namingOptions(context)),
    },
  };
  const request = namedRequest(input, asked, profile) ?? {
    ...asked,
    profile: await pickProfile(context, 'explain'),
  };
  const plan = await planOrFaults(context, request);
  const now = context.clock.now();
  const explained = explainPlan(plan, {
    files,
    keys: keySources(request, plan.chain),
    sessions: vault.sessions(),
    surroundings: environment,
    state: context.paths.state,
    needsReason: await needsReason(context, plan),
    now,
  });
  const { output } = context;
  const text = input.flag('json')
    ? jsonText(explained)
    : planText(explained, now, { look: await lookOf(output.stdout), home: context.paths.home });
  await output.print(text);
  // With this fault, no command of the profile could call AWS.
  const fault = explained.missing.find((stop) => !isNeed(stop));
  if (fault !== undefined) throw new UsageError(fault.what, fault.why, fault.next);
  return 0;
}

/**
 * The plan, or the error of a plan that cannot be made, after printing all other faults of the
 * settings, so that all can be corrected at once.
 */
async function planOrFaults({ output }: Context, request: PlanRequest): Promise<Plan> {
  try {
    return planFor(request);
  } catch (error) {
    if (!(error instanceof AwshError)) throw error;
    for (const { what, why, next } of settingFaults(request)) {
      if (what !== error.what) await tellProblem(output, what, why, next);
    }
    throw error;
  }
}
