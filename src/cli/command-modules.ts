import type { CommandModule } from './command-row.ts';

/** The file of each verb, loaded when it is run. A verb that is not here is not in the program. */
export const commandModules: Readonly<Record<string, () => Promise<CommandModule>>> = {
  _load: () => import('../commands/_load.ts'),
  add: () => import('../commands/add.ts'),
  agent: () => import('../commands/agent.ts'),
  allow: () => import('../commands/allow.ts'),
  completion: () => import('../commands/completion.ts'),
  config: () => import('../commands/config.ts'),
  demo: () => import('../commands/demo.ts'),
  deny: () => import('../commands/deny.ts'),
  exec: () => import('../commands/exec.ts'),
  export: () => import('../commands/export.ts'),
  hook: () => import('../commands/hook.ts'),
  init: () => import('../commands/init.ts'),
  import: () => import('../commands/import.ts'),
  list: () => import('../commands/list.ts'),
  lock: () => import('../commands/lock.ts'),
  'migrate-backend': () => import('../commands/migrate-backend.ts'),
  off: () => import('../commands/needs-hook.ts'),
  refresh: () => import('../commands/needs-hook.ts'),
  remove: () => import('../commands/remove.ts'),
  rotate: () => import('../commands/rotate.ts'),
  setup: () => import('../commands/setup.ts'),
  status: () => import('../commands/status.ts'),
  unlock: () => import('../commands/unlock.ts'),
  use: () => import('../commands/needs-hook.ts'),
};
