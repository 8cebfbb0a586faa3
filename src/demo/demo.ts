import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { askAgent } from '../agent/index.ts';
import { appPaths, type Environment } from '../system/index.ts';
import { addOrganisation } from './organisation.ts';
import { type PseudoTerminal, startPseudoTerminal } from './pseudo-terminal.ts';
import { removeFolder } from './remove-folder.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';
import { sandboxShellEnvironment, shellOf, writeShellFiles } from './sandbox-shell.ts';
import { type Scene, story } from './story.ts';

/** What a demo works with. */
export interface DemoStage {
  readonly environment: Environment;
  readonly packageFolder: string;
  readonly write: (text: string) => void;
  /** Prose, and what a command is for, in lines that fit the terminal. */
  readonly prose: (text: string) => string[];
  readonly tip: (command: string, text: string) => string[];
  /** Puts the sandbox's key into the vault of the shell that has this environment. */
  readonly storeKey: (sandbox: Sandbox, environment: Readonly<Record<string, string>>) => Promise<void>;
}

const tips = [
  ['cd ~/projects/dev && awsh allow', 'be the role of a project; look at the prompt'],
  ['cd ~/projects/staging && awsh allow', 'wants an MFA code; it stands in ~/mfa-code'],
  ['cd ~/projects/prod && awsh allow', 'is protected: it asks each time'],
  ['awsh sso login corp', 'IAM Identity Center: press Enter, and the browser of the sandbox chooses Allow'],
  ['awsh sso populate', 'a profile for each of its three accounts'],
  ['awsh status', 'who you are, and why'],
  ['cd ~', 'ends it'],
] as const;

/** Opens the sandbox in the person's kind of shell; when that ends, everything is removed. The shell's exit status. */
export async function openDemo(stage: DemoStage): Promise<number> {
  return inSandbox(stage, async (sandbox, environment) => {
    const shell = shellOf(stage.environment);
    const lines = [
      ...stage.prose(
        'A sandbox: an AWS of its own on this machine, three projects, nothing of yours. Leave it with: exit',
      ),
      ...tips.flatMap(([command, text]) => stage.tip(command, text)),
    ];
    stage.write(`${lines.join('\n')}\n`);
    const child = spawn(shell.path, ['-i'], {
      cwd: sandbox.home,
      env: { ...environment, SHELL: shell.path },
      stdio: 'inherit',
    });
    // Ctrl-C is the shell's business; this process lives until the shell has ended.
    process.on('SIGINT', () => {});
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
    });
  });
}

/** Plays the story in a real bash; prints the transcript. 0 only if each scene showed what it should. */
export async function playDemo(stage: DemoStage): Promise<number> {
  return inSandbox(stage, async (sandbox, environment) => {
    const terminal = await startPseudoTerminal('/bin/bash', ['-i'], {
      cwd: sandbox.home,
      environment: { ...environment, SHELL: '/bin/bash', NO_COLOR: '1' },
      onText: () => {},
    });
    try {
      return await play(story(sandbox), terminal, stage);
    } finally {
      terminal.kill();
    }
  });
}

async function play(scenes: readonly Scene[], terminal: PseudoTerminal, stage: DemoStage): Promise<number> {
  if ((await terminal.waitFor(prompt, 0)) === null) return fail(stage, 'no prompt came', terminal.shown());
  for (const scene of scenes) {
    const since = terminal.shown().length;
    stage.write(`\n# ${scene.title}\n`);
    const missing = await playScene(scene, terminal, since);
    stage.write(`${terminal.shown().slice(since).trimEnd()}\n`);
    if (missing !== null) return fail(stage, scene.title, String(missing));
  }
  stage.write(`\n${scenes.length} scenes, each showed what it should.\n`);
  return 0;
}

/** The sandbox's prompt, with or without a segment before it. */
const prompt = /\$ $/;

async function playScene(scene: Scene, terminal: PseudoTerminal, since: number): Promise<RegExp | null> {
  terminal.type(scene.keys);
  let asked = since;
  for (const { question, keys } of scene.answers ?? []) {
    const match = await terminal.waitFor(question, asked);
    if (match === null) return question;
    asked = terminal.shown().length;
    terminal.type(keys());
  }
  for (const pattern of scene.shows) {
    if ((await terminal.waitFor(pattern, since)) === null) return pattern;
  }
  return scene.unfinished || (await terminal.waitFor(prompt, asked)) !== null ? null : prompt;
}

function fail(stage: DemoStage, title: string, missing: string): number {
  stage.write(`\nFAILED: ${stripVTControlCharacters(title)}\nnot seen: ${missing}\n`);
  return 1;
}

async function inSandbox(
  stage: DemoStage,
  run: (sandbox: Sandbox, environment: Record<string, string>) => Promise<number>,
): Promise<number> {
  const home = mkdtempSync(join(tmpdir(), 'awsh-demo-'));
  const remove = () => removeFolder(home);
  const onSignal = (signal: NodeJS.Signals) => {
    remove();
    process.exit(128 + constants.signals[signal]);
  };
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  try {
    const sandbox = await createSandbox(home);
    try {
      const own = sandboxShellEnvironment(sandbox, stage.environment, stage.packageFolder);
      const environment = { ...own, ...addOrganisation(sandbox, own.PATH ?? '') };
      writeShellFiles(sandbox, stage.packageFolder);
      await stage.storeKey(sandbox, environment);
      return await run(sandbox, environment);
    } finally {
      await askAgent(appPaths(sandbox.environment), 'stop');
      await sandbox.close();
    }
  } finally {
    remove();
  }
}
