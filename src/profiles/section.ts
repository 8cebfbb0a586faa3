/** Where something stands in an AWS file; `line` counts from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

/** One `key = value`. `nested` holds the properties below an empty value (`s3 =` and indented lines), else null. */
export interface Property {
  readonly value: string;
  readonly place: Place;
  readonly nested: ReadonlyMap<string, string> | null;
}

/** One profile, sso-session or services section; keys are lower-case. */
export interface Section {
  readonly name: string;
  readonly place: Place;
  readonly properties: ReadonlyMap<string, Property>;
}

/** Both AWS files, read once: the credentials file's values win key by key. */
export interface AwsFiles {
  readonly configPath: string;
  readonly credentialsPath: string;
  readonly profiles: ReadonlyMap<string, Section>;
  readonly ssoSessions: ReadonlyMap<string, Section>;
  readonly services: ReadonlyMap<string, Section>;
  /** Sections and keys that were ignored, one line each with file and line. */
  readonly warnings: readonly string[];
}

/**
 * A profile with what it inherits (include_profile, then [default]), by aws-vault's rules. `properties` are what holds
 * in the end; each knows the place it came from.
 */
export interface ResolvedProfile {
  readonly name: string;
  /** The profile's own header, or null where the profile exists only as stored keys. */
  readonly place: Place | null;
  readonly properties: ReadonlyMap<string, Property>;
}
