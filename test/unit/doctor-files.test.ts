import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Scene } from '../../src/diagnosis/index.ts';
import { readDirectoryFile, TrustStore } from '../../src/directory/index.ts';
import { readAwsFiles } from '../../src/profiles/index.ts';
import { identityOf, planFor } from '../../src/sessions/index.ts';
import { appPaths } from '../../src/system/index.ts';
import { tells } from '../support/finding-rows.ts';
import { checkNamed, faultsBy, foundBy, sceneIn } from '../support/scenes.ts';
import { type TemporaryHome, temporaryHome } from '../support/temporary-home.ts';

const config =
  (text: string, more: Partial<Scene> = {}) =>
  (home: TemporaryHome) => {
    home.write('.aws/config', text);
    return more;
  };
const credentials =
  (text: string, more: Partial<Scene> = {}) =>
  (home: TemporaryHome) => {
    home.write('.aws/credentials', text);
    return more;
  };
const plain =
  'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = 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\n';
const stored = (profile: string) => ({ profile, accessKeyId: 'AKIAIOSFODNN7EXAMPLE', added: new Date(0) });
const role = (name: string, more = '') =>
  `[profile ${name}]\nrole_arn = arn:aws:iam::111122223333:role/Dev\n${more}`;

describe('aws-files', () => {
  it.each([
    ['there is none', () => ({}), /^note there is no ~\/\.aws\/config yet \/ awsh add work$/],
    [
      'a profile of the name that blocks shells',
      config('[profile dev]\n[profile awsh-blocked]\n'),
      /^problem ~\/\.aws\/config:2: no profile may be called awsh-blocked .* vi \+2 /,
    ],
    [
      'a line that nobody reads',
      config('[default\n'),
      /^note ~\/\.aws\/config:1: .*must end with \]; this section cannot be used .* vi \+1 \/.*\/\.aws\/config$/,
    ],
    [
      'lines that not every SDK reads',
      config('[profile a]\n  region = x\noutput: json\n'),
      /^note ~\/\.aws\/config:2: an indented key .*1 more odd line .* awsh config aws --lenient$/,
    ],
    [
      'without the word profile',
      config('[dev]\nregion = x\n'),
      /^problem ~\/\.aws\/config:1: \[dev\] is ignored .*\[profile dev\] .* vi \+1 /,
    ],
    [
      'with the word profile in the credentials file',
      credentials('[profile dev]\n'),
      /credentials:1: \[profile dev\] is ignored .*written \[dev\]/,
    ],
    [
      'a section that nobody knows',
      config('[default]\n[odd one]\n'),
      /config:2: \[odd one\] is ignored .*no AWS SDK knows such a section/,
    ],
    [
      'an invisible character in a header',
      config('[profile\u00a0dev]\nregion = x\n'),
      /config:1: \[profile\?dev\] is ignored .*\? is an invisible character; it is written \[profile dev\] \/ vi \+1 /,
    ],
    [
      '[DEFAULT] in the config file, in one finding',
      config('[DEFAULT]\nregion = x\n'),
      /^problem ~\/\.aws\/config:1: \[DEFAULT\] is ignored .*the right spelling is \[default\] \/ vi \+1 /,
    ],
    [
      '[DEFAULT] in the credentials file, in one finding',
      credentials('[DEFAULT]\nregion = x\n'),
      /^problem ~\/\.aws\/credentials:1: \[DEFAULT\] is ignored .*the right spelling is \[default\] \/ vi \+1 /,
    ],
    ['the AWS CLI’s own sections', config('[default]\n[plugins]\n[preview]\n'), null],
    ['escapes in a section’s name', config('[\x1b[31mred]\n'), /\[\?\[31mred\] is ignored/],
  ])('%s', async (_, write, found) => {
    const home = temporaryHome();
    write(home);
    const faults = await faultsBy(checkNamed('aws-files'), sceneIn(home));
    expect(faults).toEqual(found === null ? [] : [expect.stringMatching(found)]);
  });

  it('shows how many profiles there are', async () => {
    const home = temporaryHome();
    home.write('.aws/config', '[default]\n[profile dev]\n');
    expect(await foundBy(checkNamed('aws-files'), sceneIn(home))).toEqual(['ok 2 profiles in the AWS files']);
  });
});

