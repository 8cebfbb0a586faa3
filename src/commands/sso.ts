import type { CommandInput, Context } from '../cli/index.ts';
import { UsageError } from '../system/index.ts';

const actions = {
  accounts: async () => (await import('./sso-accounts.ts')).accounts,
  add: async () => (await import('./sso-add.ts')).add,
  populate: async () => (await import('./sso-populate.ts')).populate,
  login: async () => (await import('./sso-login.ts')).login,
  logout: async () => (await import('./sso-logout.ts')).logout,
  status: async () => (await import('./sso-status.ts')).status,
} as const;

/** `awsh sso login | logout | status | accounts | add | populate`. */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const action = input.required('ACTION');
  if (!Object.hasOwn(actions, action)) throw new RangeError(`the command table has no action ${action}`);
  refuseOthersOptions(action, input);
  return (await actions[action as keyof typeof actions]())(context, input);
}

const optionsOf: Readonly<Record<string, readonly string[]>> = {
  login: ['device-code', 'browser-flow', 'browser', 'container', 'port', 'all', 'if-needed'],
  logout: ['all'],
  status: ['json'],
  accounts: ['json', 'fresh'],
  populate: ['name', 'region', 'only', 'diff', 'yes', 'prune'],
  add: ['start-url', 'sso-region', 'scopes'],
};

/** Refuses an option that has no meaning for this action. */
function refuseOthersOptions(action: string, input: CommandInput): void {
  const known = new Set(Object.values(optionsOf).flat());
  for (const name of known) {
    const isGiven = valued.has(name) ? input.value(name) !== undefined : input.flag(name);
    if (!isGiven || optionsOf[action]?.includes(name)) continue;
    throw new UsageError(
      `awsh sso ${action} has no option --${name}`,
      `it is an option of awsh sso ${Object.keys(optionsOf).find((other) => optionsOf[other]?.includes(name))}`,
      'awsh sso --help',
    );
  }
}

const valued = new Set([
  'browser',
  'container',
  'port',
  'start-url',
  'sso-region',
  'scopes',
  'name',
  'region',
  'only',
]);
