import { createHash } from 'node:crypto';
import { type AwsFiles, parseRoleArn, resolveProfile, type Section } from '../profiles/index.ts';
import { isServiceEndpoint } from '../shell/index.ts';
import { isCallStep, type Plan, type PlanIdentity, type Step } from './plan-steps.ts';
import { metadataEndpoints } from './sources/credential-source.ts';

/**
 * Region and output format do not change the identity. Secrets do not either, because other
 * programs renew them.
 */
const notIdentity = new Set(['region', 'output', 'aws_secret_access_key', 'aws_session_token']);

/**
 * The identity that a plan gives, for trust to record and compare (security rule 2). The digest
 * covers the path of the config file, where the keys come from, and every resolved property of
 * every profile in the chain, with the sso-session and services sections that they name.
 */
export function identityOf(plan: Plan, files: AwsFiles): PlanIdentity {
  const [first] = plan.steps;
  const chain = plan.chain.map((name) => [name, resolvedKeys(files, name)]);
  const source = first?.profile ?? plan.profile;
  // By include_profile the key of another profile may begin the chain.
  const holder = source === plan.chain.at(-1) ? [] : [source];
  const content = [plan.configPath, first?.kind, chain, ...holder];
  return {
    digest: createHash('sha256').update(JSON.stringify(content)).digest('hex'),
    profile: plan.profile,
    ...accountAndRoleOf(plan),
    source,
    commands: [...new Set(plan.steps.flatMap(commandsOf))],
    endpoints: endpointsOf(plan),
  };
}

/** From the last role's ARN, or from the properties of an SSO profile. */
export function accountAndRoleOf({ steps }: Plan): Pick<PlanIdentity, 'account' | 'role'> {
  const last = steps.findLast((step) => 'roleArn' in step || step.kind === 'GetRoleCredentials');
  if (last === undefined) return { account: null, role: null };
  if (last.kind === 'GetRoleCredentials') return { account: last.account, role: last.roleName };
  const role = 'roleArn' in last ? last.roleArn : '';
  return { account: parseRoleArn({ value: role, place: { file: '', line: 0 } }).account, role };
}

/** What the setting `protected` is compared with. */
export function targetOf(plan: Plan): { profile: string; account: string | null; roleArn: string | null } {
  const { account, role } = accountAndRoleOf(plan);
  return { profile: plan.profile, account, roleArn: role };
}

/**
 * The commands that a step would run. Anyone who can write one into the config file can run a
 * program.
 */
export function commandsOf(step: Step): string[] {
  if (step.kind === 'process') return [step.command];
  if (step.kind === 'AssumeRoleWithWebIdentity') return 'command' in step.token ? [step.token.command] : [];
  return isCallStep(step) && step.mfaProcess !== null ? [step.mfaProcess] : [];
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

const awsOwn = [...metadataEndpoints.values()];

function endpointsOf(plan: Plan): string[] {
  const called = plan.steps.map((step) => {
    if (step.kind === 'instance') return awsOwn.includes(step.endpoint) ? null : step.endpoint;
    return 'target' in step ? step.target.endpoint : null;
  });
  const services = Object.entries(plan.programVariables)
    .filter(([name]) => isServiceEndpoint(name))
    .map(([, url]) => url);
  return [...new Set([...called, plan.endpointUrl, ...services])].filter((endpoint) => endpoint !== null);
}
