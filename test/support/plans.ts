import { type AwsFiles, parseAwsFiles } from '../../src/profiles/index.ts';
import { type Plan, type PlanRequest, planFor, type Step } from '../../src/sessions/index.ts';
import type { KeyRecord } from '../../src/vault/index.ts';

/** AWS files with this text, as if at /home/me/.aws. */
export function awsFiles(config: string, credentials = ''): AwsFiles {
  return parseAwsFiles(
    { path: '/home/me/.aws/config', text: config },
    { path: '/home/me/.aws/credentials', text: credentials },
  );
}

/** The index of a vault that holds a key for each of these profiles. */
export function storedKeys(...profiles: string[]): KeyRecord[] {
  return profiles.map((profile) => ({
    profile,
    accessKeyId: `AKIA${profile.toUpperCase().padEnd(16, 'X')}`,
    added: new Date(0),
  }));
}

export type PlanCase = Partial<PlanRequest> & {
  config: string;
  credentials?: string;
  /** Profiles with stored keys. */
  stored?: string[];
};

/** The plan for a profile (`dev` by default). */
export function planOf({ config, credentials, stored = [], ...request }: PlanCase): Plan {
  return planFor({
    files: awsFiles(config, credentials),
    keys: storedKeys(...stored),
    profile: 'dev',
    environment: {},
    ...request,
  });
}

/** A step in one line: `AssumeRole dev 3600 mfa`. */
export function inWords(step: Step): string {
  if (!('duration' in step)) return `${step.kind} ${step.profile}`;
  return `${step.kind} ${step.profile} ${step.duration.seconds}${'mfaSerial' in step && step.mfaSerial !== null ? ' mfa' : ''}`;
}
