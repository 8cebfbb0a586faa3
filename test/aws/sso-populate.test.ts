import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { manyAccounts } from '../support/organisation-home.ts';
import { populatedHome } from '../support/populated-home.ts';
import { expectResolved } from '../support/profiles-resolved.ts';
import { runInstalled } from '../support/run-awsh.ts';
import { plainText } from '../support/terminal.ts';

const oddNames = [
  'Prod-(EU)',
  'My "Account".RO',
  "it's; #mine",
  '🚀',
  '🚀 x',
  'two\n[default]\nregion = x',
  '__proto__',
  'constructor',
  '100%s',
  'Ünï–cödé',
  '-dash',
  ' space ',
  'default',
  'DEFAULT',
  '[x]',
  'a=b,c',
  '@:+/%',
  'profile x',
];

describe('awsh sso populate', () => {
  it('writes a profile for each role into a block, and nothing the second time', async () => {
    const home = await populatedHome();
    const { status, out, err } = await home.run('corp', '--yes');
    expect([status, err]).toEqual([0, expect.stringContaining('profiles: 5 added')]);
    expect(out).toMatch(/^\+ Production-EU\/Admin +111111111111 {2}Admin {2}eu-west-1/m);
    const endpoint = `endpoint_url = ${home.emulator.url}\n`;
    expect(home.text()).toBe(
      `${home.config}\n# awsh sso corp: begin\n${[
        ['Production-EU/Admin', '111111111111', 'Admin', 'Production-EU/ReadOnly'],
        ['Production-EU/ReadOnly', '111111111111', 'ReadOnly'],
        ['Shared-/-Tools/Deploy', '111111111113', 'Deploy', 'Shared-/-Tools/ViewOnly'],
        ['Shared-/-Tools/ViewOnly', '111111111113', 'ViewOnly'],
        ['sandbox/Admin', '111111111112', 'Admin'],
      ]
        .map(
          ([name, account, role, reader]) =>
            `[profile ${name}]\nsso_session = corp\nsso_account_id = ${account}\nsso_role_name = ${role}\nregion = eu-west-1\n${endpoint}${reader === undefined ? '' : `read_only_profile = ${reader}\n`}`,
        )
        .join('\n')}# awsh sso corp: end\n`,
    );
    const { mtimeMs, ino } = statSync(home.path);
    expect(await home.run('--yes')).toMatchObject({ status: 0, out: '' });
    expect(statSync(home.path)).toMatchObject({ mtimeMs, ino });
    await expectResolved(home.home, home.names(), 2);
  });

  it('names an account’s read-only role as read_only_profile', async () => {
    const home = await populatedHome({ dev: ['Admin', 'ReadOnlyAccess', 'ViewOnly'], prod: ['Admin'] });
    await home.here('--yes', '--only', '*Admin');
    expect(home.block()).not.toContain('read_only_profile');
    home.home.write('.aws/config', home.config);
    await home.here('--yes');
    expect(home.block().match(/^read_only_profile.*$/gm)).toEqual(['read_only_profile = dev/ReadOnlyAccess']);
    await runInstalled(['export', 'dev/Admin', '--read-only', '--format', 'json'], home.environment);
    expect(home.emulator.calls.at(-1)?.params).toMatchObject({ role_name: 'ReadOnlyAccess' });
  });

  it('makes names that every SDK finds, whatever the accounts are called', async () => {
    const home = await populatedHome(Object.fromEntries(oddNames.map((name) => [name, ['Admin']])));
    for (const template of [
      '{account}/{role}',
      '{account}',
      '{session}:{role}@{account_id}',
      '{n}.{account}',
    ]) {
      expect(await home.here('--yes', '--name', template)).toMatchObject({ status: 0 });
      // The block knows its template.
      expect(await home.here('--yes')).toMatchObject({ status: 0, out: '' });
    }
    expect(new Set(home.names()).size).toBe(4 * oddNames.length);
    expect(home.names()).not.toContain('default');
    await expectResolved(home.home, home.names(), 3);
    await home.here('--yes', '--prune', '--name', '{account}');
    expect(home.names().length).toBe(oddNames.length);
  });

  it('shows the changes and asks, and changes nothing after n', async () => {
    const home = await populatedHome();
    const terminal = await home.start('sso', 'populate');
    expect(await terminal.waitFor('Add 5 profiles to ~/.aws/config?')).toContain('+ sandbox/Admin');
    terminal.type('n\r');
    expect(await terminal.exited).toMatchObject({ status: 130 });
    expect(home.text()).toBe(home.config);
    const again = await home.start('sso', 'populate');
    await again.waitFor('~/.aws/config?');
    again.type('y\r');
    expect(await again.exited).toMatchObject({ status: 0 });
    expect(home.names().length).toBe(5);
  });

  it('changes nothing if another program changes the file while it asks', async () => {
    const home = await populatedHome({ sandbox: ['Admin'] });
    const terminal = await home.start('sso', 'populate');
    await terminal.waitFor('~/.aws/config?');
    const text = `${home.config}[profile sandbox/Admin]\nregion = eu-west-1\n`;
    home.home.write('.aws/config', text);
    terminal.type('y\r');
    expect(await terminal.exited).toMatchObject({ status: 1 });
    expect(terminal.received).toContain('was changed by another program meanwhile');
    expect(plainText(terminal.received)).toMatch(/\n {2}next: awsh sso populate\n/);
    expect(home.text()).toBe(text);
  });

  it('several can run at the same time', async () => {
    const home = await populatedHome();
    const runs = await Promise.all(Array.from({ length: 5 }, () => home.run('corp', '--yes')));
    expect(runs.map(({ status, err }) => [status, err.match(/up to date|5 added/)?.length])).toEqual(
      runs.map(() => [0, 1]),
    );
    expect(home.names().length).toBe(5);
    const text = home.text();
    expect([(await home.run('corp', '--yes')).status, home.text()]).toEqual([0, text]);
  });

  it('changes nothing with --diff, nor without a terminal, and prints the next command', async () => {
    const home = await populatedHome();
    expect(await home.run('corp', '--diff')).toMatchObject({ status: 0 });
    const { status, err } = await home.run('--only', '*/Admin', '--region', 'us-east-2');
    expect([status, home.text()]).toEqual([6, home.config]);
    const next = / {2}next: awsh (.+)\n/.exec(err)?.[1] ?? '';
    expect(next).toBe("sso populate --region us-east-2 --only '*/Admin' --yes corp");
    await runInstalled(next.replaceAll("'", '').split(' '), home.environment);
    expect(home.names()).toEqual(['Production-EU/Admin', 'sandbox/Admin']);
    expect(home.block().match(/^region = us-east-2$/gm)?.length).toBe(2);
  });
});

