import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { StateRecord } from '../../src/shell/index.ts';
import type { HookShellName } from './hook-shell.ts';
import { openSandboxShell, type SandboxShell, type SandboxShellOptions } from './sandbox-shell.ts';
import type { ShellTerminal } from './terminal.ts';

/** The sandbox with a shell whose state can be read in each of the ways in which awsh shows it. */
export interface StateShell extends SandboxShell {
  readonly name: HookShellName;
  /** `awsh status --json`. */
  state(): Promise<StateRecord>;
  /**
   * The state in status, status --json, doctor and prompt, which must all agree. `findings` is
   * doctor's exit status.
   */
  shownState(findings?: number): Promise<StateRecord>;
  /** A file of the home. */
  path(name: string): string;
  write(name: string, text: string): void;
  edit(name: string, change: (text: string) => string): void;
  /** Runs a line that asks, types the answer after the question, and waits for the prompt. */
  answer(line: string, question: string | RegExp, keys: string): Promise<string>;
}

export async function openStateShell(
  name: HookShellName,
  options: SandboxShellOptions = {},
): Promise<StateShell> {
  const opened = await openSandboxShell(name, { quick: true, ...options });
  const { shell, sandbox } = opened;
  const path = (file: string) => join(sandbox.home, file);
  const printed = async (line: string) => {
    const { status } = await shell.run(`${line} >${path('printed')} 2>${path('errors')}`, 60_000);
    return { status, text: readFileSync(path('printed'), 'utf8') };
  };
  const state = async () => recordIn(await printed('awsh status --json'));
  return {
    ...opened,
    name,
    path,
    state,
    async shownState(findings = 1) {
      const record = await state();
      expect(recordIn(await printed('awsh prompt --format json'))).toEqual(record);
      const doctor = await printed('awsh doctor --offline --json');
      const found = JSON.parse(doctor.text).findings.find(
        (each: { check: string }) => each.check === 'shell-state',
      );
      expect(found).toMatchObject({
        what: expect.stringMatching(new RegExp(`^${record.state}: `)),
        next: record.next,
      });
      expect(found.why.startsWith(record.reason)).toBe(true);
      expect(doctor.status).toBe(findings);
      const { text } = await printed('awsh status');
      expect(text).toMatch(new RegExp(`^state      ${record.state}(?:: [^\n]+)?$`, 'm'));
      expect(text).toContain(`next       ${record.next}\n`);
      return record;
    },
    write: (file, text) => writeFileSync(path(file), text),
    edit: (file, change) => writeFileSync(path(file), change(readFileSync(path(file), 'utf8'))),
    answer: (line, question, keys) => answer(shell, line, question, keys),
  };
}

async function answer(
  shell: ShellTerminal,
  line: string,
  question: string | RegExp,
  keys: string,
): Promise<string> {
  shell.type(`${line}\r`);
  const before = await shell.waitFor(question, 60_000);
  shell.type(keys);
  return before + (await shell.prompt(60_000)).shown;
}

function recordIn({ text }: { text: string }): StateRecord {
  const { state, reason, next } = JSON.parse(text);
  return { state, reason, next };
}
