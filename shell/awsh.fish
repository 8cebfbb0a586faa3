# awsh's hook for fish 3.4 and newer: before each prompt, and whenever the directory changes, the shell holds the
# credentials that the directory file (.awsprofile) names. Source it from config.fish; `awsh setup` writes the line.
#
# The rules it is written by:
#   - while nothing changes: builtins only, no fork, no file written;
#   - nothing read from a file, the environment or a reply is ever evaluated, nor meets arithmetic before it is known to
#     be a number;
#   - a directory file without an answer means blocked, never the credentials of the place before;
#   - what is not ours stays as it was. fish keeps $status and $pipestatus around its events; universal variables are
#     only ever shadowed by global ones;
#   - ^C may come between any two commands: what it leaves is made good at the next prompt. No break and no continue: where
#     ^C follows one before its loop has seen it, fish (seen in 3.4 and 3.6) takes it for every command that comes after,
#     and runs none any more. No variable for a command's name: where ^C comes while it is expanded, fish before 4 ends itself.
#     So scripts are run as their first line has it.
#
# __awsh_* are this shell's state (global, never exported) and functions. Functions with -S share a caller's locals, and
# say which. The names that a person can put a function over (printf, math, functions…) are called by `builtin`. IFS is
# set where a substitution is to become a list, because an empty one makes it a single text. A substitution costs as much
# as twenty other commands, so texts are taken apart by the named groups of `string match` where that can be. `set` leaves
# $status as it finds it, which is why some functions end with `return 0`. It is the same hook as awsh.bash, part by part;
# src/shell/wire-format.ts has the wire format.
#
# This file is the part that every shell needs: it finds out whether there is anything to do here. What does it is in
# awsh-rest.fish, which is sourced at the first need (__awsh_load_rest).

status is-interactive
or return 0

# Sourced again in the same shell: everything stands already.
test "$__awsh_shell" = "$fish_pid"
and return 0

# --- at each prompt and each cd ---------------------------------------------------------------------------------------

# It comes first, what is called most before the rest, because fish counts the lines of the file up to a function at each
# of its calls.

# Does something only where this place, or what somebody else set, is not what it was at the last look, or the clock says
# so. The nearest .awsprofile counts, whatever it is; one character more than the 512 allowed is read of it. It is all one
# function, because calls are most of what an idle prompt costs. $argv[1] is 1 where nothing may be printed or asked;
# $argv[2] a line for the request where the person asked (refresh 1). Returns what `awsh use` returns.
function __awsh_check
    set -l file
    set -l text
    if test "$__awsh_mode" = auto
        if test "$PWD" != "$__awsh_listed"
            or test $__awsh_nearer
            or test -n "$__awsh_file" -a ! -e "$__awsh_file"
            __awsh_find_file
        end
        set file $__awsh_file
        if test "$file" = "$__awsh_closed" -a -f "$file" -a -r "$file" -a -O "$file"
            read --null --nchars 513 text <$file
            set text "1 $text"
        else if test -n "$file"
            __awsh_read_file
        end
    else if test "$PWD" != "$__awsh_listed" -a "$__awsh_mode" != exec
        # What this directory asks for shows in the segment.
        set -g __awsh_settled ''
    end
    # While awsh is locked every place is another one: what was loaded goes, and Node says why.
    test -e $__awsh_lock
    and set text " locked $text"
    if test -z "$argv[2]"
        and test "$AWS_PROFILE $AWS_ACCESS_KEY_ID $__awsh_open $file $text" = "$__awsh_settled"
        test -z "$__awsh_due"
        and return
        __awsh_read_tick
        test $__awsh_tick -lt $__awsh_due -a $__awsh_tick -ge $__awsh_looked
        and return
    end
    __awsh_look "$argv[1]" "$argv[2]"
end

