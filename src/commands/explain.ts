import { type CommandInput, type Context, jsonText, lookOf } from '../cli/index.ts';
import { keySources, planFor } from '../sessions/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import { namedRequest } from './ad-hoc-role.ts';
import { pickProfile } from './pick-profile.ts';
import { explainPlan } from './plan-explained.ts';
import { planText } from './plan-words.ts';
import { planOptions } from './requested-session.ts';

/** `awsh explain PROFILE`: the plan that exec and export would run here, in words. Makes no call and shows no secret. */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const environment = unloadedEnvironment(context.environment);
  const profile = input.argument('PROFILE') ?? environment.AWS_PROFILE;
  const [vault, files] = [await context.vault(), await context.awsFiles()];
  const asked = { files, keys: vault.keys(), environment, options: planOptions(input) };
  const request = namedRequest(input, asked, profile) ?? {
    ...asked,
    profile: await pickProfile(context, 'explain'),
  };
  const plan = planFor(request);
  const now = context.clock.now();
  const explained = explainPlan(plan, {
    keys: keySources(request, plan.chain),
    sessions: vault.sessions(),
    surroundings: environment,
    now,
  });
  const { output } = context;
  const text = input.flag('json')
    ? jsonText(explained)
    : planText(explained, now, await lookOf(output.stdout));
  await output.print(text);
  return 0;
}
