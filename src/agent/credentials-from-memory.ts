import { type PlanOptions, planFor } from '../sessions/index.ts';
import {
  type EnvironmentChange,
  type ExportFormat,
  execChange,
  exportFormats,
  exportText,
  unloadedEnvironment,
} from '../shell/index.ts';
import { type AppPaths, AwshError, appPaths, type Credentials, type Environment } from '../system/index.ts';
import { type MemorySource, NotInMemory } from './memory-source.ts';
import { type AgentReply, reply } from './reply.ts';
import type { AgentRequest } from './request.ts';
import { UnderWay } from './under-way.ts';
import { dependsOnFolder, type UserFiles } from './user-files.ts';

/**
 * What `exec` or `export` is to have, by the same rules as in the foreground. Null wherever the answer would not be
 * credentials: errors, waiting and questions are Node's.
 */
export async function credentialsFromMemory(
  request: AgentRequest,
  source: MemorySource,
  files: UserFiles,
): Promise<AgentReply | null> {
  const { fields, environment: caller } = request;
  const [profile, wanted, options] = [fields.get('profile'), formatOf(fields), planOptions(fields)];
  // AWS_VAULT: inside exec already, which is refused with an explanation.
  if (!profile || wanted === null || options === null || caller.AWS_VAULT) return null;
  if (caller.HOME === undefined || dependsOnFolder(caller)) return null;
  const environment = unloadedEnvironment(caller);
  try {
    const paths: AppPaths = appPaths(caller);
    if (!files.settings(paths).agent) return null;
    const keys = files.keys(paths, caller);
    const plan = planFor({ files: files.awsFiles(paths), profile, keys, environment, options });
    const minTtlSeconds = Math.max(plan.minTtlSeconds, Number(fields.get('min-ttl') ?? 0));
    const how = { ask: true, refresh: false, cachedOnly: false, needAccount: false };
    const use = { profile, surroundings: caller, environment, options };
    const credentials = source.credentials({ ...plan, minTtlSeconds }, how, use);
    const identity = { profile, region: plan.region, endpointUrl: plan.endpointUrl };
    return wanted === 'exec'
      ? ready(credentials, profile, changeAsLines(shorter(execChange(caller, credentials, identity), caller)))
      : ready(credentials, profile, [['text', exportText(wanted, credentials, identity)]]);
  } catch (error) {
    if (error instanceof NotInMemory || error instanceof UnderWay || error instanceof AwshError) return null;
    throw error;
  }
}

function formatOf(fields: AgentRequest['fields']): 'exec' | ExportFormat | null {
  if (fields.get('want') === 'exec') return 'exec';
  const format = fields.get('format') ?? 'env';
  return (fields.get('want') === 'export' && exportFormats.find((known) => known === format)) || null;
}

/** Null where an option is not of its form: Node says what is wrong with it. */
function planOptions(fields: AgentRequest['fields']): PlanOptions | null {
  const [duration, region] = [fields.get('duration'), fields.get('region')];
  const numbers = [duration, fields.get('min-ttl')];
  if (numbers.some((text) => text !== undefined && !/^[0-9]{1,6}$/.test(text))) return null;
  return {
    noSession: fields.get('no-session') === '1',
    ...(duration !== undefined && { durationSeconds: Number(duration) }),
    ...(region !== undefined && { region }),
  };
}

function ready(credentials: Credentials, profile: string, lines: AgentReply['lines']): AgentReply {
  return reply('ok', credentials.expiration ?? 0, profile, lines);
}

/** Without what the caller has not got to unset. What might be a secret it has not told: that is unset in any case. */
function shorter({ set, unset }: EnvironmentChange, caller: Environment): EnvironmentChange {
  return {
    set,
    unset: unset.filter((name) => caller[name] !== undefined || /TOKEN|SECRET|CREDENTIAL|KEY/.test(name)),
  };
}

function changeAsLines({ set, unset }: EnvironmentChange): AgentReply['lines'] {
  return [
    ...[...set].map(([name, value]) => {
      const text = typeof value === 'string' ? value : value.reveal();
      return ['set', `${name} ${text}`] as const;
    }),
    ...unset.map((name) => ['unset', name] as const),
  ];
}
