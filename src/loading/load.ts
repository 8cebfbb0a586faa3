import { findDirectoryFile, othersCanExchangeFileOf } from '../directory/index.ts';
import {
  choiceOfPin,
  isKnownProfile,
  labelWithReason,
  longestInBox,
  type Plan,
  type PlanIdentity,
  programIdentity,
  roleOfPin,
  type SessionReason,
  type TimeBox,
  targetOf,
  verifyAccount,
} from '../sessions/index.ts';
import type { Protection } from '../settings/index.ts';
import { isOnlyConfig, type LoadRequest, loadedChange, type Reply } from '../shell/index.ts';
import {
  AwshError,
  asRefusal,
  type Credentials,
  epochSeconds,
  isLocked,
  type RefusalCause,
  RefusedError,
  refusalOf,
} from '../system/index.ts';
import { mustConfirm, overCause, whyNotConfirmed } from './confirmation.ts';
import { narrowedLabel } from './directory-narrowing.ts';
import { directoryWish } from './directory-wish.ts';
import { failedLoad, keepAsItIs, noDirectoryFile, notConfirmed } from './load-failure.ts';
import { loadReason, requireReasonKept } from './load-reason.ts';
import type { CredentialsRequest, LoadServices } from './load-services.ts';
import { profilePlan } from './profile-plan.ts';
import { agentProtection, isProtectedPlan, protectionOfWish } from './protection.ts';
import { supervisedWish } from './supervised-wish.ts';
import { endInBox, isStart, maximumOver, openedBox, planInBox, timeLimit } from './time-limit.ts';
import { type Wish, withSessionNaming } from './wish.ts';

/**
 * Answers a hook: the variables that this shell must have, and why. Never throws for anything a
 * user can cause: a failure is also an answer, and it leaves no old credentials loaded.
 */
export async function answerLoad(request: LoadRequest, services: LoadServices): Promise<Reply> {
  return withSharing(await answer(request, services), request);
}

/**
 * Adds to the reply whether other users can replace the directory file that applies, or a file in
 * its place.
 */
export function withSharing(reply: Reply, { pin, cwd }: LoadRequest): Reply {
  return pin === null && isShared(cwd) ? { ...reply, isShared: true } : reply;
}

function isShared(cwd: string): boolean {
  try {
    return othersCanExchangeFileOf(cwd, findDirectoryFile(cwd));
  } catch {
    return true;
  }
}

async function answer(request: LoadRequest, services: LoadServices): Promise<Reply> {
  if (request.pin !== null) {
    if (request.use && !canBeUsed(request.pin, services)) return keepAsItIs;
    return loadWish(pinWish(request.pin, request.exec === true, services), request, services);
  }
  const found = directoryWish(request.cwd, services);
  if (found.kind === 'none') return noDirectoryFile;
  if (found.kind === 'load') return loadWish(found.wish, request, services);
  if (found.refusal !== undefined && !request.renew) services.refused(found.refusal);
  return found.reply;
}

/** A profile with exactly the pin's name takes precedence. */
function pinWish(pin: string, isExec: boolean, { awsFiles, keys, settings }: LoadServices): Wish {
  const named = {
    kind: isExec ? 'exec' : 'pin',
    label: pin,
    file: null,
    region: null,
    account: null,
  } as const;
  const { reason: text, ...choice } = (isNamed(pin) ? null : choiceOfPin(pin)) ?? { profile: pin };
  const reason = text === undefined ? undefined : { text, as: settings.reasonAs };
  return { ...named, recorded: true, ...choice, reason };

  function isNamed(name: string): boolean {
    return choiceOfPin(name) === null || isKnownProfile(name, awsFiles(), keys);
  }
}

/** False for an unknown profile, while awsh is locked, and if the AWS files cannot be read. */
function canBeUsed(profile: string, { paths, awsFiles, keys }: LoadServices): boolean {
  try {
    const names = [profile, choiceOfPin(profile)?.profile ?? profile];
    const isKnown = names.some((name) => isKnownProfile(name, awsFiles(), keys) || roleOfPin(name) !== null);
    return isKnown && !isLocked(paths);
  } catch (error) {
    if (error instanceof AwshError) return false;
    throw error;
  }
}

async function loadWish(asked: Wish, request: LoadRequest, services: LoadServices): Promise<Reply> {
  let plan: Plan | null = null;
  let wish = asked;
  try {
    wish = withSessionNaming(supervisedWish(asked, services), request.cwd, services);
    refuseInsideOnly(request);
    const found = profilePlan(wish, services);
    const { identity } = found;
    plan = found.plan;
    refuseUnrecordedEndpoint(wish, identity, services);
    const protection = protectionOfWish(plan, identity, services) ?? agentProtection(plan, services);
    const limit = timeLimit(wish, identity, protection, services);
    if (mustConfirm(wish, protection, limit, { request, services })) {
      const refusal = await whyNotConfirmed(wish, identity, request, services);
      if (refusal !== null) {
        const cause = limit.isOver ? overCause(request, wish, refusal) : refusal;
        return refusedLoad('not confirmed', { wish, plan, cause }, request, services);
      }
    }
    const why = await loadReason(wish, protection, limit.isOver || isStart(request, wish), request, services);
    if ('refusal' in why) {
      const reply = refusedLoad('no reason', { wish, plan, cause: why.refusal }, request, services);
      return { ...reply, exitStatus: 6 };
    }
    wish = withReason(wish, why.reason);
    plan = profilePlan(wish, services).plan;
    requireReasonKept(plan, why.reason, services);
    const box = limit.isOver ? boxAfterYes(wish, identity, protection, request, services) : limit.box;
    plan = planForBox(wish, box, services) ?? plan;
    const credentials = await obtain(wish, plan, request, services);
    const reply = loaded(wish, plan, credentials, { request, services, box });
    return { ...reply, isProtected: protection !== null };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal !== null && !request.renew) services.refused(refusal);
    return failedLoad(error, wish, plan, services);
  }
}

