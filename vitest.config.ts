import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

/** These replace a module of Node's, which every other file of the same worker would then see. */
const alone = ['test/aws/mfa-process.test.ts'];

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    setupFiles: ['test/support/clean-environment.ts'],
    // Shells in pseudo-terminals and a 600 000-round key derivation share these cores with everything else.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Many tests wait for a shell: more workers than cores keep these busy.
    maxWorkers: 5,
    sequence: { sequencer: LongestFirst },
    projects: [
      // To load awsh and the AWS SDK anew for each file costs more than most files' tests.
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: alone, isolate: false },
      },
      { extends: true, test: { name: 'alone', include: alone } },
    ],
  },
});
