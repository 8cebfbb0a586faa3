import { editCommand, printable, UsageError } from '../system/index.ts';
import { slipOf } from './profile-names.ts';
import type { Property } from './section.ts';

const regionPattern = /^[a-z]{2,}(-[a-z]+)+-[0-9]{1,2}$/;

/** The prefixes of regions outside the partition `aws` (botocore's partitions.json). */
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

/**
 * The region in which a call is made and signed, for the region value of a profile or a variable.
 */
export interface RealRegion {
  readonly region: string;
  /** True if the name asks for FIPS endpoints, as use_fips_endpoint does: `fips-us-east-1`, `us-east-1-fips`. */
  readonly fips: boolean;
  /** True for `aws-global`: a service's only endpoint for all regions, signed for us-east-1. */
  readonly global: boolean;
}

const globalRegion = 'aws-global';

/**
 * By the SDKs' rules (botocore and the SDK for JavaScript agree on these forms); null for text
 * without a region's form. It becomes part of a host name, so nothing else is accepted.
 */
export function realRegion(text: string): RealRegion | null {
  if (text.length > 40) return null;
  const plain = text.replace(/^fips-|-fips$/, '');
  const fips = plain !== text;
  if (plain === globalRegion) return { region: 'us-east-1', fips, global: !fips };
  return regionPattern.test(plain) ? { region: plain, fips, global: false } : null;
}

/** The second line of an error about a region. */
export const regionForm = 'a region looks like eu-central-1';

export function isRegion(text: string): boolean {
  return realRegion(text) !== null;
}

/**
 * The region that was meant, if the direction in this one is mistyped (`eu-centrl-1`); or null. An
 * unknown area or number may be a new region.
 */
export function regionMeant(text: string): string | null {
  const [, area, direction = '', number] = /^(.+)-([a-z]+)-([0-9]+)$/.exec(text) ?? [];
  const directions = Object.values(minors);
  const meant = directions.includes(direction) ? null : slipOf(direction, directions);
  return meant === null ? null : `${area}-${meant}-${number}`;
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
 * The region of a short name as in granted: `ue1` or `use1` for us-east-1, `apse2` for
 * ap-southeast-2, `ugw1` (and `usgw1`) for us-gov-west-1; without a number the first one. Any other
 * text is returned unchanged.
 */
export function regionOfShortName(text: string): string {
  const [, major = '', minor = '', number] =
    /^(af|ap|a|ca|cn|c|eu|e|il|me|mx|m|sa|s|ug|usg|us|u)(ne|nw|n|se|sw|s|c|e|w)([0-9]{0,2})$/.exec(text) ??
    [];
  return number === undefined ? text : `${majors[major]}-${minors[minor]}-${number || '1'}`;
}

/** The partition that a region belongs to: `aws-cn` for `cn-north-1`. */
export function partitionOfRegion(region: string): string {
  const name = realRegion(region)?.region ?? region;
  return prefixes.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'aws';
}

/** False for a region of another partition, in which a role's ARN and credentials are not valid. */
export function regionFitsPartition(region: string, partition: string): boolean {
  return partitionOfRegion(region) === partition;
}

/**
 * The region in a profile's property. Throws UsageError, with file and line, if it does not have a
 * region's form.
 */
export function parseRegion({ value, place }: Pick<Property, 'value' | 'place'>): string {
  if (isRegion(value)) return value;
  throw new UsageError(
    `${printable(place.file)}:${place.line} does not name a region`,
    regionForm,
    place.line > 0 ? editCommand(place.file, place.line) : undefined,
  );
}
