import { expect, it } from 'vitest';
import { needOf } from '../../src/sessions/index.ts';
import { type PlanCase, planOf } from '../support/plans.ts';

const role = 'role_arn = arn:aws:iam::111122223333:role/Dev';
const mfa = 'mfa_serial = arn:aws:iam::111122223333:mfa/jane';
const login = 'login_session = arn:aws:iam::111122223333:user/jane';
const sso =
  'sso_start_url = https://corp.awsapps.com/start\nsso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = Dev';

it.each<[need: string, name: string, plan: PlanCase]>([
  ['MFA', 'a code', { config: `[profile dev]\n${role}\n${mfa}\nsource_profile = me`, stored: ['me'] }],
  [
    'refresh',
    'a program for the code',
    {
      config: `[profile dev]\n${role}\n${mfa}\nmfa_process = code\nsource_profile = me`,
      stored: ['me'],
    },
  ],
  ['sign-in', 'Identity Center', { config: `[profile dev]\n${sso}` }],
  ['sign-in', 'aws login', { config: `[profile dev]\n${login}` }],
  ['refresh', 'a credential_process', { config: '[profile dev]\ncredential_process = /bin/keys' }],
  [
    'refresh',
    'a program for the token',
    { config: `[profile dev]\n${role}\nweb_identity_token_process = /bin/token` },
  ],
  ['passphrase', 'a stored key', { config: `[profile dev]\n${role}\nsource_profile = me`, stored: ['me'] }],
])('a plan needs %s for %s', (need, _, plan) => {
  expect(needOf(planOf(plan))).toBe(need);
});
