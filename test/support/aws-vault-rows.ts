/** A command line of aws-vault, the same one of awsh, and what must come of both. */
export interface AwsVaultRow {
  readonly theirs: string;
  /** Where it is anything else than the same line with awsh's name. */
  readonly ours?: string;
  /** What differs, for the table in docs/aws-vault.md. */
  readonly note?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Lines of awsh that come first. */
  readonly before?: readonly string[];
  readonly status?: number;
  readonly out?: RegExp;
  readonly notOut?: RegExp;
  readonly err?: RegExp;
}

const key = {
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const keys = /AWS_ACCESS_KEY_ID=ASIA.*\n[\s\S]*AWS_SESSION_TOKEN=./;
const ofDev = /^AWS_VAULT=dev$/m;
/** Less than a session's usual hour is left: the emulator gives what it is asked for. */
const halfHour = /^HALF AN HOUR$/m;
const absent = (err: RegExp) => ({ status: 2, err });

/** Every row of docs/aws-vault.md, in its order. */
export const awsVaultRows: readonly AwsVaultRow[] = [
  {
    theirs: 'aws-vault add added --env',
    environment: key,
    err: /stored the access key \*\*\*\*MPLE for added/,
  },
  {
    theirs: 'aws-vault add unlisted --env --no-add-config',
    environment: key,
    err: /for unlisted \(file\)\n$/,
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
    err: /removed the access key/,
  },
  {
    theirs: 'aws-vault rm -f added',
    environment: key,
    before: ['add added --env -f'],
    err: /removed the access key/,
  },
  {
    theirs: 'aws-vault remove dev --force --sessions-only',
    before: ['exec dev -- true'],
    err: /removed 1 session of dev/,
  },
  { theirs: 'aws-vault rm -fs dev', before: ['exec dev -- true'], err: /removed 1 session of dev/ },
  { theirs: 'aws-vault exec dev -- env', out: keys },
  { theirs: 'aws-vault exec dev env', out: ofDev },
  { theirs: 'aws-vault exec dev', environment: { SHELL: '/usr/bin/env' }, out: ofDev, note: 'starts $SHELL' },
  {
    theirs: 'aws-vault exec -- env',
    environment: { AWS_PROFILE: 'dev' },
    out: ofDev,
    note: 'with AWS_PROFILE=dev; aws-vault takes the word after `--` for the profile',
  },
  { theirs: 'aws-vault exec -d 30m dev -- env', before: ['clear'], out: halfHour },
  { theirs: 'aws-vault exec --duration=0h30m0s dev -- env', before: ['clear'], out: halfHour },
  { theirs: 'aws-vault exec -n demo -- env', out: /^AWS_ACCESS_KEY_ID=AKIA/m, notOut: /AWS_SESSION_TOKEN/ },
  { theirs: 'aws-vault exec --no-session demo -- env', out: /^AWS_ACCESS_KEY_ID=AKIA/m },
  { theirs: 'aws-vault exec --region=eu-west-3 dev -- env', out: /^AWS_REGION=eu-west-3$/m },
  {
    theirs: 'aws-vault --prompt=zenity exec staging -- env',
    status: 6,
    err: /zenity cannot ask: there is no display/,
    note: 'also terminal, kdialog, osascript, ykman, pass; here there is no display',
  },
  { theirs: 'aws-vault exec -t CODE staging -- env', out: /^AWS_VAULT=staging$/m },
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
    theirs: 'aws-vault exec --ecs-server --lazy dev -- env',
    out: /^AWS_CONTAINER_AUTHORIZATION_TOKEN=./m,
    notOut: /AWS_ACCESS_KEY_ID/,
  },
  { theirs: 'aws-vault export dev', out: /^AWS_ACCESS_KEY_ID=ASIA/m },
  { theirs: 'aws-vault export --format=env dev', out: /^AWS_SESSION_TOKEN=/m },
  { theirs: 'aws-vault export --format=export-env dev', out: /^export AWS_ACCESS_KEY_ID=/m },
  { theirs: 'aws-vault export --format=json dev', out: /"Expiration"/ },
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
  { theirs: 'aws-vault clear', before: ['exec dev -- true'], out: /^Cleared [1-9]\d* sessions\.\n$/ },
  { theirs: 'aws-vault clear dev', before: ['exec dev -- true'], out: /^Cleared 1 sessions\.\n$/ },
  { theirs: 'aws-vault --backend=file list --credentials', out: /^demo\n/ },
  {
    theirs:
      'aws-vault --backend=pass --pass-cmd=HOME/bin/pass --pass-dir=HOME/store --pass-prefix=mine add added --env',
    environment: key,
    err: /for added \(pass\)/,
  },
  {
    theirs: 'aws-vault --backend=file --file-dir=HOME/elsewhere add unlisted --env --no-add-config',
    ours: 'awsh --backend=file --file-dir=HOME/elsewhere add unlisted --env --no-add-config -f',
    environment: key,
    err: /for unlisted \(file\)/,
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
    theirs: 'aws-vault exec --ec2-server dev -- env',
    note: 'not there: use --ecs-server',
    ...absent(/--ecs-server/),
  },
  {
    theirs: 'aws-vault rotate --no-session demo',
    err: /demo/,
    note: 'the new key is stored and proved before the old one goes',
  },
  { theirs: 'aws-vault proxy', note: 'not there: use exec --ecs-server', ...absent(/--ecs-server/) },
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
];

/** The line of awsh that does the same. */
export function ourLine({ theirs, ours }: AwsVaultRow): string {
  return ours ?? theirs.replace(/\baws-vault\b/, 'awsh');
}
