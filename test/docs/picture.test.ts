import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { has } from '../support/programs.ts';
import { packageFolder } from '../support/sandbox-shell.ts';
import { temporaryHome } from '../support/temporary-home.ts';

describe.skipIf(!has('tmux'))('the picture in the README', () => {
  it('is what the terminal shows', async () => {
    const home = temporaryHome();
    const { stderr, exitCode } = await execa(
      'node',
      [join(packageFolder, 'scripts/picture.mjs'), '--check'],
      {
        cwd: packageFolder,
        env: { ...home.environment, TMUX_TMPDIR: home.path },
        extendEnv: false,
        reject: false,
      },
    );
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  }, 120_000);
});
