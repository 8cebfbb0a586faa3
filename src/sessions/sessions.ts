import { join } from 'node:path';
import { type Credentials, printable, withLock } from '../system/index.ts';
import { assumeRole } from './assume-role.ts';
import { callerIdentity } from './caller-identity.ts';
import { refuseCircle } from './command-guard.ts';
import { DoneWithout } from './done-without.ts';
import { getSessionToken, type StepResult } from './get-session-token.ts';
import { MfaCodes } from './mfa-code.ts';
import { missingBundle } from './missing-bundle.ts';
import { narrowedKey } from './narrowed-key.ts';
import { commandsOf } from './plan-identity.ts';
import {
  type CallStep,
  isCallStep,
  isSessionStep,
  isTemporary,
  type Plan,
  type SessionStep,
  type Step,
  sessionKind,
} from './plan-steps.ts';
import { RunTime } from './run-time.ts';
import type { WantedSession } from './session-flights.ts';
import type { SessionRun } from './session-run.ts';
import { keysOf, sessionOf } from './sources/source-credentials.ts';
import type { SourceRun } from './sources/source-run.ts';
import { traceCall, traceKey, tracePlan, traceStep } from './step-trace.ts';
import { describeSkew, explainFailure, isDeadSession, isWrongCode } from './sts-errors.ts';

/**
 * The plan's credentials: from the session cache if possible, else made step by step after the last
 * cached step. Asks for a code if a step needs one, but never while it holds a lock. Throws
 * AwshErrors: exits 4 to 10 and 130.
 */
export async function credentialsFor(plan: Plan, run: SessionRun): Promise<Credentials> {
  const missing = missingBundle(plan, run.surroundings ?? {});
  if (missing !== null) throw missing;
  return new PlanRun(plan, run).credentials();
}

/** Why a cached session is not used: it was refused, or the caller wants a new one. */
type Freshness = 'cached' | 'renewed';

class PlanRun {
  readonly #codes: MfaCodes;
  readonly #source: SourceRun;
  #toldSkew = false;
  readonly #doneWithout = new DoneWithout();
  readonly #time: RunTime;

