import { lstatIfThere } from '../system/index.ts';
import { type ChoiceOptions, type ChosenBackend, chooseBackend, expectedBackend } from './backend-choice.ts';
import type { IndexFile } from './index-file.ts';
import type { BackendRecords } from './index-format.ts';
import { ensureVaultDirectory } from './private-file.ts';
import type { Backend } from './records.ts';
import { accessKeyFiles } from './stored-items.ts';

/** The backend in use and its part of the index. */
export class OpenBackend {
  readonly #options: ChoiceOptions;
  readonly #index: IndexFile;
  #chosen: Promise<ChosenBackend> | undefined;

  constructor(options: ChoiceOptions, index: IndexFile) {
    this.#options = options;
    this.#index = index;
  }

  /** The backend is chosen at the first call, which is the first that needs a secret. */
  chosen(): Promise<ChosenBackend> {
    this.#chosen ??= this.#choose();
    return this.#chosen;
  }

  /** Checks the data folder first: its owner could remove everything below it. */
  async #choose(): Promise<ChosenBackend> {
    const { data } = this.#options.paths;
    if (lstatIfThere(data) !== undefined) ensureVaultDirectory(data);
    return chooseBackend(this.#options, this.#index);
  }

  async backend(): Promise<Backend> {
    return (await this.chosen()).backend;
  }

  /** The files of the existing access keys, or null: see {@link accessKeyFiles}. */
  async accessKeyFiles(): Promise<Set<string> | null> {
    return accessKeyFiles((await this.backend()).name, this.#options);
  }

  /** Like {@link records}, including what is being removed. */
  allRecords(): BackendRecords {
    const content = this.#index.read();
    const name = expectedBackend(this.#options.settings, content);
    return name === null ? { keys: [], sessions: [] } : content.backends[name];
  }

  /** The index's records of the backend in use; opens nothing. */
  records(): BackendRecords {
    const records = this.allRecords();
    const { removing } = records;
    if (removing === undefined) return records;
    const isKept = ({ profile }: { readonly profile: string }) => !removing.includes(profile);
    return { keys: records.keys.filter(isKept), sessions: records.sessions.filter(isKept), removing };
  }

  /** Changes these records, under the index's lock. */
  async update(change: (records: BackendRecords) => void): Promise<void> {
    const { name } = await this.backend();
    await this.#index.update((content) => change(content.backends[name]));
  }
}
