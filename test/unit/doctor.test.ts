import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plainLook } from '../../src/cli/look.ts';
import { doctorText } from '../../src/commands/doctor-text.ts';
import { type Check, type Examined, examine, sections } from '../../src/diagnosis/index.ts';
import { NetworkError } from '../../src/system/index.ts';
import { packageFolder, runHere } from '../support/run-awsh.ts';
import { blockFor, checkNamed, sceneIn } from '../support/scenes.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

/** A home without a problem, and a run of doctor in it. */
function setting() {
  const home = temporaryHome();
  home.write('.aws/config', '[default]\nregion = eu-west-1\n');
  home.write('.bashrc', blockFor(join(packageFolder, 'shell/awsh.bash')));
  const hook = [
    'shell bash 5.2',
    `launcher ${packageFolder}/bin/awsh`,
    'mode auto',
    'agent 1',
    'completion 1',
  ];
  const environment = {
    ...home.environment,
    PATH: `${packageFolder}/bin:${home.environment.PATH}`,
    SHELL: '/bin/bash',
    AWSH_BACKEND: 'file',
    AWSH_AGENT: '',
    AWSH_HOOK: [...hook, 'runs __awsh_prompt', 'end'].join('\n'),
  };
  return { home, doctor: (...args: string[]) => runHere(['doctor', '--offline', ...args], environment) };
}

describe('awsh doctor', () => {
  it('exits with 0 if nothing is wrong', async () => {
    const { status, out, err } = await setting().doctor();
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toMatch(/^Program\n {2}✓ Node \d+/);
    expect(out).toMatch(/\nno problem found(; \d notes? \(marked !\) to read when you have time)?\n$/);
    expect(out).not.toContain('✗');
  });

  it('exits with 1 if something is wrong, and prints how to fix it', async () => {
    const { home, doctor } = setting();
    chmodSync(join(home.path, '.aws/config'), 0o666);
    const { status, out } = await doctor();
    expect(status).toBe(1);
    expect(out).toContain(`  ✗ other users can write ~/.aws/config
    why:  another user who writes to it can choose your identity, or run commands in your shells
    next: chmod go-w ${home.path}/.aws/config
`);
    expect(out).toMatch(/\n1 problem(, \d notes?)?\n$/);
  });

  it('prints the same as JSON', async () => {
    const { home, doctor } = setting();
    home.write('.aws/config', '[dev]\n');
    const { status, out } = await doctor('--json');
    const answer = JSON.parse(out);
    expect({ status, well: answer.well, version: answer.version }).toMatchObject({ status: 1, well: false });
    expect(answer.findings).toContainEqual({
      section: 'Files',
      check: 'aws-files',
      level: 'problem',
      what: '~/.aws/config:1: [dev] is ignored',
      why: 'in this file it is written [profile dev]',
      next: `vi +1 ${home.path}/.aws/config`,
    });
  });

  it.each([
    ['settings', '.config/awsh/config', 'nonsense\n', /this is not a setting/],
    ['AWS files', '.aws/config', '[default\n', /config:1 is malformed/],
  ])('continues with the other checks if the %s cannot be read', async (_, path, text, fault) => {
    const { home, doctor } = setting();
    home.write(path, text);
    const { status, out, err } = await doctor();
    expect({ status, err }).toEqual({ status: 1, err: '' });
    expect(out).toMatch(fault);
    expect(out).toContain('✓ Node');
    expect(out).toMatch(/the agent/);
  });

  it('continues if an unsupported backend is configured', async () => {
    const home = temporaryHome();
    const environment = { ...home.environment, AWSH_BACKEND: 'kwallet' };
    const { status, out } = await runHere(['doctor', '--offline'], environment);
    expect(status).toBe(1);
    expect(out).toMatch(/✗ there is no backend "kwallet"/);
  });

  it('changes nothing', async () => {
    const { home, doctor } = setting();
    const before = filesOf(home);
    await doctor();
    expect(filesOf(home)).toEqual(before);
  });
});

