import type { AwsFiles, Section } from './section.ts';

export type PropertiesJson = Record<string, string | Record<string, string>>;

/** The output of `awsh config aws --json`. */
export interface AwsConfigJson {
  readonly profiles: Record<string, PropertiesJson>;
  readonly ssoSessions: Record<string, PropertiesJson>;
  readonly services: Record<string, PropertiesJson>;
  /** What was ignored or read leniently: one line each, with file and line. */
  readonly warnings: readonly string[];
}

const secretKeys = new Set(['aws_secret_access_key', 'aws_session_token', 'aws_security_token']);

/**
 * The two merged files, each nested property as an object. Secrets in them are shown as `[secret]`,
 * because output ends up in terminals and logs. No object has a prototype, so that a profile may be
 * called `__proto__`.
 */
export function awsConfigJson(files: AwsFiles): AwsConfigJson {
  return {
    profiles: sectionsJson(files.profiles),
    ssoSessions: sectionsJson(files.ssoSessions),
    services: sectionsJson(files.services),
    warnings: files.warnings,
  };
}

function sectionsJson(sections: ReadonlyMap<string, Section>): Record<string, PropertiesJson> {
  return plainObject(sections, ({ properties }) =>
    plainObject(properties, ({ value, nested }, key) =>
      nested === null || secretKeys.has(key) ? shown(value, key) : plainObject(nested, shown),
    ),
  );
}

function shown(value: string, key: string): string {
  return secretKeys.has(key) ? '[secret]' : value;
}

function plainObject<From, To>(
  map: ReadonlyMap<string, From>,
  convert: (value: From, key: string) => To,
): Record<string, To> {
  const object: Record<string, To> = Object.create(null);
  for (const [key, value] of map) object[key] = convert(value, key);
  return object;
}
