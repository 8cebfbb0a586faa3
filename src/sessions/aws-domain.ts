import { partitionOfRegion } from '../profiles/index.ts';
import type { StsTarget } from './plan-steps.ts';

/** What the names of the services' own hosts end in, by partition: the SDKs' endpoint rules. */
const suffixes: Readonly<Record<string, readonly [own: string, dualstack: string]>> = {
  aws: ['amazonaws.com', 'api.aws'],
  'aws-cn': ['amazonaws.com.cn', 'api.amazonwebservices.com.cn'],
  'aws-us-gov': ['amazonaws.com', 'api.aws'],
  'aws-eusc': ['amazonaws.eu', 'api.amazonwebservices.eu'],
};

/** What follows a service's name in its own host's: `eu-west-1.amazonaws.com`. */
export function awsDomain({ region, dualstack }: Pick<StsTarget, 'region' | 'dualstack'>): string {
  const [own, both] = suffixes[partitionOfRegion(region)] ?? ['amazonaws.com', 'api.aws'];
  return `${region}.${dualstack ? both : own}`;
}
