/** A position in an AWS file; `line` counts from 1. */
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

/** One profile, sso-session or services section; property names are lower-case. */
export interface Section {
  readonly name: string;
  readonly place: Place;
  readonly properties: ReadonlyMap<string, Property>;
  /** Why the section cannot be used, and the line; usually null. */
  readonly fault: SectionFault | null;
}

/** A line that spoils its section. */
export interface SectionFault {
  readonly place: Place;
  readonly why: string;
}

/** A section that no AWS SDK reads, and the profile that was probably meant. */
export interface IgnoredSection {
  readonly header: string;
  readonly place: Place;
  readonly why: string;
  /**
   * `dev` for `[dev]` in the config file, and for `[profile dev]` in the credentials file; null if
   * unknown.
   */
  readonly meant: string | null;
}

/** Both AWS files, read once: a property in the credentials file overrides the config file's. */
export interface AwsFiles {
  readonly configPath: string;
  readonly credentialsPath: string;
  readonly profiles: ReadonlyMap<string, Section>;
  readonly ssoSessions: ReadonlyMap<string, Section>;
  readonly services: ReadonlyMap<string, Section>;
  /**
   * Sections and properties that were ignored, and what was read leniently: one line each, with
   * file and line.
   */
  readonly warnings: readonly string[];
  /**
   * The part of `warnings` about lines that the SDKs' common grammar does not allow, and how they
   * were read.
   */
  readonly oddLines: readonly string[];
  /**
   * The part of `warnings` about repeated sections and properties and signs of another operating
   * system; all of it is read.
   */
  readonly repeatedLines: readonly string[];
  readonly ignored: readonly IgnoredSection[];
}

/**
 * A profile with what it inherits: everything by include_profile, only settings from [default].
 * `properties` are the final values, each with its place.
 */
export interface ResolvedProfile {
  readonly name: string;
  /** The profile's own header, or null if the profile exists only as stored keys. */
  readonly place: Place | null;
  readonly properties: ReadonlyMap<string, Property>;
  /** The properties that came from another section, with that section's name. */
  readonly inheritedFrom: ReadonlyMap<string, string>;
  /** True if its `source_profile` is itself: its own keys assume its role. */
  readonly isOwnSource: boolean;
}
