import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolder, runHere, runInstalled } from '../support/run-awsh.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';

const keyId = 'AKIAIOSFODNN7EXAMPLE';
const secret = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const asStdin = `${keyId}\n${secret}\n`;

interface KeyHome extends TemporaryHome {
  environment: Record<string, string>;
}

/** A home whose vault is the file backend, unlocked by a variable. */
function keyHome(config = ''): KeyHome {
  const home = temporaryHome();
  if (config !== '') home.write('.aws/config', config);
  return {
    ...home,
    environment: { ...home.environment, AWSH_BACKEND: 'file', AWSH_FILE_PASSPHRASE: 'correct horse' },
  };
}

async function openAdd(home: KeyHome, ...args: string[]): Promise<Terminal> {
  return await openTerminal(join(packageFolder, 'bin/awsh'), ['add', ...args], {
    environment: home.environment,
  });
}

async function answer(terminal: Terminal, question: string | RegExp, text: string): Promise<void> {
  await terminal.waitFor(question);
  await terminal.settle();
  terminal.type(`${text}\r`);
}

const list = async (home: KeyHome, ...args: string[]) =>
  (await runHere(['list', ...args], home.environment)).out;

describe('awsh add', () => {
  it('asks only for the key, shows no secret, and adds the profile', async () => {
    const home = keyHome();
    const terminal = await openAdd(home, 'work');
    await answer(terminal, 'access key id for work: ', keyId);
    await answer(terminal, 'secret access key: ', secret);
    await answer(terminal, /check it with AWS.*\[Y\/n\] /, 'n');
    expect((await terminal.exited).status).toBe(0);
    expect(terminal.received).not.toContain(secret);
    expect(readFileSync(join(home.path, '.aws/config'), 'utf8')).toBe('[profile work]\n');
    expect(await list(home, '--credentials')).toBe('work\n');
  });

  it('reads the key from stdin, and writes the secret nowhere unencrypted', async () => {
    const home = keyHome();
    const { status, out, err } = await runInstalled(['add', 'work', '--stdin'], home.environment, asStdin);
    expect({ status, out }).toEqual({ status: 0, out: 'Stored the access key ****MPLE for work (file).\n' });
    expect(err).not.toContain(secret);
    for (const name of readdirSync(home.path, { recursive: true, encoding: 'utf8' })) {
      const path = join(home.path, name);
      if (statSync(path).isFile()) expect(readFileSync(path, 'latin1'), name).not.toContain(secret);
    }
  });

  it.each([
    ['forgets it', 'cat >/dev/null', 'it could not be read back'],
    ['keeps another', 'echo {} >"$HOME/kept"', 'a different value was read back'],
  ])('does not print Stored if the backend does not return the key: one that %s', async (_, insert, why) => {
    const home = keyHome();
    const show =
      'cat "$HOME/kept" 2>/dev/null || { echo "Error: x is not in the password store." >&2; exit 1; }';
    const pass = `#!/bin/sh\ncase $1 in insert) ${insert} ;; show) ${show} ;; esac\n`;
    const environment = {
      ...home.environment,
      AWSH_BACKEND: 'pass',
      AWSH_PASS_CMD: home.write('bin/pass', pass, 0o755),
    };
    const { status, out, err } = await runInstalled(['add', 'work', '--stdin'], environment, asStdin);
    expect({ status, err }).toEqual({
      status: 5,
      err: expect.stringContaining(`pass did not keep what was stored\n  why:  ${why}`),
    });
    expect(out).toBe('');
    expect((await runHere(['list', '--credentials'], environment)).out).toBe('');
  });

  it('reads the key from the environment', async () => {
    const home = keyHome();
    const environment = { ...home.environment, AWS_ACCESS_KEY_ID: keyId, AWS_SECRET_ACCESS_KEY: secret };
    expect(await runHere(['add', 'work', '--env'], environment)).toMatchObject({ status: 0 });
    expect(await list(home)).toMatch(/^work .*\*\*\*\*MPLE/m);
  });

  it('leaves the config file alone with --no-add-config', async () => {
    const home = keyHome();
    await runInstalled(['add', 'work', '--stdin', '--no-add-config'], home.environment, asStdin);
    expect(statSync(join(home.path, '.aws/config'), { throwIfNoEntry: false })).toBeUndefined();
    expect(await list(home, '--profiles')).toBe('work\n');
  });

  it.each([
    ['one line', keyId, 2, 'two lines'],
    ['three lines', `${asStdin}more\n`, 2, 'two lines'],
    ['nothing', '', 2, 'two lines'],
    ['a key id of another kind', `no-key-id\n${secret}\n`, 2, 'not an access key id'],
    ['a temporary key', `ASIAIOSFODNN7EXAMPLE\n${secret}\n`, 2, 'temporary'],
    ['a quoted key id', `"${keyId}"\n${secret}\n`, 2, 'the quotes would be part'],
    ['a quoted secret', `${keyId}\n'${secret}'\n`, 2, 'the quotes would be part'],
    ['a secret with a space', `${keyId}\nwJalr XUtn\n`, 2, 'not a secret access key'],
    ['a secret of 39 characters', `${keyId}\n${secret.slice(1)}\n`, 2, 'not a secret access key'],
    ['a secret with another character', `${keyId}\n${secret.slice(1)}-\n`, 2, 'not a secret access key'],
    ["a user's id", `AIDAIOSFODNN7EXAMPLE\n${secret}\n`, 2, 'not an access key id'],
    ["LocalStack's key", 'test\ntest\n', 2, 'not an access key id'],
  ])('refuses %s, quotes nothing of it, and stores nothing', async (_, input, status, message) => {
    const home = keyHome();
    const result = await runInstalled(['add', 'work', '--stdin'], home.environment, input);
    expect(result).toMatchObject({ status, out: '' });
    expect(result.err).toContain(message);
    expect(result.err).not.toContain('wJalr');
    expect(await list(home, '--profiles')).toBe('');
  });

  it.each([
    ['with an endpoint on this machine', 'endpoint_url = http://localhost:4566\n', [], 0],
    ['with --force', '', ['--force'], 0],
    ['with an endpoint elsewhere', 'endpoint_url = https://example.com\n', [], 2],
  ])('LocalStack’s key %s: %s %j ends with %d', async (_, config, options, status) => {
    const home = keyHome(`[profile work]\nregion = eu-west-1\n${config}`);
    const args = ['add', 'work', '--stdin', ...options];
    expect(await runInstalled(args, home.environment, 'test\ntest\n')).toMatchObject({ status });
    expect(await list(home, '--credentials')).toBe(status === 0 ? 'work\n' : '');
    if (status !== 0) return;
    const exported = await runHere(['export', 'work', '--no-session'], home.environment);
    expect(exported.out).toContain('AWS_ACCESS_KEY_ID=test');
  });

  it('suggests --force for the key of an emulator', async () => {
    const { environment } = temporaryHome();
    const key = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWSH_BACKEND: 'file' };
    const { status, err } = await runHere(['add', 'ls', '--env'], { ...environment, ...key });
    expect(status).toBe(2);
    expect(err).toMatch(/endpoint on this machine needs --force\n {2}next: awsh add --env --force ls\n/);
  });

  it('changes nothing when the key is stored already', async () => {
    const home = keyHome();
    const environment = { ...home.environment, AWS_ACCESS_KEY_ID: keyId, AWS_SECRET_ACCESS_KEY: secret };
    await runInstalled(['add', 'work', '--env'], environment);
    const index = () => readFileSync(join(home.path, '.local/share/awsh/index.json'), 'utf8');
    const before = index();
    for (const [args, input] of [
      [['--env'], ''],
      [['--stdin'], asStdin],
    ] as const) {
      const { status, out } = await runInstalled(['add', 'work', ...args], environment, input);
      expect({ status, out }).toMatchObject({ status: 0, out: expect.stringContaining('is already stored') });
    }
    expect(index()).toBe(before);
    const other = { ...environment, AWS_SECRET_ACCESS_KEY: `${secret.slice(1)}x` };
    expect(await runInstalled(['add', 'work', '--env'], other)).toMatchObject({ status: 6 });
  });

  it('requires a new passphrase of at least eight characters', async () => {
    const home = keyHome();
    const environment = { ...home.environment, AWSH_FILE_PASSPHRASE: 'seven77' };
    const { status, err } = await runInstalled(['add', 'work', '--stdin'], environment, asStdin);
    expect({ status, err }).toMatchObject({
      status: 5,
      err: expect.stringContaining('at least 8 characters'),
    });
    expect(await list(home, '--profiles')).toBe('');
  });

  it('refuses a profile that gets its credentials from another', async () => {
    const home = keyHome('[profile base]\n[profile dev]\nsource_profile = base\n');
    const { status, err } = await runInstalled(['add', 'dev', '--stdin'], home.environment, asStdin);
    expect(status).toBe(2);
    expect(err).toContain('takes its credentials from the profile base');
    expect(err).toContain('.aws/config:3');
  });

  it.each([
    ['sso_account_id = 111122223333\nsso_role_name = R', 'IAM Identity Center', 'sso_account_id'],
    ['credential_process = /x', 'a program', 'credential_process'],
    ['web_identity_token_file = /x', 'a web identity token', 'web_identity_token_file'],
    ['login_session = x', 'aws login', 'login_session'],
    ['credential_source = Environment', 'its credential_source', 'credential_source'],
    ['include_profile = base\n[profile base]\ncredential_process = /x', 'a program', 'credential_process'],
  ])('refuses a profile with %s, whose credentials a key would change', async (lines, giver, key) => {
    const home = keyHome(`[profile dev]\n${lines}\n`);
    const { status, err } = await runHere(['add', 'dev', '--env'], {
      ...home.environment,
      AWS_ACCESS_KEY_ID: keyId,
      AWS_SECRET_ACCESS_KEY: secret,
    });
    expect(status).toBe(2);
    expect(err).toContain(`dev takes its credentials from ${giver}`);
    expect(err).toMatch(new RegExp(`${key} is set at .*\\.aws/config:\\d: .* --force\n.*next: vi \\+\\d `));
    expect(await list(home, '--credentials')).toBe('');
  });

  it('stores the key of such a profile with --force, and names the line that is ignored', async () => {
    const home = keyHome('[profile dev]\nregion = eu-west-1\ncredential_process = /x\n');
    const added = await runInstalled(['add', 'dev', '--stdin', '--force'], home.environment, asStdin);
    expect(added.status).toBe(0);
    expect(added.err).toContain('dev took its credentials from a program until now');
    expect(added.err).toMatch(/config:3: credential_process is ignored while a key is stored/);
    expect(added.err).toContain('next: awsh remove dev');
    const { out } = await runHere(['explain', 'dev'], home.environment);
    expect(out).toMatch(/config:3: credential_process is ignored: the access key that is stored/);
  });

  it.each([
    [
      'sso_account_id',
      'sso_account_id = 111122223333\nsso_role_name = Admin\nsso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1',
    ],
    ['credential_process', 'credential_process = /x'],
  ])('names a %s beside plain-text keys, and advises no import that would be refused', async (key, lines) => {
    const home = keyHome(`[profile dev]\nregion = eu-west-1\n${lines}\n`);
    home.write(
      '.aws/credentials',
      `[dev]\naws_access_key_id = ${keyId}\naws_secret_access_key = ${secret}\n`,
    );
    const { status, err } = await runHere(['export', '-n', 'dev'], home.environment);
    expect(status).toBe(0);
    expect(err).toMatch(new RegExp(`config:3: ${key} is ignored: the access key in plain text is used`));
    expect(err).not.toContain('awsh import');
    const { out } = await runHere(['explain', 'dev'], home.environment);
    expect(out).toMatch(new RegExp(`config:3: ${key} is ignored`));
  });

  it('asks before it replaces a key; without a terminal it needs --force', async () => {
    const home = keyHome('[profile work]\n');
    await runInstalled(['add', 'work', '--stdin'], home.environment, asStdin);
    const other = `AKIAIOSFODNN7EXAMPLX\n${secret}\n`;
    const refused = await runInstalled(['add', 'work', '--stdin'], home.environment, other);
    expect(refused).toMatchObject({ status: 6, err: expect.stringContaining('--force') });
    const terminal = await openAdd(home, 'work');
    await answer(terminal, 'replace the access key ****MPLE', 'n');
    expect((await terminal.exited).status).toBe(130);
    expect(await list(home)).toContain('****MPLE');
    await runInstalled(['add', 'work', '--stdin', '--force'], home.environment, other);
    expect(await list(home)).toContain('****MPLX');
  });

  it('changes nothing with a wrong passphrase, and exits 5', async () => {
    const home = keyHome();
    await runInstalled(['add', 'work', '--stdin'], home.environment, asStdin);
    const wrong = { ...home.environment, AWSH_FILE_PASSPHRASE: 'wrong' };
    expect(await runInstalled(['add', 'other', '--stdin'], wrong, asStdin)).toMatchObject({
      status: 5,
      out: '',
    });
    expect(await list(home, '--profiles')).toBe('work\n');
  });
});

