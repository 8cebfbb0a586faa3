import { expect, it } from 'vitest';
import { tellOddLines } from '../../src/cli/odd-lines.ts';

it('odd-lines: names the lines of a file in order', async () => {
  const told: string[] = [];
  const output = { stderr: { isTTY: false, columns: 200 }, tell: (text: string) => told.push(text) };
  const given = { output, paths: { home: '/home/me' } } as unknown as Parameters<typeof tellOddLines>[1];
  const at = (line: number) => `/home/me/.aws/config:${line}: x`;
  await tellOddLines({ oddLines: [6, 9, 12, 19].map(at), repeatedLines: [1, 20].map(at) }, given);
  expect(told.join('').replaceAll(/\s+/g, ' ')).toContain('~/.aws/config:1, 6, 9, 12, 19 and …');
});
