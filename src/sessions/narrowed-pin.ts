/**
 * What a shell pins with `awsh use` in addition to a profile: reduced permissions, a time, or a
 * reason.
 */
import type { Narrowing } from './narrowing.ts';
import { boxMark, boxOfMark, boxPattern, type TimeBox } from './time-box.ts';

/** A profile, or a role's word, with its narrowing and time. */
export interface PinnedChoice {
  readonly profile: string;
  readonly narrowing?: Narrowing;
  readonly box?: TimeBox;
  /** Why the user wants the profile. */
  readonly reason?: string;
}

const marks = {
  readOnly: ' ro',
  policyArn: ' policy-arn=',
  policy: ' policy=',
  /** Always the last one: the segment does not show it. */
  reason: ' why=',
} as const;

/**
 * One word for the hook to pin, for AWS_VAULT and for the prompt: `dev ro`. Only the profile's name
 * if there is nothing to add.
 */
export function pinOfChoice({ profile, narrowing, box, reason }: PinnedChoice): string {
  const { readOnly = false, policy, policyArns = [] } = narrowing ?? {};
  return [
    profile,
    readOnly ? marks.readOnly : '',
    ...policyArns.map((arn) => marks.policyArn + arn),
    policy === undefined ? '' : marks.policy + Buffer.from(policy).toString('base64url'),
    box === undefined ? '' : ` ${boxMark(box)}`,
    reason === undefined ? '' : marks.reason + Buffer.from(reason).toString('base64url'),
  ].join('');
}

const pinForm = new RegExp(
  `^(.+?)((?: ro| policy-arn=[!-~]+| policy=[\\w-]+| ${boxPattern})*(?: why=[\\w-]+)?)$`,
);

/** The inverse; null for a word without such a mark. */
export function choiceOfPin(pin: string): PinnedChoice | null {
  const [, profile, tail] = pinForm.exec(pin) ?? [];
  if (profile === undefined || !tail) return null;
  const parts = tail.slice(1).split(' ');
  const after = (mark: string) =>
    parts.filter((part) => part.startsWith(mark)).map((part) => part.slice(mark.length));
  const policyArns = after(marks.policyArn.trimStart());
  const [policy] = after(marks.policy.trimStart());
  const [reason] = after(marks.reason.trimStart());
  const box = parts.map(boxOfMark).find((found) => found !== null);
  const narrowing = {
    by: 'awsh use',
    ...(parts.includes('ro') && { readOnly: true }),
    ...(policyArns.length > 0 && { policyArns }),
    ...(policy !== undefined && { policy: Buffer.from(policy, 'base64url').toString() }),
  };
  return {
    profile,
    ...(Object.keys(narrowing).length > 1 && { narrowing }),
    ...(box !== undefined && { box }),
    ...(reason !== undefined && { reason: Buffer.from(reason, 'base64url').toString() }),
  };
}

const reasonMark = / why=([\w-]+)$/;

/** The reason in what a shell calls its profile, which is the word of a pin or `dev narrowed`; null if there is none. */
export function reasonOfLabel(label: string): string | null {
  const [, reason] = reasonMark.exec(label) ?? [];
  return reason === undefined ? null : Buffer.from(reason, 'base64url').toString();
}

/** The same for the same profile, whatever the reason. */
export function labelWithoutReason(label: string): string {
  return label.replace(reasonMark, '');
}

export function labelWithReason(label: string, reason: string): string {
  return pinOfChoice({ profile: labelWithoutReason(label), reason });
}
