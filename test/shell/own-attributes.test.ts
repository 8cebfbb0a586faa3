import { describe, expect, it } from 'vitest';
import { emptyReply, loadedReply } from '../support/hook-package.ts';
import { exportedAws, hookShells, openHookShell } from '../support/hook-shell.ts';

/*
 * The user's own variables may have any attributes. awsh must restore each of them when it unloads.
 */

const posix = {
  'in lower case': ['declare -l AWS_REGION=SA-EAST-1'],
  'in upper case, exported': ['declare -x -u AWS_PROFILE=mine'],
  'an integer': ['declare -i AWS_REGION=7'],
  'an exported integer': ['declare -ix AWS_SECURITY_TOKEN=7'],
  'an array': ['declare -a AWS_REGION=(one "two  words" "three]")'],
  'an array by name': ['declare -A AWS_PROFILE; AWS_PROFILE=([a]=1 [b]="x y")'],
  'not exported': ['AWS_REGION=sa-east-1; AWS_PROFILE=mine'],
  'exported and empty': ['export AWS_REGION= AWS_PROFILE='],
};

const kinds: Record<string, Record<string, string[]>> = {
  bash: posix,
  zsh: {
    ...posix,
    'with a base': ['typeset -i 16 -x AWS_REGION=255'],
    'with a width': ['export -L 9 AWS_REGION=sa-east-1-long'],
    'tied to an array': ['typeset -T AWS_PROFILE aws_profile; AWS_PROFILE=a:b'],
  },
  fish: {
    'a list': ['set -g AWS_REGION one "two words"'],
    'an exported list': ['set -gx AWS_PROFILE one two'],
    'a path': ['set -gx --path AWS_REGION /a /b'],
    'a path of one': ['set -g --path AWS_PROFILE /a'],
    'a universal variable': ['set -U AWS_REGION sa-east-1'],
    'an exported universal variable': ['set -Ux AWS_REGION sa-east-1'],
    'a universal path': ['set -Ux --path AWS_REGION /a /b'],
    'not exported': ['set -g AWS_REGION sa-east-1'],
  },
};

const names = ['AWS_REGION', 'AWS_PROFILE', 'AWS_SECURITY_TOKEN', 'aws_profile'];

describe.each(hookShells)("the user's own variables in %s", (name) => {
  const rows = Object.entries(kinds[name] ?? {}).map(([kind, [line = '']]) => ({ kind, line }));
  const shown = name === 'fish' ? 'set --show' : name === 'zsh' ? 'typeset -p' : 'declare -p';

  it('keep their values, whatever attributes they have', { timeout: 60_000 }, async () => {
    const problems: string[] = [];
    for (const { kind, line } of rows) {
      const shell = await openHookShell(name, {
        prepare: (_, kit) => kit.answer('dev', loadedReply('dev', { region: 'eu-west-1' })),
      });
      await shell.run(line);
      const look = async () => (await shell.output(`${shown} ${names.join(' ')} 2>/dev/null`)).trim();
      const before = await look();
      await shell.run('cd dev');
      const inside = await shell.output('sh -c \'echo "$AWS_ACCESS_KEY_ID $AWS_REGION $AWS_PROFILE"\'');
      if (inside.trim() !== 'ASIADEV eu-west-1') problems.push(`${kind}: inside it is ${inside}`);
      await shell.run('cd ../none');
      const after = await look();
      if (after !== before) problems.push(`${kind}: was\n${before}\nand is\n${after}`);
    }
    expect(problems.join('\n')).toBe('');
  });
});

/*
 * awsh cannot set a variable that the user has made read-only, and keys without their region are
 * not complete. fish has no read-only variables.
 */

const readOnly: [line: string, variable: string][] = [
  ['readonly AWS_REGION=sa-east-1', 'AWS_REGION'],
  ['export AWS_REGION=sa-east-1; typeset -r AWS_REGION', 'AWS_REGION'],
  ['typeset -r AWS_DEFAULT_REGION=sa-east-1', 'AWS_DEFAULT_REGION'],
  ['typeset -rx AWS_PROFILE=mine', 'AWS_PROFILE'],
  ['typeset -r AWS_PROFILE=mine', 'AWS_PROFILE'],
  ['typeset -rx AWS_ACCESS_KEY_ID=AKIAMINE', 'AWS_ACCESS_KEY_ID'],
  ['readonly AWS_SESSION_TOKEN=', 'AWS_SESSION_TOKEN'],
  ['typeset -rx AWS_ROLE_ARN=arn:aws:iam::1:role/mine', 'AWS_ROLE_ARN'],
  ['typeset -rx AWS_ENDPOINT_URL_S3=http://127.0.0.1:1', 'AWS_ENDPOINT_URL_S3'],
  ['readonly AWS_SECRET_ACCESS_KEY', 'AWS_SECRET_ACCESS_KEY'],
];

