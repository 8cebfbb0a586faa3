import { hookLines } from '../shell/index.ts';

/**
 * The hook's report about its shell, in AWSH_HOOK (src/shell/shell-facts.ts): only the shell itself
 * has these facts.
 */
export interface HookReport {
  readonly shell: string;
  readonly shellVersion: string;
  /** The launcher that the hook calls. */
  readonly launcher: string;
  /** The package's version when the hook was sourced; null if it is unknown. */
  readonly version: string | null;
  /** The version word of the hook's files; null in reports of older hooks. */
  readonly word: string | null;
  /** `auto`: the shell follows its directory. */
  readonly mode: 'auto' | 'pin' | 'off' | 'exec';
  /** True if the hook asks the agent. */
  readonly asksAgent: boolean;
  readonly completes: boolean;
  /**
   * The names of what runs before a prompt, in order; empty in a shell without such an order
   * (fish).
   */
  readonly runs: readonly string[];
}

/** Null if the variable is not set, or incomplete. */
export function parseHookReport(text: string | undefined): HookReport | null {
  const facts = hookLines(text);
  if (facts === null) return null;
  const fact = (word: string) => facts.find(([name]) => name === word)?.[1] ?? '';
  const [, shell = '', shellVersion = ''] = /^(\S+) (.*)$/.exec(fact('shell')) ?? [];
  const mode = (['auto', 'pin', 'off', 'exec'] as const).find((name) => name === fact('mode'));
  if (shell === '' || mode === undefined || fact('launcher') === '') return null;
  return {
    shell,
    shellVersion,
    launcher: fact('launcher'),
    version: fact('version') || null,
    word: fact('word') || null,
    mode,
    asksAgent: fact('agent') === '1',
    completes: fact('completion') === '1',
    runs: facts.filter(([word]) => word === 'runs').flatMap(([, value]) => commandNames(value)),
  };
}

/** The first word of each command in a PROMPT_COMMAND, without its arguments. */
function commandNames(text: string): string[] {
  const commands = text.split(/[;\n]|&&|\|\|/).map((command) => command.trim().split(/\s/)[0] ?? '');
  return commands.filter((name) => name !== '' && !name.startsWith('#'));
}