const accounts = Number(process.env.TEST_ACCOUNTS ?? 60);

describe(`awsh sso populate with ${accounts} accounts`, () => {
  it('changes no byte if AWS refuses in the middle, and otherwise writes all', async () => {
    const home = await populatedHome(manyAccounts(accounts));
    const back = home.emulator.misbehave({
      ...{ kind: 'error', code: 'ForbiddenException', message: 'No access', status: 403 },
      ...{ action: 'ListAccountRoles', skip: Math.round(accounts * 0.45) },
    });
    const { status } = await home.here('--yes');
    expect([status, home.text()]).toEqual([8, home.config]);
    back();
    home.organisation.refusesEach = 3;
    await home.here('--yes');
    expect(home.names().length).toBe(Object.values(manyAccounts(accounts)).flat().length);
    const text = home.text();
    expect(await home.here('--yes')).toMatchObject({ err: expect.stringContaining('up to date') });
    expect(home.text()).toBe(text);
    await expectResolved(home.home, home.names(), 1);
  });
});

describe('a config file that awsh sso populate changes', () => {
  it('keeps what the user wrote inside, above and below the block', async () => {
    const home = await populatedHome({ alpha: ['Admin'], omega: ['Admin'] });
    await home.here('--yes');
    const edited = `# first\r\n${home
      .text()
      .replace('[profile omega/Admin]\n', '# mine\n[profile omega/Admin] # note\noutput = json\n')
      .replace('region = eu-west-1\n', 'region = eu-west-1\n  # an indented comment\n')
      .replace(
        '# awsh sso corp: end\n',
        '\n[profile my-own]\nregion = x-y-1\n; last\n# awsh sso corp: end\n# below\n',
      )}`;
    home.home.write('.aws/config', edited);
    expect(await home.here('--yes')).toMatchObject({ out: '' });
    expect(home.text()).toBe(edited);
    home.organisation.addAccount('999999999999', 'beta');
    home.emulator.addRole({ account: '999999999999', name: 'Admin' });
    await home.here('--yes');
    const added = /\[profile beta\/Admin\]\n(.+\n)+\n/.exec(home.text())?.[0] ?? '';
    expect(home.text().replace(added, '')).toBe(edited);
    expect(home.names()).toEqual(['alpha/Admin', 'beta/Admin', 'omega/Admin', 'my-own']);
  });

  it('keeps regions without --region, and with it changes only that property', async () => {
    const home = await populatedHome({ alpha: ['Admin'] });
    await home.here('--yes', '--region', 'us-east-2');
    expect(home.block()).toContain('region = us-east-2');
    expect(await home.here('--yes')).toMatchObject({ out: '' });
    const text = home.text().replace('region = us-east-2', 'region =  us-east-2  # east');
    home.home.write('.aws/config', text);
    expect(await home.here('--yes', '--region', 'eu-west-3')).toMatchObject({ status: 0 });
    expect(home.text()).toBe(text.replace('us-east-2', 'eu-west-3'));
  });

  it.each([
    ['.aws/config', '[profile sandbox/Admin]\nregion = eu-west-1\n'],
    ['.aws/config', '# awsh sso other: begin\n[profile sandbox/Admin]\n# awsh sso other: end\n'],
    [
      '.aws/credentials',
      '[sandbox/Admin]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = x\n',
    ],
  ])('leaves a profile of the same name in %s alone, and names it', async (file, section) => {
    const home = await populatedHome({ sandbox: ['Admin', 'Other'] });
    home.home.write(file, file.endsWith('config') ? `${home.config}${section}` : section);
    const { err } = await home.here('--yes');
    expect(err).toContain('elsewhere: sandbox/Admin\n');
    expect(home.names()).toEqual(['sandbox/Other']);
  });

  it('removes its own profile if the user adds one of that name outside the block', async () => {
    const home = await populatedHome({ sandbox: ['Admin'] });
    await home.here('--yes');
    home.home.write('.aws/config', `${home.text()}[profile sandbox/Admin]\nregion = eu-west-1\n`);
    await home.here('--yes');
    expect(home.names()).toEqual([]);
    expect(home.text()).toContain('end\n[profile sandbox/Admin]\nregion = eu-west-1\n');
  });

  it.each([
    ['no end', '# awsh sso corp: begin\n'],
    ['no beginning', '# awsh sso corp: end\n'],
    ['two beginnings', '# awsh sso corp: begin\n# awsh sso corp: begin\n# awsh sso corp: end\n'],
    ['a wrong order', '# awsh sso corp: end\n# awsh sso corp: begin\n'],
    ['a key below it', '# awsh sso corp: begin\n[profile a]\n# awsh sso corp: end\nregion = eu-west-1\n'],
  ])('with %s in its block is exit 2, before AWS is asked', async (_, block) => {
    const home = await populatedHome();
    home.home.write('.aws/config', `${home.config}${block}`);
    const { status, err } = await home.run('--yes');
    expect([status, err]).toEqual([2, expect.stringMatching(/config:\d+: the block cannot be changed/)]);
    expect([home.text(), home.emulator.calls]).toEqual([`${home.config}${block}`, []]);
  });
});

