# awsh's completion for fish 3.4 and newer: for a folder in $fish_complete_path (a vendor_completions.d is one), or to be
# sourced. No program is started on Tab: profile names come from a small file that awsh keeps. Where an AWS file is newer
# than that, they come from the AWS files themselves, and awsh brings the small one up to date in the background.
#
# Functions with -S share a caller's locals, and say which.

# --- where on the line we are --------------------------------------------------------------------------------------

# Reads the words before the current one: __awsh_tab_verb, empty where there is none yet; __awsh_tab_given, how many
# arguments of it there are; __awsh_tab_runs, set where a command of somebody else's has begun, with its words in
# __awsh_tab_command. Every condition below asks for it, so what was read is kept until the words change.
function __awsh_tab_read
    set -l words (commandline -opc)
    test "$words" = "$__awsh_tab_words"
    and return
    set -g __awsh_tab_words $words
    set -g __awsh_tab_verb ''
    set -g __awsh_tab_given 0
    set -g __awsh_tab_runs ''
    set -g __awsh_tab_command
    set -l literal ''
    set -l valued
    set -l arity
    set -l runs
    __awsh_tab_shape
    # What stands before awsh itself is not ours.
    while set -q words[1]; and not string match -qr '(^|/)awsh$' -- $words[1]
        set -e words[1]
    end
    set -e words[1]
    while set -q words[1]
        set -l word $words[1]
        set -e words[1]
        if test -z "$literal"; and test "$word" = --
            if test -n "$runs"
                set -g __awsh_tab_runs yes
                set -g __awsh_tab_command $words
                return
            end
            set literal yes
        else if test -z "$literal"; and string match -qr '^-.' -- $word
            # `-nd` wants what `-d` does.
            string match -q -- '--*' $word
            or set word -(string sub -s -1 -- $word)
            contains -- $word $valued
            and set -e words[1]
        else if test -z "$__awsh_tab_verb"
            set -g __awsh_tab_verb $word
            __awsh_tab_shape $word
        else if test -n "$runs"; and test $__awsh_tab_given -ge $arity
            set -g __awsh_tab_runs yes
            set -g __awsh_tab_command $word $words
            return
        else
            set -g __awsh_tab_given (math $__awsh_tab_given + 1)
        end
    end
    # Without a --, a command begins with the word that is being typed.
    test -n "$runs"; and test $__awsh_tab_given -ge $arity
    and set -g __awsh_tab_runs maybe
end

# The line is awsh's own up to here, not a command's that it runs.
function __awsh_tab_is_ours
    __awsh_tab_read
    test "$__awsh_tab_runs" != yes
end

# The verb is one of these. fish asks it for each verb at each Tab, so the usual case is written out.
function __awsh_tab_is
    set -l words (commandline -opc)
    test "$words" = "$__awsh_tab_words"
    or __awsh_tab_read
    test "$__awsh_tab_runs" != yes
    and contains -- "$__awsh_tab_verb" $argv
end

# Sets __awsh_tab_offered to what can be the verb or its argument here, each with a TAB and what it is about. fish takes that
# from the variable, because thousands of names take as long again to be printed and read.
function __awsh_tab_wants
    set -g __awsh_tab_offered
    __awsh_tab_is_ours
    and __awsh_tab_offer "$__awsh_tab_verb" $__awsh_tab_given
    set -q __awsh_tab_offered[1]
end

function __awsh_tab_runs
    __awsh_tab_read
    switch "$__awsh_tab_runs"
        case yes
            return 0
        case maybe
            string match -qr '^[^-]' -- (commandline -ct)
        case '*'
            return 1
    end
end

function __awsh_tab_hand_over
    set -l line (string escape -- $__awsh_tab_command) (commandline -ct)
    complete -C "$line"
end

# --- profiles ------------------------------------------------------------------------------------------------------

# Sets __awsh_tab_offered to the names for Tab, each with a TAB, account and role: any (all profiles) or stored (those with a
# stored key). $argv[2] is the word that they are for: where some begin with it, case aside, fish would offer no others.
function __awsh_tab_profiles
    set -g __awsh_tab_offered
    string match -q -- '-*' "$argv[2]"
    and return
    # Where it was when the hook was sourced (security rules 24 and 29).
    set -l cache $__awsh_cache
    if not string match -q '/*' -- "$cache"
        set cache $XDG_CACHE_HOME
        string match -q '/*' -- "$cache"
        or set cache $HOME/.cache
        set cache $cache/awsh
    end
    set cache $cache/profiles
    set -l files
    __awsh_tab_file "$AWS_CONFIG_FILE" config
    __awsh_tab_file "$AWS_SHARED_CREDENTIALS_FILE" credentials
    set -l head
    test -f $cache -a -O $cache -a -r $cache
    and not string match -qr '[\x01-\x08\x0b-\x1f\x7f-\x9f]' <$cache
    and __awsh_tab_head
    if set -q head[1]; and test "$head[8..9]" = "$files"; and not __awsh_tab_outdated $cache $files
        set -g __awsh_tab_asked
    else
        __awsh_tab_renew
        if test $argv[1] = any
            set -g __awsh_tab_offered (__awsh_tab_headers)
            return
        end
    end
    # What is stored is written anew with each change, whatever the AWS files are.
    set -q head[1]
    or return
    if test $argv[1] = any; and string match -qr '^[\w.@:+=-]+$' -- "$argv[2]"
        set -g __awsh_tab_offered (string match -i -- $argv[2]\*\t\* <$cache)
        set -q __awsh_tab_offered[1]
        and return
    end
    set -l lines
    read -z -d \n -a lines <$cache
    # All rows are the last lines; those with a stored key come second.
    if test $argv[1] = any -a $head[3] -gt 0
        set -g __awsh_tab_offered $lines[(math 2 + 2 x $head[2] + $head[3])..(math 1 + 2 x $head[2] + 2 x $head[3])]
    else if test $argv[1] = stored -a $head[2] -gt 0
        set -g __awsh_tab_offered $lines[(math 2 + $head[2])..(math 1 + 2 x $head[2])]
    end
end

