/** The limits of a conversation with the agent. Times in milliseconds, sizes in bytes. */
export const limits = {
  /** A request, from its connection to its last byte. */
  requestMs: 2000,
  requestBytes: 64 * 1024,
  /** `TOKEN VERB 1`: for a client without the token, the agent stores no more than this. */
  headBytes: 128,
  /** Between two requests on a connection that has sent hello; a lease keeps it open for longer. */
  greetedMs: 60_000,
  /**
   * A command waits this long in total, including the connection. Longer than a hook waits: if
   * twenty commands start at once on two cores, they are slow themselves, and without the agent the
   * user would be asked twenty times. Only a frozen agent costs this much.
   */
  askMs: 1500,
  /** The same for a load, including the hook's own wait: a prompt is at most a second late. */
  loadAskMs: 750,
  /** The minimum, however long the hook or the launcher has already waited. */
  leastAskMs: 250,
  /**
   * A command waits this long in total for starting agents; a start takes a tenth of it on an idle
   * machine.
   */
  startMs: 3000,
  replyBytes: 1024 * 1024,
  /** Connections that have shown the token. */
  connections: 512,
  /**
   * Connections that have not shown the token. If there is one more, the oldest is closed. Our
   * clients send their request at once, so a flood closes only its own connections.
   */
  unproven: 1024,
  /**
   * As many as the kernel allows: a connect to a full queue waits a second before it tries again.
   */
  backlog: 4096,
} as const;
