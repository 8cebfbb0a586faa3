// Computes the changes that `awsh sso populate` makes to the config file.
import type { BlockContent } from '../profiles/index.ts';
import type { NamedRole } from './sso-profile-names.ts';

export interface PopulateOptions {
  readonly session: string;
  /** The names are made with a template from this command line. */
  readonly isNewTemplate: boolean;
  /** Null: each profile keeps its own, and new ones get `defaultRegion`. */
  readonly region: string | null;
  readonly defaultRegion: string;
  /** `services` and `endpoint_url` of the profile that the command was started with. */
  readonly endpoints: ReadonlyMap<string, string>;
  /** Selects by name, account and role; null selects all. */
  readonly only: RegExp | null;
  readonly prune: boolean;
}

export type Keys = readonly (readonly [key: string, value: string])[];

export interface PopulatePlan {
  readonly add: ReadonlyMap<string, Keys>;
  readonly set: ReadonlyMap<string, Keys>;
  readonly remove: ReadonlySet<string>;
  /** False if `only` selects no role and no profile of the block. */
  readonly isMatched: boolean;
  /** Names that profiles outside of the block already have. */
  readonly elsewhere: readonly string[];
  /**
   * Profiles of the block whose role no longer exists, and those whose role now has another name.
   */
  readonly gone: readonly string[];
  readonly renamed: readonly string[];
  readonly extended: readonly string[];
}

/** `taken` are the names that have other credentials: in the credentials file, or in the vault. */
export function populatePlan(
  roles: readonly NamedRole[],
  { inside, outside }: BlockContent,
  taken: ReadonlySet<string>,
  options: PopulateOptions,
): PopulatePlan {
  const wanted = roles.filter((role) => isWanted(role, options.only));
  const [add, set] = [new Map<string, Keys>(), new Map<string, Keys>()];
  const remove = new Set<string>();
  const elsewhere: string[] = [];
  const readOnly = readOnlyProfiles(roles);
  const isThere = (name: string) =>
    (inside.has(name) || wanted.some((role) => role.name === name)) && !outside.has(name) && !taken.has(name);
  const newRegion = options.region ?? commonRegion(inside) ?? options.defaultRegion;
  for (const role of wanted) {
    const known = inside.get(role.name);
    if (outside.has(role.name) || (taken.has(role.name) && known === undefined)) {
      elsewhere.push(role.name);
      // Two sections of the same name would be an error for the AWS CLI.
      if (known !== undefined) remove.add(role.name);
    } else if (known === undefined) {
      const reader = readOnly.get(role.account);
      const proposes = reader !== undefined && !isReadOnly(role) && isThere(reader);
      const more: Keys = proposes ? [['read_only_profile', reader]] : [];
      add.set(role.name, [...keysOf(role, newRegion, options), ...more]);
    } else {
      const changes = changesOf(known, role, options);
      if (changes.length > 0) set.set(role.name, changes);
    }
  }
  const { gone, renamed } = leftOver(roles, inside, options);
  if (options.prune)
    for (const name of options.isNewTemplate ? [...gone, ...renamed] : gone) remove.add(name);
  const extended = wanted.filter(({ isExtended, name }) => isExtended && add.has(name));
  return {
    ...{ add, set, remove, elsewhere, gone, renamed },
    extended: extended.map(({ name }) => name),
    isMatched: wanted.length + gone.length + renamed.length > 0,
  };
}

function isWanted({ name, account, role }: NamedRole, only: RegExp | null): boolean {
  return only === null || [name, account, role, `${account}/${role}`].some((text) => only.test(text));
}

function keysOf({ account, role }: NamedRole, region: string, { session, endpoints }: PopulateOptions): Keys {
  return [
    ['sso_session', session],
    ['sso_account_id', account],
    ['sso_role_name', role],
    ['region', region],
    ...endpoints,
  ];
}

/**
 * By account, the profile that `--read-only` uses instead of the account's other roles: one whose
 * role is named so (ReadOnly, ViewOnly).
 */
function readOnlyProfiles(roles: readonly NamedRole[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const pattern of [/ViewOnly/i, /ReadOnly/i])
    for (const { account, role, name } of roles.toReversed())
      if (pattern.test(role)) found.set(account, name);
  return found;
}

function isReadOnly({ role }: NamedRole): boolean {
  return /ReadOnly|ViewOnly/i.test(role);
}

function changesOf(
  known: ReadonlyMap<string, string>,
  role: NamedRole,
  { session, region, endpoints }: PopulateOptions,
): Keys {
  const hasEndpoint = known.has('services') || known.has('endpoint_url');
  const keys: Keys = [
    ['sso_session', session],
    ['sso_account_id', role.account],
    ['sso_role_name', role.role],
    ...(region === null ? [] : [['region', region] as const]),
    ...(hasEndpoint ? [] : endpoints),
  ];
  return keys.filter(([key, value]) => known.get(key) !== value);
}

/** The region of all profiles of the block, if they share one. */
function commonRegion(inside: BlockContent['inside']): string | null {
  const regions = new Set([...inside.values()].map((keys) => keys.get('region')));
  const [only] = regions;
  return regions.size === 1 ? (only ?? null) : null;
}

function leftOver(roles: readonly NamedRole[], inside: BlockContent['inside'], options: PopulateOptions) {
  const word = (account: string, role: string) => `${account}/${role}`;
  const names = new Set(roles.map(({ name }) => name));
  const there = new Set(roles.map(({ account, role }) => word(account, role)));
  const [gone, renamed]: string[][] = [[], []];
  for (const [name, keys] of inside) {
    const [account, role] = [keys.get('sso_account_id') ?? '', keys.get('sso_role_name') ?? ''];
    // Sections that the user added to the block are left alone.
    if (keys.get('sso_session') !== options.session || names.has(name)) continue;
    if (!isWanted({ name, account, role, isExtended: false }, options.only)) continue;
    (there.has(word(account, role)) ? renamed : gone)?.push(name);
  }
  return { gone: gone ?? [], renamed: renamed ?? [] };
}

/** The regular expression for a pattern of `*` and `?`, matching a whole text. */
export function globPattern(glob: string): RegExp {
  const source = glob.replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${source.replaceAll('?', '.')}$`, 's');
}
