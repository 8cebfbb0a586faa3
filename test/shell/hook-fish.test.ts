import { chmodSync } from 'node:fs';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { answering, fakeAgent } from '../support/fake-agent.ts';
import { emptyReply, loadedReply } from '../support/hook-package.ts';
import { blockedAws, exportedAws, type HookShell, openHookShell } from '../support/hook-shell.ts';
import { has } from '../support/programs.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/* Features of fish alone. Other files test what the three shells share. */

const keyOf = (shell: HookShell) => shell.output('echo "$AWS_ACCESS_KEY_ID"');

/** The last prompt, with its right side. */
async function lastPrompt(shell: HookShell): Promise<string> {
  await shell.run(':');
  await shell.settle();
  const from = shell.received.length;
  await shell.run(':');
  await shell.settle();
  return shell.received.slice(from);
}

describe.skipIf(!has('fish'))('universal variables', () => {
  const universal =
    'set --show AWS_REGION AWS_PROFILE AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN';

  it('are hidden while a project is loaded, never changed, and visible again after it', async () => {
    const shell = await openHookShell('fish', {
      prepare: (_, kit) => kit.answer('dev', loadedReply('dev', { region: 'eu-west-1' })),
    });
    await shell.run(
      'set -Ux AWS_REGION mine; set -Ux AWS_ACCESS_KEY_ID AKIAMINE; set -Ux AWS_SECRET_ACCESS_KEY s; set -U AWS_PROFILE mine',
    );
    const before = await shell.output(universal);
    await shell.run('cd dev');
    expect(await shell.output('echo $AWSH_SEGMENT; printenv AWS_REGION AWS_ACCESS_KEY_ID')).toBe(
      'dev 50m\neu-west-1\nASIADEV',
    );
    expect(await shell.output('printenv AWS_PROFILE; set --show AWS_REGION | grep -A 1 universal')).toContain(
      'mine',
    );
    await shell.run('cd ../none');
    expect(await shell.output(universal)).toBe(before);
  });

  it('add no token to a session, and no keys to a blocked directory', async () => {
    const shell = await openHookShell('fish', {
      prepare: (_, kit) => {
        kit.answer('dev', '- ok 0 dev\nset AWS_ACCESS_KEY_ID AKIA\nset AWS_SECRET_ACCESS_KEY s\nend\n');
        kit.answer('prod', emptyReply('blocked', 'blocked'));
      },
    });
    await shell.run(
      'set -Ux AWS_ACCESS_KEY_ID AKIAMINE; set -Ux AWS_SECRET_ACCESS_KEY mine; set -Ux AWS_SESSION_TOKEN old',
    );
    await shell.run('cd dev');
    const empty = ['AWS_SESSION_TOKEN='];
    expect(await exportedAws(shell)).toEqual(['AWS_ACCESS_KEY_ID=AKIA', 'AWS_SECRET_ACCESS_KEY=s', ...empty]);
    await shell.run('cd ../prod');
    expect(await exportedAws(shell)).toEqual([
      'AWS_ACCESS_KEY_ID=',
      ...blockedAws(),
      'AWS_SECRET_ACCESS_KEY=',
      ...empty,
    ]);
    await shell.run('cd ../none');
    expect(await exportedAws(shell)).toEqual([
      'AWS_ACCESS_KEY_ID=AKIAMINE',
      'AWS_SECRET_ACCESS_KEY=mine',
      'AWS_SESSION_TOKEN=old',
    ]);
  });

  it('that are exported and name a profile cannot be hidden and apply, and a blocked directory stays blocked', async () => {
    const shell = await openHookShell('fish', {
      prepare: (_, kit) => kit.answer('prod', emptyReply('blocked', 'blocked')),
    });
    await shell.run('set -Ux AWS_PROFILE work');
    await shell.run('cd dev');
    expect(await shell.output('echo "<$AWS_ACCESS_KEY_ID>" $AWSH_SEGMENT; printenv AWS_PROFILE')).toBe(
      '<> overridden\nwork',
    );
    await shell.run('cd ../prod');
    expect(await shell.output('echo $AWSH_SEGMENT; printenv AWS_PROFILE')).toBe('blocked\nawsh-blocked');
    await shell.run('cd ../none');
    expect(await exportedAws(shell)).toEqual(['AWS_PROFILE=work']);
    expect(await shell.output('set -qg AWS_PROFILE; echo $status')).toBe('1');
  });

  it('are known to a bash started from it, the key id only with its secret', async () => {
    const shell = await openHookShell('fish');
    await shell.run(
      'set -Ux AWS_REGION mine; set -Ux AWS_SECRET_ACCESS_KEY verysecret; set -Ux AWS_ACCESS_KEY_ID k',
    );
    await shell.run('cd dev');
    const inner = `bash --norc -i -c '${shell.kit.source.bash}; cd ../none; env | grep ^AWS_ | LC_ALL=C sort' 2>/dev/null`;
    expect(await shell.output(inner)).toBe('AWS_REGION=mine');
  });
});