function __awsh_define_prompt
    function __awsh_prompt --on-event fish_prompt
        set -l fish_trace
        # A directory may have set how much a command substitution may give: beyond that a change would be left half done.
        set -q fish_read_limit; and set -l fish_read_limit 0
        if test "$__awsh_phase" = command
            # A command may have brought another right prompt, or a tool, or have taken one away.
            test -n "$__awsh_shown"
            and __awsh_mark_prompt
            builtin functions --query __direnv_export_eval __mise_env_eval_on_prompt
            test $status = "$__awsh_missing"
            or begin
                __awsh_load_rest
                and __awsh_join_late
            end
        end
        set -g __awsh_phase prompt
        # Loaded a second time, they come after us, and without __awsh_before.
        set -q __awsh_wrapped[1]; and test -z "$__awsh_open"
        and __awsh_join_late
        test -z "$__awsh_open"
        or __awsh_return_unchanged
        __awsh_check '' ''
    end
end

# Whenever the directory changes, so that `cd ../prod; and terraform apply` runs with prod's keys. Completion functions go
# about the tree and come back: they do not count. A key may load, but has no place for words. In a substitution a cd lasts.
function __awsh_define_moved
    function __awsh_moved --on-variable PWD
        set -l fish_trace
        set -q fish_read_limit; and set -l fish_read_limit 0
        set -l quiet 1
        if status is-command-substitution
            test "$__awsh_phase" = command
            or return 0
        else if test "$__awsh_phase" = command
            set quiet ''
        end
        __awsh_check "$quiet" ''
        return 0
    end
end

# After every other handler of that event: something may have set other credentials.
function __awsh_define_moved_late
    function __awsh_moved_late --on-variable PWD
        set -l fish_trace
        string match -q -- "$AWS_PROFILE $AWS_ACCESS_KEY_ID "\* "$__awsh_settled"
        or __awsh_moved
    end
end

# A key may have changed the directory since the prompt, in a way that we did not see.
function __awsh_preexec --on-event fish_preexec
    set -l fish_trace
    set -g __awsh_phase command
    test "$PWD" = "$__awsh_listed" -o "$__awsh_mode" != auto
    and test -z "$__awsh_open"
    and string match -q -- "$AWS_PROFILE $AWS_ACCESS_KEY_ID "\* "$__awsh_settled"
    and not __awsh_is_displaced
    or __awsh_look_again
end

# The long look, though nothing that the short one compares has changed.
function __awsh_look_again
    set -g __awsh_settled ''
    __awsh_check '' ''
end

# Sets __awsh_file to the nearest that is there, or to nothing, and __awsh_nearer to the words of one `test` for those
# before it: one `test` costs a third of what one for each would.
function __awsh_find_file
    # Until all is found ^C leaves it to the next prompt to find it, rather than with the file of the place before.
    set -l listed "$__awsh_listed"
    set -g __awsh_listed ''
    test "$PWD" = "$listed"
    or __awsh_list_files
    set -l nearer -n ''
    set -l found ''
    for file in $__awsh_files
        if test -n "$found"
        else if test -e $file -o -L $file
            set found $file
        else
            set -a nearer -o -e $file -o -L $file
        end
    end
    set -g __awsh_nearer $nearer
    set -g __awsh_file $found
    set -g __awsh_listed "$PWD"
end

# Lists, once for each directory, the files that could be its directory file, the nearest first.
function __awsh_list_files
    set -g __awsh_files
    string match -q '/*' -- "$PWD"
    or return
    set -l folder
    string match -qr '(?s)\A(?<folder>.*?)/?\z' -- $PWD
    while test -n "$folder"
        set -ga __awsh_files $folder/.awsprofile
        string match -qr '(?s)\A(?<folder>.*)/' -- $folder
        or set folder
    end
    set -ga __awsh_files /.awsprofile
end

# Reads the directory file `file` into `text`, if nobody else can exchange it; else `text` is a word. In the place of a file
# that others can exchange may be a FIFO, a moment after it was looked at, and to open one waits for ever. Whether they can
# Node or the agent says with its answer (`shared 1`), so a file is not read before the first answer.
function __awsh_read_file -S
    set text unreadable
    test -f "$file" -a -r "$file"
    or return 0
    set text unread
    test -O "$file"
    and builtin contains -- $file $__awsh_closed_files
    or return 0
    set -g __awsh_closed $file
    read --null --nchars 513 text <$file
    set text "1 $text"
    return 0
end