describe.each(hookShells.filter((name) => name !== 'fish'))(
  "the user's read-only variables in %s",
  (name) => {
    const open = () =>
      openHookShell(name, {
        prepare: (_, kit) => {
          for (const answer of ['dev', 'pin-prod']) {
            const profile = answer.replace('pin-', '');
            kit.answer(answer, loadedReply(profile, { region: 'eu-west-1' }));
          }
        },
      });
    const readOnlyRows = readOnly.map(([line, variable]) => ({ line, variable }));

    it('win as a whole and are named', { timeout: 60_000 }, async () => {
      const problems: string[] = [];
      for (const { line, variable } of readOnlyRows) {
        const shell = await open();
        await shell.run(line);
        const look = async () => (await exportedAws(shell)).join(' ');
        const before = await look();
        for (const command of ['cd dev', 'awsh refresh', 'awsh use prod', 'awsh use --auto', 'cd ../none']) {
          const { shown, status } = await shell.run(command);
          if (status !== (command.startsWith('awsh') ? 1 : 0))
            problems.push(`${line}: ${command}: ${status}`);
          if (/readonly variable|read-only variable|nothing was refreshed/.test(shown))
            problems.push(`${line}: ${command}: ${shown}`);
          const said = shown.replaceAll(/\s+/g, ' ');
          const isTold = said.includes(`${variable} is read-only`) && said.includes(`next: exec ${name}`);
          if (isTold === (command === 'cd ../none'))
            problems.push(`${line}: ${command}: it printed ${shown}`);
          const now = await look();
          if (now !== before) problems.push(`${line}: ${command}: was\n${before}\nand is\n${now}`);
        }
      }
      expect(problems.join('\n')).toBe('');
    });

    const blockedRows = [
      { variable: 'AWS_REGION', state: 'blocked' },
      { variable: 'AWS_DEFAULT_REGION', state: 'blocked' },
      { variable: 'AWS_PROFILE', state: 'overridden' },
    ];
    it.each(blockedRows)('a failed load leaves $variable, in one message: $state', async (row) => {
      const shell = await openHookShell(name, {
        prepare: (_, kit) => kit.answer('dev', emptyReply('blocked', 'blocked')),
      });
      await shell.run(`export ${row.variable}=sa-east-1; readonly ${row.variable}`);
      const { shown } = await shell.run('cd dev');
      expect(shown.match(/^awsh: /gm)).toHaveLength(1);
      expect(shown).not.toMatch(/readonly variable|read-only variable/);
      const prompt = await shell.run('true');
      expect(prompt.shown).toMatch(/^(\S+ )?\$ $/);
      expect(await shell.output('echo $AWSH_SEGMENT')).toBe(row.state);
      const [own, ...others] = (await exportedAws(shell)).sort((one) =>
        one.startsWith(row.variable) ? -1 : 1,
      );
      expect(own).toBe(`${row.variable}=sa-east-1`);
      const blocked = ['AWS_PROFILE=awsh-blocked', 'AWS_EC2_METADATA_DISABLED=true'];
      if (row.state === 'blocked') expect(others).toEqual(expect.arrayContaining(blocked));
      else expect(others).toEqual([]);
      await shell.run('cd ../none');
      expect(await exportedAws(shell)).toEqual([`${row.variable}=sa-east-1`]);
    });

    it('are restored by the next command', async () => {
      const shell = await open();
      await shell.run('export AWS_REGION=sa-east-1; readonly AWS_REGION; cd dev');
      expect(await shell.output('echo $AWSH_SEGMENT')).toBe('overridden');
      await shell.run(`exec ${name}`);
      expect(await shell.output('echo $AWS_REGION $AWS_ACCESS_KEY_ID $AWSH_SEGMENT')).toMatch(
        /^eu-west-1 ASIADEV dev/,
      );
      await shell.run('cd ../none');
      expect(await exportedAws(shell)).toEqual(['AWS_REGION=sa-east-1']);
    });

    it('are not exported with awsh’s values', async () => {
      const shell = await open();
      await shell.run('cd dev; readonly AWS_REGION AWS_SESSION_TOKEN');
      expect((await shell.run('cd ../none')).shown).not.toContain('read');
      expect(await exportedAws(shell)).toEqual([]);
      await shell.run('cd ../dev');
      expect(await exportedAws(shell)).toEqual([]);
      expect(await shell.output('echo $AWSH_SEGMENT')).toBe('overridden');
    });
  },
);
