import type { CommandModule } from './command-row.ts';

/** The file of each verb, loaded when it is run. A verb that is not here is not in the program. */
export const commandModules: Readonly<Record<string, () => Promise<CommandModule>>> = {
  add: () => import('../commands/add.ts'),
  completion: () => import('../commands/completion.ts'),
  config: () => import('../commands/config.ts'),
  hook: () => import('../commands/hook.ts'),
  list: () => import('../commands/list.ts'),
  remove: () => import('../commands/remove.ts'),
  setup: () => import('../commands/setup.ts'),
};
