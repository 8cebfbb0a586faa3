import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answering, fakeAgent, type Peer, stateLine } from '../support/fake-agent.ts';
import { emptyReply, type HookPackage, hookFileNames, loadedReply } from '../support/hook-package.ts';
import {
  blockedAws,
  exportedAws,
  type HookShell,
  type HookShellName,
  type HookShellOptions,
  hookShells,
  openHookShell,
} from '../support/hook-shell.ts';
import { has } from '../support/programs.ts';
import { temporaryHome } from '../support/temporary-home.ts';
import { fishIsFrom } from '../support/tried-shells.ts';

/** An agent that finds each directory's profile by the directory's name. */
const knowing = answering((cwd) => loadedReply(`warm-${cwd.split('/').at(-1)}`));

async function withAgent(name: HookShellName, peer: Peer = knowing, options: HookShellOptions = {}) {
  const home = options.home ?? temporaryHome();
  const agent = await fakeAgent(home, peer);
  const shell = await openHookShell(name, {
    ...options,
    home,
    environment: { AWSH_AGENT: undefined, ...options.environment },
  });
  return { shell, agent };
}

const keyOf = (shell: HookShell) => shell.output('echo "$AWS_ACCESS_KEY_ID"');

describe.each(hookShells)('with an agent, %s', (name) => {
  it('loads, switches and unloads without a Node process', async () => {
    const { shell, agent } = await withAgent(name);
    await shell.run('cd dev');
    expect(await keyOf(shell)).toBe('ASIAWARM-DEV');
    expect(await shell.output('cd ../prod; echo $AWS_SECRET_ACCESS_KEY')).toBe('secret/of+warm-prod');
    await shell.run('cd ../none');
    expect(await exportedAws(shell)).toEqual([]);
    expect(shell.kit.requests()).toEqual([]);
    expect(agent.asked()).toEqual([`${shell.home.path}/dev`, `${shell.home.path}/prod`]);
  });

  it('loads while the package is gone, as during an upgrade', async () => {
    const { shell, agent } = await withAgent(name);
    await shell.run('cd dev');
    const { path } = shell.kit;
    renameSync(path, `${path}-aside`);
    await shell.run('cd ../prod');
    expect(await keyOf(shell)).toBe('ASIAWARM-PROD');
    renameSync(`${path}-aside`, path);
    await shell.run('cd ../dev');
    expect(await keyOf(shell)).toBe('ASIAWARM-DEV');
    expect(agent.asked()).toHaveLength(3);
  });

  it('sends its request as in ARCHITECTURE.md, in one connection', async () => {
    const { shell, agent } = await withAgent(name);
    await shell.run('cd dev');
    const [request = ''] = agent.heard;
    const lines = request.split('\n');
    expect(lines[0]).toBe(`${agent.token} load 1`);
    expect(lines.slice(-2)).toEqual(['end', '']);
    expect(lines).toContain(`env HOME ${shell.home.path}`);
    expect(lines).toContain(`env XDG_RUNTIME_DIR ${shell.home.path}/run`);
    expect(request).toMatch(/^tty \/dev\/pts\/\d+$/m);
    expect(agent.heard).toHaveLength(1);
  });

  it('finds the agent with and without the runtime folder', async () => {
    const home = temporaryHome();
    // fish creates it if it is missing.
    const gone = home.write('gone', '');
    const { shell, agent } = await withAgent(name, knowing, { home, environment: { XDG_RUNTIME_DIR: gone } });
    home.write('.local/state/awsh/agent', stateLine(agent));
    await shell.run('cd dev');
    expect(await keyOf(shell)).toBe('ASIAWARM-DEV');
    // The user logs in again.
    rmSync(gone);
    home.write('gone/awsh/agent', stateLine(agent));
    rmSync(join(home.path, '.local/state/awsh/agent'));
    await shell.run('cd ../prod');
    expect(await keyOf(shell)).toBe('ASIAWARM-PROD');
    expect(shell.kit.requests()).toEqual([]);
  });

  it('asks nothing more while nothing changes', async () => {
    const { shell, agent } = await withAgent(name);
    await shell.run('cd dev');
    for (let i = 0; i < 5; i++) await shell.run(':');
    expect(agent.heard).toHaveLength(1);
  });

  it('uses Node for what the agent does not have', async () => {
    const { shell, agent } = await withAgent(name, answering('- cold 0 -\nend\n'));
    await shell.run('cd dev');
    expect(await keyOf(shell)).toBe('ASIADEV');
    await shell.run('cd ../prod');
    expect(await keyOf(shell)).toBe('ASIAPROD');
    expect(agent.heard).toHaveLength(2);
    expect(shell.kit.requests()).toHaveLength(2);
  });

  it('loads a pin from it, and uses only Node if the user wants everything loaded again', async () => {
    const { shell, agent } = await withAgent(name);
    await shell.run('awsh use prod');
    expect(agent.heard[0]).toMatch(/^pin prod$/m);
    expect(shell.kit.requests()).toEqual([]);
    await shell.run('awsh refresh');
    expect(agent.heard).toHaveLength(1);
    expect(shell.kit.requests()[0]).toMatch(/^refresh 1$/m);
    expect(await keyOf(shell)).toBe('ASIAPROD');
  });

  it('renews from it', async () => {
    const { shell, agent } = await withAgent(
      name,
      answering(() => loadedReply('old', { expiresIn: 320, renewIn: 1 })),
    );
    await shell.run('cd dev');
    agent.behave(answering(loadedReply('new')));
    await shell.run('sleep 1.2');
    await shell.run(':');
    expect(await keyOf(shell)).toBe('ASIANEW');
    expect(agent.heard.at(-1)).toMatch(/^renew 1$/m);
    expect(agent.heard.at(-1)).toMatch(/^loaded old$/m);
    expect(shell.kit.requests()).toEqual([]);
  });

  it('in a subshell asks it too, quietly', async () => {
    const { shell, agent } = await withAgent(name);
    const line =
      name === 'fish' ? 'x=$(cd dev); echo $AWS_ACCESS_KEY_ID' : '(cd dev; echo $AWS_ACCESS_KEY_ID)';
    expect(await shell.output(line)).toBe('ASIAWARM-DEV');
    expect(agent.heard[0]).toMatch(/^quiet 1$/m);
  });

  it('with AWSH_AGENT=off when the hook was sourced never asks it', async () => {
    const { shell, agent } = await withAgent(name, knowing, { environment: { AWSH_AGENT: 'off' } });
    await shell.run('unset AWSH_AGENT');
    await shell.run('cd dev');
    expect(await keyOf(shell)).toBe('ASIADEV');
    expect(agent.heard).toEqual([]);
  });

  it('finds it in the place known when the hook was sourced', async () => {
    const { shell } = await withAgent(name);
    await shell.run('export XDG_RUNTIME_DIR=/elsewhere XDG_STATE_HOME=/elsewhere HOME=/elsewhere');
    await shell.run(`cd ${shell.home.path}/dev`);
    expect(await keyOf(shell)).toBe('ASIAWARM-DEV');
  });

  it('finds it in the state folder without XDG_RUNTIME_DIR', async () => {
    const home = temporaryHome();
    const environment = { XDG_RUNTIME_DIR: undefined, XDG_STATE_HOME: undefined };
    const { shell } = await withAgent(name, knowing, { home, environment });
    home.write('.local/state/awsh/agent', readFileSync(`${home.path}/run/awsh/agent`));
    await shell.run('cd dev');
    expect(await keyOf(shell)).toBe('ASIAWARM-DEV');
  });

  it.each([
    ['spaces', 'two words  here'],
    ['a newline', 'one\ntwo'],
    ['quotes', `it's "so"`],
    ['a percent sign', '100%0A'],
    ['backslashes', 'a\\nb\\\\c'],
    ['a dollar', '$(touch pwned)`id`'],
    ['UTF-8', 'prøjekt ☃'],
    ['a leading dash', '-n -e'],
  ])('asks for a directory whose name has %s by its exact name', async (_, folder) => {
    const { shell, agent } = await withAgent(name, answering(loadedReply('odd')), {
      prepare: (home) => home.write(`odd/${folder}/.awsprofile`, 'dev\n'),
    });
    await shell.run('cd odd/*/');
    expect(await keyOf(shell)).toBe('ASIAODD');
    expect(agent.asked()[0]?.replace(/\/$/, '')).toBe(`${shell.home.path}/odd/${folder}`);
  });

  it('asks for a directory whose name is not UTF-8 byte by byte', async () => {
    const { shell, agent } = await withAgent(name, answering(loadedReply('odd')));
    await shell.run(`mkdir -p odd/$'a\\xff\\xfeb' && echo dev >odd/$'a\\xff\\xfeb'/.awsprofile`);
    await shell.run('cd odd/*/');
    expect(await keyOf(shell)).toMatch(/^ASIA(ODD|DEV)$/);
    expect(agent.heard.join()).not.toContain('\ufffd');
  });
});

