import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CommandFault, runCommand } from '../../../src/sessions/run-command.ts';
import { script } from '../../support/command-files.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

const canary = 'CANARY-secret';

/**
 * Every variable that may contain a secret of AWS, awsh or aws-vault, and variables that control
 * shells.
 */
const secrets = Object.fromEntries(
  [
    'AWS_ACCESS_KEY_ID',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
    'AWS_SECURITY_TOKEN',
    'AWS_CONTAINER_AUTHORIZATION_TOKEN',
    'AWSH_FILE_PASSPHRASE',
    'AWS_VAULT_FILE_PASSPHRASE',
    'AWSH_SAVED',
    'AWSH_LOADED',
    'AWSH_REQUEST',
    'BASH_ENV',
    'BASH_FUNC_cat%%',
    'SHELLOPTS',
  ].map((name) => [name, canary]),
);

it.each(['plain words', 'a shell'])(
  'a command of the config file gets no secret in its environment, by %s',
  async (way) => {
    const home = temporaryHome();
    const path = script(home.path, 'show', 'env > "$HOME/environment"');
    const surroundings = { ...secrets, HOME: home.path, PATH: '/usr/bin:/bin', HTTPS_PROXY: 'http://proxy' };
    await runCommand(way === 'a shell' ? `${path}; true` : path, {
      surroundings,
      profile: 'dev',
      use: 'alone',
    });
    const environment = readFileSync(join(home.path, 'environment'), 'utf8');
    expect(environment).not.toContain(canary);
    expect(environment).toContain('HTTPS_PROXY=http://proxy');
  },
);

it('nor on stdin', async () => {
  const home = temporaryHome();
  const path = script(home.path, 'show', 'cat; echo done');
  const surroundings = { HOME: home.path, PATH: '/usr/bin:/bin' };
  const printed = await runCommand(path, { surroundings, profile: 'dev', use: 'alone' });
  expect(printed.reveal()).toBe('done\n');
});

it('a command that does not end is killed, and its output is not shown', async () => {
  const home = temporaryHome();
  const path = script(home.path, 'wait', `echo ${canary}; exec sleep 1000`);
  const surroundings = { HOME: home.path, PATH: '/usr/bin:/bin' };
  const error = await runCommand(path, { surroundings, profile: 'dev', use: 'alone', promptMs: 300 }).catch(
    (it) => it,
  );
  expect(error).toBeInstanceOf(CommandFault);
  expect(error.why).toMatch(
    /^it did not end within 0\.3 seconds, and a prompt waits no longer; awsh refresh /,
  );
});
