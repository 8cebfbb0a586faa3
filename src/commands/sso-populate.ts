import { type CommandInput, type Context, lookOf } from '../cli/index.ts';
import {
  type AwsFiles,
  type AwsFileText,
  changeBlock,
  editAwsFile,
  editableConfig,
  findProfile,
  isRegion,
  readAwsFiles,
  readBlock,
  regionForm,
  resolveProfile,
} from '../profiles/index.ts';
import { renewableCommand, type SsoAccount, type SsoSession } from '../sessions/index.ts';
import {
  AwshError,
  CancelledError,
  operandWord,
  PersonNeededError,
  printable,
  printablePath,
  readChecked,
  refuseWhileLocked,
  shellWord,
  statIfThere,
  UsageError,
} from '../system/index.ts';
import { tellingHardLinks } from './hard-links.ts';
import { accountsOf } from './sso-accounts.ts';
import { namedSession } from './sso-named.ts';
import { globPattern, type PopulateOptions, type PopulatePlan, populatePlan } from './sso-populate-plan.ts';
import { changeQuestion, planText, tellRemarks } from './sso-populate-text.ts';
import { defaultTemplate, type NamedRole, namedRoles, requireTemplate } from './sso-profile-names.ts';

/** Lists the accounts of a session: all of them, or throws. */
export type AccountLister = (context: Context, session: SsoSession) => Promise<readonly SsoAccount[]>;

const listNow: AccountLister = async (context, session) =>
  (await accountsOf(context, session, true)).accounts;

/** `awsh sso populate [NAME]`: a profile for each role, in a block of the config file. */
export async function populate(context: Context, input: CommandInput, list = listNow): Promise<number> {
  refuseWhileLocked(context.paths);
  optionsOf(input);
  return populateSession(context, await namedSession(context, input, 'populate'), input, list);
}

/** The same for a session that is already known. */
export async function populateSession(
  context: Context,
  session: SsoSession,
  input: CommandInput,
  list = listNow,
): Promise<number> {
  const options = optionsOf(input);
  if (session.name === null) throw needsSection(session, await context.awsFiles());
  const run: PopulateRun = { context, session, name: session.name, options };
  // An incomplete block is reported before AWS is asked.
  readBlock(configText(context), marksOf(session.name));
  const accounts = await list(context, session);
  if (accounts.length === 0) {
    // Probably another user signed in, so the profiles of the block are not considered removed.
    context.output.tell(`awsh: you have no account in ${printable(session.name)}; nothing was changed`);
    return 0;
  }
  const taken = await takenNames(context);
  const make = (text: AwsFileText) => planFor(run, text, accounts, taken, input.argument('NAME'));
  const { plan } = make(configText(context));
  if (!plan.isMatched && options.only !== undefined) throw nothingMatches(options.only, session.name);
  await tellRemarks(context, run.name, plan, options.prune);
  if (isEmpty(plan)) {
    context.output.tell(`awsh: the profiles of ${printable(run.name)} are up to date`);
    return 0;
  }
  const shown = planText(plan, await lookOf(context.output.stdout));
  await context.output.print(shown);
  if (input.flag('diff')) return 0;
  if (!input.flag('yes')) await confirm(run, plan);
  await write(run, make, plan, input.flag('yes'));
  return 0;
}

interface PopulateRun {
  readonly context: Context;
  readonly session: SsoSession;
  readonly name: string;
  readonly options: ReturnType<typeof optionsOf>;
}

function optionsOf(input: CommandInput) {
  const [template, region, only] = [input.value('name'), input.value('region'), input.value('only')];
  if (template !== undefined) requireTemplate(template);
  if (region !== undefined && !isRegion(region)) {
    throw new UsageError(`--region is not a region: ${printable(region)}`, regionForm, 'awsh sso --help');
  }
  return { template, region, only, prune: input.flag('prune') };
}

/** The roles of these accounts, with the names in the session's block. */
export function rolesByBlock(
  context: Context,
  session: SsoSession,
  accounts: readonly SsoAccount[],
): NamedRole[] {
  const { note } = readBlock(configText(context), marksOf(session.name ?? ''));
  const template = note || defaultTemplate;
  requireTemplate(template);
  return namedRoles(accounts, session, template);
}

/** Writes the profile of this name into the session's block without asking. */
export async function writeRole(
  context: Context,
  session: SsoSession,
  accounts: readonly SsoAccount[],
  name: string,
): Promise<void> {
  const options = { template: undefined, region: undefined, only: name, prune: false };
  const run: PopulateRun = { context, session, name: session.name ?? '', options };
  const taken = await takenNames(context);
  const make = (text: AwsFileText) => planFor(run, text, accounts, taken, undefined);
  await write(run, make, make(configText(context)).plan, true);
}

/** The lines that begin and end a session's block. */
function marksOf(session: string) {
  return {
    begin: `# awsh sso ${session}: begin`,
    end: `# awsh sso ${session}: end`,
    note: '# names: ',
  };
}

function needsSection({ startUrl, region, profiles }: SsoSession, files: AwsFiles): UsageError {
  return new UsageError(
    `${printable(startUrl)} has no [sso-session], which generated profiles need`,
    'without one, a sign-in cannot be renewed',
    renewableCommand({ profile: profiles[0] ?? '', startUrl, region }, files),
  );
}

function nothingMatches(only: string, session: string): UsageError {
  return new UsageError(
    `no role matches --only ${printable(only)}`,
    'it must match a whole profile name, account number, role, or ACCOUNT/ROLE; * matches any text',
    `awsh sso accounts ${operandWord(session)}`,
  );
}

