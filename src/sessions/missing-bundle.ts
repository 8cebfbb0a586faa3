import { existsSync } from 'node:fs';
import { editCommand } from '../profiles/index.ts';
import { printable, UsageError } from '../system/index.ts';
import type { Plan } from './plan-steps.ts';
import { showPlace } from './profile-settings.ts';
import { expandedPath, type Surroundings } from './surroundings.ts';

/** The error for the profile's `ca_bundle` if that file is not there and AWS_CA_BUNDLE does not take its place; or null. */
export function missingBundle(
  { caBundle, caBundlePlace = null }: Pick<Plan, 'caBundle' | 'caBundlePlace'>,
  surroundings: Surroundings,
): UsageError | null {
  if (caBundle === null || surroundings.AWS_CA_BUNDLE) return null;
  if (existsSync(expandedPath(caBundle, surroundings))) return null;
  const from = caBundlePlace === null ? '' : `${showPlace(caBundlePlace)}: `;
  return new UsageError(
    'the certificate bundle of this profile does not exist',
    `${from}ca_bundle = ${printable(caBundle)}`,
    caBundlePlace === null ? undefined : editCommand(caBundlePlace),
  );
}
