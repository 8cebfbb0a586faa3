/** The reason that a user gives for a protected profile (`protected = prod reason=required`), and how AWS gets it. */
import { printable, shellCommand, UsageError } from '../system/index.ts';
import type { AssumeRoleStep, Plan, Step } from './plan-steps.ts';

export interface SessionReason {
  readonly text: string;
  /** The session tag `reason`, or the source identity. */
  readonly as: 'tag' | 'source-identity';
}

/** STS API Reference, Tag: the longest value. */
const longest = 256;
/** The same page: what a value is made of. */
const accepted = /[\p{L}\p{Z}\p{N}_.:/=+\-@]/u;

/*
 * What is most likely a secret: key ids of AWS, 40 characters of a secret key and other mixed text of such a length, tokens of
 * well-known services, PEM, `password=…`, and a password in a URL.
 */
const secretForms = [
  '\\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12}',
  '(?<![A-Za-z0-9+/])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*[a-z])[A-Za-z0-9+/]{40}(?![A-Za-z0-9+/])',
  '(?=[A-Za-z0-9+]*[A-Z])(?=[A-Za-z0-9+]*[a-z])(?=[A-Za-z0-9+]*[0-9])[A-Za-z0-9+]{32}',
  '\\b(?:gh[opusr]_|github_pat_|glpat-|xox[abprs]-|sk[-_]|AIza|ya29\\.|npm_|eyJ)[\\w-]{12}',
  '-----BEGIN',
  '\\b(?:[Pp]ass(?:word|phrase|wd)?|PASS(?:WORD|PHRASE|WD)?|[Ss]ecret|SECRET|[Tt]oken|TOKEN)\\s*[=:]\\s*\\S{4}',
  '://[^/\\s@]*:[^/\\s@]+@',
].join('|');
const secretForm = new RegExp(secretForms);

/** What may be shown of a reason while it is typed. */
export const shownReason = new RegExp(`^(?!.*(?:${secretForms}))`);

/** Why this text is no reason; null if it is one. Never has the text in it. */
export function reasonFault(text: string): string | null {
  if (secretForm.test(text))
    return 'it looks like a key or a password, and CloudTrail and the log would show it';
  if (text.trim() === '') return 'a reason is needed, such as a ticket number';
  if (text.length > longest) return `a reason has at most ${longest} characters, and this has ${text.length}`;
  const other = [...text].find(
    (character) => !accepted.test(character) || printable(character) !== character,
  );
  if (other !== undefined) {
    const shown = printable(other) === other ? `${other} ` : 'control characters ';
    return `AWS does not accept ${shown}in a reason; use letters, digits, spaces and _ . : / = + - @`;
  }
  return /[\p{L}\p{N}]/u.test(text) ? null : 'a reason has letters or digits in it';
}

/** True if AWS gets the reason with the session; otherwise awsh's log alone has it. */
export function tellsAwsReason({ steps }: Pick<Plan, 'steps'>, { as }: SessionReason): boolean {
  const kind = steps.at(-1)?.kind;
  return kind === 'AssumeRole' || (kind === 'GetFederationToken' && as === 'tag');
}

/**
 * The steps with the reason in the last one, if its call takes one: GetFederationToken takes a tag
 * and no source identity. UsageError if the profile has a source identity of its own.
 */
export function stepsWithReason(steps: readonly Step[], reason: SessionReason): readonly Step[] {
  const last = steps.at(-1);
  const before = steps.slice(0, -1);
  if (last?.kind === 'AssumeRole') return [...before, roleWithReason(last, reason)];
  if (last?.kind !== 'GetFederationToken' || reason.as !== 'tag') return steps;
  return [...before, { ...last, tags: [{ key: 'reason', value: reason.text }] }];
}

function roleWithReason(step: AssumeRoleStep, { text, as }: SessionReason): AssumeRoleStep {
  if (as === 'tag') {
    const others = step.tags.filter(({ key }) => key.toLowerCase() !== 'reason');
    return { ...step, tags: [...others, { key: 'reason', value: text }], reasonAs: as };
  }
  if (step.sourceIdentity !== null)
    throw new UsageError(
      `profile ${JSON.stringify(printable(step.profile))} has a source_identity of its own`,
      'with reason_as = source-identity, the reason would have to take its place',
      shellCommand`awsh config set reason_as tag`,
    );
  return { ...step, sourceIdentity: sourceIdentityOf(text), reasonAs: as };
}

/** STS API Reference, AssumeRole, SourceIdentity: fewer characters than a tag may have, and 64 of them. */
function sourceIdentityOf(reason: string): string {
  return reason
    .replace(/[^\w+=,.@-]+/g, '-')
    .slice(0, 64)
    .padEnd(2, '-');
}