describe('awsh list', () => {
  const config = `[profile base]
region = eu-west-1
[profile dev]
source_profile = base
role_arn = arn:aws:iam::111111111111:role/team/Developer
[profile corp]
sso_session = corp
sso_account_id = 222222222222
sso_role_name = Admin
[profile broken]
role_arn = nonsense
`;

  it('shows the identity of every profile, without opening the vault', async () => {
    const home = keyHome(config);
    await runInstalled(['add', 'base', '--stdin'], home.environment, asStdin);
    const { AWSH_FILE_PASSPHRASE: _, ...environment } = home.environment;
    const { status, out } = await runHere(['ls'], environment);
    expect(status).toBe(0);
    expect(out).toMatch(/^base +- +- +- +\*\*\*\*MPLE, \d+s +- +-$/m);
    expect(out).toMatch(/^dev +111111111111 +Developer +base +- +- +-$/m);
    expect(out).toMatch(/^corp +222222222222 +Admin +SSO +- +- +needs sign-in$/m);
    expect(out).toMatch(/^broken +- /m);
    const json = JSON.parse((await runHere(['list', '--json'], environment)).out);
    expect(json[1]).toEqual({
      profile: 'dev',
      account: '111111111111',
      role: 'Developer',
      source: 'base',
      key: null,
      sessions: [],
    });
  });

  it('prints only names, one a line, as aws-vault does', async () => {
    const home = keyHome(config);
    await runInstalled(['add', 'base', '--stdin'], home.environment, asStdin);
    expect(await list(home, '--profiles')).toBe('base\ndev\ncorp\nbroken\n');
    expect(await list(home, '--credentials')).toBe('base\n');
    expect(await list(home, '--sessions')).toBe('');
  });

  it('ends quietly when its reader closes the pipe', async () => {
    const home = keyHome(Array.from({ length: 5000 }, (_, at) => `[profile p${at}]\n`).join(''));
    const command = `'${join(packageFolder, 'bin/awsh')}' list --profiles | head -1; echo "\${PIPESTATUS[0]}"`;
    const terminal = await openTerminal('bash', ['-c', command], { environment: home.environment });
    await terminal.exited;
    expect(terminal.shownSoFar()).toBe('p0\n0\n');
  });
});