describe.skipIf(!has('fish'))('the right prompt', () => {
  it('keeps the user’s own content, which sees the status', async () => {
    const shell = await openHookShell('fish', {
      before: 'function fish_right_prompt; echo -n "was $status"; end',
    });
    await shell.run('cd dev');
    expect(await lastPrompt(shell)).toMatch(/was 0 \x1b\[32mdev 50m\x1b\[0m/);
    await shell.run('false');
    await shell.settle();
    expect(shell.received).toContain('was 1 \x1b[32mdev 50m');
    await shell.run('cd ../none');
    expect(await lastPrompt(shell)).not.toContain('dev 50m');
    expect(await shell.output('functions fish_right_prompt')).toContain('was $status');
  });

  it('works with one that is set later, from the next prompt on', async () => {
    const shell = await openHookShell('fish');
    await shell.run('cd dev');
    shell.skip();
    shell.type('function fish_right_prompt; echo -n theirs; end\r');
    await shell.waitFor('theirs \x1b[32mdev 50m');
    expect((await lastPrompt(shell)).match(/dev 50m/g)).not.toBeNull();
    expect(await shell.output('functions fish_right_prompt | grep -c __awsh')).toBe('2');
  });

  it('works with one that is loaded from a file at its first use', async () => {
    const shell = await openHookShell('fish', {
      prepare: (home) =>
        home.write(
          '.config/fish/functions/fish_right_prompt.fish',
          'function fish_right_prompt; echo filed; end',
        ),
    });
    expect(await lastPrompt(shell)).toContain('filed');
    await shell.run('cd dev');
    expect(await lastPrompt(shell)).toMatch(/filed[\s\S]*dev 50m/);
    await shell.run('cd ../none');
    expect(await lastPrompt(shell)).toContain('filed');
  });

  it('follows a renewal and an override', async () => {
    const shell = await openHookShell('fish');
    await shell.run('cd dev');
    await shell.run('set -gx AWS_PROFILE mine');
    expect(await lastPrompt(shell)).toContain('\x1b[33moverridden');
    await shell.run('set -eg AWS_PROFILE');
    expect(await lastPrompt(shell)).toContain('\x1b[32mdev 50m');
  });
});

describe.skipIf(!has('fish'))('the hook runs', () => {
  it('with a list that the user had set before, which is restored as a list', async () => {
    const shell = await openHookShell('fish', { after: 'set -g AWS_PROFILE one "two words" three' });
    await shell.run('cd dev');
    await shell.run('cd ../none');
    expect(await shell.output('count $AWS_PROFILE; set --show AWS_PROFILE')).toMatch(/^3\n.*unexported/);
  });

  it('in a substitution, whose cd is permanent: at once and silently', async () => {
    const shell = await openHookShell('fish', {
      prepare: (_, kit) => kit.answer('dev', loadedReply('dev', { lines: ['say loud'] })),
    });
    expect(await shell.output('set x (cd dev; pwd); echo $x $AWS_ACCESS_KEY_ID')).toBe(
      `${shell.home.path}/dev ASIADEV`,
    );
    await shell.run('set x (cd ../none)');
    expect(await keyOf(shell)).toBe('');
  });

  it('if a key changes the directory: silently, and before the next command', async () => {
    const shell = await openHookShell('fish', {
      prepare: (_, kit) => kit.answer('dev', loadedReply('dev', { lines: ['say loud'] })),
      after: 'bind \\cg "cd ~/dev; commandline -f repaint"',
    });
    shell.press('^G');
    await shell.waitFor('dev 50m');
    expect(shell.received).not.toContain('loud');
    expect(await keyOf(shell)).toBe('ASIADEV');
    await shell.run('cd ~/none');
    shell.skip();
    // prevd, on Alt and the left arrow.
    shell.type('\x1b[1;3D');
    await shell.waitFor('dev 50m');
    expect(await keyOf(shell)).toBe('ASIADEV');
  });

  it('not for a cd inside a completion', async () => {
    const shell = await openHookShell('fish', {
      after: 'function probe; end; complete -c probe -f -a "(cd ~/dev; echo probed; cd ~)"',
    });
    shell.type('probe \t');
    await shell.waitFor('probed');
    expect(shell.kit.requests()).toEqual([]);
    shell.press('^C');
  });

  it('in vi mode', async () => {
    const shell = await openHookShell('fish', { before: 'fish_vi_key_bindings' });
    await shell.run('cd dev');
    shell.press('Escape');
    await shell.settle(600);
    expect(shell.received).toContain('dev 50m');
    shell.type('i');
    await shell.settle(300);
    expect(await keyOf(shell)).toBe('ASIADEV');
  });

  it('in a private session', async () => {
    const home = temporaryHome();
    const program = home.write('private', '#!/bin/sh\nexec fish --private "$@"\n', 0o755);
    const shell = await openHookShell('fish', { home, program });
    await shell.run('cd dev');
    expect(await keyOf(shell)).toBe('ASIADEV');
  });

  it('started with an empty environment', async () => {
    const shell = await openHookShell('fish');
    const inner = `env -i TERM=xterm fish --no-config -i -c '${shell.kit.source.fish}; cd ${shell.home.path}/dev; echo $AWS_ACCESS_KEY_ID'`;
    expect(await shell.output(inner)).toBe('ASIADEV');
  });

  it('without bash uses Node', async () => {
    const home = temporaryHome();
    const agent = await fakeAgent(home, answering(loadedReply('warm')));
    const shell = await openHookShell('fish', {
      home,
      environment: { AWSH_AGENT: undefined },
      prepare: (_, kit) => chmodSync(`${kit.path}/shell/awsh-ask.bash`, 0o644),
    });
    await shell.run('cd dev');
    expect(await keyOf(shell)).toBe('ASIADEV');
    expect(agent.heard).toEqual([]);
  });

  it('with prevd, nextd and cdh as they were', async () => {
    const shell = await openHookShell('fish');
    await shell.run('cd dev; cd ../prod');
    await shell.run('prevd');
    expect(await shell.output('pwd; echo $AWS_ACCESS_KEY_ID')).toBe(`${shell.home.path}/dev\nASIADEV`);
    await shell.run('nextd');
    expect(await keyOf(shell)).toBe('ASIAPROD');
  });
});

describe.skipIf(!has('fish', 'direnv'))('together with direnv', () => {
  const direnv = 'direnv hook fish | source';
  it.each([
    ['before it', direnv, ''],
    ['after it', '', direnv],
  ])(
    'what .envrc sets wins as long as it is set, at the first prompt and later: direnv is loaded %s',
    async (_, before, after) => {
      const home = temporaryHome();
      home.write('none/.envrc', 'export AWS_PROFILE=direnv FROM_ENVRC=1\n');
      await execa('direnv', ['allow', `${home.path}/none`], { env: home.environment, extendEnv: false });
      const shell = await openHookShell('fish', {
        home,
        before,
        after,
        cwd: `${home.path}/none`,
        environment: { DIRENV_LOG_FORMAT: '' },
        prepare: (_, kit) => {
          home.write('none/.awsprofile', 'dev\n');
          kit.answer('none', loadedReply('dev'));
        },
      });
      const both = 'echo "$FROM_ENVRC <$AWS_PROFILE> $AWS_ACCESS_KEY_ID $AWSH_SEGMENT"';
      expect(await shell.output(both)).toBe('1 <direnv>  overridden');
      // direnv compares whole seconds.
      await shell.run('sleep 1.1');
      home.write('none/.envrc', 'export FROM_ENVRC=2\n');
      await shell.run('direnv allow');
      expect(await shell.output(both)).toBe('2 <> ASIADEV dev 50m');
      await shell.run('cd ../dev');
      expect(await shell.output(both)).toBe(' <> ASIADEV dev 50m');
    },
  );
});

describe.skipIf(!has('fish', 'direnv'))('direnv in front of the hook', () => {
  it('is wrapped once, even if a prompt comes without it', async () => {
    const shell = await openHookShell('fish', { after: 'direnv hook fish | source' });
    await shell.run('__awsh_prompt; __awsh_prompt');
    expect(await shell.output('functions __awsh_direnv_prompt | grep -c direnv_prompt')).toBe('1');
  });
});
