import { findProfile } from '../profiles/index.ts';
import { type AdHocRole, adHocRequest, roleArnOfShortForm } from './ad-hoc-role.ts';
import { choiceOfPin } from './narrowed-pin.ts';
import type { PlanRequest } from './plan-request.ts';

/** What else goes with a role, by its option's name. */
const parts = { 'external-id': 'externalId', 'session-name': 'sessionName', tags: 'tags' } as const;

/**
 * An ad-hoc role as a shell pins it (`awsh use --role-arn`), in one word that a prompt can show:
 * `ACCOUNT:ROLE:SOURCE`, and `?external-id=…&…` behind it if there is more to say.
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

/** The role that such a word stands for, or null. */
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
 * The request for what a shell has pinned: its role, or less than a profile, unless a profile has this very name. Not for what
 * a directory file names: a repository chooses among the user's profiles, and never a role.
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