describe('awsh remove', () => {
  it('asks first, and names the profiles that use the key', async () => {
    const home = keyHome(
      '[profile base]\n[profile dev]\nsource_profile = base\nrole_arn = arn:aws:iam::111111111111:role/D\n',
    );
    await runInstalled(['add', 'base', '--stdin'], home.environment, asStdin);
    const open = () =>
      openTerminal(join(packageFolder, 'bin/awsh'), ['remove', 'base'], { environment: home.environment });
    const no = await open();
    await answer(
      no,
      /these profiles use it: dev[\s\S]*remove the access key \*\*\*\*MPLE of base\? \[y\/N\] /,
      '',
    );
    expect((await no.exited).status).toBe(130);
    expect(await list(home, '--credentials')).toBe('base\n');
    const yes = await open();
    await answer(yes, '[y/N] ', 'y');
    expect((await yes.exited).status).toBe(0);
    expect(await list(home, '--credentials')).toBe('');
  });

  it('leaves a key that was stored while it asked about one that cannot be read', async () => {
    const home = keyHome('[profile base]\n');
    await runInstalled(['add', 'base', '--stdin'], home.environment, asStdin);
    const item = join(home.path, '.local/share/awsh/vault/access-key.base.jwe');
    const good = readFileSync(item);
    writeFileSync(item, 'spoilt');
    rmSync(join(home.path, '.local/share/awsh/index.json'));
    const command = [...['--norc', '-c', `${join(packageFolder, 'bin/awsh')} remove base; echo "status $?"`]];
    const terminal = await openTerminal('bash', command, { environment: home.environment });
    await terminal.waitFor(/of base\? \[y\/N\] /);
    writeFileSync(item, good);
    terminal.type('y\r');
    await terminal.exited;
    expect(terminal.shownSoFar()).toContain('status 1');
    expect(terminal.shownSoFar()).toMatch(/has changed\s+why: +it is \*\*\*\*MPLE/);
    expect(await list(home, '--credentials')).toBe('base\n');
  });

  it('does not ask with --force, needs it without a terminal, and exits with 4 for a missing key', async () => {
    const home = keyHome('[profile base]\n');
    await runInstalled(['add', 'base', '--stdin'], home.environment, asStdin);
    expect(await runInstalled(['rm', 'base'], home.environment)).toMatchObject({ status: 6 });
    expect(await runInstalled(['rm', '-s', 'base'], home.environment)).toEqual({
      status: 0,
      out: 'Removed no session of base.\n',
      err: '',
    });
    expect(await runInstalled(['rm', '-s', 'bse'], home.environment)).toMatchObject({ status: 4 });
    expect(await runInstalled(['rm', '-f', 'base'], home.environment)).toMatchObject({ status: 0 });
    expect(await runInstalled(['rm', '-f', 'base'], home.environment)).toMatchObject({ status: 4 });
  });
});

