/** What a shell pins with `awsh use` in addition to a profile: reduced permissions, or a time. */
import type { Narrowing } from './narrowing.ts';
import { boxMark, boxOfMark, boxPattern, type TimeBox } from './time-box.ts';

/** A profile, or a role's word, with its narrowing and time. */
export interface PinnedChoice {
  readonly profile: string;
  readonly narrowing?: Narrowing;
  readonly box?: TimeBox;
}

const marks = {
  readOnly: ' ro',
  policyArn: ' policy-arn=',
  policy: ' policy=',
} as const;

/**
 * One word for the hook to pin, for AWS_VAULT and for the prompt: `dev ro`. Only the profile's name
 * if there is nothing to add.
 */
export function pinOfChoice({ profile, narrowing, box }: PinnedChoice): string {
  const { readOnly = false, policy, policyArns = [] } = narrowing ?? {};
  return [
    profile,
    readOnly ? marks.readOnly : '',
    ...policyArns.map((arn) => marks.policyArn + arn),
    policy === undefined ? '' : marks.policy + Buffer.from(policy).toString('base64url'),
    box === undefined ? '' : ` ${boxMark(box)}`,
  ].join('');
}

const pinForm = new RegExp(`^(.+?)((?: ro| policy-arn=[!-~]+| policy=[\\w-]+| ${boxPattern})+)$`);

/** The inverse; null for a word without such a mark. */
export function choiceOfPin(pin: string): PinnedChoice | null {
  const [, profile, tail] = pinForm.exec(pin) ?? [];
  if (profile === undefined || tail === undefined) return null;
  const parts = tail.slice(1).split(' ');
  const after = (mark: string) =>
    parts.filter((part) => part.startsWith(mark)).map((part) => part.slice(mark.length));
  const policyArns = after(marks.policyArn.trimStart());
  const [policy] = after(marks.policy.trimStart());
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
  };
}
