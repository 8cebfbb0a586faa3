import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainLook } from '../../src/cli/look.ts';
import { proseTableText } from '../../src/cli/table-text.ts';
import { settingKeys, settingStates } from '../../src/settings/index.ts';
import { packageFolder, runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { openTerminal, plainText } from '../support/terminal.ts';

const file = '.config/awsh/config';

describe('awsh config', () => {
  it('shows every setting and its source', async () => {
    const home = temporaryHome();
    home.write(file, '# mine\nbackend = pass\nprotected = prod*, live\nprotected = other\n');
    const environment = { ...home.environment, AWSH_AGENT: 'off', AWS_VAULT_PROMPT: 'zenity' };
    const { status, out, err } = await runHere(['config'], environment);
    expect(status).toBe(0);
    expect(err).toContain('~/.config/awsh/config');
    const rows = Object.fromEntries(out.split('\n').map((line) => [line.split(' ')[0], line.split(/ {2,}/)]));
    expect(Object.keys(rows)).toEqual(['SETTING', ...settingKeys, '']);
    expect(rows.agent?.slice(1, 3)).toEqual(['off', 'AWSH_AGENT']);
    expect(rows.backend?.slice(1, 3)).toEqual(['pass', 'file']);
    expect(rows.prompt?.slice(1, 3)).toEqual(['zenity', 'AWS_VAULT_PROMPT']);
    expect(rows.protected?.slice(1, 3)).toEqual(['prod*, live, other', 'file']);
    expect(rows.theme_variable?.slice(1, 3)).toEqual(['AWSUME_PROFILE', 'default']);
    expect(rows.trusted_dirs?.slice(1, 3)).toEqual(['-', 'default']);
  });

  it('uses a variable only where commands do: protections come only from the file', async () => {
    const home = temporaryHome();
    const environment = { ...home.environment, AWSH_AGENT: 'on', AWSH_PROTECTED: 'x', AWSH_LOCK_AFTER: '1h' };
    const { out } = await runHere(['config', '--json'], environment);
    expect(JSON.parse(out).every(({ from }: { from: string }) => from === 'default')).toBe(true);
  });

  it.each([
    ['lock_after', 'off\n', 0],
    ['backend', '', 1],
    ['protected', 'prod*\nmy live\n', 0],
  ])('get %s', async (name, out, status) => {
    const home = temporaryHome();
    home.write(file, 'protected[] = prod*\nprotected[] = my live\n');
    expect(await runHere(['config', 'get', name], home.environment)).toMatchObject({ out, status });
  });

  it('get --json includes the place of the value', async () => {
    const home = temporaryHome();
    const path = home.write(file, '\nbackend = file\n');
    const { out } = await runHere(['config', 'get', 'backend', '--json'], home.environment);
    expect(JSON.parse(out)).toMatchObject({
      name: 'backend',
      value: 'file',
      from: 'file',
      place: `${path}:2`,
    });
  });

  it('sets and unsets, and leaves the rest of the file unchanged', async () => {
    const home = temporaryHome();
    const path = home.write(file, '# mine\r\nbackend = pass\r\n\r\n; guards\r\nprotected = prod*\r\n', 0o644);
    const set = (...words: string[]) => runHere(['config', ...words], home.environment);
    expect((await set('set', 'backend', 'file')).err).toBe(
      'awsh: backend is file in ~/.config/awsh/config\n',
    );
    await set('set', 'trusted_dirs', '~/work: dev', '~/lab: test, stage');
    await set('unset', 'protected');
    expect(readFileSync(path, 'utf8')).toBe(
      '# mine\r\nbackend = file\r\n\r\n; guards\r\n' +
        'trusted_dirs[] = ~/work: dev\r\ntrusted_dirs[] = "~/lab: test, stage"\r\n'.replaceAll('"', ''),
    );
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('prints a note if a variable overrides the file', async () => {
    const home = temporaryHome();
    const environment = { ...home.environment, AWSH_BACKEND: 'file' };
    const { err } = await runHere(['config', 'set', 'backend', 'pass'], environment);
    expect(err).toContain('in this shell AWSH_BACKEND overrides it');
  });

  it.each([
    [['set', 'agent', 'maybe'], 'agent cannot be "maybe"', 'allowed: on or off', 'awsh config set agent off'],
    [['set', 'lock_after', 'soon'], 'lock_after cannot be "soon"', 'a duration like 30m', 'lock_after 8h'],
    [
      ['set', 'theme_variable', 'PATH'],
      'theme_variable cannot be',
      'AWS_SSO_PROFILE or none',
      'AWSUME_PROFILE',
    ],
    [
      ['set', 'trusted_dirs', '/: dev'],
      'trusted_dirs cannot be "/: dev"',
      'below your home',
      "'~/work: dev, test'",
    ],
    [['set', 'trusted_dirs', '~/a: dev', '~: dev'], 'trusted_dirs cannot be "~: dev"', 'PATH: PROFILE', ''],
    [['set', 'protected', 'a,'], 'protected cannot be ""', 'a name', "'prod*'"],
    [['set', 'pass_prefix', 'a\nagent = off'], 'pass_prefix cannot be "a?agent = off"', 'a name', ''],
    [['set', 'backend', 'file', 'pass'], 'backend takes one value, not 2', '', 'awsh config set backend'],
    [['set', 'backend'], 'config set takes the name of a setting and its value', '', 'awsh config --help'],
    [['get'], 'config get takes the name of a setting', '', 'awsh config --help'],
    [['list', 'agent'], 'config list takes nothing more', '', 'awsh config --help'],
    [['get', 'colour'], 'NAME cannot be "colour"', 'agent, backend', 'awsh config --help'],
    [['show'], 'ACTION cannot be "show"', 'list, get, set, unset, aws', 'awsh config --help'],
  ])('%j is refused in three lines, and changes nothing', async (words, what, why, next) => {
    const home = temporaryHome();
    const path = home.write(file, 'backend = file\n');
    const { status, out, err } = await runHere(['config', ...words], home.environment);
    expect({ status, out }).toEqual({ status: 2, out: '' });
    const lines = err.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(3);
    expect(lines[0]).toContain(what);
    if (why !== '') expect(lines[1]).toContain(why);
    expect(lines.at(-1)).toContain(next);
    expect(readFileSync(path, 'utf8')).toBe('backend = file\n');
  });

  it('corrects a wrong value in the file', async () => {
    const home = temporaryHome();
    const path = home.write(file, 'backend = kechain\n');
    expect((await runHere(['config'], home.environment)).status).toBe(2);
    expect((await runHere(['config', 'set', 'backend', 'keychain'], home.environment)).status).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe('backend = keychain\n');
  });

  it('loses no setting if several are set at once', async () => {
    const home = temporaryHome();
    const rows = ['agent off', 'backend file', 'lock_after 8h', 'pass_prefix x', 'prompt zenity'];
    await Promise.all(rows.map((row) => runHere(['config', 'set', ...row.split(' ')], home.environment)));
    const lines = readFileSync(join(home.path, file), 'utf8').trimEnd().split('\n').sort();
    expect(lines).toEqual(rows.map((row) => row.replace(' ', ' = ')));
  });

  it('has every setting in docs/settings.md', () => {
    const docs = readFileSync(join(packageFolder, 'docs/settings.md'), 'utf8');
    const inDocs = [...docs.matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, name]) => name);
    expect(inDocs.sort()).toEqual([...settingKeys].sort());
  });
});

describe('awsh config list', () => {
  const meanings = [['lock_after', 'off', 'default', 'lock automatically after this time without use']];
  const titles = ['SETTING', 'VALUE', 'FROM', 'MEANING'];

  it.each([20, 40, 60, 80])('breaks no word in %i columns, and cuts nothing', (room) => {
    const text = proseTableText(titles, meanings, { ...plainLook, room });
    const words = (it: string) => it.split(/\s+/).filter(Boolean);
    expect(words(text)).toEqual(expect.arrayContaining(words(meanings.flat().join(' '))));
    expect(text).not.toContain('…');
    expect(text.split('\n').filter((line) => line.length > room)).toEqual([]);
  });

  it('shows every setting in full at a terminal of 40 columns', async () => {
    const home = temporaryHome();
    const terminal = await openTerminal(join(packageFolder, 'bin/awsh'), ['config', 'list'], {
      environment: home.environment,
      cwd: home.path,
      columns: 40,
    });
    await terminal.exited;
    const shown = plainText(terminal.received);
    for (const { meaning } of settingStates(join(home.path, 'none'), {}, home.path))
      for (const word of meaning.split(' ')) expect(shown.split(/\s+/)).toContain(word);
  });
});
