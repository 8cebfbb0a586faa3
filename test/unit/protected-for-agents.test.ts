import { describe, expect, it } from 'vitest';
import { isProtectedForAgent } from '../../src/loading/index.ts';
import { parseSettings } from '../../src/settings/index.ts';
import { awsFiles, planOf } from '../support/plans.ts';

const sso = (name: string, account: string, role: string) =>
  `[profile ${name}]\nsso_session = corp\nsso_account_id = ${account}\nsso_role_name = ${role}\n`;
const config = [
  '[sso-session corp]\nsso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\n',
  sso('admin', '111122223333', 'Admin'),
  sso('same', '111122223333', 'Admin'),
  sso('elsewhere', '444455556666', 'Admin'),
  sso('reader', '111122223333', 'Reader'),
  '[profile me]\n',
  '[profile prod]\nrole_arn = arn:aws:iam::777788889999:role/operator\nsource_profile = me\n',
  '[profile copy]\nrole_arn = arn:aws:iam::777788889999:role/operator\nsource_profile = me\n',
  '[profile dev]\nrole_arn = arn:aws:iam::777788889999:role/developer\nsource_profile = me\n',
].join('');
const settings = parseSettings('protected = admin, prod\n', '/h/config', '/h');

describe('for a coding agent', () => {
  it.each([
    ['admin', true],
    ['same', true],
    ['elsewhere', false],
    ['reader', false],
    ['prod', true],
    ['copy', true],
    ['dev', false],
  ])('a profile with the role of a protected one is protected, too: %s: %s', (profile, isProtected) => {
    const plan = planOf({ config, stored: ['me'], profile });
    expect(isProtectedForAgent(plan, awsFiles(config), settings)).toBe(isProtected);
  });
});
