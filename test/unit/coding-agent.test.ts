import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandTable } from '../../src/cli/command-table.ts';
import { codingAgent, knownAgents } from '../../src/system/index.ts';
import { temporaryHome } from '../support/temporary-home.ts';

interface Fake {
  pid: number;
  parent: number;
  name?: string;
  words?: string[];
  environment?: Record<string, string>;
}

/** A /proc with these processes. */
function fakeProc(...processes: Fake[]): string {
  const { path } = temporaryHome();
  for (const { pid, parent, name = 'bash', words = [name], environment = {} } of processes) {
    const folder = join(path, String(pid));
    mkdirSync(folder);
    writeFileSync(join(folder, 'stat'), `${pid} (${name}) S ${parent} ${pid} ${pid} 34816 0\n`);
    writeFileSync(join(folder, 'cmdline'), `${words.join('\0')}\0`);
    const lines = Object.entries(environment).map(([key, value]) => `${key}=${value}\0`);
    writeFileSync(join(folder, 'environ'), lines.join(''));
  }
  return path;
}

const shell: Fake = { pid: 30, parent: 1 };

describe('codingAgent', () => {
  it.each(knownAgents.flatMap(({ name, variables }) => variables.map((variable) => [variable, name])))(
    'recognises %s',
    (variable, name) => {
      const [key = '', value = '1'] = variable.split('=');
      expect(codingAgent({ [key]: value }, 30, fakeProc(shell))).toMatchObject({ name, by: variable });
      expect(codingAgent({ [key]: '' }, 30, fakeProc(shell))).toBeNull();
    },
  );

  it.each<[string, Partial<Fake>]>([
    ['by its name', { name: 'claude' }],
    ['by its script', { name: 'node', words: ['/usr/bin/node', '--no-warnings', '/opt/bin/claude'] }],
    ['by its program', { name: 'MainThread', words: ['/usr/local/bin/claude', '-p'] }],
  ])('finds its process %s, far above', (_, agent) => {
    const proc = fakeProc(
      shell,
      { pid: 20, parent: 10 },
      { pid: 10, parent: 1, ...agent },
      { ...shell, pid: 31, parent: 20 },
    );
    expect(codingAgent({}, 31, proc)).toEqual({ name: 'Claude Code', by: 'process 10', terminal: 34816 });
  });

  it('finds the initial environment of a parent process, although the command no longer has it', () => {
    const proc = fakeProc({ pid: 20, parent: 1, environment: { GEMINI_CLI: '1' } }, { ...shell, parent: 20 });
    expect(codingAgent({}, 30, proc)).toMatchObject({ name: 'Gemini CLI', by: 'GEMINI_CLI', terminal: null });
  });

  it.each<[string, Record<string, string>]>([
    ['an editor’s own terminal', { CURSOR_TRACE_ID: 'x', VSCODE_PID: '1', TERM_PROGRAM: 'vscode' }],
    ['a variable that is off', { CLAUDECODE: '0', AI_AGENT: 'false' }],
    ['another AGENT', { AGENT: 'jenkins' }],
    ['a program with a similar name', {}],
  ])('is null for %s', (_, environment) => {
    const proc = fakeProc({ ...shell, name: 'claude-desktop', words: ['/opt/claude/claude-desktop'] });
    expect(codingAgent(environment, 30, proc)).toBeNull();
  });

  it('ends at a cycle of processes, and without /proc', () => {
    expect(codingAgent({}, 30, fakeProc({ ...shell, parent: 30 }))).toBeNull();
    expect(codingAgent({ CURSOR_AGENT: '1' }, 30, '/nonexistent')).toMatchObject({ name: 'Cursor' });
  });

  it('has a decision for each verb, and the documentation lists what is refused', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/coding-agents.md'), 'utf8');
    const [, listed = ''] = /refuses these commands[^:]*:([^.]*)\./s.exec(text) ?? [];
    const refused = commandTable().flatMap(({ name, codingAgents }) =>
      typeof codingAgents === 'string'
        ? []
        : codingAgents.flatMap(({ actions = [''] }) =>
            actions.map((action) => `awsh ${name} ${action}`.trimEnd()),
          ),
    );
    expect([...listed.matchAll(/`([^`]+)`/g)].map(([, command]) => command).sort()).toEqual(refused.sort());
    const named = (decision: string) =>
      commandTable()
        .filter(({ codingAgents }) => codingAgents === decision)
        .map(({ name }) => name);
    expect(named('limited').sort()).toEqual(
      [
        '_docker-credential',
        '_load',
        '_pin',
        '_serve',
        'eks-token',
        'exec',
        'export',
        'refresh',
        'serve',
        'ssh',
        'use',
      ].sort(),
    );
  });

  it('matches the table in the documentation', () => {
    const text = readFileSync(join(import.meta.dirname, '../../docs/coding-agents.md'), 'utf8');
    for (const { name, variables, programs } of knownAgents) {
      const words = (list: readonly string[]) => list.map((word) => `\`${word}\``).join(', ') || '-';
      expect(text).toContain(`| ${name} | ${words(variables)} | ${words(programs)} |`);
    }
  });
});
