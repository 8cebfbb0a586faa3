# shellcheck shell=bash
#
# awsh's completion for bash 3.2 and newer. `awsh setup` has it sourced at the first Tab; it may also lie in
# bash-completion's folder, and needs nothing of it. No program is started on Tab: profile names come from a small file that
# awsh keeps. Where an AWS file is newer than that, they come from the AWS files themselves, and awsh brings the small
# one up to date in the background.
#
# The functions share the locals of __awsh_tab, which begin with _a_. No name ever reaches eval or compgen -W. What may fail
# ends with `|| :` for the sake of those who live under errexit.

# Aliases would be expanded while this file is parsed.
__awsh_tab_aside=''
if \shopt -q expand_aliases; then
  \shopt -u expand_aliases
  __awsh_tab_aside='aliases'
fi

# Where this file lies in the package: its folder's neighbour has awsh itself.
__awsh_tab_home=''
case ${BASH_SOURCE[0]-} in
  /*/completions/awsh.bash) __awsh_tab_home=${BASH_SOURCE[0]%/completions/awsh.bash} ;;
  */completions/awsh.bash) __awsh_tab_home=$PWD/${BASH_SOURCE[0]%/completions/awsh.bash} ;;
  completions/awsh.bash) __awsh_tab_home=$PWD ;;
esac

# When awsh was last asked for the names, in the shell's seconds.
__awsh_tab_asked=''

# >>> made from the command table by `npm run completions` >>>
__awsh_tab_verbs='add list ls remove rm clear rotate import migrate-backend exec export explain login sso eks-token serve relay ssh use off refresh status init allow deny setup uninstall hook completion prompt config demo doctor agent lock log unlock help'
__awsh_tab_options='--backend --prompt --file-dir --pass-dir --pass-cmd --pass-prefix --debug --help -h --version'
__awsh_tab_values='--backend=keychain,file,pass --prompt=terminal,zenity,kdialog,osascript,ykman,pass-otp --keychain=:none --secret-service-collection=:none --file-dir=:directory --pass-dir=:directory --pass-cmd=:command --pass-prefix=:none --profile=:profile'
__awsh_tab_regions='af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 eusc-de-east-1 us-gov-east-1 us-gov-west-1 eu-isoe-west-1 us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-east-1 us-isof-south-1'

# Sets what the verb $1 takes: its options, those of them with a value, its arguments (the last with dots where it
# repeats), and whether a command follows.
__awsh_tab_verb() {
  _a_options='' _a_values='' _a_arguments='' _a_command=''
  case $1 in
    add)
      _a_options='--env --stdin --no-add-config --force -f'
      _a_arguments=':profile'
      ;;
    list | ls)
      _a_options='--json --profiles --credentials --sessions'
      ;;
    remove | rm)
      _a_options='--sessions-only -s --force -f'
      _a_arguments=':stored-profile'
      ;;
    clear)
      _a_arguments=':profile'
      ;;
    rotate)
      _a_options='--no-session -n --mfa-token -t --all --older-than'
      _a_values='--mfa-token=:none -t=:none --older-than=:none'
      _a_arguments=':stored-profile'
      ;;
    import)
      _a_options='--all --dry-run --keep --yes -y --overwrite --no-add-config --csv --aws-vault --aws-vault-file --aws-vault-keyring --aws-vault-pass --dir'
      _a_values='--csv=:file --dir=:directory'
      _a_arguments=':profile...'
      ;;
    migrate-backend)
      _a_options='--from --to --profile --dry-run --overwrite --delete-source'
      _a_values='--from=keychain,file,pass --to=keychain,file,pass --profile=:stored-profile'
      ;;
    exec)
      _a_options='--duration -d --no-session -n --region --mfa-token -t --role-arn --source-profile --external-id --session-name --tags --read-only --policy --policy-arn --for --reason --only --refresh --server -s --lazy --profile-env'
      _a_values='--duration=:none -d=:none --region=:region --mfa-token=:none -t=:none --role-arn=:none --source-profile=:profile --external-id=:none --session-name=:none --tags=:none --policy=:file --policy-arn=:none --for=:none --reason=:none --mfa-token=:none -m=:none --session-ttl=:none --assume-role-ttl=:none --mfa-serial-override=:none'
      _a_arguments=':profile'
      _a_command='yes'
      ;;
    export)
      _a_options='--duration -d --no-session -n --region --mfa-token -t --role-arn --source-profile --external-id --session-name --tags --read-only --policy --policy-arn --for --reason --refresh --format --output --no-ask --ask'
      _a_values='--duration=:none -d=:none --region=:region --mfa-token=:none -t=:none --role-arn=:none --source-profile=:profile --external-id=:none --session-name=:none --tags=:none --policy=:file --policy-arn=:none --for=:none --reason=:none --format=env,export-env,json,ini,process,env-no-export,dotenv,credentials,powershell,windows-cmd,bash,zsh,fish --output=:file'
      _a_arguments=':profile'
      ;;
    explain)
      _a_options='--duration -d --no-session -n --region --role-arn --source-profile --external-id --session-name --tags --read-only --policy --policy-arn --json'
      _a_values='--duration=:none -d=:none --region=:region --role-arn=:none --source-profile=:profile --external-id=:none --session-name=:none --tags=:none --policy=:file --policy-arn=:none'
      _a_arguments=':profile'
      ;;
    login)
      _a_options='--service --path --region --browser --container --stdout -s --duration -d --reason --no-session -n --mfa-token -t --role-arn --source-profile --external-id --session-name --tags --auto-logout -a'
      _a_values='--service=acm,aos,apigateway,apigw,appsync,athena,backup,bedrock,billing,c9,ce,cf,cfn,cloudformation,cloudfront,cloudmap,cloudtrail,cloudwatch,codeartifact,codebuild,codecommit,codedeploy,codepipeline,codesuite,config,controltower,ct,cw,ddb,dms,dx,dynamodb,eb,ebs,ec2,ecr,ecs,efs,eks,elasticache,eventbridge,events,gd,glue,grafana,guardduty,iam,kinesis,kms,l,lambda,logs,mwaa,organizations,orgs,param,r53,ram,rds,redshift,route53,s3,sagemaker,scrh,scrm,secretsmanager,securityhub,ses,sfn,sm,sns,sqs,ssm,sso,states,stepfn,stepfunctions,tra,trustedadvisor,vpc,waf,wafv2 --path=:none --region=:region --browser=firefox,chrome,chromium,edge,brave --container=:none --duration=:none -d=:none --reason=:none --mfa-token=:none -t=:none --role-arn=:none --source-profile=:profile --external-id=:none --session-name=:none --tags=:none --federation-token-ttl=:none -f=:none --assume-role-ttl=:none'
      _a_arguments=':profile'
      ;;
    sso)
      _a_options='--device-code --browser-flow --browser --no-browser --container --port --if-needed --all --start-url --sso-region --scopes --name --region --only --diff --yes -y --prune --json --fresh'
      _a_values='--browser=firefox,chrome,chromium,edge,brave --container=:none --port=:none --start-url=:none --sso-region=:region --scopes=:none --name=:none --region=:region --only=:none'
      _a_arguments='login,logout,status,accounts,add,populate :profile'
      ;;
    eks-token)
      _a_options='--profile --region'
      _a_values='--profile=:profile --region=:region'
      _a_arguments=':none'
      ;;
    serve)
      _a_options='--list --revoke --print --name --for --read-only --policy --policy-arn --reason --duration -d --no-session -n --region --mfa-token -t --role-arn --source-profile --external-id --session-name --tags --refresh --json'
      _a_values='--revoke=:none --print=devcontainer,compose --name=:none --for=:none --policy=:file --policy-arn=:none --reason=:none --duration=:none -d=:none --region=:region --mfa-token=:none -t=:none --role-arn=:none --source-profile=:profile --external-id=:none --session-name=:none --tags=:none'
      _a_arguments=':profile'
      ;;
    relay)
      _a_options='--socket --port'
      _a_values='--socket=:file --port=:none'
      ;;
    ssh)
      _a_options='--read-write --for --read-only --policy --policy-arn --reason --duration -d --no-session -n --region --mfa-token -t --role-arn --source-profile --external-id --session-name --tags --refresh --ssh-config'
      _a_values='--for=:none --policy=:file --policy-arn=:none --reason=:none --duration=:none -d=:none --region=:region --mfa-token=:none -t=:none --role-arn=:none --source-profile=:profile --external-id=:none --session-name=:none --tags=:none --ssh-config=:file'
      _a_arguments=':profile :none'
      _a_command='yes'
      ;;
    use)
      _a_options='--auto --read-only --policy --policy-arn --for --reason --role-arn --source-profile --external-id --session-name --tags'
      _a_values='--policy=:file --policy-arn=:none --for=:none --reason=:none --role-arn=:none --source-profile=:profile --external-id=:none --session-name=:none --tags=:none'
      _a_arguments=':profile'
      ;;
    off)
      :
      ;;
    refresh)
      :
      ;;
    status)
      _a_options='--json --verify'
      ;;
    init)
      _a_arguments=':profile'
      ;;
    allow)
      _a_options='--list --prune'
      _a_arguments=':directory'
      ;;
    deny)
      _a_arguments=':directory'
      ;;
    setup)
      _a_options='--remove --dry-run --yes -y --shell'
      _a_values='--shell=bash,zsh,fish'
      ;;
    uninstall)
      _a_options='--dry-run --yes -y --keep-vault --export-keys --delete-keys'
      ;;
    hook)
      _a_arguments='bash,zsh,fish'
      ;;
    completion)
      _a_arguments='bash,zsh,fish'
      ;;
    prompt)
      _a_options='--shell --format'
      _a_values='--shell=bash,zsh,fish,tmux --format=json'
      ;;
    config)
      _a_options='--json --lenient'
      _a_arguments='list,get,set,unset,aws agent,backend,coding_agents,file_dir,lock_after,log,log_directories,log_to,pass_prefix,picker,prompt,protected,reason_as,registries,role_session_name,sign_in_flow,sso_cache,theme_variable,trusted_dirs :after...'
      ;;
    demo)
      :
      ;;
    doctor)
      _a_options='--offline --json'
      ;;
    agent)
      _a_options='--json'
      _a_arguments='start,stop,status'
      ;;
    lock)
      :
      ;;
    log)
      _a_options='--since --profile --key --utc --json'
      _a_values='--since=:none --profile=:profile --key=:none'
      ;;
    unlock)
      _a_options='--for-job --pid'
      _a_values='--pid=:none'
      ;;
    help)
      _a_arguments=':verb'
      ;;
    *) return 1 ;;
  esac
}

