import { join } from 'node:path';
import type { Prompter } from '../prompt/index.ts';
import { quotePosix } from '../shell/index.ts';
import { type Clock, type Credentials, NoCredentialsError, printable, withLock } from '../system/index.ts';
import type { Vault } from '../vault/index.ts';
import { assumeRole } from './assume-role.ts';
import { callerIdentity } from './caller-identity.ts';
import { getSessionToken, type StepResult } from './get-session-token.ts';
import { MfaCodes } from './mfa-code.ts';
import { type CallStep, isCallStep, type Plan, type Step, sessionKind } from './plan-steps.ts';
import type { SessionFlights, WantedSession } from './session-flights.ts';
import { readStaticKeys } from './static-keys.ts';
import type { StsConnection } from './sts-client.ts';
import { describeSkew, explainFailure, isDeadSession, isWrongCode } from './sts-errors.ts';

/** What a plan runs with. */
export interface SessionRun {
  readonly vault: Vault;
  readonly prompter: Prompter;
  readonly clock: Clock;
  /** The folder for lock files (AppPaths.locks). */
  readonly locks: string;
  /** A cached session with less time left is replaced; the plan's own value by default. */
  readonly minTtlSeconds?: number;
  /** Renew the plan's last session even where it is still good. */
  readonly refresh?: boolean;
  /** A code given beforehand (`--mfa-token`): six digits. */
  readonly mfaToken?: string | undefined;
  /** Ask AWS for account and ARN where the credentials come without them (GetSessionToken, plain keys). */
  readonly needAccount?: boolean;
  readonly connection?: StsConnection | undefined;
  /** Who else wants these sessions, and has them; absent without an agent. */
  readonly flights?: SessionFlights | undefined;
  /** One line for the person: the plan's notes and what happened on the way. Called only where something new was made. */
  readonly say?: (line: string) => void;
}

/**
 * The plan's credentials: from the session cache where it has them, else made step by step, from the last step that is
 * cached. A code is asked for where a step needs one; never under a lock. Throws AwshErrors: exits 4 to 10 and 130.
 */
export async function credentialsFor(plan: Plan, run: SessionRun): Promise<Credentials> {
  return new PlanRun(plan, run).credentials();
}

/** Why a cached session is not used: it was refused, or the caller wants a new one. */
type Freshness = 'cached' | 'renewed';

class PlanRun {
  readonly #codes: MfaCodes;
  #toldSkew = false;

  constructor(
    private readonly plan: Plan,
    private readonly run: SessionRun,
  ) {
    this.#codes = new MfaCodes(run.prompter, run.mfaToken);
  }

  async credentials(): Promise<Credentials> {
    const last = this.plan.steps.length - 1;
    const credentials = await this.#obtain(last, this.run.refresh ? 'renewed' : 'cached');
    return this.run.needAccount && credentials.accountId === null
      ? this.#withAccount(last, credentials)
      : credentials;
  }

  async #obtain(index: number, freshness: Freshness): Promise<Credentials> {
    const { step, id } = this.#at(index);
    if (!isCallStep(step) || id === null) return this.#keys(step);
    const wanted = this.#wanted(step, id, freshness);
    const shared = await this.run.flights?.take(wanted);
    if (shared?.expiration && this.#isFresh(shared.expiration, step)) return shared;
    try {
      const cached = freshness === 'cached' ? await this.#cached(step, id) : null;
      const session = cached ?? (await this.#renew(index, step, wanted));
      await this.run.flights?.kept(wanted, session);
      return session;
    } catch (error) {
      await this.run.flights?.failed(wanted, error);
      throw error;
    }
  }

  #wanted({ profile }: CallStep, id: string, freshness: Freshness): WantedSession {
    return { id, profile, minTtlSeconds: this.#minTtlSeconds, renew: freshness === 'renewed' };
  }

  #at(index: number): { step: Step; id: string | null } {
    const step = this.plan.steps[index];
    if (step === undefined) throw new Error(`a plan of ${this.plan.steps.length} steps has no step ${index}`);
    return { step, id: this.plan.sessionIds[index] ?? null };
  }

