# awsh's hook for fish 3.4 and newer. Before each prompt and after each change of directory, the
# shell holds the credentials of the profile that the directory file (.awsprofile) names. Source it
# from config.fish; `awsh setup` adds the line.
#
# Rules for this code:
# - While nothing changes it uses builtins only: no fork, and no file is written.
# - Nothing read from a file, the environment or a reply is ever evaluated, or used in arithmetic
#   before it is known to be a number.
# - A directory file without a usable answer means `blocked`, never the credentials of the previous
#   directory.
# - The user's state stays as it was. fish itself saves $status and $pipestatus around its events.
#   Universal variables are only ever shadowed by global ones.
# - ^C may come between any two commands, and the next prompt must repair what it leaves. No `break`
#   and no `continue`: if ^C follows one before its loop has seen it, fish (seen in 3.4 and 3.6)
#   applies it to every later command and runs none. No variable as the name of a command: if ^C
#   comes while it is expanded, fish before 4 exits. Scripts are therefore run through their #! line.
#
# __awsh_* are this shell's state (global, never exported) and functions. Functions with -S share
# their caller's locals, and their comments say which. Builtins that a user can replace with a
# function (printf, math, functions…) are called by `builtin`. IFS is set where the output of a
# substitution must become a list, because with an empty IFS it is a single text. A substitution
# costs as much as twenty other commands, so texts are split by the named groups of `string
# match` if possible. `set` leaves $status unchanged, so some functions end with `return 0`. The
# hook has the same parts as awsh.bash. The wire format is in src/shell/wire-format.ts.
#
# This file is the core, which every shell needs: it finds out whether there is anything to do. The
# code that does it is in awsh-rest.fish, which is sourced when it is first needed
# (__awsh_load_rest).

status is-interactive
or return 0

# Sourced again in the same shell: the state is still valid.
test "$__awsh_shell" = "$fish_pid"
and return 0

# --- at each prompt and each cd -------------------------------------------------------------------

# The most frequently called functions come first, because at each call fish counts the lines of the
# file up to the function.

# Does nothing unless the directory, its file, or a variable set by others has changed since the
# last look, or the time for the next look has come. The nearest .awsprofile counts, whatever type
# of file it is. At most 513 characters of it are read, one more than the limit of 512. All of this
# is in one function, because calls are most of the cost of an idle prompt. $argv[1] is 1 if nothing
# may be printed or asked. $argv[2] is a line to add to the request of an explicit command (refresh
# 1). Returns what `awsh use` returns.
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
        # The segment shows what this directory asks for.
        set -g __awsh_settled ''
    end
    # While awsh is locked the text differs from every file's, so what was loaded is taken out, and
    # Node reports why.
    test -e $__awsh_lock -o -O "$__awsh_lock_too"
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
        # The environment of a directory may have limited the output of command substitutions.
        # Beyond the limit a change would be left half done.
        set -q fish_read_limit; and set -l fish_read_limit 0
        if test "$__awsh_phase" = command
            # A command may have added another right prompt or a tool, or removed one.
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
        # Tools that were loaded a second time run after awsh and without __awsh_before.
        set -q __awsh_wrapped[1]; and test -z "$__awsh_open"
        and __awsh_join_late
        test -z "$__awsh_open"
        or __awsh_return_unchanged
        __awsh_check '' ''
    end
end

# Runs when the directory changes, so that `cd ../prod; and terraform apply` gets prod's
# credentials. Completion functions change the directory and come back; those changes do not count.
# In a key binding it may load, but must not print. In a command substitution a cd is permanent.
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

# Runs after every other handler of the event, because something may have set other credentials.
function __awsh_define_moved_late
    function __awsh_moved_late --on-variable PWD
        set -l fish_trace
        string match -q -- "$AWS_PROFILE $AWS_ACCESS_KEY_ID "\* "$__awsh_settled"
        or __awsh_moved
    end
end

