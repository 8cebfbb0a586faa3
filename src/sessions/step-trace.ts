import { type Credentials, formatDuration, printable } from '../system/index.ts';
import type { Plan, Step } from './plan-steps.ts';

/**
 * One line for `--debug`: the steps of a plan in order. No secret: only the last four characters of
 * a key's id.
 */
export function tracePlan({ profile, chain, steps, region }: Plan): string {
  const sources = chain.length > 1 ? ` from ${chain.slice(1).join(' from ')}` : '';
  const kinds = steps.map(({ kind }) => kind).join(', then ');
  return printable(`profile ${profile}${sources}, region ${region ?? 'not set'}: ${kinds}`);
}

/** One line for `--debug`: what was found for a step, or is done for it. */
export function traceStep(step: Step, what: string): string {
  const role = 'roleArn' in step ? ` ${step.roleArn}` : '';
  return printable(`${step.kind}${role} (profile ${step.profile}): ${what}`);
}

/** A session or key, as a trace may show it. */
export function traceKey({ accessKeyId, expiration }: Credentials, now: number): string {
  const left =
    expiration === null ? '' : `, expires in ${formatDuration((expiration.getTime() - now) / 1000)}`;
  return `****${accessKeyId.slice(-4)}${left}`;
}

/** The destination of a step's call, and the MFA device of its code. */
export function traceCall(step: Step, code: string | null): string {
  if (!('target' in step)) return 'fetching';
  const { endpoint, region } = step.target;
  const seconds = 'duration' in step ? ` for ${step.duration.seconds} s` : '';
  return `calling ${endpoint ?? `AWS in ${region}`}${seconds}${code === null ? '' : ' with an MFA code'}`;
}
