/**
 * Detects whether a coding agent runs this command, by the variables that such programs set and by
 * the parent processes.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Environment } from './paths.ts';

interface KnownAgent {
  readonly name: string;
  /** Variables that it sets for its commands; `NAME=VALUE` only with that value. */
  readonly variables: readonly string[];
  /** Its programs. */
  readonly programs: readonly string[];
}

/**
 * docs/coding-agents.md has the same table, and a test compares them. Variables that an editor sets
 * for every terminal in it (CURSOR_TRACE_ID, VSCODE_PID) are not here, because the user types
 * there, too.
 */
export const knownAgents: readonly KnownAgent[] = [
  { name: 'Claude Code', variables: ['CLAUDECODE', 'CLAUDE_CODE_ENTRYPOINT'], programs: ['claude'] },
  {
    name: 'Codex',
    variables: ['CODEX_SANDBOX', 'CODEX_THREAD_ID', 'CODEX_CI', 'CODEX_SANDBOX_NETWORK_DISABLED'],
    programs: ['codex'],
  },
  { name: 'Cursor', variables: ['CURSOR_AGENT'], programs: ['cursor-agent'] },
  { name: 'Gemini CLI', variables: ['GEMINI_CLI'], programs: ['gemini'] },
  { name: 'GitHub Copilot', variables: ['COPILOT_CLI', 'COPILOT_AGENT'], programs: ['copilot'] },
  { name: 'OpenCode', variables: ['OPENCODE', 'OPENCODE_CLIENT'], programs: ['opencode'] },
  { name: 'Cline', variables: ['CLINE_ACTIVE'], programs: ['cline'] },
  { name: 'Goose', variables: ['GOOSE_TERMINAL', 'AGENT=goose'], programs: ['goose'] },
  { name: 'Amp', variables: ['AGENT=amp'], programs: ['amp'] },
  { name: 'Augment', variables: ['AUGMENT_AGENT'], programs: ['auggie'] },
  { name: 'Antigravity', variables: ['ANTIGRAVITY_AGENT'], programs: [] },
  { name: 'Qwen Code', variables: ['QWEN_CODE'], programs: ['qwen'] },
  { name: 'Crush', variables: ['CRUSH', 'AGENT=crush'], programs: ['crush'] },
  { name: 'TRAE', variables: ['TRAE_AI_SHELL_ID'], programs: [] },
  { name: 'Amazon Q', variables: [], programs: ['qchat', 'kiro-cli'] },
  { name: 'Aider', variables: [], programs: ['aider'] },
  { name: 'a coding agent', variables: ['AI_AGENT'], programs: [] },
];

export interface CodingAgent {
  readonly name: string;
  /** What revealed it: a variable, or a program and its process id. */
  readonly by: string;
  /** The kernel's number of its own process's terminal; null if that is not known. */
  readonly terminal: number | null;
}

const mostAncestors = 64;
const interpreters = /^(?:node|nodejs|bun|deno|python[\d.]*)$/;

/**
 * Null if there is no sign of one. `pid` is the process to begin with. The initial environment of
 * its ancestors counts, too, so that `env -u` alone hides nothing. Without /proc only the
 * environment counts.
 */
export function codingAgent(environment: Environment, pid = process.pid, proc = '/proc'): CodingAgent | null {
  let found = byVariables(environment);
  let terminal: number | null = null;
  for (let [at, count] = [pid, 0]; at > 1 && count < mostAncestors; count++) {
    const status = readStatus(proc, at);
    if (status === null) break;
    const program = byProgram(proc, at, status.name);
    if (program !== null) {
      found ??= program;
      terminal = status.terminal;
    } else {
      found ??= byVariables(readEnvironment(proc, at));
    }
    at = status.parent;
  }
  return found === null ? null : { ...found, terminal };
}

/**
 * True if a question on this process's terminal would appear on the terminal in which the user has
 * started the agent.
 */
export function sharesTerminal({ terminal }: CodingAgent, proc = '/proc'): boolean {
  return terminal !== null && terminal !== 0 && terminal === readStatus(proc, process.pid)?.terminal;
}

type Found = Pick<CodingAgent, 'name' | 'by'>;

function byVariables(environment: Environment): Found | null {
  for (const { name, variables } of knownAgents) {
    const by = variables.find((variable) => {
      const [key = '', wanted] = variable.split('=');
      const value = environment[key] ?? '';
      return wanted === undefined ? !/^(?:|0|false)$/i.test(value) : value.split(/[@_]/)[0] === wanted;
    });
    if (by !== undefined) return { name, by };
  }
  return null;
}

function byProgram(proc: string, pid: number, name: string): Found | null {
  const words = read(`${proc}/${pid}/cmdline`).split('\0');
  const program = basename(words[0] ?? '');
  const script = interpreters.test(program)
    ? basename(words.slice(1).find((word) => !word.startsWith('-')) ?? '')
    : '';
  const names = [name, program, script.replace(/\.(?:c|m)?js$/, '')];
  const agent = knownAgents.find(({ programs }) => programs.some((known) => names.includes(known)));
  return agent === undefined ? null : { name: agent.name, by: `process ${pid}` };
}

/** proc(5): the name is in parentheses and may contain any character. */
function readStatus(proc: string, pid: number): { name: string; parent: number; terminal: number } | null {
  const text = read(`${proc}/${pid}/stat`);
  const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(text) ?? [];
  const [, parent, , , terminal] = rest.split(' ').map(Number);
  return parent === undefined || terminal === undefined ? null : { name, parent, terminal };
}

function readEnvironment(proc: string, pid: number): Environment {
  const lines = read(`${proc}/${pid}/environ`).split('\0');
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