# Sets _a_kind to what the word is where that depends on the verb and the two words before it, $1.
__awsh_tab_after() {
  case $1 in
    'config set agent') _a_kind='on,off' ;;
    'config set backend') _a_kind='keychain,file,pass' ;;
    'config set coding_agents') _a_kind='read-only,ask,refuse,same' ;;
    'config set lock_after') _a_kind='off,30m,1h,8h' ;;
    'config set log') _a_kind='on,off,required' ;;
    'config set log_directories') _a_kind='on,off' ;;
    'config set log_to') _a_kind='file,syslog' ;;
    'config set picker') _a_kind='builtin,fzf' ;;
    'config set prompt') _a_kind='terminal,zenity,kdialog,osascript,ykman,pass-otp' ;;
    'config set reason_as') _a_kind='tag,source-identity' ;;
    'config set sign_in_flow') _a_kind='browser,code' ;;
    'config set sso_cache') _a_kind='shared,vault' ;;
    'config set theme_variable') _a_kind='AWSUME_PROFILE,AWSU_PROFILE,AWS_SSO_PROFILE,none' ;;
    *) _a_kind='' ;;
  esac
}

# Sets _a_text to what the word $2 after the verb $1 is about: a verb, where there is none before it, or an option.
__awsh_tab_text() {
  case "$1 $2" in
    ' add') _a_text='store an access key' ;;
    'add --env') _a_text='read the key from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY' ;;
    'add --stdin') _a_text='read the key from stdin: the key ID on one line, the secret on the next' ;;
    'add --no-add-config' | 'import --no-add-config') _a_text='do not change the AWS config file' ;;
    'add --force' | 'add -f') _a_text='replace a stored key without asking' ;;
    ' list' | ' ls') _a_text='show profiles, stored keys and sessions' ;;
    'list --json' | 'ls --json' | 'explain --json' | 'serve --json' | 'status --json' | 'config --json' | 'doctor --json') _a_text='print JSON' ;;
    'list --profiles' | 'ls --profiles') _a_text='only the profile names, one per line' ;;
    'list --credentials' | 'ls --credentials') _a_text='only the names with a stored key, one per line' ;;
    'list --sessions' | 'ls --sessions') _a_text='only the stored sessions, one per line' ;;
    ' remove' | ' rm') _a_text='remove a stored access key and its sessions' ;;
    'remove --sessions-only' | 'remove -s' | 'rm --sessions-only' | 'rm -s') _a_text='remove the sessions, but keep the key' ;;
    'remove --force' | 'remove -f' | 'rm --force' | 'rm -f' | 'setup --yes' | 'setup -y') _a_text='do not ask' ;;
    ' clear') _a_text='remove stored sessions, but keep access keys' ;;
    ' rotate') _a_text='replace a stored access key with a new one' ;;
    'rotate --no-session' | 'rotate -n') _a_text='sign requests with the key itself, without an MFA code' ;;
    'rotate --mfa-token' | 'rotate -t' | 'exec --mfa-token' | 'exec -t' | 'export --mfa-token' | 'export -t' | 'login --mfa-token' | 'login -t' | 'serve --mfa-token' | 'serve -t' | 'ssh --mfa-token' | 'ssh -t') _a_text='use this MFA code instead of asking for one' ;;
    'rotate --all') _a_text='replace every stored key' ;;
    'rotate --older-than') _a_text='with --all: only keys older than this, e.g. 90d' ;;
    ' import') _a_text='move access keys into the vault' ;;
    'import --all') _a_text='import every key found, without asking' ;;
    'import --dry-run' | 'migrate-backend --dry-run' | 'setup --dry-run') _a_text='show what would change, and change nothing' ;;
    'import --keep') _a_text='leave the keys in the AWS files' ;;
    'import --yes' | 'import -y') _a_text='remove the keys from the AWS files without asking' ;;
    'import --overwrite') _a_text='replace a different key already stored for the same profile' ;;
    'import --csv') _a_text='from a CSV file downloaded from the AWS console' ;;
    'import --aws-vault') _a_text='from aws-vault with any backend, by running aws-vault' ;;
    'import --aws-vault-file') _a_text='from aws-vault'\''s file backend, without running aws-vault' ;;
    'import --aws-vault-keyring') _a_text='from aws-vault'\''s keyring in the Secret Service' ;;
    'import --aws-vault-pass') _a_text='from aws-vault'\''s entries in a password store' ;;
    'import --dir') _a_text='with --aws-vault-file: the folder, if not ~/.awsvault/keys' ;;
    ' migrate-backend') _a_text='copy stored access keys from one backend to another' ;;
    'migrate-backend --from') _a_text='the backend to copy from' ;;
    'migrate-backend --to') _a_text='the backend to copy to' ;;
    'migrate-backend --profile') _a_text='only this profile'\''s key' ;;
    'migrate-backend --overwrite') _a_text='replace keys of the same name in the new backend' ;;
    'migrate-backend --delete-source') _a_text='delete the keys from the old backend, without asking' ;;
    ' exec') _a_text='run a command with a profile'\''s credentials' ;;
    'exec --duration' | 'exec -d' | 'export --duration' | 'export -d' | 'explain --duration' | 'explain -d' | 'login --duration' | 'login -d' | 'serve --duration' | 'serve -d' | 'ssh --duration' | 'ssh -d') _a_text='how long the session lasts, e.g. 1h30m' ;;
    'exec --no-session' | 'exec -n' | 'export --no-session' | 'export -n' | 'explain --no-session' | 'explain -n' | 'serve --no-session' | 'serve -n' | 'ssh --no-session' | 'ssh -n') _a_text='use the stored access key itself, without a session' ;;
    'exec --region' | 'export --region' | 'explain --region' | 'serve --region' | 'ssh --region') _a_text='the AWS region or its short name (ue1), instead of the profile'\''s' ;;
    'exec --role-arn' | 'export --role-arn' | 'explain --role-arn' | 'login --role-arn' | 'serve --role-arn' | 'ssh --role-arn' | 'use --role-arn') _a_text='assume this role (an ARN or ACCOUNT:ROLE) from PROFILE or --source-profile' ;;
    'exec --source-profile' | 'export --source-profile' | 'explain --source-profile' | 'login --source-profile' | 'serve --source-profile' | 'ssh --source-profile' | 'use --source-profile') _a_text='with a role: the profile whose credentials assume it' ;;
    'exec --external-id' | 'export --external-id' | 'explain --external-id' | 'login --external-id' | 'serve --external-id' | 'ssh --external-id' | 'use --external-id') _a_text='with a role: the external ID that it requires' ;;
    'exec --session-name' | 'export --session-name' | 'explain --session-name' | 'login --session-name' | 'serve --session-name' | 'ssh --session-name' | 'use --session-name') _a_text='with a role: the session name' ;;
    'exec --tags' | 'export --tags' | 'explain --tags' | 'login --tags' | 'serve --tags' | 'ssh --tags' | 'use --tags') _a_text='with a role: session tags, e.g. team=blue,env=dev' ;;
    'exec --read-only' | 'export --read-only' | 'explain --read-only' | 'serve --read-only' | 'ssh --read-only' | 'use --read-only') _a_text='only what AWS'\''s ReadOnlyAccess policy allows, which includes reading data' ;;
    'exec --policy' | 'export --policy' | 'explain --policy' | 'serve --policy' | 'ssh --policy' | 'use --policy') _a_text='only what this session policy allows: a file or JSON text' ;;
    'exec --policy-arn' | 'export --policy-arn' | 'explain --policy-arn' | 'serve --policy-arn' | 'ssh --policy-arn' | 'use --policy-arn') _a_text='only what this managed policy allows; repeat the option to allow more' ;;
    'exec --for' | 'export --for' | 'use --for') _a_text='how long to keep the credentials, e.g. 15m; also limits the session requested from AWS' ;;
    'exec --reason' | 'export --reason' | 'login --reason' | 'serve --reason' | 'ssh --reason' | 'use --reason') _a_text='why you need a protected profile: shown in CloudTrail and awsh log' ;;
    'exec --only') _a_text='hide other profiles: the command gets its own AWS files; bubblewrap, if installed, hides yours' ;;
    'exec --refresh' | 'export --refresh' | 'serve --refresh' | 'ssh --refresh') _a_text='get a new session even if the cached one is still valid' ;;
    'exec --server' | 'exec -s') _a_text='provide keys that renew, from a local server' ;;
    'exec --lazy') _a_text='with --server: fetch nothing until the command asks' ;;
    'exec --profile-env') _a_text='give the command only AWS_PROFILE, and no keys' ;;
    ' export') _a_text='print a profile'\''s credentials' ;;
    'export --format') _a_text='the output format' ;;
    'export --output') _a_text='write to this file, readable only by you, instead of printing' ;;
    'export --no-ask') _a_text='never ask; fail at once if an answer is needed' ;;
    'export --ask') _a_text='ask in the terminal, even with --format process' ;;
    ' explain') _a_text='show how a profile gets its credentials, without calling AWS' ;;
    ' login') _a_text='sign in to the AWS console in a browser' ;;
    'login --service') _a_text='open this service'\''s page, e.g. s3' ;;
    'login --path') _a_text='open this page of the console' ;;
    'login --region') _a_text='the AWS region, instead of the profile'\''s' ;;
    'login --browser') _a_text='firefox, chrome, chromium, edge, brave, or another program' ;;
    'login --container') _a_text='a Firefox container or Chrome profile, to keep accounts apart' ;;
    'login --stdout' | 'login -s') _a_text='print the URL instead of opening a browser' ;;
    'login --no-session' | 'login -n') _a_text='use the source credentials directly, without a session first' ;;
    'login --auto-logout' | 'login -a') _a_text='sign out of the current console session first' ;;
    ' sso') _a_text='sign in to or out of IAM Identity Center, list accounts, create profiles' ;;
    'sso --device-code') _a_text='login: enter a code on a web page, on any machine' ;;
    'sso --browser-flow') _a_text='login: use a browser that connects back to this machine' ;;
    'sso --browser') _a_text='login: firefox, chrome, chromium, edge, brave, or another program' ;;
    'sso --no-browser') _a_text='login: show the address and open no browser' ;;
    'sso --container') _a_text='login: a Firefox container or Chrome profile' ;;
    'sso --port') _a_text='login: the port that the browser connects back to, for ssh -L' ;;
    'sso --if-needed') _a_text='login: do nothing if you are already signed in' ;;
    'sso --all') _a_text='login, logout: every session in the config file' ;;
    'sso --start-url') _a_text='add: your organisation'\''s sign-in URL, e.g. https://corp.awsapps.com/start' ;;
    'sso --sso-region') _a_text='add: the AWS region of your IAM Identity Center' ;;
    'sso --scopes') _a_text='add: a list separated by commas (default sso:account:access)' ;;
    'sso --name') _a_text='populate: profile names (default {account}/{role}; also {account_id} {session} {n})' ;;
    'sso --region') _a_text='populate: the AWS region for the profiles' ;;
    'sso --only') _a_text='populate: only profiles whose name, account or role matches, e.g. prod*' ;;
    'sso --diff') _a_text='populate: show the changes without making them' ;;
    'sso --yes' | 'sso -y') _a_text='populate: do not ask' ;;
    'sso --prune') _a_text='populate: remove profiles for roles that you no longer have' ;;
    'sso --json') _a_text='status, accounts: print JSON' ;;
    'sso --fresh') _a_text='accounts: get a new list, even if the saved one is under 24 hours old' ;;
    ' eks-token') _a_text='print a token for an Amazon EKS cluster, for kubectl' ;;
    'eks-token --profile') _a_text='the profile whose credentials sign the token' ;;
    'eks-token --region') _a_text='the cluster'\''s AWS region or its short name (ue1), instead of the profile'\''s' ;;
    ' serve') _a_text='provide self-renewing credentials to a container or remote host' ;;
    'serve --list') _a_text='list the grants' ;;
    'serve --revoke') _a_text='end this grant' ;;
    'serve --print') _a_text='print what to add to a devcontainer.json or compose file' ;;
    'serve --name') _a_text='the name of the grant; the default for --print is devcontainer' ;;
    'serve --for' | 'ssh --for') _a_text='how long the grant lasts, e.g. 30m or 8h (default 1h)' ;;
    ' relay') _a_text='in a container: forward a local port to the socket of a grant' ;;
    'relay --socket') _a_text='the socket (default /run/awsh/sock)' ;;
    'relay --port') _a_text='the port on 127.0.0.1 (default 9911)' ;;
    ' ssh') _a_text='log in to another machine with ssh, and provide a profile'\''s credentials there' ;;
    'ssh --read-write') _a_text='give all of the profile'\''s permissions' ;;
    'ssh --ssh-config') _a_text='use this file instead of your ssh config, as with ssh -F' ;;
    ' use') _a_text='load a profile and keep it in every directory' ;;
    'use --auto') _a_text='load profiles by directory again' ;;
    ' off') _a_text='unload the profile, and load nothing until the next awsh use' ;;
    ' refresh') _a_text='renew the loaded credentials now' ;;
    ' status') _a_text='show what is loaded here, and why' ;;
    'status --verify') _a_text='ask AWS whose credentials are loaded' ;;
    ' init') _a_text='create a .awsprofile file here and allow it' ;;
    ' allow') _a_text='trust the .awsprofile file that applies to this directory' ;;
    'allow --list') _a_text='list what is trusted and refused' ;;
    'allow --prune') _a_text='forget files that no longer exist' ;;
    ' deny') _a_text='refuse the .awsprofile file that applies to this directory' ;;
    ' setup') _a_text='load awsh in every new shell: adds one block to your shell'\''s rc file' ;;
    'setup --remove') _a_text='remove the block again' ;;
    'setup --shell') _a_text='set up this shell instead of the current one' ;;
    ' uninstall') _a_text='remove awsh from this machine, and keep, export or delete stored keys' ;;
    'uninstall --dry-run') _a_text='show what is installed, and change nothing' ;;
    'uninstall --yes' | 'uninstall -y') _a_text='do not ask; stored keys stay' ;;
    'uninstall --keep-vault') _a_text='keep the stored keys, and do not ask about them' ;;
    'uninstall --export-keys') _a_text='move the stored keys to the AWS credentials file, in plain text' ;;
    'uninstall --delete-keys') _a_text='delete the stored keys without making a copy' ;;
    ' hook') _a_text='print the path of the shell hook, to source it yourself' ;;
    ' completion') _a_text='print the shell completion script' ;;
    ' prompt') _a_text='print the prompt segment: the profile and the time left' ;;
    'prompt --shell') _a_text='add colours in the form that this prompt needs' ;;
    'prompt --format') _a_text='print the state of the shell, the reason and the next command' ;;
    ' config') _a_text='show and change the settings of awsh' ;;
    'config --lenient') _a_text='with aws: tolerate malformed lines, as all other commands do' ;;
    ' demo') _a_text='try awsh in a sandbox that leaves nothing behind' ;;
    ' doctor') _a_text='find problems, and show how to fix them' ;;
    'doctor --offline') _a_text='skip the one request to AWS, which compares the clocks' ;;
    ' agent') _a_text='start, stop or check the background process that holds sessions' ;;
    'agent --json') _a_text='status: print JSON' ;;
    ' lock') _a_text='forget all sessions, and refuse credentials until awsh unlock' ;;
    ' log') _a_text='show which credentials awsh provided, when and where' ;;
    'log --since') _a_text='how far back to look: 8h, 2d, yesterday, 2026-11-30' ;;
    'log --profile') _a_text='only entries for this profile' ;;
    'log --key') _a_text='only this access key ID; its first or last part is enough' ;;
    'log --utc') _a_text='show times in UTC' ;;
    'log --json') _a_text='print JSON, one object per line' ;;
    ' unlock') _a_text='unlock awsh; asks for the passphrase if keys are in encrypted files' ;;
    'unlock --for-job') _a_text='in CI: keep the vault unlocked until the calling process ends' ;;
    'unlock --pid') _a_text='with --for-job: until this process ends; it must have started awsh' ;;
    ' help') _a_text='show help for a command' ;;
    *' --backend') _a_text='where secrets are kept' ;;
    *' --prompt') _a_text='how to ask for an MFA code' ;;
    *' --file-dir') _a_text='folder of the file backend' ;;
    *' --pass-dir') _a_text='password store of the pass backend' ;;
    *' --pass-cmd') _a_text='the pass program' ;;
    *' --pass-prefix') _a_text='prefix of names in the password store' ;;
    *' --debug') _a_text='show each step, and details of errors, but never secrets' ;;
    *' --help' | *' -h') _a_text='show help' ;;
    *' --version') _a_text='show the version' ;;
    *) _a_text='' ;;
  esac
}
# <<< made from the command table <<<

