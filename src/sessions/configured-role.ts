import {
  isRegion,
  parseRegion,
  parseRoleArn,
  type RoleArn,
  regionFitsPartition,
  regionForm,
} from '../profiles/index.ts';
import { printable, UsageError } from '../system/index.ts';
import { correctionOf, type ProfileSettings, type Setting } from './profile-settings.ts';

/**
 * The profile's role and the parts of its ARN, or null if it has none. Throws UsageError, with file
 * and line, for a malformed ARN.
 */
export function configuredRole(link: ProfileSettings): (RoleArn & { readonly setting: Setting }) | null {
  const setting = link.find('role_arn');
  return setting === null ? null : { ...readArn(setting), setting };
}

function readArn(setting: Setting): RoleArn {
  const { value, place } = setting;
  if (place !== null) return parseRoleArn({ value, place });
  try {
    return parseRoleArn({ value, place: { file: setting.from, line: 0 } });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${setting.from} is not the ARN of a role`, error.why, correctionOf(setting));
  }
}

/**
 * The region that a setting names, if it has a region's form and, if a role determines the
 * partition, belongs to that partition. Otherwise throws UsageError, before anything is sent.
 */
export function checkedRegion(setting: Setting | null, partition: string | null): string | null {
  if (setting === null) return null;
  const { value, place, from } = setting;
  if (place !== null) parseRegion({ value, place });
  else if (!isRegion(value)) {
    throw new UsageError(
      `${from} does not name a region`,
      regionForm,
      correctionOf(setting) ?? withoutOption(setting),
    );
  }
  if (partition === null || regionFitsPartition(value, partition)) return value;
  throw new UsageError(
    `${from}: region ${printable(value)} is not in partition ${partition}`,
    'the role to assume is, by its ARN; credentials of one partition are not valid in another',
    correctionOf(setting) ?? withoutOption(setting),
  );
}

/** The advice `leave out --region`, if the command line has it. */
function withoutOption({ from }: Setting): string | undefined {
  return from.startsWith('--') ? `leave out ${from}` : undefined;
}
