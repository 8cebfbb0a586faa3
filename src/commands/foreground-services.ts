import {
  AgentFlights,
  AgentLink,
  hookSurroundings,
  keyHolderOf,
  launcherMs,
  leaveLoadGate,
  pathsInJob,
} from '../agent/index.ts';
import { type Context, wrapWords } from '../cli/index.ts';
import { TrustStore } from '../directory/index.ts';
import {
  type CredentialsRequest,
  type LoadServices,
  OpenBoxes,
  RecentFailures,
  type SupervisedAgent,
} from '../loading/index.ts';
import { readAwsFiles } from '../profiles/index.ts';
import { choosePrompter, mayAskBesideAgent, silentPrompter } from '../prompt/index.ts';
import { grantOf, recordGrant, refusedGrant } from '../record/index.ts';
import { credentialsFor, type Plan, planId } from '../sessions/index.ts';
import { readSettings, type Settings } from '../settings/index.ts';
import type { LoadRequest } from '../shell/index.ts';
import {
  appPaths,
  type Clock,
  type Credentials,
  codingAgent,
  NoCredentialsError,
  PersonNeededError,
  refuseWhileLocked,
} from '../system/index.ts';
import { openVault, type Vault, vaultSettings, withVaultSettings } from '../vault/index.ts';

/**
 * In milliseconds: the time that the hook has waited for the agent before it started this program.
 */
const hookMs = 250;
/**
 * In milliseconds: the time that a load may spend on calls, so that a directory change with a start
 * of Node takes 5 seconds at most.
 */
const promptMs = 3500;
/**
 * In milliseconds: the usual start of Node. If it took longer, on a busy machine, the calls have
 * less time.
 */
const nodeMs = 500;
const leastMs = 1000;

/**
 * The services of a load in the foreground. Paths are those that were fixed when the hook was
 * sourced. Only the settings file chooses the backend (security rule 4). Only a passphrase is read
 * from the environment.
 */
