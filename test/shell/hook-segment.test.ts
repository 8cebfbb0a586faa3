import { describe, expect, it } from 'vitest';
import { emptyReply, loadedReply } from '../support/hook-package.ts';
import {
  exceptInFish,
  type HookShell,
  type HookShellName,
  hookShells,
  openHookShell,
} from '../support/hook-shell.ts';
import { plainText, promptEnd } from '../support/terminal.ts';

/**
 * The last prompt with its escape sequences: the left side in bash, and the right side too in zsh
 * and fish.
 */
async function lastPrompt(shell: HookShell): Promise<string> {
  const from = shell.received.length;
  await shell.run(':');
  await shell.settle();
  return shell.received.slice(from);
}

const [red, green, yellow] = ['\x1b[31m', '\x1b[32m', '\x1b[33m'];

describe.each(hookShells)('the segment in %s', (name) => {
  const cases: [string, string, string, string][] = [
    ['42 minutes left', loadedReply('dev', { expiresIn: 42 * 60 + 50 }), 'dev 42m', green],
    ['over an hour left', loadedReply('dev', { expiresIn: 3600 + 5 * 60 + 50 }), 'dev 1h05m', green],
    ['under a quarter of an hour', loadedReply('dev', { expiresIn: 14 * 60 + 50 }), 'dev 14m', yellow],
    ['under five minutes', loadedReply('dev', { expiresIn: 4 * 60 + 50 }), 'dev 4m', red],
    ['a protected profile', loadedReply('dev', { lines: ['protected 1'] }), 'dev 50m', red],
    ['keys without an expiration', loadedReply('dev', { expiresIn: 0 }), 'dev', green],
    [
      'a time box by its end alone',
      loadedReply('dev ro 15m@tk3b9c', { expiresIn: 14 * 60 + 50 }),
      'dev ro 14m',
      yellow,
    ],
    ['a name that is like a time box', loadedReply('team 5m@corp'), 'team 5m@corp 50m', green],
    ['expired', loadedReply('dev', { expiresIn: -5 }), 'expired', red],
    ['blocked', emptyReply('blocked', 'blocked'), 'blocked', red],
    ['a person is needed', emptyReply('person', 'needs MFA'), 'needs MFA', red],
    ['not allowed', emptyReply('deny', 'not allowed'), 'not allowed', red],
    ['a long name', loadedReply(`d${'e'.repeat(60)}v`), `d${'e'.repeat(35)} 50m`, green],
    [
      'a name with odd characters',
      loadedReply('a$(x)`b`%n\\u!é"; c'),
      /^a\?\?x\?\?b\?\?n\?u\?\?{1,2}\?\? c 50m$/ as never,
      green,
    ],
  ];
  it.each(cases)('shows %s', async (_, reply, text, colour) => {
    const shell = await openHookShell(name, { prepare: (_, kit) => kit.answer('dev', reply) });
    await shell.run('cd dev');
    const segment = await shell.output('echo "$AWSH_SEGMENT"');
    expect(segment).toMatch(text);
    const shown = await lastPrompt(shell);
    expect(shown).toContain(segment);
    expect(shown).toContain(colour);
  });

  it('follows the clock at each prompt', async () => {
    const shell = await openHookShell(name, {
      prepare: (_, kit) => kit.answer('dev', loadedReply('dev', { expiresIn: 59 })),
    });
    await shell.run('cd dev');
    const first = await shell.output('echo $AWSH_SEGMENT; sleep 2.1');
    const second = await shell.output('echo $AWSH_SEGMENT');
    expect(first).toMatch(/^dev 5\ds$/);
    expect(second).toMatch(/^dev 5\ds$/);
    expect(second).not.toBe(first);
    expect(shell.kit.requests()).toHaveLength(1);
  });

  it('leaves no trace in a prompt if nothing is loaded', async () => {
    const prompt = {
      bash: 'echo "<$PS1>"',
      zsh: 'echo "<$RPROMPT>"',
      fish: 'functions --no-details fish_right_prompt',
    }[name];
    const shell = await openHookShell(name, {
      after: name === 'fish' ? 'function fish_right_prompt; echo right; end' : `RPROMPT='right'`,
    });
    const before = await shell.output(prompt);
    await shell.run('cd dev');
    expect(await shell.output(prompt)).not.toBe(before);
    await shell.run('cd ../none');
    expect(await shell.output(prompt)).toBe(before);
    expect(await shell.output('echo "<${AWSH_SEGMENT-unset}>"')).toBe('<unset>');
  });

  exceptInFish(name)('stays when the prompt is set later, or by a theme at each prompt', async () => {
    const own = name === 'bash' ? `PS1='new${promptEnd.bash}'` : "RPROMPT='new'";
    const theme =
      name === 'bash'
        ? `PROMPT_COMMAND="theme;\${PROMPT_COMMAND-}"`
        : 'precmd_functions=(theme $precmd_functions)';
    const shell = await openHookShell(name, {
      after: `n=0; theme() { n=$((n+1)); ${name === 'bash' ? 'PS1="$n$base"' : 'RPROMPT=$n'}; }; base='${promptEnd.bash}'`,
    });
    await shell.run('cd dev');
    await shell.run(own);
    expect(await lastPrompt(shell)).toMatch(name === 'bash' ? /dev 50m.*new/ : /new.*dev 50m/);
    await shell.run(theme);
    for (let i = 0; i < 3; i++) expect(await lastPrompt(shell)).toContain('dev 50m');
    expect((await lastPrompt(shell)).match(/dev 50m/g)).toHaveLength(1);
  });

  exceptInFish(name)('stays where a theme empties what zsh has for its prompt', async () => {
    const shell = await openHookShell(name, { after: 'precmd() { psvar=(); }' });
    await shell.run('cd dev');
    for (let i = 0; i < 2; i++) expect(await lastPrompt(shell)).toContain('dev 50m');
  });

  const off = { bash: 'AWSH_PROMPT=off', zsh: 'AWSH_PROMPT=off', fish: 'AWSH_PROMPT=off' };
  const fishTheme = (line: string) =>
    `functions --copy fish_prompt own_prompt; function fish_prompt; own_prompt; : ${line}; end`;
  const silent: [string, Record<HookShellName, string>][] = [
    ['AWSH_PROMPT=off', off],
    [
      'starship',
      {
        bash: 'starship_precmd() { :; }',
        zsh: 'starship_precmd() { :; }',
        fish: fishTheme('/usr/bin/starship prompt'),
      },
    ],
    [
      'oh-my-posh',
      {
        bash: '_omp_hook() { :; }',
        zsh: '_omp_precmd() { :; }',
        fish: fishTheme('_omp_get_prompt primary'),
      },
    ],
    ['powerlevel10k', { ...off, zsh: 'p10k() { :; }' }],
    ['tide', { ...off, fish: fishTheme('_tide_prompt') }],
    [
      'a prompt that has AWSH_SEGMENT already',
      {
        bash: `PS1='[\${AWSH_SEGMENT-}]${promptEnd.bash}'`,
        zsh: "PROMPT='${AWSH_SEGMENT}'$PROMPT",
        fish: fishTheme('$AWSH_SEGMENT'),
      },
    ],
  ];
  it.each(silent)('is left to %s', async (title, before) => {
    const shell = await openHookShell(name, { before: before[name] });
    await shell.run('cd dev');
    const shown = await lastPrompt(shell);
    expect(shown.match(/dev 50m/g) ?? []).toHaveLength(name === 'bash' && title.includes('already') ? 1 : 0);
    expect(plainText(shown)).not.toContain('awsh');
    expect(await shell.output('echo $AWSH_SEGMENT')).toBe('dev 50m');
  });

  it.each([
    ['NO_COLOR', { NO_COLOR: '1' }, 'xterm'],
    ['a dumb terminal', {}, 'dumb'],
  ] as const)('has no colours under %s', async (_, environment, term) => {
    const shell = await openHookShell(name, { environment, term });
    await shell.run('cd dev');
    const shown = await lastPrompt(shell);
    // zsh draws no right prompt on a dumb terminal.
    if (name === 'bash' || term !== 'dumb') expect(shown).toContain('dev 50m');
    // fish colours the line itself.
    expect(shown).not.toContain(name === 'fish' ? `${green}dev` : '\x1b[3');
  });

  it('does not count as text in the width of the line', async () => {
    const shell = await openHookShell(name, { columns: 60 });
    await shell.run('cd dev');
    // 45 characters fit beside `dev 50m $ `. If the shell counted the colours, it would have
    // wrapped the line.
    shell.type(`: ${'x'.repeat(43)}`);
    await shell.settle();
    expect(shell.shownSoFar()).not.toContain('\n');
    expect(shell.shownSoFar()).toContain('x'.repeat(43));
  });
});

describe('bash without promptvars', () => {
  it('shows no segment instead of its source text', async () => {
    const shell = await openHookShell('bash', {
      before: `shopt -u promptvars; PS1='$ \\[\\e]133;B;0\\a\\]'`,
    });
    await shell.run('cd dev');
    expect(await shell.output('echo $AWSH_SEGMENT')).toBe('dev 50m');
    expect(await lastPrompt(shell)).not.toContain('awsh');
  });
});