describe('awsh sso populate --prune', () => {
  it('removes profiles of roles that no longer exist, and names directory files that use them', async () => {
    const home = await populatedHome({ alpha: ['Admin', 'Old'], omega: ['Admin'] });
    await home.here('--yes');
    const kept = '\n[profile by-hand]\nsso_session = other\nsso_account_id = 1\n';
    home.home.write('.aws/config', home.text().replace('\n[profile omega', `${kept}\n[profile omega`));
    const file = home.home.write('projects/.awsprofile', 'alpha/Old\n', 0o644);
    await runInstalled(['allow', file], home.environment);
    const text = home.text();
    const { roles } = home.emulator.cloud;
    roles.splice(
      roles.findIndex(({ name }) => name === 'Old'),
      1,
    );
    const told = await home.here('--yes');
    expect([told.err, home.text()]).toEqual([
      expect.stringContaining(
        'roles that you no longer have: alpha/Old\nawsh: to remove them: awsh sso populate --prune corp\n',
      ),
      text,
    ]);
    const { out, err } = await home.here('--yes', '--prune');
    expect(out).toBe('- alpha/Old\n');
    expect(err).toContain(`~/projects/.awsprofile names the profile alpha/Old, which is removed`);
    expect(home.names()).toEqual(['alpha/Admin', 'by-hand', 'omega/Admin']);
    expect(home.text()).toBe(text.replace(/\[profile alpha\/Old\]\n(.+\n)+\n/, ''));
  });

  it('removes nothing if the user has no account, because another user may have signed in', async () => {
    const home = await populatedHome({ alpha: ['Admin'] });
    await home.here('--yes');
    home.organisation.accounts.splice(0);
    const text = home.text();
    const { status, err } = await home.here('--yes', '--prune');
    expect([status, err, home.text()]).toEqual([0, expect.stringContaining('no account in corp'), text]);
  });

  it('exits with 2 if nothing matches --only', async () => {
    const home = await populatedHome();
    expect(await home.here('--yes', '--only', 'nothing*')).toMatchObject({ status: 2 });
    expect(home.text()).toBe(home.config);
  });

  it('removes nothing that --only leaves out', async () => {
    const home = await populatedHome({ alpha: ['Admin'], omega: ['Admin'] });
    await home.here('--yes');
    home.emulator.cloud.roles.splice(0);
    await home.here('--yes', '--prune', '--only', 'alpha*');
    expect(home.names()).toEqual(['omega/Admin']);
  });
});

describe('accounts with the same name', () => {
  it('each get their account number in the name, which is reported once', async () => {
    const home = await populatedHome({ 'a b': ['Admin'], 'a  b': ['Admin'], c: ['Admin'] });
    const { err } = await home.here('--yes');
    expect(home.names()).toEqual(['a-b/Admin-111111111111', 'a-b/Admin-111111111112', 'c/Admin']);
    expect(err.match(/account number/g)?.length).toBe(1);
    expect((await home.here('--yes')).err).not.toContain('account number');
  });

  it.each([['{account}'], ['{rolle}'], ['fixed'], ['{role} x'], ['{role}\n[default]']])(
    'cannot be told apart by the template %j: exit 2',
    async (template) => {
      const home = await populatedHome();
      expect(await home.here('--yes', '--name', template)).toMatchObject({ status: 2 });
      expect(home.text()).toBe(home.config);
    },
  );
});