# The long look of a shell that has had no profile yet. If this place asks for one, or a tool that sets variables runs here,
# awsh-rest.fish is sourced, whose __awsh_look takes the place of this one. Shares __awsh_check's locals.
function __awsh_look -S
    # As long as this one is there, awsh-rest.fish was not sourced to its end.
    set -g __awsh_whole ''
    set -g __awsh_settled ''
    if test -n "$file$__awsh_open$__awsh_stopped"
        if __awsh_load_rest
            __awsh_go_on
            __awsh_look "$argv[1]" "$argv[2]"
            return
        end
        # ^C has cut it short: the next prompt sources it again.
        test -z "$__awsh_whole"
        or return 1
        set -g __awsh_open ''
        if test -z "$file"
            __awsh_go_on
        else
            test -n "$__awsh_stopped"
            or __awsh_stop
            test -n "$argv[1]"
            or __awsh_refuse
        end
    end
    if test -z "$__awsh_stopped"
        set -eg AWSH_SEGMENT
        set -eg AWSH_LOADED
        set -eg AWSH_SAVED
    end
    set -g __awsh_settled "$AWS_PROFILE $AWS_ACCESS_KEY_ID  $file $text"
end

# The rest has one that looks.
function __awsh_is_displaced
    return 1
end

# Notes which tools are wrapped, and how many are not there.
function __awsh_note_tools
    set -g __awsh_wrapped
    builtin functions --query __direnv_export_eval
    and set -ga __awsh_wrapped direnv
    builtin functions --query __mise_env_eval_on_prompt
    and set -ga __awsh_wrapped mise
    builtin functions --query __direnv_export_eval __mise_env_eval_on_prompt
    set -g __awsh_missing $status
end

# Notes the variables that a tool could claim, and what tells that it did something.
function __awsh_look_around
    set -l seen
    for name in $__awsh_claimable
        set -a seen "$$name"
    end
    set -g __awsh_seen $seen
    set -g __awsh_seen_all $$__awsh_claimable
    set -g __awsh_seen_direnv "$DIRENV_DIFF"
    set -g __awsh_seen_mise "$__MISE_DIFF"
end

# At the first prompt everything else has been loaded, and ours is to come after it, or in front of a tool (__awsh_before).
function __awsh_first_prompt --on-event fish_prompt
    set -l fish_trace
    set -q fish_read_limit; and set -l fish_read_limit 0
    builtin functions --query __direnv_export_eval __mise_env_eval_on_prompt
    if test $status -lt 2 -o -n "$__MISE_DIFF" -o "$DIRENV_DIFF" != "$__awsh_seen_direnv"; and __awsh_load_rest
        __awsh_join_tools
    end
    __awsh_note_tools
    __awsh_define_prompt
    __awsh_define_moved_late
    builtin functions --erase __awsh_first_prompt
    __awsh_check 1 ''
    set -g __awsh_phase prompt
end

# --- the rest of the hook ---------------------------------------------------------------------------------------------

# Sources awsh-rest.fish, once. Fails if that is not the file that was installed with this one: parts of two versions are never
# in one shell. $argv[1] is AWSH_SAVED, while the hook itself is sourced. Call it with fish_trace off, as __awsh_run_fixed.
function __awsh_load_rest
    test "$__awsh_whole" = 1
    and return 0
    # The word of both files (npm run generate).
    set -l word 54cf05c024e2
    __awsh_source_rest $word "$argv[1]"
    test "$__awsh_whole" = 1
end

# Says why this shell loads nothing, though a profile was asked for.
function __awsh_refuse
    set -l why $__awsh_text_outdated
    set -l rest (string replace -r '[^/]*$' awsh-rest.fish -- $__awsh_hook | string collect)
    test -f $rest -a -r $rest
    or set why (string replace --all -r '[[:cntrl:]]' '?' -- $rest)' cannot be read'
    builtin printf 'awsh: %s\n  why:  %s\n  next: %s\n' 'this shell cannot load a profile' $why 'exec fish' >&2
end