tells('duplicates', [
  [
    'a section',
    config('[profile dev]\n[default]\n[profile dev]\n'),
    /^problem ~\/\.aws\/config:3: \[profile dev\] is also on line 1 .*AWS CLI.* vi \+3/,
  ],
  [
    'a key',
    config('[default]\nregion = a\nRegion = b\n'),
    /config:3: region in \[default\] is also on line 2/,
  ],
  ['a key of two sections', config('[default]\nregion = a\n[profile dev]\nregion = b\n'), null],
  [
    'a section of two files',
    (home) => ({ ...config('[default]\n')(home), ...credentials('[default]\n')(home) }),
    null,
  ],
  ['a byte order mark', config('\ufeff[default]\n'), /^problem .* byte order mark/],
]);

tells('unknown-keys', [
  [
    'a letter is missing',
    config('[profile dev]\nsso_acount_id = 1\n'),
    /^note ~\/\.aws\/config:2: no SDK or tool reads sso_acount_id .*sso_account_id .* vi \+2/,
  ],
  ['letters are swapped', config('[default]\nregoin = eu-west-1\n'), /regoin .*region/],
  ['a dash', config('[default]\nrole-arn = x\n'), /role-arn .*role_arn/],
  [
    'in the credentials file',
    credentials('[default]\naws_secret_acess_key = CANARY\n'),
    /aws_secret_acess_key/,
  ],
  [
    'another tool’s key',
    config('[default]\naws_account_id = 1\ncolor = red\ngranted_sso_url = x\ntoolkit_artifact_guid = 1\n'),
    null,
  ],
  [
    'every key that awsh reads',
    config(
      '[default]\ninclude_profile = a\nmfa_process = b\npolicy_arns = c\n[sso-session x]\nsso_registration_scopes = y\n',
    ),
    null,
  ],
  ['what may be a secret', config('[default]\nwJalrXUtnFEMI = K7MDENG\n'), null],
]);

tells('profiles', [
  [
    'a source that is not there',
    config(role('dev', 'source_profile = wrk\n[profile work]\n')),
    /^problem .*no profile "wrk".*similar name: work; it stops dev .* vi \+3/,
  ],
  [
    'a circle, once',
    config(role('a', 'source_profile = b\n') + role('b', 'source_profile = a\n')),
    /^problem source_profile forms a cycle: a -> b -> a .*~\/\.aws\/config:6; it stops a, b .* vi \+6/,
  ],
  [
    'a certificate bundle without a certificate',
    config('[profile dev]\nca_bundle = /dev/null\n', { keys: [stored('dev')] }),
    /^problem ~\/\.aws\/config:2: the certificate bundle has no certificate in it .*it stops dev .* vi \+2/,
  ],
  [
    'a malformed role',
    config('[profile dev]\nrole_arn = arn:aws:iam::1:role/Dev\nsource_profile = dev\n', {
      keys: [stored('dev')],
    }),
    /^problem ~\/\.aws\/config:2: role_arn is not the ARN of a role .*twelve digits/,
  ],
  [
    'a region that is none',
    config('[default]\nregion = Frankfurt\n', { keys: [stored('default')] }),
    /config:2/,
  ],
  [
    'a role whose source has nothing',
    config(role('dev', 'source_profile = work\n[profile work]\nregion = eu-west-1\n')),
    /^note no access key is stored for profile "work" .*it stops dev .*awsh add work$/,
  ],
  [
    'a role whose source has its key in aws-vault',
    (home) => {
      home.write('.awsvault/keys/my work', '{}');
      return config(role('dev', 'source_profile = my work\n[profile my work]\n'))(home);
    },
    /^note no access key is stored for profile "my work" .*awsh import --aws-vault-file 'my work'$/,
  ],
  [
    'a role with a stored key',
    config(role('dev', 'source_profile = work\n[profile work]\n'), { keys: [stored('work')] }),
    null,
  ],
  ['settings alone', config('[default]\nregion = eu-west-1\n[profile base]\noutput = json\n'), null],
]);

