import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder, runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const keys = (id: string) => `credential_process = echo ${id}\n`;

/** A home with a config file of these bytes (one for each character). */
function homeWith(config: string) {
  const home = temporaryHome();
  const path = home.write('.aws/config', Buffer.from(config, 'latin1'));
  const environment = { ...home.environment, AWSH_BACKEND: 'file', AWSH_FILE_PASSPHRASE: 'correct horse' };
  return { path, home, environment, run: (...words: string[]) => runHere(words, environment) };
}

describe('names that are not valid UTF-8', () => {
  it('of two sections are not taken for one profile', async () => {
    const { path, run } = homeWith(`[profile caf\xe8]\n${keys('one')}[profile caf\xe9]\n${keys('two')}`);
    expect((await run('list', '--profiles')).out).toBe('');
    const { status, err } = await run('explain', 'caf\ufffd');
    expect(status).toBe(3);
    expect(err).toContain('not valid UTF-8');
    expect(err).toContain(`next: vi +1 ${path}`);
  });

  it('on the command line find no section', () => {
    const { home, environment } = homeWith(`[profile caf\xe8]\n${keys('one')}`);
    const script = join(home.path, 'run.sh');
    writeFileSync(script, `exec ${packageFolder}/bin/awsh exec -n "$(printf 'caf\\351')" -- true 2>&1\n`);
    let [status, out] = [0, ''];
    try {
      execFileSync('sh', [script], { env: environment, encoding: 'utf8' });
    } catch (error) {
      ({ status, stdout: out } = error as { status: number; stdout: string });
    }
    expect(status).toBe(3);
    expect(out).toContain('not valid UTF-8');
  });

  it.each(['source_profile', 'include_profile', 'parent_profile', 'sso_session', 'services'])(
    'in %s make the profile unusable, by file and line',
    async (key) => {
      const role = 'role_arn = arn:aws:iam::444455556666:role/Dev\n';
      const { path, run } = homeWith(
        `[profile dev]\n${role}${key} = caf\xe9\n[profile caf\xe8]\n${keys('x')}[sso-session caf\xe8]\n[services caf\xe8]\n[profile other]\n${keys('y')}`,
      );
      const { status, err } = await run('explain', 'dev');
      expect(status).toBe(2);
      expect(err).toContain(`"dev" cannot be used: ${path}:3`);
      expect(err).toContain('not valid UTF-8');
      expect(err).toContain(`next: vi +3 ${path}`);
      expect((await run('explain', 'other')).status).toBe(0);
    },
  );
});
