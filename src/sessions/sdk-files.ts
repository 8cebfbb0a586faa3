import { homedir } from 'node:os';
import { join } from 'node:path';
import { readFileIfThere } from '../system/index.ts';

/**
 * Gives the SDK's own loader nothing in place of the AWS files, which it would open for settings that awsh does not take from
 * there: it waits for a pipe, and reads a device without end (security rule 26). Call it before each client is made.
 */
export async function keepSdkFromFiles(): Promise<void> {
  const { externalDataInterceptor } = await import('@smithy/core/config');
  const folder = join(process.env.HOME || homedir(), '.aws');
  externalDataInterceptor.interceptFile(process.env.AWS_CONFIG_FILE || join(folder, 'config'), '');
  externalDataInterceptor.interceptFile(
    process.env.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials'),
    '',
  );
}

/** Gives it these files as awsh reads them, for a package of AWS's that is to find a profile there. */
export async function giveSdkFiles(paths: readonly string[]): Promise<void> {
  const { externalDataInterceptor } = await import('@smithy/core/config');
  for (const path of paths) externalDataInterceptor.interceptFile(path, readFileIfThere(path) ?? '');
}
