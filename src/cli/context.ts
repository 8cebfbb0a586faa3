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

/** Fixed for the whole run of a command. */
export interface Given {
  readonly environment: Environment;
  readonly cwd: string;
  readonly paths: AppPaths;
  readonly clock: Clock;
  readonly globals: GlobalOptions;
  readonly output: Output;
  /** The folder of the installed package, which contains bin, shell and completions. */
  readonly packageFolder: string;
  /** The verb that runs. */
  readonly verb?: string;
  /** If true, every question to the user is an error (exit 6) instead. */
  readonly asksNobody?: boolean;
}

/**
 * What every command receives. The functions open what they name at the first call and return the
 * same object again later.
 */
export interface Context extends Given {
  readonly settings: () => Promise<Settings>;
  readonly prompter: () => Promise<Prompter>;
  /** The vault that the options, the environment or the settings file choose, in this order. */
  readonly vault: () => Promise<Vault>;
  /** The vault of this backend, whatever was chosen. */
  readonly vaultIn: (backend: BackendName) => Promise<Vault>;
  /** The state of the chosen backend. Opens no secret, asks no question and changes nothing. */
  readonly backendHealth: () => Promise<BackendHealth>;
  /**
   * The keys of the file backend's vaults that were opened, by folder; used by code that runs after
   * this command has ended.
   */
  readonly vaultKeys: ReadonlyMap<string, VaultKey>;
  /** The folders of the vaults that this command itself has opened with a passphrase. */
  readonly openedVaults: ReadonlySet<string>;
  /**
   * The connection to the agent, which is started at the first call; undefined if this command runs
   * without one.
   */
  readonly agent: () => Promise<AgentLink | undefined>;
  /**
   * Reading them also updates the names for completion, and warns once about lines that other
   * programs read differently.
   */
  readonly awsFiles: () => Promise<AwsFiles>;
  /** Updates the names for completion again, after a profile or a key was added or removed. */
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
    // If a keychain is locked or the disk is full, the next command tries again.
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
