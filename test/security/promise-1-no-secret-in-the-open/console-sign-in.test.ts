import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { chooseBrowser, inContainer, writeSignInPage } from '../../../src/console/index.ts';
import { Secret } from '../../../src/system/index.ts';
import { runInstalled } from '../../support/run-awsh.ts';
import { sandboxEnvironment } from '../../support/sandbox-shell.ts';
import { shortLivedSandbox } from '../../support/served-command.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const secret = new Secret('https://signin.example/federation?Action=login&SigninToken=it"s<secret>&x=1');

describe('the page that a browser is started with', () => {
  it('is closed to others, and redirects without a script', () => {
    const { path } = temporaryHome();
    const url = writeSignInPage(`${path}/run/awsh`, secret);
    const file = fileURLToPath(url);
    expect(url.href).not.toContain('secret');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(file)).mode & 0o777).toBe(0o700);
    const page = readFileSync(file, 'utf8');
    expect(page).toContain(
      'content="0;url=https://signin.example/federation?Action=login&amp;SigninToken=it&quot;s&lt;secret&gt;&amp;x=1"',
    );
    expect(page).not.toContain('<script');
  });

  it('has a different address each time', () => {
    const { path } = temporaryHome();
    const urls = [1, 2].map(() => writeSignInPage(`${path}/run/awsh`, secret).href);
    expect(urls[0]).not.toBe(urls[1]);
  });
});

/** A browser that records its arguments and the pages that it loads. */
const recorder = `#!/bin/sh
for word; do :; done
printf '%s\\n' "$@" >"$HOME/words"
env >"$HOME/environment"
cat "\${word#file://}" >"$HOME/page"
touch "$HOME/done"
`;

describe('awsh login', () => {
  it.each<[string, Record<string, string>, string[], string[]]>([
    ['the browser in $BROWSER', { BROWSER: 'recorder' }, [], []],
    ['a named one', {}, ['--browser', 'firefox'], []],
    ['a profile of Chrome', {}, ['--browser', 'chrome', '--container', 'work'], ['--profile-directory=work']],
    ['a container of Firefox', {}, ['--browser', 'firefox', '--container', 'my work'], []],
  ])(
    'gives %s no token and no key: not in argv, not in its environment',
    async (_, variables, words, more) => {
      const sandbox = await shortLivedSandbox(3600);
      mkdirSync(`${sandbox.home}/bin`);
      for (const name of ['recorder', 'firefox', 'google-chrome']) {
        writeFileSync(`${sandbox.home}/bin/${name}`, recorder, { mode: 0o755 });
      }
      const environment = sandboxEnvironment(sandbox);
      const { status, out } = await runInstalled(['login', 'dev', ...words], {
        ...environment,
        PATH: `${sandbox.home}/bin:${environment.PATH}`,
        AWSH_AGENT: 'off',
        AWS_SECRET_ACCESS_KEY: 'leftover',
        ...variables,
      });
      expect({ status, out }).toEqual({ status: 0, out: '' });
      for (let tries = 0; tries < 200 && !existsSync(`${sandbox.home}/done`); tries += 1) await sleep(50);
      const started = readFileSync(`${sandbox.home}/words`, 'utf8').trim().split('\n');
      expect(started).toEqual([
        ...more,
        expect.stringMatching(/^file:\/\/\/.*\/sign-in-[0-9a-f]{32}\/awsh\.html$/),
      ]);
      expect(readFileSync(`${sandbox.home}/environment`, 'utf8')).not.toMatch(/^AWSH?_/m);
      const page = readFileSync(`${sandbox.home}/page`, 'utf8');
      expect(page).toContain(
        words.includes('my work') ? 'url=ext+container:name=my%20work&amp;url=http' : 'SigninToken=',
      );
    },
  );
});

describe('a browser', () => {
  it('is never one that a directory supplies, nor a command line', () => {
    const home = temporaryHome();
    home.write('bin/firefox', recorder, 0o755);
    home.write('evil', recorder, 0o755);
    const PATH = 'bin:.:';
    for (const BROWSER of ['./evil', 'evil', 'sh -c evil', 'firefox %s']) {
      expect(() => chooseBrowser(undefined, { PATH, BROWSER })).toThrow('there is no browser to open');
    }
    expect(() => chooseBrowser('firefox', { PATH })).toThrow('there is no browser firefox');
  });

  it.each(['../../tmp/profile', '/tmp/profile', '..', '-evil', 'a\nb', ''])(
    'takes no container %j',
    (container) => {
      const browser = { program: '/usr/bin/chrome', words: [], kind: 'chrome' } as const;
      expect(() => inContainer(browser, container, secret)).toThrow('--container');
    },
  );

  it('opens no container if it is unknown', () => {
    const browser = { program: '/usr/bin/xdg-open', words: [], kind: null };
    expect(() => inContainer(browser, 'work', secret)).toThrow('--container needs to know the browser');
  });
});
