import type { CommandInput, Context } from '../cli/index.ts';
import {
  type AwsFiles,
  addSection,
  editAwsFile,
  editableConfig,
  editCommand,
  isRegion,
  isSdkName,
  readAwsFiles,
  regionForm,
  regionMeant,
  setKey,
} from '../profiles/index.ts';
import {
  findSsoSession,
  legacyProfiles,
  readSignIn,
  type SsoSession,
  sessionKey,
  signInPath,
} from '../sessions/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import { resolvedStartUrl, signInCommand } from '../sign-in/index.ts';
import {
  operandWord,
  printable,
  printablePath,
  profileOption,
  refuseWhileLocked,
  shellWord,
  UsageError,
} from '../system/index.ts';
import { tellingHardLinks } from './hard-links.ts';
import { canSignInHere } from './offer-sign-in.ts';
import { signInHere } from './sso-login.ts';
import { populateSession } from './sso-populate.ts';

/** AWS's default (AWS CLI User Guide, "sso_registration_scopes"). */
const defaultScopes = 'sso:account:access';

/** `awsh sso add NAME`: writes an [sso-session], and offers to sign in to it. */
export async function add(context: Context, input: CommandInput): Promise<number> {
  refuseWhileLocked(context.paths);
  const wanted = wantedSession(input);
  const files = await context.awsFiles();
  const environment = unloadedEnvironment(context.environment);
  if (!isThere(wanted, files)) {
    await resolvedStartUrl(wanted.startUrl, { surroundings: context.environment });
    await write(context, wanted);
  } else context.output.tell(`awsh: [sso-session ${wanted.name}] is in the config file already`);
  await offerToLegacyProfiles(context, wanted);
  const session = findSsoSession(wanted.name, readAwsFiles(context.paths), environment);
  return offerNext(context, input, session);
}

interface WantedSession {
  readonly name: string;
  readonly startUrl: string;
  readonly region: string;
  /** Null for AWS's default. */
  readonly scopes: string | null;
}

/** What is wrong with a session's region, for an answer or an option; null if nothing is. */
export function ssoRegionFault(region: string): string | null {
  if (!isRegion(region)) return `${regionForm}; it is the one in which your organisation has Identity Center`;
  const meant = regionMeant(region);
  return meant === null ? null : `did you mean ${meant}?`;
}

function wantedSession(input: CommandInput): WantedSession {
  const name = input.argument('NAME');
  const [startUrl, region] = [input.value('start-url'), input.value('sso-region')];
  if (name === undefined || startUrl === undefined || region === undefined) {
    const missing = [
      ...(name === undefined ? ['a name for the session'] : []),
      ...(startUrl === undefined ? ['--start-url'] : []),
      ...(region === undefined ? ['--sso-region'] : []),
    ];
    throw new UsageError(
      `a new sso-session needs ${missing.join(' and ')}`,
      'as in: awsh sso add corp --start-url https://corp.awsapps.com/start --sso-region eu-west-1',
      'awsh sso --help',
    );
  }
  if (!isSdkName(name)) {
    throw new UsageError(
      `${JSON.stringify(printable(name))} cannot be the name of an sso-session`,
      'a name that every SDK reads is made of letters, digits and _ - . / % @ : +',
      'awsh sso --help',
    );
  }
  const fault = ssoRegionFault(region);
  if (fault !== null)
    throw new UsageError(`--sso-region is not a region: ${printable(region)}`, fault, 'awsh sso --help');
  return { name, startUrl, region, scopes: scopesOf(input.value('scopes')) };
}

function scopesOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  const scopes = text.split(',').map((scope) => scope.trim());
  if (scopes.every((scope) => /^[A-Za-z0-9_:./*-]{1,128}$/.test(scope))) return scopes.join(', ');
  throw new UsageError(
    `--scopes is not a list of scopes: ${printable(text)}`,
    `scopes are separated by commas; the default is ${defaultScopes}`,
    'awsh sso --help',
  );
}

/**
 * True if the config file already has this session. Throws UsageError if it has another one of this
 * name.
 */
function isThere({ name, startUrl, region, scopes }: WantedSession, { ssoSessions }: AwsFiles): boolean {
  const section = ssoSessions.get(name);
  if (section === undefined) return false;
  const value = (key: string) => section.properties.get(key)?.value;
  const hasScopes = scopes === null || scopes === scopesOf(value('sso_registration_scopes') ?? defaultScopes);
  if (value('sso_start_url') === startUrl && value('sso_region') === region && hasScopes) return true;
  const { file, line } = section.place;
  throw new UsageError(
    `there is another [sso-session ${name}] in the config file`,
    `${printable(file)}:${line} has another start URL, region, or scopes; nothing was changed`,
    editCommand(section.place),
  );
}

async function write(context: Context, { name, startUrl, region, scopes }: WantedSession): Promise<void> {
  const config = editableConfig(context.paths);
  const keys = {
    sso_start_url: startUrl,
    sso_region: region,
    sso_registration_scopes: scopes ?? defaultScopes,
  };
  await tellingHardLinks(context, config, () =>
    editAwsFile(config, (text) => addSection(text, { kind: 'sso-session', name }, Object.entries(keys))),
  );
  const { awsConfig, home } = context.paths;
  context.output.tell(`awsh: added [sso-session ${name}] to ${printablePath(awsConfig, home)}`);
}

/**
 * Offers to add the session to profiles with the same start URL and no session, because those could
 * not be renewed.
 */
async function offerToLegacyProfiles(
  context: Context,
  { name, startUrl, region }: WantedSession,
): Promise<void> {
  const legacy = legacyProfiles({ startUrl, region }, readAwsFiles(context.paths));
  if (legacy.length === 0) return;
  const { output, paths } = context;
  const shown = legacy.map(printable).join(', ');
  output.tell(`awsh: no sso_session, so that their sign-in cannot be renewed: ${shown}`);
  const prompter = await context.prompter();
  const isWanted =
    (await canSignInHere(context)) &&
    (await prompter.confirm(
      `Set sso_session = ${name} in ${legacy.length === 1 ? 'this profile' : 'these profiles'}?`,
      'yes',
    ));
  if (!isWanted) {
    for (const profile of legacy)
      output.tell(
        `awsh: to use the session: aws configure set sso_session ${shellWord(name)} ${profileOption(profile)}`,
      );
    return;
  }
  const config = editableConfig(paths);
  await tellingHardLinks(context, config, () =>
    editAwsFile(config, (text) =>
      legacy.reduce(
        (file, profile) => setKey(file, { kind: 'profile', name: profile }, 'sso_session', name),
        text,
      ),
    ),
  );
  output.tell(`awsh: set sso_session = ${name} in ${shown}`);
}

/** At a terminal, offers the next step at once; otherwise names the next command. */
async function offerNext(context: Context, input: CommandInput, session: SsoSession): Promise<number> {
  const { environment, output } = context;
  const isSignedIn = () => readSignIn(signInPath(sessionKey(session), environment)) !== null;
  if (await canSignInHere(context)) {
    const prompter = await context.prompter();
    const question = `Sign in to ${sessionKey(session)} now?`;
    if (!isSignedIn() && (await prompter.confirm(question, 'yes'))) await signInHere(context, session);
    if (isSignedIn() && (await prompter.confirm('Make profiles for your accounts and roles now?', 'yes')))
      return populateSession(context, session, input);
  }
  if (!isSignedIn()) output.tell(`awsh: to sign in: ${signInCommand(session)}`);
  output.tell(`awsh: to make profiles: awsh sso populate ${operandWord(sessionKey(session))}`);
  return 0;
}
