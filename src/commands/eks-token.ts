import { type CommandInput, type Context, jsonText } from '../cli/index.ts';
import { regionOfShortName } from '../profiles/index.ts';
import { eksToken } from '../sessions/index.ts';
import { jsonFields, printable, rfc3339, UsageError } from '../system/index.ts';
import { toolCredentials } from './tool-credentials.ts';

/** EKS takes a token for a quarter of an hour; kubectl asks again a minute before (as `aws eks get-token`). */
const goodMs = 14 * 60_000;

const versions = ['client.authentication.k8s.io/v1beta1', 'client.authentication.k8s.io/v1'];

/** `awsh eks-token CLUSTER`: what kubectl runs for a token (client-go credential plugins). Asks nobody. */
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

/** As EKS names clusters (Amazon EKS API Reference, CreateCluster); local clusters of Outposts have an id that this covers. */
function clusterName(name: string): string {
  if (/^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/.test(name)) return name;
  throw new UsageError(
    `not the name of a cluster: ${printable(name)}`,
    'it has letters, digits, - and _, at most 100',
    'aws eks list-clusters',
  );
}

/** kubectl says in KUBERNETES_EXEC_INFO which version it speaks. */
function wantedVersion(information: string): string {
  const { apiVersion } = jsonFields(information);
  return versions.find((known) => known === apiVersion) ?? 'client.authentication.k8s.io/v1beta1';
}
