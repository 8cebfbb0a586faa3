import { createHash } from 'node:crypto';
import { type AwsFiles, parseRoleArn, resolveProfile, type Section } from '../profiles/index.ts';
import { isCallStep, type Plan, type PlanIdentity } from './plan-steps.ts';

/** A region and an output format do not change who somebody is; secrets, which others renew, do not either. */
const notIdentity = new Set(['region', 'output', 'aws_secret_access_key', 'aws_session_token']);

/**
 * Who a plan makes somebody, for trust to record and compare (SECURITY 2). The digest covers the path of the config file,
 * where the keys come from, and every resolved key of every profile of the chain, with the sso-session and services
 * sections that they name.
 */
export function identityOf(plan: Plan, files: AwsFiles): PlanIdentity {
  const [first] = plan.steps;
  const role = plan.steps.findLast((step) => step.kind === 'AssumeRole')?.roleArn ?? null;
  const content = [plan.configPath, first?.kind, plan.chain.map((name) => [name, resolvedKeys(files, name)])];
  return {
    digest: createHash('sha256').update(JSON.stringify(content)).digest('hex'),
    profile: plan.profile,
    account: role === null ? null : parseRoleArn({ value: role, place: { file: '', line: 0 } }).account,
    role,
    source: plan.chain.at(-1) ?? plan.profile,
    // No step of today runs one.
    commands: [],
    endpoints: endpointsOf(plan),
  };
}

type Keys = [key: string, value: string, nested: [string, string][] | null][];

function resolvedKeys(files: AwsFiles, name: string): unknown[] {
  const profile = resolveProfile(files, name);
  const named = (sections: ReadonlyMap<string, Section>, key: string) =>
    sections.get(profile.properties.get(key)?.value ?? '');
  return [
    keysOf(profile),
    keysOf(named(files.ssoSessions, 'sso_session')),
    keysOf(named(files.services, 'services')),
  ];
}

function keysOf(section: Pick<Section, 'properties'> | undefined): Keys {
  const keys: Keys = [];
  for (const [key, { value, nested }] of section?.properties ?? []) {
    if (!notIdentity.has(key)) keys.push([key, value, nested === null ? null : [...nested].sort()]);
  }
  return keys.sort(([a], [b]) => (a < b ? -1 : 1));
}

function endpointsOf(plan: Plan): string[] {
  const called = plan.steps.filter(isCallStep).map((step) => step.target.endpoint);
  return [...new Set([...called, plan.endpointUrl])].filter((endpoint) => endpoint !== null);
}
