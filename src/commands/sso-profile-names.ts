// The names of generated profiles, which every AWS SDK can resolve.
import { type SsoAccount, type SsoSession, sessionKey } from '../sessions/index.ts';
import { printable, UsageError } from '../system/index.ts';

/** A role that the user may assume, and its profile's name. */
export interface NamedRole {
  readonly name: string;
  readonly account: string;
  readonly role: string;
  /**
   * The name ends with the account number, because another role had the same name or because no
   * profile may have it.
   */
  readonly isExtended: boolean;
}

export const defaultTemplate = '{account}/{role}';

const placeholders = ['account', 'account_id', 'role', 'session', 'n'];

/**
 * Throws UsageError (exit 2) if it has no placeholder, an unknown one, or characters that no
 * profile name has.
 */
export function requireTemplate(template: string): void {
  const used = [...template.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
  const rest = template.replaceAll(/\{[^{}]*\}/g, '');
  const unknown = used.find((name) => !placeholders.includes(name));
  const why =
    unknown !== undefined
      ? `{${printable(unknown)}} is not a placeholder`
      : used.length === 0
        ? 'it has no placeholder, so all profiles would have one name'
        : /[^A-Za-z0-9_.@%:+/-]/.test(rest)
          ? 'outside its placeholders it may have letters, digits and _ . @ % : + / -'
          : null;
  if (why === null) return;
  throw new UsageError(
    `--name is not a template: ${printable(template)}`,
    `${why}; the placeholders are ${placeholders.map((name) => `{${name}}`).join(' ')}`,
    'awsh sso --help',
  );
}

/**
 * The roles of these accounts with unique names. Account names are text from others; characters
 * that an SDK would not find again become `-`. Throws UsageError (exit 2) if the template gives
 * several roles of one account the same name.
 */
export function namedRoles(
  accounts: readonly SsoAccount[],
  session: SsoSession,
  template: string,
): NamedRole[] {
  const rows = accounts.flatMap(({ id, name, roles }) =>
    roles.map((role) => ({ account: id, role, accountName: name })),
  );
  const drafts = rows.map(({ account, accountName, role }, index) => {
    const values: Record<string, string> = {
      account: nameText(accountName) || account,
      account_id: account,
      role: nameText(role) || 'role',
      session: nameText(sessionKey(session)) || 'sso',
      n: String(index + 1),
    };
    const text = template.replaceAll(/\{([a-z_]+)\}/g, (_, key: string) => values[key] ?? '');
    return { account, role, name: nameText(text) };
  });
  requireRolesApart(drafts, template);
  return withoutClashes(drafts);
}

/** Each run of other characters becomes one `-`, and none remains at the ends. */
function nameText(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_.@%:+/-]+/g, '-').replace(/^-+|-+$/g, '');
}

type Draft = Omit<NamedRole, 'isExtended'>;

function requireRolesApart(drafts: readonly Draft[], template: string): void {
  if (/\{(role|n)\}/.test(template)) return;
  const seen = new Map<string, string>();
  for (const { account, role } of drafts) {
    const other = seen.get(account);
    seen.set(account, role);
    if (other === undefined) continue;
    throw new UsageError(
      `--name gives two roles of account ${account} one name: ${printable(template)}`,
      `${printable(other)} and ${printable(role)} differ in {role} only`,
      'awsh sso --help',
    );
  }
}

/**
 * Equal names all get the account number at the end. Names that are still equal get a number of
 * their own.
 */
function withoutClashes(drafts: readonly Draft[]): NamedRole[] {
  const extended = new Set<Draft>(drafts.filter(({ name }) => isReserved(name)));
  const nameOf = (draft: Draft) => (extended.has(draft) ? `${draft.name}-${draft.account}` : draft.name);
  for (let isDone = false; !isDone; ) {
    isDone = true;
    for (const alike of groupsBy(drafts, nameOf)) {
      if (alike.length === 1) continue;
      for (const draft of alike) {
        if (extended.has(draft)) continue;
        extended.add(draft);
        isDone = false;
      }
    }
  }
  const taken = new Set<string>();
  return drafts.map((draft) => {
    const base = nameOf(draft);
    let name = base;
    for (let number = 2; taken.has(name); number++) name = `${base}-${number}`;
    taken.add(name);
    return { ...draft, name, isExtended: extended.has(draft) };
  });
}

function groupsBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/**
 * `default` means all profiles to most SDKs. The SDK for JavaScript stores profiles in an object
 * that already has these names.
 */
function isReserved(name: string): boolean {
  return name === '' || name.toLowerCase() === 'default' || name in {};
}
