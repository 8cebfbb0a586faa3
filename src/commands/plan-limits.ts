/** Limits the time of a command's credentials: by `--for`, and by `max` of a protected profile. */
import type { CommandInput, Context } from '../cli/index.ts';
import {
  identityOf,
  longestInBox,
  type Plan,
  type PlanRequest,
  planFor,
  type TimeBox,
} from '../sessions/index.ts';
import { protectionOf } from '../settings/index.ts';
import { type Credentials, formatDuration, requireDuration, UsageError } from '../system/index.ts';

/**
 * Throws UsageError for less than a minute or more than 36 hours, the longest session AWS gives.
 */
export function givenBox(input: CommandInput, { clock }: Pick<Context, 'clock'>): TimeBox | null {
  const text = input.value('for');
  if (text === undefined) return null;
  const seconds = requireDuration('--for', text);
  if (seconds < 60 || seconds > 36 * 3600)
    throw new UsageError(
      '--for takes a time from 1m to 36h',
      `it asks for ${seconds} seconds`,
      'awsh exec --help',
    );
  return boxFromNow(seconds, clock.now());
}

const boxFromNow = (seconds: number, now: number): TimeBox => ({
  seconds,
  until: Math.floor(now / 1000) + seconds,
});

/**
 * The plan with sessions no longer than needed, and the time that limits it. `given` is the time
 * that the command line asks for.
 */
export async function limitedPlan(
  context: Context,
  given: TimeBox | null,
  request: PlanRequest,
  plan: Plan,
): Promise<{ plan: Plan; box: TimeBox | null }> {
  const most = await maximumOf(context, request, plan);
  const seconds = Math.min(given?.seconds ?? Number.POSITIVE_INFINITY, most ?? Number.POSITIVE_INFINITY);
  if (!Number.isFinite(seconds)) return { plan, box: null };
  const box = boxFromNow(seconds, context.clock.now());
  const atMostSeconds = longestInBox(box, box.until - seconds);
  if (atMostSeconds === undefined) return { plan, box };
  return { plan: planFor({ ...request, options: { ...request.options, atMostSeconds } }), box };
}

async function maximumOf(context: Context, { files }: PlanRequest, plan: Plan): Promise<number | null> {
  const { account, role, profile } = identityOf(plan, files);
  const settings = await context.settings();
  const limits = [profile, plan.inPlaceOf ?? profile].flatMap(
    (name) => protectionOf(settings, { profile: name, account, roleArn: role })?.maxSeconds ?? [],
  );
  return limits.length === 0 ? null : Math.min(...limits);
}

/**
 * A note for credentials that end at another time than requested: later, because they cannot be
 * revoked, or earlier than `--for` (`isAsked`) without a server that renews them. Else null.
 */
export function noteOnEnd(
  { expiration }: Credentials,
  box: TimeBox,
  { now, isAsked }: { now: number; isAsked: boolean },
): string | null {
  const asked = `AWS gives no session of ${formatDuration(box.seconds)} here`;
  if (expiration === null) return `the keys do not expire: ${asked}`;
  const difference = expiration.getTime() / 1000 - box.until;
  const left = formatDuration((expiration.getTime() - now) / 1000);
  if (difference > 60) return `the keys stay valid for ${left}: ${asked}`;
  if (difference >= -60 || !isAsked) return null;
  return `the keys end in ${left}, before the time of --for; awsh exec --server renews them until then`;
}
