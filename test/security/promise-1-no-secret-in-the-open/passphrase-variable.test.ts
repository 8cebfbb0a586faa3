import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { script } from '../../support/command-files.ts';
import { runInstalled } from '../../support/run-awsh.ts';
import { sandboxEnvironment } from '../../support/sandbox-shell.ts';
import { shortLivedSandbox } from '../../support/served-command.ts';

/** A home whose vault the exported variable unlocks, and the variable's value. */
async function openedByVariable(name: string, agent: 'off' | '') {
  const sandbox = await shortLivedSandbox(3600);
  const { AWSH_FILE_PASSPHRASE: passphrase = '', ...rest } = sandboxEnvironment(sandbox);
  const environment: Record<string, string> = { ...rest, [name]: passphrase, AWSH_AGENT: agent };
  const awsh = (words: readonly string[], more = {}) => runInstalled(words, { ...environment, ...more });
  return { sandbox, awsh, passphrase };
}

describe.each(['AWSH_FILE_PASSPHRASE', 'AWS_VAULT_FILE_PASSPHRASE'])(
  'what opens the vault, in %s',
  (name) => {
    it.each<[string, string[], Record<string, string>]>([
      ['exec', ['exec', 'dev', '--', 'env'], {}],
      ['the shell of exec', ['exec', 'dev'], { SHELL: '/usr/bin/env' }],
      ['exec --no-session', ['exec', '-n', 'demo', '--', 'env'], {}],
      ['exec --server', ['exec', '--server', 'dev', '--', 'env'], {}],
      ['exec --profile-env', ['exec', '--profile-env', 'dev', '--', 'env'], {}],
    ])('the passphrase does not reach the command of %s', async (_, words, more) => {
      const { awsh, passphrase } = await openedByVariable(name, 'off');
      const { status, out } = await awsh(words, more);
      expect(status).toBe(0);
      expect(out).toMatch(/^AWS_VAULT=/m);
      expect(out).not.toContain(passphrase);
      expect(out).not.toContain('FILE_PASSPHRASE');
    });

    it('the passphrase does not reach it if the agent answers, either', async () => {
      const { sandbox, awsh, passphrase } = await openedByVariable(name, '');
      await awsh(['exec', 'dev', '--', 'true']);
      const node = join(sandbox.home, '.local/state/awsh/node');
      const remembered = readFileSync(node, 'utf8');
      // Anything that would start Node ends at once.
      writeFileSync(node, '/bin/false\n');
      const { status, out } = await awsh(['exec', 'dev', '--', 'env']);
      writeFileSync(node, remembered);
      expect(status).toBe(0);
      expect(out).toMatch(/^AWS_VAULT=dev$/m);
      expect(out).not.toContain(passphrase);
      expect(out).not.toContain('FILE_PASSPHRASE');
      await awsh(['agent', 'stop']);
    });

    it.each([
      ['credential_process', '[profile tool]\ncredential_process = SPY\n'],
      [
        'mfa_process',
        '[profile tool]\nrole_arn = arn:aws:iam::111122223333:role/developer\nsource_profile = demo\nmfa_serial = arn:aws:iam::123456789012:mfa/demo\nmfa_process = SPY\nendpoint_url = ENDPOINT\n',
      ],
      [
        'web_identity_token_process',
        '[profile tool]\nrole_arn = arn:aws:iam::111122223333:role/developer\nweb_identity_token_process = SPY\nendpoint_url = ENDPOINT\n',
      ],
    ])('the passphrase does not reach %s', async (_, profile) => {
      const { sandbox, awsh, passphrase } = await openedByVariable(name, 'off');
      const spy = script(sandbox.home, 'bin/spy', `env >${sandbox.home}/seen; exit 1`);
      const text = profile.replace('SPY', spy).replace('ENDPOINT', sandbox.emulator.url);
      appendFileSync(join(sandbox.home, '.aws/config'), `\n${text}`);
      expect((await awsh(['export', 'tool'])).status).not.toBe(0);
      const seen = readFileSync(join(sandbox.home, 'seen'), 'utf8');
      expect(seen).toMatch(/^HOME=/m);
      expect(seen).not.toContain(passphrase);
      expect(seen).not.toContain('FILE_PASSPHRASE');
    });
  },
);
