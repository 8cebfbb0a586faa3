import type { Seen } from './check.ts';
import { differences, isAws, keyNames, pick, show } from './compare.ts';
import type { Model } from './model.ts';
import type { Look } from './shells.ts';
import { type Grant, regions } from './world.ts';

/* The invariant of ownership in a shell that `awsh exec` has started. */

/**
 * Either everything is as in the twin, which the same `awsh exec` started, or everything from exec
 * is removed. What another tool has set stays, as in the twin.
 */
export function checkExec(seen: Seen, grants: Map<string, Grant>): string[] {
  const { model, main, twin } = seen;
  const left = pick(main, isAws);
  const halves = checkWhole(left, twin, grants);
  if (model.level.lostExec) return [...halves, ...checkLostExec(seen, left, grants)];
  const isEmptied = Object.keys(left).length === 0 && twin.environment.AWS_ACCESS_KEY_ID !== undefined;
  if (main.environment.AWSH_SEGMENT === 'overridden' && !isEmptied)
    return [...halves, ...checkExecOverridden(seen, left, grants)];
  if (!model.level.startedAmongOthers) {
    const isKept = keptByExec(model, left, twin, grants);
    const [mine, theirs] = [main, twin].map((look) =>
      Object.fromEntries(
        Object.entries(withNames(pick(look, isAws), grants)).filter(([name]) => !isKept(name)),
      ),
    );
    return [...halves, ...differences(mine ?? {}, theirs ?? {}, 'in exec')];
  }
  const value = main.environment.AWS_ACCESS_KEY_ID;
  const grant = grants.get(value ?? '');
  const isForeign =
    grant !== undefined && grant.profile !== model.level.exec && twin.environment.AWS_ACCESS_KEY_ID !== value;
  return [
    ...halves,
    ...(isForeign ? [`in exec ${model.level.exec}: the key id is of ${grant.profile}`] : []),
  ];
}

/** A shell like any other: the directory's profile is loaded, or nothing of awsh is set. */
function checkLostExec(seen: Seen, left: Record<string, string>, grants: Map<string, Grant>): string[] {
  const grant = grants.get(left.AWS_ACCESS_KEY_ID ?? '');
  if (grant === undefined || grant.profile !== seen.model.wanted)
    return checkExecOverridden(seen, left, grants);
  return left.AWS_PROFILE ? [`AWS_PROFILE is set beside keys of ${grant.profile}`] : [];
}

/**
 * The variables of exec that stay although a tool has unset them or restored the user's own values,
 * as in any load: the twin then has a mixture of the user's variables and exec's.
 */
function keptByExec(
  model: Model,
  left: Record<string, string>,
  twin: Look,
  grants: Map<string, Grant>,
): (name: string) => boolean {
  const { exec, own, ownAtStart } = model.level;
  const isRestored = (name: string) =>
    [undefined, own[name]?.value, ownAtStart[name]?.value].includes(twin.environment[name]);
  const profileOf = (look: Record<string, string>) => grants.get(look.AWS_ACCESS_KEY_ID ?? '')?.profile;
  const hasKeys =
    profileOf(left) === exec && (isRestored('AWS_ACCESS_KEY_ID') || profileOf(twin.environment) === exec);
  // A tool has put the user's key beside exec's token.
  const isMixture = [...grants].some(
    ([id, { token }]) =>
      token === twin.environment.AWS_SESSION_TOKEN && id !== twin.environment.AWS_ACCESS_KEY_ID,
  );
  const isWithoutKeys = isMixture && !keyNames.some((name) => left[name]);
  return (name) => {
    if (/REGION$/.test(name)) return isExecRegion(model, left[name]) && isRestored(name);
    if (keyNames.includes(name) || /^AWS_.*_EXPIRATION$/.test(name)) return hasKeys || isWithoutKeys;
    return name === 'AWS_PROFILE' && hasKeys && left[name] === undefined && isRestored(name);
  };
}

/** `awsh exec` uses the user's own region first, then that of the profile. */
function isExecRegion({ level }: Model, region: string | undefined): boolean {
  return level.exec !== null && (region === regions[level.exec] || region === level.own.AWS_REGION?.value);
}

/**
 * A key of awsh has its own secret and token. AWS_PROFILE is not set beside it, unless it is beside
 * the twin's key, too.
 */
function checkWhole(left: Record<string, string>, twin: Look, grants: Map<string, Grant>): string[] {
  const grant = grants.get(left.AWS_ACCESS_KEY_ID ?? '');
  if (grant === undefined) return [];
  const isWhole = left.AWS_SECRET_ACCESS_KEY === grant.secret && left.AWS_SESSION_TOKEN === grant.token;
  // `awsh export other` in a tool's file, which refuses in the twin because it is inside of exec.
  const isOfTool = grant.profile === 'other';
  const isBeside =
    left.AWS_PROFILE && !isOfTool && twin.environment.AWS_ACCESS_KEY_ID !== left.AWS_ACCESS_KEY_ID;
  return [
    ...(isWhole ? [] : [`in exec: half of the keys of ${grant.profile}`]),
    ...(isBeside ? [`in exec: AWS_PROFILE ${show(left.AWS_PROFILE)} beside keys of ${grant.profile}`] : []),
  ];
}

function checkExecOverridden(
  { model, twin, world }: Seen,
  left: Record<string, string>,
  grants: Map<string, Grant>,
): string[] {
  const grant = grants.get(left.AWS_ACCESS_KEY_ID ?? '');
  const problems = left.AWS_VAULT ? ['overridden in exec: AWS_VAULT is left'] : [];
  // In the twin, `awsh export` refuses to run inside of exec. Here the tool does not see that it is
  // inside.
  if (grant?.profile === 'other' || left.AWS_REGION === regions.other) return problems;
  if (grant !== undefined) problems.push('overridden in exec: credentials of exec are left');
  const secrets = new Set([...grants].flatMap(([id, { secret, token }]) => [id, secret, token]));
  const theirs = Object.entries(pick(twin, isAws)).filter(([name, value]) => {
    const isGiven = /^(AWS_VAULT|AWSUME_PROFILE|AWS_.*_EXPIRATION)$/.test(name) || value === world.endpoint;
    // A tool's region that was set before exec counts as set by exec.
    const isRegion = /REGION$/.test(name) && (isExecRegion(model, value) || model.level.startedAmongOthers);
    // exec replaces the user's own keys, and a tool that restores them when the shell starts does
    // not bring them back: both halves are gone.
    const isReplaced =
      keyNames.includes(name) &&
      value === model.level.own[name]?.value &&
      !keyNames.some((each) => left[each]);
    return !isGiven && !secrets.has(value) && !isReplaced && !(isRegion && !(name in left));
  });
  return [...problems, ...differences(left, Object.fromEntries(theirs), 'overridden in exec')];
}

/** A grant's values named after the profile, so that two grants of one profile are equal. */
function withNames(variables: Record<string, string>, grants: Map<string, Grant>): Record<string, string> {
  const grant = grants.get(variables.AWS_ACCESS_KEY_ID ?? '');
  if (grant === undefined) return variables;
  const isWhole =
    variables.AWS_SECRET_ACCESS_KEY === grant.secret && variables.AWS_SESSION_TOKEN === grant.token;
  const { AWS_CREDENTIAL_EXPIRATION: _ends, AWS_SESSION_EXPIRATION: _end, ...rest } = variables;
  const named = `of ${grant.profile}${isWhole ? '' : ', not whole'}`;
  return { ...rest, AWS_ACCESS_KEY_ID: named, AWS_SECRET_ACCESS_KEY: named, AWS_SESSION_TOKEN: named };
}
