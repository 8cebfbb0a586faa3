import { readAwsFiles, resolveProfile } from '../profiles/index.ts';
import { AwshError, type Credentials, printable, Secret } from '../system/index.ts';
import type { Plan, StaticKeysStep } from './plan-steps.ts';

/** The keys that a profile has in plain text, read now: a plan holds no secret. They must still be the plan's. */
export function readStaticKeys(step: StaticKeysStep, plan: Plan): Credentials {
  const files = readAwsFiles({ awsConfig: plan.configPath, awsCredentials: plan.credentialsPath });
  const { properties } = resolveProfile(files, step.profile);
  const secret = properties.get('aws_secret_access_key')?.value;
  const token = properties.get('aws_session_token')?.value;
  if (properties.get('aws_access_key_id')?.value !== step.accessKeyId || !secret) {
    throw new AwshError(
      'other',
      `the keys of profile ${JSON.stringify(printable(step.profile))} changed just now`,
      `${printable(step.place.file)} was edited meanwhile`,
      'try again',
    );
  }
  return {
    accessKeyId: step.accessKeyId,
    secretAccessKey: new Secret(secret),
    sessionToken: token ? new Secret(token) : null,
    expiration: null,
    accountId: null,
    arn: null,
  };
}
