import { type CommandInput, type Context, tellProblem } from '../cli/index.ts';
import {
  type AwsFiles,
  addProfile,
  editableConfig,
  findProfile,
  type OtherSource,
  otherSourceOf,
  requireSectionName,
  reservedName,
} from '../profiles/index.ts';
import type { Prompter } from '../prompt/index.ts';
import { unloadedEnvironment } from '../shell/index.ts';
import {
  AwshError,
  CancelledError,
  type Environment,
  editCommand,
  operandWord,
  printable,
  printablePath,
  UsageError,
} from '../system/index.ts';
import type { AccessKey } from '../vault/index.ts';
import { keyFromEnvironment, keyFromStdin, keyFromTerminal } from './given-key.ts';
import { tellingHardLinks } from './hard-links.ts';
import { keyInFile } from './key-in-file.ts';
import { localEndpoints } from './local-endpoints.ts';
import { Replacing } from './replacing.ts';

/**
 * `awsh add PROFILE`: stores an access key, and adds the profile to the AWS config file if it is
 * missing.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const profile = input.required('PROFILE');
  const [vault, files, prompter] = [
    await context.vault(),
    await context.awsFiles(),
    await context.prompter(),
  ];
  const addsProfile = !input.flag('no-add-config') && findProfile(files, profile) === null;
  if (addsProfile || profile === reservedName) requireSectionName(profile);
  const other = otherSourceOf(files, profile);
  if (other !== null && !input.flag('force')) refuseOtherSource(profile, other);
  if (input.flag('env') && input.flag('stdin'))
    throw new UsageError('--env and --stdin cannot be used together', 'each names the source of the key');
  const asks = !input.flag('env') && !input.flag('stdin');
  const replacing = new Replacing(context, input, profile);
  // If the index has a key, this asks before the user types the new one.
  const record = asks && vault.keys().find((stored) => stored.profile === profile);
  if (record) await replacing.agree(record.accessKeyId);

  const key = await givenKey(context, input, prompter, profile);
  const isStored = (await replacing.lookAt(key)) === 'stored';
  if (asks && !isStored && (await prompter.confirm('check it with AWS before storing it', 'yes'))) {
    await verify(context, files, profile, key);
  }
  const shown = `the access key ****${key.accessKeyId.slice(-4)}`;
  const where = async () => `for ${printable(profile)} (${(await vault.backend()).name})`;
  if (isStored) {
    await context.output.print(`Nothing to do: ${shown} is already stored ${await where()}.\n`);
  } else {
    await replacing.store(key);
    const old = await vault.removeSessions((session) => session.profile === profile);
    await context.output.print(`Stored ${shown} ${await where()}${replacing.words}.\n`);
    const owner = replacing.words === '' ? printable(profile) : 'the old key';
    if (old > 0)
      await context.output.print(`Removed ${old} ${old === 1 ? 'session' : 'sessions'} of ${owner}.\n`);
  }
  if (addsProfile) {
    const config = editableConfig(context.paths);
    await tellingHardLinks(context, config, () => addProfile(config, profile, {}));
    context.output.tell(
      `  added the profile to ${printablePath(context.paths.awsConfig, context.paths.home)}`,
    );
  }
  if (other !== null) await tellIgnoredSource(context, profile, other);
  await tellKeyInFile(context, files, profile, key);
  await context.refreshNames();
  return 0;
}

/** Warns that the AWS CLI would use the key in the file, and awsh the stored one. */
async function tellKeyInFile(
  context: Context,
  files: AwsFiles,
  profile: string,
  key: AccessKey,
): Promise<void> {
  const there = keyInFile(context, files, profile);
  if (there === null || there.accessKeyId === key.accessKeyId) return;
  await tellProblem(
    context.output,
    `${there.shown} has another key for ${printable(profile)}: ****${printable(there.accessKeyId.slice(-4))}`,
    `with awsh, the stored key ****${key.accessKeyId.slice(-4)} is used; without it, the AWS CLI uses the one in the file`,
    editCommand(there.place.file, there.place.line),
  );
}

async function givenKey(
  context: Context,
  input: CommandInput,
  prompter: Prompter,
  profile: string,
): Promise<AccessKey> {
  const rules = {
    profile,
    added: new Date(context.clock.now()),
    isLocal: input.flag('force') || (await localEndpoints(context))(profile),
  };
  if (input.flag('env')) return keyFromEnvironment(context.environment, rules);
  if (input.flag('stdin')) return await keyFromStdin(rules);
  return await keyFromTerminal(prompter, rules);
}

/**
 * A stored key takes precedence over every other source, so the profile would silently become
 * another user.
 */
function refuseOtherSource(profile: string, other: OtherSource): void {
  const { key, property, giver } = other;
  const line = `${printable(property.place.file)}:${property.place.line}`;
  const [why, next] =
    key === 'source_profile'
      ? [`source_profile is set at ${line}`, `awsh add ${operandWord(property.value)}`]
      : [
          `${key} is set at ${line}: store the key under another name, remove that line, or store it anyway with --force`,
          editCommand(property.place.file, property.place.line),
        ];
  throw new UsageError(`${printable(profile)} takes its credentials from ${giver}`, why, next);
}

/** Printed after the key was stored with --force. */
async function tellIgnoredSource({ output }: Context, profile: string, other: OtherSource): Promise<void> {
  const { file, line } = other.property.place;
  await tellProblem(
    output,
    `${printable(profile)} took its credentials from ${other.giver} until now`,
    `${printable(file)}:${line}: ${other.key} is ignored while a key is stored for the profile`,
    `awsh remove ${operandWord(profile)}`,
  );
}

/**
 * Prints the identity that AWS returns for the key. A key that AWS refuses is stored only if the
 * user still wants it.
 */
async function verify(context: Context, files: AwsFiles, profile: string, key: AccessKey): Promise<void> {
  const { callerIdentity, planFor } = await import('../sessions/index.ts');
  const prompter = await context.prompter();
  try {
    const environment = endpointVariables(context.environment);
    const plan = planFor({ files, profile, keys: [{ ...key, profile }], environment, options: {} });
    const call = plan.steps.find((step) => 'target' in step);
    const credentials = { ...key, sessionToken: null, expiration: null, accountId: null, arn: null };
    const target = call?.target ?? { region: plan.region ?? 'us-east-1', endpoint: plan.endpointUrl };
    const { arn } = await callerIdentity(credentials, target, { surroundings: context.environment }, profile);
    prompter.tell(`AWS says this is ${arn}`);
  } catch (error) {
    if (!(error instanceof AwshError)) throw error;
    prompter.tell([error.what, error.why].filter(Boolean).join(': '));
    if (!(await prompter.confirm('store it anyway'))) throw new CancelledError('nothing was stored');
  }
}

/**
 * Keeps the variables that choose AWS's endpoint, as for `exec`. Credentials in the environment
 * play no part in checking this key.
 */
function endpointVariables(environment: Environment): Environment {
  const isMeant = (name: string) => /^AWS_(ENDPOINT_URL(_STS)?|IGNORE_CONFIGURED_ENDPOINT_URLS)$/.test(name);
  return Object.fromEntries(
    Object.entries(unloadedEnvironment(environment)).filter(([name]) => isMeant(name)),
  );
}
