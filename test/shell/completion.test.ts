import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  completed,
  completingShells,
  homeWithConfig,
  isOldBash,
  isOldFish,
  listed,
  openCompletingShell,
  writeNames,
} from '../support/completing-shell.ts';
import { has } from '../support/programs.ts';
import { packageFolder, runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { bashIsFrom } from '../support/tried-shells.ts';

describe.each(completingShells)('Tab in %s', (name) => {
  it.each([
    ['a verb', 'awsh stat\t', '<status>'],
    [
      'a verb after global options',
      'awsh --debug --backend file stat\t',
      '<--debug><--backend><file><status>',
    ],
    ['a verb that help is wanted for', 'awsh help migr\t', '<help><migrate-backend>'],
    ['an option', 'awsh exec --no-s\t', '<exec><--no-session>'],
    ['an option after the profile', 'awsh exec dev --no-s\t', '<exec><dev><--no-session>'],
    ['a global option', 'awsh list --back\t', '<list><--backend>'],
    ['no option for aws-vault’s sake', 'awsh list --keych\t', '<list><--keych>'],
    ['a format', 'awsh export --format js\t', '<export><--format><json>'],
    ['a format after =', 'awsh export --format=js\t', '<export><--format=json>'],
    ['a region', 'awsh exec --region eu-n\t', '<exec><--region><eu-north-1>'],
    ['a service of the console', 'awsh login --service secr\t', '<login><--service><secretsmanager>'],
    ['a browser', 'awsh login --browser fi\t', '<login><--browser><firefox>'],
    ['a backend', 'awsh --backend ke\t', '<--backend><keychain>'],
    ['a way to ask', 'awsh --prompt zen\t', '<--prompt><zenity>'],
    ['an action of the agent', 'awsh agent stat\t', '<agent><status>'],
    ['a setting', 'awsh config get them\t', '<config><get><theme_variable>'],
    ['a setting’s value', 'awsh config set backend key\t', '<config><set><backend><keychain>'],
    [
      'a setting’s value after an option',
      'awsh config --json set prompt ykm\t',
      '<config><--json><set><prompt><ykman>',
    ],
    ['no value for what is only shown', 'awsh config get backend key\t', '<config><get><backend><key>'],
    ['a shell', 'awsh hook z\t', '<hook><zsh>'],
    ['a profile', 'awsh exec dev\tx', '<exec><dev><x>'],
    ['a profile of the credentials file', 'awsh exec pla\t', '<exec><plain>'],
    ['a profile with a colon', 'awsh exec team:al\t', '<exec><team:alpha>'],
    ['a profile with a colon, from its beginning', 'awsh exec tea\t', '<exec><team:alpha>'],
    ['a profile with a space', 'awsh exec tw\t', '<exec><two words>'],
    ['a profile with a space that was escaped', 'awsh exec two\\ w\t', '<exec><two words>'],
    ['a profile in double quotes', 'awsh exec "two w\t', '<exec><two words>'],
    ['a profile in single quotes', "awsh exec 'two w\t", '<exec><two words>'],
    ['a profile with dots', 'awsh exec a.b\t', '<exec><a.b.c>'],
    ['a profile with an @', 'awsh exec me@\t', '<exec><me@corp>'],
    ['a profile with a +', 'awsh exec x\t', '<exec><x+y>'],
    ['a profile with an =', 'awsh exec role=\t', '<exec><role=x>'],
    ['a profile after a value', 'awsh exec -d 1h two\t', '<exec><-d><1h><two words>'],
    ['a profile after a cluster with a value', 'awsh exec -nd 1h two\t', '<exec><-nd><1h><two words>'],
    ['one profile after another where all are taken', 'awsh import dev tw\t', '<import><dev><two words>'],
    ['no second profile', 'awsh export dev tw\t', '<export><dev><tw>'],
    ['no profile after a verb without one', 'awsh off tw\t', '<off><tw>'],
    ['nothing for an unknown verb', 'awsh nonsense tw\t', '<nonsense><tw>'],
  ])('completes %s', async (_, typed, line) => {
    const shell = await openCompletingShell(name, homeWithConfig());
    expect(await completed(shell, typed)).toBe(line);
  });

  it('lists profiles, and not sections that are none', async () => {
    const shell = await openCompletingShell(name, homeWithConfig());
    const shown = await listed(shell, 'awsh exec \t\t');
    for (const each of ['default', 'dev', 'team:alpha', /two\\? words/, 'me@corp', 'plain'])
      expect(shown).toMatch(each);
    expect(shown).not.toMatch(/not-a-profile|neither|services/);
  });

  // bash 3.2 does not show what it is about to do.
  it.skipIf(name === 'bash' && !bashIsFrom(400))('shows who a profile is, and what words do', async () => {
    const home = homeWithConfig();
    writeNames(
      home,
      { name: 'dev', who: '111111111111/Developer' },
      { name: 'pro:d', who: '222222222222/Admin', stored: true },
      { name: 'bare' },
    );
    const shell = await openCompletingShell(name, home);
    const profiles = await listed(shell, 'awsh exec \t\t');
    expect(profiles).toMatch(/dev .*111111111111\/Developer/);
    expect(profiles).toMatch(/pro:d .*222222222222\/Admin/);
    expect(profiles).toContain('bare');
    expect(await listed(shell, 'awsh re\t\t')).toMatch(/remove .*remove a stored access key/);
    expect(await listed(shell, 'awsh add --\t\t')).toMatch(/--stdin .*read the key from stdin/);
  });

  it.skipIf(name === 'bash' && !bashIsFrom(400))(
    'shows who they are where many begin with a word',
    async () => {
      const home = homeWithConfig();
      const many = Array.from({ length: 12 }, (_, at) => ({ name: `team-${at}`, who: `${at}/Role${at}` }));
      writeNames(
        home,
        ...many,
        { name: 'team-x:y\\z', who: '99/Odd' },
        { name: 'team-bare' },
        { name: 'another' },
      );
      const shell = await openCompletingShell(name, home);
      const shown = await listed(shell, 'awsh exec team-\t\t');
      expect(shown).toMatch(/team-3 .*3\/Role3/);
      expect(shown).toMatch(/team-11 .*11\/Role11/);
      expect(shown).toMatch(/team-x:y\\+z .*99\/Odd/);
      expect(shown).toContain('team-bare');
      expect(shown).not.toContain('another');
      expect(await completed(shell, 'awsh exec team-ba\t')).toBe('<exec><team-bare>');
    },
  );

  it('uses the names in the cache while it is newer, and otherwise the config', async () => {
    const home = homeWithConfig();
    writeNames(home, { name: 'cached one', who: '111111111111/Admin' });
    const shell = await openCompletingShell(name, home);
    expect(await completed(shell, 'awsh exec cach\t')).toBe('<exec><cached one>');
    await shell.run('touch -t 209901010000 ~/.aws/config');
    expect(await completed(shell, 'awsh exec cach\t')).toBe('<exec><cach>');
    expect(await completed(shell, 'awsh exec two\t')).toBe('<exec><two words>');
  });

  it('does not use another config file’s cache', async () => {
    const home = homeWithConfig();
    writeNames(home, { name: 'cached' });
    const environment = { AWS_CONFIG_FILE: home.write('other config', '[profile other]\n') };
    const shell = await openCompletingShell(name, home, { environment });
    expect(await completed(shell, 'awsh exec oth\t')).toBe('<exec><other>');
    expect(await completed(shell, 'awsh exec cach\t')).toBe('<exec><cach>');
  });

  it('offers only stored keys for remove and rotate', async () => {
    const home = homeWithConfig();
    const odd = 'it\'s "odd" \\ $(touch pwned)';
    writeNames(home, { name: 'dev' }, { name: 'two words', stored: true }, { name: odd, stored: true });
    const shell = await openCompletingShell(name, home);
    expect(await completed(shell, 'awsh remove t\t')).toBe('<remove><two words>');
    expect(await completed(shell, 'awsh rotate t\t')).toBe('<rotate><two words>');
    expect(await completed(shell, 'awsh migrate-backend --profile t\t')).toBe(
      '<migrate-backend><--profile><two words>',
    );
    expect(await completed(shell, 'awsh rm dev\t')).toBe('<rm><dev>');
    expect(await completed(shell, 'awsh rm it\t')).toBe(`<rm><${odd}>`);
    expect(await shell.output('ls ~/pwned 2>/dev/null; echo done')).toBe('done');
  });

  it('completes directories for allow and deny, and files for file arguments', async () => {
    const home = homeWithConfig();
    mkdirSync(join(home.path, 'my project/inner'), { recursive: true });
    home.write('my file.csv', '');
    const shell = await openCompletingShell(name, home);
    const trimmed = async (typed: string) => (await completed(shell, typed)).replace(/\/>$/, '>');
    expect(await trimmed('awsh allow my\tin\t')).toBe('<allow><my project/inner>');
    expect(await trimmed('awsh deny ~/my\t')).toBe(`<deny><${home.path}/my project>`);
    expect(await trimmed('awsh --file-dir my\t')).toBe('<--file-dir><my project>');
    expect(await trimmed('awsh import --csv my\\ f\t')).toBe('<import><--csv><my file.csv>');
  });

  it.each([
    ['after --', 'awsh exec dev -- cat only\t', '<exec><dev><--><cat><only-file>'],
    ['without --', 'awsh exec team:alpha cat only\t', '<exec><team:alpha><cat><only-file>'],
    [
      'behind options',
      'awsh exec -d 1h dev --no-session -- cat only\t',
      '<exec><-d><1h><dev><--no-session><--><cat><only-file>',
    ],
    ['by its name', 'awsh exec dev -- my-own-pr\t', '<exec><dev><--><my-own-program>'],
    ['by its name, without --', 'awsh exec dev my-own-pr\t', '<exec><dev><my-own-program>'],
  ])('completes the command of exec %s', async (_, typed, line) => {
    const home = homeWithConfig();
    home.write('only-file', '');
    home.write('bin/my-own-program', '#!/bin/sh\n', 0o755);
    const environment = { PATH: `${home.path}/bin:${home.environment.PATH}` };
    const shell = await openCompletingShell(name, home, { environment });
    expect(await completed(shell, typed)).toBe(line);
  });

  it('needs no config at all', async () => {
    const shell = await openCompletingShell(name, temporaryHome());
    expect(await completed(shell, 'awsh exec \t\tx')).toMatch(/^<exec><x>$/);
  });

  it('updates the names in the background, and leaves no job behind', async () => {
    const home = homeWithConfig();
    const names = writeNames(home, { name: 'cached one' });
    const shell = await openCompletingShell(name, home);
    home.write('.aws/config', '[profile added]\nrole_arn = arn:aws:iam::123456789012:role/Later\n');
    await shell.run('touch -t 209901010000 ~/.aws/credentials');
    expect(await completed(shell, 'awsh exec add\t')).toBe('<exec><added>');
    await expect
      .poll(() => readFileSync(names, 'utf8'), { timeout: 100_000 })
      .toContain('123456789012/Later');
    const { shown } = await shell.run('jobs');
    expect(shown).not.toMatch(/_names|\[1\]|running/i);
    await shell.run('touch -t 200001010000 ~/.aws/credentials');
    expect(await listed(shell, 'awsh exec \t\t')).toContain('added');
  });

  it.skipIf(!has('strace') || (name === 'fish' && isOldFish))(
    'starts no program, and no process',
    async () => {
      const home = homeWithConfig();
      writeNames(home, { name: 'cached one', stored: true }, { name: 'cached two' });
      const log = join(home.path, 'trace');
      const program = home.write(
        'traced',
        `#!/bin/sh\nexec strace -f --seccomp-bpf -o ${log} -e trace=clone,clone3,fork,vfork,execve,connect ${name} "$@"\n`,
        0o755,
      );
      const shell = await openCompletingShell(name, home, { program });
      expect(await completed(shell, 'awsh exec cached\\ o\t')).toBe('<exec><cached one>');
      const before = readFileSync(log, 'utf8').length;
      expect(await completed(shell, 'awsh exec cached\\ o\t')).toBe('<exec><cached one>');
      expect(await completed(shell, 'awsh remove ca\t')).toBe('<remove><cached one>');
      expect(await completed(shell, 'awsh export --format js\t')).toBe('<export><--format><json>');
      const shellsOwn = `${Number.parseInt(readFileSync(log, 'utf8'), 10)} `;
      const calls = readFileSync(log, 'utf8').slice(before).split('\n');
      const programs = calls.filter((line) => /(execve|connect)\(/.test(line));
      expect(programs.filter((line) => name === 'bash' || line.startsWith(shellsOwn))).toEqual([]);
      const forks = calls.filter((line) => /(fork|clone3?)\((?!.*CLONE_THREAD)/.test(line));
      // bash 3.2 forks when it reads a whole file.
      const own = forks.filter((line) => line.startsWith(shellsOwn));
      expect(own).toHaveLength(name === 'bash' && isOldBash ? 2 : 0);
      // The trace does show forks.
      await shell.run('/bin/true');
      expect(readFileSync(log, 'utf8').slice(before)).toMatch(/execve\("\/bin\/true"/);
    },
  );

  it('prints its script by awsh completion', async () => {
    const { status, out } = await runHere(['completion', name], temporaryHome().environment);
    expect(status).toBe(0);
    const file = { bash: 'awsh.bash', zsh: '_awsh', fish: 'awsh.fish' }[name];
    expect(out).toBe(readFileSync(join(packageFolder, 'completions', file), 'utf8'));
  });
});
