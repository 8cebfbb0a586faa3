import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { completionFiles } from '../../src/cli/completion-files.ts';

it('has committed completion files that say what the command table says (npm run completions)', () => {
  for (const { path, text } of completionFiles(join(import.meta.dirname, '../..'))) {
    expect(readFileSync(path, 'utf8')).toBe(text);
  }
});
