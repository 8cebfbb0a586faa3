import type { Model } from './model.ts';
import type { Look } from './shells.ts';
import { type Grant, type Profile, regions, type World } from './world.ts';

/*
 * The invariant of ownership (promise 7): what a shell must have after each step, compared with a
 * second shell (the twin) without awsh.
 */

const keyNames = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];
/**
 * Variables in which awsh reports its state to prompts and child shells while another tool's values
 * are set.
 */
const notes = /^AWSH_(SEGMENT|LOADED|SAVED)$/;

const isAws = (name: string) => /^AWS(?!H_)/.test(name);
const pick = (look: Look, isWanted: (name: string) => boolean) =>
  Object.fromEntries(
    Object.entries(look.environment)
      .filter(([name]) => isWanted(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
const show = (value: unknown) => (value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 50));

/** Variables that a tool other than awsh, and not the user, has set here. */
export function contributions(model: Model, twin: Look): string[] {
  const { own, ownAtStart } = model.level;
  const isOf = (variables: typeof own, name: string, value: string) =>
    variables[name]?.exported && variables[name].value === value;
  return Object.entries(pick(twin, isAws))
    .filter(([name, value]) => !isOf(own, name, value) && !isOf(ownAtStart, name, value))
    .map(([name]) => name);
}

const overriddenBy = ([first, ...more]: string[]) =>
  `overridden by ${first}${more.length > 0 ? ` and ${more.length} more` : ''}`;

export interface Seen {
  model: Model;
  main: Look;
  twin: Look;
  world: World;
  /** Taken within the line of the cd, before a prompt. */
  early?: boolean;
  /**
   * This tool's values cannot be distinguished from the user's, so either set may be in place, as a
   * whole.
   */
  isUnknownTool?: boolean;
}

export type State = 'in exec' | 'loaded' | 'overridden' | 'pinned' | 'off' | 'not allowed' | 'outside';

/** The shell's expected state, for counting. */
export function stateOf(model: Model, twin: Look): State {
  const { exec, mode } = model.level;
  if (exec !== null) return 'in exec';
  if (mode === 'off') return 'off';
  if (model.wanted === null) return model.refused ? 'not allowed' : 'outside';
  if (contributions(model, twin).length > 0) return 'overridden';
  return mode === 'auto' ? 'loaded' : 'pinned';
}

/** The problems, one a line; empty if there are none. */
export function check(seen: Seen): string[] {
  const { model, main, twin, world } = seen;
  const grants = world.grants();
  const others = contributions(model, twin);
  if (model.level.exec !== null) return checkExec(seen, grants);
  const problems = checkSecrets(main, twin, grants);
  const { wanted } = model;
  if (model.level.isBehind && isAsBefore(seen, grants)) return problems;
  if (wanted !== null && others.length === 0) problems.push(...checkWanted(seen, wanted, grants));
  // A file that is not allowed, and a tool that has set a variable: awsh may name either.
  else if (model.refused && others.length > 0 && main.environment.AWSH_SEGMENT === 'overridden')
    problems.push(...checkOverridden(seen, others));
  else if (wanted === null) problems.push(...checkOutside(seen));
  else {
    const asTwin = checkOverridden(seen, others);
    // With a pin, or variables that a user takes to another project, either state is right. At a
    // cd, the tool may be late.
    const isOpen =
      seen.early === true ||
      seen.isUnknownTool === true ||
      model.level.mode !== 'auto' ||
      model.level.tookAlong;
    const isLoaded = isOpen && asTwin.length > 0 && checkLoaded(seen, wanted, grants).length === 0;
    if (!isLoaded) problems.push(...asTwin);
  }
  return problems;
}

/** The directory's profile is loaded, unless the user has typed another one. */
function checkWanted(seen: Seen, wanted: Profile, grants: Map<string, Grant>): string[] {
  const { overrides } = seen.model.level;
  if (overrides === null) return checkLoaded(seen, wanted, grants);
  const asTwin = checkOverridden(seen, ['the user']);
  const isLoaded =
    overrides === 'moved' && asTwin.length > 0 && checkLoaded(seen, wanted, grants).length === 0;
  return isLoaded ? [] : asTwin;
}

/** The state before a decision that was made in a nested shell: loaded or not. */
function isAsBefore(seen: Seen, grants: Map<string, Grant>): boolean {
  const { model, main, twin } = seen;
  if (model.asked !== null && checkLoaded(seen, model.asked, grants).length === 0) return true;
  const isCompared = (name: string) => name.startsWith('AWS') && name !== 'AWSH_SEGMENT';
  return differences(pick(main, isCompared), pick(twin, isCompared), '').length === 0;
}

function differences(main: Record<string, string>, twin: Record<string, string>, what: string): string[] {
  return [...new Set([...Object.keys(main), ...Object.keys(twin)])]
    .sort()
    .filter((name) => main[name] !== twin[name])
    .map((name) => `${what}: ${name} is ${show(main[name])}, without awsh it is ${show(twin[name])}`);
}

/** Nothing is loaded: everything is as in the twin, including the shell's own variables. */
function checkOutside({ model, main, twin, early }: Seen): string[] {
  const isNoted = (name: string) =>
    (model.level.mode === 'off' && notes.test(name)) || (model.refused && name === 'AWSH_SEGMENT');
  const lost = (name: string) =>
    model.level.lostSecrets && keyNames.includes(name) && !keyNames.some((each) => main.environment[each]);
  const isCompared = (name: string) => name.startsWith('AWS') && !isNoted(name) && !lost(name);
  const problems = differences(pick(main, isCompared), pick(twin, isCompared), 'outside');
  if (
    model.refused &&
    model.level.mode === 'auto' &&
    !early &&
    !/^(not allowed|denied|changed)$/.test(main.environment.AWSH_SEGMENT ?? '')
  )
    problems.push(`not allowed: AWSH_SEGMENT is ${show(main.environment.AWSH_SEGMENT)}`);
  const isPlain = model.level.mode === 'auto' && !model.refused && !model.level.lostSecrets;
  if (problems.length === 0 && isPlain && main.declared !== twin.declared)
    problems.push(`outside: declared as\n${main.declared}without awsh as\n${twin.declared}`);
  return problems;
}

/** awsh's variables are set, for one identity, and no others. */
function checkLoaded(
  { model, main, twin, world }: Seen,
  wanted: Profile,
  grants: Map<string, Grant>,
): string[] {
  const { environment } = main;
  const grant = grants.get(environment.AWS_ACCESS_KEY_ID ?? '');
  if (grant?.profile !== wanted)
    return [
      `inside: the key id ${show(environment.AWS_ACCESS_KEY_ID)} is of ${grant?.profile ?? 'nobody'}, not of ${wanted} (AWSH_SEGMENT ${show(environment.AWSH_SEGMENT)})`,
    ];
  const expected: Record<string, string> = {
    AWS_ACCESS_KEY_ID: environment.AWS_ACCESS_KEY_ID ?? '',
    AWS_SECRET_ACCESS_KEY: grant.secret,
    AWS_SESSION_TOKEN: grant.token,
    AWS_REGION: regions[wanted],
    AWS_DEFAULT_REGION: regions[wanted],
    AWS_ENDPOINT_URL: world.endpoint,
    AWS_CREDENTIAL_EXPIRATION: environment.AWS_CREDENTIAL_EXPIRATION ?? 'a time',
    AWS_SESSION_EXPIRATION: environment.AWS_SESSION_EXPIRATION ?? 'a time',
    AWSUME_PROFILE: wanted,
    ...pick(twin, (name) => name === 'AWS_PAGER'),
  };
  // A region that the user has typed stays, until awsh loads again.
  if (model.level.typed.has('AWS_REGION') && environment.AWS_REGION === twin.environment.AWS_REGION)
    expected.AWS_REGION = environment.AWS_REGION ?? '';
  const problems = differences(pick(main, isAws), expected, 'inside').map((line) =>
    line.replace('without awsh it is', 'not'),
  );
  if (environment.AWSH_PROFILE !== wanted)
    problems.push(`inside: AWSH_PROFILE is ${show(environment.AWSH_PROFILE)}`);
  if (!environment.AWSH_SEGMENT?.startsWith(`${wanted} `))
    problems.push(`inside: AWSH_SEGMENT is ${show(environment.AWSH_SEGMENT)}, not "${wanted} …"`);
  return problems;
}

/** Another tool's values are set as a whole, and only awsh's notes. */
function checkOverridden({ model, main, twin, early }: Seen, others: string[]): string[] {
  const lost = (name: string) =>
    model.level.lostSecrets && keyNames.includes(name) && !keyNames.some((each) => main.environment[each]);
  const isCompared = (name: string) => name.startsWith('AWS') && !notes.test(name) && !lost(name);
  const problems = differences(pick(main, isCompared), pick(twin, isCompared), overriddenBy(others));
  if (!early && main.environment.AWSH_SEGMENT !== 'overridden')
    problems.push(`${overriddenBy(others)}: AWSH_SEGMENT is ${show(main.environment.AWSH_SEGMENT)}`);
  return problems;
}

/**
 * No variable contains a secret or token of awsh, except for those that should, and those in the
 * twin.
 */
function checkSecrets(main: Look, twin: Look, grants: Map<string, Grant>): string[] {
  const problems: string[] = [];
  for (const [name, value] of Object.entries(main.environment)) {
    if (keyNames.includes(name) || twin.environment[name] === value) continue;
    for (const { secret, token, profile } of grants.values())
      if (value.includes(secret) || value.includes(token))
        problems.push(`${name} holds a secret of ${profile}`);
  }
  return problems;
}

/**
 * Either everything is as in the twin, which the same `awsh exec` started, or everything from exec
 * is removed. What another tool has set stays, as in the twin.
 */
function checkExec(seen: Seen, grants: Map<string, Grant>): string[] {
  const { model, main, twin } = seen;
  const left = pick(main, isAws);
  const halves = checkWhole(left, twin, grants);
  if (main.environment.AWSH_SEGMENT === 'overridden' && Object.keys(left).length > 0)
    return [...halves, ...checkExecOverridden(seen, left, grants)];
  if (!model.level.startedAmongOthers) {
    const named = (look: Look) => withNames(pick(look, isAws), grants);
    // A tool that unsets the region or the keys, or restores the user's own region, does not change
    // exec's set, as in any load.
    const isOwn = (value: string | undefined) =>
      value === undefined || value === model.level.own.AWS_REGION?.value;
    const isKept = (name: string) =>
      /REGION$/.test(name) && isExecRegion(model, left[name]) && isOwn(twin.environment[name]);
    if (
      twin.environment.AWS_ACCESS_KEY_ID === undefined &&
      grants.get(left.AWS_ACCESS_KEY_ID ?? '')?.profile === model.level.exec
    )
      return halves;
    const isCompared = ([name]: [string, string]) => !isKept(name);
    const [mine, theirs] = [main, twin].map((look) =>
      Object.fromEntries(Object.entries(named(look)).filter(isCompared)),
    );
    return differences(mine ?? {}, theirs ?? {}, 'in exec');
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
  const isBeside = left.AWS_PROFILE && twin.environment.AWS_ACCESS_KEY_ID !== left.AWS_ACCESS_KEY_ID;
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
  if (grant?.profile === 'other') return problems;
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
