import { describe, expect, it } from 'vitest';
import { emptyReply, loadedReply } from '../support/hook-package.ts';
import {
  blockedAws,
  declarations,
  exceptInFish,
  exportedAws,
  hookShells,
  openHookShell,
} from '../support/hook-shell.ts';

const devKeys = [
  'AWS_ACCESS_KEY_ID=ASIADEV',
  expect.stringMatching(/^AWS_CREDENTIAL_EXPIRATION=\d{4}-.*Z$/),
  'AWS_SECRET_ACCESS_KEY=secret/of+dev',
  'AWS_SESSION_TOKEN=token/of+dev==',
];
const blocked = blockedAws();

describe.each(hookShells)('the hook in %s', (name) => {
  it('loads on entering, keeps below, switches, and restores everything on leaving', async () => {
    const shell = await openHookShell(name);
    await shell.run('cd dev');
    expect(await exportedAws(shell)).toEqual(devKeys);
    await shell.run('cd deep/er');
    expect(await exportedAws(shell)).toEqual(devKeys);
    await shell.run('cd ~/prod');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID $AWSH_PROFILE $AWSUME_PROFILE')).toBe(
      'ASIAPROD prod prod',
    );
    await shell.run('cd ~/none');
    expect(await shell.output('env | grep -E "^AWS(UME)?_|^AWSH_[^A]"')).toBe('');
    expect(shell.kit.requests()).toHaveLength(2);
  });

  it('loads keys without a session token after keys with one', async () => {
    const reply = '- ok 0 prod\nset AWS_ACCESS_KEY_ID AKIA\nset AWS_SECRET_ACCESS_KEY own/secret\nend\n';
    const shell = await openHookShell(name, { prepare: (_, kit) => kit.answer('prod', reply) });
    await shell.run('cd ~/dev; cd ~/prod');
    expect(await exportedAws(shell)).toEqual(['AWS_ACCESS_KEY_ID=AKIA', 'AWS_SECRET_ACCESS_KEY=own/secret']);
  });

  it('gives a command after cd the new keys, and never the old ones', async () => {
    const shell = await openHookShell(name);
    expect(await shell.output('cd dev && echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    expect(await shell.output('cd ../prod && echo $AWS_ACCESS_KEY_ID')).toBe('ASIAPROD');
    expect(await shell.output('cd ../none && echo "[$AWS_ACCESS_KEY_ID]"')).toBe('[]');
    expect(await shell.output('pushd ../dev >/dev/null; echo $AWS_ACCESS_KEY_ID')).toBe('ASIADEV');
    expect(await shell.output('popd >/dev/null; echo "[$AWS_ACCESS_KEY_ID]"')).toBe('[]');
    if (name === 'fish') return;
    expect(await shell.output('(cd ../prod && echo $AWS_ACCESS_KEY_ID); echo "[$AWS_ACCESS_KEY_ID]"')).toBe(
      'ASIAPROD\n[]',
    );
    expect(await shell.output('echo "[$(cd ../dev; pwd)]"')).toBe(`[${shell.home.path}/dev]`);
  });

  it('asks once for a directory, whatever is typed there', async () => {
    const shell = await openHookShell(name);
    await shell.run('cd dev');
    for (let i = 0; i < 5; i++) await shell.run(':');
    expect(shell.kit.requests()).toHaveLength(1);
    expect(
      shell.kit
        .requests()[0]
        ?.split('\n')
        .filter((line) => !/^(tty|env) /.test(line)),
    ).toEqual(['- load 1', `cwd ${shell.home.path}/dev`, 'end']);
    expect(shell.kit.requests()[0]).toMatch(/^tty \/dev\//m);
    expect(shell.kit.requests()[0]).toContain(`\nenv HOME ${shell.home.path}\n`);
  });

  it('notices a directory file that is written, edited or removed in place', async () => {
    const shell = await openHookShell(name);
    await shell.run('cd none');
    shell.kit.answer('none', loadedReply('dev'));
    await shell.run('echo dev >.awsprofile');
    expect(await exportedAws(shell)).toEqual(devKeys);
    shell.kit.answer('none', emptyReply('deny', 'not allowed', { reason: 'it changed', next: 'awsh allow' }));
    const { shown } = await shell.run('echo prod >.awsprofile');
    expect(shown).toContain('\n  why:  it changed\n  next: awsh allow\n');
    expect(await exportedAws(shell)).toEqual([]);
    await shell.run('rm .awsprofile');
    expect(shell.kit.requests()).toHaveLength(2);
    expect(await shell.output('echo "[$AWSH_SEGMENT]"')).toBe('[]');
  });

  it('asks for the home directory like any other', async () => {
    const shell = await openHookShell(name, {
      prepare: (home, kit) => {
        home.write('.awsprofile', 'dev\n');
        kit.answer('default', loadedReply('dev'));
      },
    });
    expect(await exportedAws(shell)).toEqual(devKeys);
  });

  it('is silent at the first prompt, and has no question asked there', async () => {
    const shell = await openHookShell(name, {
      prepare: (home, kit) => {
        home.write('.awsprofile', 'dev\n');
        kit.answer('default', emptyReply('deny', 'not allowed', { next: 'awsh allow' }), {
          before: 'echo noise >&2',
        });
      },
    });
    expect(shell.received).not.toMatch(/noise|awsh allow/);
    expect(shell.kit.requests()[0]).toMatch(/^quiet 1$/m);
    const { shown } = await shell.run('awsh refresh');
    expect(shown).toMatch(/noise\nawsh: [\s\S]*next: awsh allow/);
    expect(shell.kit.requests()[1]).toMatch(/^refresh 1$/m);
    expect(shell.kit.requests()[1]).not.toMatch(/^quiet/m);
  });

  it('is silent in subshells', async () => {
    const shell = await openHookShell(name, {
      prepare: (_, kit) =>
        kit.answer('dev', loadedReply('dev', { lines: ['say loud'] }), { before: 'echo noise >&2' }),
    });
    // fish has no subshells, so a cd in a substitution is not undone.
    const again = name === 'fish' ? 'echo $AWS_ACCESS_KEY_ID' : '(cd dev; echo $AWS_ACCESS_KEY_ID)';
    expect(await shell.output(`x=$(cd dev; pwd); echo $x; ${again}`)).toBe(`${shell.home.path}/dev\nASIADEV`);
    expect(shell.kit.requests()[0]).toMatch(/^quiet 1$/m);
  });

  it('follows symbolic links by the name that the user sees', async () => {
    const shell = await openHookShell(name);
    await shell.run('ln -s ../dev/deep none/link && cd none/link');
    expect(await shell.output('echo "[$AWS_ACCESS_KEY_ID]"')).toBe('[]');
    await shell.run('cd -P .');
    expect(await shell.output('echo "[$AWS_ACCESS_KEY_ID]"')).toBe('[ASIADEV]');
  });
});

describe.each(hookShells)('a value from before, in %s', (name) => {
  const originals: [string, string][] = [
    ['exported', 'export AWS_REGION=mine AWS_PROFILE=mine'],
    ['not exported', 'AWS_REGION=mine AWS_PROFILE="my own"'],
    ['empty', 'export AWS_REGION= AWS_PROFILE='],
    ['unset', 'unset AWS_REGION AWS_PROFILE'],
    ['several lines', "export AWS_REGION=$'a\\nb%0A\\r' AWS_PROFILE=$'x\\ny'"],
    ['secrets of their own', 'export AWS_SECRET_ACCESS_KEY=s AWS_ACCESS_KEY_ID=k AWS_SESSION_TOKEN=t'],
    ['endpoints', 'export AWS_ENDPOINT_URL=http://127.0.0.1:1 AWS_ENDPOINT_URL_STS=http://127.0.0.1:2'],
  ];
  it.each(originals)('is restored: %s', async (_, line) => {
    const names =
      'AWS_REGION AWS_PROFILE AWS_SECRET_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SESSION_TOKEN AWS_ENDPOINT_URL AWS_ENDPOINT_URL_STS';
    const shell = await openHookShell(name, {
      prepare: (_, kit) => {
        kit.answer('dev', loadedReply('dev', { region: 'eu-west-1' }));
        kit.answer('prod', emptyReply('blocked', 'blocked'));
      },
    });
    await shell.run(line);
    const before = await declarations(shell, names.split(' '));
    await shell.run('cd dev');
    expect(await exportedAws(shell)).toEqual([
      ...devKeys.slice(0, 2),
      'AWS_DEFAULT_REGION=eu-west-1',
      'AWS_REGION=eu-west-1',
      ...devKeys.slice(2),
    ]);
    await shell.run('cd ../prod');
    // hook-blocked-region.test.ts checks the regions.
    const other = (text: string) => !/^(AWS_(DEFAULT_)?REGION=|b%0A)/.test(text);
    expect((await exportedAws(shell)).filter(other)).toEqual(blocked.filter(other));
    await shell.run('cd ../none');
    expect(await declarations(shell, names.split(' '))).toBe(before);
  });

  it('is not restored if something has changed it in the meantime', async () => {
    const shell = await openHookShell(name, { after: 'export AWS_ACCESS_KEY_ID=mine AWS_PROFILE=before' });
    await shell.run('cd dev');
    await shell.run('export AWS_PROFILE=newer');
    expect(await shell.output('echo $AWSH_SEGMENT')).toBe('overridden');
    await shell.run('cd ../none');
    expect(await exportedAws(shell)).toEqual(['AWS_ACCESS_KEY_ID=mine', 'AWS_PROFILE=newer']);
  });

  it('stays removed while another directory is loaded over changed keys', async () => {
    const shell = await openHookShell(name);
    await shell.run('cd dev');
    await shell.run('export AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b; unset AWS_SESSION_TOKEN');
    expect(await shell.output('echo $AWSH_SEGMENT')).toBe('overridden');
    await shell.run('cd ../prod');
    expect(await shell.output('echo $AWS_ACCESS_KEY_ID $AWSH_SEGMENT')).toBe('ASIAPROD prod 50m');
    await shell.run('cd ../none');
    expect(await exportedAws(shell)).toEqual(['AWS_ACCESS_KEY_ID=a', 'AWS_SECRET_ACCESS_KEY=b']);
  });

  exceptInFish(name)('wins, as a whole, if it is read-only', async () => {
    const shell = await openHookShell(name, { after: 'export AWS_PROFILE=mine; readonly AWS_PROFILE' });
    expect((await shell.run('cd dev')).shown).not.toMatch(/read-?only variable/);
    expect(await shell.output('echo $AWS_PROFILE $AWS_ACCESS_KEY_ID $AWSH_SEGMENT')).toBe('mine overridden');
    await shell.run('cd ../none');
    expect(await exportedAws(shell)).toEqual(['AWS_PROFILE=mine']);
  });

  exceptInFish(name)('shows nothing of the environment where all that would block is read-only', async () => {
    const shell = await openHookShell(name, {
      after:
        'export AWS_PROFILE=mine AWS_EC2_METADATA_DISABLED=x; readonly AWS_PROFILE AWS_EC2_METADATA_DISABLED',
      prepare: (_, kit) => kit.answer('dev', emptyReply('blocked', 'blocked')),
    });
    expect((await shell.run('cd dev')).shown).not.toContain('HOME');
    expect(await exportedAws(shell)).toEqual(['AWS_EC2_METADATA_DISABLED=x', 'AWS_PROFILE=mine']);
  });

  it('never adds its token or endpoint to a session', async () => {
    const shell = await openHookShell(name, {
      after:
        'export AWS_SESSION_TOKEN=old AWS_ENDPOINT_URL_S3=http://127.0.0.1:1 AWS_CONTAINER_CREDENTIALS_FULL_URI=x',
      prepare: (_, kit) =>
        kit.answer('dev', '- ok 0 dev\nset AWS_ACCESS_KEY_ID AKIA\nset AWS_SECRET_ACCESS_KEY s\nend\n'),
    });
    await shell.run('cd dev');
    expect(await exportedAws(shell)).toEqual(['AWS_ACCESS_KEY_ID=AKIA', 'AWS_SECRET_ACCESS_KEY=s']);
  });
});

describe.each(hookShells)('a directory that gives no credentials, in %s', (name) => {
  const statuses: [string, string, boolean][] = [
    ['deny', 'not allowed', false],
    ['blocked', 'blocked', true],
    ['person', 'needs MFA', true],
    ['confirm', 'not confirmed', true],
    ['wait', 'wait', true],
    ['none', '-', false],
  ];
  it.each(statuses)('%s: unloads, and the segment says %s', async (status, label, isBlocked) => {
    const shell = await openHookShell(name, {
      prepare: (_, kit) => kit.answer('prod', emptyReply(status, label)),
    });
    await shell.run('cd dev');
    await shell.run('cd ../prod');
    expect(await exportedAws(shell)).toEqual(isBlocked ? blocked : []);
    expect(await shell.output('echo "[$AWSH_SEGMENT]"')).toBe(`[${status === 'none' ? '' : label}]`);
    await shell.run('cd ../none');
    expect(await exportedAws(shell)).toEqual([]);
    expect(await shell.output('echo "[$AWSH_SEGMENT]"')).toBe('[]');
  });
});

describe.each(hookShells)('renewal in %s', (name) => {
  it('is requested once when its time has come, without a question', async () => {
    const shell = await openHookShell(name, {
      prepare: (_, kit) => kit.answer('dev', loadedReply('dev', { renewIn: 5 })),
    });
    await shell.run('cd dev');
    shell.kit.answer('dev', loadedReply('dev', { renewIn: 1000 }));
    await shell.run('sleep 6.1');
    for (let i = 0; i < 4; i++) await shell.run(':');
    expect(shell.kit.requests()).toHaveLength(2);
    expect(shell.kit.requests()[1]).toMatch(/^renew 1$/m);
    expect(shell.kit.requests()[1]).toMatch(/^loaded dev$/m);
    expect(await exportedAws(shell)).toEqual(devKeys);
  });

  it('is not requested at each prompt if its time is always past, or none is known', async () => {
    const shell = await openHookShell(name, {
      prepare: (_, kit) => {
        kit.answer('dev', loadedReply('dev', { renewIn: -100, expiresIn: -50 }));
        kit.answer('prod', loadedReply('prod', { expiresIn: 0 }));
      },
    });
    await shell.run('cd dev');
    for (let i = 0; i < 4; i++) await shell.run(':');
    expect(shell.kit.requests()).toHaveLength(1);
    expect(await shell.output('echo $AWSH_SEGMENT')).toBe('expired');
    await shell.run('cd ../prod');
    for (let i = 0; i < 4; i++) await shell.run(':');
    expect(shell.kit.requests()).toHaveLength(2);
    expect(await shell.output('echo $AWSH_SEGMENT')).toBe('prod');
  });

  it('is requested at each prompt while another terminal is being asked', async () => {
    const shell = await openHookShell(name, {
      environment: { AWSH_AGENT: undefined },
      prepare: (_, kit) => kit.answer('dev', emptyReply('wait', 'wait')),
    });
    await shell.run('cd dev');
    await shell.run(':');
    shell.kit.answer('dev', loadedReply('dev'));
    await shell.run(':');
    expect(await exportedAws(shell)).toEqual(devKeys);
  });

  it('waits while the user has set other keys', async () => {
    const shell = await openHookShell(name, {
      prepare: (_, kit) => kit.answer('dev', loadedReply('dev', { renewIn: 5 })),
    });
    await shell.run('cd dev && export AWS_PROFILE=mine');
    await shell.run('sleep 6.1');
    expect(shell.kit.requests()).toHaveLength(1);
    expect(await shell.output('echo $AWS_PROFILE $AWSH_SEGMENT')).toBe('mine overridden');
  });
});
