import { describe, expect, it } from 'vitest';
import { loadedReply } from '../support/hook-package.ts';
import { hookShells, openHookShell } from '../support/hook-shell.ts';

/* The user's own variables may be of any kind. Each is what it was when awsh has left. */

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

  it('are what they were, whatever kind they are of', { timeout: 60_000 }, async () => {
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
