// What awsh has on this machine, for `awsh uninstall`. Opens nothing, asks nothing and changes
// nothing.
import { lstatSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { allAgentPaths, isJobPath, readAside, readState } from '../agent/index.ts';
import { type Context, packageLink, supportedShells } from '../cli/index.ts';
import { TrustStore } from '../directory/index.ts';
import { unfinishedRotations } from '../rotation/index.ts';
import { isAlive, lstatIfThere, printablePath } from '../system/index.ts';
import { type BackendName, backendNames, type KeyRecord, type Vault } from '../vault/index.ts';
import { rcPathsEver } from './rc-places.ts';
import { type RcChange, removal } from './setup-change.ts';

/** The access keys of one backend, according to the index. */
export interface KeysInBackend {
  readonly backend: BackendName;
  readonly vault: Vault;
  readonly keys: readonly KeyRecord[];
}

export interface Installed {
  /** The start-up files of all shells that have the block, and their text without it. */
  readonly startUp: readonly RcChange[];
  /** The link that the blocks name. */
  readonly hasLink: boolean;
  /** The process ids of agents. */
  readonly agents: readonly number[];
  readonly stored: readonly KeysInBackend[];
  /** One for each backend, opened once, so that a passphrase is asked for once. */
  readonly vaults: readonly Vault[];
  readonly sessions: number;
  /** How many sign-ins to Identity Center are encrypted in awsh's own folder (`sso_cache = vault`). */
  readonly sealedSignIns: number;
  /** How many rotations have begun and not ended. Their keys are only in the vault. */
  readonly rotations: number;
  /** How many directory files the user has allowed or denied. */
  readonly decisions: number;
  readonly hasSettings: boolean;
  /** Folders with caches, logs and state files. */
  readonly folders: readonly string[];
}

export async function findInstalled(context: Context): Promise<Installed> {
  const { paths, environment } = context;
  const place = { environment, home: paths.home };
  const files = new Set(supportedShells.flatMap((shell) => rcPathsEver(shell, place)));
  const all: KeysInBackend[] = [];
  for (const backend of backendNames) {
    const vault = await context.vaultIn(backend);
    all.push({ backend, vault, keys: vault.keys() });
  }
  return {
    startUp: [...files].map(removal).filter(({ before, after }) => before !== after),
    hasLink: lstatIfThere(packageLink(paths))?.isSymbolicLink() === true,
    agents: agentsOf(context),
    stored: all.filter(({ keys }) => keys.length > 0),
    vaults: all.map(({ vault }) => vault),
    sessions: all.reduce((sum, { vault }) => sum + vault.sessions().length, 0),
    sealedSignIns: sealedSignIns(paths.state),
    rotations: unfinishedRotations(paths.data).length,
    decisions: new TrustStore(paths.trust, context.clock).list().length,
    hasSettings: lstatIfThere(paths.settings) !== undefined,
    folders: cacheFolders(context).filter((folder) => isOwnFolder(folder) && readdirSync(folder).length > 0),
  };
}

/** The user's own runtime folder, also inside a job with an agent of its own. */
export function runtimeFolder({ paths }: Context): string {
  return isJobPath(paths) ? dirname(paths.runtime) : paths.runtime;
}

/** Files that can be made again, or that only record what happened. */
export function cacheFolders(context: Context): string[] {
  const { paths } = context;
  return [...new Set([paths.cache, paths.state, runtimeFolder(context)])];
}

/**
 * True for a directory that is the user's own and no link. Only such directories are removed with
 * their content.
 */
export function isOwnFolder(path: string): boolean {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat?.isDirectory() === true && stat.uid === process.getuid?.();
}

export function allKeys(stored: Installed['stored']): KeyRecord[] {
  return stored.flatMap(({ keys }) => [...keys]);
}

/** The displayed rows: each item and its amount. */
export function installedRows({ paths }: Context, found: Installed): [string, string][] {
  const shown = (path: string) => printablePath(path, paths.home);
  const rows: [string, string | null][] = [
    ['shells', found.startUp.map(({ path }) => shown(path)).join(', ')],
    ['agent', found.agents.map((pid) => `process ${pid}`).join(', ')],
    ...found.stored.map(({ backend, keys }): [string, string] => [
      'keys',
      `${keys.length} in ${backend}: ${keys.map(({ profile }) => profile).join(', ')}`,
    ]),
    ['sessions', found.sessions === 0 ? '' : `${found.sessions} stored`],
    ['sign-ins', found.sealedSignIns === 0 ? '' : `${found.sealedSignIns} encrypted (sso_cache = vault)`],
    [
      'trust',
      found.decisions === 0
        ? ''
        : `${found.decisions} .awsprofile ${found.decisions === 1 ? 'file' : 'files'} allowed or denied`,
    ],
    ['settings', found.hasSettings ? shown(paths.settings) : ''],
    ['caches, logs', found.folders.map(shown).join(', ')],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== '');
}

function sealedSignIns(state: string): number {
  try {
    return readdirSync(join(state, 'sso')).filter((name) => name.endsWith('-sealed.json')).length;
  } catch {
    return 0;
  }
}

function agentsOf({ paths }: Context): number[] {
  const states = allAgentPaths(paths).flatMap((each) => [readState(each), readAside(each)]);
  return states.flatMap((state) => (state !== null && isAlive(state.pid) ? [state.pid] : []));
}
