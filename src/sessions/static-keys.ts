import { readAwsFiles, resolveProfile, sessionKeysOf } from '../profiles/index.ts';
import {
  AwshError,
  type Credentials,
  formatAge,
  NoCredentialsError,
  printable,
  rfc3339,
  Secret,
} from '../system/index.ts';
import type { Plan, StaticKeysStep } from './plan-steps.ts';
import { showPlace } from './profile-settings.ts';

/**
 * The keys that a profile has in plain text, read now, because a plan contains no secret. They must
 * still be the plan's. Throws NoCredentialsError (exit 4) if they are a session that has expired by
 * `now`.
 */
export function readStaticKeys(step: StaticKeysStep, plan: Plan, now: number): Credentials {
  const files = readAwsFiles({ awsConfig: plan.configPath, awsCredentials: plan.credentialsPath });
  const profile = resolveProfile(files, step.profile);
  const { properties } = profile;
  const secret = properties.get('aws_secret_access_key')?.value;
  const token =
    properties.get('aws_session_token')?.value ||
    files.profiles.get(step.profile)?.properties.get('aws_security_token')?.value;
  if (properties.get('aws_access_key_id')?.value !== step.accessKeyId || !secret) {
    throw new AwshError(
      'other',
      `the keys of profile ${JSON.stringify(printable(step.profile))} changed just now`,
      `${printable(step.place.file)} was edited meanwhile`,
      'try again',
    );
  }
  const ends = sessionKeysOf(profile)?.ends ?? null;
  if (ends !== null && ends.at.getTime() <= now) throw endedKeys(step, ends, sessionKeysOf(profile), now);
  return {
    accessKeyId: step.accessKeyId,
    secretAccessKey: new Secret(secret),
    sessionToken: token ? new Secret(token) : null,
    expiration: ends?.at ?? null,
    accountId: null,
    arn: null,
  };
}

type Session = NonNullable<ReturnType<typeof sessionKeysOf>>;

function endedKeys(
  step: StaticKeysStep,
  ends: NonNullable<Session['ends']>,
  session: Session | null,
  now: number,
): NoCredentialsError {
  const ago = formatAge((now - ends.at.getTime()) / 1000);
  const tool = session?.tool?.name ?? 'another program';
  return new NoCredentialsError(
    `the session keys of profile ${JSON.stringify(printable(step.profile))} ended ${ago} ago`,
    `${showPlace(ends.place)}: ${ends.key} is ${rfc3339(ends.at)}; ${tool} writes such keys, and renews them`,
    step.renew ?? undefined,
  );
}
