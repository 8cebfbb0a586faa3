import { checkExec } from './check-exec.ts';
import { differences, isAws, keyNames, pick, show } from './compare.ts';
import type { Model } from './model.ts';
import type { Look } from './shells.ts';
import { type Grant, type Profile, regions, type World } from './world.ts';

/*
 * The invariant of ownership (promise 7): what a shell must have after each step, compared with a
 * second shell (the twin) without awsh.
 */

/**
 * Variables in which awsh reports its state to prompts and child shells while another tool's values
 * are set.
 */
const notes = /^AWSH_(SEGMENT|LOADED|SAVED)$/;

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
  // A tool may have unset what the user has typed.
  const isOver = overrides === 'moved' || seen.twin.environment.AWS_PROFILE === undefined;
  const isLoaded = isOver && asTwin.length > 0 && checkLoaded(seen, wanted, grants).length === 0;
  return isLoaded ? [] : asTwin;
}

/** The state before a decision that was made in a nested shell: loaded or not. */
function isAsBefore(seen: Seen, grants: Map<string, Grant>): boolean {
  const { model, main, twin } = seen;
  if (model.asked !== null && checkLoaded(seen, model.asked, grants).length === 0) return true;
  const isCompared = (name: string) => name.startsWith('AWS') && name !== 'AWSH_SEGMENT';
  return differences(pick(main, isCompared), pick(twin, isCompared), '').length === 0;
}

/** Nothing is loaded: everything is as in the twin, including the shell's own variables. */
function checkOutside({ model, main, twin, early }: Seen): string[] {
  const isNoted = (name: string) =>
    (model.level.mode === 'off' && notes.test(name)) || (model.refused && name === 'AWSH_SEGMENT');
  const lost = (name: string) =>
    model.level.lostSecrets && keyNames.includes(name) && !keyNames.some((each) => main.environment[each]);
  // The user has typed a value inside a project, and unset it outside. This looks like the end of a
  // virtualenv that was activated inside, which does not know the value from before awsh.
  const isBack = (name: string) =>
    model.level.typed.has(name) &&
    twin.environment[name] === undefined &&
    main.environment[name] === model.level.ownAtStart[name]?.value;
  const isCompared = (name: string) =>
    name.startsWith('AWS') && !isNoted(name) && !lost(name) && !isBack(name);
  const problems = differences(pick(main, isCompared), pick(twin, isCompared), 'outside');
  if (
    model.refused &&
    model.level.mode === 'auto' &&
    !early &&
    !/^(not allowed|denied|changed)$/.test(main.environment.AWSH_SEGMENT ?? '')
  )
    problems.push(`not allowed: AWSH_SEGMENT is ${show(main.environment.AWSH_SEGMENT)}`);
  const isPlain =
    model.level.mode === 'auto' &&
    !model.refused &&
    !model.level.lostSecrets &&
    !Object.keys(main.environment).some(isBack);
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
  for (const name of ['AWS_REGION', 'AWS_DEFAULT_REGION']) {
    const value = environment[name];
    if (!model.level.typed.has(name) || value !== twin.environment[name]) continue;
    if (value === undefined) delete expected[name];
    else expected[name] = value;
  }
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
