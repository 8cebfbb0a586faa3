import { AgentLink } from '../agent/index.ts';
import { type AwsFiles, readAwsFiles } from '../profiles/index.ts';
import { choosePrompter, type Prompter, silentPrompter } from '../prompt/index.ts';
import { readSettings, type Settings } from '../settings/index.ts';
import type { AppPaths, Clock, Environment } from '../system/index.ts';
import {
  type BackendHealth,
  type BackendName,
  examineBackend,
  openVault,
  type Vault,
  type VaultKey,
  type VaultOptions,
} from '../vault/index.ts';
import type { GlobalOptions } from './global-options.ts';
import { tellOddLines } from './odd-lines.ts';
import type { Output } from './output.ts';
import { refreshProfileNames } from './profile-names.ts';
import { chosenPromptDriver } from './prompt-choice.ts';
import { forgetSessions, lazyKeyHolder, rememberingHolder } from './vault-and-agent.ts';
import { chosenVaultSettings } from './vault-choice.ts';

/** What holds for the whole run of a command. */
export interface Given {
  readonly environment: Environment;
  readonly cwd: string;
  readonly paths: AppPaths;
  readonly clock: Clock;
  readonly globals: GlobalOptions;
  readonly output: Output;
  /** The installed package's own folder: bin, shell and completions are below it. */
  readonly packageFolder: string;
  /** The verb that runs. */
  readonly verb?: string;
  /** Whatever would have to be asked is an error (exit 6) at once. */
  readonly asksNobody?: boolean;
}

/** What every command is given. The functions open what they name at their first call, and give the same again. */
export interface Context extends Given {
  readonly settings: () => Promise<Settings>;
  readonly prompter: () => Promise<Prompter>;
  /** Where the options, the environment or the settings file say, in this order. */
  readonly vault: () => Promise<Vault>;
  /** The vault of this backend, whatever was chosen. */
  readonly vaultIn: (backend: BackendName) => Promise<Vault>;
  /** How the backend is that would serve; opens no secret, asks nobody, changes nothing. */
  readonly backendHealth: () => Promise<BackendHealth>;
  /** The keys of the file backend's vaults that were opened, by folder; for whoever goes on when this command has ended. */
  readonly vaultKeys: ReadonlyMap<string, VaultKey>;
  /** The folders of those among them that this command itself has opened, by their passphrase. */
  readonly openedVaults: ReadonlySet<string>;
  /** The way to the agent, which is started at the first question; undefined where this command does without. */
  readonly agent: () => Promise<AgentLink | undefined>;
  /** Reading them also brings the names for Tab up to date, and says once which lines in them are odd. */
  readonly awsFiles: () => Promise<AwsFiles>;
  /** Brings the names for Tab up to date again, after a profile or a key was added or removed. */
  readonly refreshNames: () => Promise<void>;
}

export function openContext(given: Given): Context {
  const { paths, environment, clock, globals, output } = given;
  const settings = once(async () => readSettings(paths.settings, paths.home));
  const prompter = once(async () => {
    if (given.asksNobody) return silentPrompter();
    return choosePrompter(chosenPromptDriver(globals, environment, await settings()), { environment });
  });
  const agent = once(async () => {
    return AgentLink.open(
      { paths, environment, packageFolder: given.packageFolder },
      (await settings()).agent,
    );
  });
  const vaultKeys = new Map<string, VaultKey>();
  const openedVaults = new Set<string>();
  const vaultOptions = async (options: GlobalOptions): Promise<VaultOptions> => ({
    paths,
    environment,
    clock,
    settings: chosenVaultSettings(options, environment, await settings(), given.cwd),
    prompter: await prompter(),
    notify: (line) => output.tell(`awsh: ${line}`),
    keyHolder: rememberingHolder(lazyKeyHolder(agent, paths), vaultKeys, openedVaults),
  });
  const openBackend = async (options: GlobalOptions) =>
    forgetSessions(openVault(await vaultOptions(options)), paths);
  const vault = once(async () => {
    const opened = await openBackend(globals);
    // If a keychain is locked or the disk refuses, the next command tries again.
    await opened.finishRemovals().catch(() => {});
    return opened;
  });
  const backendHealth = once(async () => examineBackend(await vaultOptions(globals)));
  const vaultIn = (backend: BackendName) => openBackend({ ...globals, backend });
  const readFiles = async () => {
    const files = readAwsFiles(paths);
    await refreshProfileNames(paths, files, async () => (await vault()).keys());
    return files;
  };
  const refreshNames = async () => void (await readFiles());
  const awsFiles = once(async () => {
    const files = await readFiles();
    if (!given.asksNobody) await tellOddLines(files, given);
    return files;
  });
  return {
    ...given,
    settings,
    prompter,
    vault,
    vaultIn,
    backendHealth,
    vaultKeys,
    openedVaults,
    agent,
    awsFiles,
    refreshNames,
  };
}

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
}