function configText({ paths }: Context): AwsFileText {
  const { path, kind } = editableConfig(paths);
  const bytes = statIfThere(path) === undefined ? '' : readChecked(path).toString('latin1');
  return { path, kind, bytes };
}

/** Keys in the credentials file and stored keys take precedence over a profile's sign-in. */
async function takenNames(context: Context): Promise<Set<string>> {
  // Only the credentials file.
  const { profiles } = readAwsFiles({ ...context.paths, awsConfig: '/dev/null/none' });
  const keys = (await context.vault()).keys();
  return new Set([...profiles.keys(), ...keys.map(({ profile }) => profile)]);
}

function planFor(
  { context, session, name, options }: PopulateRun,
  text: AwsFileText,
  accounts: readonly SsoAccount[],
  taken: ReadonlySet<string>,
  startedWith: string | undefined,
): { plan: PopulatePlan; edited: () => AwsFileText } {
  const marks = marksOf(name);
  const content = readBlock(text, marks);
  const template = options.template ?? (content.note || defaultTemplate);
  if (options.template === undefined) requireTemplate(template);
  const start = startOf(context, session, startedWith);
  const planOptions: PopulateOptions = {
    session: name,
    isNewTemplate: options.template !== undefined,
    region: options.region ?? null,
    defaultRegion: start.region ?? session.region,
    endpoints: start.endpoints,
    only: options.only === undefined ? null : globPattern(options.only),
    prune: options.prune,
  };
  const plan = populatePlan(namedRoles(accounts, session, template), content, taken, planOptions);
  const note = template === defaultTemplate ? '' : template;
  return { plan, edited: () => changeBlock(text, marks, { ...plan, note }) };
}

/**
 * The region and endpoints for the calls: from the named profile, or else from the session's first
 * profile with an endpoint.
 */
function startOf(
  { paths }: Context,
  { profiles }: SsoSession,
  startedWith: string | undefined,
): { region: string | undefined; endpoints: Map<string, string> } {
  const files = readAwsFiles(paths);
  const settingOf = (profile: string, key: string) =>
    resolveProfile(files, profile).properties.get(key)?.value || undefined;
  const named =
    startedWith !== undefined && profiles.includes(startedWith) && findProfile(files, startedWith) !== null
      ? [startedWith]
      : [];
  const keys = ['services', 'endpoint_url'] as const;
  const source = [...named, ...profiles].find((profile) => keys.some((key) => settingOf(profile, key)));
  const endpoints = keys.flatMap((key) => {
    const value = source === undefined ? undefined : settingOf(source, key);
    return value === undefined ? [] : [[key, value] as const];
  });
  const [first] = named;
  return { region: first && settingOf(first, 'region'), endpoints: new Map(endpoints) };
}

function isEmpty({ add, set, remove }: PopulatePlan): boolean {
  return add.size + set.size + remove.size === 0;
}

async function confirm({ context, name, options }: PopulateRun, plan: PopulatePlan): Promise<void> {
  const prompter = await context.prompter();
  const { awsConfig, home } = context.paths;
  const file = printablePath(awsConfig, home);
  if (!prompter.canAsk) {
    throw new PersonNeededError(
      `populate asks before it changes ${file}`,
      'there is no terminal',
      ['awsh sso populate', ...givenWords(options), '--yes', operandWord(name)].join(' '),
    );
  }
  if (!(await prompter.confirm(changeQuestion(plan, file)))) throw new CancelledError('nothing was changed');
}

/** The words of the command line, quoted for a shell. */
function givenWords({ template, region, only, prune }: PopulateRun['options']): string[] {
  const given = [['--name', template] as const, ['--region', region] as const, ['--only', only] as const];
  const words = given.flatMap(([option, value]) => (value === undefined ? [] : [option, shellWord(value)]));
  return prune ? [...words, '--prune'] : words;
}

/**
 * Another program may have changed the file since the changes were shown. Other changes than those
 * are made only if the user agreed to any (`agreesToAll`); none are left if that was another awsh.
 */
async function write(
  { context, name }: PopulateRun,
  make: (text: AwsFileText) => { plan: PopulatePlan; edited: () => AwsFileText },
  shown: PopulatePlan,
  agreesToAll: boolean,
): Promise<void> {
  const config = editableConfig(context.paths);
  let done = shown;
  await tellingHardLinks(context, config, () =>
    editAwsFile(config, (text) => {
      const { plan, edited } = make(text);
      const isDone = isEmpty(plan) && plan.elsewhere.length === shown.elsewhere.length;
      if (!agreesToAll && !isDone && !isSame(plan, shown)) throw changedMeanwhile(config.path);
      done = plan;
      return isEmpty(plan) ? text : edited();
    }),
  );
  await context.refreshNames();
  if (isEmpty(done)) {
    context.output.tell(`awsh: the profiles of ${printable(name)} are up to date`);
    return;
  }
  const counts = [
    [done.add.size, 'added'],
    [done.set.size, 'changed'],
    [done.remove.size, 'removed'],
  ].flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
  const { awsConfig, home } = context.paths;
  context.output.tell(`awsh: ${printablePath(awsConfig, home)}: profiles: ${counts.join(', ')}`);
}

function isSame(plan: PopulatePlan, other: PopulatePlan): boolean {
  const textOf = ({ add, set, remove }: PopulatePlan) => JSON.stringify([[...add], [...set], [...remove]]);
  return textOf(plan) === textOf(other);
}

function changedMeanwhile(path: string): AwshError {
  return new AwshError(
    'other',
    `${printable(path)} was changed by another program meanwhile`,
    'the changes that awsh showed no longer apply; nothing was changed',
    'try again',
  );
}
