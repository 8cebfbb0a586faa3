import { appendFileSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const config =
  '[profile dev]\nrole_arn = arn:aws:iam::444455556666:role/Dev\nsource_profile = me\nregion = eu-west-1\n';
const credentials = '[me]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n';

/** A home in which these lines were appended to the config file. */
function homeWith(appended: string) {
  const home = temporaryHome();
  const path = home.write('.aws/config', config);
  appendFileSync(path, appended);
  home.write('.aws/credentials', credentials);
  const environment = { ...home.environment, AWSH_BACKEND: 'file', AWSH_FILE_PASSPHRASE: 'correct horse' };
  return { path, run: (...args: string[]) => runHere(args, environment) };
}

describe('an odd section', () => {
  it.each([
    ['indented keys', '[profile other]\n    region = eu-west-1\n'],
    ['a line without =', '[profile other]\noops\n'],
    ['an open header', '[profile above]\n[profile other\nregion = x\n'],
    ['a colon', '[profile other]\nregion: x\n'],
    ['text after the ]', '[profile other] mine\nregion = x\n'],
    ['a section twice', '[profile dev]\noutput = json\n'],
  ])('does not stop a verb for another profile, and is named with its line: %s', async (_, appended) => {
    const { run } = homeWith(appended);
    expect((await run('status')).status).toBe(0);
    for (const words of [['explain', 'dev'], ['list'], ['list', '--profiles']]) {
      const { status, err } = await run(...words);
      expect([words, status]).toEqual([words, 0]);
      expect(err.match(/^awsh: ~\/\.aws\/config:[56]: /gm)).toHaveLength(1);
    }
  });

  it('is left unchanged by commands that edit the file', async () => {
    const { path, run } = homeWith('[profile other]\noops\n  = x\n');
    const before = readFileSync(path, 'utf8');
    const environment = {
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    };
    const home = path.slice(0, -'/.aws/config'.length);
    const { status } = await runHere(['add', 'new', '--env'], {
      ...environment,
      HOME: home,
      AWSH_BACKEND: 'file',
      AWSH_FILE_PASSPHRASE: 'correct horse',
      AWSH_AGENT: 'off',
    });
    expect(status).toBe(0);
    expect(readFileSync(path, 'utf8')).toBe(`${before}\n[profile new]\n`);
    expect((await run('explain', 'other')).err).toContain(`cannot be used: ${path}:6 is malformed`);
  });

  it.each([
    ['a no-break space', '[profile\u00a0new]', '[profile?new]'],
    ['a character without width in its name', '[profile n\u200bew]', '[profile n?ew]'],
    ['one in front of it', '\u200b[profile new]', '[?profile new]'],
    ['a second bracket', '[[profile new]', '[[profile new]'],
  ])('is named with its line by each command for the profile: %s', async (_, header, shown) => {
    const user = '[profile user]\nrole_arn = arn:aws:iam::444455556666:role/Dev\nsource_profile = new\n';
    const { path, run } = homeWith(`${user}[profile above]\nregion = x\n${header}\nregion = x\n`);
    const ad = ['--role-arn', '444455556666:Dev', '--source-profile', 'new'];
    for (const words of [
      ['explain', 'new'],
      ['explain', 'user'],
      ['explain', ...ad],
      ['clear', 'new'],
    ]) {
      const { status, err } = await run(...words);
      expect([2, 3]).toContain(status);
      expect(err).toContain(`why:  ${path}:10: ${shown} is ignored: `);
      expect(err).toContain('the profile is written [profile new]\n  next: vi +10 ');
    }
  });

  it('is also named for a services section', async () => {
    const { path, run } = homeWith(
      'services = s\n[services\u00a0s]\ns3 =\n  endpoint_url = http://127.0.0.1:1\n',
    );
    const { status, err } = await run('explain', 'dev');
    expect(status).toBe(2);
    expect(err).toContain(`why:  ${path}:6: [services?s] is ignored: `);
    expect(err).toContain('it is written [services s]\n  next: vi +6 ');
  });

  it('is not reported to completion, nor by config aws, which refuses the file', async () => {
    const { path, run } = homeWith('[profile other]\n  region = x\n');
    expect(await run('_names')).toMatchObject({ status: 0, err: '' });
    const strict = await run('config', 'aws');
    expect(strict).toMatchObject({ status: 2, out: '' });
    expect(strict.err).toContain(`${path}:6 is malformed`);
    expect(strict.err).toContain('awsh config aws --lenient');
    const lenient = JSON.parse((await run('config', 'aws', '--lenient', '--json')).out);
    expect(lenient.profiles.other).toEqual({ region: 'x' });
    expect(lenient.warnings).toEqual([expect.stringContaining(`${path}:6: `)]);
    expect(await run('config', 'list', '--lenient')).toMatchObject({ status: 2 });
  });
});

describe('awsh explain', () => {
  it('names every fault of the profile and its sources, not only the first', async () => {
    const own =
      'role_session_name = ${USER}\nduration_seconds = 1\nmfa_serial = x y z 1234\nexternal_id = !\n';
    const { path, run } = homeWith(`${own}[profile me]\nregion = nowhere\n`);
    const { status, err } = await run('explain', 'dev');
    expect(status).toBe(2);
    for (const line of [5, 6, 7, 8, 10]) {
      expect(err.match(new RegExp(`^awsh: ${path}:${line}[: ]`, 'gm'))).toHaveLength(1);
      expect(err).toContain(`next: vi +${line} ${path}`);
    }
    expect((await run('explain', 'gone')).err.match(/^awsh: /gm)).toHaveLength(1);
  });

  it('prints the line of each property', async () => {
    const { path, run } = homeWith('[profile me]\n[default]\nmfa_serial = GAHT12345678\n');
    const { out } = await run('explain', 'dev');
    expect(out).toContain('the settings of profile dev, and where each is set\n');
    expect(out).toMatch(/role_arn +~\/\.aws\/config:2\n/);
    expect(out).toMatch(/mfa_serial +~\/\.aws\/config:7, by \[default\]/);
    const { keys } = JSON.parse((await run('explain', 'dev', '--json')).out);
    expect(keys).toContainEqual({ profile: 'me', key: 'mfa_serial', from: `${path}:7`, by: '[default]' });
    expect(JSON.stringify(keys)).not.toContain('secret"');
  });
});
