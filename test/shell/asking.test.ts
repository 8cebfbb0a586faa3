import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { silentPrompter } from '../../src/prompt/index.ts';
import { PersonNeededError } from '../../src/system/index.ts';
import { bundledScript } from '../support/bundled-script.ts';
import { exceptInFish } from '../support/hook-shell.ts';
import { has } from '../support/programs.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';
import { openShell, type ShellName, type ShellTerminal } from '../support/terminal.ts';

/**
 * `ask METHOD QUESTION…` prints the answer as JSON on stdout, or the error on stderr with its exit
 * status.
 */
const source = `
  import { terminalPrompter } from './src/prompt/index.ts';
  const [, , method, ...words] = process.argv;
  const prompter = terminalPrompter();
  try {
    if (method === 'canAsk') console.log(prompter.canAsk);
    else {
      const answer = await prompter[method](...words);
      console.log('<' + JSON.stringify(method === 'secret' ? answer.reveal() : answer) + '>');
    }
  } catch (error) {
    console.error([error.what, error.why, error.next].join('; '));
    process.exitCode = error.exitStatus;
  }
`;

function askCommand(home: TemporaryHome): string {
  return `${process.execPath} ${bundledScript(home, source)}`;
}

/** A shell in which `ask` is the program above. */
async function shellThatAsks(name: ShellName = 'bash', rc = ''): Promise<ShellTerminal> {
  const home = temporaryHome();
  const ask = askCommand(home);
  const start =
    name === 'fish' ? `function ask; ${ask} $argv; end` : `unset HISTFILE; ask() { ${ask} "$@"; }`;
  return await openShell(name, { home, rc: `${start}\n${rc}` });
}

async function answered(shell: ShellTerminal): Promise<string> {
  return (await shell.waitFor(/<[^>\n]*>/)).trim().replace(/^.*</s, '<');
}

describe('a question at the terminal', () => {
  test.each([
    { typed: 'ask text Name', question: 'Name: ', answer: 'dev\r', result: '<"dev">' },
    { typed: 'ask text Name dev', question: 'Name [dev]: ', answer: '\r', result: '<"dev">' },
    { typed: 'ask text Name dev', question: 'Name [dev]: ', answer: ' prod \r', result: '<"prod">' },
    { typed: 'ask text Name', question: 'Name: ', answer: 'dex\x7fv\r', result: '<"dev">' },
    { typed: 'ask code Code', question: 'Code: ', answer: ' 012345 \r', result: '<"012345">' },
    { typed: 'ask confirm Sure?', question: 'Sure? [y/N] ', answer: 'y\r', result: '<true>' },
    { typed: 'ask confirm Sure?', question: 'Sure? [y/N] ', answer: 'Yes\r', result: '<true>' },
    { typed: 'ask confirm Sure?', question: 'Sure? [y/N] ', answer: 'no\r', result: '<false>' },
    { typed: 'ask confirm Sure? yes', question: 'Sure? [Y/n] ', answer: '\r', result: '<true>' },
    { typed: 'ask confirm Sure? yes', question: 'Sure? [Y/n] ', answer: 'n\r', result: '<false>' },
    { typed: 'ask confirm Sure?', question: 'Sure? [y/N] ', answer: '\r', result: '<false>' },
    { typed: 'ask secret Key', question: 'Key: ', answer: 'wJalr/K+7\r', result: '<"wJalr/K+7">' },
    { typed: 'ask secret Key', question: 'Key: ', answer: 'ab\x7fc\r', result: '<"ac">' },
    { typed: 'ask secret Key', question: 'Key: ', answer: 'wrong\x15right\r', result: '<"right">' },
  ])('$typed, answered with $answer, gives $result', async ({ typed, question, answer, result }) => {
    const shell = await shellThatAsks();
    shell.type(`${typed}\r`);
    await shell.waitFor(question);
    shell.type(answer);
    expect(await answered(shell)).toBe(result);
  });

  test('is asked again, with the reason, until a code has six digits', async () => {
    const shell = await shellThatAsks();
    shell.type('ask code Code\r');
    await shell.waitFor('Code: ');
    shell.type('12345\r');
    expect(await shell.waitFor('Code: ')).toContain('a code is six digits');
    shell.type('123456\r');
    expect(await answered(shell)).toBe('<"123456">');
  });

  test('fails after three answers that are not codes', async () => {
    const shell = await shellThatAsks();
    shell.type('ask code Code\r');
    for (const answer of ['x', '１２３４５６', '1234567']) {
      await shell.waitFor('Code: ');
      shell.type(`${answer}\r`);
    }
    expect(await shell.prompt()).toMatchObject({
      status: 7,
      shown: expect.stringContaining('a code is six digits'),
    });
  });

  test('ignores an arrow key as text', async () => {
    const shell = await shellThatAsks();
    shell.type('ask text Name dev\r');
    await shell.waitFor('Name [dev]: ');
    shell.type('\x1b[Ax\r');
    expect(await shell.waitFor('Name [dev]: ')).toContain('control characters');
    shell.type('x\r');
    expect(await answered(shell)).toBe('<"x">');
  });

  test('shows nothing of a secret, not even its length', async () => {
    const shell = await shellThatAsks('bash', 'quiet_ask() { ask secret Key > "$HOME/answer"; }');
    shell.type('quiet_ask\r');
    await shell.waitFor('Key: ');
    shell.type('hunter2\x7f2');
    await shell.settle(200);
    shell.type('\r');
    const { shown } = await shell.prompt();
    expect(shown.trim()).toBe('$');
    expect(await shell.output('cat answer')).toBe('<"hunter2">');
  });

  test('shows control characters of its text as question marks', async () => {
    const shell = await shellThatAsks();
    shell.type("ask text $'a\\e]0;x\\ab'\r");
    expect(await shell.waitFor('a?]0;x?b: ')).not.toContain('\x1b]0;x');
    shell.press('^C');
  });
});

