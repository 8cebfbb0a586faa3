import { type PromptDriver, parsePromptDriver, promptDrivers } from '../prompt/index.ts';
import type { Settings } from '../settings/index.ts';
import { type Environment, printable, UsageError } from '../system/index.ts';
import type { GlobalOptions } from './global-options.ts';
import { insteadOfPrompt } from './global-options.ts';

/**
 * How questions are asked: an option overrides a variable, and a variable overrides the settings
 * file; with null awsh decides. The variable is not AWSH_PROMPT, which is about the shell's prompt.
 */
export function chosenPromptDriver(
  globals: GlobalOptions,
  environment: Environment,
  settings: Settings,
): PromptDriver | null {
  if (globals.prompt !== undefined) return requireDriver('--prompt', globals.prompt);
  for (const name of ['AWSH_MFA_PROMPT', 'AWS_VAULT_PROMPT']) {
    const value = environment[name];
    if (value) return requireDriver(name, value);
  }
  return settings.prompt;
}

function requireDriver(from: string, text: string): PromptDriver {
  const driver = parsePromptDriver(text);
  if (driver !== null) return driver;
  throw new UsageError(
    `${from} cannot be ${JSON.stringify(printable(text))}`,
    insteadOfPrompt(text) ?? `it is one of: ${promptDrivers.join(', ')}`,
    `${from.startsWith('--') ? `${from} ` : `${from}=`}terminal`,
  );
}
