// The output of `awsh sso populate`.
import type { Context, Look } from '../cli/index.ts';
import { TrustStore } from '../directory/index.ts';
import { operandWord, padToWidth, printable, printablePath, textWidth } from '../system/index.ts';
import type { Keys, PopulatePlan } from './sso-populate-plan.ts';

/**
 * One line for each changed profile: `+` for a new one, `~` for a changed one, `-` for a removed
 * one.
 */
export function planText({ add, set, remove }: PopulatePlan, look: Look): string {
  const names = [...add.keys(), ...set.keys(), ...remove];
  const width = Math.min(60, Math.max(...names.map(textWidth)));
  const line = (sign: string, name: string, text: string) =>
    `${sign} ${padToWidth(printable(name), width)}  ${printable(text)}`.trimEnd();
  const text = (keys: Keys) => keys.map(([key, value]) => `${key} = ${value}`).join(', ');
  const rows: (readonly [string, string])[] = [
    ...[...add].map(([name, keys]) => [name, look.green(line('+', name, valuesOf(keys)))] as const),
    ...[...set].map(([name, keys]) => [name, look.yellow(line('~', name, text(keys)))] as const),
    ...[...remove].map((name) => [name, look.red(line('-', name, ''))] as const),
  ];
  rows.sort(([a], [b]) => (a < b ? -1 : 1));
  return rows.map(([, shown]) => `${shown}\n`).join('');
}

/** The account, role and region, and the other properties with their names. */
function valuesOf(keys: Keys): string {
  const known = ['sso_account_id', 'sso_role_name', 'region'];
  const shown = keys.filter(([key]) => key !== 'sso_session');
  return shown.map(([key, value]) => (known.includes(key) ? value : `${key} = ${value}`)).join('  ');
}

/** Remarks in addition to the changes, each kind once. */
export async function tellRemarks(
  context: Context,
  session: string,
  plan: PopulatePlan,
  prune: boolean,
): Promise<void> {
  const { output } = context;
  const { elsewhere, extended, gone, renamed, remove } = plan;
  if (elsewhere.length > 0)
    output.tell(
      `awsh: not changed, because profiles or keys with these names exist elsewhere: ${some(elsewhere)}`,
    );
  if (extended.length > 0)
    output.tell(
      `awsh: these names end in the account number, because they would be the same or are reserved: ${some(extended)}`,
    );
  const isSealed = (await context.settings()).ssoCache === 'vault';
  if (isSealed && plan.add.size > 0)
    output.tell(
      `awsh: with sso_cache = vault only awsh can use these profiles (awsh exec, the hook). Other programs need a profile with credential_process = awsh export --format process NAME`,
    );
  const readers = [...plan.add].filter(([, keys]) => keys.some(([key]) => key === 'read_only_profile'));
  if (readers.length > 0)
    output.tell(
      `awsh: read_only_profile is what awsh exec --read-only uses instead of ${some(readers.map(([name]) => name))}`,
    );
  if (gone.length > 0 && !prune) {
    output.tell(`awsh: profiles for roles that you no longer have: ${some(gone)}`);
    output.tell(`awsh: to remove them: awsh sso populate --prune ${operandWord(session)}`);
  }
  const left = renamed.filter((name) => !remove.has(name));
  if (left.length > 0)
    output.tell(
      `awsh: these profiles stay in the block, under another name for the same role: ${some(left)}`,
    );
  const away = new Set([...remove].filter((name) => !elsewhere.includes(name)));
  for (const { path, profile } of trustedFilesOf(context, away)) {
    const file = printablePath(path, context.paths.home);
    output.tell(`awsh: ${file} names the profile ${printable(profile)}, which is removed`);
  }
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 5).map(printable).join(', ');
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown;
}

/** Trusted directory files that name a removed profile. */
function trustedFilesOf(
  { paths, clock }: Context,
  removed: ReadonlySet<string>,
): { path: string; profile: string }[] {
  if (removed.size === 0) return [];
  return new TrustStore(paths.trust, clock).list().flatMap((record) => {
    const profile = record.decision === 'allow' ? record.identity.profile : null;
    return profile !== null && removed.has(profile) ? [{ path: record.path, profile }] : [];
  });
}

/** `Add 5 profiles to ~/.aws/config?`, `Add 1, change 2, remove 1 profile in ~/.aws/config?` */
export function changeQuestion({ add, set, remove }: PopulatePlan, file: string): string {
  const counts = [
    ['add', add.size] as const,
    ['change', set.size] as const,
    ['remove', remove.size] as const,
  ];
  const made = counts.filter(([, count]) => count > 0);
  const last = made.at(-1)?.[1];
  const words = made.map(([verb, count]) => `${verb} ${count}`).join(', ');
  const [first = '', ...rest] = words;
  const preposition = made.length > 1 || set.size > 0 ? 'in' : add.size > 0 ? 'to' : 'from';
  return `${first.toUpperCase()}${rest.join('')} ${last === 1 ? 'profile' : 'profiles'} ${preposition} ${file}?`;
}