it('updates the names for completion', async () => {
  const home = keyHome(
    '[profile "two words"]\nrole_arn = arn:aws:iam::111111111111:role/D\nsource_profile = work\n',
  );
  const names = () => readFileSync(join(home.path, '.cache/awsh/profiles'), 'utf8').split('\n').slice(1);
  await runInstalled(['add', 'work', '--stdin'], home.environment, asStdin);
  const [plain, known] = [
    ['two words', 'work'],
    ['two words\t111111111111/D', 'work\t'],
  ];
  expect(names()).toEqual(['work', 'work\t', ...plain, ...known, '']);
  await runInstalled(['rm', '-f', 'work'], home.environment);
  expect(names()).toEqual([...plain, ...known, '']);
  expect(statSync(join(home.path, '.cache/awsh/profiles')).mode & 0o777).toBe(0o600);
});

describe('a lost index', () => {
  it.each([
    ['is gone', (index: string) => rmSync(index)],
    ['cannot be read', (index: string) => writeFileSync(index, '{', { mode: 0o600 })],
    [
      'was made anew without the keys',
      (index: string) => writeFileSync(index, '{"version":1}', { mode: 0o600 }),
    ],
  ])('%s: doctor reports it, and its next command finds the keys again', async (_, lose) => {
    const home = keyHome();
    await runInstalled(['add', 'work', '--stdin'], home.environment, asStdin);
    lose(join(home.path, '.local/share/awsh/index.json'));
    expect(await list(home, '--credentials')).toBe('');
    const told = await runHere(['doctor', '--offline', '--json'], home.environment);
    const finding = JSON.parse(told.out).findings.find(({ check }: { check: string }) => check === 'index');
    expect(finding.next).toBe('awsh unlock');
    expect((await runHere(['unlock'], home.environment)).err).toBe(
      'awsh: it was not locked\nawsh: found again what was stored for 1 profile\n',
    );
    expect(await list(home, '--credentials')).toBe('work\n');
    expect((await runHere(['unlock'], home.environment)).err).toBe('awsh: it was not locked\n');
  });
});
