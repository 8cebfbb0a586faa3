import { mkdirSync, symlinkSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sessionNameOfProfile } from '../../src/sessions/session-name.ts';
import { parseSettings, sessionNaming } from '../../src/settings/index.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const settingsOf = (template: string) =>
  parseSettings(`role_session_name = ${template}\n`, '/h/config', '/h');
const nameOf = (template: string, directory: string, profile = 'dev') =>
  sessionNameOfProfile(sessionNaming(settingsOf(template), directory) ?? '', profile);

describe('session-name', () => {
  it('fills in each placeholder, and is the same for the same directory', () => {
    const user = userInfo().username;
    expect(nameOf('{user}@{directory}', '/nowhere/shop')).toBe(`${user}@shop`);
    expect(nameOf('{user}@{directory}', '/nowhere/shop')).toBe(
      nameOf('{user}@{directory}', '/elsewhere/shop'),
    );
    expect(nameOf('ci_{host}', '/')).toBe(`ci_${hostname().split('.')[0]}`.replace(/[^\w+=,.@-]/g, '-'));
    expect(nameOf('{profile}={profile}', '/x', 'a/b')).toBe('a-b=a-b');
  });

  it('replaces what AWS does not accept, and fills in none of a directory named like a placeholder', () => {
    expect(nameOf('{directory}', '/nowhere/my shop (ü😀)')).toBe('my-shop-----');
    expect(nameOf('{directory}', '/nowhere/{profile}')).toBe('-profile-');
    expect(nameOf('{directory}', '/')).toBe('--');
  });

  it('cuts a longer name after 64 characters, and fills a shorter one up to 2', () => {
    expect(nameOf('{directory}', `/nowhere/${'x'.repeat(200)}`)).toBe('x'.repeat(64));
    expect(nameOf('{profile}', '/nowhere', 'a')).toBe('a-');
  });

  it('uses a directory’s real name', () => {
    const { path } = temporaryHome();
    mkdirSync(join(path, 'shop'));
    symlinkSync('shop', join(path, 'link'));
    expect(nameOf('{directory}', join(path, 'link'))).toBe('shop');
  });

  it('is always a name that AWS accepts', () => {
    const part = fc.oneof(
      fc.constantFrom('{user}', '{directory}', '{host}', '{profile}'),
      fc.stringMatching(/^[\w+=,.@-]{1,12}$/),
    );
    const template = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
    const text = fc.string({ unit: 'binary', maxLength: 200 }).map((name) => name.replaceAll('\0', ''));
    fc.assert(
      fc.property(template, text, text, (template, directory, profile) => {
        const naming = sessionNaming({ roleSessionName: template }, `/nowhere/${directory}`) ?? '';
        expect(sessionNameOfProfile(naming, profile)).toMatch(/^[\w+=,.@-]{2,64}$/);
      }),
    );
  });

  it.each(['{usr}', '{user', 'a b', 'a/b', '{}', 'ü', "''", `'${'a'.repeat(65)}'`])(
    'refuses %s, with its line',
    (template) => {
      expect(() => parseSettings(`agent = on\nrole_session_name = ${template}\n`, '/h/config', '/h')).toThrow(
        /^\/h\/config:2: role_session_name is not valid/,
      );
    },
  );
});
