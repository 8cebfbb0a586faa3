import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Check, examine, type HookReport, type Scene, sections } from '../../src/diagnosis/index.ts';
import { readAwsFiles } from '../../src/profiles/index.ts';
import { readSettings } from '../../src/settings/index.ts';
import { appPaths, systemClock, UsageError, withHomeShort } from '../../src/system/index.ts';
import type { BackendHealth } from '../../src/vault/index.ts';
import { packageFolder } from './run-awsh.ts';
import type { TemporaryHome } from './temporary-home.ts';

/** The word of the hook's files, as the hook's own `awsh doctor` passes it. */
function installedWord(shell: string): string {
  const text = readFileSync(join(packageFolder, `shell/awsh-rest.${shell}`), 'utf8');
  return /== ([0-9a-f]{12}) /.exec(text)?.[1] ?? '';
}

/** A correct shell with the hook. */
export const wellHook: HookReport = {
  shell: 'bash',
  shellVersion: '5.2.15',
  launcher: join(packageFolder, 'bin/awsh'),
  version: '1.2.3',
  word: installedWord('bash'),
  mode: 'auto',
  asksAgent: true,
  completes: true,
  runs: ['__awsh_prompt', '__awsh_draw'],
};

export const wellBackend: BackendHealth = {
  name: 'keychain',
  why: 'the keychain answers',
  fault: null,
  missing: [],
  unknownKeys: 0,
  indexIsDamaged: false,
  elsewhere: [],
};

/** The start-up file as `awsh setup` leaves it, in bash. */
export function blockFor(file: string): string {
  return `# >>> awsh >>>\n# Added by awsh setup.\nif [ -r ${file} ]; then . ${file}; fi\n# <<< awsh <<<\n`;
}

/**
 * An installation without a problem, in this home, offline; `changes` make one. It uses the AWS
 * files and settings of the home.
 */
export function sceneIn(home: TemporaryHome, changes: Partial<Scene> = {}): Scene {
  const environment = {
    ...home.environment,
    PATH: `${packageFolder}/bin:${home.environment.PATH}`,
    AWSH_AGENT: '',
    ...changes.environment,
  };
  const paths = appPaths(environment);
  const text = blockFor(join(packageFolder, 'shell/awsh.bash'));
  return {
    paths,
    clock: systemClock,
    platform: 'linux',
    node: { version: '22.11.0', path: '/usr/bin/node' },
    packageFolder,
    version: '1.2.3',
    atPrompt: true,
    shell: { state: 'none', reason: 'nothing is asked for', next: null, since: null },
    ignoredDirectory: null,
    hook: wellHook,
    startUp: { shell: 'bash', files: [{ path: join(home.path, '.bashrc'), text }] },
    settings: orNull(() => readSettings(paths.settings, paths.home)),
    files: orNull(() => readAwsFiles(paths)),
    keys: [],
    backend: async () => wellBackend,
    online: false,
    ...changes,
    environment,
  };
}

/** The findings of a check as doctor's text has them, one a line: `problem WHAT / WHY / NEXT`. */
export async function foundBy(check: Check, scene: Scene): Promise<string[]> {
  const [examined] = await examine([{ title: 'One', checks: [check] }], scene);
  return (examined?.findings ?? []).map(({ level, what, why, next }) => {
    const shown = [what, why].map((part) => part && withHomeShort(part, scene.paths.home));
    return `${level} ${[...shown, next].filter((part) => part !== null).join(' / ')}`;
  });
}

/** The same without what is in order. */
export async function faultsBy(check: Check, scene: Scene): Promise<string[]> {
  return (await foundBy(check, scene)).filter((line) => !line.startsWith('ok '));
}

/** A check by its name in `--json`. */
export function checkNamed(name: string): Check {
  const found = sections.flatMap(({ checks }) => checks).find((check) => check.name === name);
  if (found === undefined) throw new Error(`no check is called ${name}`);
  return found;
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}
