import { resolveProfile } from '../profiles/index.ts';
import type { PlanRequest } from './plan-request.ts';
import { ProfileSettings, settingVariables, showPlace } from './profile-settings.ts';

/** The place where one property of a profile comes from. */
export interface KeySource {
  readonly profile: string;
  readonly key: string;
  /** `FILE:LINE`, or the variable or option that overrides the files. */
  readonly from: string;
  /**
   * The section that it is inherited from: `[default]`, `[profile base]`, `[sso-session corp]`;
   * null for its own.
   */
  readonly by: string | null;
}

/** Every property that applies to these profiles, with its place. Contains no values. */
export function keySources(request: PlanRequest, profiles: readonly string[]): KeySource[] {
  return profiles.flatMap((name) => {
    const resolved = resolveProfile(request.files, name);
    const settings = new ProfileSettings(resolved, request);
    const keys = new Set([...settingVariables(), ...resolved.properties.keys()]);
    const own = [...keys].flatMap((key): KeySource[] => {
      const setting = settings.find(key);
      if (setting === null) return [];
      const section = setting.place === null ? undefined : resolved.inheritedFrom.get(key);
      // An option of an ad-hoc role has no line.
      const from = setting.place?.line === 0 ? setting.place.file : setting.from;
      return [{ profile: name, key, from, by: section === undefined ? null : inBrackets(section) }];
    });
    return [...own, ...sessionSources(request, settings)];
  });
}

function sessionSources({ files }: PlanRequest, settings: ProfileSettings): KeySource[] {
  const name = settings.property('sso_session')?.value ?? '';
  return [...(files.ssoSessions.get(name)?.properties ?? [])]
    .filter(([, { value }]) => value !== '')
    .map(([key, { place }]) => ({
      profile: settings.name,
      key,
      from: showPlace(place),
      by: `[sso-session ${name}]`,
    }));
}

function inBrackets(section: string): string {
  return section === 'default' ? '[default]' : `[profile ${section}]`;
}