describe.each(['bash', 'zsh', 'fish'] as const)('in %s', (name) => {
  describe.skipIf(name !== 'bash' && !has(name))('a question', () => {
    test('reaches the user from a command substitution in a pipe without stdin', async () => {
      const shell = await shellThatAsks(name);
      shell.type('echo "got $(ask text Name </dev/null | cat)"\r');
      await shell.waitFor('Name: ');
      shell.type('dev\r');
      expect(await shell.waitFor(/got .*/)).toBe('dev\ngot <"dev">');
    });

    test('reaches the user from a prompt hook', async () => {
      const hook =
        'hook() { [[ -n $ON ]] || return 0; ON=; local answer; answer=$(ask code Code </dev/null); echo "hook $answer"; }';
      const rc = {
        bash: `${hook}\nPROMPT_COMMAND=hook`,
        zsh: `${hook}\nprecmd_functions+=(hook)`,
        fish: 'function hook --on-event fish_prompt; test -n "$ON"; or return; set -g ON; set -l answer (ask code Code </dev/null); echo "hook $answer"; end',
      }[name];
      const shell = await shellThatAsks(name, rc);
      shell.type(name === 'fish' ? 'set ON 1\r' : 'ON=1\r');
      await shell.waitFor('Code: ');
      shell.type('123456\r');
      expect(await shell.waitFor(/hook .*/)).toContain('hook <"123456">');
    });

    // fish cannot run a function in the background.
    exceptInFish(name)('from a job in the background fails at once, and the job is not stopped', async () => {
      const shell = await shellThatAsks(name);
      shell.type('ask secret Key & wait $!; echo "status $?"\r');
      expect(await shell.waitFor(/status \d+/)).toMatch(
        /a job in the background cannot ask; run it in the foreground[\s\S]*status 6/,
      );
    });
  });
});

describe('a question without an answer', () => {
  test.each([
    { method: 'text', key: '^C' },
    { method: 'text', key: '^D' },
    { method: 'code', key: '^C' },
    { method: 'confirm', key: '^D' },
    { method: 'secret', key: '^C' },
    { method: 'secret', key: '^D' },
  ])('$key at a $method is a cancellation', async ({ method, key }) => {
    const shell = await shellThatAsks();
    shell.type(`ask ${method} Name\r`);
    await shell.waitFor(/Name(: |\? \[)/);
    shell.press(key);
    expect(await shell.prompt()).toMatchObject({ status: 130 });
  });

  test('without a terminal does not wait', () => {
    const home = temporaryHome();
    const [program = '', script = ''] = askCommand(home).split(' ');
    for (const method of ['code', 'secret', 'text', 'confirm', 'tell']) {
      const { status, stderr } = spawnSync('setsid', ['-w', program, script, method, 'Name'], {
        encoding: 'utf8',
      });
      expect(stderr).toContain('this needs your answer: Name; there is no terminal to ask in');
      expect(status).toBe(6);
    }
    expect(spawnSync('setsid', ['-w', program, script, 'canAsk'], { encoding: 'utf8' }).stdout).toBe(
      'false\n',
    );
  });

  test('with the silent prompter is not asked', async () => {
    const prompter = silentPrompter();
    expect(prompter.canAsk).toBe(false);
    await expect(prompter.code('Code')).rejects.toThrow(PersonNeededError);
    await expect(prompter.secret('Key')).rejects.toThrow(PersonNeededError);
    await expect(prompter.text('Name')).rejects.toThrow(PersonNeededError);
    await expect(prompter.confirm('Sure?')).rejects.toThrow(PersonNeededError);
    expect(() => prompter.tell('a line')).toThrow(PersonNeededError);
  });
});

describe('the terminal is unchanged', () => {
  test.each([
    { after: 'an answer', end: (shell: ShellTerminal) => shell.type('abc\r') },
    { after: 'Ctrl-C', end: (shell: ShellTerminal) => shell.press('^C') },
    { after: 'Ctrl-D', end: (shell: ShellTerminal) => shell.press('^D') },
  ])('after $after at a secret', async ({ end }) => {
    const shell = await shellThatAsks();
    const before = await shell.output('stty -g');
    shell.type('ask secret Key >/dev/null; stty -g > after\r');
    await shell.waitFor('Key: ');
    end(shell);
    await shell.prompt();
    expect(await shell.output('cat after')).toBe(before);
  });

  test.each(['TERM', 'INT'])('after SIG%s while a secret is typed', async (signal) => {
    const shell = await shellThatAsks();
    const before = await shell.output('stty -g');
    shell.type('ask secret Key >/dev/null; stty -g > after\r');
    await shell.waitFor('Key: ');
    const pid = spawnSync('pgrep', ['-P', String(shell.pid)], { encoding: 'utf8' }).stdout.trim();
    process.kill(Number(pid), `SIG${signal}`);
    await shell.prompt();
    expect(await shell.output('cat after')).toBe(before);
  });
});