# A key binding may have changed the directory since the prompt without an event.
function __awsh_preexec --on-event fish_preexec
    set -l fish_trace
    set -g __awsh_phase command
    test "$PWD" = "$__awsh_listed" -o "$__awsh_mode" != auto
    and test -z "$__awsh_open"
    and string match -q -- "$AWS_PROFILE $AWS_ACCESS_KEY_ID "\* "$__awsh_settled"
    and not __awsh_is_displaced
    or __awsh_look_again
end

# Forces the long look although nothing that the short one compares has changed.
function __awsh_look_again
    set -g __awsh_settled ''
    __awsh_check '' ''
end

# Sets __awsh_file to the nearest directory file that exists, or to nothing, and __awsh_nearer to
# the arguments of one `test` for the paths before it: one `test` costs a third of a separate one
# for each.
function __awsh_find_file
    # Empty until the search is complete: after ^C the next prompt searches again, instead of using
    # the previous directory's file.
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

# Lists the files that could be the directory file of $PWD, nearest first. Runs once for each
# directory.
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

# Reads the directory file `file` into `text`, but only if no other user can replace it; else `text`
# is a word that gives the reason. Another user could replace the file with a FIFO after the check,
# and opening a FIFO waits for ever. Node or the agent checks this and reports it with its answer
# (`shared 1`), so the file is not read before the first answer.
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

# The long look of a shell that has had no profile yet. If this directory asks for one, or if a tool
# that sets variables runs here, it sources awsh-rest.fish, whose __awsh_look replaces this one.
# Shares __awsh_check's locals.
function __awsh_look -S
    # This function still exists, so awsh-rest.fish has not been sourced to its end.
    set -g __awsh_whole ''
    set -g __awsh_settled ''
    if test -n "$file$__awsh_open$__awsh_stopped"
        if __awsh_load_rest
            __awsh_go_on
            __awsh_look "$argv[1]" "$argv[2]"
            return
        end
        # ^C has interrupted it: the next prompt sources it again.
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

# awsh-rest.fish replaces this with a real check.
function __awsh_is_displaced
    return 1
end

# Notes which tools are wrapped, and how many are missing.
function __awsh_note_tools
    set -g __awsh_wrapped
    builtin functions --query __direnv_export_eval
    and set -ga __awsh_wrapped direnv
    builtin functions --query __mise_env_eval_on_prompt
    and set -ga __awsh_wrapped mise
    builtin functions --query __direnv_export_eval __mise_env_eval_on_prompt
    set -g __awsh_missing $status
end

# Notes the values of the variables that another tool could set, and the marks of direnv and mise.
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

# At the first prompt everything else has been loaded. awsh's handler must come after it, or run in
# front of a tool (__awsh_before).
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

# --- the second file ------------------------------------------------------------------------------

# Sources awsh-rest.fish, once. Fails if that file was not installed with this one: parts of two
# versions must never be in one shell. $argv[1] is AWSH_SAVED while the hook itself is being
# sourced. Call it with fish_trace off, as for __awsh_run_fixed.
function __awsh_load_rest
    test "$__awsh_whole" = 1
    and return 0
    # The version word of both files (npm run generate).
    set -l word 2fde2c4923a4
    __awsh_source_rest $word "$argv[1]"
    test "$__awsh_whole" = 1
end

# Prints why this shell loads nothing although a profile was asked for.
function __awsh_refuse
    set -l why $__awsh_text_outdated
    set -l rest (string replace -r '[^/]*$' awsh-rest.fish -- $__awsh_hook | string collect)
    test -f $rest -a -r $rest
    or set why (string replace --all -r '[[:cntrl:]]' '?' -- $rest)' cannot be read'
    builtin printf 'awsh: %s\n  why:  %s\n  next: %s\n' 'this shell cannot load a profile' $why 'exec fish' >&2
end

# Blocks AWS here, because this directory asks for a profile that cannot be loaded. The user's own
# values are kept, and child shells learn of them (src/shell/unloaded-environment.ts).
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

# Undoes the changes of __awsh_stop.
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

# --- the command ----------------------------------------------------------------------------------

