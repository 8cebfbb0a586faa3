import type { AwsFiles } from '../profiles/index.ts';
import type { Prompter } from '../prompt/index.ts';
import type { AppPaths, Clock, Environment } from '../system/index.ts';
import type { Vault } from '../vault/index.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Output } from './output.ts';

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
}

/** What every command is given. The functions open what they name at their first call, and give the same again. */
export interface Context extends Given {
  readonly prompter: () => Promise<Prompter>;
  readonly vault: () => Promise<Vault>;
  readonly awsFiles: () => Promise<AwsFiles>;
}

export function openContext(given: Given): Context {
  return {
    ...given,
    prompter: once(async () => {
      throw new ReferenceError('no prompter yet');
    }),
    vault: once(async () => {
      throw new ReferenceError('no vault yet');
    }),
    awsFiles: once(async () => {
      throw new ReferenceError('no AWS files yet');
    }),
  };
}

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
}
