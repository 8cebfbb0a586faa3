import type { Scene } from '../../src/diagnosis/index.ts';
import { tells } from '../support/finding-rows.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';

const config =
  (text: string, more: Partial<Scene> = {}) =>
  (home: TemporaryHome) => {
    home.write('.aws/config', text);
    return more;
  };
const role = 'role_arn = arn:aws:iam::111122223333:role/X\nsource_profile = base\n';
const sso =
  'sso_start_url = https://x.awsapps.com/start\nsso_region = eu-west-1\nsso_account_id = 111122223333\nsso_role_name = R\n';
const arn = 'role_arn = arn:aws:iam::111122223333:role/X\n';
const pair = `aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = ${'s'.repeat(40)}\n`;
const stored = (profile: string) => ({ profile, accessKeyId: 'AKIAIOSFODNN7EXAMPLE', added: new Date(0) });

tells('inherited-identity', [
  [
    'a role of [default] over a profile’s own keys',
    config(
      `[default]\n${role}[profile other]\naws_access_key_id = A\naws_secret_access_key = s\n[profile base]\n`,
    ),
    /^note 2 profiles no longer take their identity from \[default\] \(~\/\.aws\/config:2\): other, base .*include_profile = default into the profile .*vi \+4 /,
  ],
  [
    'over a stored key',
    config(`[default]\n${role}include_profile =\n`, { keys: [stored('other')] }),
    /^note 1 profile no longer takes its identity .*: other/,
  ],
  [
    'a sign-in of [default] for a profile with a region',
    config(`[default]\n${sso}[profile a]\nregion = x\n`),
    /: a /,
  ],
  [
    'a program of [default] below a sign-in',
    config(`[default]\ncredential_process = /x\n[profile a]\n${sso}`),
    null,
  ],
  ['a role for both', config(`[default]\n${role}[profile a]\n${role}`), null],
  ['by include_profile', config(`[default]\n${role}[profile a]\ninclude_profile = default\n`), null],
  ['settings alone', config('[default]\nregion = x\nmfa_serial = y\n[profile a]\n'), null],
  [
    'the external_id of [default] for a role',
    config(
      `[default]\nexternal_id = x\n[profile a]\n${role}[profile b]\n${role}external_id = y\n[profile base]\n`,
    ),
    /^note 1 profile no longer takes external_id from \[default\] \(~\/\.aws\/config:2\): a .*into the profile \/ vi \+3 /,
  ],
  [
    'the portal of [default] for an account of IAM Identity Center',
    config(
      '[default]\nsso_start_url = https://x.awsapps.com/start\nsso_region = x\n[profile a]\nsso_account_id = 1\nsso_role_name = R\n',
    ),
    /^note 1 profile no longer takes sso_start_url, sso_region from \[default\] \(~\/\.aws\/config:2\): a /,
  ],
  [
    'a portal by an sso-session',
    config(
      `[default]\n${sso}[profile a]\nsso_session = s\nsso_account_id = 1\nsso_role_name = R\n[sso-session s]\n`,
    ),
    null,
  ],
  ['an external_id for no role', config('[default]\nexternal_id = x\n[profile a]\nregion = y\n'), null],
  ['a circle of includes', config(`[default]\n${role}[profile a]\ninclude_profile = a\n`), null],
]);

tells('ignored-source', [
  [
    'a source beside credentials of its own',
    config('[profile a]\ncredential_process = /x\nsource_profile = b\n[profile b]\n'),
    /^note ~\/.aws\/config:3: source_profile is ignored .*vi \+3 /,
  ],
  [
    'a source beside a stored key',
    config('[profile a]\nregion = x\nsource_profile = b\n[profile b]\n', { keys: [stored('a')] }),
    /config:3: source_profile is ignored/,
  ],
  [
    'a sign-in beside a stored key',
    config(`[profile a]\n${sso}`, { keys: [stored('a')] }),
    /^note ~\/.aws\/config:4: sso_account_id is ignored .*the access key that is stored for profile "a" is used.* vi \+4 /,
  ],
  ['a source for a role', config(`[profile a]\ncredential_process = /x\n${role}[profile base]\n`), null],
  ['a source alone', config('[profile a]\nsource_profile = b\n[profile b]\n'), null],
  [
    'keys beside a role and its credential_source',
    config(`[profile a]\n${arn}credential_source = Ec2InstanceMetadata\n${pair}`),
    /^note ~\/.aws\/config:4: aws_access_key_id is ignored .*begins with its credential_source \(~\/.aws\/config:3\).* vi \+4 /,
  ],
  [
    'the role of a source with keys, once for all who use it',
    config(
      `[profile a]\n${role}[profile b]\n${role}[profile base]\n${arn}credential_source = Environment\n${pair}`,
    ),
    /^note ~\/.aws\/config:8: role_arn is ignored .*"base" is a source here(?!.*is ignored)/,
  ],
  [
    'the role of a source with a stored key',
    config(`[profile a]\n${role}[profile base]\n${arn}${pair}`, { keys: [stored('base')] }),
    null,
  ],
]);

tells('invisible-characters', [
  ['a no-break space', config('[profile a]\nregion\u00a0= x\n'), /config:2: a no-break space .* vi \+2 /],
  [
    'a character without width',
    config('[profile\u200b a]\nx = \u200by\n'),
    /config:1: a zero-width character, and on 1 more line/,
  ],
  ['a wide space', config('[profile a]\nx =\u3000y\n'), /config:2: an unusual space character/],
  ['NUL', config('[profile a]\nx = \u0000\n'), /config:2: a control character/],
  [
    'bytes that are not UTF-8',
    (home) => {
      home.write('.aws/credentials', Buffer.from('[a]\nx = \xe9\n', 'latin1'));
      return {};
    },
    /credentials:2: bytes that are not UTF-8/,
  ],
  ['letters beyond ASCII, tabs and CRLF', config('[profile ü]\r\n\tx = é 日本\r\n'), null],
]);

tells('plain-keys', [
  [
    'a line of a shell, pasted',
    config('[profile a]\nexport AWS_SECRET_ACCESS_KEY=canary\n'),
    /^problem ~\/\.aws\/config:2: a secret in plain text, in a line that no program reads .* vi \+2 /,
  ],
  ['above any section', config('export AWS_SECRET_ACCESS_KEY="canary"\n[default]\n'), /config:1: a secret/],
  ['a session’s token', config('[default]\nset AWS_SESSION_TOKEN=canary\n'), /config:2: a secret/],
  ['in a comment', config('[default]\n# aws_secret_access_key = canary\n'), /config:2: a secret/],
  ['an empty one', config('[default]\n# aws_secret_access_key =\n'), null],
]);
