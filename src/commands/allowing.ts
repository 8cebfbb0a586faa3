import { type Context, labelled, lookOf, plainLook } from '../cli/index.ts';
import { directoryNarrowing } from '../loading/index.ts';
import { identityOf, type PlanIdentity, type PlanOptions, planFor } from '../sessions/index.ts';
import { isProtected } from '../settings/index.ts';
import { AwshError, CancelledError, printable, shellCommand } from '../system/index.ts';

/** What a directory file asks for, either read or still to be written. */
export interface Wanted {
  readonly profile: string;
  readonly region: string | null;
  readonly account: string | null;
  readonly readOnly?: boolean;
  readonly policyArns?: readonly string[];
}

/**
 * Shows the identity that the profile gives and the commands that its plan would run, and returns
 * exactly the identity that was shown, for the caller to record. Asks on the terminal only if the
 * plan would run a command or the profile is protected (security rule 2). Throws what planning
 * throws, PersonNeededError, and CancelledError if the answer is no.
 */
export async function shownIdentity(context: Context, wanted: Wanted): Promise<PlanIdentity> {
  const [files, vault] = [await context.awsFiles(), await context.vault()];
  const plan = planFor({
    files,
    profile: wanted.profile,
    keys: vault.keys(),
    // As when the hook loads it: the environment is ignored.
    environment: {},
    directoryRegion: wanted.region,
    options: narrowingOf(wanted),
  });
  const identity = identityOf(plan, files);
  const { profile, account, role } = identity;
  if (wanted.account !== null && account !== null && account !== wanted.account)
    throw otherAccount(wanted, account);
  const settings = await context.settings();
  const isGuarded = [profile, wanted.profile].some((name) =>
    isProtected(settings, { profile: name, account, roleArn: role }),
  );
  const { room } = await lookOf(context.output.stderr);
  const lines = identityRows(identity, wanted, plan.region, isGuarded).flatMap(([label, value]) =>
    value === null ? [] : labelled(`  ${label}`, printable(value), 11, { ...plainLook, room }),
  );
  if (isGuarded || identity.commands.length > 0) await confirm(context, lines);
  else for (const line of lines) context.output.tell(line);
  return identity;
}

function narrowingOf({ readOnly = false, policyArns = [] }: Wanted): PlanOptions {
  const narrowing = directoryNarrowing({ readOnly, policyArns });
  return narrowing === undefined ? {} : { narrowing };
}

function accessOf({ readOnly, policyArns = [] }: Wanted): string | null {
  if (readOnly) return 'read-only';
  return policyArns.length === 0 ? null : `only what ${policyArns.join(' or ')} allows`;
}

/** The error for an account that differs: the credentials would be refused at every load. */
function otherAccount({ profile, account }: Wanted, actual: string): AwshError {
  return new AwshError(
    'other',
    `nothing was allowed: the .awsprofile asks for account ${printable(account ?? '')}`,
    `profile ${printable(profile)} is in account ${printable(actual)}; correct the .awsprofile, or the profile`,
    shellCommand`awsh explain ${profile}`,
  );
}

/**
 * The text is shown on the terminal where the question is asked, because stderr may be redirected.
 */
async function confirm(context: Context, lines: readonly string[]): Promise<void> {
  const prompter = await context.prompter();
  for (const line of lines) prompter.tell(line);
  if (!(await prompter.confirm('allow it'))) throw new CancelledError('nothing was allowed');
}

function identityRows(
  identity: PlanIdentity,
  wanted: Wanted,
  region: string | null,
  isGuarded: boolean,
): [label: string, value: string | null][] {
  return [
    [
      'profile',
      isGuarded
        ? `${identity.profile} (protected: awsh asks each time before a directory loads it)`
        : identity.profile,
    ],
    ['account', wanted.account ? `${wanted.account} (the .awsprofile accepts no other)` : identity.account],
    ['role', identity.role ?? 'none, only its keys'],
    ['source', identity.source === identity.profile ? null : `profile ${identity.source}`],
    ['region', region],
    ['access', accessOf(wanted)],
    ...identity.endpoints.map((endpoint): [string, string] => ['endpoint', endpoint]),
    ...identity.commands.map((command): [string, string] => ['runs', command]),
  ];
}
