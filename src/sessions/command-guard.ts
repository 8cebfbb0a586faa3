import { printable, UsageError } from '../system/index.ts';
import { commandsOf } from './plan-identity.ts';
import type { Plan } from './plan-steps.ts';
import type { Surroundings } from './surroundings.ts';

/** The profiles whose commands led to this process, one word each. */
const guardVariable = 'AWSH_PROCESS_OF';

/** The profiles whose commands led to this process, the outermost first. */
function enclosingProfiles(surroundings: Surroundings): string[] {
  const inside = surroundings[guardVariable];
  if (!inside) return [];
  const words = inside.split(' ').filter((word) => /^[\w.%~!'()*-]+$/.test(word));
  return words.flatMap((word) => {
    try {
      return [decodeURIComponent(word)];
    } catch {
      return [];
    }
  });
}

/**
 * The variable for a command of this profile, which may itself run inside other profiles' commands.
 */
export function enclosedBy(profile: string, surroundings: Surroundings): Record<string, string> {
  const inside = [...enclosingProfiles(surroundings), profile].map(encodeURIComponent);
  return { [guardVariable]: inside.join(' ') };
}

/**
 * Throws for a command that asks awsh for the profile that it serves, because it would start itself
 * without end.
 */
export function refuseCircle(plan: Plan, surroundings: Surroundings): void {
  const inside = enclosingProfiles(surroundings);
  const step = plan.steps.find((each) => commandsOf(each).length > 0 && inside.includes(each.profile));
  if (step === undefined) return;
  const circle = [...inside.slice(inside.indexOf(step.profile)), step.profile].map(printable).join(' -> ');
  throw new UsageError(
    `the command of profile ${JSON.stringify(printable(step.profile))} calls itself again`,
    `it runs inside ${circle}`,
    'let the command ask for another profile',
  );
}
