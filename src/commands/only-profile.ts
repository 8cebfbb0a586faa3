/** `exec --only`: gives a command one profile, with AWS files of its own. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from '../cli/index.ts';
import { type ResolvedProfile, resolveProfile } from '../profiles/index.ts';
import { type EnvironmentChange, onlyConfigName, switchVariables } from '../shell/index.ts';
import { ensurePrivateDirectory } from '../system/index.ts';
import { findWall, wallScript } from './only-wall.ts';

/** Properties of a profile about calls and output, not about its identity. */
const kept = [
  'region',
  'output',
  'endpoint_url',
  'ca_bundle',
  ...switchVariables.map(([key]) => key),
  'sts_regional_endpoints',
  'max_attempts',
  'retry_mode',
  'defaults_mode',
  'cli_pager',
  'cli_timestamp_format',
  'cli_binary_format',
];

export interface OnlyProfile {
  readonly change: EnvironmentChange;
  /** bubblewrap, which isolates the command; null if there is none that works. */
  readonly program: string | null;
}

/** `words` is the command. The folder with its files is removed when its process has ended. */
export async function onlyProfile(
  context: Context,
  profile: string,
  change: EnvironmentChange,
  words: readonly string[],
): Promise<OnlyProfile> {
  const { runtime } = context.paths;
  ensurePrivateDirectory(runtime);
  const folder = join(runtime, `only-${process.ppid}-${randomBytes(8).toString('hex')}`);
  mkdirSync(folder, { mode: 0o700 });
  const files = await context.awsFiles();
  const hasKeys = change.set.has('AWS_ACCESS_KEY_ID');
  const keys = hasKeys ? `credential_process = /bin/sh ${join(folder, 'own-keys')}\n` : '';
  const write = (name: string, text: string, mode = 0o600) =>
    writeFileSync(join(folder, name), text, { mode });
  write(onlyConfigName, configText(profile, resolveProfile(files, profile), keys));
  write('credentials', '');
  write('own-keys', ownKeys);
  const set = new Map(change.set)
    .set('AWS_CONFIG_FILE', join(folder, onlyConfigName))
    .set('AWS_SHARED_CREDENTIALS_FILE', join(folder, 'credentials'))
    .set('AWSH_ONLY', profile);
  const wall = findWall(context);
  if (wall === null) {
    context.output.tell(
      'awsh: bubblewrap is missing or does not work here, so the command can still read ~/.aws and use awsh',
    );
    return { change: { ...change, set }, program: null };
  }
  if (process.getuid?.() === 0)
    context.output.tell(
      'awsh: you are root: through programs that obey root, such as Docker, the command can still leave the sandbox',
    );
  const program = join(folder, 'run');
  write('run', wallScript(wall, context, folder, words), 0o700);
  const unset = [...change.unset, 'DBUS_SESSION_BUS_ADDRESS'];
  return { change: { set, unset }, program };
}

/**
 * A credential_process for `--profile NAME`, because programs then ignore their environment. It
 * contains no secret.
 */
const ownKeys = `printf '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"%s"' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY"
[ -z "$AWS_SESSION_TOKEN" ] || printf ',"SessionToken":"%s"' "$AWS_SESSION_TOKEN"
[ -z "$AWS_CREDENTIAL_EXPIRATION" ] || printf ',"Expiration":"%s"' "$AWS_CREDENTIAL_EXPIRATION"
printf '}\\n'
`;

function configText(name: string, { properties }: ResolvedProfile, keys: string): string {
  const lines = kept.flatMap((key) => {
    const value = properties.get(key)?.value;
    return value ? [`${key} = ${value}\n`] : [];
  });
  const section = /\s/.test(name) ? JSON.stringify(name) : name;
  return `[default]\n${lines.join('')}\n[profile ${section}]\n${lines.join('')}${keys}`;
}