__awsh_tab() {
  local IFS=$' \t\n'
  local _a_words _a_starts _a_current _a_quote _a_verb='' _a_kind='' _a_given=0 _a_literal=''
  local _a_options='' _a_values='' _a_arguments='' _a_takes _a_command='' _a_texts=()
  COMPREPLY=() _a_takes=()
  __awsh_tab_split "${COMP_LINE:0:COMP_POINT}" "$1"
  __awsh_tab_answer
  if [[ ${BASH_VERSINFO[0]} -lt 4 ]]; then __awsh_tab_space; fi
}

# Reads the words before the current one, and gives what may follow them.
__awsh_tab_answer() {
  local _a_word _a_index
  for ((_a_index = 0; _a_index < ${#_a_words[@]}; _a_index++)); do
    _a_word=${_a_words[_a_index]}
    if [[ -n $_a_kind ]]; then
      _a_kind=''
    elif [[ -z $_a_literal && $_a_word == -- ]]; then
      if [[ -n $_a_command ]]; then
        __awsh_tab_hand_over "${_a_starts[_a_index + 1]}"
        return 0
      fi
      _a_literal='yes'
    elif [[ -z $_a_literal && $_a_word == -?* ]]; then
      __awsh_tab_kind_of "$_a_word"
    elif [[ -z $_a_verb ]]; then
      _a_verb=$_a_word
      __awsh_tab_verb "$_a_verb" || return 0
      # shellcheck disable=SC2206 # From the table above, to be split.
      _a_takes=($_a_arguments)
    elif [[ -n $_a_command && $_a_given -ge ${#_a_takes[@]} ]]; then
      __awsh_tab_hand_over "${_a_starts[_a_index]}"
      return 0
    else
      _a_given=$((_a_given + 1))
    fi
  done
  if [[ -n $_a_command && -z $_a_kind && $_a_current == [!-]* && $_a_given -ge ${#_a_takes[@]} ]]; then
    __awsh_tab_hand_over "${_a_starts[_a_index]}"
    return 0
  fi
  __awsh_tab_candidates
  __awsh_tab_quote
  __awsh_tab_describe
}

# What fits the current word, unquoted, into COMPREPLY.
__awsh_tab_candidates() {
  local _a_before=''
  if [[ -n $_a_kind ]]; then
    __awsh_tab_offer_kind
  elif [[ -z $_a_literal && $_a_current == --*=* ]]; then
    _a_before=${_a_current%%=*}=
    __awsh_tab_kind_of "${_a_before%=}"
    __awsh_tab_offer_kind
  elif [[ -z $_a_literal && $_a_current == -* ]]; then
    __awsh_tab_offer_words "$_a_options $__awsh_tab_options"
    if [[ -n $_a_command ]]; then __awsh_tab_offer --; fi
  elif [[ -z $_a_verb ]]; then
    __awsh_tab_offer_words "$__awsh_tab_verbs"
  elif [[ $_a_given -lt ${#_a_takes[@]} ]]; then
    _a_kind=${_a_takes[_a_given]%...}
    __awsh_tab_offer_kind
  elif [[ -n $_a_command ]]; then
    __awsh_tab_offer --
  elif [[ $_a_arguments == *... ]]; then
    _a_kind=${_a_takes[${#_a_takes[@]} - 1]%...}
    __awsh_tab_offer_kind
  fi
}

# Cuts the line $1 into _a_words (those before the cursor's, unquoted, after the command's own name $2), _a_current and
# _a_quote: the quote that is open in it. _a_starts has where in the line each begins, and _a_current last.
__awsh_tab_split() {
  local _a_line=$1 _a_name=$2 _a_at=0 _a_char _a_next _a_begun=''
  _a_words=() _a_starts=() _a_current='' _a_quote=''
  while [[ $_a_at -lt ${#_a_line} ]]; do
    _a_char=${_a_line:_a_at:1} _a_next=${_a_line:_a_at+1:1}
    case $_a_quote$_a_begun$_a_char in
      [[:space:]]) ;;
      ?) _a_begun='-' _a_starts[${#_a_words[@]}]=$_a_at ;;
    esac
    _a_at=$((_a_at + 1))
    case ${_a_quote:--}$_a_char in
      "''" | '""') _a_quote='' ;;
      \"\\)
        case $_a_next in
          [\"\\\$\`]) _a_current+=$_a_next _a_at=$((_a_at + 1)) ;;
          *) _a_current+=$_a_char ;;
        esac
        ;;
      [\'\"]*) _a_current+=$_a_char ;;
      -[\'\"]) _a_quote=$_a_char ;;
      -\\) _a_current+=$_a_next _a_at=$((_a_at + 1)) ;;
      -[[:space:]])
        if [[ -n $_a_begun ]]; then
          _a_words[${#_a_words[@]}]=$_a_current
          # What stands before awsh itself (assignments, sudo) is not ours.
          if [[ -n $_a_name && $_a_current == "$_a_name" ]]; then _a_words=() _a_starts=() _a_name=''; fi
        fi
        _a_current='' _a_begun=''
        ;;
      *) _a_current+=$_a_char ;;
    esac
  done
  if [[ -z $_a_begun ]]; then _a_starts[${#_a_words[@]}]=${#_a_line}; fi
}

# Sets _a_kind to what the option $1 wants for a value; to nothing where it wants none. `-nd` wants what `-d` does.
__awsh_tab_kind_of() {
  local _a_option=$1 _a_each
  _a_kind=''
  if [[ $_a_option != --* && ${#_a_option} -gt 2 ]]; then _a_option=-${_a_option:${#_a_option}-1}; fi
  for _a_each in $_a_values $__awsh_tab_values; do
    if [[ ${_a_each%%=*} == "$_a_option" ]]; then _a_kind=${_a_each#*=}; fi
  done
}

__awsh_tab_offer() {
  if [[ $_a_before$1 == "$_a_current"* ]]; then COMPREPLY[${#COMPREPLY[@]}]=$_a_before$1; fi
}

# Each word of $1, which comes from the table above.
__awsh_tab_offer_words() {
  local _a_each
  for _a_each in $1; do __awsh_tab_offer "$_a_each"; done
}

__awsh_tab_offer_kind() {
  if [[ $_a_kind == :after ]]; then
    __awsh_tab_after "$_a_verb ${_a_words[${#_a_words[@]} - 2]} ${_a_words[${#_a_words[@]} - 1]}"
  fi
  case $_a_kind in
    :profile) __awsh_tab_offer_profiles 'any' ;;
    :stored-profile) __awsh_tab_offer_profiles 'stored' ;;
    :region) __awsh_tab_offer_words "$__awsh_tab_regions" ;;
    :verb) __awsh_tab_offer_words "$__awsh_tab_verbs" ;;
    :directory) __awsh_tab_offer_paths -d ;;
    :file) __awsh_tab_offer_paths -f ;;
    :command) __awsh_tab_offer_commands ;;
    '' | :*) ;;
    *) __awsh_tab_offer_words "${_a_kind//,/ }" ;;
  esac
}

# What compgen has for $1: -d folders, -f files too. Folders get their slash, and a leading ~/ stays as it is.
__awsh_tab_offer_paths() {
  local _a_typed=${_a_current#"$_a_before"} _a_home='' _a_each _a_list
  case $_a_typed in
    \~/*) _a_home=${HOME-} _a_typed=$_a_home${_a_typed#\~} ;;
  esac
  IFS=$'\n' read -r -d '' -a _a_list <<<"$(compgen "$1" -- "$_a_typed")" || :
  for _a_each in ${_a_list[@]+"${_a_list[@]}"}; do
    if [[ -d $_a_each ]]; then
      _a_each=${_a_each%/}/
      __awsh_tab_option nospace
    fi
    if [[ -n $_a_home ]]; then _a_each=\~${_a_each#"$_a_home"}; fi
    __awsh_tab_offer "$_a_each"
  done
}

__awsh_tab_offer_commands() {
  local _a_each _a_list
  IFS=$'\n' read -r -d '' -a _a_list <<<"$(compgen -c -- "${_a_current#"$_a_before"}")" || :
  for _a_each in ${_a_list[@]+"${_a_list[@]}"}; do __awsh_tab_offer "$_a_each"; done
}

# Has readline treat the candidates as `complete -o $1` would. bash 3.2 cannot, and goes without.
__awsh_tab_option() {
  if [[ ${BASH_VERSINFO[0]} -ge 4 ]]; then compopt -o "$1" 2>/dev/null || :; fi
}

# $1: any (all profiles) or stored (those with a stored key). They are read into COMPREPLY itself, because thousands of
# names take a while to copy.
__awsh_tab_offer_profiles() {
  local _a_cache=${__awsh_cache-} _a_path _a_config _a_credentials _a_made='' _a_rows=''
  # Where it was when the hook was sourced (security rules 24 and 29).
  if [[ $_a_cache != /* ]]; then
    _a_cache=${XDG_CACHE_HOME-}
    [[ $_a_cache == /* ]] || _a_cache=${HOME-}/.cache
    _a_cache=$_a_cache/awsh
  fi
  _a_cache=$_a_cache/profiles
  __awsh_tab_path "${AWS_CONFIG_FILE-}" config && _a_config=$_a_path
  __awsh_tab_path "${AWS_SHARED_CREDENTIALS_FILE-}" credentials && _a_credentials=$_a_path
  if [[ -f $_a_cache && -O $_a_cache && -r $_a_cache && -O ${_a_cache%/*} ]]; then __awsh_tab_read "$1"; fi
  if [[ $_a_made != "$_a_config"$'\t'"$_a_credentials" || $_a_config -nt $_a_cache || $_a_credentials -nt $_a_cache ]]; then
    __awsh_tab_renew
    if [[ $1 == any ]]; then
      COMPREPLY=()
      __awsh_tab_offer_headers "$_a_config" 'profile'
      __awsh_tab_offer_headers "$_a_credentials" ''
      return
    fi
  fi
  # What is stored is written anew with each change, whatever the AWS files are.
  __awsh_tab_keep_what_begins
}

# Sets _a_path to the AWS file $1, or to the default one called $2, as Node names it.
__awsh_tab_path() {
  case $1 in
    '') _a_path=${HOME-}/.aws/$2 ;;
    \~/*) _a_path=${HOME-}${1#\~} ;;
    /*) _a_path=$1 ;;
    *) _a_path=$PWD/$1 ;;
  esac
}

# Takes the block $1 of the names in the cache into COMPREPLY, how many lines come before the same with account and role
# into _a_rows, and what the cache was made from into _a_made, which stays empty where this is no such cache.
# src/cli/profile-names.ts writes it.
__awsh_tab_read() {
  local _a_stored _a_any _a_skipped _a_each _a_bytes _a_head _a_whole=''
  # bash 3.2 has no mapfile, and reads letter by letter: its fork takes a fraction of that.
  if [[ ${BASH_VERSINFO[0]} -lt 4 ]]; then _a_whole=$(<"$_a_cache"); fi
  {
    IFS=$'\t' read -r -a _a_head || :
    if [[ ${_a_head[0]-} != 3 || ${#_a_head[@]} -ne 9 ]]; then return; fi
    for _a_each in "${_a_head[@]:1:6}"; do __awsh_tab_is_count "$_a_each" || return 0; done
    _a_made=${_a_head[7]}$'\t'${_a_head[8]} _a_stored=${_a_head[1]} _a_any=${_a_head[2]}
    if [[ $1 == stored ]]; then
      _a_rows=$((1 + _a_stored)) _a_skipped=0 _a_bytes=${_a_head[3]}
      __awsh_tab_lines 0 "$_a_stored"
    else
      _a_rows=$((1 + 2 * _a_stored + _a_any)) _a_skipped=$((_a_head[3] + _a_head[4])) _a_bytes=${_a_head[5]}
      __awsh_tab_lines $((2 * _a_stored)) "$_a_any"
    fi
    __awsh_tab_has_no_control ${COMPREPLY[@]+"${COMPREPLY[@]}"} || { COMPREPLY=() && _a_made=''; }
  } <"$_a_cache"
}

# Reads lines of stdin into COMPREPLY, without the first $1 of them, and $2 at most: in bash 3.2 those of _a_whole, without
# its first line and _a_skipped bytes, and _a_bytes at most.
__awsh_tab_lines() {
  local LC_ALL=C IFS=$'\t' _a_first _a_glob='' _a_all
  if [[ $2 == 0 ]]; then
    :
  elif [[ ${BASH_VERSINFO[0]} -ge 4 ]]; then
    mapfile -t -s "$1" -n "$2" COMPREPLY
  else
    _a_first=${_a_whole%%$'\n'*} _a_all="${_a_head[*]}"
    # Another cache may have taken its place between the two looks.
    if [[ $_a_first != "$_a_all" ]]; then return; fi
    case $- in *f*) ;; *) _a_glob='yes' ;; esac
    IFS=$'\n'
    set -f
    # shellcheck disable=SC2206 # To be split, and nothing else.
    COMPREPLY=(${_a_whole:${#_a_first}+1+_a_skipped:_a_bytes})
    if [[ -n $_a_glob ]]; then set +f; fi
  fi
}

# No argument has a byte that could change what a terminal shows: the names in a cache were not checked by this shell.
__awsh_tab_has_no_control() {
  local LC_ALL=C IFS=' '
  [[ "$*" != *[$'\001'-$'\037'$'\177']* && "$*" != *$'\302'[$'\200'-$'\237']* ]]
}

# $1 may meet arithmetic.
__awsh_tab_is_count() {
  case $1 in
    0 | [1-9]) ;;
    '' | *[!0-9]* | 0* | ?????????*) return 1 ;;
  esac
}

# Keeps those of COMPREPLY, which are sorted by bytes, that begin with what is typed, and reads what they are about where
# that will be shown.
__awsh_tab_keep_what_begins() {
  local _a_typed=${_a_current#"$_a_before"} _a_at=${#COMPREPLY[@]} _a_from=0
  if [[ $_a_at -eq 0 ]]; then return; fi
  if [[ -n $_a_typed ]]; then
    __awsh_tab_before "$_a_typed"
    _a_from=$_a_at
    # No UTF-8 has this byte.
    __awsh_tab_before "$_a_typed"$'\xff'
    if [[ $_a_at -le $_a_from ]]; then
      COMPREPLY=()
      return
    fi
    COMPREPLY=("${COMPREPLY[@]:_a_from:_a_at-_a_from}")
  fi
  if __awsh_tab_is_described; then
    mapfile -t -s $((_a_rows + _a_from)) -n ${#COMPREPLY[@]} _a_texts <"$_a_cache"
    # Another cache may have taken its place.
    if [[ ${_a_texts[0]-} != "${COMPREPLY[0]}"$'\t'* ]] || ! __awsh_tab_has_no_control "${_a_texts[@]/$'\t'/}"; then
      _a_texts=()
    fi
  fi
  if [[ -n $_a_before ]]; then COMPREPLY=("${COMPREPLY[@]/#/$_a_before}"); fi
}

# Sets _a_at to how many of COMPREPLY come before $1.
__awsh_tab_before() {
  local LC_ALL=C _a_low=0 _a_high=${#COMPREPLY[@]} _a_middle
  while [[ $_a_low -lt $_a_high ]]; do
    _a_middle=$(((_a_low + _a_high) / 2))
    if [[ ${COMPREPLY[_a_middle]} < $1 ]]; then _a_low=$((_a_middle + 1)); else _a_high=$_a_middle; fi
  done
  _a_at=$_a_low
}

# Has awsh bring the names up to date for the next Tab; nobody waits for it. The substitution keeps it out of the shell's
# jobs. Where it does not help (a malformed config), it is not tried again at each Tab. Where awsh is not beside this file
# it is found by the PATH, but never in the folder that one happens to stand in.
__awsh_tab_renew() {
  case ${SECONDS-} in
    '' | *[!0-9]* | ?????????????*) return ;;
  esac
  if [[ -n $__awsh_tab_asked && $((SECONDS - __awsh_tab_asked)) -lt 10 ]]; then return; fi
  __awsh_tab_asked=$SECONDS
  : "$(
    _a_awsh=$__awsh_tab_home/bin/awsh
    if [[ ! -x $_a_awsh ]]; then _a_awsh=${__awsh_launcher-}; fi
    if [[ ! -x $_a_awsh ]]; then _a_awsh=$(type -P awsh); fi
    if [[ $_a_awsh == /* ]]; then
      _a_state=${__awsh_lock-}
      _a_state=${_a_state%/*}
      AWSH_STATE_FOLDER=$_a_state AWSH_CACHE_FOLDER=${__awsh_cache-} \
        AWS_CONFIG_FILE=$_a_config AWS_SHARED_CREDENTIALS_FILE=$_a_credentials "$_a_awsh" _names </dev/null >/dev/null 2>&1 &
    fi
  )"
}

# The profiles whose headers stand in the file $1; in the config file they begin with the word $2.
__awsh_tab_offer_headers() {
  local LC_ALL=C _a_line _a_lines=()
  [[ -f $1 && -r $1 ]] || return 0
  if [[ ${BASH_VERSINFO[0]} -ge 4 ]]; then
    mapfile -t _a_lines <"$1"
  else
    IFS=$'\n' read -r -d '' -a _a_lines <"$1" || :
  fi
  if [[ ${#_a_lines[@]} -eq 0 ]]; then return 0; fi
  _a_lines[0]=${_a_lines[0]#$'\xef\xbb\xbf'}
  for _a_line in "${_a_lines[@]}"; do
    [[ $_a_line == \[*\]* ]] || continue
    _a_line=${_a_line#\[} _a_line=${_a_line%%\]*}
    __awsh_tab_trim
    case $2,$_a_line in
      ,* | profile,default) ;;
      profile,profile[[:blank:]]*) _a_line=${_a_line#profile} ;;
      *) continue ;;
    esac
    __awsh_tab_trim
    case $_a_line in
      '') continue ;;
      \"*\" | \'*\') _a_line=${_a_line:1:${#_a_line}-2} ;;
    esac
    if [[ $_a_line != *[!\ -~]* ]] || __awsh_tab_is_printable "$_a_line"; then __awsh_tab_offer "$_a_line"; fi
  done
}

# Takes the blanks off both ends of _a_line.
__awsh_tab_trim() {
  case $_a_line in
    [[:blank:]]* | *[[:blank:]])
      _a_line=${_a_line#"${_a_line%%[![:blank:]]*}"}
      _a_line=${_a_line%"${_a_line##*[![:blank:]]}"}
      ;;
  esac
}

# The bytes of $1 have no control character in them, and none that turns a terminal's text around or is not seen.
__awsh_tab_is_printable() {
  case $1 in
    *[[:cntrl:]]* | *$'\xc2'[$'\x80'-$'\x9f\xad']* | *$'\xd8'[$'\x80'-$'\x85\x9c']*) return 1 ;;
    *$'\xe2\x80'[$'\x8b'-$'\x8f\xa8'-$'\xae']* | *$'\xe2\x81'[$'\xa0'-$'\xaf']*) return 1 ;;
    *$'\xef\xbb\xbf'* | *$'\xef\xbf'[$'\xb9'-$'\xbb']* | *$'\xf3\xa0'*) return 1 ;;
  esac
}

# Writes COMPREPLY as the line wants it: quoted, and without what stands before the last word break, because there
# readline begins the word that it replaces.
__awsh_tab_quote() {
  local _a_at _a_text _a_cut=0 _a_char
  if [[ ${#COMPREPLY[@]} -eq 0 ]]; then return; fi
  if [[ -z $_a_quote ]]; then
    for ((_a_at = ${#_a_current}; _a_at > 0; _a_at--)); do
      _a_char=${_a_current:_a_at-1:1}
      if [[ $_a_char == [:=@] && ${COMP_WORDBREAKS-} == *"$_a_char"* ]]; then
        _a_cut=$_a_at
        # An @ is part of the word that it begins, for the sake of host names.
        if [[ $_a_char == @ ]]; then _a_cut=$((_a_at - 1)); fi
        break
      fi
    done
    if [[ $_a_cut -gt 0 ]]; then COMPREPLY=("${COMPREPLY[@]#"${_a_current:0:_a_cut}"}"); fi
  fi
  if __awsh_tab_is_plain; then return; fi
  if [[ -z $_a_quote && $_a_current != \~* ]]; then
    __awsh_tab_quote_all
    return
  fi
  for ((_a_at = 0; _a_at < ${#COMPREPLY[@]}; _a_at++)); do
    _a_text=${COMPREPLY[_a_at]}
    case $_a_quote,$_a_text in
      ,\~/?*)
        printf -v _a_text '%q' "${_a_text#\~/}"
        _a_text=\~/$_a_text
        ;;
      ,\~/ | ,) ;;
      ,*) printf -v _a_text '%q' "$_a_text" ;;
      \',*) _a_text=${_a_text//\'/\'\\\'\'} ;;
      *) __awsh_tab_escape ;;
    esac
    COMPREPLY[_a_at]=$_a_text
  done
}

# No candidate has anything in it that a shell would read otherwise. (A regular expression is a tenth of a pattern's time,
# and bash 3.2 joins with a space where it compares.)
__awsh_tab_is_plain() {
  local LC_ALL=C IFS=$'\n' _a_all _a_special=$'[^A-Za-z0-9_./:@=+\n-]'
  _a_all="${COMPREPLY[*]}"
  [[ ! $_a_all =~ $_a_special ]]
}

# All of COMPREPLY in one go: quoted, none of them has a line end in it.
__awsh_tab_quote_all() {
  local IFS=$'\n' _a_at _a_all _a_glob=''
  printf -v _a_all '%q\n' "${COMPREPLY[@]}"
  case $- in *f*) ;; *) _a_glob='yes' ;; esac
  set -f
  # shellcheck disable=SC2206 # To be split, and nothing else.
  COMPREPLY=($_a_all)
  if [[ -n $_a_glob ]]; then set +f; fi
  # Before 4.3 bash leaves a ~ as it is.
  if [[ $'\n'$_a_all == *$'\n~'* ]]; then
    for ((_a_at = 0; _a_at < ${#COMPREPLY[@]}; _a_at++)); do
      if [[ ${COMPREPLY[_a_at]} == \~* ]]; then COMPREPLY[_a_at]=\\${COMPREPLY[_a_at]}; fi
    done
  fi
}

# Escapes what is special inside double quotes in _a_text.
__awsh_tab_escape() {
  local _a_from=$_a_text _a_i
  _a_text=''
  for ((_a_i = 0; _a_i < ${#_a_from}; _a_i++)); do
    case ${_a_from:_a_i:1} in
      [\"\\\$\`]) _a_text+=\\ ;;
    esac
    _a_text+=${_a_from:_a_i:1}
  done
}

# readline is about to list the candidates, and no more: bash's manual has the types. At 33 it also inserts what all have in
# common. That ends with the name, because names differ; but inside quotes a blank would not end it.
__awsh_tab_is_listing() {
  case ${COMP_TYPE-},$_a_quote in
    63,* | 33,) ;;
    *) return 1 ;;
  esac
}

# What the candidates are about is to be shown. Of more than a hundred readline asks first whether to list them.
__awsh_tab_is_described() {
  [[ ${#COMPREPLY[@]} -ge 2 && ${#COMPREPLY[@]} -le 100 ]] && __awsh_tab_is_listing
}

# Where readline is about to list the candidates, adds what they are about.
__awsh_tab_describe() {
  local _a_at _a_text _a_width=0 _a_columns=80 _a_count=${#COMPREPLY[@]}
  if ! __awsh_tab_is_described; then return; fi
  for ((_a_at = 0; _a_at < _a_count; _a_at++)); do
    if [[ ${#COMPREPLY[_a_at]} -gt $_a_width ]]; then _a_width=${#COMPREPLY[_a_at]}; fi
  done
  case ${COLUMNS-} in [1-9]?????* | *[!0-9]* | '') ;; *) _a_columns=$COLUMNS ;; esac
  for ((_a_at = 0; _a_at < _a_count; _a_at++)); do
    if [[ ${#_a_texts[@]} -gt 0 ]]; then
      _a_text=${_a_texts[_a_at]-}
      _a_text=${_a_text#*$'\t'}
    else
      __awsh_tab_text "$_a_verb" "${COMPREPLY[_a_at]}"
    fi
    if [[ -n $_a_text ]]; then
      printf -v _a_text '%-*s  %s' "$_a_width" "${COMPREPLY[_a_at]}" "$_a_text"
      COMPREPLY[_a_at]=${_a_text:0:_a_columns-1}
    fi
  done
}

# --- the command that `exec PROFILE` is to run ---------------------------------------------------------------------

# Gives the completion of the command that begins at character $1 of the line, as if it stood there alone.
__awsh_tab_hand_over() {
  local _a_line=${COMP_LINE:$1} _a_at=0 _a_passed=0
  while [[ $_a_at -lt $COMP_CWORD && $_a_passed -lt $1 ]]; do
    while [[ ${COMP_LINE:_a_passed:1} == [[:blank:]] ]]; do _a_passed=$((_a_passed + 1)); done
    if [[ $_a_passed -ge $1 ]]; then break; fi
    _a_passed=$((_a_passed + ${#COMP_WORDS[_a_at]})) _a_at=$((_a_at + 1))
  done
  if declare -F _comp_command_offset >/dev/null; then
    _comp_command_offset "$_a_at" || :
  elif declare -F _command_offset >/dev/null; then
    _command_offset "$_a_at" || :
  elif [[ $_a_at -ge $COMP_CWORD ]]; then
    local _a_before=''
    __awsh_tab_offer_commands
    __awsh_tab_quote
  else
    local _a_cword=$((COMP_CWORD - _a_at)) _a_point=$((COMP_POINT - $1))
    local COMP_WORDS=("${COMP_WORDS[@]:_a_at}") COMP_LINE=$_a_line COMP_POINT=$_a_point COMP_CWORD=$_a_cword
    __awsh_tab_delegate
  fi
}

# Completes COMP_LINE by what is registered for its first word, else by what is for any word, else by files.
__awsh_tab_delegate() {
  local _a_spec _a_status _a_name=${COMP_WORDS[0]} _a_word=${COMP_WORDS[COMP_CWORD]} _a_last=${COMP_WORDS[COMP_CWORD - 1]}
  local _a_function=' -F ([^[:space:]]+)' _a_program=" -C ('[^']*'|[^[:space:]]+)"
  # A loader registers what the command has, answers 124 and wants to be asked again (bash's manual, "Programmable Completion").
  for _a_status in 124 0; do
    _a_spec=$(complete -p -- "${_a_name##*/}" 2>/dev/null || complete -p -D 2>/dev/null || :)
    if [[ $_a_spec =~ $_a_function ]]; then
      "${BASH_REMATCH[1]}" "$_a_name" "$_a_word" "$_a_last" || [[ $? -ne $_a_status ]] || continue
    elif [[ $_a_spec =~ $_a_program ]]; then
      __awsh_tab_ask_program "${BASH_REMATCH[1]//\'/}"
    elif ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 401)); then
      _a_spec=' -o bashdefault -o default'
    else
      local _a_before=''
      __awsh_tab_offer_paths -f
      __awsh_tab_quote
    fi
    break
  done
  while [[ $_a_spec == *' -o '* ]]; do
    _a_spec=${_a_spec#*' -o '}
    __awsh_tab_option "${_a_spec%% *}"
  done
}

# As bash calls the program of `complete -C`.
__awsh_tab_ask_program() {
  # shellcheck disable=SC2086 # A name and its words.
  IFS=$'\n' read -r -d '' -a COMPREPLY <<<"$(
    export COMP_LINE COMP_POINT COMP_KEY COMP_TYPE
    $1 "$_a_name" "$_a_word" "$_a_last" 2>/dev/null
  )" || :
}

# bash 3.2 cannot be told of a single word that no space is to follow. It is told so of all, and gets the space with them.
__awsh_tab_space() {
  local IFS=$'\n' _a_at _a_all _a_open=$'[/= ](\n|$)'
  if [[ ${#COMPREPLY[@]} -eq 0 || -n $_a_quote ]]; then return; fi
  _a_all="${COMPREPLY[*]}"
  # With another IFS bash 3.2 would make one word of them all.
  IFS=$' \t\n'
  if [[ ! $_a_all =~ $_a_open ]]; then
    COMPREPLY=("${COMPREPLY[@]/%/ }")
    return
  fi
  for ((_a_at = 0; _a_at < ${#COMPREPLY[@]}; _a_at++)); do
    case ${COMPREPLY[_a_at]} in
      *[!/=\ ]) COMPREPLY[_a_at]+=' ' ;;
    esac
  done
}

if [[ ${BASH_VERSINFO[0]} -ge 4 ]]; then complete -F __awsh_tab awsh; else complete -o nospace -F __awsh_tab awsh; fi

if [[ -n $__awsh_tab_aside ]]; then shopt -s expand_aliases; fi
unset __awsh_tab_aside
