/** What bounds a conversation with the agent. Times in milliseconds, sizes in bytes. */
export const limits = {
  /** A request, from its connection to its last byte. */
  requestMs: 2000,
  requestBytes: 64 * 1024,
  /** `TOKEN VERB 1`: nobody without the token makes the agent keep more than this. */
  headBytes: 128,
  /** Between two requests on a connection that said hello; a lease keeps it open for longer. */
  greetedMs: 60_000,
  /**
   * A command asks this long in all, connecting included. Longer than a hook waits: twenty commands that start at once on
   * two cores are late themselves, and going alone would ask the person twenty times. Only a frozen agent costs this much.
   */
  askMs: 1500,
  /** The same for a load, the hook's own wait included: a prompt comes within a second of its usual time. */
  loadAskMs: 750,
  /** However long the hook or the launcher has waited already. */
  leastAskMs: 250,
  /** A command waits this long in all for an agent that is being started; that takes a tenth of it on an idle machine. */
  startMs: 3000,
  replyBytes: 1024 * 1024,
  /** Connections that have shown the token. */
  connections: 512,
  /**
   * Connections that have not shown it. If one more comes, the oldest is closed. Our clients send their request at once, so a
   * flood closes its own connections.
   */
  unproven: 1024,
  /** As many as the kernel allows: a connect that finds the queue full waits a second before it tries again. */
  backlog: 4096,
} as const;
