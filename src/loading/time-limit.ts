/** When a profile must be unloaded: by `awsh use --for`, or by `max` of a protected profile. */
import { type Plan, type PlanIdentity, pinOfChoice, stateOfBox, type TimeBox } from '../sessions/index.ts';
import type { Protection } from '../settings/index.ts';
import { type LoadRequest, localClock } from '../shell/index.ts';
import {
  type Credentials,
  epochSeconds,
  formatDuration,
  RefusedError,
  shellCommand,
} from '../system/index.ts';
import { isLoaded } from './load-reason.ts';
import type { LoadServices } from './load-services.ts';
import { OpenBoxes } from './open-boxes.ts';
import type { Wish } from './wish.ts';

export interface TimeLimit {
  /** Null if nothing limits the time. */
  readonly box: TimeBox | null;
  /** `max` of a protected profile is used up: the user has to confirm it again. */
  readonly isOver: boolean;
}

/** Throws RefusedError (exit 9) if the time of the pin is over. */
export function timeLimit(
  wish: Wish,
  identity: PlanIdentity,
  protection: Protection | null,
  { clock, paths }: Pick<LoadServices, 'clock' | 'paths'>,
): TimeLimit {
  const now = Math.floor(clock.now() / 1000);
  if (wish.box !== undefined && stateOfBox(wish.box, now) !== 'open') throw timeOver(wish, wish.box, now);
  const most = protection?.maxSeconds ?? null;
  // The pin of a shell that exec started contains its time.
  if (most === null || wish.kind === 'exec') return { box: wish.box ?? null, isOver: false };
  const open = new OpenBoxes(paths).find(identity, now);
  return { box: earlier(wish.box ?? null, open), isOver: open === null };
}

/** Opens a box for all shells, after the user's confirmation. */
export function openedBox(
  wish: Wish,
  identity: PlanIdentity,
  seconds: number,
  services: Pick<LoadServices, 'clock' | 'openBox'>,
): TimeBox {
  const box = { seconds, until: Math.floor(services.clock.now() / 1000) + seconds };
  services.openBox(identity, box);
  return earlier(wish.box ?? null, box) ?? box;
}

function earlier(one: TimeBox | null, other: TimeBox | null): TimeBox | null {
  if (one === null || other === null) return one ?? other;
  return one.until <= other.until ? one : other;
}

function timeOver({ profile, narrowing }: Wish, box: TimeBox, now: number): RefusedError {
  const time = formatDuration(box.seconds);
  const word = pinOfChoice({ profile, ...(narrowing !== undefined && { narrowing }) });
  return new RefusedError(
    stateOfBox(box, now) === 'over'
      ? `its ${time} ended at ${localClock(box.until)}`
      : `the end of its ${time} is unknown, because the clock was set back`,
    undefined,
    shellCommand`awsh use ${word} --for ${time}`,
  );
}

/** The error if `max` is over and only the clock asked for a pinned profile. */
export function maximumOver({ profile }: Wish, seconds: number): RefusedError {
  return new RefusedError(
    `its ${formatDuration(seconds)} ended, which is the longest time that your settings allow`,
    undefined,
    shellCommand`awsh use ${profile}`,
  );
}

/** A plan whose session need not outlive the box: less remaining time than usual is enough. */
export function planInBox(plan: Plan, box: TimeBox | null, now: number): Plan {
  if (box === null) return plan;
  return { ...plan, minTtlSeconds: Math.max(1, Math.min(plan.minTtlSeconds, box.until - now)) };
}

/** When to ask again, and what to tell the user. */
export function endInBox(
  credentials: Credentials,
  box: TimeBox | null,
  renew: number,
): { shownEnd: number | null; renew: number; say: string[] } {
  const expires = credentials.expiration && epochSeconds(credentials.expiration);
  if (box === null) return { shownEnd: expires, renew, say: [] };
  const shownEnd = expires === null ? box.until : Math.min(expires, box.until);
  const isLonger = expires === null || expires > box.until + 60;
  const copies = expires === null ? 'do not expire' : `are valid until ${localClock(expires)}`;
  const say = [
    `unloads at ${localClock(box.until)}${isLonger ? `; keys that are copied before then ${copies}` : ''}`,
  ];
  const isEnough = expires !== null && expires >= box.until;
  return { shownEnd, renew: isEnough || renew === 0 ? box.until : Math.min(renew, box.until), say };
}

/**
 * True for a load by the user's own command, or for what the shell does not have yet: a new box may
 * be opened.
 */
export function isStart(request: LoadRequest, wish: Wish): boolean {
  return wish.kind === 'pin' ? request.use === true : !isLoaded(request, wish);
}
