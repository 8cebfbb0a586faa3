import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readState } from '../../src/agent/index.ts';
import type { Sandbox } from '../../src/demo/index.ts';
import { appPaths } from '../../src/system/index.ts';
import { type HookShellName, hookShells } from '../support/hook-shell.ts';
import { has } from '../support/programs.ts';
import { openSandboxShell, packageFolder, type SandboxShellOptions } from '../support/sandbox-shell.ts';
import type { ShellTerminal } from '../support/terminal.ts';
import { fishIsFrom } from '../support/tried-shells.ts';

const agentPid = (sandbox: Sandbox) => readState(appPaths(sandbox.environment))?.pid;

/**
 * The real hook, launcher, Node and agent, in a home with a second project that needs no code:
 * `other`.
 */
async function withAgent(name: HookShellName, options: SandboxShellOptions = {}) {
  const opened = await openSandboxShell(name, { ...options, environment: { AWSH_AGENT: '' } });
  const { sandbox, shell } = opened;
  onTestFinished(() => {
    const pid = agentPid(sandbox);
    if (pid !== undefined && existsSync(`/proc/${pid}`)) process.kill(pid, 'SIGKILL');
  });
  const config = readFileSync(join(sandbox.home, '.aws/config'), 'utf8');
  const dev = /\[profile dev\]\n(?:.+\n)+/.exec(config)?.[0] ?? '';
  appendFileSync(join(sandbox.home, '.aws/config'), `\n${dev.replace('profile dev', 'profile other')}`);
  mkdirSync(join(sandbox.home, 'projects/other'));
  writeFileSync(join(sandbox.home, 'projects/other/.awsprofile'), 'other\n');
  await shell.run('awsh allow projects/dev && awsh allow projects/other && awsh allow projects/staging');
  await shell.run('awsh agent start');
  await expect.poll(() => agentPid(sandbox), { timeout: 100_000 }).toBeDefined();
  return opened;
}

/** A shell executable that records which processes it starts. */
function traced(folder: string, name: HookShellName): { program: string; calls: () => string[] } {
  const [program, log] = [join(folder, 'traced'), join(folder, 'trace')];
  writeFileSync(
    program,
    `#!/bin/sh\nexec strace -f --seccomp-bpf -s 400 -o ${log} -e trace=clone,clone3,fork,vfork,execve ${name} "$@"\n`,
  );
  chmodSync(program, 0o755);
  return { program, calls: () => readFileSync(log, 'utf8').split('\n') };
}

const keyOf = (shell: ShellTerminal) => shell.output('echo $AWS_ACCESS_KEY_ID');

describe.skipIf(!has('strace')).each(hookShells)('with the agent as it is, %s', (name) => {
  it('a shell moves between projects without starting a Node process', async () => {
    const { sandbox, shell: first, another } = await withAgent(name);
    const keys = [];
    for (const project of ['dev', 'other']) {
      await first.run(`cd ~/projects/${project}`);
      keys.push(await keyOf(first));
    }
    expect(new Set(keys).size).toBe(2);

    const { program, calls } = traced(sandbox.home, name);
    const shell = await another(name, { program, environment: { AWSH_AGENT: '' } });
    await shell.run('cd ~/projects/dev');
    const before = calls().length;
    for (let i = 0; i < 5; i++) {
      await shell.run('cd ../other');
      await shell.run('cd ../dev');
    }
    const made = calls().slice(before);
    // fish has no sockets, so one small bash asks for it.
    const run = made.flatMap(
      (line) => /execve\("[^"]+", \["([^\]]+)"\]/.exec(line)?.[1]?.split('", "') ?? [],
    );
    const asked = [
      '/bin/bash',
      '-p',
      join(packageFolder, 'shell/awsh-ask.bash'),
      join(appPaths(sandbox.environment).runtime, 'agent'),
    ];
    // fish has no clock before 3.6.
    const clock = name === 'fish' && !fishIsFrom(306) ? ['/bin/date', '+%s'] : [];
    expect(run).toEqual(
      name === 'fish'
        ? Array(10)
            .fill([...clock, ...asked])
            .flat()
        : [],
    );
    if (name !== 'fish') expect(made.filter((line) => /clone|fork/.test(line))).toEqual([]);
    expect(await keyOf(shell)).toBe(keys[0]);
    expect(await shell.output('echo $AWSH_SEGMENT $AWS_REGION')).toMatch(/^dev \S+ eu-west-1$/);
    expect(sandbox.emulator.actions).toEqual(['AssumeRole', 'AssumeRole']);
  });

  it('a shell continues without an agent that was killed, and uses the next one', async () => {
    const { sandbox, shell } = await withAgent(name);
    await shell.run('cd ~/projects/dev');
    const key = await keyOf(shell);
    const pid = agentPid(sandbox) ?? 0;
    process.kill(pid, 'SIGKILL');
    expect((await shell.run('cd ../other')).shown).not.toMatch(/awsh:|refused|tcp/);
    expect(await keyOf(shell)).toMatch(/^ASIA/);
    expect(await keyOf(shell)).not.toBe(key);
    await expect.poll(() => agentPid(sandbox) ?? pid, { timeout: 100_000 }).not.toBe(pid);
    await shell.run('cd ../dev');
    expect(await keyOf(shell)).toBe(key);
  });

  it('a shell unloads after awsh lock in another terminal, and loads after unlock', async () => {
    const { shell, another } = await withAgent(name);
    await shell.run('cd ~/projects/dev');
    const second = await another(name, { environment: { AWSH_AGENT: '' } });
    await second.run('awsh lock');
    expect((await shell.run('echo unaware')).shown).toContain('awsh unlock');
    expect(await shell.output('echo "<$AWS_ACCESS_KEY_ID> $AWS_PROFILE"')).toBe('<> awsh-blocked');
    await second.run('awsh unlock');
    await shell.run(':');
    expect(await keyOf(shell)).toMatch(/^ASIA/);
  });
});

describe.each(hookShells)('twenty terminals with %s', (name) => {
  it('ask for one MFA code, make one call, and all get the session', { timeout: 120_000 }, async () => {
    const { sandbox, shell, another } = await withAgent(name);
    const shells = [shell];
    while (shells.length < 20) shells.push(await another(name, { environment: { AWSH_AGENT: '' } }));
    for (const each of shells) {
      each.skip();
      each.type('cd ~/projects/staging\r');
    }
    const asked = await Promise.any(
      shells.map(async (each) => {
        await each.waitFor('MFA code for staging', 60_000);
        return each;
      }),
    );
    const waiting = shells.filter((each) => each !== asked);
    await Promise.all(waiting.map((each) => each.prompt(60_000)));
    for (const each of waiting) {
      // fish may draw its prompt twice.
      await each.settle();
      expect(each.received).not.toContain('MFA code for');
      expect(await each.output('echo "$AWSH_SEGMENT"')).toMatch(/^(asked on pts\/\d+|wait)(\n|$)/);
    }
    asked.type(`${sandbox.mfaCode()}\r`);
    await asked.prompt(30_000);
    const key = await keyOf(asked);
    expect(key).toMatch(/^ASIA/);
    // The session comes at the next prompt, or at a later one if the agent was late because the
    // machine is busy with twenty shells.
    const keyAtPrompt = async (each: ShellTerminal) => {
      await each.run(':');
      return keyOf(each);
    };
    for (const each of waiting) {
      await expect.poll(() => keyAtPrompt(each), { timeout: 100_000, interval: 1000 }).toBe(key);
    }
    expect(sandbox.emulator.actions).toEqual(['AssumeRole']);
  });
});
