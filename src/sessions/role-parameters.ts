import {
  checkedPolicy,
  checkedPolicyArns,
  checkedTagKeys,
  checkedTags,
  checkedValue,
  requireAmongTags,
} from './plan-checks.ts';
import type { AssumeRoleStep } from './plan-steps.ts';
import type { ProfileSettings } from './profile-settings.ts';
import { parseList, parseSessionTags } from './session-tags.ts';

type Narrowing = Pick<AssumeRoleStep, 'roleSessionName' | 'policy' | 'policyArns'>;
type RoleParameters = Narrowing &
  Pick<AssumeRoleStep, 'externalId' | 'sourceIdentity' | 'tags' | 'transitiveTagKeys'>;

/**
 * The parameters common to AssumeRole and AssumeRoleWithWebIdentity, from a profile. Throws
 * UsageError for what AWS would refuse.
 */
export function sharedParameters(link: ProfileSettings): Narrowing {
  const arns = link.find('policy_arns');
  return {
    roleSessionName: checkedValue(link, 'role_session_name') ?? link.sessionName(),
    policy: checkedPolicy(link),
    policyArns: checkedPolicyArns(parseList(arns), arns),
  };
}

/**
 * The parameters of AssumeRole from a profile, except MFA, duration and target. Throws UsageError
 * for what AWS would refuse.
 */
export function roleParameters(link: ProfileSettings): RoleParameters {
  const [tags, transitive] = [link.find('session_tags'), link.find('transitive_session_tags')];
  const checkedTagList = checkedTags(parseSessionTags(tags), tags);
  const transitiveTagKeys = checkedTagKeys(parseList(transitive), transitive);
  requireAmongTags(transitiveTagKeys, checkedTagList, transitive);
  return {
    ...sharedParameters(link),
    externalId: checkedValue(link, 'external_id'),
    sourceIdentity: checkedValue(link, 'source_identity'),
    tags: checkedTagList,
    transitiveTagKeys,
  };
}
