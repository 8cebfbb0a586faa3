import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askAgent } from '../agent/index.ts';
import { silentPrompter } from '../prompt/index.ts';
import { appPaths, type Environment, systemClock } from '../system/index.ts';
import { openVault, vaultSettings } from '../vault/index.ts';
import { Guide, type GuideLook } from './guide.ts';
import { serveGuide } from './guide-server.ts';
import { addOrganisation } from './organisation.ts';
import { playScenes } from './play.ts';
import { promptEnd, startPseudoTerminal } from './pseudo-terminal.ts';
import { removeFolder } from './remove-folder.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';
import { sandboxShellEnvironment, shellOf, writeShellFiles } from './sandbox-shell.ts';
import { clonedFile, demoCode, type Scene, scenesOf } from './scenes.ts';

/** The surroundings of a demo. */
export interface DemoStage {
  readonly environment: Environment;
  readonly packageFolder: string;
  readonly write: (text: string) => void;
  readonly look: GuideLook;
  /** Shown after the end: how to continue without the sandbox. */
  readonly ending: readonly string[];
}

/** A sandbox that is ready for a shell. */
interface Stage {
  readonly home: string;
  readonly environment: Record<string, string>;
  readonly scenes: readonly Scene[];
  readonly guide: Guide;
}

/**
 * Opens the sandbox in the user's kind of shell, and removes everything when the shell ends.
 * Returns the shell's exit status.
 */
export async function openDemo(stage: DemoStage): Promise<number> {
  const status = await inSandbox(stage, ({ home, environment }) => {
    const shell = shellOf(stage.environment);
    const child = spawn(shell.path, ['-i'], {
      cwd: home,
      env: { ...environment, SHELL: shell.path },
      stdio: 'inherit',
    });
    // The shell handles Ctrl-C; this process runs until the shell has ended.
    process.on('SIGINT', () => {});
    return new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code, signal) =>
        resolve(code ?? 128 + (signal ? process.getBuiltinModule('node:os').constants.signals[signal] : 0)),
      );
    });
  });
  stage.write(`\n${stage.ending.join('\n')}\n`);
  return status;
}

/**
 * Plays the scenes in a real shell and prints the transcript. 0 only if each showed what it should.
 */
export async function playDemo(stage: DemoStage, shell = '/bin/bash'): Promise<number> {
  return inSandbox(stage, async ({ home, environment, scenes, guide }) => {
    const terminal = await startPseudoTerminal(shell, ['-i'], {
      cwd: home,
      environment: { ...environment, SHELL: shell, NO_COLOR: '1' },
    });
    try {
      const failure = await playScenes(scenes, terminal, guide);
      stage.write(`${terminal.shown().replaceAll(promptEnd, '').trimEnd()}\n\n`);
      if (failure !== null) {
        stage.write(`FAILED: ${failure.command}\nnot seen: ${failure.missing}\n`);
        return 1;
      }
      stage.write(`${stage.ending.join('\n')}\n\n${scenes.length} scenes, each showed what it should.\n`);
      return 0;
    } finally {
      terminal.kill();
    }
  });
}

async function inSandbox(demo: DemoStage, run: (stage: Stage) => Promise<number>): Promise<number> {
  // Shells show paths without symbolic links, and /tmp is one on macOS.
  const home = mkdtempSync(join(realpathSync(tmpdir()), 'awsh-demo-'));
  const remove = () => removeFolder(home);
  const onSignal = (signal: NodeJS.Signals) => {
    remove();
    process.exit(128 + process.getBuiltinModule('node:os').constants.signals[signal]);
  };
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  try {
    const sandbox = await createSandbox(home, { fixedCode: demoCode });
    try {
      return await withGuide(demo, sandbox, run);
    } finally {
      await askAgent(appPaths(sandbox.environment), 'stop');
      await sandbox.close();
    }
  } finally {
    remove();
  }
}

async function withGuide(
  demo: DemoStage,
  sandbox: Sandbox,
  run: (stage: Stage) => Promise<number>,
): Promise<number> {
  const { home } = sandbox;
  const own = sandboxShellEnvironment(sandbox, demo.environment, demo.packageFolder);
  const environment = { ...own, ...addOrganisation(sandbox, own.PATH ?? '') };
  writeShellFiles(sandbox, demo.packageFolder);
  mkdirSync(join(home, 'projects/cloned'));
  writeFileSync(join(home, 'projects/cloned/.awsprofile'), clonedFile, { mode: 0o644 });
  await storeKey(sandbox, environment);
  const scenes = scenesOf(sandbox);
  const guide = new Guide(scenes, demo.look);
  const endGuide = await serveGuide(guide, join(home, 'bin/demo-report'));
  try {
    return await run({ home, environment, scenes, guide });
  } finally {
    endGuide();
  }
}

/** Stores the sandbox's key in the vault of the shell with this environment. */
async function storeKey(sandbox: Sandbox, environment: Environment): Promise<void> {
  const { sourceProfile, accessKeyId, secretAccessKey } = sandbox;
  const vault = openVault({
    paths: appPaths(environment),
    environment,
    clock: systemClock,
    prompter: silentPrompter(),
    settings: { ...vaultSettings(environment), backend: 'file' },
    notify: () => {},
  });
  await vault.storeAccessKey(sourceProfile, { accessKeyId, secretAccessKey, added: new Date() });
}
