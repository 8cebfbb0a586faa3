import { findProfile } from '../profiles/index.ts';
import { type AdHocRole, adHocRequest, roleArnOfShortForm } from './ad-hoc-role.ts';
import { choiceOfPin } from './narrowed-pin.ts';
import type { PlanRequest } from './plan-request.ts';

/** The other parts of a role, by the name of their option. */
const parts = { 'external-id': 'externalId', 'session-name': 'sessionName', tags: 'tags' } as const;

/**
 * An ad-hoc role as a shell pins it (`awsh use --role-arn`), as one word that a prompt can show:
 * `ACCOUNT:ROLE:SOURCE`, followed by `?external-id=…&…` if it has other parts.
 */
export function pinOfRole(role: AdHocRole): string {
  const roleArn = roleArnOfShortForm(role.roleArn) ?? role.roleArn;
  const [, partition, , , account] = roleArn.split(':');
  const short = `${partition === 'aws' ? '' : `${partition}:`}${account}:${roleArn.slice(roleArn.indexOf('/') + 1)}`;
  const more = Object.entries(parts).flatMap(([name, key]) =>
    role[key] === undefined ? [] : `${name}=${encodeURIComponent(role[key])}`,
  );
  return `${short}:${encodeURIComponent(role.sourceProfile)}${more.length > 0 ? `?${more.join('&')}` : ''}`;
}

/** The role that such a word describes, or null. */
export function roleOfPin(pin: string): AdHocRole | null {
  const [, roleArn, source, query] =
    /^((?:aws[a-z-]*:)?[0-9]{12}:[\w+=,.@/-]{1,512}):([^? ]{1,200})(?:\?(.+))?$/.exec(pin) ?? [];
  if (roleArn === undefined || source === undefined) return null;
  try {
    const more = new URLSearchParams(query ?? '');
    const given = Object.entries(parts).map(([name, key]) => [key, more.get(name) ?? undefined]);
    return { roleArn, sourceProfile: decodeURIComponent(source), ...Object.fromEntries(given) };
  } catch {
    return null;
  }
}

/**
 * The request for a shell's pin: its role, or its profile with less than its permissions, unless a
 * profile has exactly this name. Not for the name in a directory file: a repository chooses among
 * the user's profiles, never a role.
 */
export function pinnedRequest(request: PlanRequest): PlanRequest {
  const { files, keys, profile } = request;
  if (findProfile(files, profile) !== null || keys.some((key) => key.profile === profile)) return request;
  const choice = choiceOfPin(profile);
  if (choice !== null) {
    const { narrowing } = choice;
    const options = { ...request.options, ...(narrowing !== undefined && { narrowing }) };
    return pinnedRequest({ ...request, profile: choice.profile, options });
  }
  const role = roleOfPin(profile);
  return role === null ? request : adHocRequest(request, role);
}
