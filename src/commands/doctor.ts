import {
  type CommandInput,
  type Context,
  jsonText,
  lookOf,
  packageVersion,
  showWhile,
} from '../cli/index.ts';
import {
  type Examined,
  examine,
  parseHookReport,
  type Scene,
  type StartUp,
  sections,
} from '../diagnosis/index.ts';
import { readAwsFiles } from '../profiles/index.ts';
import { UsageError } from '../system/index.ts';
import { callingShell, ignoredDirectory } from './calling-shell.ts';
import { doctorText } from './doctor-text.ts';
import { loadedProfile } from './loaded-status.ts';
import { readRc } from './rc-file.ts';
import { rcPaths } from './rc-places.ts';
import { parentCommand, shellToSetUp } from './setup-shell.ts';

/**
 * `awsh doctor`: checks for all known problems and prints how to fix each one. Changes nothing,
 * asks nothing and opens no secret. Exit 1 if there is a problem; notes do not count.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const { output } = context;
  const scene = await sceneOf(context, !input.flag('offline'));
  const examined = await showWhile(output, 'awsh: looking', () => examine(sections, scene));
  const isWell = !examined.some(({ findings }) => findings.some(({ level }) => level === 'problem'));
  const text = input.flag('json')
    ? jsonText(asJson(scene, examined, isWell))
    : doctorText(examined, await lookOf(output.stdout), context.paths.home);
  await output.print(text);
  return isWell ? 0 : 1;
}

/** The input of the checks. What cannot be read is null; another check reports the reason. */
async function sceneOf(context: Context, online: boolean): Promise<Scene> {
  const { environment, paths, clock, packageFolder } = context;
  const hook = parseHookReport(environment.AWSH_HOOK);
  const shell = hook?.shell ?? promptShell();
  const state = callingShell(context);
  return {
    environment,
    paths,
    clock,
    packageFolder,
    hook,
    shell: state,
    ignoredDirectory: ignoredDirectory(state, loadedProfile(environment), context),
    online,
    platform: process.platform,
    node: { version: process.versions.node, path: process.execPath },
    version: packageVersion(packageFolder) ?? '',
    atPrompt: shell !== null,
    startUp: startUpOf(context, shell ?? undefined),
    settings: await orNull(context.settings),
    // Not the context's files, because reading those would update the names for completion.
    files: await orNull(async () => readAwsFiles(paths)),
    keys: (await orNull(async () => (await context.vault()).keys())) ?? [],
    backend: context.backendHealth,
  };
}

/** The shell in which the command was typed; null if there is none. */
function promptShell(): string | null {
  try {
    return shellToSetUp(undefined, {}, parentCommand()).shell;
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

/** Null if awsh has no hook for the shell, or if there is no shell. */
function startUpOf({ environment, paths }: Context, shellName: string | undefined): StartUp | null {
  try {
    const { shell } = shellToSetUp(shellName, environment, null);
    const place = { environment, home: paths.home };
    return { shell, files: rcPaths(shell, place).map((path) => ({ path, text: readRc(path) })) };
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

async function orNull<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

function asJson({ version }: Scene, examined: readonly Examined[], isWell: boolean): object {
  return {
    version,
    well: isWell,
    findings: examined.flatMap(({ section, check, findings }) =>
      findings.map((finding) => ({ section, check, ...finding })),
    ),
  };
}
