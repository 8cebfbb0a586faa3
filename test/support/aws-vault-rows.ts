import { oldAwsVaultRows } from './old-aws-vault-rows.ts';

/** A command line of aws-vault, the corresponding line of awsh, and the expected result of both. */
export interface AwsVaultRow {
  readonly theirs: string;
  /** The awsh line, if it differs in more than awsh's name. */
  readonly ours?: string;
  /** The difference, for the table in docs/aws-vault.md. */
  readonly note?: string;
  /** `HOME` in a value stands for the home. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The line's AWSH_ variable has no counterpart in aws-vault. */
  readonly ownVariable?: boolean;
  /** Lines of awsh that run first. */
  readonly before?: readonly string[];
  readonly status?: number;
  readonly out?: RegExp;
  readonly notOut?: RegExp;
  readonly err?: RegExp;
  readonly notErr?: RegExp;
  /** The calls to AWS, one a line: `Action Name=value …`. */
  readonly calls?: RegExp;
  /** Files below the home that are new afterwards. */
  readonly writes?: string;
  /** In a terminal, where all output is `out`. */
  readonly atTerminal?: boolean;
}

const key = {
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const keys = /AWS_ACCESS_KEY_ID=ASIA.*\n[\s\S]*AWS_SESSION_TOKEN=./;
const ofDev = /^AWS_VAULT=dev$/m;
/** Less than a session's usual hour is left: the emulator gives the requested time. */
const halfHour = /^HALF AN HOUR$/m;
/** One device for the source and the role. */
const mfa = { AWS_MFA_SERIAL: 'arn:aws:iam::123456789012:mfa/demo' };
const consoleAddress = /^http:\/\/127\.0\.0\.1:\d+\/federation\?Action=login&/;
const absent = (err: RegExp) => ({ status: 2, err });

/** Every row of docs/aws-vault.md, in its order. */
export const awsVaultRows: readonly AwsVaultRow[] = [
  {
    theirs: 'aws-vault add added --env',
    environment: key,
    out: /^Stored the access key \*\*\*\*MPLE for added/,
  },
  {
    theirs: 'aws-vault add unlisted --env --no-add-config',
    environment: key,
    out: /for unlisted \(file\)\.\n/,
  },
  { theirs: 'aws-vault list', out: /^demo .*\*\*\*\*/m, note: 'more columns: account, role, source, key' },
  { theirs: 'aws-vault ls', out: /^demo /m },
  { theirs: 'aws-vault list --profiles', out: /^demo\ndev\nstaging\nprod\n/ },
  { theirs: 'aws-vault list --credentials', out: /^demo\n/ },
  {
    theirs: 'aws-vault list --sessions',
    before: ['exec dev -- true'],
    out: /^sts\.AssumeRole:59m\d+s$/m,
  },
  {
    theirs: 'aws-vault remove added --force',
    environment: key,
    before: ['add added --env -f'],
    out: /^Removed the access key/,
  },
  {
    theirs: 'aws-vault rm -f added',
    environment: key,
    before: ['add added --env -f'],
    out: /^Removed the access key/,
  },
  {
    theirs: 'aws-vault remove dev --force --sessions-only',
    before: ['exec dev -- true'],
    out: /^Removed 1 session of dev\.$/m,
  },
  { theirs: 'aws-vault rm -fs dev', before: ['exec dev -- true'], out: /^Removed 1 session of dev\.$/m },
  {
    theirs: 'aws-vault rm -s demo',
    before: ['clear'],
    out: /^Removed no session of demo\.$/m,
    note: 'asks nothing, as in aws-vault',
  },
  { theirs: 'aws-vault exec dev -- env', out: keys },
  { theirs: 'aws-vault exec dev env', out: ofDev },
  { theirs: 'aws-vault exec dev -- aws sts get-caller-identity', out: /assumed-role\/developer\// },
  { theirs: 'aws-vault exec dev ./my-command', out: /^AWS_ACCESS_KEY_ID=ASIA/m },
  { theirs: 'aws-vault exec dev', environment: { SHELL: '/usr/bin/env' }, out: ofDev, note: 'starts $SHELL' },
  {
    theirs: 'aws-vault exec -- env',
    environment: { AWS_PROFILE: 'dev' },
    out: ofDev,
    note: 'with AWS_PROFILE=dev; aws-vault takes the word after `--` for the profile',
  },
  { theirs: 'aws-vault exec -d 30m dev -- env', before: ['clear'], out: halfHour },
  { theirs: 'aws-vault exec --duration=0h30m0s dev -- env', before: ['clear'], out: halfHour },
  {
    theirs: 'aws-vault exec dev --duration=2h -- env',
    before: ['clear'],
    status: 8,
    err: /AWS does not give 2h00m/,
    note: 'the role of this row has a maximum of 1h; aws-vault shows AWS’s ValidationError',
    calls: /^AssumeRole .*DurationSeconds=7200/m,
  },
  {
    theirs: 'aws-vault exec -d 30m -t CODE dev -- env',
    environment: mfa,
    before: ['clear'],
    out: halfHour,
    calls: /^GetSessionToken DurationSeconds=1800 .*\nAssumeRole .*DurationSeconds=1800/m,
    note: 'the MFA session that roles share, too',
  },
  {
    theirs: 'aws-vault export -d 1d demo',
    before: ['clear'],
    out: keys,
    calls: /^GetSessionToken .*DurationSeconds=86400/m,
  },
  {
    theirs: 'aws-vault exec --server --no-server dev -- env',
    out: keys,
    note: '`--no-` takes any switch back',
  },
  { theirs: 'aws-vault exec dev --no-session -- env', out: ofDev },
  { theirs: 'aws-vault exec -n demo -- env', out: /^AWS_ACCESS_KEY_ID=AKIA/m, notOut: /AWS_SESSION_TOKEN/ },
  { theirs: 'aws-vault exec --no-session demo -- env', out: /^AWS_ACCESS_KEY_ID=AKIA/m },
  { theirs: 'aws-vault exec --region=eu-west-3 dev -- env', out: /^AWS_REGION=eu-west-3$/m },
  {
    theirs: 'aws-vault --prompt=zenity exec staging -- env',
    status: 6,
    err: /zenity cannot ask: there is no display/,
    note: 'also terminal, kdialog, osascript, ykman, pass; here there is no display',
  },
  {
    theirs: 'aws-vault exec --prompt ykman staging -- env',
    before: ['clear'],
    out: /^AWS_VAULT=staging$/m,
    err: /ykman oath accounts code/,
  },
  {
    theirs: 'aws-vault exec -t CODE staging -- env',
    before: ['clear'],
    out: /^AWS_VAULT=staging$/m,
    calls: /^AssumeRole .*SerialNumber=/m,
  },
  {
    theirs: 'aws-vault exec --mfa-token=CODE staging -- env',
    before: ['clear'],
    out: /^AWS_VAULT=staging$/m,
    calls: /^AssumeRole .*SerialNumber=/m,
  },
  { theirs: 'aws-vault exec --json dev', out: /"Version": 1,\n {2}"AccessKeyId": "ASIA/ },
  { theirs: 'aws-vault exec -j dev', out: /"SessionToken"/ },
  {
    theirs: 'aws-vault exec --profile-env dev -- env',
    out: /^AWS_PROFILE=dev$/m,
    notOut: /AWS_ACCESS_KEY_ID/,
  },
  { theirs: 'aws-vault exec --stdout dev -- env', out: ofDev, note: 'no browser is opened here anyway' },
  {
    theirs: 'aws-vault exec dev -- env',
    ours: 'AWS_VAULT=other awsh exec dev -- env',
    status: 2,
    err: /this shell runs inside exec/,
    note: 'inside exec both refuse',
  },
  {
    theirs: 'aws-vault exec --ecs-server dev -- env',
    out: /^AWS_CONTAINER_CREDENTIALS_FULL_URI=http:/m,
    notOut: /AWS_ACCESS_KEY_ID/,
  },
  {
    theirs: 'aws-vault exec -s dev -- env',
    out: /^AWS_CONTAINER_CREDENTIALS_FULL_URI=http:/m,
    notOut: /AWS_ACCESS_KEY_ID/,
  },
  {
    theirs: 'aws-vault exec --server dev -- env',
    out: /^AWS_CONTAINER_CREDENTIALS_FULL_URI=http:/m,
    notOut: /AWS_ACCESS_KEY_ID/,
  },
  {
    theirs: 'aws-vault exec --ecs-server --lazy dev -- env',
    before: ['clear'],
    out: /^AWS_CONTAINER_AUTHORIZATION_TOKEN=./m,
    notOut: /AWS_ACCESS_KEY_ID/,
    calls: /^$/,
  },
  {
    theirs: 'aws-vault --debug exec --server --lazy dev -- env',
    before: ['clear'],
    out: /^AWS_CONTAINER_CREDENTIALS_FULL_URI=http:/m,
    err: /awsh: debug: the command gets .*AWS_CONTAINER_AUTHORIZATION_TOKEN/,
    notErr: /[0-9a-f]{64}/,
    note: 'serves `/role-arn/ARN` too, also behind aws-vault’s proxy for Docker',
  },
  {
    theirs: 'aws-vault --debug exec dev -- env',
    before: ['clear'],
    out: keys,
    err: /debug: AssumeRole arn:\S+ \(profile dev\): calling .*\n.*new \*{4}\w{4}, expires in/,
    notErr: /[A-Za-z0-9+/=]{40}/,
  },
  { theirs: 'aws-vault export dev', out: /^AWS_ACCESS_KEY_ID=ASIA/m },
  { theirs: 'aws-vault export --format=env dev', out: /^AWS_SESSION_TOKEN=/m },
  { theirs: 'aws-vault export --format=export-env dev', out: /^export AWS_ACCESS_KEY_ID=/m },
  { theirs: 'aws-vault export --format=json dev', out: /"Expiration"/ },
  {
    theirs: 'aws-vault export --no-session --format=json demo',
    out: /"AccessKeyId": "AKIA/,
    notOut: /SessionToken/,
  },
  {
    theirs: 'aws-vault --prompt=osascript export --format=json staging',
    before: ['clear'],
    status: 6,
    err: /osascript/,
    note: 'on macOS; here there is no osascript',
  },
  { theirs: 'aws-vault export --format=ini dev', out: /^\[dev\]\naws_access_key_id/ },
  {
    theirs: 'aws configure export-credentials --profile dev --format process',
    ours: 'awsh export dev --format process',
    out: /"Version": 1/,
    note: 'the AWS CLI’s name for it',
  },
  {
    theirs: 'aws configure export-credentials --profile dev --format env-no-export',
    ours: 'awsh export dev --format env-no-export',
    out: /^AWS_ACCESS_KEY_ID=ASIA/m,
    note: 'the AWS CLI’s name for it',
  },
  {
    theirs: 'aws configure export-credentials --profile dev --format powershell',
    ours: 'awsh export dev --format powershell',
    out: /^\$Env:AWS_ACCESS_KEY_ID/im,
    note: 'the AWS CLI’s name for it',
  },
  {
    theirs: 'aws configure export-credentials --profile dev --format windows-cmd',
    ours: 'awsh export dev --format windows-cmd',
    out: /^set .?AWS_ACCESS_KEY_ID=/m,
    note: 'the AWS CLI’s name for it',
  },
  {
    theirs: 'aws configure export-credentials --profile dev --format fish',
    ours: 'awsh export dev --format fish',
    out: /^set -gx AWS_ACCESS_KEY_ID /m,
    note: 'the AWS CLI’s name for it',
  },
  {
    theirs: 'aws-vault login dev',
    environment: { BROWSER: 'opener' },
    before: ['clear'],
    err: /opened the console in a browser/,
    calls: /^AssumeRole .*\ngetSigninToken$/m,
  },
  { theirs: 'aws-vault login --stdout dev', out: consoleAddress },
  { theirs: 'aws-vault login -s dev', out: consoleAddress },
  {
    theirs: 'aws-vault login -s',
    ours: 'AWS_PROFILE=dev awsh login -s',
    out: consoleAddress,
    calls: /^AssumeRole .*role\/developer/m,
    before: ['clear'],
    note: 'with AWS_PROFILE, else with the keys of the environment; aws-vault asks which',
  },
  {
    theirs: 'aws-vault login -d 2h demo -s',
    out: consoleAddress,
    calls: /^GetFederationToken .*DurationSeconds=7200/m,
  },
  {
    theirs: 'aws-vault login --duration=30m dev -s',
    before: ['clear'],
    out: consoleAddress,
    calls: /^AssumeRole .*DurationSeconds=1800/m,
  },
  {
    theirs: 'aws-vault login -n -t CODE dev -s',
    environment: mfa,
    before: ['clear'],
    out: consoleAddress,
    calls: /^AssumeRole .*SerialNumber=\S+ .*\ngetSigninToken$/,
  },
  {
    theirs: 'aws-vault login --no-session -t CODE dev -s',
    environment: mfa,
    before: ['clear'],
    out: consoleAddress,
    calls: /^AssumeRole .*SerialNumber=\S+ .*\ngetSigninToken$/,
  },
  {
    theirs: 'aws-vault login -t CODE staging -s',
    before: ['clear'],
    out: consoleAddress,
    calls: /^AssumeRole .*SerialNumber=/m,
  },
  {
    theirs: 'aws-vault login --mfa-token=CODE staging -s',
    before: ['clear'],
    out: consoleAddress,
    calls: /^AssumeRole .*SerialNumber=/m,
  },
  { theirs: 'aws-vault login --path=s3/buckets dev -s', out: /console\.aws\.amazon\.com%2Fs3%2Fbuckets/ },
  {
    theirs: 'aws-vault login --region=us-west-2 dev -s',
    out: /Destination=https%3A%2F%2Fus-west-2\.console/,
  },
  { theirs: 'aws-vault login -a dev -s', out: /\/oauth\?Action=logout&redirect_uri=/ },
  { theirs: 'aws-vault login --auto-logout dev -s', out: /\/oauth\?Action=logout&redirect_uri=/ },
  { theirs: 'aws-vault clear', before: ['exec dev -- true'], out: /^Cleared [1-9]\d* sessions?\.\n$/ },
  { theirs: 'aws-vault clear', before: ['clear'], out: /^Cleared 0 sessions\.\n$/ },
  { theirs: 'aws-vault clear dev', before: ['exec dev -- true'], out: /^Cleared 1 session\.\n$/ },
  { theirs: 'aws-vault --help', out: /exec +run a command/ },
  { theirs: 'aws-vault --help-long', out: /--no-session[\s\S]*--older-than/ },
  { theirs: 'aws-vault exec --help', out: /--duration/ },
  { theirs: 'aws-vault help exec', out: /--duration/ },
  { theirs: 'aws-vault --version', out: /^awsh \d/ },
  { theirs: 'aws-vault -v', out: /^awsh \d/ },
  { theirs: 'aws-vault version', out: /^awsh \d/ },
  { theirs: 'aws-vault --completion-script-bash', out: /complete .*awsh/ },
  { theirs: 'aws-vault --completion-script-zsh', out: /^#compdef awsh/ },
  { theirs: 'aws-vault --bogus list', note: 'an unknown option is an error', ...absent(/no option --bogus/) },
  { theirs: 'aws-vault --backend=file list --credentials', out: /^demo\n/ },
  {
    theirs:
      'aws-vault --backend=pass --pass-cmd=HOME/bin/pass --pass-dir=HOME/store --pass-prefix=mine add added --env',
    environment: key,
    out: /for added \(pass\)/,
  },
  {
    theirs: 'aws-vault --backend=file --file-dir=HOME/elsewhere add unlisted --env --no-add-config',
    ours: 'awsh --backend=file --file-dir=HOME/elsewhere add unlisted --env --no-add-config -f',
    environment: key,
    out: /for unlisted \(file\)/,
    note: 'a folder of awsh’s own: its files have another format; add asks before it replaces',
  },
  {
    theirs: 'aws-vault --keychain=login list --profiles',
    out: /^demo\n/,
    note: 'awsh keeps its items in the login keychain; another name counts for import from aws-vault',
  },
  {
    theirs: 'aws-vault --secret-service-collection=login list --profiles',
    out: /^demo\n/,
    note: 'awsh keeps its items in the default collection; another name counts for import',
  },
  { theirs: 'aws-vault --debug list --profiles', out: /^demo\n/ },
  {
    theirs: 'AWS_VAULT_BACKEND=file aws-vault list --credentials',
    ours: 'AWSH_BACKEND=file awsh list --credentials',
    out: /^demo\n/,
  },
  {
    theirs: 'AWS_VAULT_KEYCHAIN_NAME=mine aws-vault list',
    ours: 'AWSH_KEYCHAIN_NAME=mine awsh import --aws-vault --dry-run',
    writes: 'keychain-mine',
    note: 'counts for import: awsh keeps its own items in the login keychain',
  },
  {
    theirs: 'AWS_VAULT_SECRET_SERVICE_COLLECTION_NAME=mine aws-vault list',
    ours: 'AWSH_SECRET_SERVICE_COLLECTION_NAME=mine awsh import --aws-vault --dry-run',
    writes: 'collection-mine',
    note: 'counts for import: awsh keeps its own items in the default collection',
  },
  {
    theirs: 'AWS_VAULT_PASS_PASSWORD_STORE_DIR=HOME/store-2 aws-vault add added --env',
    ours: 'AWSH_PASS_PASSWORD_STORE_DIR=HOME/store-2 awsh add added --env --backend=pass --pass-cmd=HOME/bin/pass -f',
    environment: key,
    out: /for added \(pass\)/,
    writes: 'store-2/awsh',
    note: 'of the pass backend; add asks before it replaces',
  },
  {
    theirs: 'AWS_VAULT_PASS_CMD=HOME/bin/other-pass aws-vault add added --env',
    ours: 'AWSH_PASS_CMD=HOME/bin/other-pass awsh add added --env --backend=pass -f',
    environment: { ...key, PASSWORD_STORE_DIR: 'HOME/store-3' },
    out: /for added \(pass\)/,
    writes: 'other-pass-was-here',
    note: 'of the pass backend; add asks before it replaces',
  },
  {
    theirs: 'AWS_VAULT_PASS_PREFIX=own aws-vault add added --env',
    ours: 'AWSH_PASS_PREFIX=own awsh add added --env --backend=pass --pass-cmd=HOME/bin/pass -f',
    environment: { ...key, PASSWORD_STORE_DIR: 'HOME/store-4' },
    out: /for added \(pass\)/,
    writes: 'store-4/own',
    note: 'of the pass backend; add asks before it replaces',
  },
  {
    theirs: 'AWS_VAULT_FILE_DIR=HOME/.awsvault/keys aws-vault list',
    ours: 'AWSH_FILE_DIR=HOME/files awsh --backend=file add added --env -f',
    environment: key,
    ownVariable: true,
    out: /for added \(file\)/,
    writes: 'files',
    note: 'only AWSH_FILE_DIR: aws-vault’s files have another format, and `awsh import --aws-vault-file` reads them',
  },
  {
    theirs: 'AWS_VAULT_FILE_PASSPHRASE=PASSPHRASE aws-vault exec -n demo -- env',
    ours: 'AWSH_FILE_PASSPHRASE=PASSPHRASE awsh exec -n demo -- env',
    out: /^AWS_ACCESS_KEY_ID=AKIA/m,
  },
  {
    theirs: 'AWS_VAULT_PROMPT=zenity aws-vault exec prod-mfa -- env',
    ours: 'AWSH_MFA_PROMPT=zenity awsh exec prod-mfa -- env',
    status: 6,
    err: /zenity cannot ask/,
  },
  {
    theirs: 'AWS_VAULT_DURATION=30m aws-vault exec dev -- env',
    ours: 'AWSH_DURATION=30m awsh exec dev -- env',
    before: ['clear'],
    out: halfHour,
  },
  {
    theirs: 'AWS_ASSUME_ROLE_TTL=30m aws-vault exec dev -- env',
    ours: 'AWSH_ASSUME_ROLE_TTL=30m awsh exec dev -- env',
    before: ['clear'],
    out: halfHour,
  },
  {
    theirs: 'AWS_SESSION_TOKEN_TTL=30m aws-vault exec demo -- env',
    ours: 'AWSH_SESSION_TOKEN_TTL=30m awsh exec demo -- env',
    before: ['clear'],
    out: halfHour,
  },
  {
    theirs: 'AWS_CHAINED_SESSION_TOKEN_TTL=2h aws-vault exec -t CODE dev -- env',
    ours: 'AWSH_CHAINED_SESSION_TOKEN_TTL=2h awsh exec -t CODE dev -- env',
    environment: mfa,
    before: ['clear'],
    out: /^AWS_VAULT=dev$/m,
    calls: /^GetSessionToken .*DurationSeconds=7200/m,
  },
  {
    theirs: 'AWS_FEDERATION_TOKEN_TTL=90m aws-vault login demo -s',
    ours: 'AWSH_FEDERATION_TOKEN_TTL=90m awsh login demo -s',
    out: consoleAddress,
    calls: /^GetFederationToken .*DurationSeconds=5400/m,
  },
  {
    theirs: 'AWS_MIN_TTL=45m aws-vault exec -d 30m dev -- env',
    ours: 'AWSH_MIN_TTL=45m awsh exec -d 30m dev -- env',
    out: halfHour,
    note: 'a session with less left is replaced',
  },
  {
    theirs: 'AWS_VAULT_PROFILE_ENV=true aws-vault exec dev -- env',
    ours: 'AWSH_PROFILE_ENV=true awsh exec dev -- env',
    out: /^AWS_PROFILE=dev$/m,
    notOut: /AWS_ACCESS_KEY_ID/,
  },
  {
    theirs: 'AWS_VAULT_STDOUT=true aws-vault login dev',
    ours: 'AWSH_STDOUT=true awsh login dev',
    out: consoleAddress,
  },
  {
    theirs: 'AWS_VAULT_AUTO_LOGOUT=true aws-vault login dev -s',
    ours: 'AWSH_AUTO_LOGOUT=true awsh login dev -s',
    out: /\/oauth\?Action=logout&redirect_uri=/,
  },
  {
    theirs: 'AWS_VAULT_DISABLE_HELP_MESSAGE=1 aws-vault exec dev',
    ours: 'AWSH_DISABLE_HELP_MESSAGE=1 awsh exec dev',
    environment: { SHELL: '/usr/bin/env' },
    atTerminal: true,
    out: /^AWS_VAULT=dev$/m,
    notOut: /Starting subshell/,
  },
  {
    theirs: 'AWS_VAULT_YKMAN_VERSION=3 aws-vault --prompt=ykman exec staging -- env',
    ours: 'AWSH_YKMAN_VERSION=3 awsh --prompt=ykman exec staging -- env',
    before: ['clear'],
    out: /^AWS_VAULT=staging$/m,
    err: /ykman oath code --single arn:aws:iam::123456789012:mfa\/demo\n/,
  },
  {
    theirs: 'YKMAN_OATH_CREDENTIAL_NAME=aws:me aws-vault --prompt=ykman exec staging -- env',
    before: ['clear'],
    out: /^AWS_VAULT=staging$/m,
    err: /ykman oath accounts code --single aws:me\n/,
  },
  {
    theirs: 'YKMAN_OATH_DEVICE_SERIAL=77 aws-vault --prompt=ykman exec staging -- env',
    before: ['clear'],
    out: /^AWS_VAULT=staging$/m,
    err: /ykman --device 77 oath accounts code/,
  },
  {
    theirs: 'AWS_CONFIG_FILE=HOME/other-config aws-vault list --profiles',
    out: /^elsewhere\n/,
  },
  {
    theirs: 'AWS_REGION=eu-north-1 aws-vault exec dev -- env',
    out: /^AWS_REGION=eu-north-1$/m,
  },
  {
    theirs: 'AWS_DEFAULT_REGION=eu-north-1 aws-vault exec dev -- env',
    out: /^AWS_REGION=eu-north-1$/m,
  },
  {
    theirs: 'AWS_MFA_SERIAL=arn:aws:iam::123456789012:mfa/demo aws-vault exec -t CODE dev -- env',
    before: ['clear'],
    out: /^AWS_VAULT=dev$/m,
    calls: /SerialNumber=arn:aws:iam::123456789012:mfa\/demo/,
  },
  {
    theirs: 'AWS_ROLE_ARN=arn:aws:iam::777788889999:role/operator aws-vault exec dev -- env',
    calls: /^AssumeRole .*RoleArn=arn:aws:iam::777788889999:role\/operator/m,
  },
  {
    theirs: 'AWS_ROLE_SESSION_NAME=me aws-vault exec dev -- env',
    calls: /^AssumeRole .*RoleSessionName=me/m,
  },
  {
    theirs: 'AWS_SESSION_TAGS=team=blue AWS_TRANSITIVE_TAGS=team aws-vault exec dev -- env',
    calls: /^AssumeRole .*Tags.member.1.Key=team .*TransitiveTagKeys.member.1=team/m,
  },
  {
    theirs: 'AWS_SOURCE_IDENTITY=me aws-vault exec dev -- env',
    calls: /^AssumeRole .*SourceIdentity=me/m,
  },
  {
    theirs: 'aws-vault exec --ec2-server dev -- env',
    note: 'not there: use --ecs-server',
    ...absent(/--ecs-server/),
  },
  {
    theirs: 'aws-vault rotate --no-session demo',
    err: /demo/,
    note: 'the new key is stored and proved before the old one goes',
  },
  {
    theirs: 'aws-vault migrate-backend --from file --to pass --profile demo',
    ours: 'awsh migrate-backend --from file --to pass --profile demo --pass-cmd=HOME/bin/pass --dry-run',
    environment: { PASSWORD_STORE_DIR: 'HOME/store-5' },
    out: /demo/,
    note: 'here with the backends that awsh has; `--dry-run` shows what would be copied',
  },
  {
    theirs: 'aws-vault migrate-backend --from wincred --to winhello',
    note: 'not there: awsh runs on Linux and macOS',
    ...absent(/--from cannot be "wincred"/),
  },
  { theirs: 'aws-vault proxy', note: 'not there: use exec --ecs-server', ...absent(/--ecs-server/) },
  {
    theirs: 'aws-vault --completion-bash exec',
    note: 'not there: awsh has its own completion',
    ...absent(/next: awsh setup/),
  },
  {
    theirs: 'aws-vault --biometrics exec dev',
    note: 'not there: the keychain’s own settings',
    ...absent(/keychain/),
  },
  {
    theirs: 'aws-vault --op-vault-id=x exec dev',
    note: 'not there: keychain, pass or file',
    ...absent(/1Password/),
  },
  {
    theirs: 'aws-vault --op-vault-id x exec dev',
    note: 'not there: keychain, pass or file',
    ...absent(/1Password/),
  },
  {
    theirs: 'aws-vault --proton-pass-vault=x list',
    note: 'not there: keychain, pass or file',
    ...absent(/Proton Pass/),
  },
  {
    theirs: 'aws-vault --backend=op list',
    note: 'not there: keychain, pass or file',
    ...absent(/1Password/),
  },
  {
    theirs: 'aws-vault --backend=proton-pass list',
    note: 'not there: keychain, pass or file',
    ...absent(/Proton/),
  },
  { theirs: 'aws-vault --backend=kwallet list', note: 'not there: keychain', ...absent(/Secret Service/) },
  { theirs: 'aws-vault --backend=keyctl list', note: 'not there: file', ...absent(/encrypted files/) },
  {
    theirs: 'aws-vault --backend=wincred list',
    note: 'not there: awsh runs on Linux and macOS',
    ...absent(/Windows/),
  },
  { theirs: 'aws-vault --backend=passage list', note: 'not there: pass', ...absent(/pass/) },
  {
    theirs: 'AWS_VAULT_BACKEND=kwallet aws-vault list',
    ours: 'AWSH_BACKEND=kwallet awsh list',
    note: 'not there: keychain',
    ...absent(/Secret Service/),
  },
  { theirs: 'aws-vault --prompt=wincredui list', note: 'not there: terminal', ...absent(/Windows/) },
  ...oldAwsVaultRows,
];

/** The awsh line with the same effect. */
export function ourLine({ theirs, ours }: AwsVaultRow): string {
  return ours ?? theirs.replace(/\baws-vault\b/, 'awsh');
}

/**
 * The same line with aws-vault's variable in place of its AWSH_ counterpart; null if the line has
 * none.
 */
export function twinLine(row: AwsVaultRow): string | null {
  const [theirName] = /^\w+(?==)/.exec(row.theirs) ?? [];
  if (row.ownVariable || theirName === undefined || !row.ours?.startsWith('AWSH_')) return null;
  return row.ours.replace(/^\w+/, theirName);
}
