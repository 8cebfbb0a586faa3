import { editCommand, printable, UsageError } from '../system/index.ts';
import type { Property } from './section.ts';

export interface RoleArn {
  readonly partition: string;
  /** Twelve digits. */
  readonly account: string;
  /** The last part of the path: `Admin` of `role/team/Admin`. */
  readonly roleName: string;
}

/** A path and a name by IAM's own rules (docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). */
const roleArn =
  /^arn:(aws(?:-cn|-us-gov|-eusc|-iso(?:-[a-z])?)?):iam::([0-9]{12}):role\/(?:[!-~]{1,510}\/)?([\w+=,.@-]{1,64})$/;

/**
 * The parts of a profile's `role_arn`. Throws UsageError with the line, which is clearer than AWS's
 * own error.
 */
export function parseRoleArn({ value, place }: Pick<Property, 'value' | 'place'>): RoleArn {
  const [, partition, account, roleName] = roleArn.exec(value) ?? [];
  if (partition !== undefined && account !== undefined && roleName !== undefined) {
    return { partition, account, roleName };
  }
  throw new UsageError(
    `${printable(place.file)}:${place.line}: role_arn is not the ARN of a role`,
    `${faultOf(value)}; it looks like arn:aws:iam::123456789012:role/NAME`,
    place.line > 0 ? editCommand(place.file, place.line) : undefined,
  );
}

function faultOf(value: string): string {
  const [arn, partition = '', service, region, account = '', resource = ''] = value.split(':');
  if (arn !== 'arn' || service !== 'iam' || region !== '') return 'it does not have the form of an IAM ARN';
  if (!/^[0-9]{12}$/.test(account)) return 'its account is not twelve digits';
  if (!/^aws(-|$)/.test(partition)) return 'its partition is not one of AWS';
  if (!resource.startsWith('role/')) return 'it names something other than a role';
  return 'its partition or the name of its role cannot exist';
}