# Prints the names, for the value of an option.
function __awsh_tab_print
    __awsh_tab_profiles $argv
    string join \n -- $__awsh_tab_offered
end

# Appends the AWS file $argv[1], or the default one called $argv[2], as Node names it. -S: files is the caller's.
function __awsh_tab_file -S
    switch $argv[1]
        case ''
            set -a files $HOME/.aws/$argv[2]
        case '~/*'
            set -a files $HOME(string sub -s 2 -- $argv[1])
        case '/*'
            set -a files $argv[1]
        case '*'
            set -a files $PWD/$argv[1]
    end
end

# Takes the first line of the cache into head, but only where this is such a cache. src/cli/profile-names.ts writes it. -S:
# cache and head are the caller's.
function __awsh_tab_head -S
    read -d \t -a head <$cache
    test "$head[1]" = 3
    and set -q head[9]
    and not set -q head[10]
    and string match -qr '^[0-9]{1,6} [0-9]{1,6}( [0-9]{1,8}){4}$' -- "$head[2..7]"
    or set head
end

# One of the files $argv[2..] is newer than the file $argv[1]. fish's own test can tell since 3.6.
if test / -nt '' 2>/dev/null
    function __awsh_tab_outdated
        test $argv[2] -nt $argv[1]
        or test $argv[3] -nt $argv[1]
    end
else
    function __awsh_tab_outdated
        /bin/sh -c 'test "$2" -nt "$1" || test "$3" -nt "$1"' sh $argv
    end
end

# Has awsh bring the names up to date for the next Tab; nobody waits for it. Where it does not help (a malformed config), it
# is not tried again before a file changes; fish can tell when that was since 3.6. -S: files and cache are the caller's.
function __awsh_tab_renew -S
    set -l times
    contains path (builtin -n)
    and set times (path mtime -- $files $cache 2>/dev/null)
    set -l state "$files $times"
    test "$state" = "$__awsh_tab_asked"
    and return
    set -g __awsh_tab_asked $state
    set -l launcher $__awsh_tab_home/bin/awsh
    test -x "$launcher"
    or set launcher $__awsh_launcher
    # By the PATH, but never from the folder that one happens to stand in.
    test -x "$launcher"
    or set launcher (command -s awsh)
    string match -q '/*' -- "$launcher"
    and AWSH_STATE_FOLDER=(string replace -r '/[^/]*$' '' -- "$__awsh_lock") AWSH_CACHE_FOLDER="$__awsh_cache" \
        /bin/sh -c 'AWS_CONFIG_FILE=$2 AWS_SHARED_CREDENTIALS_FILE=$3 "$1" _names </dev/null >/dev/null 2>&1 &' \
        sh $launcher $files
end

# Prints the profiles whose headers stand in the AWS files, but none that would bend a terminal's text. -S: files are the
# caller's.
function __awsh_tab_headers -S
    begin
        test -f $files[1] -a -r $files[1]
        and string replace -rf -- '^\x{feff}?\[[ \t]*(?:(default)|profile[ \t]+(["\']?)(.*?)\2)[ \t]*\].*' '$1$3' <$files[1]
        test -f $files[2] -a -r $files[2]
        and string replace -rf -- '^\x{feff}?\[[ \t]*(["\']?)(.*?)\1[ \t]*\].*' '$2' <$files[2]
    end | string match -rv '^$|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]'
end

# Where this file lies in the package: its folder's neighbour has awsh itself.
set -g __awsh_tab_home (builtin realpath -- (status filename) 2>/dev/null | string replace -rf '/completions/awsh\.fish$' '')
set -g __awsh_tab_words
set -g __awsh_tab_offered
set -g __awsh_tab_asked

# --- what is offered where -----------------------------------------------------------------------------------------

# Last, so that a ^C while this file is loaded leaves no line behind whose function is not there.

# >>> made from the command table by `npm run completions` >>>
# Sets valued to the options that take a value, arity to how many arguments the verb $argv[1] takes, and runs to whether
# a command follows them. -S: these are the caller's.
function __awsh_tab_shape -S
    set valued --backend --prompt --keychain --secret-service-collection --file-dir --pass-dir --pass-cmd --pass-prefix --profile
    set arity 0
    set runs ''
    switch $argv[1]
        case add
            set arity 1
        case remove rm
            set arity 1
        case clear
            set arity 1
        case rotate
            set -a valued --mfa-token -t --older-than
            set arity 1
        case import
            set -a valued --csv --dir
            set arity 1
        case migrate-backend
            set -a valued --from --to --profile
        case exec
            set -a valued --duration -d --region --mfa-token -t --role-arn --source-profile --external-id --session-name --tags --policy --policy-arn --for --reason --mfa-token -m --session-ttl --assume-role-ttl --mfa-serial-override
            set arity 1
            set runs yes
        case export
            set -a valued --duration -d --region --mfa-token -t --role-arn --source-profile --external-id --session-name --tags --policy --policy-arn --for --reason --format --output
            set arity 1
        case explain
            set -a valued --duration -d --region --role-arn --source-profile --external-id --session-name --tags --policy --policy-arn
            set arity 1
        case login
            set -a valued --service --path --region --browser --container --duration -d --reason --mfa-token -t --role-arn --source-profile --external-id --session-name --tags --federation-token-ttl -f --assume-role-ttl
            set arity 1
        case sso
            set -a valued --browser --container --port --start-url --sso-region --scopes --name --region --only
            set arity 2
        case eks-token
            set -a valued --profile --region
            set arity 1
        case serve
            set -a valued --revoke --print --name --for --policy --policy-arn --reason --duration -d --region --mfa-token -t --role-arn --source-profile --external-id --session-name --tags
            set arity 1
        case relay
            set -a valued --socket --port
        case ssh
            set -a valued --for --policy --policy-arn --reason --duration -d --region --mfa-token -t --role-arn --source-profile --external-id --session-name --tags --ssh-config
            set arity 2
            set runs yes
        case use
            set -a valued --policy --policy-arn --for --reason --role-arn --source-profile --external-id --session-name --tags
            set arity 1
        case init
            set arity 1
        case allow
            set arity 1
        case deny
            set arity 1
        case setup
            set -a valued --shell
        case hook
            set arity 1
        case completion
            set arity 1
        case prompt
            set -a valued --shell --format
        case config
            set arity 3
        case agent
            set arity 1
        case log
            set -a valued --since --profile --key
        case unlock
            set -a valued --pid
        case help
            set arity 1
    end
