import { homedir } from 'node:os';
import { join } from 'node:path';
import { readFileIfThere } from '../system/index.ts';

/**
 * Makes the SDK's own loader see empty AWS files. It would read settings that awsh does not take
 * from there, wait for a named pipe, and read a device without end (security rule 26). Call it
 * before each client is created.
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

/**
 * Makes it see these files as awsh reads them, for an AWS package that looks for a profile in them.
 */
export async function giveSdkFiles(paths: readonly string[]): Promise<void> {
  const { externalDataInterceptor } = await import('@smithy/core/config');
  for (const path of paths) externalDataInterceptor.interceptFile(path, readFileIfThere(path) ?? '');
}
