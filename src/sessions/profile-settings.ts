import { editCommand, type Place, type ResolvedProfile } from '../profiles/index.ts';
import { switchVariables } from '../shell/index.ts';
import { printable, UsageError } from '../system/index.ts';
import type { PlanRequest } from './plan-request.ts';
import { sessionNameOfProfile } from './session-name.ts';

/** A value and its source, for errors: the name of a variable or option, or `FILE:LINE`. */
export interface Setting {
  readonly value: string;
  readonly from: string;
  /** Null if it does not come from a file. */
  readonly place: Place | null;
}

/**
 * Variables that apply to every profile of a chain (aws-vault, vault/config.go populateFromEnv).
 */
const variables: Readonly<Record<string, readonly string[]>> = {
  region: ['AWS_REGION', 'AWS_DEFAULT_REGION'],
  mfa_serial: ['AWS_MFA_SERIAL'],
  sts_regional_endpoints: ['AWS_STS_REGIONAL_ENDPOINTS'],
  ...Object.fromEntries(switchVariables.map(([key, name]) => [key, [name]])),
};

/** Variables that apply only to the requested profile (the same function). */
const targetVariables: Readonly<Record<string, readonly string[]>> = {
  role_arn: ['AWS_ROLE_ARN'],
  role_session_name: ['AWS_ROLE_SESSION_NAME'],
  session_tags: ['AWS_SESSION_TAGS'],
  transitive_session_tags: ['AWS_TRANSITIVE_TAGS'],
  source_identity: ['AWS_SOURCE_IDENTITY'],
  web_identity_token_file: ['AWS_WEB_IDENTITY_TOKEN_FILE'],
};

/** The properties that a variable may set if no file does. */
export function settingVariables(): string[] {
  return [...Object.keys(variables), ...Object.keys(targetVariables)];
}

/**
 * One profile's settings by aws-vault's precedence: option, then environment, then the files. Empty
 * values count as unset.
 */
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

  /** From the user's template; null if there is none. */
  sessionName(): string | null {
    const naming = this.request.options?.sessionNaming;
    return naming === undefined ? null : sessionNameOfProfile(naming, this.name);
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

  /** The value in the files, whatever the environment contains. */
  property(key: string): Setting | null {
    const found = this.profile.properties.get(key);
    if (!found?.value) return null;
    // A value from the command line has its option instead of a file, and no line.
    const place = found.place.line === 0 ? null : found.place;
    return { value: found.value, from: showPlace(found.place), place };
  }
}

/** The variables that these settings come from, for a step; empty if there are none. */
export function givenByVariables(...settings: readonly (Setting | null)[]): { variables?: string[] } {
  const names = settings.flatMap((it) => (it !== null && /^AWS_[A-Z_]+$/.test(it.from) ? [it.from] : []));
  return names.length === 0 ? {} : { variables: names };
}

/**
 * The command that prints the codes: the profile's own, else that of the next source below it
 * (aws-vault, vault/config.go).
 */
export function mfaProcessOf(links: readonly ProfileSettings[]): string | null {
  return links.map((link) => link.property('mfa_process')?.value).find((command) => command) ?? null;
}

/** The command that corrects a setting: an editor at its line, or `unset` of its variable. */
export function correctionOf({ place, from }: Setting): string | undefined {
  if (place === null) return /^[A-Z_]+$/.test(from) ? `unset ${from}` : undefined;
  return place.line > 0 ? editCommand(place) : undefined;
}

export function showPlace(place: Place): string {
  return place.line === 0 ? printable(place.file) : `${printable(place.file)}:${place.line}`;
}

/**
 * The path that a setting names, if it is absolute or begins with `~/`. Throws UsageError for a
 * relative one: it would mean another file in each folder, and a repository could supply it.
 */
export function configuredPath(setting: Setting): string {
  const { value, from } = setting;
  if (/^~?\//.test(value)) return value;
  throw new UsageError(
    `${from}: not an absolute path: ${JSON.stringify(printable(value))}`,
    'a relative path would mean a different file in each directory',
    correctionOf(setting),
  );
}
