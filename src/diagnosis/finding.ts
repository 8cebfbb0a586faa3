/** What a check has found. Text from outside has gone through `printable`; no secret is among it. */
export interface Finding {
  /** `problem`: something does not work, or is not safe. `note`: worth knowing. `ok`: what was looked at is in order. */
  readonly level: 'problem' | 'note' | 'ok';
  /** One line, without a period. */
  readonly what: string;
  readonly why: string | null;
  /** One exact command, or the one thing to do; null where nothing is to be done. */
  readonly mend: string | null;
}

export function ok(what: string): Finding {
  return { level: 'ok', what, why: null, mend: null };
}

export function note(what: string, why: string | null, mend: string | null): Finding {
  return { level: 'note', what, why, mend };
}

export function problem(what: string, why: string | null, mend: string | null): Finding {
  return { level: 'problem', what, why, mend };
}
