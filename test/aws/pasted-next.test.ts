import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../src/demo/index.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { sandboxEnvironment, useFewRounds } from '../support/sandbox-shell.ts';
import { shortLivedSandbox } from '../support/served-command.ts';

const role = 'arn:aws:iam::111122223333:role/developer';
const long = `[profile long]\nrole_arn = ${role}\nsource_profile = demo\nregion = eu-west-1\nduration_seconds = 10800\n`;

async function sandboxWithLongRole() {
  const sandbox = await shortLivedSandbox(3600);
  appendFileSync(`${sandbox.home}/.aws/config`, `${long}endpoint_url = ${sandbox.emulator.url}\n`);
  return sandbox;
}

/**
 * Runs a line in a shell of the sandbox, with `awsh` as it was built. The emulator answers in this
 * process.
 */
async function pasted(sandbox: Sandbox, command: string, variables: Record<string, string>) {
  const environment = { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off', ...variables };
  const PATH = `${await useFewRounds(sandbox)}/bin:${process.env.PATH}`;
  return runInstalled(['-c', command], { ...environment, PATH }, '', '/bin/bash');
}

const echo = ['--', 'echo', 'it ran'];

describe('the next command of exec, export and login, pasted into the same shell', () => {
  it.each<[string[], Record<string, string>?]>([
    [['exec', '-d3h', 'dev', ...echo]],
    [['exec', '--assume-role-ttl', '3h', 'dev', ...echo]],
    [['exec', 'dev', ...echo], { AWSH_DURATION: '3h' }],
    [['exec', 'long', ...echo]],
    [['exec', '--server', '-d3h', 'dev', ...echo]],
    [['exec', '--region=cn-north-1', 'dev', ...echo]],
    [['exec', '-s', '-n', 'dev', ...echo]],
    [['exec', '--role-arn', role, '--source-profile', 'demo', '-d', '3h', ...echo]],
    [['export', 'dev', '--format', 'json', '--duration', '13h'], { AWSH_DURATION: '3h' }],
    [['login', 'demo', '-s', '-d', '40h']],
  ])('%j %j', async (words, variables = {}) => {
    const sandbox = await sandboxWithLongRole();
    const environment = { ...sandboxEnvironment(sandbox), AWSH_AGENT: 'off', ...variables };
    let failed = await runInstalled(words, environment, '', `${await useFewRounds(sandbox)}/bin/awsh`);
    expect(failed.status, failed.err).not.toBe(0);
    // The first correction may lead to the role's own maximum, which only AWS knows.
    for (let step = 1; failed.status !== 0 && step <= 2; step++) {
      const [, next = ''] = /^ {2}next: (.*)$/m.exec(failed.err) ?? [];
      expect(next).toMatch(/^awsh (?:exec|export|login) /);
      failed = await pasted(sandbox, next, variables);
    }
    expect(failed, failed.err).toMatchObject({ status: 0, out: expect.stringMatching(/./) });
    if (words.includes('it ran')) expect(failed.out).toBe('it ran\n');
  });
});
