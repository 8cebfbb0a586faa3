import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { Scene } from '../../src/diagnosis/index.ts';
import { tells } from '../support/finding-rows.ts';
import type { TemporaryHome } from '../support/temporary-home.ts';

const set =
  (environment: Record<string, string>) =>
  (home: TemporaryHome): Partial<Scene> => {
    home.write('.aws/config', '[profile dev]\n');
    return { environment };
  };
/** Also with a start-up file of these lines. */
const startUp =
  (text: string, environment: Record<string, string> = {}) =>
  (home: TemporaryHome) => ({
    ...set(environment)(home),
    startUp: { shell: 'bash', files: [{ path: join(home.path, '.bashrc'), text }] },
  });

const key = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'CANARY' };
const session = { ...key, AWS_SESSION_TOKEN: 'CANARY' };
const now = 'now AWS_ACCESS_KEY_ID AKIAIOSFODNN7EXAMPLE';
const loaded = { ...session, AWSH_LOADED: `1 dir ${process.getuid?.()} dev /p/.awsprofile`, AWSH_SAVED: now };

tells('foreign-keys', [
  ['awsh’s own', set(loaded), null],
  [
    'a session that awsh did not load',
    set(session),
    /^note keys in the environment are not awsh’s .* unset AWS_ACCESS_KEY_ID/,
  ],
  [
    'that has expired',
    set({ ...session, AWS_CREDENTIAL_EXPIRATION: '2020-01-01T00:00:00Z' }),
    /^problem .*have expired/,
  ],
  [
    'changed since awsh loaded',
    set({ ...loaded, AWS_ACCESS_KEY_ID: 'ASIAOTHER', AWS_SESSION_TOKEN: 'CANARY' }),
    /^note keys in the environment are not awsh’s/,
  ],
  ['a long-term key', set(key), /^note a long-term access key .* awsh add PROFILE --env/],
  [
    'half a key',
    set({ AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' }),
    /^problem half a key .*AWS_ACCESS_KEY_ID alone/,
  ],
  ['a token alone', set({ AWS_SESSION_TOKEN: 'CANARY' }), /^note a session token without keys/],
  ['a shell that exec started', set({ ...session, AWS_VAULT: 'dev' }), null],
  [
    'a secret in the start-up file',
    startUp('x=1\nexport AWS_SECRET_ACCESS_KEY=CANARY\n'),
    /^problem ~\/\.bashrc:2 sets AWS_SECRET_ACCESS_KEY in plain text [^C]* vi \+2 /,
  ],
  ['one in fish', startUp('set -gx AWS_SECRET_ACCESS_KEY CANARY\n'), /^problem ~\/\.bashrc:1 /],
  ['a comment about one', startUp('# export AWS_SECRET_ACCESS_KEY=x\n'), null],
]);

/** With an XDG_RUNTIME_DIR that has this mode. */
const runtime = (mode: number) => (home: TemporaryHome) => {
  chmodSync(join(home.path, 'run'), mode);
  return set({ XDG_RUNTIME_DIR: join(home.path, 'run') })(home);
};

tells('runtime-folder', [
  ['none', set({}), null],
  ['one that others can enter', runtime(0o755), /^note .* has mode 0755 .* expect a folder .* chmod 700 /],
  ['one that others can write', runtime(0o777), /^note .* has mode 0777 .* hide the agent .* chmod 700 /],
  ['one that is relative', set({ XDG_RUNTIME_DIR: 'run' }), /^note .* is not used: .*absolute/],
]);

tells('foreign-profile', [
  [
    'a profile',
    set({ AWS_PROFILE: 'dev' }),
    /^note AWS_PROFILE=dev is set in the environment .* unset AWS_PROFILE$/,
  ],
  [
    'by the start-up file',
    startUp('export AWS_PROFILE=dev\n', { AWS_PROFILE: 'dev' }),
    /^note .*, by ~\/\.bashrc:1 .* vi \+1 /,
  ],
  [
    'one that there is not',
    set({ AWS_PROFILE: 'dve' }),
    /^problem AWS_PROFILE=dve names a profile that does not exist .*dev .* unset AWS_PROFILE$/,
  ],
  [
    'one that is stored alone',
    (home) => ({
      ...set({ AWS_PROFILE: 'work' })(home),
      keys: [{ profile: 'work', accessKeyId: 'x', added: new Date(0) }],
    }),
    /^note/,
  ],
  [
    'set after awsh had loaded',
    set({ ...loaded, AWS_PROFILE: 'dev' }),
    /^problem AWS_PROFILE=dev was set after .* unset AWS_PROFILE$/,
  ],
  [
    'left behind',
    set({ AWS_PROFILE: 'awsh-blocked', AWS_REGION: 'awsh-blocked', AWS_DEFAULT_REGION: 'eu-west-1' }),
    /^problem .*left behind .* unset AWS_PROFILE AWS_EC2_METADATA_DISABLED AWS_REGION$/,
  ],
  [
    'of a blocked shell',
    set({
      AWS_PROFILE: 'awsh-blocked',
      AWSH_LOADED: '1 blocked 0 - -',
      AWSH_SAVED: 'now AWS_PROFILE awsh-blocked',
    }),
    null,
  ],
  ['with escapes', set({ AWS_PROFILE: '\x1b[31m' }), /AWS_PROFILE=\?\[31m/],
]);

tells('foreign-settings', [
  [
    'an endpoint',
    set({ AWS_ENDPOINT_URL_STS: 'http://127.0.0.1' }),
    /^note AWS_ENDPOINT_URL_STS in the environment .* unset AWS_ENDPOINT_URL_STS$/,
  ],
  [
    'awsh’s own endpoint',
    set({ ...loaded, AWS_ENDPOINT_URL: 'http://x', AWSH_SAVED: `${now}\nnow AWS_ENDPOINT_URL http://x` }),
    null,
  ],
  [
    'two regions',
    set({ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'us-east-1' }),
    /^note AWS_REGION=eu-west-1 and AWS_DEFAULT_REGION=us-east-1 differ/,
  ],
  ['one region, twice', set({ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-1' }), null],
]);

tells('nested-session', [
  [
    'inside of exec',
    set({ AWS_VAULT: 'dev' }),
    /^note this shell was started as dev .* awsh use --auto .*exit$/,
  ],
]);
