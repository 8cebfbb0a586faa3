import type { CredentialsRequest } from '../loading/index.ts';
import { neededSignIn, needOf, type Plan } from '../sessions/index.ts';
import { type Credentials, type Need, NetworkError, PersonNeededError, printable } from '../system/index.ts';
import type { FlightFailure, Flights } from './flights.ts';
import type { RenewalUse } from './renewal-use.ts';
import type { SessionMemory } from './session-memory.ts';
import { UnderWay } from './under-way.ts';

/**
 * The agent does not have the session. Not an AwshError, because it is not an answer for the user,
 * and code that explains errors must pass it on.
 */
export class NotInMemory extends Error {
  override readonly name = 'NotInMemory';
}

/** Credentials from memory alone, for a load that in the foreground would use the vault and AWS. */
export class MemorySource {
  constructor(
    private readonly memory: SessionMemory<RenewalUse>,
    private readonly flights: Flights,
    /**
     * Called if a load found no session and none is being fetched. If it was tried a moment ago,
     * Node does not try now.
     */
    private readonly notFound: (plan: Plan, use: RenewalUse, wasTried: boolean) => void = () => {},
  ) {}

  /**
   * The plan's session. Throws {@link NotInMemory} or {@link UnderWay}; if the user may not be
   * asked and the last try failed a moment ago, throws that failure.
   */
  credentials(plan: Plan, how: CredentialsRequest, use: RenewalUse | null): Credentials {
    const id = plan.sessionIds.at(-1);
    if (!id || how.refresh) throw new NotInMemory();
    const trouble = this.#trouble(plan, how);
    // An old session is only used while nothing better is possible; otherwise Node must renew it.
    if (how.cachedOnly && trouble === null) throw new NotInMemory();
    const session = this.memory.get(id, how.cachedOnly ? 0 : plan.minTtlSeconds);
    if (session === null) {
      if (use !== null && !(trouble instanceof UnderWay)) this.notFound(plan, use, trouble !== null);
      throw trouble ?? new NotInMemory();
    }
    const { accountId, arn } = session.credentials;
    if (how.needAccount && (accountId === null || arn === null)) throw new NotInMemory();
    if (use !== null) this.memory.use(id, use);
    return session.credentials;
  }

  /** Why Node need not try now either; null if it should. */
  #trouble(plan: Plan, how: CredentialsRequest): Error | null {
    const ids = plan.sessionIds.filter((id) => id !== null);
    for (const id of ids) {
      const flight = this.flights.underWay(id);
      if (flight !== null) return new UnderWay(flight.terminal);
    }
    const failure = ids.map((id) => this.flights.failure(id)).find((known) => known !== null);
    return failure === undefined || failure === null || how.ask ? null : explain(failure, plan);
  }
}

const needs: Readonly<Record<Need, string>> = {
  MFA: 'an MFA code',
  'sign-in': 'a sign-in',
  passphrase: 'the passphrase of the vault',
  refresh: 'its own command to run',
  'an answer': 'an answer',
};

function explain(failure: FlightFailure, plan: Plan): Error {
  const name = JSON.stringify(printable(plan.profile));
  if (failure === 'network') {
    return new NetworkError(
      `AWS gave no session for profile ${name}`,
      'it could not be reached a moment ago, or was busy',
    );
  }
  // The user need not have been asked: a cd asks for no sign-in.
  const signIn = neededSignIn(plan.steps[0], 'there was no valid sign-in when awsh last tried');
  if (failure === 'person' && signIn !== null && needOf(plan) === 'sign-in') return signIn;
  const why = failure === 'refused' ? 'the last code was refused' : 'the last question was not answered';
  const need = needOf(plan);
  return new PersonNeededError(`profile ${name} needs ${needs[need]}`, why, 'awsh refresh', need);
}
