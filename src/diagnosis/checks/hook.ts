import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { printable, printablePath } from '../../system/index.ts';
import { type Finding, note, ok, problem } from '../finding.ts';
import type { HookReport } from '../hook-report.ts';
import type { Check, Scene } from '../scene.ts';
import { word } from '../shown.ts';
import { hasBlock } from '../start-up-text.ts';

/** Whether the calling shell has loaded the hook, from this awsh. */
export const hook: Check = {
  name: 'hook',
  run(scene): Finding[] {
    return scene.hook === null ? withoutHook(scene) : withHook(scene, scene.hook);
  },
};

function withoutHook({ startUp, atPrompt, environment, packageFolder, paths }: Scene): Finding[] {
  const [, outdated] = /^outdated (bash|zsh|fish)$/.exec(environment.AWSH_HOOK ?? '') ?? [];
  if (outdated !== undefined) {
    const what = 'the hook of this shell is older than awsh, and cannot load a profile';
    return [problem(what, upgraded, `exec ${outdated}`)];
  }
  if (startUp === null || !atPrompt || !hasBlock(startUp)) return [];
  const hookFile = join(packageFolder, 'shell', `awsh.${startUp.shell}`);
  const where = startUp.files.map(({ path }) => printablePath(path, paths.home)).join(' or ');
  if (environment.AWSH_LOADED !== undefined || environment.AWSH_SEGMENT !== undefined) {
    return [
      note(
        'the hook of this shell was not asked',
        'awsh was run directly, and not through the hook’s function',
        'awsh doctor',
      ),
    ];
  }
  return [
    problem(
      'this shell has not loaded awsh',
      `it was opened before awsh setup, did not read ${where}, or something there stopped it`,
      `source ${word(hookFile)}`,
    ),
  ];
}

const upgraded = 'awsh was upgraded after this shell was started';

function withHook(scene: Scene, report: NonNullable<Scene['hook']>): Finding[] {
  const { packageFolder, environment } = scene;
  const shell = `${printable(report.shell)} ${printable(report.shellVersion)}`;
  const follows = {
    auto: 'it follows the directories',
    pin: 'a profile is pinned by awsh use',
    off: 'it is off: awsh use --auto turns it on',
    exec: 'exec or aws-vault started it: it keeps the profile it was given',
  };
  const findings = [ok(`${shell} has loaded the hook; ${follows[report.mode]}`)];
  const own = existsSync(report.launcher) ? realpathSync(report.launcher) : report.launcher;
  if (own !== join(realpathSync(packageFolder), 'bin', 'awsh')) {
    findings.push(
      note(
        'this shell has loaded the hook of another awsh',
        `its launcher is ${printable(report.launcher)}`,
        'open a new terminal',
      ),
    );
  } else {
    findings.push(...versionFinding(scene, report));
  }
  if (!report.asksAgent && environment.AWSH_AGENT !== 'off') {
    const why = 'a trap for SIGPIPE was set before it was loaded, or zsh lacks its module zsh/net/tcp';
    findings.push(
      note('the hook of this shell does not ask the agent: each cd starts Node', why, 'trap -p PIPE'),
    );
  }
  return findings;
}

/** A shell that has sourced both files of the hook keeps them when the package is replaced. */
function versionFinding({ packageFolder, version }: Scene, report: HookReport): Finding[] {
  const word = installedWord(packageFolder, report.shell);
  const hasOtherText = word !== null && report.word !== word;
  const hasOtherVersion = report.version !== null && report.version !== version;
  if (!hasOtherText && !hasOtherVersion) return [];
  const what = hasOtherVersion
    ? `this shell has loaded the hook of version ${printable(report.version)}, and this awsh is version ${version}`
    : 'this shell has loaded an older hook than the installed one';
  const why = `${upgraded}; the shell keeps the hook that it has loaded`;
  return [note(what, why, `exec ${report.shell}`)];
}

/** The version word of the hook's installed files. */
function installedWord(packageFolder: string, shell: string): string | null {
  if (!/^(bash|zsh|fish)$/.test(shell)) return null;
  try {
    const text = readFileSync(join(packageFolder, 'shell', `awsh.${shell}`), 'latin1');
    return /word[= ]([0-9a-f]{12})\b/.exec(text)?.[1] ?? null;
  } catch {
    return null;
  }
}
