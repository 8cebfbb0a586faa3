import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensurePrivateDirectory, type Secret } from '../system/index.ts';

/** How long the page is kept for the browser, which may take a while to start. */
const keptSeconds = 60;

/**
 * Writes a page that redirects to `target`, and returns its URL, with which the browser is started.
 * Other users can read command lines, but not this file, mode 0600 in a private folder (security
 * rule 23). It is removed after a minute.
 */
export function writeSignInPage(parent: string, target: Secret, what = 'the AWS console'): URL {
  ensurePrivateDirectory(parent);
  const folder = join(parent, `sign-in-${randomBytes(16).toString('hex')}`);
  mkdirSync(folder, { mode: 0o700 });
  // Whatever the umask.
  chmodSync(folder, 0o700);
  const file = join(folder, 'awsh.html');
  writeFileSync(file, pageText(target.reveal(), what), { mode: 0o600, flag: 'wx' });
  // A separate process, so that the command need not wait for the browser.
  const remover = spawn('/bin/sh', ['-c', `sleep ${keptSeconds}; rm -rf -- "$1"`, 'sh', folder], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stdio: 'ignore',
    detached: true,
  });
  remover.on('error', () => {});
  remover.unref();
  return pathToFileURL(file);
}

/** No script, nothing to load, and no referrer for AWS. */
function pageText(target: string, what: string): string {
  const address = escapeHtml(target);
  return `<!doctype html>
<meta charset="utf-8">
<title>awsh</title>
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<meta http-equiv="refresh" content="0;url=${address}">
<p><a href="${address}">Continue to ${what}</a></p>
`;
}

function escapeHtml(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
