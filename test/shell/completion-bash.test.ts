import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completed, listed, openCompletingShell } from '../support/completing-shell.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

const config = `[default]
region = eu-west-1
[profile dev]
[profile team:alpha]
[profile "two words"]
[profile a.b.c]
[profile me@corp]
[profile x+y]
[sso-session not-a-profile]
[services neither]
`;

function homeWithConfig(): TemporaryHome {
  const home = temporaryHome();
  home.write('.aws/config', config);
  home.write('.aws/credentials', '[plain]\naws_access_key_id = x\n');
  return home;
}

/** The cache as Node writes it, for the config above. */
function writeCache(home: TemporaryHome, ...lines: string[]): void {
  const head = ['1', join(home.path, '.aws/config'), join(home.path, '.aws/credentials')].join('\t');
  home.write('.cache/awsh/profiles', `${[head, ...lines].join('\n')}\n`);
}

describe('Tab in bash', () => {
  it.each([
    ['a verb', 'awsh stat\t', '<status>'],
    [
      'a verb after global options',
      'awsh --debug --backend file stat\t',
      '<--debug><--backend><file><status>',
    ],
    ['an option', 'awsh exec --no-s\t', '<exec><--no-session>'],
    ['a global option', 'awsh list --back\t', '<list><--backend>'],
    ['a choice', 'awsh export --format js\t', '<export><--format><json>'],
    ['a choice after =', 'awsh export --format=js\t', '<export><--format=json>'],
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
    ['a profile after a value', 'awsh exec -d 1h two\t', '<exec><-d><1h><two words>'],
    ['a profile after a cluster with a value', 'awsh exec -nd 1h two\t', '<exec><-nd><1h><two words>'],
    ['a profile after an assignment', 'A=1 awsh exec two\t', '<exec><two words>'],
    ['a profile behind another command', 'true && awsh exec two\t', '<exec><two words>'],
    ['no second profile', 'awsh export dev tw\t', '<export><dev><tw>'],
    ['no profile after a verb without one', 'awsh off tw\t', '<off><tw>'],
    ['nothing for an unknown verb', 'awsh nonsense tw\t', '<nonsense><tw>'],
  ])('completes %s', async (_, typed, line) => {
    const shell = await openCompletingShell('bash', homeWithConfig());
    expect(await completed(shell, typed)).toBe(line);
  });

  it('lists profiles, and sections that are none not', async () => {
    const shell = await openCompletingShell('bash', homeWithConfig());
    const shown = await listed(shell, 'awsh exec \t\t');
    for (const name of ['default', 'dev', 'team:alpha', 'two\\ words', 'me@corp', 'plain'])
      expect(shown).toContain(name);
    expect(shown).not.toMatch(/not-a-profile|neither|services/);
  });

  it('takes the names from the cache while it is newer, and from the config once that is', async () => {
    const home = homeWithConfig();
    writeCache(home, 'cached one\t111111111111/Admin\teu-west-3\t-', 'stored:one\t-\t-\tstored');
    const shell = await openCompletingShell('bash', home);
    expect(await completed(shell, 'awsh exec cach\t')).toBe('<exec><cached one>');
    expect(await completed(shell, 'awsh exec --region eu\t')).toBe('<exec><--region><eu-west-3>');
    await shell.run('touch -d "+1 minute" ~/.aws/config 2>/dev/null || touch -t 209901010000 ~/.aws/config');
    expect(await completed(shell, 'awsh exec cach\t')).toBe('<exec><cach>');
    expect(await completed(shell, 'awsh exec two\t')).toBe('<exec><two words>');
  });

  it('does not take another config file’s cache', async () => {
    const home = homeWithConfig();
    writeCache(home, 'cached\t-\t-\t-');
    home.write('other config', '[profile other]\n');
    const shell = await openCompletingShell('bash', home, { rc: 'export AWS_CONFIG_FILE=~/"other config"' });
    expect(await completed(shell, 'awsh exec oth\t')).toBe('<exec><other>');
    expect(await completed(shell, 'awsh exec cach\t')).toBe('<exec><cach>');
  });

  it('offers remove what is stored alone', async () => {
    const home = homeWithConfig();
    writeCache(home, 'dev\t-\t-\t-', 'two words\t-\t-\tstored', 'it\'s "odd" $(touch pwned)\t-\t-\tstored');
    const shell = await openCompletingShell('bash', home);
    expect(await completed(shell, 'awsh remove t\t')).toBe('<remove><two words>');
    expect(await completed(shell, 'awsh rm de\t')).toBe('<rm><de>');
    expect(await completed(shell, 'awsh rm it\t')).toBe(`<rm><it's "odd" $(touch pwned)>`);
    expect(await completed(shell, 'awsh rm "it\t')).toBe(`<rm><it's "odd" $(touch pwned)>`);
    expect(await completed(shell, "awsh rm 'it\t")).toBe(`<rm><it's "odd" $(touch pwned)>`);
    expect(await shell.output('ls ~/pwned 2>/dev/null; echo done')).toBe('done');
  });

  it('completes directories for allow', async () => {
    const home = homeWithConfig();
    mkdirSync(join(home.path, 'my project/inner'), { recursive: true });
    const shell = await openCompletingShell('bash', home);
    expect(await completed(shell, 'awsh --file-dir my\tin\t')).toBe('<--file-dir><my project/inner/>');
    expect(await completed(shell, 'awsh --file-dir ~/my\t')).toBe(`<--file-dir><${home.path}/my project/>`);
  });

  it.each([
    [
      'its own function',
      '_greet() { COMPREPLY=("hello-$2-$COMP_CWORD"); }; complete -F _greet greet',
      'awsh exec dev -- greet wor\t',
      '<exec><dev><--><greet><hello-wor-1>',
    ],
    [
      'files where it has none',
      'touch only-file',
      'awsh exec team:alpha -- cat only\t',
      '<exec><team:alpha><--><cat><only-file>',
    ],
    ['its name', '', 'awsh exec dev -- __awsh_tab_spl\t', '<exec><dev><--><__awsh_tab_split>'],
    [
      'bash-completion where that is loaded',
      '_command_offset() { COMPREPLY=("offset-$1"); }',
      'awsh exec dev -- greet w\t',
      '<exec><dev><--><greet><offset-4>',
    ],
  ])('completes the command after -- by %s', async (_, rc, typed, line) => {
    const shell = await openCompletingShell('bash', homeWithConfig(), { rc });
    expect(await completed(shell, typed)).toBe(line);
  });

  it.each([
    'set -u',
    'set -f',
    'shopt -s failglob nullglob extglob nocaseglob dotglob',
    'set -o posix',
    "alias local='echo no' printf='echo no' read='echo no'",
  ])('works under %s', async (options) => {
    const shell = await openCompletingShell('bash', homeWithConfig(), { rc: options });
    expect(await completed(shell, 'awsh exec tw\t')).toBe('<exec><two words>');
  });

  it('needs no config at all', async () => {
    const shell = await openCompletingShell('bash', temporaryHome());
    expect(await completed(shell, 'awsh exec \t\tx')).toBe('<exec><x>');
  });
});
