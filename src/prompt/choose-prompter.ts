import { codeDevicePrompter, codeDevices } from './code-device.ts';
import { dialogPrograms } from './dialog-programs.ts';
import { availableDialog, dialogPrompter } from './dialog-prompter.ts';
import type { PromptDriver } from './drivers.ts';
import type { PromptSurroundings } from './prompt-program.ts';
import type { Prompter } from './prompter.ts';
import { terminalPrompter } from './terminal.ts';

/**
 * Who asks: the driver that was chosen; with none, the terminal, and where there is no terminal to ask at, but a display,
 * a window. With neither every question is a PersonNeededError (exit 6) at once.
 */
export function choosePrompter(driver: PromptDriver | null, surroundings: PromptSurroundings): Prompter {
  if (driver === 'terminal') return terminalPrompter();
  if (driver === 'ykman' || driver === 'pass-otp') {
    return codeDevicePrompter(codeDevices[driver], automaticPrompter(surroundings), surroundings);
  }
  return driver === null
    ? automaticPrompter(surroundings)
    : dialogPrompter(dialogPrograms[driver], surroundings);
}

function automaticPrompter(surroundings: PromptSurroundings): Prompter {
  const terminal = terminalPrompter();
  const dialog = terminal.canAsk ? null : availableDialog(surroundings.environment);
  return dialog === null ? terminal : dialogPrompter(dialog, surroundings);
}
