import { type Look, labelled, proseRoom, wrapWords } from '../cli/index.ts';
import {
  adviceOf,
  exactDuration,
  exitStatus,
  formatAge,
  formatDuration,
  printable,
  withHomeShort,
} from '../system/index.ts';
import type { ExplainedPlan, ExplainedStep, ExplainedStop } from './plan-explained.ts';
import { signInText } from './sign-in-words.ts';

/** How lines are laid out. Paths below the home begin with `~`. */
interface Page {
  readonly look: Look;
  readonly home: string;
}

/**
 * A plan as text: the steps in order, each with what signs it, MFA, duration, reason, and what is
 * cached.
 */
export function planText(plan: ExplainedPlan, now: number, page: Page): string {
  const chain = plan.chain.length > 1 ? ` (through ${plan.chain.slice(1).join(', ')})` : '';
  const rows = (facts: readonly Fact[]) => factLines(facts, '', page);
  const lines = [
    ...wrapWords(printable(`${plan.profile}${chain}`), proseRoom(page.look)),
    ...plan.steps.flatMap((step) => ['', ...stepLines(step, plan, now, page)]),
    '',
    ...rows([
      ['access', plan.access],
      ['now', nowText(plan)],
      ...plan.missing.filter(isNeed).flatMap(({ why, next }): Fact[] => {
        const { reason, command } = adviceOf(why, next);
        return [
          ['missing', reason],
          ['next', command],
        ];
      }),
      [
        'region',
        plan.region ??
          'none: programs that need a region stop; set it with --region, AWS_REGION or region in the profile',
      ],
      ['endpoint', plan.endpointUrl],
      ...Object.entries(plan.variables).map(([name, value]): Fact => ['sets', `${name}=${value}`]),
      ...plan.notes.map((note): Fact => ['note', note]),
    ]),
    ...plan.chain.flatMap((profile) => keyLines(profile, plan, page)),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** What the user can provide. A fault of the settings is the command's own error instead. */
export const isNeed = (stop: ExplainedStop) => stop.exitStatus !== exitStatus.usage;

/**
 * Where each key comes from, which is the first question if a profile has an unexpected identity.
 */
function keyLines(profile: string, { keys }: ExplainedPlan, { look, home }: Page): string[] {
  const own = keys.filter((it) => it.profile === profile);
  if (own.length === 0) return [];
  const widest = Math.max(...own.map(({ key }) => key.length));
  return [
    '',
    ...wrapWords(printable(`the settings of profile ${profile}, and where each is set`), proseRoom(look)),
    ...own.flatMap(({ key, from, by }) => {
      const place = withHomeShort(by === null ? from : `${from}, by ${printable(by)}`, home);
      return labelled(`${stepIndent}${key}`, place, widest + 5, look);
    }),
  ];
}

/** A null text is omitted. */
type Fact = readonly [label: string, text: string | null];

const stepIndent = '   ';
const labelColumns = 10;

function stepLines(step: ExplainedStep, plan: ExplainedPlan, now: number, page: Page): string[] {
  const words = wrapWords(printable(headline(step)), proseRoom(page.look) - stepIndent.length);
  const head = words.map((line, at) => (at === 0 ? `${step.step}. ` : stepIndent) + page.look.bold(line));
  const facts: Fact[] = [
    ['reads', step.reads],
    ['runs', step.runs],
    ['at', step.at],
    ['signed by', signer(step, plan)],
    ['MFA', mfaText(step, plan)],
    ['only', step.onlyWhat === undefined ? null : step.onlyWhat.join(' or ')],
    ['session', step.sessionName ?? null],
    ['lasts', lifeText(step)],
    ['cached', cacheText(step, now)],
    ['ends', endText(step, now)],
    ['sign-in', step.signIn === undefined ? null : signInText(step.signIn, now)],
  ];
  return [...head, ...factLines(facts, stepIndent, page)];
}

function factLines(facts: readonly Fact[], indent: string, { look, home }: Page): string[] {
  return facts.flatMap(([label, text]) =>
    text === null
      ? []
      : labelled(indent + label, shown(label, printable(text), home), indent.length + labelColumns, look),
  );
}

/** A command and the value of a variable are shown as they are. */
function shown(label: string, text: string, home: string): string {
  return ['runs', 'next', 'sets'].includes(label) ? text : withHomeShort(text, home);
}

const deeds: Readonly<Record<ExplainedStep['does'], (step: ExplainedStep) => string>> = {
  'stored-keys': ({ profile, key }) => `the access key ****${key} of profile ${profile}, from the vault`,
  'static-keys': ({ profile, key }) => `the access key ****${key} of profile ${profile}, in plain text`,
  'environment-keys': ({ key }) => `the access key ****${key} of the environment`,
  container: ({ profile }) => `the credentials of this container, for profile ${profile}`,
  instance: ({ profile }) => `the role of this machine, for profile ${profile}`,
  login: ({ profile }) => `the sign-in of aws login for profile ${profile}`,
  process: ({ profile }) => `the credential_process of profile ${profile}`,
  GetSessionToken: ({ profile }) => `GetSessionToken for profile ${profile}`,
  GetFederationToken: ({ profile }) => `GetFederationToken for profile ${profile}`,
  AssumeRole: ({ profile, role }) => `AssumeRole ${role} for profile ${profile}`,
  AssumeRoleWithWebIdentity: ({ profile, role }) =>
    `AssumeRoleWithWebIdentity ${role} for profile ${profile}`,
  GetRoleCredentials: ({ profile, role }) => `GetRoleCredentials ${role} for profile ${profile}`,
};

function headline(step: ExplainedStep): string {
  return deeds[step.does](step);
}

const unsigned: Partial<Record<ExplainedStep['does'], string>> = {
  AssumeRoleWithWebIdentity: 'no key: the web identity token is sent instead',
  GetRoleCredentials: 'no key: the sign-in token is sent instead',
};

function signer({ does, signedBy }: ExplainedStep, { steps }: ExplainedPlan): string | null {
  if (signedBy === null) return unsigned[does] ?? null;
  const source = steps[signedBy - 1];
  const what = source?.seconds !== null || source?.does === 'GetRoleCredentials' ? 'session' : 'key';
  return `the ${source?.does === 'process' ? 'result' : what} of step ${signedBy}`;
}

function mfaText({ mfa, signedBy }: ExplainedStep, { steps }: ExplainedPlan): string | null {
  if (mfa !== null) {
    return `${mfa.serial}, ${mfa.by === 'person' ? 'you are asked for its code' : 'its code by mfa_process'}`;
  }
  const source = signedBy === null ? undefined : steps[signedBy - 1];
  return source?.mfa ? `carried by the session of step ${signedBy}` : signedBy === null ? null : 'none';
}

function lifeText({ seconds, secondsFrom, capped }: ExplainedStep): string | null {
  if (seconds === null) return null;
  const life = `${exactDuration(seconds)} (${secondsFrom})`;
  return capped === null
    ? life
    : `${life}; ${exactDuration(capped.askedSeconds)} was asked for, but ${capped.why}`;
}

function cacheText({ cachedUntil, seconds, does }: ExplainedStep, now: number): string | null {
  if (cachedUntil !== null) {
    return `until ${cachedUntil} (${formatDuration((Date.parse(cachedUntil) - now) / 1000)} left)`;
  }
  return seconds !== null || does === 'process' || does === 'GetRoleCredentials' ? 'no' : null;
}

/** The expiry of session keys that another program keeps in an AWS file. */
function endText({ ends }: ExplainedStep, now: number): string | null {
  if (ends === undefined) return null;
  const seconds = (Date.parse(ends) - now) / 1000;
  return seconds > 0
    ? `in ${formatDuration(seconds)} (${ends})`
    : `ended ${formatAge(-seconds)} ago (${ends})`;
}

function nowText(plan: ExplainedPlan): string {
  const text = callsText(plan);
  return plan.needsReason ? `asks for a reason (each reason has its own session), ${text}` : text;
}

function callsText({ now, steps, needsReason }: ExplainedPlan): string {
  const made = steps.filter(({ step }) => now.includes(step));
  const calls = made.filter(({ seconds, does }) => seconds !== null || does === 'GetRoleCredentials').length;
  const codes = made.filter(({ mfa }) => mfa?.by === 'person').length;
  if (made.length === 0) return 'makes no call: the session is cached';
  const commands = made.filter(({ runs }) => runs !== null).length;
  return [
    calls === 0 ? 'makes no call to AWS' : `makes ${numberOf(calls, 'call')} to AWS`,
    ...(commands === 0 ? [] : [`runs ${numberOf(commands, 'command')} of yours`]),
    codes === 0
      ? needsReason
        ? 'asks for no MFA code'
        : 'asks for nothing'
      : `asks for ${numberOf(codes, 'MFA code')}`,
  ].join(', ');
}

/** `one call`, `2 calls`. */
function numberOf(count: number, what: string): string {
  return count === 1 ? `one ${what}` : `${count} ${what}s`;
}
