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
 * `awsh doctor`: looks at everything that is known to go wrong, and says how each thing is mended. Changes nothing, asks
 * nobody and opens no secret. Exit 1 where there is a problem; notes are none.
 */
export async function run(context: Context, input: CommandInput): Promise<number> {
  const { output } = context;
  const scene = await sceneOf(context, !input.flag('offline'));
  const examined = await showWhile(output, 'awsh: looking', () => examine(sections, scene));
  const isWell = !examined.some(({ findings }) => findings.some(({ level }) => level === 'problem'));
  const text = input.flag('json')
    ? jsonText(asJson(scene, examined, isWell))
    : doctorText(examined, await lookOf(output.stdout));
  await output.print(text);
  return isWell ? 0 : 1;
}

/** What is looked at; what cannot be read is null there, and has a check that says why. */
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
    // Not the context's, which brings the names for Tab up to date.
    files: await orNull(async () => readAwsFiles(paths)),
    keys: (await orNull(async () => (await context.vault()).keys())) ?? [],
    backend: context.backendHealth,
  };
}

/** The shell that the command was typed in; null where it was not typed in one. */
function promptShell(): string | null {
  try {
    return shellToSetUp(undefined, {}, parentCommand()).shell;
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

/** Null where the shell is one that awsh has no hook for, or none at all. */
function startUpOf({ environment, paths }: Context, shellName: string | undefined): StartUp | null {
  try {
    const { shell } = shellToSetUp(shellName, environment, null);
    const place = { environment, home: paths.home, platform: process.platform };
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
