/**
 * Somebody else is fetching the session; `terminal` is where a person was asked, if one was. No AwshError: it is no
 * failure to explain, and passes through whatever explains those.
 */
export class UnderWay extends Error {
  override readonly name = 'UnderWay';
  constructor(readonly terminal: string | null) {
    super();
  }
}
