import type { Place, ResolvedProfile } from '../profiles/index.ts';
import { printable } from '../system/index.ts';
import type { PlanRequest } from './plan-request.ts';

/** A value with where it comes from, for errors: a variable or option by name, or `FILE:LINE`. */
export interface Setting {
  readonly value: string;
  readonly from: string;
  /** Null where it comes from no file. */
  readonly place: Place | null;
}

/** Variables that steer every profile of a chain (aws-vault, vault/config.go populateFromEnv). */
const variables: Readonly<Record<string, readonly string[]>> = {
  region: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
  mfa_serial: ['AWS_MFA_SERIAL'],
};

/** Variables that steer only the profile that was asked for (the same function). */
const targetVariables: Readonly<Record<string, readonly string[]>> = {
  role_arn: ['AWS_ROLE_ARN'],
  role_session_name: ['AWS_ROLE_SESSION_NAME'],
  session_tags: ['AWS_SESSION_TAGS'],
  transitive_session_tags: ['AWS_TRANSITIVE_TAGS'],
  source_identity: ['AWS_SOURCE_IDENTITY'],
};

/** One profile's settings by aws-vault's precedence: option, then environment, then the files. Empty values count as unset. */
export class ProfileSettings {
  readonly name: string;

  constructor(
    readonly profile: ResolvedProfile,
    private readonly request: PlanRequest,
  ) {
    this.name = profile.name;
  }

  find(key: string): Setting | null {
    const option = key === 'region' ? this.request.options?.region : undefined;
    if (option) return { value: option, from: '--region', place: null };
    const names = [
      ...(variables[key] ?? []),
      ...(this.name === this.request.profile ? (targetVariables[key] ?? []) : []),
    ];
    return this.variable(...names) ?? this.property(key);
  }

  value(key: string): string | null {
    return this.find(key)?.value ?? null;
  }

  /** The first of these variables that is set. */
  variable(...names: string[]): Setting | null {
    for (const name of names) {
      const value = this.request.environment[name];
      if (value) return { value, from: name, place: null };
    }
    return null;
  }

  /** What the files say, whatever the environment holds. */
  property(key: string): Setting | null {
    const found = this.profile.properties.get(key);
    if (!found?.value) return null;
    return { value: found.value, from: showPlace(found.place), place: found.place };
  }
}

export function showPlace(place: Place): string {
  return `${printable(place.file)}:${place.line}`;
}
