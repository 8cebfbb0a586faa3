import { describe, expect, it } from 'vitest';
import { settingFaults } from '../../src/sessions/index.ts';
import { awsFiles, type PlanCase, storedKeys } from '../support/plans.ts';
import { runHere } from '../support/run-awsh.ts';
import { temporaryHome } from '../support/temporary-home.ts';

const arn = 'role_arn = arn:aws:iam::111122223333:role/Dev';
const faultsOf = ({ config, credentials, stored = [] }: PlanCase) =>
  settingFaults({
    files: awsFiles(config, credentials),
    keys: storedKeys(...stored),
    profile: 'dev',
    environment: {},
  }).map(({ what }) => what.replaceAll('/home/me/.aws/', ''));

describe('awsh explain of a profile with more than one fault', () => {
  it.each<[string, PlanCase, RegExp[]]>([
    [
      'two contradictions and a variable in one profile',
      {
        config: `[profile dev]\n${arn}\nsource_profile = base\ncredential_source = Environment\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\nrole_session_name = \${USER}\n[profile base]`,
        stored: ['base'],
      },
      [
        /source_profile \(config:3\) and credential_source \(config:4\)/,
        /config:5: .*without its/,
        /config:6: AWS does not accept this value for role_session_name/,
      ],
    ],
    [
      'a setting of each profile of a chain without an end',
      {
        config: `[profile dev]\n${arn}\nsource_profile = base\nrole_session_name = a b\n[profile base]\n${arn}\nsource_profile = nope\nregion = Frankfurt`,
      },
      [/config:4: AWS does not accept this value for role_session_name/, /config:8 does not name a region/],
    ],
    [
      'a web identity, for which the settings of a signed call do not count',
      {
        config: `[profile dev]\n${arn}\nweb_identity_token_file = /token\nexternal_id = a b\nregion = Frankfurt`,
      },
      [/config:5 does not name a region/],
    ],
    [
      'half a key, and half a key of its source',
      {
        config: `[profile dev]\n${arn}\nsource_profile = base\naws_secret_access_key = x\n[profile base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE`,
      },
      [
        /config:4: .*"dev" without its aws_access_key_id/,
        /config:6: .*"base" without its aws_secret_access_key/,
      ],
    ],
    [
      'each key that is not the sso-session’s, and an account that is none',
      {
        config:
          '[profile dev]\nsso_session = corp\nsso_region = us-east-1\nsso_start_url = https://b.example/start\nsso_account_id = 1\nsso_role_name = R\n[sso-session corp]\nsso_region = eu-west-1\nsso_start_url = https://a.example/start',
      },
      [/config:3: sso_region/, /config:4: sso_start_url/, /config:5: sso_account_id is not twelve digits/],
    ],
    [
      'an sso-session that does not exist, and a wrong region',
      {
        config:
          '[profile dev]\nsso_session = nope\nsso_account_id = 111122223333\nsso_role_name = R\nregion = Frankfurt',
      },
      [/config:2: there is no \[sso-session nope\]/, /config:5 does not name a region/],
    ],
    [
      'parts of a key in two files, and another half',
      {
        config:
          '[profile dev]\naws_secret_access_key = x\naws_session_token = y\nmfa_serial = arn:aws:iam::111122223333:u2f/x',
        credentials: '[dev]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE',
      },
      [
        /aws_secret_access_key in the other \(config:2\)/,
        /aws_session_token in the other \(config:3\)/,
        /config:4: mfa_serial names a security key/,
      ],
    ],
    [
      'empty keys',
      { config: `[profile dev]\n${arn}\nsource_profile =\nweb_identity_token_file =` },
      [/config:3: source_profile .* is empty/, /config:4: web_identity_token_file .* is empty/],
    ],
    [
      'an endpoint, a switch and a bundle',
      {
        config: '[profile dev]\nendpoint_url = ftp://x\nuse_fips_endpoint = maybe\nca_bundle = relative.pem',
        stored: ['dev'],
      },
      [/config:2: not an endpoint/, /config:3: "maybe" is not allowed/, /config:4: not an absolute path/],
    ],
  ])('finds all of them: %s', (_, plan, expected) => {
    const faults = faultsOf(plan);
    expect(faults).toHaveLength(expected.length);
    for (const pattern of expected) expect(faults).toContainEqual(expect.stringMatching(pattern));
  });

  it('follows the chain up to the missing link', () => {
    const config = `[profile dev]\n${arn}\nsource_profile = mid\nexternal_id = x\n[profile mid]\n${arn}\nsource_profile = gone\nrole_session_name = a b`;
    expect(faultsOf({ config })).toEqual([
      expect.stringMatching(/config:4: AWS does not accept this value for external_id/),
      expect.stringMatching(/config:8: AWS does not accept this value for role_session_name/),
    ]);
  });

  it('prints each, and the plan’s own error last', async () => {
    const home = temporaryHome();
    home.write(
      '.aws/config',
      `[profile dev]\n${arn}\nsource_profile = a\ncredential_source = Environment\n[profile a]\naws_access_key_id = A`,
    );
    const { status, err } = await runHere(['explain', 'dev'], { ...home.environment, AWSH_BACKEND: 'file' });
    expect(status).toBe(2);
    expect(err.match(/^ {2}next: vi \+\d/gm)).toEqual(['  next: vi +6', '  next: vi +3']);
  });
});