/** What the clock alone asks for is not recorded: the user did nothing. */
function refusedLoad(
  guard: RefusalCause,
  { wish, plan, cause }: { wish: Wish; plan: Plan; cause: string },
  { renew }: LoadRequest,
  services: LoadServices,
): Reply {
  if (!renew) services.refused({ cause: guard, target: targetOf(plan) });
  return notConfirmed(wish, plan, cause);
}

/**
 * Refuses a shell inside `exec --only`, recognised by the config file that was set when its hook
 * was sourced.
 */
function refuseInsideOnly({ environment }: LoadRequest): void {
  if (!isOnlyConfig(environment.AWS_CONFIG_FILE)) return;
  const what = 'awsh exec --only runs this shell, with one profile';
  throw asRefusal(new RefusedError(what, undefined, 'exit'), 'exec --only');
}

function withReason(wish: Wish, reason: SessionReason | null): Wish {
  return reason === null ? wish : { ...wish, reason, label: labelWithReason(wish.label, reason.text) };
}

/**
 * For a pin, only the user's own `awsh use` opens a box; for a directory, the confirmation above
 * does.
 */
function boxAfterYes(
  wish: Wish,
  identity: PlanIdentity,
  protection: Protection | null,
  request: LoadRequest,
  services: LoadServices,
): TimeBox {
  const seconds = protection?.maxSeconds ?? 0;
  if (wish.kind === 'pin' && !isStart(request, wish)) throw maximumOver(wish, seconds);
  return openedBox(wish, identity, seconds, services);
}

/** The plan with sessions no longer than the box needs; null if there is no box. */
function planForBox(wish: Wish, box: TimeBox | null, services: LoadServices): Plan | null {
  if (box === null) return null;
  const now = Math.floor(services.clock.now() / 1000);
  const { plan } = profilePlan({ ...wish, atMostSeconds: longestInBox(box, now) }, services);
  return planInBox(plan, box, now);
}

/**
 * Security rule 6: if the account matters, it may only be confirmed through an endpoint that the
 * user has seen and allowed.
 */
function refuseUnrecordedEndpoint(wish: Wish, identity: PlanIdentity, services: LoadServices): void {
  const matters = wish.account !== null || isProtectedPlan(identity, services);
  if (!matters || wish.recorded || identity.endpoints.length === 0) return;
  throw new RefusedError(
    'a profile whose account matters uses an endpoint that was not allowed',
    'trusted_dirs alone does not allow an endpoint_url',
    'awsh allow',
  );
}

async function obtain(
  wish: Wish,
  plan: Plan,
  request: LoadRequest,
  services: LoadServices,
): Promise<Credentials> {
  const how: CredentialsRequest = {
    ask: !request.quiet && !request.renew,
    refresh: request.refresh,
    cachedOnly: false,
    needAccount: wish.account !== null,
  };
  let isHeldAlready = false;
  const found = await services.credentials(plan, how).catch((error) => {
    // This request is only a renewal, and the old session may have some minutes left, which is
    // better than none.
    if (!request.renew) throw error;
    isHeldAlready = true;
    return services.credentials(plan, { ...how, cachedOnly: true }).catch(() => {
      throw error;
    });
  });
  const credentials = wish.account === null ? found : await verifyAccount(found, wish.account, plan.target);
  // Credentials that the shell already has are not a new grant.
  if (!isHeldAlready) services.granted(plan, credentials);
  return credentials;
}

/** With fewer seconds left than this, the shell would ask for a new session at every prompt. */
const retrySeconds = 60;

function loaded(
  wish: Wish,
  plan: Plan,
  credentials: Credentials,
  { request, services, box }: { request: LoadRequest; services: LoadServices; box: TimeBox | null },
): Reply {
  const { settings, clock } = services;
  const identity = { ...programIdentity(plan, request.environment), ...namedFor(plan) };
  const now = Math.floor(clock.now() / 1000);
  const expires = credentials.expiration === null ? null : epochSeconds(credentials.expiration);
  const usual = expires === null ? 0 : Math.max(expires - plan.minTtlSeconds + 1, now + retrySeconds);
  const { shownEnd, renew, say } = endInBox(credentials, box, usual);
  return {
    status: 'ok',
    renew,
    label: wish.label,
    change: loadedChange(credentials, identity, settings.themeVariable, shownEnd),
    // A renewal is not reported.
    say: request.loaded === wish.label ? [] : [...plan.programWarnings, ...say],
    record: null,
  };
}

/** The name of a narrowed session in AWSH_PROFILE and for prompt themes. */
function namedFor({ profile, inPlaceOf = profile, narrowing }: Plan): { profile?: string } {
  return narrowing === undefined ? {} : { profile: narrowedLabel(inPlaceOf, narrowing) };
}