describe('a check', () => {
  const one = (check: Check) => [{ title: 'One', checks: [check, checkNamed('node')] }];
  const well = expect.objectContaining({
    check: 'node',
    findings: [expect.objectContaining({ level: 'ok' })],
  });

  it.each([
    [
      'throws an error of ours',
      () => Promise.reject(new NetworkError('no net', 'no cable', 'plug it in')),
      { what: 'no net', why: 'no cable', next: 'plug it in' },
    ],
    [
      'throws any other, which may quote a secret',
      () => JSON.parse('CANARY'),
      { what: 'odd: this could not be checked', why: 'SyntaxError inside awsh', next: null },
    ],
    [
      'never ends',
      () => new Promise<never>(() => {}),
      { what: 'odd: no result', why: 'it took more than 0.05 seconds', next: null },
    ],
  ])('that %s is reported, and does not stop the others', async (_, run, found) => {
    const examined = await examine(one({ name: 'odd', run }), sceneIn(temporaryHome()), 50);
    expect(examined).toEqual([
      { section: 'One', check: 'odd', findings: [{ level: 'problem', ...found }] },
      well,
    ]);
  });

  it('a line that two checks report counts once', async () => {
    const home = temporaryHome();
    const id = 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n';
    home.write('.aws/credentials', `[half]\n${id}[other]\n${id}`);
    const examined = await examine(sections, sceneIn(home));
    const lines = examined.flatMap(({ findings }) =>
      findings.flatMap(({ level, next }) => (level === 'problem' && / \+\d+ /.exec(next ?? '')) || []),
    );
    expect(lines.map(String).sort()).toEqual([' +2 ', ' +4 ']);
  });

  it('is in the docs, in the order in which it is shown', () => {
    const docs = readFileSync(join(packageFolder, 'docs/doctor.md'), 'utf8');
    const rows = [...docs.matchAll(/^\| `([a-z][a-z-]*)` \| /gm)].map(([, name]) => name);
    expect(rows).toEqual(sections.flatMap(({ checks }) => checks.map(({ name }) => name)));
  });

  it('has a unique name', () => {
    const names = sections.flatMap(({ checks }) => checks.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('the text of doctor', () => {
  const examined: Examined[] = [
    { section: 'Empty', check: 'x', findings: [] },
    {
      section: 'Files',
      check: 'y',
      findings: [
        { level: 'ok', what: 'three profiles in the AWS files of this home', why: null, next: null },
        {
          level: 'problem',
          what: 'other users can read the credentials file of this home',
          why: 'access keys lie in such files, as a rule',
          next: 'chmod 600 /home/jane/.aws/credentials-of-another-name',
        },
        { level: 'note', what: '\x1b[2Jforged\r', why: '\u202e', next: '\x07' },
      ],
    },
  ];

  it('fits 40 columns, except what is to be copied', () => {
    expect(doctorText(examined, { ...plainLook, room: 40 }, '/home/jane')).toBe(`Files
  ✓ three profiles in the AWS files of
    this home
  ✗ other users can read the credentials
    file of this home
    why:  access keys lie in such files,
          as a rule
    next: chmod 600 /home/jane/.aws/credentials-of-another-name
  ! ?[2Jforged?
    why:  ?
    next: ?

1 problem, 1 note
`);
  });

  it('has the home as ~, except in what is to be copied', () => {
    const place = '/home/jane/.aws/config:2';
    const finding = {
      level: 'note',
      what: `${place}: odd`,
      why: `see ${place}`,
      next: `vi ${place}`,
    } as const;
    const text = doctorText([{ section: 'Files', check: 'x', findings: [finding] }], plainLook, '/home/jane');
    expect(text).toContain('! ~/.aws/config:2: odd\n');
    expect(text).toContain('why:  see ~/.aws/config:2\n');
    expect(text).toContain('next: vi /home/jane/.aws/config:2\n');
  });

  it('is one line for each finding in a pipe', () => {
    expect(doctorText(examined, plainLook, '/home/jane').split('\n')).toHaveLength(11);
  });
});

/** Every path with its content. */
function filesOf(home: TemporaryHome): string[] {
  const { readdirSync, statSync } = process.getBuiltinModule('node:fs');
  const names = readdirSync(home.path, { recursive: true, encoding: 'utf8' });
  return names.map((name) => `${name} ${statSync(join(home.path, name)).mtimeMs}`).sort();
}
