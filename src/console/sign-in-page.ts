import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensurePrivateDirectory, type Secret } from '../system/index.ts';

/** How long a browser has to read the page: one that is only starting takes a while. */
const keptSeconds = 60;

/**
 * A page that leads on to `target`, and its address, which is what the browser is started with: other users read command
 * lines, and this file, 0600 in a folder of its own, they do not (SECURITY 23). It is gone after a minute.
 */
export function writeSignInPage(parent: string, target: Secret, what = 'the AWS console'): URL {
  ensurePrivateDirectory(parent);
  const folder = join(parent, `sign-in-${randomBytes(16).toString('hex')}`);
  mkdirSync(folder, { mode: 0o700 });
  // Whatever the umask.
  chmodSync(folder, 0o700);
  const file = join(folder, 'awsh.html');
  writeFileSync(file, pageText(target.reveal(), what), { mode: 0o600, flag: 'wx' });
  // A process of its own: the command need not wait for the browser.
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

/** No script, nothing loaded, and no word to AWS about where it came from. */
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