  async #keys(step: Step): Promise<Credentials> {
    if (this.plan.steps.length === 1) this.#sayNotes();
    if (step.kind === 'static-keys') return readStaticKeys(step, this.plan);
    const key = await this.run.vault.accessKey(step.profile);
    if (key === null) {
      throw new NoCredentialsError(
        `no access key is stored for profile ${JSON.stringify(printable(step.profile))}`,
        undefined,
        `awsh add ${quotePosix(printable(step.profile))}`,
      );
    }
    const { accessKeyId, secretAccessKey } = key;
    return { accessKeyId, secretAccessKey, sessionToken: null, expiration: null, accountId: null, arn: null };
  }

  /** The cached session, or null. The index answers first, so that a missing or old one opens no vault. */
  async #cached(step: CallStep, id: string): Promise<Credentials | null> {
    const record = this.run.vault.sessions().find((session) => session.id === id);
    if (record === undefined || !this.#isFresh(record.expires, step)) return null;
    const session = await this.run.vault.session(id);
    return session?.expiration && this.#isFresh(session.expiration, step) ? session : null;
  }

  /** One that ends later than it can was stored while this machine's clock was wrong. */
  #isFresh(expires: Date, step: CallStep): boolean {
    const left = (expires.getTime() - this.run.clock.now()) / 1000;
    return left >= this.#minTtlSeconds && left <= step.duration.seconds + 60;
  }

  get #minTtlSeconds(): number {
    return this.run.minTtlSeconds ?? this.plan.minTtlSeconds;
  }

  async #renew(index: number, step: CallStep, wanted: WantedSession): Promise<Credentials> {
    const { id } = wanted;
    this.#codes.requireSomebody(step);
    const replaced = (await this.run.vault.session(id))?.accessKeyId;
    let signer = await this.#obtain(index - 1, 'cached');
    for (let renewedSigner = false; ; ) {
      const code = step.mfaSerial === null ? null : await this.#code(step, wanted);
      try {
        return await this.#fetch(step, id, signer, code, replaced);
      } catch (error) {
        if (isWrongCode(error) && this.#codes.canAskAgain) {
          this.run.prompter.tell('AWS refused that code: wait until the device shows the next one');
        } else if (isDeadSession(error) && signer.sessionToken !== null && index > 1 && !renewedSigner) {
          renewedSigner = true;
          signer = await this.#obtain(index - 1, 'renewed');
        } else {
          const request = { step, signer: this.#describe(index - 1, signer), mfaSent: code !== null };
          throw explainFailure(error, request);
        }
      }
    }
  }

  async #code(step: CallStep, wanted: WantedSession): Promise<string> {
    await this.run.flights?.asking(wanted);
    return this.#codes.next(step);
  }

  async #fetch(
    step: CallStep,
    id: string,
    signer: Credentials,
    code: string | null,
    replaced: string | undefined,
  ): Promise<Credentials> {
    // Where the keys lie in plain text nothing has opened the vault yet, and opening it may ask for a passphrase.
    const storesUnderLock = this.plan.steps[0]?.kind === 'stored-keys';
    const { credentials, isNew } = await this.#alone(id, async () => {
      const meanwhile = await this.#cached(step, id);
      if (meanwhile !== null && meanwhile.accessKeyId !== replaced)
        return { credentials: meanwhile, isNew: false };
      const made = await this.#call(step, signer, code);
      if (storesUnderLock) await this.#store(step, id, made);
      return { credentials: made, isNew: !storesUnderLock };
    });
    return isNew ? this.#store(step, id, credentials) : credentials;
  }

  async #call(step: CallStep, signer: Credentials, code: string | null): Promise<Credentials> {
    const { credentials, clockSkewMs }: StepResult =
      step.kind === 'GetSessionToken'
        ? await getSessionToken(step, signer, code, this.run.connection)
        : await assumeRole(step, signer, code, this.run.connection);
    if (Math.abs(clockSkewMs) > 60_000 && !this.#toldSkew) {
      this.#toldSkew = true;
      this.run.say?.(describeSkew(clockSkewMs));
    }
    if (step === this.plan.steps.at(-1)) this.#sayNotes();
    return credentials;
  }

  async #store(step: CallStep, id: string, credentials: Credentials): Promise<Credentials> {
    await this.run.vault.storeSession(
      {
        id,
        profile: step.profile,
        kind: sessionKind(step),
        expires: credentials.expiration ?? new Date(0),
        accountId: credentials.accountId,
        roleArn: step.kind === 'AssumeRole' ? step.roleArn : null,
      },
      credentials,
    );
    return credentials;
  }

  async #withAccount(last: number, credentials: Credentials): Promise<Credentials> {
    const { step, id } = this.#at(last);
    const known = await callerIdentity(credentials, this.plan.target, this.run.connection);
    const complete = { ...credentials, ...known };
    if (!isCallStep(step) || id === null) return complete;
    await this.run.flights?.kept(this.#wanted(step, id, 'cached'), complete);
    return this.#store(step, id, complete);
  }

  /** One process at a time makes a session. A call takes 5 seconds at most, storing it little more. */
  async #alone<T>(id: string, work: () => Promise<T>): Promise<T> {
    const onWait = () => this.run.say?.('another awsh is fetching this session, waiting for it');
    return withLock(join(this.run.locks, `${id}.lock`), { timeoutMs: 30_000, staleMs: 60_000, onWait }, work);
  }

  #describe(index: number, signer: Credentials): string {
    const { step } = this.#at(index);
    const kind = isCallStep(step) ? 'session' : 'access key';
    return `${kind} ****${signer.accessKeyId.slice(-4)} of profile ${JSON.stringify(printable(step.profile))}`;
  }

  #sayNotes(): void {
    for (const note of this.plan.notes) this.run.say?.(note);
  }
}
