import type { AwsVaultRow } from './aws-vault-rows.ts';

const device = 'arn:aws:iam::123456789012:mfa/demo';
const ofDev = /^AWS_VAULT=dev$/m;

/** Lines of aws-vault 2 to 4 that later versions refuse: what people still have in scripts. */
export const oldAwsVaultRows: readonly AwsVaultRow[] = [
  {
    theirs: 'aws-vault exec -m CODE staging -- env',
    before: ['clear'],
    out: /^AWS_VAULT=staging$/m,
    calls: /^AssumeRole .*SerialNumber=/m,
    note: 'aws-vault 3 and 4; `-t` since',
  },
  {
    theirs: 'aws-vault exec --assume-role-ttl=30m dev -- env',
    before: ['clear'],
    out: ofDev,
    calls: /^AssumeRole .*DurationSeconds=1800/m,
    note: 'aws-vault 3 and 4; `-d` since',
  },
  {
    theirs: 'aws-vault exec --session-ttl 30m demo -- env',
    before: ['clear'],
    out: /^AWS_VAULT=demo$/m,
    calls: /^GetSessionToken .*DurationSeconds=1800/m,
    note: 'aws-vault 2 to 4; `-d` since',
  },
  {
    theirs: 'aws-vault exec --session-ttl=2h --assume-role-ttl=1h -m CODE dev -- env',
    environment: { AWS_MFA_SERIAL: device },
    before: ['clear'],
    out: ofDev,
    calls: /^GetSessionToken DurationSeconds=7200 .*\nAssumeRole .*DurationSeconds=3600/m,
    note: 'the MFA session that roles share lasts as long as `--session-ttl`',
  },
  {
    theirs: `aws-vault exec --mfa-serial-override=${device} -m CODE dev -- env`,
    before: ['clear'],
    out: ofDev,
    calls: /SerialNumber=arn:aws:iam::123456789012:mfa\/demo/,
    note: 'aws-vault 4; AWS_MFA_SERIAL since',
  },
  {
    theirs: 'aws-vault exec -t 1h dev -- env',
    status: 2,
    err: /-t is the MFA code.*\n {2}next: awsh exec --duration 1h dev -- env\n$/,
    note: 'refused: `-t` was a duration in aws-vault 2 to 4, and is the MFA code since; use `-d 1h`',
  },
  {
    theirs: 'aws-vault exec --write-env dev -- env',
    status: 2,
    err: /awsh has no --write-env\n {2}why: .*\n {2}next: awsh exec dev -- env\n$/,
    note: 'refused: aws-vault 2; exec always sets the variables',
  },
  {
    theirs: 'aws-vault login -f 90m demo -s',
    out: /^http:\/\/127\.0\.0\.1:\d+\/federation\?Action=login&/,
    calls: /^GetFederationToken .*DurationSeconds=5400/m,
    note: 'aws-vault 3 and 4; `-d` since',
  },
  {
    theirs: 'aws-vault login --federation-token-ttl=90m demo -s',
    calls: /^GetFederationToken .*DurationSeconds=5400/m,
    note: 'aws-vault 3 and 4; `-d` since',
  },
  {
    theirs: 'aws-vault login --assume-role-ttl=30m dev -s',
    before: ['clear'],
    calls: /^AssumeRole .*DurationSeconds=1800/m,
    note: 'aws-vault 3 and 4; `-d` since',
  },
  {
    theirs: 'aws-vault rotate -t CODE demo',
    err: /demo/,
    note: 'aws-vault 3 and 4; it asks for the code since',
  },
  {
    theirs: 'aws-vault server',
    status: 2,
    err: /awsh has no server\n {2}why: .*\n {2}next: awsh help exec\n$/,
    note: 'not there: use exec --ecs-server',
  },
];