export async function foregroundServices(context: Context, request: LoadRequest): Promise<LoadServices> {
  const startedMs = performance.now();
  const { clock, output, environment } = context;
  const around = hookSurroundings(environment, request.environment);
  const paths = pathsInJob(appPaths(request.environment), environment);
  const settings = readSettings(paths.settings, paths.home);
  const silent = silentPrompter(
    request.renew
      ? 'awsh asks for nothing by itself when a session has to be renewed'
      : 'awsh asks for nothing at the first prompt of a shell, in a subshell, or in a completion',
  );
  const prompter =
    request.quiet || request.renew ? silent : choosePrompter(settings.prompt, { environment: around });
  const tell = (line: string) => {
    if (request.quiet) return;
    const [first = '', ...more] = wrapWords(line, Math.min(output.stderr.columns, 100) - 'awsh: '.length);
    output.tell([`awsh: ${first}`, ...more.map((rest) => `  ${rest}`)].join('\n'));
  };
  const { packageFolder } = context;
  const agent = AgentLink.open({ paths, environment, packageFolder }, settings.agent, hookMs);
  const waitedMs = launcherMs(environment);
  const flightOptions = {
    terminal: request.terminal,
    leases: paths.leases,
    byClock: request.renew,
    onQuestion: () => leaveLoadGate(paths),
    onWait: (terminal: string | null) =>
      tell(`waiting for ${terminal === null ? 'another command' : `an answer on ${terminal}`}; ^C stops it`),
  } as const;
  const whileAwaited = new AgentFlights(agent, { ...flightOptions, patience: 'refresh' });
  const flights =
    request.refresh && !request.quiet
      ? whileAwaited
      : new AgentFlights(agent, { ...flightOptions, patience: 'hook', since: -waitedMs });
  const caller = { directory: request.cwd, terminal: request.terminal, parent: null, command: null };
  const { filePassphrase, filePassphraseVariable } = vaultSettings(environment);
  const vault = openVault({
    paths,
    clock,
    environment: around,
    keyHolder: agent && keyHolderOf(agent, paths.leases),
    prompter,
    // Only the passphrase is read from the variables.
    settings: withVaultSettings({ filePassphrase, filePassphraseVariable }, settings),
    notify: tell,
  });
  const awsFiles = once(() => readAwsFiles(paths));
  return {
    clock,
    paths,
    settings,
    trust: new TrustStore(paths.trust, clock),
    awsFiles,
    keys: once(() => vault.keys()),
    credentials: obtain,
    granted(plan, credentials) {
      recordGrant({ paths, settings, clock }, grantOf('load', plan, credentials), caller);
    },
    refused: (refusal) => recordGrant({ paths, settings, clock }, refusedGrant('load', refusal), caller),
    codingAgent: agentAbove(settings.codingAgents),
    openBox: (who, box) => new OpenBoxes(paths).keep(who, box, Math.floor(clock.now() / 1000)),
    confirm: async (question) => (prompter.canAsk && mayAsk() ? prompter.confirm(question) : null),
    async askReason(question) {
      if (!prompter.canAsk || !mayAsk()) return null;
      const { askReason } = await import('./session-reason.ts');
      return askReason(prompter, question);
    },
  };

  function mayAsk(): boolean {
    const agent = settings.codingAgents === 'same' ? null : codingAgent({});
    return agent === null || mayAskBesideAgent(agent);
  }

  async function obtain(plan: Plan, how: CredentialsRequest): Promise<Credentials> {
    refuseWhileLocked(paths);
    if (how.cachedOnly) return cachedSession(plan, vault, clock);
    const failures = new RecentFailures(paths, clock);
    const id = planId(plan);
    const failure = how.refresh ? null : failures.find(id);
    // If a renewal failed, a session that is still good is given.
    if (failure !== null)
      return cachedSession(plan, vault, clock).catch(() => {
        throw failure;
      });
    const begun = performance.now();
    try {
      const credentials = await fetchCredentials(plan, how).catch(async (error: unknown) => {
        if (!(await hasSignedIn(plan, how, error))) throw error;
        // The user waits, and another terminal may be fetching the same session by now.
        return fetchCredentials(plan, how, promptMs, whileAwaited);
      });
      if (how.refresh) failures.forget(id);
      return credentials;
    } catch (error) {
      failures.note(id, error, performance.now() - begun);
      throw error;
    }
  }

  /** `awsh use` and `awsh refresh` offer to sign in. A load by the hook itself never does. */
  async function hasSignedIn(plan: Plan, how: CredentialsRequest, error: unknown): Promise<boolean> {
    const isTyped = (request.use || request.refresh) && !request.quiet && !request.renew && how.ask;
    const isMissing = error instanceof PersonNeededError && error.need === 'sign-in';
    if (!isTyped || !isMissing || !prompter.canAsk || agentAbove(settings.codingAgents) !== undefined)
      return false;
    const { offerSignIn } = await import('./offer-sign-in.ts');
    const own = {
      ...{ environment: around, paths },
      ...{ awsFiles: async () => awsFiles(), prompter: async () => prompter },
      ...{ settings: async () => settings, vault: async () => vault },
    };
    return offerSignIn({ ...context, ...own }, plan, error);
  }

  function fetchCredentials(
    plan: Plan,
    how: CredentialsRequest,
    withinMs = Math.max(leastMs, promptMs - waitedMs - Math.max(0, startedMs - nodeMs)),
    waiting = flights,
  ): Promise<Credentials> {
    return credentialsFor(plan, {
      vault,
      clock,
      prompter: how.ask ? prompter : silent,
      locks: paths.locks,
      refresh: how.refresh,
      needAccount: how.needAccount,
      flights: waiting,
      surroundings: around,
      runsCommands: how.ask,
      withinMs,
      // The user has asked for it and waits, so there is no time limit: a program may need a touch,
      // or a sign-in in a browser.
      commandMs: request.refresh || request.use ? undefined : withinMs,
      say: tell,
    });
  }
}

/**
 * The hook's environment was fixed when it was sourced, so only the parent processes show a coding
 * agent.
 */
function agentAbove(rule: Settings['codingAgents']): SupervisedAgent | undefined {
  const agent = rule === 'same' ? null : codingAgent({});
  return rule === 'same' || agent === null ? undefined : { name: agent.name, rule };
}

/** The session stored for the plan's last step, if it has not expired. */
async function cachedSession(plan: Plan, vault: Vault, clock: Clock): Promise<Credentials> {
  const id = plan.sessionIds.at(-1);
  const session = id ? await vault.session(id) : null;
  if (session?.expiration && session.expiration.getTime() > clock.now()) return session;
  throw new NoCredentialsError('no session is stored');
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