# Blocks AWS here, because the place asks for a profile that cannot be loaded: what the user has of an identity is kept,
# and the next shell is told of it (src/shell/unloaded-environment.ts).
function __awsh_stop
    set -l saved
    set -g __awsh_stopped 1
    set -g __awsh_put_aside
    for name in $__awsh_claimable AWS_EC2_METADATA_DISABLED
        if set -qgx $name; and not string match -q '*REGION' -- $name
            set -g __awsh_aside_$name $$name
            set -ga __awsh_put_aside $name
            string match -qr '[%[:cntrl:]]' -- $$name
            or set saved "$saved""was $name $$name"\n
            set -eg $name
        end
    end
    set -gx AWS_PROFILE awsh-blocked
    set -gx AWS_EC2_METADATA_DISABLED true
    set -gx AWSH_SEGMENT blocked
    set -gx AWSH_LOADED "1 blocked "(/usr/bin/id -u)" - -"
    set -gx AWSH_SAVED "$saved""now AWS_PROFILE awsh-blocked"\n"now AWS_EC2_METADATA_DISABLED true"
end

# Puts back what __awsh_stop has changed.
function __awsh_go_on
    test -n "$__awsh_stopped"
    or return 0
    for name in AWS_PROFILE AWS_EC2_METADATA_DISABLED AWSH_SEGMENT AWSH_LOADED AWSH_SAVED
        set -eg $name
    end
    for name in $__awsh_put_aside
        set -l aside __awsh_aside_$name
        set -gx $name $$aside
    end
    set -g __awsh_stopped ''
end

# --- the command ------------------------------------------------------------------------------------------------------

# A function, because some verbs change this shell, or ask what only this shell knows; all others are the launcher's own.
function awsh --description 'AWS credentials that follow you from directory to directory'
    if builtin contains -- "$argv[1]" use off refresh allow deny init doctor status prompt sso login
        if begin
                set -l fish_trace
                __awsh_load_rest
            end
            __awsh_command $argv
            return
        end
        __awsh_refuse
        builtin contains -- $argv[1] use off refresh
        and return 1
    end
    __awsh_launch $argv
end

# A command like any other, in the environment that it is typed in; but Node, and what it has compiled, are where they were when
# the hook was sourced.
function __awsh_launch
    AWSH_STATE_FOLDER=(string replace -r '/[^/]*$' '' -- $__awsh_lock) AWSH_CACHE_FOLDER=$__awsh_cache \
        /bin/bash -p $__awsh_launcher $argv
end

# --- at the start -----------------------------------------------------------------------------------------------------

# An environment may have exported some of ours.
begin
    set -l IFS \n
    set -eg __awsh_name (set --names --global | string match '__awsh_*')
end

# --- texts (generated by `npm run generate` from src/shell/state-table.ts) ---

# What is fixed when the hook is sourced (src/shell/fixed-environment.ts).
set -g __awsh_fixable HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR \
    AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_CA_BUNDLE HTTP_PROXY HTTPS_PROXY ALL_PROXY \
    NO_PROXY http_proxy https_proxy all_proxy no_proxy DBUS_SESSION_BUS_ADDRESS GNUPGHOME \
    PASSWORD_STORE_DIR PATH USER LOGNAME SHELL TMPDIR TERM TERMINFO TERMINFO_DIRS COLORTERM \
    NO_COLOR LANG LANGUAGE LC_ALL LC_ADDRESS LC_COLLATE LC_CTYPE LC_IDENTIFICATION \
    LC_MEASUREMENT LC_MESSAGES LC_MONETARY LC_NAME LC_NUMERIC LC_PAPER LC_TELEPHONE LC_TIME TZ \
    DISPLAY WAYLAND_DISPLAY XAUTHORITY XDG_CURRENT_DESKTOP BROWSER GPG_TTY GPG_AGENT_INFO \
    PINENTRY_USER_DATA SSH_AUTH_SOCK PASSWORD_STORE_KEY PASSWORD_STORE_GPG_OPTS \
    PASSWORD_STORE_SIGNING_KEY PASSWORD_STORE_UMASK NODE_EXTRA_CA_CERTS SSL_CERT_FILE \
    SSL_CERT_DIR CI AWSH_AGENT

# What another tool may claim (src/shell/managed-variables.ts). Each is known by its place in the list.
set -g __awsh_claimable AWS_PROFILE AWS_ACCESS_KEY_ID AWS_REGION AWS_DEFAULT_REGION AWS_DEFAULT_PROFILE \
    AWS_ROLE_ARN AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONTAINER_CREDENTIALS_FULL_URI \
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI

