import { createHash } from 'node:crypto';
import type { CallStep, Step } from './plan-steps.ts';

/**
 * The cache ids of a plan's steps: each the SHA-256 of all that the step's session depends on, the step before it
 * included, so that an edited profile, another endpoint or another key never finds an old session (SECURITY 5). Null for
 * keys, which are no session.
 */
export function sessionIds(steps: readonly Step[], configPath: string): (string | null)[] {
  const ids: (string | null)[] = [];
  let source = '';
  for (const step of steps) {
    if (step.kind === 'stored-keys' || step.kind === 'static-keys') {
      source = digest([step.kind, step.accessKeyId, configPath]);
      ids.push(null);
    } else {
      source = digest(dependencies(step, source));
      ids.push(source);
    }
  }
  return ids;
}

function dependencies(step: CallStep, source: string): unknown[] {
  const { kind, profile, target, mfaSerial, duration } = step;
  const common = [source, kind, profile, target.region, target.endpoint, mfaSerial, duration.seconds];
  if (step.kind === 'GetSessionToken') return common;
  return [
    ...common,
    step.roleArn,
    step.roleSessionName,
    step.externalId,
    step.sourceIdentity,
    step.tags.map(({ key, value }) => [key, value]),
    step.transitiveTagKeys,
    step.policy,
    step.policyArns,
  ];
}

/** JSON keeps the parts apart: no value can run into the next. */
function digest(parts: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
