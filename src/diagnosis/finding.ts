/** The result of a check. Text from outside has gone through `printable`; it contains no secret. */
export interface Finding {
  /**
   * `problem`: something does not work, or is not safe. `note`: worth knowing. `ok`: what was
   * checked is in order.
   */
  readonly level: 'problem' | 'note' | 'ok';
  /** One line, without a period. */
  readonly what: string;
  readonly why: string | null;
  /** One exact command, or the one thing to do; null if there is nothing to do. */
  readonly next: string | null;
}

export function ok(what: string): Finding {
  return { level: 'ok', what, why: null, next: null };
}

export function note(what: string, why: string | null, next: string | null): Finding {
  return { level: 'note', what, why, next };
}

export function problem(what: string, why: string | null, next: string | null): Finding {
  return { level: 'problem', what, why, next };
}
