import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Guide } from '../../src/demo/guide.ts';
import { serveGuide } from '../../src/demo/guide-server.ts';
import type { Scene } from '../../src/demo/scenes.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const look = { heading: (text: string) => text, prose: (text: string) => [text] };
const step = (command: string) => ({
  text: `Do ${command}.`,
  command,
  learned: `${command} was done.`,
  isDone: (report: { command: string; status: number }) =>
    report.command.startsWith(command) && report.status === 0,
  shows: [],
});
const scenes: Scene[] = [
  { title: 'one', steps: [step('a'), step('b')] },
  { title: 'two', steps: [step('c')] },
];

const ran = (guide: Guide, command: string, status = 0) =>
  guide.ran({ command, status, cwd: '/', kind: '', profile: '' }).join('\n');

describe('the guide of the demo', () => {
  it('continues when a step was done, and only then', () => {
    const guide = new Guide(scenes, look);
    expect(guide.begin().join('\n')).toMatch(/1 of 2: one\nDo a\.\ntype: a$/);
    expect(ran(guide, 'a', 1)).toBe('');
    expect(ran(guide, 'b')).toBe('');
    expect(ran(guide, 'a')).toBe('\na was done.\n\nDo b.\ntype: b');
    expect(ran(guide, 'b')).toBe('\nb was done.\n\n2 of 2: two\nDo c.\ntype: c');
    expect(ran(guide, 'c')).toMatch(/last scene[\s\S]*type: exit$/);
    expect(ran(guide, 'c')).toBe('');
  });

  it('skips a step on request, and shows the step again after three other commands', () => {
    const guide = new Guide(scenes, look);
    expect(ran(guide, 'next')).toBe('\nDo b.\ntype: b');
    expect(['x', 'y', 'z'].map((command) => ran(guide, command))).toEqual(['', '', 'type: b']);
    expect(ran(guide, 'guide')).toBe('\nDo b.\ntype: b');
    expect([1, 2, 3].map(() => ran(guide, 'next')).at(-1)).not.toContain('undefined');
  });

  it('answers only a shell of the sandbox, which knows its password', async () => {
    const program = join(temporaryHome().path, 'demo-report');
    onTestFinished(await serveGuide(new Guide(scenes, look), program));
    const report = async (...words: string[]) => (await promisify(execFile)(program, words)).stdout;
    expect(await report('begin')).toContain('type: a\n');
    expect(await report('ran', '0', 'a\nb')).toContain('type: b\n');
    const text = `exec 3<>/dev/tcp/127.0.0.1/PORT; printf '%s\\n' ${'x'.repeat(24)} begin 0 / '' '' end >&3; cat <&3`;
    const { stdout: port } = await promisify(execFile)('sed', [
      '-n',
      's|.*/dev/tcp/127.0.0.1/\\([0-9]*\\).*|\\1|p',
      program,
    ]);
    const { stdout } = await promisify(execFile)('bash', ['-c', text.replace('PORT', port.trim())]);
    expect(stdout).toBe('');
  });
});
