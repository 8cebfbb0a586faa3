import { partitionOfRegion } from '../profiles/index.ts';
import type { StsTarget } from './plan-steps.ts';

/** The domains of the services' own hosts, by partition, from the SDKs' endpoint rules. */
const suffixes: Readonly<Record<string, readonly [own: string, dualstack: string]>> = {
  aws: ['amazonaws.com', 'api.aws'],
  'aws-cn': ['amazonaws.com.cn', 'api.amazonwebservices.com.cn'],
  'aws-us-gov': ['amazonaws.com', 'api.aws'],
  'aws-eusc': ['amazonaws.eu', 'api.amazonwebservices.eu'],
};

/** The part of a service's host after its name: `eu-west-1.amazonaws.com`. */
export function awsDomain({ region, dualstack }: Pick<StsTarget, 'region' | 'dualstack'>): string {
  const [own, both] = suffixes[partitionOfRegion(region)] ?? ['amazonaws.com', 'api.aws'];
  return `${region}.${dualstack ? both : own}`;
}
