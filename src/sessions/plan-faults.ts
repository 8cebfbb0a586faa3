/** All that AWS would refuse in a profile's own settings: a plan stops at the first. */
import { resolveProfile, sourceChain } from '../profiles/index.ts';
import { AwshError, awshErrorOf } from '../system/index.ts';
import { checkedRegion, configuredRole } from './configured-role.ts';
import {
  checkedPolicy,
  checkedPolicyArns,
  checkedTagKeys,
  checkedTags,
  checkedValue,
  requireAmongTags,
} from './plan-checks.ts';
import type { PlanRequest } from './plan-request.ts';
import { ProfileSettings } from './profile-settings.ts';
import { parseList, parseSessionTags } from './session-tags.ts';
import { roleDuration } from './step-duration.ts';

/** The errors of each setting of the profile and its sources, checked one by one; each fault once, in the chain's order. */
export function settingFaults(request: PlanRequest): AwshError[] {
  const faults = new Map<string, AwshError>();
  for (const link of linksOf(request)) {
    for (const check of checksOf(link, request)) {
      const fault = awshErrorOf(check);
      if (fault !== null && !faults.has(fault.what)) faults.set(fault.what, fault);
    }
  }
  return [...faults.values()];
}

/** The profile alone if its chain leads nowhere, which is a fault of its own. */
function linksOf(request: PlanRequest): ProfileSettings[] {
  const { files, profile, keys } = request;
  const hasKey = (name: string) => keys.some((key) => key.profile === name);
  try {
    return sourceChain(files, profile, hasKey).map((link) => new ProfileSettings(link, request));
  } catch (error) {
    if (!(error instanceof AwshError)) throw error;
  }
  const resolved = awshErrorOf(() => resolveProfile(files, profile));
  return resolved === null ? [new ProfileSettings(resolveProfile(files, profile), request)] : [];
}

function checksOf(link: ProfileSettings, request: PlanRequest): (() => unknown)[] {
  const region = () => checkedRegion(link.find('region'), null);
  if (link.find('role_arn') === null) return [region];
  const isWebIdentity = ['web_identity_token_file', 'web_identity_token_process'].some((key) =>
    link.find(key),
  );
  const [arns, tags, transitive] = ['policy_arns', 'session_tags', 'transitive_session_tags'].map((key) =>
    link.find(key),
  );
  const shared = [
    () => configuredRole(link),
    region,
    () => roleDuration(link, request, false),
    () => checkedValue(link, 'role_session_name'),
    () => checkedPolicy(link),
    () => checkedPolicyArns(parseList(arns ?? null), arns ?? null),
  ];
  if (isWebIdentity) return shared;
  return [
    ...shared,
    () => checkedValue(link, 'external_id'),
    () => checkedValue(link, 'source_identity'),
    () => checkedValue(link, 'mfa_serial'),
    () => checkedTags(parseSessionTags(tags ?? null), tags ?? null),
    () => checkedTagKeys(parseList(transitive ?? null), transitive ?? null),
    () => requireAmongTags(parseList(transitive ?? null), parseSessionTags(tags ?? null), transitive ?? null),
  ];
}
