import { stsClock } from '../../sessions/index.ts';
import { unloadedEnvironment } from '../../shell/index.ts';
import { formatDuration, NetworkError } from '../../system/index.ts';
import { type Finding, note, ok, problem } from '../finding.ts';
import type { Check, Scene } from '../scene.ts';

/**
 * AWS refuses requests that are signed 15 minutes off its own time (IAM User Guide, "Signature
 * Version 4"); this warns earlier.
 */
const tooFarMs = 5 * 60_000;
const timeoutMs = 3_000;

/** Whether STS can be reached, and whether this machine's clock agrees with it. */
export const clock: Check = {
  name: 'clock',
  async run(scene): Promise<Finding[]> {
    if (!scene.online || scene.files === null) return [];
    try {
      const { host, aheadMs } = await askSts(scene);
      if (Math.abs(aheadMs) <= tooFarMs) return [ok(`${host} can be reached, and the clock is right`)];
      const amount = formatDuration(Math.abs(aheadMs) / 1000);
      return [
        problem(
          `the clock of this machine is ${amount} ${aheadMs > 0 ? 'behind' : 'ahead of'} AWS’s`,
          `compared with the Date header of ${host}; AWS refuses requests that are more than 15 minutes off`,
          scene.platform === 'darwin' ? 'sudo sntp -sS time.apple.com' : 'sudo timedatectl set-ntp true',
        ),
      ];
    } catch (error) {
      if (!(error instanceof NetworkError)) throw error;
      return [
        note(
          error.what,
          `${error.why ? `${error.why}; ` : ''}--offline skips the network`,
          'awsh doctor --offline',
        ),
      ];
    }
  },
};

async function askSts({ environment, files, keys, clock: machine }: Scene) {
  if (files === null) throw new ReferenceError('the files were looked at before');
  const own = unloadedEnvironment(environment);
  const profile = environment.AWSH_PROFILE || own.AWS_PROFILE || 'default';
  return stsClock(
    { files, profile, keys, environment: own },
    { clock: machine, connection: { surroundings: own, timeoutMs } },
  );
}
