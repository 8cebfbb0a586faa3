import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { endAgent } from '../../src/agent/index.ts';
import { createSandbox, type Sandbox } from '../../src/demo/index.ts';
import { appPaths } from '../../src/system/index.ts';
import { packageFolder, sandboxEnvironment, storeKey } from './sandbox-shell.ts';
import { temporaryHome } from './temporary-home.ts';
import { openShell, type ShellName, type ShellTerminal } from './terminal.ts';

/**
 * The place where a page's commands run: a home with an emulated AWS, and a shell of each kind with
 * the hook.
 */
export interface Scene {
  readonly shell: (name: ShellName) => Promise<ShellTerminal>;
  readonly mfaCode: () => string;
}

type Prepare = (sandbox: Sandbox) => Promise<void> | void;

const plainKey = ({ accessKeyId, secretAccessKey }: Sandbox, name: string) =>
  `[${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey.reveal()}\n`;

const write = (sandbox: Sandbox, name: string, text: string) => {
  const path = join(sandbox.home, name);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, text, { mode: 0o600 });
};

const addToConfig = (sandbox: Sandbox, text: string) =>
  appendFileSync(join(sandbox.home, '.aws/config'), `\n${text}`);

const project = (sandbox: Sandbox, name: string) =>
  mkdirSync(join(sandbox.home, 'projects', name), { recursive: true });

/**
 * The state of the home before the first command. The sandbox has profiles demo, dev, staging and
 * prod, with a project for each.
 */
const scenes: Readonly<Record<string, Prepare>> = {
  sandbox: async (sandbox) => {
    await storeKey(sandbox);
    project(sandbox, 'shop');
  },
  /** The home of a user of other tools: nothing is stored, and each tool has left its files. */
  'other-tools': (sandbox) => {
    write(sandbox, '.aws/credentials', plainKey(sandbox, 'demo'));
    const stored: Record<string, string> = JSON.parse(
      readFileSync(join(packageFolder, 'test/fixtures/aws-vault/file.json'), 'utf8'),
    );
    for (const [name, text] of Object.entries(stored)) write(sandbox, `backup/keys/${name}`, text);
    const role = sandbox.projects[0]?.roleArn ?? '';
    addToConfig(
      sandbox,
      `[profile shop]\ncredential_process = granted credential-process --profile shop\n\n` +
        `[profile shop-role]\nrole_arn = ${role}\nsource_profile = demo\nregion = eu-west-1\nendpoint_url = ${sandbox.emulator.url}\n`,
    );
    for (const name of ['shop', 'web', 'api']) project(sandbox, name);
    write(sandbox, 'projects/web/.envrc', 'export AWS_PROFILE=dev\nexport APP_ENV=test\n');
  },
};

export async function openScene(name: string): Promise<Scene> {
  const prepare = scenes[name];
  if (prepare === undefined) throw new Error(`there is no scene ${name}`);
  const home = temporaryHome();
  const sandbox = await createSandbox(join(home.path, 'home'));
  onTestFinished(async () => {
    await endAgent(appPaths(sandbox.environment), 'stop');
    await sandbox.close();
  });
  await prepare(sandbox);
  const environment: Record<string, string> = {
    ...sandboxEnvironment(sandbox),
    AWSH_AGENT: '',
    // Only the emulated AWS can be reached.
    HTTP_PROXY: 'http://127.0.0.1:9',
    HTTPS_PROXY: 'http://127.0.0.1:9',
    PATH: `${join(packageFolder, 'bin')}:${process.env.PATH}`,
  };
  const opened = new Map<ShellName, Promise<ShellTerminal>>();
  const open = (shell: ShellName) =>
    openShell(shell, {
      home: { ...home, path: sandbox.home, environment },
      rc: `source ${packageFolder}/shell/awsh.${shell}`,
    });
  return {
    mfaCode: () => sandbox.mfaCode(),
    shell: (shell) => {
      const there = opened.get(shell) ?? open(shell);
      opened.set(shell, there);
      return there;
    },
  };
}
