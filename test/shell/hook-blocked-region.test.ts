import { describe, expect, it } from 'vitest';
import { emptyReply } from '../support/hook-package.ts';
import {
  blockedAws,
  declarations,
  exceptInFish,
  exportedAws,
  type HookShellName,
  hookShells,
  openHookShell,
} from '../support/hook-shell.ts';

/** The reply for a profile that cannot be loaded, with its region in the program's form. */
function blockedReply(region: string): string {
  const [first, ...rest] = emptyReply('blocked', 'blocked').split('\n');
  const variables = [`set AWS_REGION ${region}`, `set AWS_DEFAULT_REGION ${region}`];
  return [first, 'set AWS_PROFILE awsh-blocked', ...variables, ...rest].join('\n');
}

const names = ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_PROFILE', 'AWS_EC2_METADATA_DISABLED'];

/** A shell in the directory of a profile that fails. `before` runs outside of it. */
async function blockedShell(name: HookShellName, before: string, reply = blockedReply('eu-west-1')) {
  const shell = await openHookShell(name, { prepare: (_, kit) => kit.answer('dev', reply) });
  await shell.run(before);
  const outside = await declarations(shell, names);
  await shell.run('cd dev');
  return { shell, outside };
}

const regions = async (shell: Awaited<ReturnType<typeof openHookShell>>) =>
  (await exportedAws(shell)).filter((line) => line.includes('REGION='));

describe.each(hookShells)('the region of a blocked %s', (name) => {
  const own: [string, string, string[]][] = [
    ['the profile has one', 'unset AWS_REGION AWS_DEFAULT_REGION', ['eu-west-1', 'eu-west-1']],
    ['the user has another', 'export AWS_REGION=ca-west-1', ['ca-west-1', 'ca-west-1']],
    ['the user has the older variable', 'export AWS_DEFAULT_REGION=sa-east-1', ['sa-east-1', 'sa-east-1']],
    [
      'the user has two',
      'export AWS_REGION=ca-west-1 AWS_DEFAULT_REGION=sa-east-1',
      ['sa-east-1', 'ca-west-1'],
    ],
    ["the user's is not exported", 'AWS_REGION=ca-west-1', ['ca-west-1', 'ca-west-1']],
    ["the user's is empty", 'export AWS_REGION=', ['eu-west-1', 'eu-west-1']],
  ];

  it.each(own)('is valid for every SDK and is removed again, if %s', async (_, before, [older, newer]) => {
    const { shell, outside } = await blockedShell(name, before);
    expect(await regions(shell)).toEqual([`AWS_DEFAULT_REGION=${older}`, `AWS_REGION=${newer}`]);
    // Asked again in the same directory: what awsh has set is not treated as the user's.
    await shell.run('awsh refresh');
    expect(await regions(shell)).toEqual([`AWS_DEFAULT_REGION=${older}`, `AWS_REGION=${newer}`]);
    await shell.run('cd ../none');
    expect(await declarations(shell, names)).toBe(outside);
  });

  it("has no endpoints if nothing is known, and is the profile's once it is known", async () => {
    const { shell, outside } = await blockedShell(name, ':', 'nonsense');
    expect(await exportedAws(shell)).toEqual(blockedAws());
    shell.kit.answer('dev', blockedReply('eu%2Dwest-1').replaceAll('%2D', '-'));
    await shell.run('awsh refresh');
    expect(await exportedAws(shell)).toEqual(blockedAws('eu-west-1'));
    await shell.run('cd ../none');
    expect(await declarations(shell, names)).toBe(outside);
  });

  it('stays as the user changes it', async () => {
    const { shell } = await blockedShell(name, 'export AWS_REGION=ca-west-1');
    await shell.run('export AWS_REGION=sa-east-1');
    await shell.run('awsh refresh');
    expect(await shell.output('echo $AWS_REGION')).toBe('sa-east-1');
    await shell.run('cd ../none');
    expect(await regions(shell)).toEqual(['AWS_REGION=sa-east-1']);
  });

  it('is also removed in a child shell that leaves the directory', async () => {
    const { shell } = await blockedShell(name, 'export AWS_REGION=ca-west-1');
    const child = { bash: 'bash --norc -i', zsh: 'zsh -f -i', fish: 'fish --no-config -i' }[name];
    const inside = `${shell.kit.source[name]}; cd ../none; awsh refresh; env | grep REGION=`;
    expect(await shell.output(`${child} -c '${inside}' 2>/dev/null | grep ^AWS_`)).toBe(
      'AWS_REGION=ca-west-1',
    );
  });

  exceptInFish(name)('shows nothing where it is read-only', async () => {
    const { shell } = await blockedShell(name, 'export AWS_REGION=mine; readonly AWS_REGION');
    expect(await shell.output('echo $AWS_REGION $AWS_PROFILE')).toBe('mine awsh-blocked');
    expect((await shell.run('cd ../none')).shown).not.toContain('read');
    expect(await exportedAws(shell)).toEqual(['AWS_REGION=mine']);
  });
});
