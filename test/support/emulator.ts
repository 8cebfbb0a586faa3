import { onTestFinished } from 'vitest';
import { type EmulatedUser, type Emulator, startEmulator } from '../../src/demo/emulator/index.ts';
import type { Clock } from '../../src/system/index.ts';

/** An emulated AWS for one test, closed when the test ends. With `keep`, close it yourself. */
export async function temporaryEmulator(options: { clock?: Clock; keep?: boolean } = {}): Promise<Emulator> {
  const emulator = await startEmulator(options);
  if (!options.keep) onTestFinished(() => emulator.close());
  return emulator;
}

/** The environment with which a client is this user, at this emulator. */
export function environmentOf(user: EmulatedUser, emulator: Emulator): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: user.accessKeyId,
    AWS_SECRET_ACCESS_KEY: user.secretAccessKey,
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: emulator.url,
  };
}