# A function, because some verbs change this shell or ask what only this shell knows. All others go
# to the launcher.
function awsh --description 'AWS credentials that follow you from directory to directory'
    if builtin contains -- "$argv[1]" use off refresh allow deny init doctor status prompt sso login uninstall
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
        AWSH_HOOK='outdated fish' __awsh_launch $argv
        return
    end
    __awsh_launch $argv
end

# Runs the launcher in the environment of the command line, except that Node's path and the compiled
# code come from the folders known when the hook was sourced.
function __awsh_launch
    if not test -x "$__awsh_launcher"
        printf 'awsh: %s\n  why:  %s\n  next: %s\n' 'awsh is no longer installed where this shell found it' \
            "$__awsh_launcher is gone" 'awsh off; exec fish' >&2
        return 1
    end
    AWSH_STATE_FOLDER=(string replace -r '/[^/]*$' '' -- $__awsh_lock) AWSH_CACHE_FOLDER=$__awsh_cache \
        /bin/bash -p $__awsh_launcher $argv
end

# --- start ----------------------------------------------------------------------------------------

# The environment may have brought variables with our names.
begin
    set -l IFS \n
    set -eg __awsh_name (set --names --global | string match '__awsh_*')
end

# <fixed-variables: npm run generate>
# Fixed when the hook is sourced (src/shell/fixed-environment.ts).
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
# </fixed-variables>

# <outdated: npm run generate>
set -g __awsh_text_outdated 'awsh was upgraded after this shell was started, and parts of two versions do not work together'
# </outdated>

# Fails if awsh must not act in this shell: it was started from another user's (sudo -E) or by a
# newer awsh.
function __awsh_start
    set -l fish_trace
    set -q fish_read_limit; and set -l fish_read_limit 0

    # The hook's state that this file needs; the rest is in awsh-rest.fish. The mode is auto (follow
    # the directory), pin (one profile), off (nothing), or exec (what `exec` or aws-vault gave this
    # shell).
    set -g __awsh_mode auto
    # __awsh_whole: awsh-rest.fish was sourced. __awsh_stopped: it is another version, so AWS is
    # blocked. __awsh_open: a tool such as direnv runs here.
    set -g __awsh_whole ''
    set -g __awsh_stopped ''
    set -g __awsh_open ''
    # Directory files that no other user can replace, and the last of them that was read.
    set -g __awsh_closed_files
    set -g __awsh_closed ''
    # This package's launcher and the script that asks the agent, by absolute path: PATH may name a
    # folder inside a repository. A link to the package is kept, because it may point to the next
    # version. Also the files that mark awsh as locked, and the cache
    # folder.
    set -g __awsh_hook (status filename)
    test -L $__awsh_hook
    and set -g __awsh_hook (builtin realpath $__awsh_hook)
    or set -g __awsh_hook (builtin realpath --no-symlinks $__awsh_hook)
    set -l folder
    set -l package
    string match -qr '(?s)^(?<folder>.*)/' -- $__awsh_hook
    # The path of the second file is a part of this function, so no directory can change it.
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
    set -g __awsh_lock_too
    string match -q '/*' -- "$XDG_RUNTIME_DIR"
    and set -g __awsh_lock_too $XDG_RUNTIME_DIR/awsh/locked
    set -g __awsh_cache /(string trim -l -c / -- "$HOME")/.cache/awsh
    string match -q '/*' -- "$XDG_CACHE_HOME"
    and set -g __awsh_cache $XDG_CACHE_HOME/awsh
    # The phase of the shell: start, prompt or command. And which of the tools' functions that must
    # run before ours are defined already.
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
            # Remove what a parent shell of this user has loaded. The values before that are not
            # restored, because only awsh-rest.fish can do it.
            # <drop-inherited: npm run generate>
            for name in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION \
                AWS_SESSION_EXPIRATION AWS_ENDPOINT_URL AWSH_PROFILE AWSH_EXPIRES AWS_PROFILE \
                AWS_EC2_METADATA_DISABLED AWSH_LOADED AWSH_SAVED AWSH_SEGMENT
            # </drop-inherited>
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
