import type { CommandInput, Context } from '../cli/index.ts';
import {
  type AwsFiles,
  addProfile,
  editableConfig,
  findProfile,
  requireSectionName,
} from '../profiles/index.ts';
import type { Prompter } from '../prompt/index.ts';
import {
  AwshError,
  CancelledError,
  PersonNeededError,
  printable,
  shellCommand,
  UsageError,
} from '../system/index.ts';
import type { AccessKey } from '../vault/index.ts';
import { keyFromEnvironment, keyFromStdin, keyFromTerminal } from './given-key.ts';

/** `awsh add PROFILE`: stores an access key, and adds the profile to the AWS config file where it is missing. */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const profile = input.required('PROFILE');
  const [vault, files, prompter] = [
    await context.vault(),
    await context.awsFiles(),
    await context.prompter(),
  ];
  const addsProfile = !input.flag('no-add-config') && findProfile(files, profile) === null;
  if (addsProfile) requireSectionName(profile);
  refuseUnusedKey(files, profile);
  const stored = vault.keys().find((record) => record.profile === profile);
  if (stored && !input.flag('force')) await confirmReplacing(prompter, profile, stored.accessKeyId);

  const key = await givenKey(context, input, prompter, profile);
  const asked = !input.flag('env') && !input.flag('stdin');
  if (asked && (await prompter.confirm('check it with AWS before it is stored'))) {
    await verify(context, files, profile, key);
  }
  await vault.storeAccessKey(profile, key);
  const old = await vault.removeSessions((record) => record.profile === profile);
  if (addsProfile) await addProfile(editableConfig(context.paths), profile, {});
  await context.refreshNames();
  const { name } = await vault.backend();
  await context.output.print(
    `Stored the access key ****${key.accessKeyId.slice(-4)} for ${printable(profile)} (${name}).\n`,
  );
  if (old > 0)
    await context.output.print(`Removed ${old} ${old === 1 ? 'session' : 'sessions'} of the old key.\n`);
  if (addsProfile) context.output.tell(`  added the profile to ${printable(context.paths.awsConfig)}`);
  return 0;
}

async function givenKey(
  context: Context,
  input: CommandInput,
  prompter: Prompter,
  profile: string,
): Promise<AccessKey> {
  const added = new Date(context.clock.now());
  if (input.flag('env') && input.flag('stdin')) throw new UsageError('--env and --stdin exclude each other');
  if (input.flag('env')) return keyFromEnvironment(context.environment, added);
  if (input.flag('stdin')) return await keyFromStdin(added);
  return await keyFromTerminal(prompter, profile, added);
}

/** A key under a profile that takes its credentials from another would never be used; aws-vault refuses it too. */
function refuseUnusedKey(files: AwsFiles, profile: string): void {
  const source = findProfile(files, profile)?.properties.get('source_profile');
  if (!source?.value || source.value === profile) return;
  const shown = printable(source.value);
  throw new UsageError(
    `${printable(profile)} takes its credentials from the profile ${shown}`,
    `source_profile says so, at ${printable(source.place.file)}:${source.place.line}`,
    shellCommand`awsh add ${source.value}`,
  );
}

async function confirmReplacing(prompter: Prompter, profile: string, accessKeyId: string): Promise<void> {
  const question = `replace the access key ****${accessKeyId.slice(-4)} stored for ${printable(profile)}`;
  if (!prompter.canAsk) {
    throw new PersonNeededError(
      `${printable(profile)} has a key already`,
      'there is no terminal to ask on',
      'add --force',
    );
  }
  if (!(await prompter.confirm(question))) throw new CancelledError('nothing was changed');
}

/** Says who AWS takes the key's owner for. A key that AWS refuses is stored only where the person still wants it. */
async function verify(context: Context, files: AwsFiles, profile: string, key: AccessKey): Promise<void> {
  const { callerIdentity, planFor } = await import('../sessions/index.ts');
  const prompter = await context.prompter();
  try {
    const plan = planFor({ files, profile, keys: [{ ...key, profile }], environment: {}, options: {} });
    const call = plan.steps.find((step) => 'target' in step);
    const credentials = { ...key, sessionToken: null, expiration: null, accountId: null, arn: null };
    const target = call?.target ?? { region: plan.region ?? 'us-east-1', endpoint: plan.endpointUrl };
    const { arn } = await callerIdentity(credentials, target, { surroundings: context.environment });
    prompter.tell(`AWS says this is ${arn}`);
  } catch (error) {
    if (!(error instanceof AwshError)) throw error;
    prompter.tell([error.what, error.why].filter(Boolean).join(': '));
    if (!(await prompter.confirm('store it all the same'))) throw new CancelledError('nothing was stored');
  }
}