set -g __awsh_text_outdated 'awsh was upgraded after this shell was started, and parts of two versions do not work together'

# --- end of the generated texts ---

# Fails where this shell is to be left alone: another user's (sudo -E), or a newer awsh's.
function __awsh_start
    set -l fish_trace
    set -q fish_read_limit; and set -l fish_read_limit 0

    # What of the hook's state this file needs; awsh-rest.fish has the rest. This shell follows: auto, its directory; pin, a
    # profile; off, nothing; exec, what `exec` or aws-vault gave it.
    set -g __awsh_mode auto
    # awsh-rest.fish was sourced; or it is not of this version, and AWS is blocked. Tools run.
    set -g __awsh_whole ''
    set -g __awsh_stopped ''
    set -g __awsh_open ''
    # Directory files that nobody else can exchange, and the last of them that was read.
    set -g __awsh_closed_files
    set -g __awsh_closed ''
    # This package's launcher and what asks the agent, by their absolute paths: PATH may name a directory that a repository
    # owns. A link to the package stays one, because it may lead to the next version. The lock's mark, and the cache folder.
    set -g __awsh_hook (status filename)
    test -L $__awsh_hook
    and set -g __awsh_hook (builtin realpath $__awsh_hook)
    or set -g __awsh_hook (builtin realpath --no-symlinks $__awsh_hook)
    set -l folder
    set -l package
    string match -qr '(?s)^(?<folder>.*)/' -- $__awsh_hook
    # What is sourced later has a path that no directory can change: it is a part of this function.
    function __awsh_source_rest --inherit-variable folder
        test -f $folder/awsh-rest.fish -a -r $folder/awsh-rest.fish
        and builtin source $folder/awsh-rest.fish $argv
    end
    set -g __awsh_asker $folder/awsh-ask.bash
    set -g __awsh_launcher $folder/../bin/awsh
    string match -qr '(?s)^(?<package>.*)/shell$' -- $folder
    and set -g __awsh_launcher $package/bin/awsh
    set -l state /(string trim -l -c / -- "$HOME")/.local/state
    string match -q '/*' -- "$XDG_STATE_HOME"
    and set state $XDG_STATE_HOME
    set -g __awsh_lock $state/awsh/locked
    set -g __awsh_cache /(string trim -l -c / -- "$HOME")/.cache/awsh
    string match -q '/*' -- "$XDG_CACHE_HOME"
    and set -g __awsh_cache $XDG_CACHE_HOME/awsh
    # Where the shell is: at its start, at a prompt, in a command; which of the functions that go before us stand already.
    set -g __awsh_phase start
    for late in __direnv_export_eval __mise_env_eval_on_prompt
        builtin functions --query $late
        and set -ga __awsh_early $late
    end

    for name in $__awsh_fixable
        if set -q $name
            set -ga __awsh_given $name
            set -g __awsh_given_$name "$$name"
        end
    end
    set -eg __awsh_fixable
    if test -n "$AWSH_LOADED$AWSH_SAVED$AWSH_PROFILE$AWS_VAULT" -o "$AWS_PROFILE" = awsh-blocked
        if __awsh_load_rest "$AWSH_SAVED"
            __awsh_inherit
            or return
        else if string match -qr '\A1 (dir|pin|blocked) '(/usr/bin/id -u)' ' -- "$AWSH_LOADED"
            # What a parent shell of this user has loaded goes: awsh-rest.fish would know what was there before.
            for name in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION \
                AWS_SESSION_EXPIRATION AWS_ENDPOINT_URL AWS_PROFILE AWS_EC2_METADATA_DISABLED \
                AWSH_PROFILE AWSH_EXPIRES AWSH_LOADED AWSH_SAVED AWSH_SEGMENT
                set -eg $name
            end
        end
    end
    __awsh_look_around
    return 0
end

__awsh_define_moved

if __awsh_start
    set -g __awsh_shell $fish_pid
else
    builtin functions --erase awsh __awsh_first_prompt __awsh_preexec __awsh_moved
end