it('reports a fault of many profiles once', async () => {
  const home = temporaryHome();
  const names = Array.from({ length: 9 }, (_, at) => role(`p${at}`, 'source_profile = base\n'));
  home.write('.aws/config', `${names.join('')}[profile base]\nsource_profile = gone\n`);
  const [fault, ...more] = await faultsBy(checkNamed('profiles'), sceneIn(home));
  expect(more).toEqual([]);
  expect(fault).toContain('it stops p0, p1, p2, p3, p4 and 5 more');
});

tells('role-regions', [
  [
    'none',
    config(role('dev')),
    /^note 1 role without a region: dev .*add a line like .* \/ vi \+1 ~\/\.aws\/config$/,
  ],
  ['inherited', config(`[default]\nregion = eu-west-1\n${role('dev')}`), null],
  ['of its own', config(role('dev', 'region = eu-west-1\n')), null],
  ['not a role', config('[profile dev]\noutput = json\n'), null],
]);

tells('plain-keys', [
  [
    'in the credentials file',
    credentials(`[work]\n${plain}[home]\n${plain}`),
    /^problem 2 access keys in plain text: work, home .*~\/\.aws\/credentials \/ awsh import$/,
  ],
  ['in the config file', config(`[profile work]\n${plain}`), /~\/\.aws\/config/],
  ['a session', credentials(`[work]\n${plain}aws_session_token = x\n`), null],
]);

it('reports a key in plain text that is also stored', async () => {
  const home = temporaryHome();
  home.write('.aws/credentials', `[work]\n${plain}`);
  const found = await faultsBy(checkNamed('plain-keys'), sceneIn(home, { keys: [stored('work')] }));
  expect(found).toEqual([
    expect.stringMatching(/^problem/),
    expect.stringMatching(/^note stored, and in the AWS files as well: work/),
  ]);
});

it('names what helps for a key that import would skip', async () => {
  const home = temporaryHome();
  const secret = 'aws_secret_access_key = wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEYab\n';
  const id = 'aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n';
  home.write('.aws/credentials', `[half]\n${secret}[my work]\n${id.replace('MPLE', 'MPLF')}${secret}`);
  const found = await faultsBy(checkNamed('plain-keys'), sceneIn(home, { keys: [stored('my work')] }));
  expect(found).toEqual([
    expect.stringMatching(/^problem 1 access key .* awsh import --overwrite 'my work'$/),
    expect.stringMatching(/^problem the access key of half .*id is missing.* vi \+2 /),
    expect.stringMatching(/^note the stored key differs .* awsh import --overwrite 'my work'$/),
  ]);
});

const settings = (text: string) => (home: TemporaryHome) => {
  home.write('.config/awsh/config', text);
  return config('[profile prod]\n')(home);
};

tells('settings', [
  ['nobody’s setting', settings('protectd = prod\n'), /^problem .*no setting is called protectd/],
  [
    'others can write it',
    (home) => {
      chmodSync(home.write('.config/awsh/config', ''), 0o666);
      return {};
    },
    /^problem .*other users can write it \/ chmod go-w/,
  ],
  [
    'a folder that is gone',
    settings('trusted_dirs = ~/gone: prod\n'),
    /^note trusted_dirs names a folder that does not exist: ~\/gone \/ vi /,
  ],
  [
    'a guard for a profile that is not there',
    settings('protected = prdo\n'),
    /^note protected names a profile that does not exist: prdo .*prod/,
  ],
  ['guards', settings('protected = prod, *, 111122223333, arn:aws:iam::111122223333:role/x\n'), null],
]);

const mode = (path: string, bits: number) => (home: TemporaryHome) => {
  chmodSync(home.write(path, '', 0o600), bits);
  return {};
};
const folder = (path: string, bits: number) => (home: TemporaryHome) => {
  chmodSync(join(home.write(`${path}/file`, ''), '..'), bits);
  return {};
};

