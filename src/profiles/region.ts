import { editCommand, printable, UsageError } from '../system/index.ts';
import type { Property } from './section.ts';

const regionPattern = /^[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}$/;

/** How the regions outside the partition `aws` begin (botocore's partitions.json). */
const prefixes: readonly (readonly [prefix: string, partition: string])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['eusc-', 'aws-eusc'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
  ['eu-isof-', 'aws-iso-f'],
];

/** True for what has a region's form: it becomes part of a host name, so nothing else may pass. */
export function isRegion(text: string): boolean {
  return text.length <= 40 && regionPattern.test(text);
}

const majors: Readonly<Record<string, string>> = {
  a: 'ap',
  af: 'af',
  ap: 'ap',
  c: 'ca',
  ca: 'ca',
  cn: 'cn',
  e: 'eu',
  eu: 'eu',
  il: 'il',
  m: 'me',
  me: 'me',
  mx: 'mx',
  s: 'sa',
  sa: 'sa',
  u: 'us',
  us: 'us',
  usg: 'us-gov',
  ug: 'us-gov',
};

const minors: Readonly<Record<string, string>> = {
  c: 'central',
  e: 'east',
  n: 'north',
  ne: 'northeast',
  nw: 'northwest',
  s: 'south',
  se: 'southeast',
  sw: 'southwest',
  w: 'west',
};

/**
 * The region of a short name, as granted writes them: `ue1` or `use1` for us-east-1, `apse2` for ap-southeast-2,
 * `ugw1` (and `usgw1`) for us-gov-west-1, without a number the first one. Anything else comes back as it is.
 */
export function regionOfShortName(text: string): string {
  const [, major = '', minor = '', number] =
    /^(af|ap|a|ca|cn|c|eu|e|il|me|mx|m|sa|s|ug|usg|us|u)(ne|nw|n|se|sw|s|c|e|w)([0-9]{0,2})$/.exec(text) ??
    [];
  return number === undefined ? text : `${majors[major]}-${minors[minor]}-${number || '1'}`;
}

/** The partition that a region belongs to: `aws-cn` for `cn-north-1`. */
export function partitionOfRegion(region: string): string {
  return prefixes.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws';
}

/** False for a region of another partition, where a role's ARN and credentials mean nothing. */
export function regionFitsPartition(region: string, partition: string): boolean {
  return partitionOfRegion(region) === partition;
}

/** The region of a profile's property; UsageError, with file and line, where it has not the form of one. */
export function parseRegion({ value, place }: Pick<Property, 'value' | 'place'>): string {
  if (isRegion(value)) return value;
  throw new UsageError(
    `${printable(place.file)}:${place.line} does not name a region`,
    'a region looks like eu-central-1',
    place.line > 0 ? editCommand(place.file, place.line) : undefined,
  );
}