describe.each(hookShells)('this needs your answer, in %s', (name) => {
  it('shows the terminal with the question, and loads at the prompt after the answer', async () => {
    const { shell, agent } = await withAgent(name, answering(emptyReply('wait', 'asked on pts/7')));
    await shell.run('cd dev');
    for (let i = 0; i < 3; i++) {
      expect(await shell.output('echo "$AWSH_SEGMENT"')).toBe('asked on pts/7');
      expect(await exportedAws(shell)).toEqual(blockedAws());
    }
    expect(agent.heard.length).toBeGreaterThan(3);
    expect(agent.heard.at(-1)).toMatch(/^renew 1$/m);
    agent.behave(knowing);
    await shell.run(':');
    expect(await keyOf(shell)).toBe('ASIAWARM-DEV');
    expect(shell.kit.requests()).toEqual([]);
  });

  it('starts one Node process if the other terminal gave up, and asks nothing', async () => {
    const { shell, agent } = await withAgent(name, answering(emptyReply('wait', 'asked on pts/7')));
    await shell.run('cd dev');
    agent.behave(answering('- cold 0 -\nend\n'));
    shell.kit.answer('dev', emptyReply('person', 'needs MFA', { reason: 'dev needs a code' }));
    expect((await shell.run(':')).shown).toContain('dev needs a code');
    for (let i = 0; i < 3; i++) expect((await shell.run(':')).shown).not.toContain('dev needs a code');
    expect(shell.kit.requests()).toHaveLength(1);
    expect(shell.kit.requests()[0]).toMatch(/^renew 1$/m);
  });

  it('gets the session as soon as it was fetched for another shell', async () => {
    const { shell, agent } = await withAgent(name, answering('- cold 0 -\nend\n'));
    shell.kit.answer('dev', emptyReply('person', 'needs MFA'));
    await shell.run('cd dev');
    await shell.run(':');
    expect(await shell.output('echo "$AWSH_SEGMENT"')).toBe('needs MFA');
    agent.behave(answering(emptyReply('person', 'needs MFA', { reason: 'said before' })));
    expect((await shell.run(':')).shown).not.toContain('said before');
    agent.behave(knowing);
    await shell.run(':');
    expect(await keyOf(shell)).toBe('ASIAWARM-DEV');
    expect(shell.kit.requests()).toHaveLength(1);
  });

  it('without an agent is asked once, and not again at each prompt', async () => {
    const shell = await openHookShell(name, {
      prepare: (_, kit) => kit.answer('dev', emptyReply('person', 'needs MFA')),
    });
    await shell.run('cd dev');
    for (let i = 0; i < 3; i++) await shell.run(':');
    expect(shell.kit.requests()).toHaveLength(1);
  });
});