  constructor(
    private readonly plan: Plan,
    private readonly run: SessionRun,
  ) {
    const { clock, prompter, surroundings = {}, say = () => {} } = run;
    this.#time = new RunTime(run.withinMs);
    const connection = this.#time.bound({
      surroundings,
      caBundle: plan.caBundle,
      caBundlePlace: plan.caBundlePlace,
      ...run.connection,
    });
    // Determined only when needed: checking for a terminal takes as long as finding a cached
    // session.
    const use = () => (run.runsCommands === false ? 'never' : prompter.canAsk ? 'attended' : 'alone');
    this.#source = {
      clock,
      locks: run.locks,
      surroundings,
      connection,
      promptMs: run.commandMs,
      sealingKey: () => run.vault.sealingKey(),
      get commands() {
        return use();
      },
    };
    const codes = { prompter, clock, surroundings, given: run.mfaToken, say, promptMs: run.commandMs };
    this.#codes = new MfaCodes({
      ...codes,
      get commands() {
        return use();
      },
    });
  }

  async credentials(): Promise<Credentials> {
    refuseCircle(this.plan, this.#source.surroundings);
    this.run.trace?.(tracePlan(this.plan));
    const last = this.plan.steps.length - 1;
    const credentials = await this.#obtain(last, this.run.refresh ? 'renewed' : 'cached');
    const isComplete = !this.run.needAccount || credentials.accountId !== null;
    const complete = isComplete ? credentials : await this.#withAccount(last, credentials);
    this.#doneWithout.tell(this.run.say);
    return complete;
  }

  async #obtain(index: number, freshness: Freshness): Promise<Credentials> {
    const { step, id } = this.#at(index);
    if (!isSessionStep(step) || id === null) return this.#keys(step);
    const wanted = this.#wanted(step, id, freshness);
    const shared = await this.run.flights?.take(wanted);
    if (shared?.expiration && this.#isFresh(shared.expiration, step))
      return this.#traced(step, 'from the agent', shared);
    try {
      const cached = freshness === 'cached' ? await this.#cached(step, id) : null;
      const session = cached ?? (await this.#renew(index, step, wanted));
      // Keys without an expiry are not cached, so there is nothing to share.
      if (session.expiration === null) await this.run.flights?.failed(wanted, null);
      else await this.run.flights?.kept(wanted, session);
      return session;
    } catch (error) {
      await this.run.flights?.failed(wanted, error);
      throw error;
    }
  }

  #wanted({ profile }: SessionStep, id: string, freshness: Freshness): WantedSession {
    return { id, profile, minTtlSeconds: this.#minTtlSeconds, renew: freshness === 'renewed' };
  }

  #at(index: number): { step: Step; id: string | null } {
    const step = this.plan.steps[index];
    if (step === undefined) throw new Error(`a plan of ${this.plan.steps.length} steps has no step ${index}`);
    return { step, id: this.plan.sessionIds[index] ?? null };
  }

  async #keys(step: Step): Promise<Credentials> {
    if (this.plan.steps.length === 1) this.#sayNotes();
    if (isSessionStep(step)) throw new Error('a session step has an id');
    return this.#traced(step, 'read', await keysOf(step, this.plan, this.#source, this.run.vault));
  }

  /**
   * The cached session, or null. The index is checked first, so that the vault is not opened for a
   * missing or old one.
   */
  async #cached(step: SessionStep, id: string): Promise<Credentials | null> {
    const record = this.run.vault.sessions().find((session) => session.id === id);
    if (record === undefined || !this.#isFresh(record.expires, step)) return null;
    const session = await this.#stored(id);
    if (!session?.expiration || !this.#isFresh(session.expiration, step)) return null;
    return this.#traced(step, 'from the cache', session);
  }

  async #stored(id: string): Promise<Credentials | null> {
    return this.run.vault.session(id).catch((error) => {
      this.#doneWithout.storing(error);
      return null;
    });
  }

  /** A session that ends later than possible was stored while this machine's clock was wrong. */
  #isFresh(expires: Date, step: SessionStep): boolean {
    const left = (expires.getTime() - this.run.clock.now()) / 1000;
    return left >= this.#minTtlSeconds && left <= longestSeconds(step) + 60;
  }

  get #minTtlSeconds(): number {
    return this.run.minTtlSeconds ?? this.plan.minTtlSeconds;
  }

  async #renew(index: number, step: SessionStep, wanted: WantedSession): Promise<Credentials> {
    const isAsked = isCallStep(step) && this.#codes.asks(step) !== null;
    const isElsewhere = isAsked && (await this.run.flights?.isAskedElsewhere(wanted)) === true;
    if (isCallStep(step) && !isElsewhere) this.#codes.requireSomebody(step);
    const replaced = (await this.#stored(wanted.id))?.accessKeyId;
    if (isCallStep(step)) {
      const shared = isAsked ? await this.#takeQuestion(step, wanted, replaced) : null;
      return shared ?? this.#renewSigned(index, step, wanted.id, replaced);
    }
    this.run.trace?.(traceStep(step, traceCall(step, null)));
    return this.#fetch(step, wanted.id, replaced, () => sessionOf(step, this.#source)).catch((error) => {
      throw explainFailure(error, { step, signer: 'the web identity token', mfaSent: false });
    });
  }

  async #renewSigned(
    index: number,
    step: CallStep,
    id: string,
    replaced: string | undefined,
  ): Promise<Credentials> {
    let signer = await this.#obtain(index - 1, 'cached');
    for (let renewedSigner = false; ; ) {
      const code = step.mfaSerial === null ? null : await this.#codes.next(step);
      const call = () => this.#call(step, signer, code);
      try {
        return await this.#fetch(step, id, replaced, call);
      } catch (error) {
        const isRenewable = isSessionStep(this.#at(index - 1).step) && !renewedSigner;
        if (isWrongCode(error) && this.#codes.tryAgain(step)) continue;
        if (!isDeadSession(error) || !isRenewable) {
          throw explainFailure(error, { step, ...this.#signer(index - 1, signer), mfaSent: code !== null });
        }
        renewedSigner = true;
        signer = await this.#obtain(index - 1, 'renewed');
      }
    }
  }

  /** The session from another command that asked for its code; null if this one must ask. */
  async #takeQuestion(step: CallStep, wanted: WantedSession, replaced?: string): Promise<Credentials | null> {
    const findMade = async () => {
      const made = await this.#cached(step, wanted.id);
      return made?.accessKeyId === replaced ? null : made;
    };
    const onUnavailable = (reason: unknown) => this.#doneWithout.locking(reason);
    const question = { byUser: this.#codes.asks(step) === 'user', findMade, onUnavailable };
    const shared = (await this.run.flights?.asking(wanted, question)) ?? null;
    if (shared === null) this.#codes.requireSomebody(step);
    return shared;
  }

  async #fetch(
    step: SessionStep,
    id: string,
    replaced: string | undefined,
    make: () => Promise<StepResult>,
  ): Promise<Credentials> {
    // If the keys are elsewhere, the vault has not been opened yet, and opening it may ask for a
    // passphrase.
    const storesUnderLock = this.plan.steps[0]?.kind === 'stored-keys';
    const { credentials, isNew } = await this.#alone(step, id, async () => {
      const meanwhile = await this.#cached(step, id);
      if (meanwhile !== null && meanwhile.accessKeyId !== replaced)
        return { credentials: meanwhile, isNew: false };
      const made = this.#traced(step, 'new', this.#tell(step, await make()));
      if (storesUnderLock) await this.#store(step, id, made);
      return { credentials: made, isNew: !storesUnderLock };
    });
    return isNew ? this.#store(step, id, credentials) : credentials;
  }

  #call(step: CallStep, signer: Credentials, code: string | null): Promise<StepResult> {
    const { connection } = this.#source;
    this.run.trace?.(traceStep(step, traceCall(step, code)));
    if (step.kind === 'GetSessionToken') return getSessionToken(step, signer, code, connection);
    if (step.kind === 'GetFederationToken') return narrowedKey(step, signer, connection);
    return assumeRole(step, signer, code, connection);
  }

  /** What the user should know about a session that was just made. */
  #tell(step: SessionStep, { credentials, clockSkewMs }: StepResult): Credentials {
    if (Math.abs(clockSkewMs) > 60_000 && !this.#toldSkew) {
      this.#toldSkew = true;
      this.run.say?.(describeSkew(clockSkewMs));
    }
    if (step === this.plan.steps.at(-1)) this.#sayNotes();
    return credentials;
  }

  async #store(step: SessionStep, id: string, credentials: Credentials): Promise<Credentials> {
    const { expiration, sessionToken, accountId } = credentials;
    // A program may give keys without an expiry, or long-term keys: it stores those itself.
    if (expiration === null || sessionToken === null) return credentials;
    const record = {
      id,
      profile: step.profile,
      kind: sessionKind(step),
      expires: expiration,
      accountId,
      roleArn: 'roleArn' in step ? step.roleArn : null,
    };
    await this.run.vault.storeSession(record, credentials).catch((error) => this.#doneWithout.storing(error));
    return credentials;
  }

  async #withAccount(last: number, credentials: Credentials): Promise<Credentials> {
    const { step, id } = this.#at(last);
    const known = await callerIdentity(credentials, this.plan.target, this.#source.connection);
    const complete = { ...credentials, ...known };
    if (!isSessionStep(step) || id === null) return complete;
    await this.run.flights?.kept(this.#wanted(step, id, 'cached'), complete);
    return this.#store(step, id, complete);
  }

  /**
   * Only one process at a time makes a session. A call takes 5 seconds at most, storing it a little
   * more, and a program a minute.
   */
  async #alone<T>(step: SessionStep, id: string, work: () => Promise<T>): Promise<T> {
    const onWait = () => this.run.say?.('another awsh is fetching this session, waiting for it');
    const runs = !isCallStep(step) && commandsOf(step).length > 0;
    const limits = runs
      ? { timeoutMs: 70_000, staleMs: 90_000 }
      : { timeoutMs: Math.min(30_000, this.#time.leftMs), staleMs: 60_000 };
    const onUnavailable = (reason: unknown) => this.#doneWithout.locking(reason);
    const alone = () =>
      withLock(join(this.run.locks, `${id}.lock`), { ...limits, onWait, onUnavailable }, work);
    return runs ? alone() : this.#time.spend(alone);
  }

  #signer(index: number, { accessKeyId }: Credentials): { signer: string; source: Step } {
    const { step } = this.#at(index);
    const kind = isTemporary(step) ? 'session' : 'access key';
    const signer = `${kind} ****${accessKeyId.slice(-4)} of profile ${JSON.stringify(printable(step.profile))}`;
    return { signer, source: step };
  }

  #traced(step: Step, how: string, credentials: Credentials): Credentials {
    this.run.trace?.(traceStep(step, `${how} ${traceKey(credentials, this.run.clock.now())}`));
    return credentials;
  }

  #sayNotes(): void {
    for (const note of this.plan.notes) this.run.say?.(note);
  }
}

/**
 * The longest session that can be requested, in seconds; a program may get its own from any AWS
 * call.
 */
function longestSeconds(step: SessionStep): number {
  return 'duration' in step ? step.duration.seconds : 36 * 3600;
}
