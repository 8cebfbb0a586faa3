import type { AwsFiles } from '../profiles/index.ts';
import { type Plan, type PlanOptions, planFor } from '../sessions/index.ts';
import {
  type EnvironmentChange,
  type ExportFormat,
  execChange,
  exportFormats,
  exportText,
  launcherLines,
  unloadedEnvironment,
} from '../shell/index.ts';
import { type AppPaths, AwshError, appPaths, type Credentials, type Environment } from '../system/index.ts';
import type { KeyRecord } from '../vault/index.ts';
import { type MemorySource, NotInMemory } from './memory-source.ts';
import { type AgentReply, reply } from './reply.ts';
import type { AgentRequest } from './request.ts';
import { UnderWay } from './under-way.ts';
import { dependsOnFolder, type UserFiles } from './user-files.ts';

/** A request, read once however often it comes. `plan` holds for the files and keys that it was made from. */
interface Wanted {
  readonly profile: string;
  readonly format: 'exec' | ExportFormat;
  readonly options: PlanOptions;
  readonly paths: AppPaths;
  readonly environment: Environment;
  plan: { readonly files: AwsFiles; readonly keys: readonly KeyRecord[]; readonly plan: Plan } | null;
}

/** Null where Node is to answer. */
const known = new WeakMap<AgentRequest, Wanted | null>();

/**
 * What `exec` or `export` is to have, by the same rules as in the foreground. Null wherever the answer would not be
 * credentials: errors, waiting and questions are Node's.
 */
export async function credentialsFromMemory(
  request: AgentRequest,
  source: MemorySource,
  files: UserFiles,
): Promise<AgentReply | null> {
  const caller = request.environment;
  try {
    const wanted = known.get(request) ?? readWanted(request);
    known.set(request, wanted);
    if (wanted === null) return null;
    const { profile, format, options, environment } = wanted;
    const plan = planOf(wanted, caller, files);
    if (plan === null) return null;
    const minTtlSeconds = Math.max(plan.minTtlSeconds, Number(request.fields.get('min-ttl') ?? 0));
    const how = { ask: true, refresh: false, cachedOnly: false, needAccount: false };
    const use = { profile, surroundings: caller, environment, options };
    const credentials = source.credentials({ ...plan, minTtlSeconds }, how, use);
    const identity = { profile, region: plan.region, endpointUrl: plan.endpointUrl };
    return format === 'exec'
      ? ready(
          'ok',
          wanted,
          credentials,
          execLines(shorter(execChange(caller, credentials, identity), caller)),
        )
      : ready('text', wanted, credentials, exportText(format, credentials, identity));
  } catch (error) {
    if (error instanceof NotInMemory || error instanceof UnderWay || error instanceof AwshError) return null;
    throw error;
  }
}

function readWanted({ fields, environment: caller }: AgentRequest): Wanted | null {
  const [profile, format, options] = [fields.get('profile'), formatOf(fields), planOptions(fields)];
  // AWS_VAULT: inside exec already, which is refused with an explanation.
  if (!profile || format === null || options === null || caller.AWS_VAULT) return null;
  if (caller.HOME === undefined || dependsOnFolder(caller)) return null;
  const environment = unloadedEnvironment(caller);
  return { profile, format, options, paths: appPaths(caller), environment, plan: null };
}

/** Made again where a file or the index has changed: planning reads nothing else. Null where the settings want no agent. */
function planOf(wanted: Wanted, caller: Environment, userFiles: UserFiles): Plan | null {
  const { paths, profile, environment, options } = wanted;
  const settings = userFiles.settings(paths);
  if (!settings.agent) return null;
  const [keys, files] = [userFiles.keys(paths, caller, settings), userFiles.awsFiles(paths)];
  if (wanted.plan?.keys !== keys || wanted.plan.files !== files) {
    wanted.plan = { files, keys, plan: planFor({ files, profile, keys, environment, options }) };
  }
  return wanted.plan.plan;
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

function ready(status: string, { profile }: Wanted, { expiration }: Credentials, body: string): AgentReply {
  return { ...reply(status, expiration ?? 0, profile), body };
}

/** Without what the caller has not got to unset. What might be a secret it has not told: that is unset in any case. */
function shorter({ set, unset }: EnvironmentChange, caller: Environment): EnvironmentChange {
  return {
    set,
    unset: unset.filter(
      (name) => caller[name] !== undefined || /TOKEN|SECRET|CREDENTIAL|KEY|PASS/.test(name),
    ),
  };
}

function execLines(change: EnvironmentChange): string {
  return `${launcherLines(change).join('\n')}\n`;
}
