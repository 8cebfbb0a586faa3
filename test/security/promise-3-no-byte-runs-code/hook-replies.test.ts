import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { emptyReply, loadedReply, replyText } from '../../support/hook-package.ts';
import {
  blockedAws,
  exportedAws,
  type HookShell,
  hookShells,
  openHookShell,
} from '../../support/hook-shell.ts';

/*
 * A reply is data, and the hook uses all of it or nothing. A reply that is not in the wire format
 * leaves the shell blocked, and runs no code. Such code would leave the file `pwned` in the home.
 */

const keys = ['set AWS_ACCESS_KEY_ID ASIAX', 'set AWS_SECRET_ACCESS_KEY s'];
const why = ['state blocked', 'reason x', 'next awsh refresh'];
const blocked = blockedAws();
const code = '$(touch ~/pwned)`touch ~/pwned`';

const voidReplies: [string, string][] = [
  ['no reply at all', ''],
  ['no end', ['- ok 0 x', ...keys].join('\n')],
  ['an end that is not the last line', `${replyText(['- ok 0 x', ...keys])}set AWS_REGION x\n`],
  ['two replies', replyText(['- ok 0 x', ...keys]).repeat(2)],
  ['an escape sequence', replyText(['- ok 0 x', ...keys, 'say \x1b[2Jgone'])],
  ['a carriage return', replyText(['- ok 0 x\r', ...keys])],
  ['a tab', replyText(['- ok 0 x', ...keys, 'set AWS_REGION a\tb'])],
  ['somebody else’s proof', replyText(['0123 ok 0 x', ...keys])],
  ['no proof', replyText(['ok 0 x', ...keys])],
  ['no label', replyText(['- ok 0', ...keys])],
  ['an unknown status', replyText(['- fine 0 x', ...keys])],
  ['an unknown word', replyText(['- ok 0 x', ...keys, `eval ${code}`])],
  ['a shell’s own line', replyText(['- ok 0 x', ...keys, `touch ~/pwned`])],
  ['an empty line', replyText(['- ok 0 x', '', ...keys])],
  ['keys without their secret', replyText(['- ok 0 x', 'set AWS_ACCESS_KEY_ID ASIAX'])],
  ['code as RENEW', replyText([`- ok a[${code}] x`, ...keys])],
  ['a subscript as RENEW', replyText(['- ok x[$(touch${IFS}~/pwned)] x', ...keys])],
  ['a negative RENEW', replyText(['- ok -5 x', ...keys])],
  ['a RENEW of 13 digits', replyText(['- ok 1234567890123 x', ...keys])],
  ['a RENEW with a plus', replyText(['- ok 1+1 x', ...keys])],
  ['code as AWSH_EXPIRES', replyText(['- ok 0 x', ...keys, 'set AWSH_EXPIRES a[$(touch ~/pwned)]'])],
  ['an empty AWSH_EXPIRES', replyText(['- ok 0 x', ...keys, 'set AWSH_EXPIRES '])],
  ['a name without a value', replyText(['- ok 0 x', ...keys, 'set AWS_REGION'])],
  ['PATH', replyText(['- ok 0 x', ...keys, 'set PATH /tmp'])],
  ['LD_PRELOAD', replyText(['- ok 0 x', ...keys, 'set LD_PRELOAD /tmp/x.so'])],
  ['PROMPT_COMMAND', replyText(['- ok 0 x', ...keys, `set PROMPT_COMMAND ${code}`])],
  ['a managed name in small letters', replyText(['- ok 0 x', ...keys, 'set aws_region x'])],
  ['a name with a subscript', replyText(['- ok 0 x', ...keys, `set AWS_REGION[${code}] x`])],
  ['a name with code', replyText(['- ok 0 x', ...keys, `set AWS_ENDPOINT_URL_$(touch\${IFS}~/pwned) x`])],
  ['a closing bracket in a name', replyText(['- ok 0 x', ...keys, 'set ] x', 'unset )]}'])],
  ['AWS_PROFILE beside keys', replyText(['- ok 0 x', ...keys, 'set AWS_PROFILE x'])],
  ['keys while blocked', replyText(['- blocked 0 x', ...keys, ...why])],
  ['no reason while blocked', replyText(['- blocked 0 x'])],
  ['a reason without a state', replyText(['- blocked 0 x', 'reason x', 'next x'])],
  ['an unknown state', replyText(['- blocked 0 x', `state ${code}`, 'reason x', 'next x'])],
  ['a state of its own beside keys', replyText(['- ok 0 x', ...keys, ...why])],
  ['a note while blocked', replyText(['- blocked 0 x', ...why, 'say x'])],
  ['unset of a name that is not managed', replyText(['- ok 0 x', ...keys, 'unset HOME'])],
  ['unset of code', replyText(['- ok 0 x', ...keys, `unset AWS_ENDPOINT_URL_[${code}]`])],
  ['unset with an option', replyText(['- ok 0 x', ...keys, 'unset -f cd'])],
];

async function nothingRan(shell: HookShell): Promise<void> {
  expect(existsSync(`${shell.home.path}/pwned`)).toBe(false);
  expect(await shell.output('echo alive "$HOME"')).toBe(`alive ${shell.home.path}`);
}

