import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  completed,
  completions,
  homeWithConfig,
  isOldFish,
  openCompletingShell,
  writeNames,
} from '../support/completing-shell.ts';
import { has } from '../support/programs.ts';
import { packageFolder } from '../support/run-awsh.ts';

describe.skipIf(!has('fish'))('Tab in fish', () => {
  const places: [place: string, copy: string | null, load: string][] = [
    ['a vendor folder of the person', '.local/share/fish/vendor_completions.d/awsh.fish', ''],
    ['a vendor folder of the system', 'share/fish/vendor_completions.d/awsh.fish', ''],
    ['the person’s own completions', '.config/fish/completions/awsh.fish', ''],
    ['awsh completion fish | source', null, `cat '${completions}/awsh.fish' | source`],
    [
      'awsh setup’s line',
      null,
      `source '${packageFolder}/shell/rc.fish'; function awsh; printf '<%s>' $argv; echo; end`,
    ],
  ];
  // The user's vendor folder came with fish 3.5.
  it.each(places.slice(isOldFish ? 1 : 0))('is loaded by %s', async (_, copy, load) => {
    const home = homeWithConfig();
    if (copy !== null) {
      mkdirSync(dirname(join(home.path, copy)), { recursive: true });
      copyFileSync(join(completions, 'awsh.fish'), join(home.path, copy));
    }
    const environment = { XDG_DATA_DIRS: `${home.path}/share:/usr/local/share:/usr/share` };
    const shell = await openCompletingShell('fish', home, { load, environment });
    expect(await completed(shell, 'awsh exec tw\t')).toBe('<exec><two words>');
    expect(await completed(shell, 'awsh stat\t')).toBe('<status>');
  });

  it.each([
    [
      'its own words',
      "complete -c greet -f -a 'hello-there'; function greet; end",
      'awsh exec dev -- greet hel\t',
      '<exec><dev><--><greet><hello-there>',
    ],
    [
      'its own options',
      "complete -c greet -f -l loudly -x -a 'very quite'; function greet; end",
      'awsh exec -nd 1h dev -- greet --loudly v\t',
      '<exec><-nd><1h><dev><--><greet><--loudly><very>',
    ],
    [
      'its own options, without --',
      'complete -c greet -f -l loudly; function greet; end',
      'awsh exec dev greet --lou\t',
      '<exec><dev><greet><--loudly>',
    ],
    ['our own words', '', 'awsh exec dev -- awsh exec tw\t', '<exec><dev><--><awsh><exec><two words>'],
  ])('completes the command of exec by %s', async (_, rc, typed, line) => {
    const shell = await openCompletingShell('fish', homeWithConfig(), { rc });
    expect(await completed(shell, typed)).toBe(line);
  });

  it.each([
    [
      'a test that cannot compare times, as before 3.6',
      'function test; if contains -- -nt $argv; return 2; end; builtin test $argv; end',
    ],
  ])('works with %s', async (_, rc) => {
    const home = homeWithConfig();
    writeNames(home, { name: 'from names', who: '1/x' }, { name: 'other', stored: true });
    const shell = await openCompletingShell('fish', home, { rc });
    expect(await completed(shell, 'awsh exec from\t')).toBe('<exec><from names>');
    expect(await completed(shell, 'awsh rm o\t')).toBe('<rm><other>');
    await shell.run('touch -t 209901010000 ~/.aws/config');
    expect(await completed(shell, 'awsh exec two\t')).toBe('<exec><two words>');
    expect(await completed(shell, 'awsh exec from\t')).toBe('<exec><from>');
  });

  it('finds a name by a part of it, if none begins like that', async () => {
    const home = homeWithConfig();
    writeNames(home, { name: 'Team-one', who: '1/One' }, { name: 'my-team', who: '2/Two' }, { name: 'a*b' });
    const shell = await openCompletingShell('fish', home);
    expect(await completed(shell, 'awsh exec team\t')).toBe('<exec><Team-one>');
    expect(await completed(shell, 'awsh exec y-te\t')).toBe('<exec><my-team>');
    expect(await completed(shell, 'awsh exec a\t')).toBe('<exec><a*b>');
    expect(await completed(shell, 'awsh exec --\t')).not.toContain('team');
  });

  it('completes after words that start a command', async () => {
    const shell = await openCompletingShell('fish', homeWithConfig());
    expect(await completed(shell, 'command true; and awsh exec tw\t')).toBe('<exec><two words>');
    expect(await completed(shell, 'X=1 awsh exec tw\t')).toBe('<exec><two words>');
  });
});