describe.each(hookShells)('asking the agent, in %s, does not change', (name) => {
  const rows = [
    ['a PIPE trap', `trap 'echo pipe' PIPE`, 'trap'],
    ['other traps', `trap 'echo int' INT; trap 'echo term' TERM`, 'trap'],
    ['open files', 'exec 9>nine 8<.awsprofile', 'ls -l /proc/$$/fd/9 /proc/$$/fd/8 | sed "s/.* -> //"'],
    ['REPLY', 'REPLY=mine', 'echo $REPLY'],
    ['the matches of a regular expression', '[[ abc =~ b ]]', 'echo $BASH_REMATCH$MATCH'],
  ] as const;
  // fish opens no descriptors for users, so what these numbers refer to is not checked.
  const known = rows.filter(([row]) => name !== 'fish' || row !== 'open files');
  it.each(known)('%s', async (_, before, show) => {
    const { shell } = await withAgent(name, knowing, {
      before: `echo x >.awsprofile; ${before}; rm .awsprofile`,
    });
    await shell.run(before.replace(' 8<.awsprofile', ''));
    const was = await shell.output(show);
    if (name !== 'fish' || !show.includes('MATCH')) expect(was).not.toBe('');
    await shell.run('cd dev');
    await shell.run('cd ../prod');
    expect(await shell.output(show)).toBe(was);
  });

  it('the exit status and a pipe that ends early', async () => {
    const { shell } = await withAgent(name);
    expect((await shell.run('cd dev && false')).status).toBe(1);
    expect(await shell.output('yes | head -1')).toBe('y');
  });
});

