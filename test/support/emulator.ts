import { onTestFinished } from 'vitest';
import { type Emulator, startEmulator } from '../../src/demo/emulator/index.ts';
import type { Clock } from '../../src/system/index.ts';

/** An emulated AWS for one test, closed when the test ends. With `keep`, close it yourself. */
export async function temporaryEmulator(options: { clock?: Clock; keep?: boolean } = {}): Promise<Emulator> {
  const emulator = await startEmulator(options);
  if (!options.keep) onTestFinished(() => emulator.close());
  return emulator;
}
