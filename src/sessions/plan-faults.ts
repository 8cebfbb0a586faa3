/**
 * Every error in the settings of a profile and its sources, whether it stops the plan or AWS would
 * refuse it. A plan itself stops at the first.
 */
import { chainLinks, keyHolder, requireUsable, resolveProfile } from '../profiles/index.ts';
import { type AwshError, awshErrorOf } from '../system/index.ts';
import { checkedRegion, configuredRole } from './configured-role.ts';
import { missingBundle } from './missing-bundle.ts';
import { requirePlainKeyForm } from './plain-key-form.ts';
import {
  checkedPolicy,
  checkedPolicyArns,
  checkedTagKeys,
  checkedTags,
  checkedValue,
  requireAmongTags,
} from './plan-checks.ts';
import type { PlanRequest } from './plan-request.ts';
import { identityFaults } from './profile-chain.ts';
import { configuredPath, ProfileSettings, type Setting } from './profile-settings.ts';
import { programVariables } from './program-variables.ts';
import { profileEndpoint } from './service-endpoints.ts';
import { parseList, parseSessionTags } from './session-tags.ts';
import { roleCredentialsFaults } from './sources/identity-center.ts';
import { roleDuration } from './step-duration.ts';
import { checkedTarget } from './sts-target.ts';

/**
 * The errors of each setting of the profile and its sources, checked one by one; each error once,
 * in the chain's order.
 */
export function settingFaults(request: PlanRequest): AwshError[] {
  const links = linksOf(request);
  const found = [
    ...links.flatMap((link) => [
      ...lineFaults(link, links, request),
      ...checksOf(link, request).flatMap((check) => awshErrorOf(check) ?? []),
    ]),
    ...links.slice(0, 1).flatMap((target) => programFaults(target, request)),
  ];
  const faults = new Map<string, AwshError>();
  for (const fault of found) if (!faults.has(fault.what)) faults.set(fault.what, fault);
  return [...faults.values()];
}

/**
 * The profiles of the chain as far as it can be followed; its end is a separate error. Only the
 * profile if its section is malformed.
 */
function linksOf(request: PlanRequest): ProfileSettings[] {
  const { files, profile } = request;
  const links: ProfileSettings[] = [];
  const fault = awshErrorOf(() => {
    for (const link of chainLinks(files, profile, hasKeyIn(request)))
      links.push(new ProfileSettings(link, request));
  });
  if (fault === null || links.length > 0) return links;
  const unresolved = awshErrorOf(() => resolveProfile(files, profile));
  return unresolved === null ? [new ProfileSettings(resolveProfile(files, profile), request)] : [];
}

const hasKeyIn =
  ({ keys }: PlanRequest) =>
  (name: string) =>
    keys.some(({ profile }) => profile === name);

/**
 * Empty properties, contradictory lines, and what is missing for the source of the credentials.
 * None for a malformed section.
 */
function lineFaults(
  link: ProfileSettings,
  links: readonly ProfileSettings[],
  request: PlanRequest,
): AwshError[] {
  const { files } = request;
  if (awshErrorOf(() => requireUsable(files, link.name)) !== null) return [];
  const usesStoredKey = keyHolder(files, link.name, hasKeyIn(request)) !== null;
  const faults = identityFaults(link, files, usesStoredKey);
  const [id, secret] = [link.property('aws_access_key_id'), link.property('aws_secret_access_key')];
  if (usesStoredKey || link !== links.at(-1)) return faults;
  const isKey = id !== null && secret !== null;
  return [
    ...faults,
    ...(isKey
      ? [awshErrorOf(() => requirePlainKeyForm(link, id, secret))].filter((fault) => fault !== null)
      : roleCredentialsFaults(link, request)),
  ];
}

/** Errors in the settings for programs' calls, and for awsh's own calls. */
function programFaults(target: ProfileSettings, request: PlanRequest): AwshError[] {
  const bundle = target.property('ca_bundle');
  const checks = [
    () => profileEndpoint(target),
    () => checkedTarget(target, request, null),
    () => programVariables(target, request),
    () => bundle && requireBundle(configuredPath(bundle), bundle, request),
  ];
  return checks.flatMap((check) => awshErrorOf(check) ?? []);
}

function requireBundle(caBundle: string, { place }: Setting, { environment }: PlanRequest): void {
  const fault = missingBundle({ caBundle, caBundlePlace: place }, environment);
  if (fault !== null) throw fault;
}

/** True if the profile has an access key: its session may need an MFA code. */
function isKeyOf(link: ProfileSettings, request: PlanRequest): boolean {
  const holder = keyHolder(request.files, link.name, hasKeyIn(request));
  return holder !== null || link.property('aws_access_key_id') !== null;
}

function checksOf(link: ProfileSettings, request: PlanRequest): (() => unknown)[] {
  const region = () => checkedRegion(link.find('region'), null);
  if (link.find('role_arn') === null) {
    const asksForCode = isKeyOf(link, request);
    return asksForCode ? [region, () => checkedValue(link, 'mfa_serial')] : [region];
  }
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