end

# Sets __awsh_tab_offered to what can follow the verb $argv[1], or be it where it is empty, and $argv[2] arguments of it.
function __awsh_tab_offer
    switch "$argv"
        case ' 0'
            set -g __awsh_tab_offered add\t'store an access key' list\t'show profiles, stored keys and sessions' ls\t'show profiles, stored keys and sessions' remove\t'remove a stored access key and its sessions' rm\t'remove a stored access key and its sessions' clear\t'remove stored sessions, but keep access keys' rotate\t'replace a stored access key with a new one' import\t'move access keys into the vault' migrate-backend\t'copy stored access keys from one backend to another' exec\t'run a command with a profile\'s credentials' export\t'print a profile\'s credentials' explain\t'show how a profile gets its credentials, without calling AWS' login\t'sign in to the AWS console in a browser' sso\t'sign in to or out of IAM Identity Center, list accounts, create profiles' eks-token\t'print a token for an Amazon EKS cluster, for kubectl' serve\t'provide self-renewing credentials to a container or remote host' relay\t'in a container: forward a local port to the socket of a grant' ssh\t'log in to another machine with ssh, and provide a profile\'s credentials there' use\t'load a profile and keep it in every directory' off\t'unload the profile, and load nothing until the next awsh use' refresh\t'renew the loaded credentials now' status\t'show what is loaded here, and why' init\t'create a .awsprofile file here and allow it' allow\t'trust the .awsprofile file that applies to this directory' deny\t'refuse the .awsprofile file that applies to this directory' setup\t'load awsh in every new shell: adds one block to your shell\'s rc file' uninstall\t'remove awsh from this machine, and keep, export or delete stored keys' hook\t'print the path of the shell hook, to source it yourself' completion\t'print the shell completion script' prompt\t'print the prompt segment: the profile and the time left' config\t'show and change the settings of awsh' demo\t'try awsh in a sandbox that leaves nothing behind' doctor\t'find problems, and show how to fix them' agent\t'start, stop or check the background process that holds sessions' lock\t'forget all sessions, and refuse credentials until awsh unlock' log\t'show which credentials awsh provided, when and where' unlock\t'unlock awsh; asks for the passphrase if keys are in encrypted files' help\t'show help for a command'
        case 'help verbs'
            set -g __awsh_tab_offered add\t'store an access key' list\t'show profiles, stored keys and sessions' remove\t'remove a stored access key and its sessions' clear\t'remove stored sessions, but keep access keys' rotate\t'replace a stored access key with a new one' import\t'move access keys into the vault' migrate-backend\t'copy stored access keys from one backend to another' exec\t'run a command with a profile\'s credentials' export\t'print a profile\'s credentials' explain\t'show how a profile gets its credentials, without calling AWS' login\t'sign in to the AWS console in a browser' sso\t'sign in to or out of IAM Identity Center, list accounts, create profiles' eks-token\t'print a token for an Amazon EKS cluster, for kubectl' serve\t'provide self-renewing credentials to a container or remote host' relay\t'in a container: forward a local port to the socket of a grant' ssh\t'log in to another machine with ssh, and provide a profile\'s credentials there' use\t'load a profile and keep it in every directory' off\t'unload the profile, and load nothing until the next awsh use' refresh\t'renew the loaded credentials now' status\t'show what is loaded here, and why' init\t'create a .awsprofile file here and allow it' allow\t'trust the .awsprofile file that applies to this directory' deny\t'refuse the .awsprofile file that applies to this directory' setup\t'load awsh in every new shell: adds one block to your shell\'s rc file' uninstall\t'remove awsh from this machine, and keep, export or delete stored keys' hook\t'print the path of the shell hook, to source it yourself' completion\t'print the shell completion script' prompt\t'print the prompt segment: the profile and the time left' config\t'show and change the settings of awsh' demo\t'try awsh in a sandbox that leaves nothing behind' doctor\t'find problems, and show how to fix them' agent\t'start, stop or check the background process that holds sessions' lock\t'forget all sessions, and refuse credentials until awsh unlock' log\t'show which credentials awsh provided, when and where' unlock\t'unlock awsh; asks for the passphrase if keys are in encrypted files' help\t'show help for a command'
        case 'add 0'
            __awsh_tab_profiles any (commandline -ct)
        case 'remove 0' 'rm 0'
            __awsh_tab_profiles stored (commandline -ct)
        case 'clear 0'
            __awsh_tab_profiles any (commandline -ct)
        case 'rotate 0'
            __awsh_tab_profiles stored (commandline -ct)
        case 'import *'
            __awsh_tab_profiles any (commandline -ct)
        case 'exec 0'
            __awsh_tab_profiles any (commandline -ct)
        case 'exec 1'
            set -g __awsh_tab_offered --\t'a command follows'
        case 'export 0'
            __awsh_tab_profiles any (commandline -ct)
        case 'explain 0'
            __awsh_tab_profiles any (commandline -ct)
        case 'login 0'
            __awsh_tab_profiles any (commandline -ct)
        case 'sso 0'
            set -g __awsh_tab_offered login logout status accounts add populate
        case 'sso 1'
            __awsh_tab_profiles any (commandline -ct)
        case 'serve 0'
            __awsh_tab_profiles any (commandline -ct)
        case 'ssh 0'
            __awsh_tab_profiles any (commandline -ct)
        case 'ssh 2'
            set -g __awsh_tab_offered --\t'a command follows'
        case 'use 0'
            __awsh_tab_profiles any (commandline -ct)
        case 'init 0'
            __awsh_tab_profiles any (commandline -ct)
        case 'allow 0'
            set -g __awsh_tab_offered (__fish_complete_directories (commandline -ct) directory)
        case 'deny 0'
            set -g __awsh_tab_offered (__fish_complete_directories (commandline -ct) directory)
        case 'hook 0'
            set -g __awsh_tab_offered bash zsh fish
        case 'completion 0'
            set -g __awsh_tab_offered bash zsh fish
        case 'config 0'
            set -g __awsh_tab_offered list get set unset aws
        case 'config 1'
            set -g __awsh_tab_offered agent backend coding_agents file_dir lock_after log log_directories log_to pass_prefix picker prompt protected reason_as registries role_session_name sign_in_flow sso_cache theme_variable trusted_dirs
        case 'config *'
            switch "$__awsh_tab_words[-2..-1]"
                case 'set agent'
                    set -g __awsh_tab_offered on off
                case 'set backend'
                    set -g __awsh_tab_offered keychain file pass
                case 'set coding_agents'
                    set -g __awsh_tab_offered read-only ask refuse same
                case 'set lock_after'
                    set -g __awsh_tab_offered off 30m 1h 8h
                case 'set log'
                    set -g __awsh_tab_offered on off required
                case 'set log_directories'
                    set -g __awsh_tab_offered on off
                case 'set log_to'
                    set -g __awsh_tab_offered file syslog
                case 'set picker'
                    set -g __awsh_tab_offered builtin fzf
                case 'set prompt'
                    set -g __awsh_tab_offered terminal zenity kdialog osascript ykman pass-otp
                case 'set reason_as'
                    set -g __awsh_tab_offered tag source-identity
                case 'set sign_in_flow'
                    set -g __awsh_tab_offered browser code
                case 'set sso_cache'
                    set -g __awsh_tab_offered shared vault
                case 'set theme_variable'
                    set -g __awsh_tab_offered AWSUME_PROFILE AWSU_PROFILE AWS_SSO_PROFILE none
            end
        case 'agent 0'
            set -g __awsh_tab_offered start stop status
        case 'help 0'
            __awsh_tab_offer help verbs
    end
