// `awsh sso login` for a profile with `login_session`: does what `aws login` does.
import { rmSync } from 'node:fs';
import { fetchAwaitedSessions } from '../agent/index.ts';
import type { Context } from '../cli/index.ts';
import { editAwsFile, editableConfig, editCommand, resolveProfile, setKey } from '../profiles/index.ts';
import { signInGrant } from '../record/index.ts';
import {
  type LoginKey,
  type LoginStep,
  loginCachePath,
  loginCommand,
  loginState,
  mostLoginBytes,
  type NewLogin,
  type Plan,
  planFor,
  reserveSignInFile,
} from '../sessions/index.ts';
import { clockTime, unloadedEnvironment } from '../shell/index.ts';
import { chooseFlow, signInByLogin } from '../sign-in/index.ts';
import {
  lstatIfThere,
  printable,
  RefusedError,
  shellCommand,
  UsageError,
  writeFileAtomic,
} from '../system/index.ts';
import { recordHere } from './record-here.ts';
import { browserOpener, requireUser, type SignInOptions } from './sign-in-options.ts';
import { ofLogin, signedInElsewhere, signInAlone } from './sso-flight.ts';

/**
 * Signs in and writes the file that the AWS CLI and all SDKs share. With `ifNeeded`, does nothing
 * if there is a valid sign-in.
 */
export async function signInProfile(
  context: Context,
  profile: string,
  options: SignInOptions,
  ifNeeded: boolean,
): Promise<void> {
  const { environment, paths, clock } = context;
  const { step, plan } = await loginPlan(context, profile);
  const facts = { surroundings: environment, state: paths.state, now: clock.now() };
  if (ifNeeded && loginState(step, facts).next === null) return;
  const command = loginCommand(step.profile);
  requireUser(context, `profile ${step.profile}`, command);
  const { signInFlow: preferred } = await context.settings();
  const chosen = chooseFlow({ name: step.profile }, { ...options, preferred }, environment);
  const open = browserOpener(context, options);
  const path = loginCachePath(step, environment);
  const place = reserveSignInFile(path, mostLoginBytes);
  const showsStatus = environment.TERM !== 'dumb';
  const services = { paths, clock, environment, open, port: options.port, showsStatus };
  const { target } = step;
  try {
    const login = { profile: step.profile, target, caBundle: plan.caBundle };
    let session = step.loginSession;
    await signInAlone(context, ofLogin(step, environment), async ({ isElsewhere }) => {
      const found = await signInByLogin(login, chosen, { ...services, isElsewhere }, command);
      if (found === null) {
        context.output.tell(signedInElsewhere);
        return;
      }
      session = found.session;
      if (session === step.loginSession) place.replace(found.text.reveal());
      else await changeSession(context, step, found, command);
      await recordHere(context, signInGrant(session));
    });
    await fetchAwaitedSessions(paths);
    const { until } = loginState({ ...step, loginSession: session }, facts);
    context.output.tell(
      `awsh: signed in as ${printable(session)} for profile ${printable(step.profile)}; keys until ${until === null ? '?' : clockTime(Date.parse(until) / 1000)}, renewed automatically`,
    );
  } finally {
    place.abandon();
  }
}

/**
 * Removes the file of a sign-in. AWS has no call to revoke it; keys that programs already have last
 * 15 minutes at most.
 */
export function signOutOfLogin({ environment, output }: Context, key: LoginKey): void {
  const path = loginCachePath(key, environment);
  const wasThere = lstatIfThere(path) !== undefined;
  rmSync(path, { force: true });
  const name = printable(key.profile);
  output.tell(
    wasThere
      ? `awsh: removed the sign-in of profile ${name} (${printable(key.loginSession)}); credentials that programs already have expire within 15 minutes`
      : `awsh: you were not signed in for profile ${name}`,
  );
}

/**
 * The sign-in at the beginning of the profile's chain. Throws UsageError (exit 2) if the profile
 * has other credentials, which take precedence.
 */
async function loginPlan(context: Context, profile: string): Promise<{ step: LoginStep; plan: Plan }> {
  const files = await context.awsFiles();
  const { properties } = resolveProfile(files, profile);
  const other = otherKeys.map((key) => [key, properties.get(key)] as const).find(([, it]) => it?.value);
  if (other?.[1] !== undefined) {
    throw new UsageError(
      `profile ${JSON.stringify(printable(profile))} has credentials of another kind`,
      `${other[0]} comes before login_session, so a sign-in would not be used; the AWS CLI refuses this, too`,
      editCommand(other[1].place),
    );
  }
  const keys = (await context.vault()).keys();
  const environment = unloadedEnvironment(context.environment);
  const plan = planFor({ files, profile, keys, environment });
  const [step] = plan.steps;
  if (step?.kind === 'login') return { step, plan };
  throw new UsageError(
    `profile ${JSON.stringify(printable(profile))} has credentials of another kind`,
    'its key in the vault comes before login_session, so a sign-in would not be used',
    shellCommand`awsh remove ${profile}`,
  );
}

/** Properties that `aws login` refuses as well. */
const otherKeys = [
  'web_identity_token_file',
  'sso_role_name',
  'sso_account_id',
  'aws_access_key_id',
  'role_arn',
  'credential_process',
];

/**
 * Another user signed in than the profile names. The profile is changed only if the user wants it.
 */
async function changeSession(
  context: Context,
  step: LoginStep,
  { session, text }: NewLogin,
  again: string,
): Promise<void> {
  const prompter = await context.prompter();
  const name = printable(step.profile);
  prompter.tell(
    `awsh: profile ${name} is set up for ${printable(step.loginSession)}, and you signed in as ${printable(session)}`,
  );
  if (!(await prompter.confirm(`Change it to ${printable(session)}?`, 'no'))) {
    throw new RefusedError(
      `profile ${name} was not changed`,
      `you signed in as ${printable(session)}: sign out in the browser first, or choose another browser profile`,
      again,
    );
  }
  const path = loginCachePath({ ...step, loginSession: session }, context.environment);
  writeFileAtomic(path, text.reveal());
  const section = { kind: 'profile', name: step.profile } as const;
  await editAwsFile(editableConfig(context.paths), (file) => setKey(file, section, 'login_session', session));
}
