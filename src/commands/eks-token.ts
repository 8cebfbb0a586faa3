import { type CommandInput, type Context, jsonText } from '../cli/index.ts';
import { regionOfShortName } from '../profiles/index.ts';
import { eksToken } from '../sessions/index.ts';
import { jsonFields, printable, rfc3339, UsageError } from '../system/index.ts';
import { toolCredentials } from './tool-credentials.ts';

/**
 * EKS accepts a token for 15 minutes; kubectl asks again a minute earlier (as `aws eks get-token`).
 */
const goodMs = 14 * 60_000;

const versions = ['client.authentication.k8s.io/v1beta1', 'client.authentication.k8s.io/v1'];

/**
 * `awsh eks-token CLUSTER`: run by kubectl to get a token (client-go credential plugins). Never
 * asks the user.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const cluster = clusterName(input.required('CLUSTER'));
  const apiVersion = wantedVersion(context.environment.KUBERNETES_EXEC_INFO ?? '');
  const region = input.value('region');
  const { credentials, target } = await toolCredentials(context, {
    verb: 'eks',
    profile: input.value('profile') ?? null,
    options: region === undefined ? {} : { region: regionOfShortName(region) },
  });
  const now = context.clock.now();
  const token = await eksToken(cluster, { credentials, target, now: new Date(now) });
  const ends = Math.min(now + goodMs, credentials.expiration?.getTime() ?? Number.POSITIVE_INFINITY);
  await context.output.print(
    jsonText({
      kind: 'ExecCredential',
      apiVersion,
      spec: {},
      status: { expirationTimestamp: rfc3339(new Date(ends)), token: token.reveal() },
    }),
  );
  return 0;
}

/**
 * The form of EKS cluster names (Amazon EKS API Reference, CreateCluster). Includes the ids of
 * local clusters on Outposts.
 */
function clusterName(name: string): string {
  if (/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/.test(name)) return name;
  throw new UsageError(
    `not the name of a cluster: ${printable(name)}`,
    'it has letters, digits, - and _, at most 100',
    'aws eks list-clusters',
  );
}

/** kubectl names the version of the protocol in KUBERNETES_EXEC_INFO. */
function wantedVersion(information: string): string {
  const { apiVersion } = jsonFields(information);
  return versions.find((known) => known === apiVersion) ?? 'client.authentication.k8s.io/v1beta1';
}
