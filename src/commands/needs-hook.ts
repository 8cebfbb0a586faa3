import { AwshError } from '../system/index.ts';

/** `use`, `off` and `refresh` change the shell itself; only the hook inside it can do that. */
export async function run(): Promise<number> {
  throw new AwshError(
    'other',
    'this shell has not loaded awsh',
    'use, off and refresh change the shell itself, and only its hook can do that; set it up, and open a new terminal',
    'awsh setup',
  );
}
