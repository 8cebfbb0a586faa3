import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  completed,
  completingShells,
  homeWithConfig,
  listed,
  openCompletingShell,
  writeNames,
} from '../../support/completing-shell.ts';

/** Colour, title and clipboard sequences, with ESC and with the equivalent C1 control character. */
const forged = ['\x1b[31mred', '\x1b]0;title\x07', '\x1b]52;c;ZXZpbA==\x07', '\x9b31m', '\x7f', '\x08'];

describe.each(completingShells)(
  'completion in %s, with a cache of names that another user has planted',
  (name) => {
    it('offers none if a byte could change what the terminal shows', async () => {
      const home = homeWithConfig();
      writeNames(home, ...forged.map((bytes, at) => ({ name: `dev${at}${bytes}`, who: '111111111111/A' })));
      const shell = await openCompletingShell(name, home);
      const shown = await listed(shell, 'awsh exec de\t\t');
      for (const bytes of forged.slice(0, 4)) expect(shell.received).not.toContain(bytes);
      expect(shown).not.toContain('red');
      // Tab offers the names in the config instead.
      expect(await completed(shell, 'awsh exec two\t')).toBe('<exec><two words>');
    });

    it('offers none if only its rows have such a byte', async () => {
      const home = homeWithConfig();
      writeNames(home, { name: 'deva', who: '1\x1b[31mred' }, { name: 'devb', who: '' });
      const shell = await openCompletingShell(name, home);
      await listed(shell, 'awsh exec dev\t\t');
      expect(shell.received).not.toContain('\x1b[31mred');
    });

    it('offers none if a directory has named it since the hook was sourced', async () => {
      const home = homeWithConfig();
      writeNames(home, { name: 'zebra' });
      mkdirSync(join(home.path, 'project'));
      renameSync(join(home.path, '.cache'), join(home.path, 'project/cache'));
      const fixed = join(home.path, '.cache/awsh');
      const shell = await openCompletingShell(name, home, {
        rc: name === 'fish' ? `set -g __awsh_cache ${fixed}` : `__awsh_cache=${fixed}`,
        environment: { XDG_CACHE_HOME: join(home.path, 'project/cache') },
      });
      expect(await completed(shell, 'awsh exec zeb\t')).toBe('<exec><zeb>');
    });
  },
);