end

complete -c awsh -e
complete -c awsh -f
complete -c awsh -n __awsh_tab_is_ours -l backend -x -a 'keychain file pass' -d 'where secrets are kept'
complete -c awsh -n __awsh_tab_is_ours -l prompt -x -a 'terminal zenity kdialog osascript ykman pass-otp' -d 'how to ask for an MFA code'
complete -c awsh -n __awsh_tab_is_ours -l file-dir -x -a '(__fish_complete_directories (commandline -ct) directory)' -d 'folder of the file backend'
complete -c awsh -n __awsh_tab_is_ours -l pass-dir -x -a '(__fish_complete_directories (commandline -ct) directory)' -d 'password store of the pass backend'
complete -c awsh -n __awsh_tab_is_ours -l pass-cmd -x -a '(__fish_complete_command)' -d 'the pass program'
complete -c awsh -n __awsh_tab_is_ours -l pass-prefix -x -d 'prefix of names in the password store'
complete -c awsh -n __awsh_tab_is_ours -l debug -d 'show each step, and details of errors, but never secrets'
complete -c awsh -n __awsh_tab_is_ours -s h -l help -d 'show help'
complete -c awsh -n __awsh_tab_is_ours -l version -d 'show the version'
complete -c awsh -n '__awsh_tab_is add' -l env -d 'read the key from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY'
complete -c awsh -n '__awsh_tab_is add' -l stdin -d 'read the key from stdin: the key ID on one line, the secret on the next'
complete -c awsh -n '__awsh_tab_is add' -l no-add-config -d 'do not change the AWS config file'
complete -c awsh -n '__awsh_tab_is add' -s f -l force -d 'replace a stored key without asking'
complete -c awsh -n '__awsh_tab_is list ls' -l json -d 'print JSON'
complete -c awsh -n '__awsh_tab_is list ls' -l profiles -d 'only the profile names, one per line'
complete -c awsh -n '__awsh_tab_is list ls' -l credentials -d 'only the names with a stored key, one per line'
complete -c awsh -n '__awsh_tab_is list ls' -l sessions -d 'only the stored sessions, one per line'
complete -c awsh -n '__awsh_tab_is remove rm' -s s -l sessions-only -d 'remove the sessions, but keep the key'
complete -c awsh -n '__awsh_tab_is remove rm' -s f -l force -d 'do not ask'
complete -c awsh -n '__awsh_tab_is rotate' -s n -l no-session -d 'sign requests with the key itself, without an MFA code'
complete -c awsh -n '__awsh_tab_is rotate' -s t -l mfa-token -x -d 'use this MFA code instead of asking for one'
complete -c awsh -n '__awsh_tab_is rotate' -l all -d 'replace every stored key'
complete -c awsh -n '__awsh_tab_is rotate' -l older-than -x -d 'with --all: only keys older than this, e.g. 90d'
complete -c awsh -n '__awsh_tab_is import' -l all -d 'import every key found, without asking'
complete -c awsh -n '__awsh_tab_is import' -l dry-run -d 'show what would change, and change nothing'
complete -c awsh -n '__awsh_tab_is import' -l keep -d 'leave the keys in the AWS files'
complete -c awsh -n '__awsh_tab_is import' -s y -l yes -d 'remove the keys from the AWS files without asking'
complete -c awsh -n '__awsh_tab_is import' -l overwrite -d 'replace a different key already stored for the same profile'
complete -c awsh -n '__awsh_tab_is import' -l no-add-config -d 'do not change the AWS config file'
complete -c awsh -n '__awsh_tab_is import' -l csv -r -F -d 'from a CSV file downloaded from the AWS console'
complete -c awsh -n '__awsh_tab_is import' -l aws-vault -d 'from aws-vault with any backend, by running aws-vault'
complete -c awsh -n '__awsh_tab_is import' -l aws-vault-file -d 'from aws-vault\'s file backend, without running aws-vault'
complete -c awsh -n '__awsh_tab_is import' -l aws-vault-keyring -d 'from aws-vault\'s keyring in the Secret Service'
complete -c awsh -n '__awsh_tab_is import' -l aws-vault-pass -d 'from aws-vault\'s entries in a password store'
complete -c awsh -n '__awsh_tab_is import' -l dir -x -a '(__fish_complete_directories (commandline -ct) directory)' -d 'with --aws-vault-file: the folder, if not ~/.awsvault/keys'
complete -c awsh -n '__awsh_tab_is migrate-backend' -l from -x -a 'keychain file pass' -d 'the backend to copy from'
complete -c awsh -n '__awsh_tab_is migrate-backend' -l to -x -a 'keychain file pass' -d 'the backend to copy to'
complete -c awsh -n '__awsh_tab_is migrate-backend' -l profile -x -a '(__awsh_tab_print stored)' -d 'only this profile\'s key'
complete -c awsh -n '__awsh_tab_is migrate-backend' -l dry-run -d 'show what would change, and change nothing'
complete -c awsh -n '__awsh_tab_is migrate-backend' -l overwrite -d 'replace keys of the same name in the new backend'
complete -c awsh -n '__awsh_tab_is migrate-backend' -l delete-source -d 'delete the keys from the old backend, without asking'
complete -c awsh -n '__awsh_tab_is exec' -s d -l duration -x -d 'how long the session lasts, e.g. 1h30m'
complete -c awsh -n '__awsh_tab_is exec' -s n -l no-session -d 'use the stored access key itself, without a session'
complete -c awsh -n '__awsh_tab_is exec' -l region -x -a 'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 eusc-de-east-1 us-gov-east-1 us-gov-west-1 eu-isoe-west-1 us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-east-1 us-isof-south-1' -d 'the AWS region or its short name (ue1), instead of the profile\'s'
complete -c awsh -n '__awsh_tab_is exec' -s t -l mfa-token -x -d 'use this MFA code instead of asking for one'
complete -c awsh -n '__awsh_tab_is exec' -l role-arn -x -d 'assume this role (an ARN or ACCOUNT:ROLE) from PROFILE or --source-profile'
complete -c awsh -n '__awsh_tab_is exec' -l source-profile -x -a '(__awsh_tab_print any)' -d 'with a role: the profile whose credentials assume it'
complete -c awsh -n '__awsh_tab_is exec' -l external-id -x -d 'with a role: the external ID that it requires'
complete -c awsh -n '__awsh_tab_is exec' -l session-name -x -d 'with a role: the session name'
complete -c awsh -n '__awsh_tab_is exec' -l tags -x -d 'with a role: session tags, e.g. team=blue,env=dev'
complete -c awsh -n '__awsh_tab_is exec' -l read-only -d 'only what AWS\'s ReadOnlyAccess policy allows, which includes reading data'
complete -c awsh -n '__awsh_tab_is exec' -l policy -r -F -d 'only what this session policy allows: a file or JSON text'
complete -c awsh -n '__awsh_tab_is exec' -l policy-arn -x -d 'only what this managed policy allows; repeat the option to allow more'
complete -c awsh -n '__awsh_tab_is exec' -l for -x -d 'how long to keep the credentials, e.g. 15m; also limits the session requested from AWS'
complete -c awsh -n '__awsh_tab_is exec' -l reason -x -d 'why you need a protected profile: shown in CloudTrail and awsh log'
complete -c awsh -n '__awsh_tab_is exec' -l only -d 'hide other profiles: the command gets its own AWS files; bubblewrap, if installed, hides yours'
complete -c awsh -n '__awsh_tab_is exec' -l refresh -d 'get a new session even if the cached one is still valid'
complete -c awsh -n '__awsh_tab_is exec' -s s -l server -d 'provide keys that renew, from a local server'
complete -c awsh -n '__awsh_tab_is exec' -l lazy -d 'with --server: fetch nothing until the command asks'
complete -c awsh -n '__awsh_tab_is exec' -l profile-env -d 'give the command only AWS_PROFILE, and no keys'
complete -c awsh -n '__awsh_tab_is export' -s d -l duration -x -d 'how long the session lasts, e.g. 1h30m'
complete -c awsh -n '__awsh_tab_is export' -s n -l no-session -d 'use the stored access key itself, without a session'
complete -c awsh -n '__awsh_tab_is export' -l region -x -a 'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 eusc-de-east-1 us-gov-east-1 us-gov-west-1 eu-isoe-west-1 us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-east-1 us-isof-south-1' -d 'the AWS region or its short name (ue1), instead of the profile\'s'
complete -c awsh -n '__awsh_tab_is export' -s t -l mfa-token -x -d 'use this MFA code instead of asking for one'
complete -c awsh -n '__awsh_tab_is export' -l role-arn -x -d 'assume this role (an ARN or ACCOUNT:ROLE) from PROFILE or --source-profile'
complete -c awsh -n '__awsh_tab_is export' -l source-profile -x -a '(__awsh_tab_print any)' -d 'with a role: the profile whose credentials assume it'
complete -c awsh -n '__awsh_tab_is export' -l external-id -x -d 'with a role: the external ID that it requires'
complete -c awsh -n '__awsh_tab_is export' -l session-name -x -d 'with a role: the session name'
complete -c awsh -n '__awsh_tab_is export' -l tags -x -d 'with a role: session tags, e.g. team=blue,env=dev'
complete -c awsh -n '__awsh_tab_is export' -l read-only -d 'only what AWS\'s ReadOnlyAccess policy allows, which includes reading data'
complete -c awsh -n '__awsh_tab_is export' -l policy -r -F -d 'only what this session policy allows: a file or JSON text'
complete -c awsh -n '__awsh_tab_is export' -l policy-arn -x -d 'only what this managed policy allows; repeat the option to allow more'
complete -c awsh -n '__awsh_tab_is export' -l for -x -d 'how long to keep the credentials, e.g. 15m; also limits the session requested from AWS'
complete -c awsh -n '__awsh_tab_is export' -l reason -x -d 'why you need a protected profile: shown in CloudTrail and awsh log'
complete -c awsh -n '__awsh_tab_is export' -l refresh -d 'get a new session even if the cached one is still valid'
complete -c awsh -n '__awsh_tab_is export' -l format -x -a 'env export-env json ini process env-no-export dotenv credentials powershell windows-cmd bash zsh fish' -d 'the output format'
complete -c awsh -n '__awsh_tab_is export' -l output -r -F -d 'write to this file, readable only by you, instead of printing'
complete -c awsh -n '__awsh_tab_is export' -l no-ask -d 'never ask; fail at once if an answer is needed'
complete -c awsh -n '__awsh_tab_is export' -l ask -d 'ask in the terminal, even with --format process'
complete -c awsh -n '__awsh_tab_is explain' -s d -l duration -x -d 'how long the session lasts, e.g. 1h30m'
complete -c awsh -n '__awsh_tab_is explain' -s n -l no-session -d 'use the stored access key itself, without a session'
complete -c awsh -n '__awsh_tab_is explain' -l region -x -a 'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 eusc-de-east-1 us-gov-east-1 us-gov-west-1 eu-isoe-west-1 us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-east-1 us-isof-south-1' -d 'the AWS region or its short name (ue1), instead of the profile\'s'
complete -c awsh -n '__awsh_tab_is explain' -l role-arn -x -d 'assume this role (an ARN or ACCOUNT:ROLE) from PROFILE or --source-profile'
complete -c awsh -n '__awsh_tab_is explain' -l source-profile -x -a '(__awsh_tab_print any)' -d 'with a role: the profile whose credentials assume it'
complete -c awsh -n '__awsh_tab_is explain' -l external-id -x -d 'with a role: the external ID that it requires'
complete -c awsh -n '__awsh_tab_is explain' -l session-name -x -d 'with a role: the session name'
complete -c awsh -n '__awsh_tab_is explain' -l tags -x -d 'with a role: session tags, e.g. team=blue,env=dev'
complete -c awsh -n '__awsh_tab_is explain' -l read-only -d 'only what AWS\'s ReadOnlyAccess policy allows, which includes reading data'
complete -c awsh -n '__awsh_tab_is explain' -l policy -r -F -d 'only what this session policy allows: a file or JSON text'
complete -c awsh -n '__awsh_tab_is explain' -l policy-arn -x -d 'only what this managed policy allows; repeat the option to allow more'
complete -c awsh -n '__awsh_tab_is explain' -l json -d 'print JSON'
complete -c awsh -n '__awsh_tab_is login' -l service -x -a 'acm aos apigateway apigw appsync athena backup bedrock billing c9 ce cf cfn cloudformation cloudfront cloudmap cloudtrail cloudwatch codeartifact codebuild codecommit codedeploy codepipeline codesuite config controltower ct cw ddb dms dx dynamodb eb ebs ec2 ecr ecs efs eks elasticache eventbridge events gd glue grafana guardduty iam kinesis kms l lambda logs mwaa organizations orgs param r53 ram rds redshift route53 s3 sagemaker scrh scrm secretsmanager securityhub ses sfn sm sns sqs ssm sso states stepfn stepfunctions tra trustedadvisor vpc waf wafv2' -d 'open this service\'s page, e.g. s3'
complete -c awsh -n '__awsh_tab_is login' -l path -x -d 'open this page of the console'
complete -c awsh -n '__awsh_tab_is login' -l region -x -a 'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 eusc-de-east-1 us-gov-east-1 us-gov-west-1 eu-isoe-west-1 us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-east-1 us-isof-south-1' -d 'the AWS region, instead of the profile\'s'
complete -c awsh -n '__awsh_tab_is login' -l browser -x -a 'firefox chrome chromium edge brave' -d 'firefox, chrome, chromium, edge, brave, or another program'
complete -c awsh -n '__awsh_tab_is login' -l container -x -d 'a Firefox container or Chrome profile, to keep accounts apart'
complete -c awsh -n '__awsh_tab_is login' -s s -l stdout -d 'print the URL instead of opening a browser'
complete -c awsh -n '__awsh_tab_is login' -s d -l duration -x -d 'how long the session lasts, e.g. 1h30m'
complete -c awsh -n '__awsh_tab_is login' -l reason -x -d 'why you need a protected profile: shown in CloudTrail and awsh log'
complete -c awsh -n '__awsh_tab_is login' -s n -l no-session -d 'use the source credentials directly, without a session first'
complete -c awsh -n '__awsh_tab_is login' -s t -l mfa-token -x -d 'use this MFA code instead of asking for one'
complete -c awsh -n '__awsh_tab_is login' -l role-arn -x -d 'assume this role (an ARN or ACCOUNT:ROLE) from PROFILE or --source-profile'
complete -c awsh -n '__awsh_tab_is login' -l source-profile -x -a '(__awsh_tab_print any)' -d 'with a role: the profile whose credentials assume it'
complete -c awsh -n '__awsh_tab_is login' -l external-id -x -d 'with a role: the external ID that it requires'
complete -c awsh -n '__awsh_tab_is login' -l session-name -x -d 'with a role: the session name'
complete -c awsh -n '__awsh_tab_is login' -l tags -x -d 'with a role: session tags, e.g. team=blue,env=dev'
complete -c awsh -n '__awsh_tab_is login' -s a -l auto-logout -d 'sign out of the current console session first'
complete -c awsh -n '__awsh_tab_is sso' -l device-code -d 'login: enter a code on a web page, on any machine'
complete -c awsh -n '__awsh_tab_is sso' -l browser-flow -d 'login: use a browser that connects back to this machine'
complete -c awsh -n '__awsh_tab_is sso' -l browser -x -a 'firefox chrome chromium edge brave' -d 'login: firefox, chrome, chromium, edge, brave, or another program'
complete -c awsh -n '__awsh_tab_is sso' -l no-browser -d 'login: show the address and open no browser'
complete -c awsh -n '__awsh_tab_is sso' -l container -x -d 'login: a Firefox container or Chrome profile'
complete -c awsh -n '__awsh_tab_is sso' -l port -x -d 'login: the port that the browser connects back to, for ssh -L'
complete -c awsh -n '__awsh_tab_is sso' -l if-needed -d 'login: do nothing if you are already signed in'
complete -c awsh -n '__awsh_tab_is sso' -l all -d 'login, logout: every session in the config file'
complete -c awsh -n '__awsh_tab_is sso' -l start-url -x -d 'add: your organisation\'s sign-in URL, e.g. https://corp.awsapps.com/start'
complete -c awsh -n '__awsh_tab_is sso' -l sso-region -x -a 'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 eusc-de-east-1 us-gov-east-1 us-gov-west-1 eu-isoe-west-1 us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-east-1 us-isof-south-1' -d 'add: the AWS region of your IAM Identity Center'
complete -c awsh -n '__awsh_tab_is sso' -l scopes -x -d 'add: a list separated by commas (default sso:account:access)'
complete -c awsh -n '__awsh_tab_is sso' -l name -x -d 'populate: profile names (default {account}/{role}; also {account_id} {session} {n})'
complete -c awsh -n '__awsh_tab_is sso' -l region -x -a 'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 eusc-de-east-1 us-gov-east-1 us-gov-west-1 eu-isoe-west-1 us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-east-1 us-isof-south-1' -d 'populate: the AWS region for the profiles'
complete -c awsh -n '__awsh_tab_is sso' -l only -x -d 'populate: only profiles whose name, account or role matches, e.g. prod*'
complete -c awsh -n '__awsh_tab_is sso' -l diff -d 'populate: show the changes without making them'
complete -c awsh -n '__awsh_tab_is sso' -s y -l yes -d 'populate: do not ask'
complete -c awsh -n '__awsh_tab_is sso' -l prune -d 'populate: remove profiles for roles that you no longer have'
complete -c awsh -n '__awsh_tab_is sso' -l json -d 'status, accounts: print JSON'
complete -c awsh -n '__awsh_tab_is sso' -l fresh -d 'accounts: get a new list, even if the saved one is under 24 hours old'
complete -c awsh -n '__awsh_tab_is eks-token' -l profile -x -a '(__awsh_tab_print any)' -d 'the profile whose credentials sign the token'
complete -c awsh -n '__awsh_tab_is eks-token' -l region -x -a 'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 eusc-de-east-1 us-gov-east-1 us-gov-west-1 eu-isoe-west-1 us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-east-1 us-isof-south-1' -d 'the cluster\'s AWS region or its short name (ue1), instead of the profile\'s'
complete -c awsh -n '__awsh_tab_is serve' -l list -d 'list the grants'
complete -c awsh -n '__awsh_tab_is serve' -l revoke -x -d 'end this grant'
complete -c awsh -n '__awsh_tab_is serve' -l print -x -a 'devcontainer compose' -d 'print what to add to a devcontainer.json or compose file'
complete -c awsh -n '__awsh_tab_is serve' -l name -x -d 'the name of the grant; the default for --print is devcontainer'
complete -c awsh -n '__awsh_tab_is serve' -l for -x -d 'how long the grant lasts, e.g. 30m or 8h (default 1h)'
complete -c awsh -n '__awsh_tab_is serve' -l read-only -d 'only what AWS\'s ReadOnlyAccess policy allows, which includes reading data'
complete -c awsh -n '__awsh_tab_is serve' -l policy -r -F -d 'only what this session policy allows: a file or JSON text'
complete -c awsh -n '__awsh_tab_is serve' -l policy-arn -x -d 'only what this managed policy allows; repeat the option to allow more'
complete -c awsh -n '__awsh_tab_is serve' -l reason -x -d 'why you need a protected profile: shown in CloudTrail and awsh log'
complete -c awsh -n '__awsh_tab_is serve' -s d -l duration -x -d 'how long the session lasts, e.g. 1h30m'
complete -c awsh -n '__awsh_tab_is serve' -s n -l no-session -d 'use the stored access key itself, without a session'
complete -c awsh -n '__awsh_tab_is serve' -l region -x -a 'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 eusc-de-east-1 us-gov-east-1 us-gov-west-1 eu-isoe-west-1 us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-east-1 us-isof-south-1' -d 'the AWS region or its short name (ue1), instead of the profile\'s'
complete -c awsh -n '__awsh_tab_is serve' -s t -l mfa-token -x -d 'use this MFA code instead of asking for one'
complete -c awsh -n '__awsh_tab_is serve' -l role-arn -x -d 'assume this role (an ARN or ACCOUNT:ROLE) from PROFILE or --source-profile'
complete -c awsh -n '__awsh_tab_is serve' -l source-profile -x -a '(__awsh_tab_print any)' -d 'with a role: the profile whose credentials assume it'
complete -c awsh -n '__awsh_tab_is serve' -l external-id -x -d 'with a role: the external ID that it requires'
complete -c awsh -n '__awsh_tab_is serve' -l session-name -x -d 'with a role: the session name'
complete -c awsh -n '__awsh_tab_is serve' -l tags -x -d 'with a role: session tags, e.g. team=blue,env=dev'
complete -c awsh -n '__awsh_tab_is serve' -l refresh -d 'get a new session even if the cached one is still valid'
complete -c awsh -n '__awsh_tab_is serve' -l json -d 'print JSON'
complete -c awsh -n '__awsh_tab_is relay' -l socket -r -F -d 'the socket (default /run/awsh/sock)'
complete -c awsh -n '__awsh_tab_is relay' -l port -x -d 'the port on 127.0.0.1 (default 9911)'
complete -c awsh -n '__awsh_tab_is ssh' -l read-write -d 'give all of the profile\'s permissions'
complete -c awsh -n '__awsh_tab_is ssh' -l for -x -d 'how long the grant lasts, e.g. 30m or 8h (default 1h)'
complete -c awsh -n '__awsh_tab_is ssh' -l read-only -d 'only what AWS\'s ReadOnlyAccess policy allows, which includes reading data'
complete -c awsh -n '__awsh_tab_is ssh' -l policy -r -F -d 'only what this session policy allows: a file or JSON text'
complete -c awsh -n '__awsh_tab_is ssh' -l policy-arn -x -d 'only what this managed policy allows; repeat the option to allow more'
complete -c awsh -n '__awsh_tab_is ssh' -l reason -x -d 'why you need a protected profile: shown in CloudTrail and awsh log'
complete -c awsh -n '__awsh_tab_is ssh' -s d -l duration -x -d 'how long the session lasts, e.g. 1h30m'
complete -c awsh -n '__awsh_tab_is ssh' -s n -l no-session -d 'use the stored access key itself, without a session'
complete -c awsh -n '__awsh_tab_is ssh' -l region -x -a 'af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 eusc-de-east-1 us-gov-east-1 us-gov-west-1 eu-isoe-west-1 us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 us-isof-east-1 us-isof-south-1' -d 'the AWS region or its short name (ue1), instead of the profile\'s'
complete -c awsh -n '__awsh_tab_is ssh' -s t -l mfa-token -x -d 'use this MFA code instead of asking for one'
complete -c awsh -n '__awsh_tab_is ssh' -l role-arn -x -d 'assume this role (an ARN or ACCOUNT:ROLE) from PROFILE or --source-profile'
complete -c awsh -n '__awsh_tab_is ssh' -l source-profile -x -a '(__awsh_tab_print any)' -d 'with a role: the profile whose credentials assume it'
complete -c awsh -n '__awsh_tab_is ssh' -l external-id -x -d 'with a role: the external ID that it requires'
complete -c awsh -n '__awsh_tab_is ssh' -l session-name -x -d 'with a role: the session name'
complete -c awsh -n '__awsh_tab_is ssh' -l tags -x -d 'with a role: session tags, e.g. team=blue,env=dev'
complete -c awsh -n '__awsh_tab_is ssh' -l refresh -d 'get a new session even if the cached one is still valid'
complete -c awsh -n '__awsh_tab_is ssh' -l ssh-config -r -F -d 'use this file instead of your ssh config, as with ssh -F'
complete -c awsh -n '__awsh_tab_is use' -l auto -d 'load profiles by directory again'
complete -c awsh -n '__awsh_tab_is use' -l read-only -d 'only what AWS\'s ReadOnlyAccess policy allows, which includes reading data'
complete -c awsh -n '__awsh_tab_is use' -l policy -r -F -d 'only what this session policy allows: a file or JSON text'
complete -c awsh -n '__awsh_tab_is use' -l policy-arn -x -d 'only what this managed policy allows; repeat the option to allow more'
complete -c awsh -n '__awsh_tab_is use' -l for -x -d 'how long to keep the credentials, e.g. 15m; also limits the session requested from AWS'
complete -c awsh -n '__awsh_tab_is use' -l reason -x -d 'why you need a protected profile: shown in CloudTrail and awsh log'
complete -c awsh -n '__awsh_tab_is use' -l role-arn -x -d 'assume this role (an ARN or ACCOUNT:ROLE) from PROFILE or --source-profile'
complete -c awsh -n '__awsh_tab_is use' -l source-profile -x -a '(__awsh_tab_print any)' -d 'with a role: the profile whose credentials assume it'
complete -c awsh -n '__awsh_tab_is use' -l external-id -x -d 'with a role: the external ID that it requires'
complete -c awsh -n '__awsh_tab_is use' -l session-name -x -d 'with a role: the session name'
complete -c awsh -n '__awsh_tab_is use' -l tags -x -d 'with a role: session tags, e.g. team=blue,env=dev'
complete -c awsh -n '__awsh_tab_is status' -l json -d 'print JSON'
complete -c awsh -n '__awsh_tab_is status' -l verify -d 'ask AWS whose credentials are loaded'
complete -c awsh -n '__awsh_tab_is allow' -l list -d 'list what is trusted and refused'
complete -c awsh -n '__awsh_tab_is allow' -l prune -d 'forget files that no longer exist'
complete -c awsh -n '__awsh_tab_is setup' -l remove -d 'remove the block again'
complete -c awsh -n '__awsh_tab_is setup' -l dry-run -d 'show what would change, and change nothing'
complete -c awsh -n '__awsh_tab_is setup' -s y -l yes -d 'do not ask'
complete -c awsh -n '__awsh_tab_is setup' -l shell -x -a 'bash zsh fish' -d 'set up this shell instead of the current one'
complete -c awsh -n '__awsh_tab_is uninstall' -l dry-run -d 'show what is installed, and change nothing'
complete -c awsh -n '__awsh_tab_is uninstall' -s y -l yes -d 'do not ask; stored keys stay'
complete -c awsh -n '__awsh_tab_is uninstall' -l keep-vault -d 'keep the stored keys, and do not ask about them'
complete -c awsh -n '__awsh_tab_is uninstall' -l export-keys -d 'move the stored keys to the AWS credentials file, in plain text'
complete -c awsh -n '__awsh_tab_is uninstall' -l delete-keys -d 'delete the stored keys without making a copy'
complete -c awsh -n '__awsh_tab_is prompt' -l shell -x -a 'bash zsh fish tmux' -d 'add colours in the form that this prompt needs'
complete -c awsh -n '__awsh_tab_is prompt' -l format -x -a json -d 'print the state of the shell, the reason and the next command'
complete -c awsh -n '__awsh_tab_is config' -l json -d 'print JSON'
complete -c awsh -n '__awsh_tab_is config' -l lenient -d 'with aws: tolerate malformed lines, as all other commands do'
complete -c awsh -n '__awsh_tab_is doctor' -l offline -d 'skip the one request to AWS, which compares the clocks'
complete -c awsh -n '__awsh_tab_is doctor' -l json -d 'print JSON'
complete -c awsh -n '__awsh_tab_is agent' -l json -d 'status: print JSON'
complete -c awsh -n '__awsh_tab_is log' -l since -x -d 'how far back to look: 8h, 2d, yesterday, 2026-11-30'
complete -c awsh -n '__awsh_tab_is log' -l profile -x -a '(__awsh_tab_print any)' -d 'only entries for this profile'
complete -c awsh -n '__awsh_tab_is log' -l key -x -d 'only this access key ID; its first or last part is enough'
complete -c awsh -n '__awsh_tab_is log' -l utc -d 'show times in UTC'
complete -c awsh -n '__awsh_tab_is log' -l json -d 'print JSON, one object per line'
complete -c awsh -n '__awsh_tab_is unlock' -l for-job -d 'in CI: keep the vault unlocked until the calling process ends'
complete -c awsh -n '__awsh_tab_is unlock' -l pid -x -d 'with --for-job: until this process ends; it must have started awsh'
# <<< made from the command table <<<

complete -c awsh -n __awsh_tab_wants -a '$__awsh_tab_offered'
# What follows `exec PROFILE` is completed as if it stood there alone.
complete -c awsh -n __awsh_tab_runs -a '(__awsh_tab_hand_over)'
