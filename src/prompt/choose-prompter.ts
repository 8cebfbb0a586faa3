import { codeDevicePrompter, codeDevices } from './code-device.ts';
import { dialogPrograms } from './dialog-programs.ts';
import { availableDialog, dialogPrompter } from './dialog-prompter.ts';
import type { PromptDriver } from './drivers.ts';
import type { PromptSurroundings } from './prompt-program.ts';
import type { Prompter } from './prompter.ts';
import { terminalPrompter } from './terminal.ts';

/**
 * The prompter: the chosen driver; by default the terminal, or a window if there is no terminal but
 * a display. Without either, every question throws PersonNeededError (exit 6) at once.
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

/**
 * Chosen when a question is asked: most commands ask none, and searching for a terminal and
 * programs takes time.
 */
function automaticPrompter(surroundings: PromptSurroundings): Prompter {
  let chosen: Prompter | undefined;
  const prompter = () => {
    chosen ??= terminalOrWindow(surroundings);
    return chosen;
  };
  return {
    get canAsk() {
      return prompter().canAsk;
    },
    get obstacle() {
      return prompter().obstacle;
    },
    code: async (question) => prompter().code(question),
    secret: async (question, form) => prompter().secret(question, form),
    text: async (question, initial, form) => prompter().text(question, initial, form),
    confirm: async (question, initial) => prompter().confirm(question, initial),
    tell: (line) => prompter().tell(line),
  };
}

function terminalOrWindow(surroundings: PromptSurroundings): Prompter {
  const terminal = terminalPrompter();
  const dialog = terminal.canAsk ? null : availableDialog(surroundings.environment);
  return dialog === null ? terminal : dialogPrompter(dialog, surroundings);
}
