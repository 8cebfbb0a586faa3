import { execFile, execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';
import { anotherUser, itWithAnotherUser } from '../../support/another-user.ts';
import { temporaryEmulator } from '../../support/emulator.ts';
import { packageFolder, runInstalled } from '../../support/run-awsh.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const awsh = join(packageFolder, 'bin/awsh');

/** Files that belong to root below the other user's folder. */
function ofRoot(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return [folder, ...paths].filter((path) => statSync(path).uid === 0);
}

describe('root with another user’s home, as with sudo -E', () => {
  itWithAnotherUser.each([
    ['a home without a file of awsh', false],
    ['a home that has been used', true],
  ])('gives credentials and leaves nothing owned by root in %s', async (_, isUsed) => {
    const emulator = await temporaryEmulator();
    const { accessKeyId, secretAccessKey } = emulator.addUser({ name: 'dev', account: '111111111111' });
    const home = temporaryHome();
    home.write('.aws/config', `[profile s]\nregion = eu-west-1\nendpoint_url = ${emulator.url}\n`);
    home.write(
      '.aws/credentials',
      `[s]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`,
    );
    execFileSync('chown', ['-R', `${anotherUser}:${anotherUser}`, home.path]);
    const environment = { ...home.environment, AWSH_BACKEND: 'file', AWSH_FILE_PASSPHRASE: 'correct horse' };
    const switchUser = [`--reuid=${anotherUser}`, `--regid=${anotherUser}`, '--clear-groups', '--', awsh];
    // Asynchronous, because the emulator answers in this process.
    const asUser = async (...args: string[]) =>
      (await promisify(execFile)('setpriv', [...switchUser, ...args], { env: environment })).stdout;
    if (isUsed) await asUser('export', 's');
    for (const words of ['export s', 'exec s -- true', 'list', 'explain s', 'version']) {
      const { status, err } = await runInstalled(words.split(' '), environment);
      expect({ words, status }, err).toEqual({ words, status: 0 });
    }
    expect(ofRoot(home.path)).toEqual([]);
    expect(await asUser('export', 's')).toContain('AWS_SESSION_TOKEN=');
    expect(await asUser('list')).toMatch(/^s /m);
  });
});