/**
 * strace is slow, and this busy process acts as the agent, so a quarter of a second is not always
 * enough.
 */
function waitLong(kit: HookPackage): void {
  for (const file of hookFileNames()) {
    const path = `${kit.path}/shell/${file}`;
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll('0.25', '10'));
  }
}

describe.skipIf(!has('strace')).each(hookShells)('a cd between two projects in %s', (name) => {
  it(`starts ${name === 'fish' ? 'one small bash, which asks' : 'no process'}`, async () => {
    const home = temporaryHome();
    const log = `${home.path}/trace`;
    const program = home.write(
      'traced',
      `#!/bin/sh\nexec strace -f --seccomp-bpf -s 400 -o ${log} -e trace=clone,clone3,fork,vfork,execve,connect ${name} "$@"\n`,
      0o755,
    );
    const { shell, agent } = await withAgent(name, knowing, {
      home,
      program,
      prepare: (_, kit) => waitLong(kit),
    });
    await shell.run('cd dev');
    const before = readFileSync(log, 'utf8').length;
    for (let i = 0; i < 5; i++) {
      await shell.run('cd ../prod');
      await shell.run('cd ../dev');
    }
    const calls = readFileSync(log, 'utf8').slice(before).split('\n');
    if (name === 'fish') {
      const run = calls.flatMap((line) => /execve\("[^"]+", \[([^\]]+)\]/.exec(line)?.[1] ?? []);
      // Before 3.6, fish can tell the time only with date.
      const clock = fishIsFrom(306) ? [] : ['"/bin/date", "+%s"'];
      const { path } = shell.kit;
      const ask = `"/bin/bash", "-p", "${path}/shell/awsh-ask.bash", "${home.path}/run/awsh/agent"`;
      expect(run).toEqual(
        Array(10)
          .fill([...clock, ask])
          .flat(),
      );
    } else {
      expect(calls.filter((line) => /clone|fork|execve/.test(line))).toEqual([]);
    }
    expect(calls.filter((line) => /connect.*sin_port/.test(line))).toHaveLength(10);
    expect(agent.heard).toHaveLength(11);
    expect(await keyOf(shell)).toBe('ASIAWARM-DEV');
  });
});
