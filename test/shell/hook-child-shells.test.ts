import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fishWords } from '../support/fish-words.ts';
import { emptyReply, loadedReply } from '../support/hook-package.ts';
import {
  exportedAws,
  type HookShell,
  type HookShellName,
  hookShells,
  openHookShell,
} from '../support/hook-shell.ts';
import { has } from '../support/programs.ts';
import { promptEnd } from '../support/terminal.ts';

/** Starts a nested shell with the hook, and waits for its prompt. */
async function enter(shell: HookShell, inner: HookShellName, prefix = ''): Promise<void> {
  const rc = { bash: 'inner.bashrc', zsh: 'inner/.zshrc', fish: 'inner.fish' }[inner];
  const prompt = {
    bash: `PS1='in ${promptEnd.bash}'`,
    zsh: `unsetopt prompt_sp; PROMPT='in ${promptEnd.zsh}'`,
    fish: `${fishWords}\nfunction fish_prompt; set -l s $status; printf 'in \\e]133;B;%s\\a' $s; end`,
  }[inner];
  // No history: a nested shell may outlive the test by a moment, and would write into a home that
  // is being removed.
  const history = inner === 'fish' ? '' : 'unset HISTFILE\n';
  shell.home.write(rc, `${history}${prompt}\n${shell.kit.source[inner]}\n`);
  const command = {
    bash: `bash --noprofile --rcfile ~/${rc} -i`,
    zsh: 'ZDOTDIR=~/inner zsh -d -i',
    fish: `fish --private --no-config -i -C 'source ~/${rc}'`,
  }[inner];
  await shell.run(`${prefix}${command}`);
  shell.speaks = inner;
}

/** Ends the nested shell. */
async function leave(shell: HookShell): Promise<void> {
  await shell.run('exit');
  shell.speaks = shell.name;
}

const pairs = hookShells.flatMap((outer) =>
  hookShells.map((inner): [HookShellName, HookShellName] => [inner, outer]),
);

