import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completed, listed, openCompletingShell } from '../support/completing-shell.ts';
import { has } from '../support/programs.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

const completions = join(import.meta.dirname, '../../completions');

const config = `[default]
region = eu-west-1
[profile dev]
[profile team:alpha]
[profile "two words"]
[profile a.b.c]
[sso-session not-a-profile]
`;

function homeWithConfig(): TemporaryHome {
  const home = temporaryHome();
  home.write('.aws/config', config);
  home.write('.aws/credentials', '[plain]\naws_access_key_id = x\n');
  return home;
}

function writeCache(home: TemporaryHome, ...lines: string[]): void {
  const head = ['1', join(home.path, '.aws/config'), join(home.path, '.aws/credentials')].join('\t');
  home.write('.cache/awsh/profiles', `${[head, ...lines].join('\n')}\n`);
}

describe.skipIf(!has('zsh'))('Tab in zsh', () => {
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
    ['a shell', 'awsh hook z\t', '<hook><zsh>'],
    ['a profile', 'awsh exec dev\tx', '<exec><dev><x>'],
    ['a profile of the credentials file', 'awsh exec pla\t', '<exec><plain>'],
    ['a profile with a colon', 'awsh exec team:al\t', '<exec><team:alpha>'],
    ['a profile with a colon, from its beginning', 'awsh exec tea\t', '<exec><team:alpha>'],
    ['a profile with a space', 'awsh exec tw\t', '<exec><two words>'],
    ['a profile with a space that was escaped', 'awsh exec two\\ w\t', '<exec><two words>'],
    ['a profile in double quotes', 'awsh exec "two w\t', '<exec><two words>'],
    ['a profile with dots', 'awsh exec a.b\t', '<exec><a.b.c>'],
    ['a profile after a value', 'awsh exec -d 1h two\t', '<exec><-d><1h><two words>'],
    ['no second profile', 'awsh export dev tw\t', '<export><dev><tw>'],
    ['no profile after a verb without one', 'awsh off tw\t', '<off><tw>'],
  ])('completes %s', async (_, typed, line) => {
    const shell = await openCompletingShell('zsh', homeWithConfig());
    expect(await completed(shell, typed)).toBe(line);
  });

  it('shows who a profile is', async () => {
    const home = homeWithConfig();
    writeCache(
      home,
      'dev\t111111111111/Developer\teu-west-1\t-',
      'pro:d\t222222222222/Admin\t-\tstored',
      'bare\t-\t-\t-',
    );
    const shell = await openCompletingShell('zsh', home);
    const shown = await listed(shell, 'awsh exec \t');
    expect(shown).toMatch(/dev +-- 111111111111\/Developer/);
    expect(shown).toMatch(/pro:d +-- 222222222222\/Admin/);
    expect(shown).toContain('bare');
  });

  it('shows what verbs and options do', async () => {
    const shell = await openCompletingShell('zsh', homeWithConfig());
    expect(await listed(shell, 'awsh re\t\t')).toMatch(/remove +-- remove a stored access key/);
    expect(await listed(shell, 'awsh add --\t')).toMatch(/--stdin +-- take the key from stdin/);
  });

  it('takes the names from the cache while it is newer, and from the config once that is', async () => {
    const home = homeWithConfig();
    writeCache(home, 'cached one\t111111111111/Admin\teu-west-3\t-');
    const shell = await openCompletingShell('zsh', home);
    expect(await completed(shell, 'awsh exec cach\t')).toBe('<exec><cached one>');
    expect(await completed(shell, 'awsh exec --region eu\t')).toBe('<exec><--region><eu-west-3>');
    await shell.run('touch -t 209901010000 ~/.aws/config');
    expect(await completed(shell, 'awsh exec cach\t')).toBe('<exec><cach>');
    expect(await completed(shell, 'awsh exec two\t')).toBe('<exec><two words>');
  });

  it('offers remove what is stored alone', async () => {
    const home = homeWithConfig();
    writeCache(
      home,
      'dev\t-\t-\t-',
      'two words\t-\t-\tstored',
      'it\'s "odd" \\ $(touch pwned)\t-\t-\tstored',
    );
    const shell = await openCompletingShell('zsh', home);
    expect(await completed(shell, 'awsh remove t\t')).toBe('<remove><two words>');
    expect(await completed(shell, 'awsh rm de\t')).toBe('<rm><de>');
    expect(await completed(shell, 'awsh rm it\t')).toBe(`<rm><it's "odd" \\ $(touch pwned)>`);
    expect(await shell.output('ls ~/pwned 2>/dev/null; echo done')).toBe('done');
  });

  it('completes directories', async () => {
    const home = homeWithConfig();
    mkdirSync(join(home.path, 'my project/inner'), { recursive: true });
    const shell = await openCompletingShell('zsh', home);
    expect(await completed(shell, 'awsh --file-dir my\tin\t')).toBe('<--file-dir><my project/inner>');
  });

  it.each([
    [
      'its own function',
      '_greet() { compadd "hello-$words[1]-$CURRENT" }; compdef _greet greet; greet() { : }',
      'awsh exec dev -- greet hel\t',
      '<exec><dev><--><greet><hello-greet-2>',
    ],
    [
      'files where it has none',
      'touch only-file',
      'awsh exec team:alpha -- cat only\t',
      '<exec><team:alpha><--><cat><only-file>',
    ],
    [
      'its name',
      'path+=~/bin; mkdir -p ~/bin; print > ~/bin/my-own-program; chmod +x ~/bin/*; rehash',
      'awsh exec dev -- my-own-pr\t',
      '<exec><dev><--><my-own-program>',
    ],
    [
      'its own options',
      '_greet() { _arguments "--loudly[x]" }; compdef _greet greet; greet() { : }',
      'awsh exec --no-session dev -- greet --lou\t',
      '<exec><--no-session><dev><--><greet><--loudly>',
    ],
  ])('completes the command after -- by %s', async (_, rc, typed, line) => {
    const home = homeWithConfig();
    const load = `autoload -Uz compinit && compinit -u -D; . '${completions}/_awsh'; ${rc}`;
    const shell = await openCompletingShell('zsh', home, { load });
    expect(await completed(shell, typed)).toBe(line);
  });

  it.each([
    'setopt ksh_arrays',
    'setopt sh_word_split',
    'setopt no_unset',
    'setopt rc_quotes',
    'setopt no_nomatch null_glob',
    'setopt warn_create_global',
  ])('works under %s', async (options) => {
    const shell = await openCompletingShell('zsh', homeWithConfig(), { rc: options });
    expect(await completed(shell, 'awsh exec tw\t')).toBe('<exec><two words>');
    expect(await completed(shell, 'awsh stat\t')).toBe('<status>');
  });

  it('works from a folder in fpath, at the first Tab and the second', async () => {
    const home = homeWithConfig();
    mkdirSync(join(home.path, 'functions'));
    copyFileSync(join(completions, '_awsh'), join(home.path, 'functions/_awsh'));
    const shell = await openCompletingShell('zsh', home, {
      load: 'fpath=(~/functions $fpath); autoload -Uz compinit && compinit -u -D',
    });
    expect(await completed(shell, 'awsh exec tw\t')).toBe('<exec><two words>');
    expect(await completed(shell, 'awsh exec tw\t')).toBe('<exec><two words>');
  });

  it('says nothing where compinit was not run', async () => {
    const shell = await openCompletingShell('zsh', homeWithConfig(), {
      load: `. '${completions}/_awsh'; print loaded $?`,
    });
    expect(shell.received).toContain('loaded 0');
    expect(shell.received).not.toContain('not found');
  });
});
