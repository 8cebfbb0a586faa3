import { awsVaultStores, importFrom } from '../../moving/index.ts';
import { CycleError, profileNames } from '../../profiles/index.ts';
import { missingBundle, PlanChecker } from '../../sessions/index.ts';
import { AwshError, NoCredentialsError } from '../../system/index.ts';
import { type Finding, note, problem } from '../finding.ts';
import type { Check, Scene } from '../scene.ts';
import { editAt, placeIn, someOf } from '../shown.ts';

/**
 * Whether every profile could give credentials, as far as the files tell: a missing source, a
 * cycle, a malformed ARN, region, duration or endpoint. One fault is reported once, with the
 * profiles that it stops. A missing key is reported with the command that stores it: an import if
 * aws-vault has one of this name.
 */
export const plans: Check = {
  name: 'profiles',
  async run(scene): Promise<Finding[]> {
    const faults = new Map<string, Fault>();
    for (const { profile, error } of failures(scene)) {
      const name = faultName(error);
      const fault = faults.get(name) ?? { error, profiles: [] };
      fault.profiles.push(profile);
      faults.set(name, fault);
    }
    const found = [...faults.values()];
    const isMissing = found.some(({ error }) => error instanceof NoCredentialsError);
    const importCommand = isMissing ? await importCommands(scene) : () => null;
    return found.map((fault) => finding(fault, scene, importCommand));
  },
};

interface Fault {
  readonly error: AwshError;
  readonly profiles: string[];
}

function* failures({ files, keys, paths }: Scene): Generator<{ profile: string; error: AwshError }> {
  if (files === null) return;
  const checker = new PlanChecker({ files, keys });
  for (const profile of profileNames(files)) {
    try {
      const plan = checker.check(profile);
      const bundle = missingBundle(plan, { HOME: paths.home });
      if (bundle !== null) yield { profile, error: bundle };
    } catch (error) {
      if (!(error instanceof AwshError)) throw error;
      // A profile with only settings is not an error: others include it, or the AWS CLI uses its
      // region.
      const isRole = files.profiles.get(profile)?.properties.get('role_arn')?.value;
      if (error.failure === 'usage' || isRole) yield { profile, error };
    }
  }
}

/** A cycle is one fault, from whichever profile it was entered. */
function faultName(error: AwshError): string {
  if (!(error instanceof CycleError)) return error.what;
  const { names } = error;
  return names
    .slice(names.indexOf(names.at(-1) ?? ''), -1)
    .sort()
    .join(' ');
}

type ImportCommand = (profile: string | undefined) => string | null;

async function importCommands({ environment, paths, files }: Scene): Promise<ImportCommand> {
  const isProfile = (name: string) => files?.profiles.has(name) ?? false;
  const stores = await awsVaultStores({ environment, home: paths.home, cwd: paths.home, isProfile });
  return (profile) => {
    const store = profile === undefined ? undefined : stores.find((it) => it.profiles.includes(profile));
    return store === undefined || profile === undefined ? null : importFrom(store, profile);
  };
}

function finding({ error, profiles }: Fault, { paths }: Scene, importCommand: ImportCommand): Finding {
  const { what, why, next, failure } = error;
  const stops = `it stops ${someOf(profiles)}`;
  const place = placeIn(`${what} ${why ?? ''}`, paths);
  return (failure === 'usage' ? problem : note)(
    what,
    why === undefined ? stops : `${why}; ${stops}`,
    error instanceof NoCredentialsError
      ? (importCommand(error.profile) ?? next ?? null)
      : place === null
        ? (next ?? null)
        : editAt(place),
  );
}