describe.each(hookShells)('an invalid reply in %s is not used', (name) => {
  it.each(voidReplies)('%s', async (_, reply) => {
    const shell = await openHookShell(name, { prepare: (_, kit) => kit.answer('prod', reply) });
    await shell.run('cd dev');
    const { shown } = await shell.run('cd ../prod');
    expect(shown).toMatch(/^awsh: [\s\S]*why:\s+no usable answer from/);
    expect(await exportedAws(shell)).toEqual(blocked);
    expect(await shell.output('echo "$AWSH_SEGMENT"')).toBe('blocked');
    await nothingRan(shell);
  });
});

describe.each(hookShells)('a value arrives byte for byte in %s:', (name) => {
  const values: [string, string][] = [
    [code, code],
    ['a[$(touch ~/pwned)]', 'a[$(touch ~/pwned)]'],
    ['one%0Atwo%0Dthree', 'one\ntwo\rthree'],
    ['%250A%2525', '%0A%25'],
    ['100%', '100%'],
    [`'"; touch ~/pwned #`, `'"; touch ~/pwned #`],
    ['* ? [a] {a,b} ~ !! \\ \\n & ; | < >', '* ? [a] {a,b} ~ !! \\ \\n & ; | < >'],
    ['  spaces  ', '  spaces  '],
    ['-n', '-n'],
    ['é ü 漢', 'é ü 漢'],
    ['', ''],
  ];
  it.each(values)('%j', async (written, meant) => {
    const shell = await openHookShell(name, {
      prepare: (_, kit) => kit.answer('dev', loadedReply('dev', { lines: [`set AWS_REGION ${written}`] })),
    });
    await shell.run('cd dev');
    const bytes = await shell.output(`printenv AWS_REGION | od -An -tx1 | tr -d ' \\n'; echo`);
    expect(bytes).toBe(Buffer.from(`${meant}\n`).toString('hex'));
    await nothingRan(shell);
  });
});

describe.each(hookShells)('nothing is evaluated in %s', (name) => {
  const label = `${code}%n\\u!{a,b}`;

  it('of a label, in the prompt', async () => {
    const shell = await openHookShell(name, {
      before: name === 'zsh' ? 'setopt prompt_subst prompt_bang' : '',
      prepare: (_, kit) => {
        kit.answer('dev', loadedReply(label));
        kit.answer('prod', emptyReply('blocked', label));
      },
    });
    for (const folder of ['dev', '../prod']) {
      await shell.run(`cd ${folder}`);
      expect(await shell.output('echo "$AWSH_SEGMENT"')).toMatch(/^[A-Za-z0-9_.@+=,:/ ?-]{1,40}$/);
      await nothingRan(shell);
    }
  });

  it('of a message to the user, which stays on its line', async () => {
    const shell = await openHookShell(name, {
      prepare: (_, kit) =>
        kit.answer(
          'dev',
          emptyReply('deny', 'not allowed', { reason: `${code} %s%n\\x07%0D%0Aawsh: forged` }),
        ),
    });
    const { shown } = await shell.run('cd dev');
    expect(shown.split('\n')[1]).toBe(`  why:  ${code} %s%n\\x07??awsh: forged`);
    await nothingRan(shell);
  });

  it('of a value for a variable that is an integer here', async () => {
    const shell = await openHookShell(name, {
      after: `${name === 'bash' ? 'declare' : 'typeset'} -i AWS_REGION AWS_SESSION_TOKEN AWSH_PROFILE`,
      prepare: (_, kit) =>
        kit.answer('dev', loadedReply('dev', { lines: ['set AWS_REGION a[$(touch ~/pwned)]'] })),
    });
    await shell.run('cd dev');
    expect(await shell.output('printenv AWS_REGION')).toBe('a[$(touch ~/pwned)]');
    await nothingRan(shell);
  });

  it('of what a shell inherits from its parent', async () => {
    const saved = `key ${code}
was PATH /nowhere
was AWS_REGION ${code}
was AWS_REGION[${code}] x
now AWS_ACCESS_KEY_ID ${code}
now a[${code}] x
secret HOME
unset HOME
protected a[${code}]
now`;
    const shell = await openHookShell(name, {
      environment: {
        AWSH_LOADED: `1 dir ${process.getuid?.()} ${code.replaceAll(' ', '%20')} /x`,
        AWSH_SAVED: saved,
        AWSH_EXPIRES: 'a[$(touch ~/pwned)]',
        AWS_ACCESS_KEY_ID: code,
        __awsh_renew: 'a[$(touch ~/pwned)]',
        __awsh_launcher: '/bin/false',
        __awsh_place: 'x',
      },
    });
    await shell.run('cd dev');
    await shell.run('cd ../none');
    expect(await shell.output('echo "$AWS_REGION"')).toBe(code);
    expect(await shell.output('command -v env')).toMatch(/^\/.*env$/);
    await nothingRan(shell);
  });

  it('of a number of awsh’s that the user has replaced with code', async () => {
    const shell = await openHookShell(name, {
      environment: { SECONDS: 'a[$(touch ~/pwned)]', EPOCHSECONDS: 'a[$(touch ~/pwned)]' },
    });
    await shell.run('cd dev');
    await nothingRan(shell);
  });
});
