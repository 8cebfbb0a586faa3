import { expect, it } from 'vitest';
import { codeDevicePrompter, codeDevices } from '../../src/prompt/code-device.ts';
import { nobodyThere } from '../support/fake-prompter.ts';
import { temporaryHome } from '../support/temporary-home.ts';

it('waits for the next half minute if the device still shows a code that was sent', async () => {
  const home = temporaryHome();
  home.write('bin/ykman', '#!/bin/sh\ncat "$HOME/code"\n', 0o755);
  home.write('code', '123456\n');
  const environment = { ...home.environment, PATH: `${home.path}/bin:${home.environment.PATH}` };
  const slept: number[] = [];
  const prompter = codeDevicePrompter(codeDevices.ykman, nobodyThere(), {
    environment,
    now: () => 72_000,
    sleep: async (ms) => {
      slept.push(ms);
      home.write('code', '654321\n');
    },
  });
  expect([await prompter.code('', 'me'), await prompter.code('', 'me')]).toEqual(['123456', '654321']);
  expect(slept).toEqual([18_000]);
});