tells('file-modes', [
  [
    'credentials that others can read',
    mode('.aws/credentials', 0o644),
    /^problem other users can read ~\/\.aws\/credentials .* chmod 600 \/.*credentials$/,
  ],
  ['a config that others can read', mode('.aws/config', 0o644), null],
  [
    'a config that others can write',
    mode('.aws/config', 0o666),
    /^problem other users can write ~\/\.aws\/config .* chmod go-w /,
  ],
  ['a folder that others can write', folder('.aws', 0o777), /other users can write ~\/\.aws /],
  [
    'an open data folder',
    folder('.local/share/awsh', 0o755),
    /^problem other users can enter ~\/\.local\/share\/awsh .* chmod 700 /,
  ],
  ['an open trust folder', folder('.local/share/awsh/trust', 0o750), /enter ~\/\.local\/share\/awsh\/trust/],
  ['a start-up file that others can write', mode('.bashrc', 0o646), /other users can write ~\/\.bashrc/],
]);

const allowed = (change: (home: TemporaryHome, file: string) => void) => (home: TemporaryHome) => {
  home.write('.aws/config', `[profile work]\n${role('dev', 'source_profile = work\n')}`);
  const path = home.write('project/.awsprofile', 'dev\n');
  const paths = appPaths(home.environment);
  const files = readAwsFiles(paths);
  const keys = [stored('work')];
  const identity = identityOf(planFor({ files, profile: 'dev', keys, environment: {} }), files);
  new TrustStore(paths.trust).allow(readDirectoryFile(path), identity);
  change(home, path);
  return { keys, files: readAwsFiles(paths) };
};

tells('trust', [
  ['as it was', allowed(() => {}), null],
  [
    'gone',
    allowed((home) => symlinkAway(home)),
    /^note 1 allowed \.awsprofile file gone: ~\/project\/\.awsprofile .* awsh allow --prune$/,
  ],
  [
    'another text',
    allowed((home) => home.write('project/.awsprofile', 'work\n')),
    /^note ~\/project\/\.awsprofile is not what was allowed .*its text.* awsh allow \/.*\/project$/,
  ],
  [
    'another role',
    allowed((home) =>
      home.write(
        '.aws/config',
        `[profile work]\n${role('dev', 'source_profile = work\nexternal_id = 12\n')}`,
      ),
    ),
    /its profile has changed/,
  ],
  [
    'a profile that is gone',
    allowed((home) => home.write('.aws/config', '[profile work]\n')),
    /^note ~\/project\/\.awsprofile blocks the shell .* vi \/\S*\/project\/\.awsprofile$/,
  ],
  [
    'empty',
    allowed((home) => home.write('project/.awsprofile', '')),
    /^note ~\/project\/\.awsprofile was allowed .* write the name of a profile into it .* vi \/\S*\/project\/\.awsprofile$/,
  ],
  [
    'malformed',
    allowed((home) => home.write('project/.awsprofile', '# mine\ndev dev\n')),
    /^note ~\/project\/\.awsprofile:2 was allowed and cannot be used .*more than one word.* vi \+2 \/\S*\/project\/\.awsprofile$/,
  ],
  [
    'open to others',
    allowed((_, file) => chmodSync(file, 0o666)),
    /^note ~\/project\/\.awsprofile was allowed and cannot be used .*other users can write it.* chmod go-w \/\S*\.awsprofile$/,
  ],
]);

it('the trust check counts unchanged files', async () => {
  const home = temporaryHome();
  expect(await foundBy(checkNamed('trust'), sceneIn(home, allowed(() => {})(home)))).toEqual([
    'ok 1 .awsprofile file allowed, each as it was',
  ]);
});

/** The project is a different folder now. */
function symlinkAway(home: TemporaryHome): void {
  home.write('elsewhere/file', '');
  const { renameSync } = process.getBuiltinModule('node:fs');
  renameSync(join(home.path, 'project'), join(home.path, 'moved'));
  symlinkSync(join(home.path, 'elsewhere'), join(home.path, 'project'));
}
