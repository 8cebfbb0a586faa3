import { chmodSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emptyReply, loadedReply } from '../support/hook-package.ts';
import { blockedAws, exportedAws, hookShells, openHookShell } from '../support/hook-shell.ts';

describe.each(hookShells)('awsh in %s', (name) => {
  it('use pins a profile, which no directory overrides until use --auto', async () => {
    const shell = await openHookShell(name);
    const { status, shown } = await shell.run('awsh use prod');
    expect([status, shown]).toEqual([0, expect.stringMatching(/^.*\$ $/)]);
    await shell.run('cd dev');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID $AWSH_SEGMENT')).toBe('ASIAPROD prod pinned 50m');
    expect(shell.kit.requests()[0]).toMatch(/^pin prod$/m);
    expect((await shell.run('awsh use --auto')).status).toBe(0);
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID $AWSH_SEGMENT')).toBe('ASIADEV dev 50m');
    expect(shell.kit.requests()[1]).not.toMatch(/^pin/m);
  });

  it('use - switches back and forth, like cd -', async () => {
    const shell = await openHookShell(name);
    const { status, shown } = await shell.run('awsh use -');
    expect([status, shown]).toEqual([2, expect.stringContaining('nothing else was in use')]);
    await shell.run('awsh use dev');
    await shell.run('awsh use prod');
    await shell.run('awsh use -');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    await shell.run('awsh use -');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIAPROD');
    await shell.run('awsh off; awsh use -');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIAPROD');
  });

  it('use exits with the status of a profile that does not load, and blocks', async () => {
    const shell = await openHookShell(name, {
      prepare: (_, kit) =>
        kit.answer(
          'pin-typo',
          emptyReply('error', 'error', { reason: 'no such profile', next: 'awsh use --auto' }),
          {
            status: 3,
            before: 'echo why >&2',
          },
        ),
    });
    const { status, shown } = await shell.run('awsh use typo');
    expect(status).toBe(3);
    expect(shown).toMatch(/why\nawsh: [\s\S]*\n {2}why: {2}no such profile\n {2}next: awsh use --auto\n/);
    expect(await exportedAws(shell)).toEqual(blockedAws());
    expect(await shell.output('echo $AWSH_SEGMENT')).toBe('error');
  });

  it('uninstall takes what was loaded out of the shell, which then says that awsh is gone', async () => {
    const shell = await openHookShell(name);
    const { path } = shell.kit;
    await shell.run('awsh use dev');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    writeFileSync(`${path}/replies/command.sh`, `rm ${path}/bin/awsh`);
    expect((await shell.run('awsh uninstall')).status).toBe(0);
    expect(await exportedAws(shell)).toEqual([]);
    const { status, shown } = await shell.run('awsh list');
    expect(status).toBe(1);
    expect(shown).toContain(
      `awsh: awsh is no longer installed where this shell found it\n  why:  ${path}/bin/awsh is gone\n  next: awsh off; exec ${name}\n`,
    );
  });

  it('use without a name loads the name that the picker prints', async () => {
    const shell = await openHookShell(name);
    const replies = `${shell.kit.path}/replies/command.sh`;
    writeFileSync(replies, 'echo dev');
    await shell.run('awsh use');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    writeFileSync(replies, 'echo "name one" >&2; status=2');
    const { status, shown } = await shell.run('awsh use');
    expect([status, shown]).toEqual([2, expect.stringMatching(/^name one\n/)]);
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
  });

  it('off unloads and stays off; use --auto ends it', async () => {
    const shell = await openHookShell(name);
    await shell.run('cd dev && awsh off');
    expect(await exportedAws(shell)).toEqual([]);
    await shell.run('cd ../prod');
    expect(await exportedAws(shell)).toEqual([]);
    expect(await shell.output('echo "<$AWSH_SEGMENT>"')).toBe('<off>');
    await shell.run('cd ../none');
    expect(await shell.output('echo "<$AWSH_SEGMENT>"')).toBe('<>');
    await shell.run('cd ../prod; awsh use --auto');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIAPROD');
  });

  it('refresh renews what is loaded, and reports if nothing is', async () => {
    const shell = await openHookShell(name);
    await shell.run('cd dev');
    shell.kit.answer('dev', loadedReply('dev', { expiresIn: 3600 + 50 }));
    expect((await shell.run('awsh refresh')).status).toBe(0);
    expect(shell.kit.requests()[1]).toMatch(/^refresh 1$/m);
    expect(shell.kit.requests()[1]).toMatch(/^loaded dev$/m);
    expect(await shell.output('echo $AWSH_SEGMENT')).toBe('dev 1h00m');
    await shell.run('cd ../none');
    const { status, shown } = await shell.run('awsh refresh');
    expect(status).toBe(1);
    expect(shown.replace(/\s+/g, ' ')).toBe(
      'awsh: nothing was refreshed why: nothing is loaded here: no .awsprofile applies to this directory next: awsh use $ ',
    );
    await shell.run('awsh off');
    expect(await shell.run('awsh refresh')).toMatchObject({
      status: 1,
      shown: expect.stringContaining('next: awsh use --auto'),
    });
    expect(await shell.run('awsh use -')).toMatchObject({ status: 0 });
    expect(shell.kit.requests()).toHaveLength(2);
  });

  it.each(['allow', 'deny .', 'init dev'])(
    '%s is the launcher’s, and the directory is asked about again',
    async (verb) => {
      const shell = await openHookShell(name, {
        prepare: (_, kit) => kit.answer('dev', emptyReply('deny', 'not allowed')),
      });
      await shell.run('cd dev');
      expect(await exportedAws(shell)).toEqual([]);
      shell.kit.answer('dev', loadedReply('dev'));
      expect((await shell.run(`awsh ${verb}`)).status).toBe(0);
      expect(shell.kit.commands()).toEqual([verb]);
      expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    },
  );

  it('passes everything else to the launcher, word by word, and returns its status', async () => {
    const shell = await openHookShell(name);
    writeFileSync(`${shell.kit.path}/replies/command.sh`, 'printf "<%s>" "$@"; echo; status=42');
    const lines: [string, string][] = [
      ['awsh', ''],
      ["awsh exec 'a b' -- env '' \"\\$x\"", '<exec><a b><--><env><><$x>'],
      ['awsh use --help', '<use><--help>'],
      ["awsh use ''", '<use><>'],
      ['awsh off now', '<off><now>'],
      ['awsh refresh --help', '<refresh><--help>'],
      ['awsh allow --list', '<allow><--list>'],
    ];
    for (const [line, words] of lines) {
      const { status, shown } = await shell.run(line);
      expect([line, status, shown.split('\n')[0]]).toEqual([line, 42, words || '<>']);
    }
    expect(shell.kit.requests()).toEqual([]);
  });

  it('can be stopped with ^Z and continued with fg, like any program', async () => {
    const shell = await openHookShell(name);
    writeFileSync(`${shell.kit.path}/replies/command.sh`, 'echo started; sleep 30; echo finished');
    shell.type('awsh exec dev\r');
    await shell.waitFor('started');
    shell.press('^Z');
    await shell.prompt();
    expect(await shell.output('jobs')).toMatch(/suspended|stopped/i);
    shell.type('fg\r');
    await shell.settle(200);
    shell.press('^C');
    await shell.prompt();
    expect(shell.received).not.toContain('finished');
  });

  it('has its launcher in the same package, wherever it was sourced from', async () => {
    const shell = await openHookShell(name, {
      rc: '',
      prepare: (home, kit) => home.write('evil/awsh', `#!/bin/sh\necho evil\n`, 0o755) && kit,
    });
    const { path } = shell.kit;
    await shell.run(
      `ln -s package/shell/awsh.${name} link && ln -s link link2 && ln -s package/shell folder`,
    );
    const ways = [
      `cd ${path}/shell; source ./awsh.${name}`,
      'source ~/link2',
      `source ~/folder/awsh.${name}`,
      `cd ~; source package/bin/../shell/awsh.${name}`,
    ];
    for (const way of ways) {
      const path = name === 'fish' ? 'set PATH . $PATH' : 'PATH=.:$PATH';
      const text = `export AWSH_LAUNCHER=$HOME/evil/awsh __awsh_launcher=$HOME/evil/awsh; ${way}; cd ~/evil; ${path}; awsh; cd ~/dev; echo $AWS_ACCESS_KEY_ID`;
      const run = { bash: 'bash --norc -i -c', zsh: 'zsh -f -i -c', fish: 'fish --no-config -i -c' }[name];
      expect(await shell.output(`${run} '${text}'`)).toMatch(/(^|\n)ASIADEV$/);
    }
    expect(shell.kit.requests()).toHaveLength(ways.length);
  });

  it('reports a missing launcher, and blocks', async () => {
    const shell = await openHookShell(name);
    chmodSync(shell.kit.launcher, 0o644);
    const { shown } = await shell.run('cd dev');
    expect(shown).toMatch(/^awsh: [\s\S]*no usable answer from\s+\S*\/bin\/awsh\n {2}next: awsh refresh\n/);
    expect(await exportedAws(shell)).toEqual(blockedAws());
  });
});
