import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { completionFiles } from '../../src/cli/completion-files.ts';

it('the committed completion files match the command table (npm run completions)', () => {
  for (const { path, text } of completionFiles(join(import.meta.dirname, '../..'))) {
    expect(readFileSync(path, 'utf8')).toBe(text);
  }
});
