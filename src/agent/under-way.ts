/**
 * Another client is fetching the session; `terminal` is where the user was asked, or null. Not an
 * AwshError, because it is not a failure to explain, and code that explains errors must pass it on.
 */
export class UnderWay extends Error {
  override readonly name = 'UnderWay';
  constructor(readonly terminal: string | null) {
    super();
  }
}
