import { refusesAgent } from '../agent/index.ts';
import { type Environment, PersonNeededError } from '../system/index.ts';

/**
 * In a job without a terminal, the passphrase of the vault is given once for all commands. Returns
 * any other error unchanged.
 */
export function withJobHint(error: unknown, environment: Environment): unknown {
  const isAsked = error instanceof PersonNeededError && error.what.endsWith('passphrase of the awsh vault');
  if (!isAsked || !refusesAgent(environment)) return error;
  const why = `${error.why?.split(';')[0]}; set AWSH_FILE_PASSPHRASE and open the vault once for all commands of the job`;
  return new PersonNeededError(error.what, why, 'awsh unlock --for-job', error.need);
}
