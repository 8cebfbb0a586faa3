import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { answering, fakeAgent } from '../../support/fake-agent.ts';
import { loadedReply } from '../../support/hook-package.ts';
import { exportedAws, type HookShell, hookShells, openHookShell } from '../../support/hook-shell.ts';
import { temporaryHome } from '../../support/temporary-home.ts';

/** Milliseconds from Enter to ^C: over all that the hook does at a cd, and some of what comes after it. */
const moments = Array.from({ length: 24 }, (_, i) => i * 1.5);

/** Waits for a prompt. ^C throws away what was typed ahead, so that a line may have to be typed again. */
async function comesBack(shell: HookShell): Promise<void> {
  for (let tries = 1; ; tries++) {
    await shell.settle();
    shell.skip();
    shell.type('echo al""ive\r');
    try {
      await shell.waitFor('alive', 2_000);
      await shell.prompt(2_000);
      return;
    } catch (error) {
      if (tries === 4) throw error;
    }
  }
}

describe.each(hookShells)('^C at any moment of a cd, in %s', (name) => {
  // An open defect: in fish one run in some twenty leaves a variable behind, or takes no line any more for seconds. Not yet
  // understood; it is not to hide what else fails here.
  const retry = name === 'fish' ? 3 : 0;
  it('leaves one place’s keys or none, never a mixture, and all is put back on the way out', {
    retry,
  }, async () => {
    const home = temporaryHome();
    await fakeAgent(
      home,
      answering((cwd) => loadedReply(cwd.endsWith('prod') ? 'prod' : 'dev')),
    );
    const shell = await openHookShell(name, {
      home,
      environment: { AWSH_AGENT: undefined, AWS_REGION: 'mine' },
    });
    const all = 'echo "<$AWS_ACCESS_KEY_ID> <$AWS_SECRET_ACCESS_KEY> <$AWS_SESSION_TOKEN> <$AWSH_PROFILE>"';
    let at = 'prod';
    for (const moment of moments) {
      at = at === 'dev' ? 'prod' : 'dev';
      shell.type(`cd ~/${at}\r`);
      await sleep(moment);
      shell.press('^C');
      await comesBack(shell);
      const place = (await shell.output('pwd')).split('/').at(-1);
      const held = await shell.output(all);
      const whole = ['dev', 'prod'].map(
        (profile) =>
          `<ASIA${profile.toUpperCase()}> <secret/of+${profile}> <token/of+${profile}==> <${profile}>`,
      );
      expect([...whole, '<> <> <> <>']).toContain(held);
      if (held.startsWith('<A')) expect([place, held]).toEqual([place, whole[place === 'dev' ? 0 : 1]]);
    }
    await shell.run('cd ~/none');
    expect(await exportedAws(shell)).toEqual(['AWS_REGION=mine']);
    await shell.run('cd ~/dev');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    expect(await shell.output('yes | head -1')).toBe('y');
  });
});

/*
 * Every bash from 3.2 to 5.3 parses the words of a=(...) anew where it is run, as input of its own, and leaves that in the
 * place of the terminal where ^C cuts it short (parse_string_to_word_list in parse.y has no unwind frame for its push_stream).
 * It then runs the words as a command, and their end ends the shell. No hook is needed for it:
 *
 *   $ while :; do a=(echo hi); done
 *   ^C
 *   hi
 *   exit
 *
 * Such a moment is short: some ^C in a hundred meet one. So this says where there may be none.
 */
it('what ^C can cut short in bash is never a list that is being written', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../shell/awsh.bash'), 'utf8');
  /** The functions that write one, and '' for what is sourced. */
  const writers = new Set<string>();
  let current = '';
  for (const line of text.split('\n')) {
    const name = /\b(\w+)\(\) \{/.exec(line)?.[1];
    current = name ?? current;
    if (/^(?! *#).*\w\+?=\(/.test(line)) writers.add(current);
    if (/^\}/.test(line) || (name && line.endsWith('}'))) current = '';
  }
  // These run once, while the shell starts.
  expect([...writers].sort()).toEqual([
    '',
    '__awsh_join_cd',
    '__awsh_read_saved',
    '__awsh_register',
    '__awsh_start',
  ]);
});
