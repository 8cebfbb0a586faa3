import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isSectionName, reservedName } from '../../src/profiles/index.ts';
import { blockedName } from '../../src/shell/index.ts';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

/*
 * A profile with the name that AWS_PROFILE has in a blocked shell would give programs its
 * credentials there.
 */

const keys = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG' };
const dev = '[profile dev]\nregion = eu-west-1\n';
const role = 'role_arn = arn:aws:iam::111122223333:role/x\nsource_profile = dev\n';

function homeWith(config = dev, credentials = '') {
  const home = temporaryHome();
  home.write('.aws/config', config);
  if (credentials !== '') home.write('.aws/credentials', credentials);
  const vault = { AWSH_BACKEND: 'file', AWSH_FILE_PASSPHRASE: 'correct horse' };
  return { ...home, environment: { ...home.environment, ...vault } };
}

describe('the name of a blocked shell', () => {
  it('is the one that the hooks set, and no section may be given it', () => {
    expect(reservedName).toBe(blockedName);
    expect(isSectionName(reservedName)).toBe(false);
  });

  it.each([
    ['add', reservedName, '--env'],
    ['add', reservedName, '--env', '--no-add-config'],
    ['init', reservedName],
    ['export', reservedName],
    ['explain', reservedName],
    [
      'sso',
      'add',
      reservedName,
      '--start-url',
      'https://corp.awsapps.com/start',
      '--sso-region',
      'eu-west-1',
    ],
  ])('is refused with three lines by awsh %s', async (...args) => {
    const home = homeWith(`${dev}[profile ${reservedName}]\n${role}`);
    for (const { environment, path } of args[0] === 'add' ? [homeWith(), home] : [home]) {
      const { status, err } = await runHere(args, { ...environment, ...keys });
      expect(err).toMatch(/awsh-blocked.*\n[\s\S]*why: [\s\S]*next: /);
      expect(status).toBe(2);
      expect(existsSync(join(path, '.awsprofile'))).toBe(false);
      expect(readFileSync(join(path, '.aws/config'), 'utf8').split(reservedName).length).toBeLessThan(3);
    }
  });

  it('is not imported, and the reason and the line are given', async () => {
    const secret = 'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n';
    const section = (name: string, id: string) => `[${name}]\naws_access_key_id = ${id}\n${secret}`;
    const blocked = section(reservedName, 'AKIAIOSFODNN7EXAMPL2');
    const home = homeWith('', `${blocked}${section('ok', 'AKIAIOSFODNN7EXAMPLE')}`);
    const { status, err } = await runHere(['import', '--all', '--yes'], home.environment);
    expect(err).toMatch(/awsh-blocked was skipped: no profile may be called awsh-blocked/);
    expect(err).toMatch(/next: \S+ .*credentials/);
    expect(status).toBe(12);
    expect(readFileSync(join(home.path, '.aws/credentials'), 'utf8')).toBe(`${blocked}[ok]\n`);
  });

  it.each([
    [`${dev}[profile ${reservedName}]\n${role}`, '', /config:3/],
    [dev, `[${reservedName}]\naws_access_key_id = AKIAX\naws_secret_access_key = s\n`, /credentials:1/],
  ])('stops every load if a file has it: %j %j', async (config, credentials, place) => {
    const { environment, path } = homeWith(config, credentials);
    const sent = Object.entries(environment).filter(([name]) => /^(HOME|XDG_\w+)$/.test(name));
    const fixed = sent.map(([name, value]) => `env ${name} ${value}\n`).join('');
    const request = `- load 1\ncwd ${path}\npin dev\n${fixed}end`;
    const { out } = await runHere(['_load'], { ...environment, AWSH_REQUEST: request });
    expect(out).toMatch(/^- (error|blocked) /);
    expect(out).toMatch(/^set AWS_REGION awsh-blocked$/m);
    expect(out).toMatch(/^reason .*no profile may be called awsh-blocked/m);
    expect(out).toMatch(place);
    const listed = await runHere(['list'], environment);
    expect(listed.err).toMatch(/no profile may be called awsh-blocked/);
  });
});
