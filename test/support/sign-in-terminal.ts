import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { corpHome } from './corp-home.ts';
import { packageFolder } from './run-awsh.ts';
import { openTerminal } from './terminal.ts';

/**
 * A home without a sign-in, and `awsh sso …` in a terminal there, with a browser that records the
 * page that it gets.
 */
export async function signInHome() {
  const corp = await corpHome(null);
  const opened = join(corp.home.path, 'opened');
  // Moved into place, so that a reader sees only the complete file.
  const script = `#!/bin/sh\nfor word; do :; done\nprintf '%s\\n' "$*" >${opened}.words\ncat "\${word#file://}" >${opened}.part && mv ${opened}.part ${opened}\n`;
  corp.home.write('bin/firefox', script, 0o755);
  const environment = {
    ...corp.environment,
    BROWSER: 'firefox',
    PATH: `${corp.home.path}/bin:${corp.home.environment.PATH}`,
  };
  const start = (words: string[], more: Record<string, string> = {}) =>
    openTerminal(join(packageFolder, 'bin/awsh'), words, {
      environment: { ...environment, ...more },
      cwd: corp.home.path,
    });
  return { ...corp, environment, start, openedPage: () => pageIn(opened) };
}

/** The address to which the page in the browser leads. */
async function pageIn(file: string): Promise<string> {
  await expect.poll(() => existsSync(file), { timeout: 60_000 }).toBe(true);
  const href = /href="([^"]+)"/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  return href.replaceAll('&amp;', '&');
}

/** The links of the page at this address: the targets of Allow and Deny. */
export async function linksOf(address: string): Promise<{ allow: string; deny: string }> {
  const html = await (await fetch(address)).text();
  const link = (id: string) =>
    (new RegExp(`id="${id}" href="([^"]+)"`).exec(html)?.[1] ?? '').replaceAll('&amp;', '&');
  return { allow: link('allow'), deny: link('deny') };
}
