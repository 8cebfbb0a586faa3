import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { isNewer } from '../../src/agent/index.ts';
import { fakeAgent, stateLine } from '../support/fake-agent.ts';
import { packageFolder } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const run = promisify(execFile);

/** The version of awsh and that of the running agent. */
const pairs = [
  ['0.10.0', '0.9.0'],
  ['0.9.0', '0.10.0'],
  ['1.0.0', '1.0.0'],
  ['1.0.0-rc.1', '0.9.0'],
  ['1.0.0-rc.1', '1.0.0'],
  ['1.0.0', '1.0.0-rc.1'],
  ['2.0.0-a-b.3', '1.9.9-x.1'],
] as const;

const asks = (words: readonly (readonly [string, string])[]) =>
  words.map(
    ([ours, agents]) => `__awsh_version=${ours}; __awsh_outdates ${agents} && echo newer || echo not`,
  );

describe('an agent of an older awsh', () => {
  it.each([
    ['bash', ['--norc', '--noprofile']],
    ['zsh', ['-f']],
  ])('is recognised by %s as by Node', async (shell, options) => {
    const { environment } = temporaryHome();
    const lines = [`. ${packageFolder}/shell/awsh.${shell}`, '__awsh_load_rest', ...asks(pairs)].join('\n');
    const { stdout } = await run(shell, [...options, '-i', '-c', lines], {
      env: { ...environment, AWSH_AGENT: 'off' },
    });
    const known = stdout.split('\n').filter((line) => line === 'newer' || line === 'not');
    expect(known).toEqual(pairs.map(([ours, agents]) => (isNewer(ours, agents) ? 'newer' : 'not')));
  });

  it.each([
    ['the launcher', 'bin/awsh', ['export', 'dev']],
    ['what asks for fish', 'shell/awsh-ask.bash', []],
  ])('is asked by %s only if it is not older', async (_, program, words) => {
    for (const [ours, agents] of pairs) {
      const home = temporaryHome();
      const agent = await fakeAgent(home, (socket) => socket.end());
      home.write('run/awsh/agent', stateLine(agent).replace(' 1.2.3 ', ` ${agents} `));
      home.write('package/package.json', `{\n  "name": "awsh",\n  "version": "${ours}",\n}\n`);
      const file = join(home.path, 'package', program);
      cpSync(join(packageFolder, program), file);
      const state = words.length === 0 ? [`${home.path}/run/awsh/agent`] : words;
      // It ends with a failure, because this agent gets no request.
      await run('/bin/bash', ['-p', file, ...state], {
        env: { ...home.environment, AWSH_AGENT: '', CI: '', AWSH_REQUEST: '- load 1\nend' },
      }).catch(() => {});
      await expect.poll(() => agent.heard.length > 0 || isNewer(ours, agents)).toBe(true);
      expect(agent.heard.join('') === '', `${ours} ${agents}`).toBe(isNewer(ours, agents));
    }
  });
});