describe.each(pairs)('a %s started from a %s', (inner, outer) => {
  const original = 'export AWS_REGION=mine AWS_PROFILE="my own%20"; AWS_DEFAULT_REGION=unexported';

  it('knows what is loaded, asks nothing, and restores the originals when leaving', async () => {
    const shell = await openHookShell(outer, {
      after: original,
      prepare: (_, kit) =>
        kit.answer('dev', loadedReply('dev', { region: 'eu-west-1', lines: ['protected 1'] })),
    });
    await shell.run('cd dev');
    await enter(shell, inner);
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID $AWSH_SEGMENT')).toBe('ASIADEV dev 50m');
    expect(shell.kit.requests()).toHaveLength(1);
    await shell.run('cd ../none');
    expect(await exportedAws(shell)).toEqual(['AWS_PROFILE=my own%20', 'AWS_REGION=mine']);
    expect(await shell.output('env | grep -E "^AWSH_(LOADED|SAVED|SEGMENT|PROFILE|EXPIRES)"')).toBe('');
    await shell.run('cd ../prod');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIAPROD');
    await leave(shell);
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
  });

  it('switches to the directory in which it was started', async () => {
    const shell = await openHookShell(outer, { after: original });
    await shell.run('cd dev');
    await enter(shell, inner, 'cd ../prod; AWSH_X=1 ');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIAPROD');
    await shell.run('cd ~');
    expect(await exportedAws(shell)).toEqual(['AWS_PROFILE=my own%20', 'AWS_REGION=mine']);
  });

  it('stays pinned, stays off, stays blocked', async () => {
    const shell = await openHookShell(outer, {
      after: original,
      prepare: (home, kit) => {
        home.write('bad/.awsprofile', 'bad\n');
        kit.answer('bad', emptyReply('blocked', 'blocked'));
      },
    });
    await shell.run('awsh use prod; cd dev');
    await enter(shell, inner);
    expect(await shell.output('cd ../none; echo $AWS_ACCESS_KEY_ID $AWSH_SEGMENT')).toBe('ASIAPROD prod 50m');
    await leave(shell);
    await shell.run('awsh off');
    await enter(shell, inner);
    expect(await shell.output('cd ../dev; echo "<$AWS_ACCESS_KEY_ID$AWSH_SEGMENT>"')).toBe('<off>');
    await leave(shell);
    await shell.run('awsh use --auto; cd ~/bad');
    await enter(shell, inner);
    expect(await shell.output('echo "<$AWSH_SEGMENT> $AWS_PROFILE"')).toBe('<blocked> awsh-blocked');
    await shell.run('cd ../none');
    expect(await exportedAws(shell)).toEqual(['AWS_PROFILE=my own%20', 'AWS_REGION=mine']);
  });

  it('keeps no half of a pair of which only its parent has the secret, and reports it', async () => {
    const shell = await openHookShell(outer, {
      after: 'export AWS_ACCESS_KEY_ID=AKIAMINE AWS_SECRET_ACCESS_KEY=verysecret',
    });
    await shell.run('cd dev');
    expect(await shell.output('env | grep -c verysecret')).toBe('0');
    await enter(shell, inner);
    expect((await shell.run('cd ../prod')).shown).not.toContain('awsh:');
    const { shown } = await shell.run('cd ../none');
    expect(shown.replace(/\s+/g, ' ')).toMatch(
      /awsh: only the shell that this one was started from still has your own AWS_(ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY|SECRET_ACCESS_KEY AWS_ACCESS_KEY_ID)\b/,
    );
    expect(await exportedAws(shell)).toEqual([]);
    shell.home.write('package/replies/command.sh', 'printf "%s\\n" "$AWSH_HOOK"\n');
    expect(await shell.output('awsh status')).toMatch(/^above .*AWS_SECRET_ACCESS_KEY/m);
    await leave(shell);
    await shell.run('cd ../none');
    expect(await exportedAws(shell)).toEqual([
      'AWS_ACCESS_KEY_ID=AKIAMINE',
      'AWS_SECRET_ACCESS_KEY=verysecret',
    ]);
  });

  it('leaves alone what was changed in between', async () => {
    const shell = await openHookShell(outer);
    await shell.run('cd dev');
    await enter(shell, inner, 'AWS_ACCESS_KEY_ID=other AWS_SECRET_ACCESS_KEY=other AWS_REGION=other ');
    expect(await shell.output('echo $AWSH_SEGMENT')).toBe('overridden');
    await shell.run('cd ../none');
    expect((await exportedAws(shell)).slice(0, 3)).toEqual([
      'AWS_ACCESS_KEY_ID=other',
      'AWS_REGION=other',
      'AWS_SECRET_ACCESS_KEY=other',
    ]);
  });

  it('renews at once if what it inherited has expired', async () => {
    const shell = await openHookShell(outer, {
      prepare: (_, kit) => kit.answer('dev', loadedReply('dev', { expiresIn: -9 })),
    });
    await shell.run('cd dev');
    shell.kit.answer('dev', loadedReply('dev'));
    await enter(shell, inner);
    expect(await shell.output('echo $AWSH_SEGMENT')).toBe('dev 50m');
    expect(shell.kit.requests()).toHaveLength(2);
    expect(shell.kit.requests()[1]).toMatch(/^quiet 1$/m);
  });

  it('of another user (sudo -E), or of a newer awsh, leaves everything as it is', async () => {
    const shell = await openHookShell(outer);
    await shell.run('cd dev');
    for (const loaded of ['1 dir 4242 dev /x', '1 dir 4242 0 0', '2 dir 0 dev /x', 'nonsense']) {
      await enter(shell, inner, `AWSH_LOADED='${loaded}' `);
      await shell.run('cd ../none');
      expect(await shell.output('echo $AWS_ACCESS_KEY_ID; type awsh | head -1')).toMatch(
        /^ASIADEV\n.*not (found|find)/i,
      );
      await leave(shell);
    }
    expect(shell.kit.requests()).toHaveLength(1);
  });

  it('started by exec, or by aws-vault, is pinned until use --auto', async () => {
    const shell = await openHookShell(outer);
    await enter(shell, inner, 'AWS_VAULT=work AWS_ACCESS_KEY_ID=ASIAWORK AWS_SECRET_ACCESS_KEY=s ');
    await shell.run('cd dev');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID $AWSH_SEGMENT')).toBe('ASIAWORK work');
    expect(shell.kit.requests()).toEqual([]);
    await shell.run('awsh use --auto');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID $AWSH_SEGMENT')).toBe('ASIADEV dev 50m');
    await shell.run('cd ../none');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIAWORK');
  });
});

describe.skipIf(!has('tmux')).each(hookShells)('a tmux that %s starts inside a project', (name) => {
  it('passes on to its windows what its shells can restore', async () => {
    const shell = await openHookShell(name);
    await shell.run('cd dev');
    const tmux = 'tmux -L awsh-$$ -f /dev/null';
    shell.home.write('.tmuxrc', `HISTFILE= PS1='$ '; ${shell.kit.source.bash}\n`);
    await shell.run(`${tmux} new-session -d -x 200 -y 20 bash --noprofile --rcfile ~/.tmuxrc -i`);
    await shell.run(`${tmux} send-keys 'cd ~/none; env | grep -c ^AWS_ > ~/left; echo done >> ~/left' Enter`);
    const left = `${shell.home.path}/left`;
    const said = () => (existsSync(left) ? readFileSync(left, 'utf8') : '');
    await expect.poll(said, { timeout: 100_000 }).toBe('0\ndone\n');
    await shell.run(`${tmux} kill-server`);
  });
});
