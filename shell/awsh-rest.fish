# The second part of awsh's hook for fish: loads, unloads and draws. awsh.fish sources it if the
# shell has a profile to load, if a tool such as direnv runs here, or for one of awsh's own verbs.
# The rules in awsh.fish apply here too.

# The version word of both files (npm run generate): parts of two versions are never in one shell.
set -l word 2fde2c4923a4
test "$argv[1]" = $word
or return
set -g __awsh_whole begun

# The environment may have brought variables with our names since awsh.fish was sourced.
begin
    set -l IFS \n
    set -eg __awsh_name (set --names --global | string match -r '^__awsh_(?!(?:asker|cache|claimable|closed|closed_files|early|file|files|given|hook|launcher|listed|lock|lock_too|missing|mode|nearer|open|phase|put_aside|seen|seen_all|seen_direnv|seen_mise|settled|shell|stopped|whole|wrapped)$)(?!given_|aside_).*')
end

# --- what a change of directory runs --------------------------------------------------------------

# Sets the caller's `value` to $argv[1], encoded for the wire format. Fails if it contains other
# control bytes.
function __awsh_encode -S
    set value "$argv[1]"
    string match -qr '[%[:cntrl:]]' -- $value
    or return 0
    # Most directory files are one line.
    set -l line
    if string match -qr '\A(?<line>[^%[:cntrl:]]*)\n\z' -- $value
        set value $line%0A
        return 0
    end
    set -l IFS \n
    set -l lines (string split -- \n $value)
    set lines (string replace --all -- % %25 $lines)
    set lines (string replace --all -- \r %0D $lines)
    set value (string join -- %0A $lines)
    not string match -qr '[[:cntrl:]]' -- $value
end

# The inverse. %25 must be decoded last: %250A is the text %0A. Sets the caller's `value`.
function __awsh_decode -S
    set value "$argv[1]"
    string match -q '*%*' -- $value
    or return 0
    set -l IFS \n
    set -l lines (string split -- %0A $value)
    set lines (string replace --all -- %0D \r $lines)
    __awsh_lines (string replace --all -- %25 % $lines)
end

# Sets the caller's `value` to the arguments, one a line. (A substitution would lose line ends.)
function __awsh_lines -S
    set value "$argv[1]"
    set -e argv[1]
    for each in $argv
        set value "$value"\n"$each"
    end
    return 0
end

# Succeeds if $argv[1] is safe to use in arithmetic.
function __awsh_number
    string match -qr '\A[0-9]{1,12}\z' -- "$argv[1]"
end

# Sets the caller's `ours` to the names of the variables that still have awsh's values, the access
# key id last. Nothing is known of a secret key that a parent shell has set: it counts as awsh's as
# long as the access key id does.
function __awsh_find_ours -S
    if __awsh_is_whole
        set ours $__awsh_put_names
        return 0
    end
    set -l key_id
    set -l same_key
    test "$AWS_ACCESS_KEY_ID" = "$__awsh_key_id"
    and set same_key 1
    for name in $__awsh_names
        set -l now __awsh_now_$name
        switch "$$now"
            case -
                not set -qg $name
            case secret
                set -l tail __awsh_tail_$name
                if test -n "$$tail"
                    string match -q -- "*$$tail" "$$name"
                else
                    test -n "$same_key"
                end
            case '*'
                set -q $name
                and test "=$$name" = "$$now"
        end
        and if test $name = AWS_ACCESS_KEY_ID
            set key_id $name
        else
            set -a ours $name
        end
    end
    set -a ours $key_id
end

# Succeeds if everything is as __awsh_put left it. Compares what __awsh_put noted at its end: how
# many variables other than the secrets are unset, and the values.
function __awsh_is_whole
    set -qg $__awsh_put_open
    set -l now $status $$__awsh_put_open
    test "$now" = "$__awsh_put_values"
    and if test -n "$__awsh_key_id"
        string match -q -- "*$__awsh_tail_AWS_SECRET_ACCESS_KEY" "$AWS_SECRET_ACCESS_KEY"
        and string match -q -- "*$__awsh_tail_AWS_SESSION_TOKEN" "$AWS_SESSION_TOKEN"
    end
end

# Restores $argv[1] to what it was before.
function __awsh_give_back
    set -l had __awsh_had_$argv[1]
    set -l was __awsh_was_$argv[1]
    switch "$$had"
        case exported
            set -gx $argv[1] $$was
        case plain
            set -gu $argv[1] $$was
        case '*'
            set -eg $argv[1]
    end
    set -qg $argv[1]; and builtin contains -- $argv[1] $__awsh_paths
    and set -g --path $argv[1] $$was
    return 0
end

# Notes the present values of the variables named in the arguments.
function __awsh_remember
    set -g __awsh_owned
    set -eg __awsh_had_$argv
    set -eg __awsh_was_$argv
    for name in $argv
        if set -q $name
            set -g __awsh_was_$name $$name
            if set -qg $name
                set -g __awsh_had_$name plain
                set -qgx $name
                and set -g __awsh_had_$name exported
                __awsh_note_path $name
            end
            set -ga __awsh_owned $name
        end
    end
    for name in $__awsh_lost
        if builtin contains -- $name $argv; and not set -q __awsh_had_$name
            set -g __awsh_had_$name lost
            set -ga __awsh_owned $name
        end
    end
    return 0
end

# After the answer `reply`, reads the file that __awsh_read_file did not read. Without an answer,
# reads it if only this user can write to its folder. Shares __awsh_look's locals.
function __awsh_read_late -S
    test "$__awsh_mode" = auto -a -n "$file"
    or return 0
    if builtin contains -- 'shared 1' $reply
        set -g __awsh_closed
        set -ga __awsh_shared_files $file
        set -l at (builtin contains --index -- $file $__awsh_closed_files)
        and set -e __awsh_closed_files[$at]
        string match -q '1 *' -- $text
        and set text unread
    else if test "$text" = unread
        if test -n "$reply[1]"; or __awsh_looks_closed $file
            set -ga __awsh_closed_files $file
            __awsh_read_file
        end
    end
    set place "auto $file $text"
    return 0
end

# Succeeds if, as far as this shell can see, no other user can replace the file $argv[1].
function __awsh_looks_closed
    set -l folder (string replace -r '[^/]*$' '' -- $argv[1] | string collect)
    test -O $argv[1] -a -O "$folder" -a ! -g "$folder"
    and not builtin contains -- $argv[1] $__awsh_shared_files
end

# fish cannot read the clock without a fork, but it can read how much time goes by, in seconds from
# some fixed time: from Linux's uptime, or from the age of the root directory, which always exists
# (fish 3.6; 3.5 prints an error, and older versions do not even parse a file that contains `builtin
# path`).
if builtin --query path; and builtin eval 'builtin path mtime /' >/dev/null 2>&1
    builtin eval 'function __awsh_mtime; builtin path mtime $argv -- /; end'
end

# Sets __awsh_tick.
if test -r /proc/uptime
    function __awsh_read_tick
        read -g __awsh_tick __awsh_idle </proc/uptime
    end
else if builtin functions --query __awsh_mtime
    function __awsh_read_tick
        set -g __awsh_tick (__awsh_mtime --relative)
    end
else
    function __awsh_read_tick
        set -g __awsh_tick (/bin/date +%s)
    end
end

# Succeeds if another tool or the user has set a variable where awsh would load a profile.
function __awsh_overridden
    test -n "$__awsh_foreign"
end

function __awsh_forget
    test -n "$__awsh_names"
    and set -g __awsh_gone_names $__awsh_names
    set -g __awsh_names
    set -g __awsh_shines
end

# Restores each variable to what it was, except those that something else has changed since. The
# next put_back completes a change that ^C interrupts: each variable changes in one step, and the
# access key id changes last, because the secrets are recognised as awsh's by it.
function __awsh_put_back
    set -l ours
    __awsh_find_ours
    __awsh_give_all_back
end

# The same for the caller's `ours`.
function __awsh_give_all_back -S
    if set -q __awsh_owned[1]
        for name in $ours
            __awsh_give_back $name
        end
    else if set -q ours[1]
        set -eg $ours
    end
    __awsh_forget
    set -eg AWSH_LOADED
    set -eg AWSH_SAVED
end

# Sets the label of the segment to $argv[1], with a ? for each character that no prompt should show.
function __awsh_call_it
    set -g __awsh_label "$argv[1]"
    string match -qr '[^A-Za-z0-9_.@+=,:/ -]' -- $__awsh_label
    and set -g __awsh_label (string replace --all --regex '[^A-Za-z0-9_.@+=,:/ -]' '?' -- $__awsh_label)
    # The segment counts down to the end of a time box by itself, so the suffix ` 15m@tk3b9c`, which
    # is for shells, is removed, as is the reason (` why=T1BTLTQy`).
    string match -qr ' why=[A-Za-z0-9_-]+$' -- $__awsh_label
    and set -g __awsh_label (string replace --regex ' why=[A-Za-z0-9_-]+$' '' -- $__awsh_label)
    string match -qr ' [0-9]+[hms]@[0-9a-z]{6}$' -- $__awsh_label
    and set -g __awsh_label (string replace --regex ' [0-9]+[hms]@[0-9a-z]{6}$' '' -- $__awsh_label)
end

# After a failure, asks again after ten seconds, then every minute.
function __awsh_retry_later -S
    set -g __awsh_renew $soon
    test $__awsh_pause = 10
    or set -g __awsh_renew $later
    set -g __awsh_pause 60
end

# Sets the caller's `now`, in epoch seconds, and `soon` and `later`: ten seconds and a minute from
# now.
function __awsh_read_clock -S
    set -l IFS \n
    set -l times
    if builtin functions --query __awsh_mtime
        set times (__awsh_mtime; __awsh_mtime --relative)
    else
        set times (/bin/date +%s) 0
    end
    set times (builtin math $times[1] + $times[2]; builtin math $times[1] + $times[2] + 10; builtin math $times[1] + $times[2] + 60)
    set now $times[1]
    set soon $times[2]
    set later $times[3]
end

# Runs the bash script $argv[1] (the launcher, or the script that asks the agent) with the
# environment that the hook was given when it was sourced: what a directory has set since does not
# reach the script or its children. A variable with its old value is left alone, because fish
# queries the terminal each time TERM is set. Call it with fish_trace off: a local one in here would
# turn tracing on again for the caller at its end.
function __awsh_run_fixed
    set -l IFS \n
    # An exported variable may have this very name.
    set -l __awsh_words $argv
    for name in (string match -rv $__awsh_known -- (set -nx))
        test $name = __awsh_words
        or set -f --unexport $name
    end
    for name in $__awsh_given
        set -l given __awsh_given_$name
        set -qx $name
        and test "$$name" = "$$given"
        or set -f --export $name $$given
    end
    /bin/bash -p $__awsh_words
end

# Succeeds if something has changed what awsh loaded, or if a universal variable cannot be hidden.
# Sets __awsh_displaced_by to the variable that shows it, or to `secret`.
function __awsh_is_displaced
    test -n "$__awsh_kind" -a -n "$__awsh_names"
    or return
    set -g __awsh_displaced_by ''
    if test -n "$__awsh_shines"
        set -g __awsh_displaced_by $__awsh_shines[1]
    else if test "$AWS_PROFILE" != "$__awsh_profile"
        set -g __awsh_displaced_by AWS_PROFILE
    else if test "$AWS_ACCESS_KEY_ID" != "$__awsh_key_id"
        set -g __awsh_displaced_by AWS_ACCESS_KEY_ID
    else if test -z "$__awsh_key_id"
        return 1
    else if test "$AWS_ENDPOINT_URL" != "$__awsh_endpoint"
        set -g __awsh_displaced_by AWS_ENDPOINT_URL
    else if test -n "$AWS_ROLE_ARN"
        set -g __awsh_displaced_by AWS_ROLE_ARN
    else if test -n "$AWS_CONTAINER_CREDENTIALS_FULL_URI"
        set -g __awsh_displaced_by AWS_CONTAINER_CREDENTIALS_FULL_URI
    else if test -n "$AWS_SECURITY_TOKEN"; or not string match -q -- "*$__awsh_tail_AWS_SECRET_ACCESS_KEY" "$AWS_SECRET_ACCESS_KEY"
        set -g __awsh_displaced_by secret
    else if not string match -q -- "*$__awsh_tail_AWS_SESSION_TOKEN" "$AWS_SESSION_TOKEN"
        set -g __awsh_displaced_by secret
    end
    test -n "$__awsh_displaced_by"
end

# The warm path: asks the agent over loopback, through one small bash. Sets `reply` and `code`.
# Fails if there is no agent, if it does not have the session, or in any doubt; the cold path is
# taken then.
function __awsh_ask_agent -S
    test $now -ge $__awsh_rest
    and test -n "$__awsh_agent"
    or return
    if test -n "$__awsh_runtime"
        # As runtimeBase in Node. The folder is removed when the user logs out, and made again.
        set -g __awsh_agent (string replace -r '/[^/]*$' /agent -- $__awsh_lock | string collect)
        test -d "$__awsh_runtime" -a -O "$__awsh_runtime" -a -w "$__awsh_runtime" -a -x "$__awsh_runtime"
        and set -g __awsh_agent $__awsh_runtime/awsh/agent
    end
    test -f "$__awsh_agent"
    or return
    set -l asker $__awsh_asker
    if not test -x "$__awsh_asker"
        # The package is gone, perhaps because it is being replaced.
        test -n "$__awsh_asker_text"; and not test -e "$__awsh_asker"
        or return
        set asker -c "$__awsh_asker_text" $__awsh_asker
    end
    # If this is still set at the next prompt, ^C interrupted the call.
    set -g __awsh_busy 1
    set -l IFS \n
    set reply (AWSH_REQUEST="$request" __awsh_run_fixed $asker $__awsh_agent </dev/null 2>/dev/null)
    set code $status
    set -g __awsh_busy ''
    if test $code -gt 1
        # A refused connection is noticed at once and does not count against the agent that starts
        # next.
        __awsh_rest_from_agent
        return 1
    end
    test $code = 0
    or return
    set -g __awsh_rest_seconds 10
    not string match -q -- '- cold *' $reply[1]
end

# Sets __awsh_foreign to the variable that another tool or the user has set where awsh would load a
# profile, or to nothing; and __awsh_tool to the tool's name, if it is known. Tools do not override
# a profile that the user has pinned. Shares __awsh_look's locals.
function __awsh_find_foreign -S
    set -g __awsh_foreign ''
    set -g __awsh_tool ''
    if set -q __awsh_typed[1]
        if test "$place" = "$__awsh_typed_at" -a "$$__awsh_typed[1]" = "$__awsh_typed[2]"
            set -g __awsh_foreign $__awsh_typed[1]
            return
        end
        set -g __awsh_typed
    end
    builtin contains -- "$__awsh_mode" auto exec; and test -n "$wanted"
    or return
    # The status of `set -q` is the number of variables that are not set.
    set -q __awsh_base_$__awsh_claimable
    test $status != $__awsh_unclaimed
    or return
    for name in $__awsh_claimable
        set -l base __awsh_base_$name
        set -l by __awsh_by_$name
        set -l emptied __awsh_emptied_$name
        # direnv set keys that only the parent shell still has. They are direnv's until it unloads.
        if test $name = AWS_ACCESS_KEY_ID -a -z "$$name$__awsh_foreign"; and set -q $base; and string match -q 'direnv*' -- "$$by"
            and string match -q '* AWS_ACCESS_KEY_ID *' -- " $__awsh_lost $__awsh_above "; and __awsh_is_in_direnv
            set -g __awsh_foreign $name
            set -g __awsh_tool $$by
        end
        # If a tool has unset a variable and it has a value again, the user has set it.
        if test -z "$__awsh_foreign$$emptied" -a -n "$$name"; and set -q $base; and test "$$name" != "$$base"
            # After a cd, direnv runs at the prompt. Outside of its directory it will put the old
            # value back.
            test "$$by" != direnv -a "$$by" != direnv_or_mise -o "$PWD" = "$__awsh_stood"
            or __awsh_is_in_direnv
            and set -g __awsh_foreign $name
            test "$$by" = - -o -z "$__awsh_foreign"
            or set -g __awsh_tool $$by
        end
    end
end

# Sets the caller's `request`; $argv[1] is an additional line (renew 1, refresh 1) or empty. Fails
# if the request cannot be encoded. Shares `moved` and `quiet`.
function __awsh_request -S
    set -l value $PWD
    if string match -qr '[^ -$&-~]' -- $PWD
        __awsh_encode_folder
        or return
    end
    set -l lines "- load 1"\n"cwd $value"
    if test "$__awsh_mode" = pin
        __awsh_encode "$__awsh_pin"
        or return
        set lines "$lines"\n"pin $value"
    end
    test -z "$moved"
    and builtin contains -- "$__awsh_kind" dir pin
    and __awsh_encode "$__awsh_who"
    and set lines "$lines"\n"loaded $value"
    test -n "$argv[1]"
    and set lines "$lines"\n"$argv[1]"
    test -n "$quiet"
    and set lines "$lines"\n"quiet 1"
    set -q __awsh_tty
    or __awsh_find_tty
    test -n "$__awsh_tty"
    and set lines "$lines"\n"tty $__awsh_tty"
    set request "$lines$__awsh_fixed"\nend
    return 0
end

# Sets AWSH_LOADED and AWSH_SAVED, which tell child shells what is loaded and what was set before.
# Shares __awsh_put's locals and `file` and `text`.
function __awsh_leave_word -S
    set -l who -
    set -l where -
    set -l word
    set -l saved
    set -l content
    set -l value
    if test "$__awsh_kind" = exec
        # Child shells find out by AWS_VAULT.
        set -eg AWSH_LOADED
        set -eg AWSH_SAVED
        return 0
    end
    __awsh_encode "$__awsh_who"
    and test -n "$value"
    and set who $value
    if test "$__awsh_mode" = auto
        __awsh_encode "$file"
        and set where $value
        string match -qr '(?s)\A1 (?<content>.*)\z' -- $text
        and __awsh_encode "$content"
        and set word \n"key $value"
    end
    string match -q '* *' -- $who
    and set who (string replace --all ' ' %20 -- $who)
    string match -q '* *' -- $where
    and set where (string replace --all ' ' %20 -- $where)
    for name in $__awsh_owned
        set -l had __awsh_had_$name
        set -l was __awsh_was_$name
        if test "$$had" = exported -o "$$had" = lost; or set -qUx $name
            if not builtin contains -- $name $__awsh_secret; and not __awsh_is_half $name; and __awsh_encode "$$was"
                set word "$word"\n"was $name $value"
            else
                set word "$word"\n"secret $name"
            end
        end
    end
    if string match -qr '[%[:cntrl:]]' -- $values
        set told
        for name in $open AWS_ACCESS_KEY_ID
            builtin contains -- $name $names
            and __awsh_encode "$$name"
            and set told "$told"\n"now $name $value"
        end
    end
    for name in $hidden
        set told "$told"\n"now $name "
    end
    set word "$word$told"
    test -n "$__awsh_tail_AWS_SESSION_TOKEN" -a -n "$__awsh_key_id"
    and __awsh_encode "$__awsh_tail_AWS_SESSION_TOKEN"
    and set word "$word"\n"tail $value"
    test -z "$__awsh_protected"
    or set word "$word"\n"protected 1"
    # The status of `set -q` is the number of variables that are not set.
    set -q __awsh_base_$__awsh_claimable
    if test $status != $__awsh_unclaimed
        __awsh_save_claims
        for claim in $saved
            set word "$word"\n"$claim"
        end
    end
    string match -qr '(?s)\A\n(?<word>.*)\z' -- $word
    set -gx AWSH_LOADED "1 $__awsh_kind $__awsh_uid $who $where"
    set -gx AWSH_SAVED "$word"
end

# Succeeds if the variable $argv[1] belongs to a secret of the user's, which no child shell can
# restore: it would be half a pair there.
function __awsh_is_half
    switch $argv[1]
        case AWS_ACCESS_KEY_ID
            builtin contains -- AWS_SECRET_ACCESS_KEY $__awsh_owned
            or builtin contains -- AWS_SESSION_TOKEN $__awsh_owned
        case 'AWS_CONTAINER_CREDENTIALS_*_URI'
            builtin contains -- AWS_CONTAINER_AUTHORIZATION_TOKEN $__awsh_owned
        case '*'
            return 1
    end
end

# Replaces everything that awsh manages with the caller's `names` and their `values`; $argv[1] is
# the kind: dir, pin or blocked. Everything is noted before anything is changed, so that the next
# put_back can undo a change that ^C interrupts.
function __awsh_put -S
    test "$__awsh_kind" != exec -o "$argv[1]" = exec
    or __awsh_release_exec
    __awsh_put_back
    test -z "$AWS_ACCESS_KEY_ID" -a "$argv[1]" != exec
    or __awsh_drop_same $argv[1]
    set -g __awsh_put_values
    set -g __awsh_key_id ''
    set -g __awsh_profile ''
    set -g __awsh_foreign ''
    set -g __awsh_tail_AWS_SECRET_ACCESS_KEY ''
    set -g __awsh_tail_AWS_SESSION_TOKEN ''
    set -l tail
    set -l told
    set -l open
    set -l secrets
    set -l left $values
    for name in $names
        switch $name
            case AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
                set -g __awsh_now_$name secret
                string match -qr '(?s)(?<tail>.{1,6})\z' -- $left[1]
                and set -g __awsh_tail_$name $tail
                set -a secrets $name
            case AWS_ACCESS_KEY_ID
                set -g __awsh_key_id $left[1]
                set -g __awsh_now_AWS_ACCESS_KEY_ID "=$left[1]"
                set told "$told"\n"now $name $left[1]"
            case '*'
                test $name = AWS_PROFILE
                and set -g __awsh_profile $left[1]
                set -g __awsh_now_$name "=$left[1]"
                set told "$told"\n"now $name $left[1]"
                set -a open $name
        end
        set -e left[1]
    end
    set -l IFS \n
    set -l gone
    set -l endpoints (set --names)
    string match -qr '^AWS_ENDPOINT_URL_.' -- $endpoints
    and set endpoints (string match --regex '^AWS_ENDPOINT_URL_.+$' -- $endpoints)
    or set endpoints
    # The status of `set -q` is the number of variables that are not set.
    set -q $__awsh_replaced
    if test $status != $__awsh_replaceable -o -n "$endpoints"
        for name in $__awsh_replaced $endpoints
            if set -q $name; and not builtin contains -- $name $names
                set -a gone $name
                set -g __awsh_now_$name -
            end
        end
    end
    __awsh_remember $names $gone
    # The names last: a record is complete, or it does not exist.
    set -g __awsh_names $names $gone
    test -z "$__awsh_key_id"
    or builtin contains -- $__awsh_key_id $__awsh_issued
    or set -ga __awsh_issued $__awsh_key_id
    # A path variable would change the value it is given. The access key id is set first, as it is
    # restored last.
    test -z "$__awsh_key_id"
    or set -gx --unpath AWS_ACCESS_KEY_ID $__awsh_key_id
    set left $values
    for name in $names
        set -gx --unpath $name $left[1]
        set -e left[1]
    end
    set -l hidden
    for name in $gone
        __awsh_hide $name
        set -qU $name
        and set -a hidden $name
    end
    set -g __awsh_kind $argv[1]
    set -g __awsh_endpoint "$AWS_ENDPOINT_URL"
    __awsh_leave_word
    # The access key id is the first of the unset variables.
    set -g __awsh_put_gone $gone
    set -g __awsh_put_names $open $secrets $gone[-1..1]
    set -g __awsh_put_open $open $gone
    if test -n "$__awsh_key_id"
        set -a __awsh_put_names AWS_ACCESS_KEY_ID
        set -a __awsh_put_open AWS_ACCESS_KEY_ID
    end
    set -g __awsh_loaded_names $names
    set -g __awsh_put_hidden $hidden
    set -qg $__awsh_put_open
    set -g __awsh_put_values $status $$__awsh_put_open
end

# Requests what this directory asks for and takes the answer. $argv[1] as in __awsh_request. Sets
# the caller's `result`, an exit status; shares __awsh_look's locals.
function __awsh_ask -S
    set -l request
    set -l reply
    set -l code 1
    if test "$__awsh_mode" = exec
        __awsh_put_exec
        return
    end
    set -l waits $__awsh_waits
    set -g __awsh_waits ''
    test "$argv[1]" = 'renew 1'
    and set known "$__awsh_state $__awsh_reason"
    # Whatever the answer is, and even after ^C, wait before the next question.
    __awsh_retry_later
    if __awsh_request "$argv[1]"
        if test "$argv[1]" = 'renew 1'; and test "$waits" = person
            # Another terminal may have answered the question, and the agent knows it; nothing else
            # has changed.
            set -g __awsh_renew 1
            set -g __awsh_waits person
            __awsh_ask_agent
            and string match -q -- '- ok *' $reply[1]
            and __awsh_read_late
            and __awsh_take
            return 0
        end
        if test "$argv[1]" != 'refresh 1'; and __awsh_ask_agent; and __awsh_read_late; and __awsh_take
            return
        end
        if test -n "$moved" -a "$argv[1]" != 'use 1'
            # The previous directory's credentials are removed before this long question, so that
            # they cannot stay after ^C.
            __awsh_block blocked
            set -g __awsh_place $place
            set -g __awsh_state blocked
            set -g __awsh_reason $__awsh_text_interrupted
            set -g __awsh_todo $__awsh_next_blocked
            set -g __awsh_since $now
        end
        __awsh_ask_node
        and __awsh_read_late
        and __awsh_take
        and return
        __awsh_read_late
    else if test "$__awsh_mode" = auto
        __awsh_refuse_folder
        return
    end
    set result 1
    if test "$argv[1]" = 'use 1'
        set -g __awsh_unchanged 1
        return
    end
    __awsh_block blocked
    set -l IFS \n
    __awsh_note_state blocked (string replace '{launcher}' -- $__awsh_launcher $__awsh_text_unanswered) $__awsh_next_blocked
end

# Sets AWSH_SEGMENT (`dev 42m`) for any prompt that shows it; __awsh_shown, for the right prompt;
# and __awsh_looked and __awsh_due: between them neither the clock nor a renewal needs another look.
# Shares `now`.
function __awsh_describe -S
    set -l IFS \n
    set -l marked ''
    switch $__awsh_mode
        case exec
            __awsh_call_it $__awsh_exec
            set -g __awsh_expires $__awsh_exec_expires
        case pin off
            __awsh_mark_choice
    end
    set -l show "$__awsh_label"
    set -l time ''
    set -l colour 32
    set -l overridden
    if __awsh_overridden
        set overridden 1
        set show overridden
        set colour 33
    else if test "$__awsh_kind" = blocked -o -n "$__awsh_protected"; or test -z "$__awsh_kind" -a "$__awsh_mode" != off -a "$__awsh_mode" != exec
        set colour 31
    else if test "$marked" = off
        set show off
        set colour 33
    end

    __awsh_read_tick
    set -g __awsh_looked $__awsh_tick
    set -g __awsh_due
    if test $__awsh_expires -gt $now -a -z "$overridden"
        # The seconds left; the same in minutes, and in hours and minutes; and when the text
        # changes.
        set -l left $__awsh_expires - $now
        set -l parts (
            builtin math $left
            builtin math --scale 0 "($left) / 60"
            builtin math --scale 0 "($left) / 3600"
            builtin math --scale 0 "($left) / 60 % 60"
            builtin math $__awsh_tick + "($left) % 60" + 1
            builtin math $__awsh_tick + 1)
        set left $parts[1]
        set -g __awsh_due $parts[5]
        if test $left -lt 60
            set time " $left"s
            set -g __awsh_due $parts[6]
        else if test $left -lt 3600
            set time " $parts[2]"m
        else
            string match -qr '^.$' -- $parts[4]
            and set parts[4] 0$parts[4]
            set time " $parts[3]h$parts[4]m"
        end
        # <soon-over: npm run generate>
        if test $left -lt 300
            set colour 31
        else if test $left -lt 900 -a $colour = 32
            set colour 33
        end
        # </soon-over>
    else if test $__awsh_expires -gt 0 -a -z "$overridden"
        set show expired
        set colour 31
    end
    if test $__awsh_renew -gt 0 -a -z "$overridden"
        set -l due (builtin math $__awsh_tick + "max($__awsh_renew - $now, 0)")
        test -n "$__awsh_due"; and test $__awsh_due -lt $due
        or set -g __awsh_due $due
    end

    string match -qr '(overridden|expired|^off.*)$' -- "$marked$show"
    or test -z "$marked"
    or set time " $marked$time"
    string match -qr '.{27}' -- $show
    and set show (string sub --length (builtin math 40 - (string length -- "$time")) -- $show)
    set show "$show$time"
    set -g __awsh_shown ''
    if test -n "$show"
        set -gx AWSH_SEGMENT $show
        if test "$AWSH_PROMPT" != off
            set -g __awsh_shown $show
            test -n "$NO_COLOR" -o "$TERM" = dumb
            or set -g __awsh_shown \e"["$colour"m"$show\e"[0m"
        end
    else
        set -eg AWSH_SEGMENT
    end
    if test -n "$__awsh_shown"
        set -q __awsh_marked
        or __awsh_mark_prompt
    else if set -q __awsh_marked
        __awsh_mark_prompt
    end
end

function __awsh_unload -S
    __awsh_put_back
    set -g __awsh_kind ''
    set -g __awsh_who ''
    set -g __awsh_label ''
    set -g __awsh_renew 0
    set -g __awsh_expires 0
    set -g __awsh_protected ''
    set -g __awsh_state ''
    test -z "$__awsh_lost" -o -n "$quiet"
    or __awsh_say "only the shell that this one was started from still has your own $__awsh_lost"
    test -z "$__awsh_lost"
    or set -g __awsh_above "$__awsh_lost"
    set -g __awsh_lost
end

# The cold path: one Node process in the foreground, which may ask the user on /dev/tty. Sets
# `reply` and `code`.
function __awsh_ask_node -S
    test -f "$__awsh_launcher" -a -x "$__awsh_launcher"
    or return
    set -l IFS \n
    if test -n "$quiet"
        set reply (AWSH_REQUEST="$request" __awsh_run_fixed $__awsh_launcher _load </dev/null 2>/dev/null)
        set code $status
    else
        set reply (AWSH_REQUEST="$request" __awsh_run_fixed $__awsh_launcher _load </dev/null)
        set code $status
    end
    test -n "$reply"
end

# Takes all of `reply`, or fails and takes nothing. Nothing is changed before the last line has been
# read. Shares __awsh_ask's locals.
function __awsh_take -S
    set -l IFS \n
    set -l protected
    set -l expires 0
    set -l names
    set -l values
    set -l region
    set -l says
    set -l value
    set -l state ''
    set -l reason ''
    set -l todo ''
    set -l headline
    test "$reply[-1]" = end
    and not builtin contains -- '' $reply
    and not string match -qr '[[:cntrl:]]' -- $reply
    or return

    set -l answer
    set -l renew
    set -l label
    string match -qr '^- (?<answer>\S+) (?<renew>[0-9]{1,12}) (?<label>.*)$' -- $reply[1]
    or return
    __awsh_decode $label
    set label "$value"

    set -e reply[1]
    set -e reply[-1]
    set -l name
    set -l content
    for line in $reply
        switch $line
            case 'set *'
                string match -qr '^set (?<name>\S+) (?<content>.*)$' -- $line
                or return
                __awsh_decode $content
                if test $answer = ok
                    # The endpoint of a single service is allowed, too.
                    builtin contains -- $name $__awsh_settable
                    or string match -qr '\AAWS_ENDPOINT_URL_[A-Z0-9_]+\z' -- $name
                    or return
                    if test $name = AWSH_EXPIRES
                        __awsh_number "$value"
                        or return
                        set expires $value
                    end
                else
                    builtin contains -- $name $__awsh_blocking
                    or return
                    if test $name = AWS_REGION
                        set region "$value"
                    end
                end
                set -a names $name
                set -a values "$value"
            case 'unset *'
                string match -qr '^unset (?<name>.*)$' -- $line
                __awsh_managed $name
                or return
            case 'say *'
                string match -qr '^say (?<content>.*)$' -- $line
                __awsh_decode $content
                set -a says "$value"
            case 'protected 1'
                set protected 1
            case 'shared 1'
            case 'state *' 'reason *' 'next *'
                string match -qr '^(?<name>\S+) (?<content>.*)$' -- $line
                __awsh_decode $content
                switch $name
                    case state
                        set state "$value"
                    case reason
                        set reason "$value"
                    case next
                        set todo "$value"
                end
            case '*'
                return 1
        end
    end
    # Only a reply without credentials gives a reason.
    if builtin contains -- "$answer" ok none keep
        test -z "$state$reason$todo"
        or return
    else
        __awsh_headline $state
        and test -n "$reason" -a -z "$says"
        or return
    end

    if test -n "$in_exec"
        __awsh_take_in_exec
        return
    end
    set -g __awsh_place ''
    switch "$answer"
        case ok
            builtin contains -- AWS_ACCESS_KEY_ID $names
            and builtin contains -- AWS_SECRET_ACCESS_KEY $names
            or return
            set -g __awsh_state ''
            set -g __awsh_who $label
            set -g __awsh_expires $expires
            set -g __awsh_protected $protected
            __awsh_call_it $label
            if test "$__awsh_mode" = pin
                __awsh_put pin
            else
                __awsh_put dir
            end
            set result 0
        case none
            __awsh_unload
            set result 0
        case keep
            set -g __awsh_unchanged 1
            set result 3
            return 0
        case deny
            __awsh_unload
            __awsh_call_it $label
            set result 11
        # <blocking-statuses: npm run generate>
        case blocked person confirm wait error
        # </blocking-statuses>
            __awsh_block $label $region
            set result 1
            test $answer = person
            and set result 6
        case '*'
            return 1
    end
    test $result = 0 -o $code = 0
    or set result $code
    set -g __awsh_renew $renew
    set -g __awsh_pause 10
    # A time in the past would mean a question at each prompt.
    test $__awsh_renew -gt 0 -a $__awsh_renew -le $now
    and __awsh_retry_later
    # A question is open in another terminal, or the user has to answer one. With an agent, looks
    # for the answer at each prompt; without one, after two seconds.
    if builtin contains -- $answer wait person
        if test -n "$__awsh_agent" -a $now -ge $__awsh_rest
            set -g __awsh_waits $answer
            set -g __awsh_renew 1
        else if test $answer = wait
            set -g __awsh_renew (builtin math $now + 2)
        end
    end
    test -z "$state"
    or __awsh_note_state $state $reason $todo
    for line in $says
        test -n "$quiet"
        or __awsh_say $line
    end
    return 0
end

# Wraps the user's right prompt in one of ours if there is something to show, and removes ours if
# there is not. Does nothing if a theme has an AWS segment of its own, or if a prompt already
# contains AWSH_SEGMENT.
function __awsh_mark_prompt
    set -l IFS \n
    set -l marked
    builtin functions fish_right_prompt 2>/dev/null | string match -qr '^\s*__awsh_show$'
    and set marked 1
    if test -z "$__awsh_shown"
        set -eg __awsh_marked
        test -n "$marked"
        or return 0
        builtin functions --erase fish_right_prompt
        builtin functions --query __awsh_their_right_prompt
        and builtin functions --copy __awsh_their_right_prompt fish_right_prompt
        return
    end
    set -g __awsh_marked 1
    test -z "$marked"
    or return 0
    builtin functions fish_prompt fish_right_prompt 2>/dev/null |
        string match -qr 'AWSH_SEGMENT|starship|_tide_|_omp_|oh-my-posh|::OMP::'
    and return
    set -q _omp_executable
    and return
    builtin functions --erase __awsh_their_right_prompt
    if builtin functions --query fish_right_prompt
        builtin functions --copy fish_right_prompt __awsh_their_right_prompt
        function fish_right_prompt
            # Runs first, because it may show $status.
            __awsh_their_right_prompt
            builtin printf ' '
            __awsh_show
        end
    else
        function fish_right_prompt
            __awsh_show
        end
    end
end

# Makes sure that no SDK finds credentials: sets a profile that does not exist, and turns off
# instance roles. $argv[1] is the text of the segment, $argv[2] the profile's region if it is known.
# Without a region some SDKs would report that instead; a region of the user's own stays.
function __awsh_block -S
    set -l names AWS_PROFILE AWS_EC2_METADATA_DISABLED AWS_REGION AWS_DEFAULT_REGION
    __awsh_release_exec
    __awsh_put_back
    set -l region "$AWS_REGION"
    test -n "$region"
    or set region "$AWS_DEFAULT_REGION"
    test -n "$region"
    or set region "$argv[2]"
    test -n "$region"
    or set region awsh-blocked
    set -l values awsh-blocked true $region "$AWS_DEFAULT_REGION"
    test -n "$values[4]"
    or set values[4] $region
    set -g __awsh_place ''
    set -g __awsh_who "$__awsh_pin"
    set -g __awsh_expires 0
    set -g __awsh_protected ''
    __awsh_call_it $argv[1]
    __awsh_put blocked
end

# --- managed variables ----------------------------------------------------------------------------

# From src/shell/managed-variables.ts.
# <managed-variables: npm run generate>
# The variables that a reply with credentials may set. AWS_ENDPOINT_URL_* may be set too.
set -g __awsh_settable AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION \
    AWS_SESSION_EXPIRATION AWS_REGION AWS_DEFAULT_REGION AWS_ENDPOINT_URL AWS_USE_FIPS_ENDPOINT \
    AWS_USE_DUALSTACK_ENDPOINT AWS_IGNORE_CONFIGURED_ENDPOINT_URLS AWS_CA_BUNDLE AWSH_PROFILE \
    AWSH_EXPIRES AWSUME_PROFILE AWSU_PROFILE AWS_SSO_PROFILE
# A load replaces all of these and each AWS_ENDPOINT_URL_*: access keys are never exported together
# with a session token or an endpoint from elsewhere.
set -g __awsh_replaced AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION \
    AWS_SESSION_EXPIRATION AWS_ENDPOINT_URL AWSH_PROFILE AWSH_EXPIRES AWS_PROFILE \
    AWS_DEFAULT_PROFILE AWS_SECURITY_TOKEN AWS_ROLE_ARN AWS_ROLE_SESSION_NAME \
    AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONTAINER_CREDENTIALS_FULL_URI \
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_AUTHORIZATION_TOKEN \
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE
# Never written into AWSH_SAVED.
set -g __awsh_secret AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN \
    AWS_CONTAINER_AUTHORIZATION_TOKEN
# The variables of a blocked shell. A reply without credentials may set these and no others.
set -g __awsh_blocking AWS_PROFILE AWS_EC2_METADATA_DISABLED AWS_REGION AWS_DEFAULT_REGION
# </managed-variables>

# Succeeds if $argv[1] is a variable that awsh manages.
function __awsh_managed
    builtin contains -- "$argv[1]" $__awsh_settable $__awsh_replaced $__awsh_blocking
    or string match -qr '\AAWS_ENDPOINT_URL_[A-Z0-9_]+\z' -- "$argv[1]"
end

# --- messages -------------------------------------------------------------------------------------

# <request-variables: npm run generate>
# The fixed variables that a request contains, and those that are passed on with their current
# values (src/shell/fixed-environment.ts).
set -g __awsh_sendable HOME XDG_CONFIG_HOME XDG_DATA_HOME XDG_STATE_HOME XDG_CACHE_HOME XDG_RUNTIME_DIR \
    AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE AWS_CA_BUNDLE HTTP_PROXY HTTPS_PROXY ALL_PROXY \
    NO_PROXY http_proxy https_proxy all_proxy no_proxy DBUS_SESSION_BUS_ADDRESS GNUPGHOME \
    PASSWORD_STORE_DIR
set -g __awsh_passable AWSH_REQUEST PWD AWSH_FILE_PASSPHRASE AWS_VAULT_FILE_PASSPHRASE
# </request-variables>

# <texts: npm run generate>
set -g __awsh_text_interrupted 'the profile is not loaded: the load was interrupted'
set -g __awsh_text_unanswered 'no usable answer from {launcher}'
set -g __awsh_text_path 'the path of this directory has bytes that are not text: awsh cannot use its .awsprofile until it has another name'
set -g __awsh_text_in_exec 'awsh exec or aws-vault started this shell with them; they end with the shell'
set -g __awsh_text_overridden '{variable} was set {set}, so awsh does not load its own credentials'
set -g __awsh_text_read_only '{variable} is read-only, so awsh does not load its own credentials; if a startup file makes it read-only, remove that line first'
set -g __awsh_text_by_tool 'by {tool}'
set -g __awsh_text_by_hand 'outside of awsh'
set -g __awsh_next_blocked 'awsh refresh'
set -g __awsh_next_overridden 'awsh off'

# Sets the caller's `headline` to what the state $argv[1] means for the user. Fails for a state that no reply may have.
function __awsh_headline -S
    switch "$argv[1]"
        case 'not allowed'
            set headline 'this .awsprofile is not allowed'
        case 'denied'
            set headline 'this .awsprofile is denied'
        case 'changed'
            set headline 'this .awsprofile is no longer what you allowed'
        case 'malformed'
            set headline 'this .awsprofile cannot be used'
        case 'blocked'
            set headline 'AWS is blocked in this shell'
        case 'error'
            set headline 'AWS is blocked in this shell: the pinned profile could not be loaded'
        case 'needs MFA'
            set headline 'AWS is blocked in this shell: an MFA code is needed'
        case 'needs sign-in'
            set headline 'AWS is blocked in this shell: a sign-in is needed'
        case 'needs passphrase'
            set headline 'AWS is blocked in this shell: the passphrase of the vault is needed'
        case 'needs refresh'
            set headline 'AWS is blocked in this shell: a new session is needed'
        case 'needs an answer'
            set headline 'AWS is blocked in this shell: a question needs an answer'
        case 'not confirmed'
            set headline 'AWS is blocked in this shell: the protected profile was not confirmed'
        case 'wait'
            set headline 'AWS is blocked in this shell until the session is there'
        case 'locked'
            set headline 'awsh is locked and loads no credentials'
        case 'overridden'
            set headline 'this shell does not use the credentials of awsh'
        case '*'
            return 1
    end
    return 0
end
# </texts>

set -g __awsh_unclaimed (builtin count $__awsh_claimable)
set -g __awsh_replaceable (builtin count $__awsh_replaced)

# Prints a message for the user, the arguments: one line, or three lines with what happened, why,
# and the next command. The layout is that of the program's errors (src/cli/error-text.ts). Control
# characters are shown as ?.
function __awsh_say
    set -l IFS \n
    set -l parts
    for part in $argv
        set -a parts (string replace --all --regex '[[:cntrl:]]' '?' -- "$part")
    end
    set -l room 80
    __awsh_number "$COLUMNS"
    and test $COLUMNS -ge 20
    and set room $COLUMNS
    test $room -le 100
    or set room 100
    __awsh_wrap 'awsh: ' '  ' (builtin math $room - 6) "$parts[1]"
    if test -n "$parts[2]"
        # Next to its label, or below it if there is not enough room.
        set -l beside (builtin math $room - 8)
        test $beside -ge 20 -o (string length --visible -- "$parts[2]") -le $beside
        or set beside 0
        for width in (string length --visible -- (string split -- ' ' "$parts[2]"))
            test $width -le $beside
            or set beside 0
        end
        if test $beside -gt 0
            __awsh_wrap '  why:  ' '        ' $beside "$parts[2]"
        else
            builtin printf '  why:\n' >&2
            __awsh_wrap '    ' '    ' (builtin math $room - 4) "$parts[2]"
        end
    end
    # Never wrapped, so that it can be copied.
    test -z "$parts[3]"
    or builtin printf '  next: %s\n' "$parts[3]" >&2
end

# Prints the text $argv[4] in lines of at most $argv[3] columns. The first line begins with
# $argv[1], the others with $argv[2]. No word is broken.
function __awsh_wrap
    set -l IFS \n
    set -l before $argv[1]
    set -l line ''
    for word in (string split -- ' ' $argv[4])
        set -l longer "$line $word"
        test -n "$line"
        or set longer $word
        if test -n "$line" -a (string length --visible -- "$longer") -gt $argv[3]
            builtin printf '%s%s\n' $before $line >&2
            set before $argv[2]
            set line $word
        else
            set line $longer
        end
    end
    builtin printf '%s%s\n' $before $line >&2
end

# Like __awsh_note_state, for the case that another tool or the user has set __awsh_foreign. Shares
# its locals.
function __awsh_note_override -S
    set -l IFS \n
    set -l by $__awsh_text_by_hand
    set -l todo $__awsh_next_overridden
    if test -n "$__awsh_tool"
        set by (string replace '{tool}' -- (string replace --all _ ' ' -- $__awsh_tool) $__awsh_text_by_tool)
        # A tool does not override a pinned profile. The file contains the name alone, or `profile =
        # NAME`.
        set -l name
        set -l text $text
        test "$__awsh_mode" != exec
        or set text "1 $__awsh_exec"
        test "$__awsh_mode" != exec
        or set todo exit
        string match -qr '^1 (?:profile\s*=)?\s*(?<name>[A-Za-z0-9_.@+,:/][A-Za-z0-9_.@+,:/-]*)\s*$' -- (string split -- \n "$text")[1]
        and set todo "awsh use $name"
    else
        set todo "set -e $__awsh_foreign"
        test "$__awsh_foreign" != AWS_ACCESS_KEY_ID
        or set todo "$todo AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN"
        # The user has unset the variable, so the next command must not unset it.
        test -n "$$__awsh_foreign"
        or set todo $__awsh_next_blocked
    end
    set by (string replace '{set}' -- $by $__awsh_text_overridden)
    test -n "$$__awsh_foreign"
    or set by (string replace ' was set ' ' was unset ' -- $by)
    __awsh_note_state overridden (string replace '{variable}' -- $__awsh_foreign $by) $todo
end

# Notes this shell's state $argv[1], the reason $argv[2] and the next command $argv[3], for `awsh
# status` and others. Prints them unless the clock alone caused the question and the answer is the
# same as before. Shares `quiet`, `known` and `now`.
function __awsh_note_state -S
    set -l IFS \n
    set -l headline ''
    set -g __awsh_state $argv[1]
    set -g __awsh_reason (string replace --all --regex '[[:cntrl:]]' '?' -- "$argv[2]")
    set -g __awsh_todo (string replace --all --regex '[[:cntrl:]]' '?' -- "$argv[3]")
    set -g __awsh_since $now
    test -z "$quiet" -a "$argv[1] $__awsh_reason" != "$known"
    or return 0
    __awsh_headline $argv[1]
    __awsh_say "$headline" "$__awsh_reason" "$__awsh_todo"
end

# --- set and restore variables --------------------------------------------------------------------

# Removes credentials that awsh had loaded and another program has put back, and restores what was
# set before.
function __awsh_scrub
    test -n "$__awsh_names"
    or set -g __awsh_names $__awsh_gone_names
    for name in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWSH_PROFILE AWSH_EXPIRES
        if builtin contains -- $name $__awsh_names
            __awsh_give_back $name
        else
            set -eg $name
        end
    end
    __awsh_put_back
end

# Notes whether $argv[1] is a path variable, whose elements are joined by colons, so that it can be
# restored as one.
function __awsh_note_path
    set -l IFS \n
    set -l shown (set --show $argv[1])
    set -g __awsh_paths (string match --invert -- $argv[1] $__awsh_paths)
    string match -q '*, a path variable with *' -- $shown[1]
    and set -ga __awsh_paths $argv[1]
    return 0
end

# Unsets $argv[1]. An exported universal variable is visible to every command unless an exported
# global one shadows it. For the SDKs an empty value is the same as none, except for a profile's
# name: that one cannot be hidden, and the segment shows `overridden`.
function __awsh_hide
    set -l export --unexport
    if set -qUx $argv[1]
        set export --export
        builtin contains -- $argv[1] AWS_PROFILE AWS_DEFAULT_PROFILE
        and set -ga __awsh_shines $argv[1]
    end
    if set -qU $argv[1]; and not builtin contains -- $argv[1] $__awsh_shines
        set -g __awsh_now_$argv[1] =
        set -g --unpath $export $argv[1] ''
    else
        set -eg $argv[1]
    end
end

# If the values about to be set are already set, by a shell whose records this shell did not
# inherit, they are not the user's own. $argv[1] and the locals are __awsh_put's.
function __awsh_drop_same -S
    set -l left $values
    set -l key
    for name in $names
        test $name = AWS_ACCESS_KEY_ID
        and set key $left[1]
        set -e left[1]
    end
    test "$key" = "$AWS_ACCESS_KEY_ID" -o "$argv[1]" = exec
    or return 0
    set left $values
    for name in $names
        if test "$$name" = "$left[1]"; or builtin contains -- $name AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
            set -eg $name
        end
        set -e left[1]
    end
    return 0
end

# --- other tools (direnv, mise) -------------------------------------------------------------------

# As in awsh.bash: what awsh has loaded is removed before direnv and mise run (__awsh_before) and
# set again afterwards (__awsh_step_back), unless they have set credentials, a profile or a region
# themselves. __awsh_seen: the values before the tools ran. __awsh_base_NAME: for a claimed
# variable, the value before the claim. __awsh_emptied_NAME: whether the claim was to unset it.
# __awsh_by_NAME: the tool that claimed it.

# Runs in front of the tools' own functions.
function __awsh_before
    set -q fish_read_limit; and set -l fish_read_limit 0
    # Still open: ^C ended a tool. What it has set by then is still its claim.
    test -z "$__awsh_open"
    or return 0
    if test "$__awsh_phase" != start; and __awsh_ran_unseen
        __awsh_step_aside_late
        return 0
    end
    __awsh_is_displaced
    and __awsh_yield_to_user
    set -g __awsh_open 1
    if test -n "$__awsh_names"
        __awsh_take_aside
    else if test -n "$__awsh_displaced"
        # Now, because it would look like a claim of the tools after them.
        __awsh_restore_displaced
    end
    test "$__awsh_phase" = start
    and __awsh_ask_mise
    __awsh_look_around
    return 0
end

# Succeeds if a tool has run unnoticed: it was loaded, or called by the user, while awsh's values
# were set.
function __awsh_ran_unseen
    test "$DIRENV_DIFF" != "$__awsh_seen_direnv" -o "$__MISE_DIFF" != "$__awsh_seen_mise"
end

# Like __awsh_before, after an unnoticed run. The values that the tool has seen and will put back
# are known from the records of displaced values. What was set before the tool ran is what was set
# before awsh.
function __awsh_step_aside_late
    set -g __awsh_open 1
    test -z "$__awsh_names"
    or __awsh_note_unseen
    __awsh_run_mise_again
    return 0
end

# mise has evaluated its file while awsh's values were set, would do so each time, and has not seen
# what awsh had unset. So its own hook is run twice: once as outside of all projects, to undo the
# first run, and once here. Variables set between the two are the user's, and no claim.
function __awsh_run_mise_again
    test -n "$__MISE_DIFF" -a "$__MISE_DIFF" != "$__awsh_seen_mise" -a "$DIRENV_DIFF" = "$__awsh_seen_direnv"
    and builtin functions --query __mise_env_eval
    and builtin functions __mise_env_eval | string match -q '*$argv*'
    or return 0
    __mise_env_eval -C / --force 2>/dev/null
    test -z "$__awsh_displaced"
    or __awsh_restore_displaced
    __awsh_look_around
    __mise_env_eval
end

function __awsh_note_unseen
    set -g __awsh_gone_names $__awsh_names
    __awsh_note_displaced late
    # A pinned profile is loaded again, because a part of it was replaced.
    test -z "$__awsh_displaced"
    or set -g __awsh_place ''
    set -l before
    set -l seen $__awsh_seen
    for name in $__awsh_claimable
        set -l had __awsh_had_$name
        set -l was __awsh_was_$name
        if not builtin contains -- $name $__awsh_names
            set -a before "$seen[1]"
        else if test "$$had" = exported -o "$$had" = plain
            set -a before "$$was"
        else
            set -a before ''
        end
        set -e seen[1]
    end
    set -g __awsh_seen $before
    __awsh_take_aside
    set -g __awsh_kept_word
end

# mise sets its variables while config.fish is read, possibly before awsh is loaded. At the first
# prompt mise is asked what it would set outside of all projects: each variable that differs from
# that here is its claim.
function __awsh_ask_mise
    set -l all
    for name in $__awsh_claimable
        set all "$all$$name"
    end
    test -n "$__MISE_DIFF"
    or return 0
    # Even if nothing is set, mise may have unset a variable.
    test -n "$all" -o (string length -- "$__MISE_DIFF") -gt 40
    or return 0
    set -l IFS \n
    set -l name
    set -l base
    set -l lines (mise -C / hook-env -s bash </dev/null 2>/dev/null)
    test "$__awsh_mode" = exec
    and string match -qr '^(unset AWS_ACCESS_KEY_ID$|export AWS_ACCESS_KEY_ID=)' -- $lines
    and __awsh_leave_keys_to_mise $lines
    for line in $lines
        set base
        string match -qr '^unset (?<name>\w+)$' -- $line
        or string match -qr '^export (?<name>\w+)=\'?(?<base>.*?)\'?$' -- $line
        and builtin contains -- $name $__awsh_claimable
        and set -g __awsh_base_$name "$base"
        and set -g __awsh_by_$name mise
        # A pinned profile is loaded again, because mise has changed a part of what the parent shell
        # had loaded.
        and set -g __awsh_place ''
        and __awsh_note_found $name "$base"
        and test -z "$$name"
        and set -g __awsh_emptied_$name 1
    end
end

# mise was loaded before awsh and has replaced the keys that `exec` gave this shell: what was taken
# aside as exec's keys is mise's. The arguments are what mise would set outside of all projects:
# exec's keys, or the user's (which are no session) if mise has run in the parent shell, too.
function __awsh_leave_keys_to_mise
    if test -n "$__awsh_names"
        __awsh_take_aside
        set -g __awsh_open 1
        __awsh_look_around
    end
    for name in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
        # A token that mise has not touched is exec's.
        if string match -qr "^(unset $name\$|export $name=)" -- $argv
            if set -l at (builtin contains --index -- $name $__awsh_kept_names)
                test $name = AWS_ACCESS_KEY_ID
                and set -g __awsh_issued (string match --invert -- $__awsh_kept_values[$at] $__awsh_issued)
                set -gx $name $__awsh_kept_values[$at]
                set -e __awsh_kept_names[$at]
                set -e __awsh_kept_values[$at]
            end
            __awsh_forget_exec $name
            if set -l line (string match "export $name=*" -- $argv)
                set -ga __awsh_exec_names $name
                set -ga __awsh_exec_values (string replace -r "^export $name='?(.*?)'?\$" '$1' -- $line[1])
            end
        end
    end
    set -l at (builtin contains --index -- AWS_ACCESS_KEY_ID $__awsh_exec_names)
    and string match -q 'ASIA*' -- $__awsh_exec_values[$at]
    or __awsh_forget_exec AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    # Other values come back than were removed.
    set -g __awsh_kept_word
    set -g __awsh_tail_AWS_SECRET_ACCESS_KEY ''
    set -g __awsh_tail_AWS_SESSION_TOKEN ''
    __awsh_look_around
end

# Forgets what exec set the variables $argv to.
function __awsh_forget_exec
    for name in $argv
        if set -l at (builtin contains --index -- $name $__awsh_exec_names)
            set -e __awsh_exec_names[$at]
            set -e __awsh_exec_values[$at]
        end
    end
end

# mise has found the value $argv[2] of $argv[1] when this shell started, and will put it back. If a
# parent shell of awsh's had set it, that is noted like a value that was set over awsh's.
function __awsh_note_found
    set -l name $argv[1]
    set -l now __awsh_now_$name
    set -l had __awsh_had_$name
    set -l was __awsh_was_$name
    test "$$now" = "=$argv[2]"
    or return 0
    builtin contains -- $name $__awsh_displaced
    or set -ga __awsh_displaced $name
    set -g __awsh_displaced_all $__awsh_names
    test -n "$__awsh_names"
    or set -g __awsh_displaced_all $__awsh_gone_names
    set -g __awsh_displaced_had_$name "$$had"
    set -g __awsh_displaced_was_$name $$was
    set -g __awsh_displaced_made_$name "$$now"
    set -g __awsh_displaced_now_$name -
    set -qg $name
    and set -g __awsh_displaced_now_$name "=$$name"
    return 0
end

# Removes what is loaded; it will be set again.
function __awsh_take_aside
    set -l ours
    set -l names
    set -l values
    set -g __awsh_kept_word
    if __awsh_is_whole
        set ours $__awsh_put_names
        set names $__awsh_loaded_names
        set values $$names
        set -q __awsh_put_hidden[1]
        or set -g __awsh_kept_word "$AWSH_LOADED" "$AWSH_SAVED"
    else
        __awsh_find_ours
        for name in $__awsh_names
            set -l now __awsh_now_$name
            if test "$$now" != -; and builtin contains -- $name $ours
                set -a names $name
                set -a values "$$name"
            end
        end
    end
    set -g __awsh_kept_values $values
    set -g __awsh_kept_names $names
    __awsh_give_all_back
    set -eg AWSH_LOADED
    set -eg AWSH_SAVED
    set -q $__awsh_put_names
    set -g __awsh_kept_beside $status $$__awsh_put_names
end

# At most prompts the tools have nothing to do, so all removed values come back unchanged. If ^C
# interrupts this, the profile is loaded again.
function __awsh_return_unchanged
    test "$PWD" = "$__awsh_stood" -a "$DIRENV_DIFF" = "$__awsh_seen_direnv" -a "$__MISE_DIFF" = "$__awsh_seen_mise" -a -z "$__awsh_displaced"
    or return
    set -l now $$__awsh_claimable
    test "$now" = "$__awsh_seen_all"
    or return
    if not set -q __awsh_kept_beside[1]
        # Nothing was removed.
        set -g __awsh_open ''
        return
    end
    set -q __awsh_kept_word[1]
    or return
    set -q $__awsh_put_names
    set now $status $$__awsh_put_names
    test "$now" = "$__awsh_kept_beside"
    or return
    set -l settled $__awsh_settled
    set -l place $__awsh_place
    set -l kind $__awsh_kind
    set -l left $__awsh_kept_values
    set -g __awsh_settled ''
    set -g __awsh_place ''
    set -g __awsh_kind ''
    set -g __awsh_names $__awsh_gone_names
    set -g __awsh_open ''
    test -z "$__awsh_key_id"
    or set -gx --unpath AWS_ACCESS_KEY_ID $__awsh_key_id
    for name in $__awsh_kept_names
        set -gx --unpath $name $left[1]
        set -e left[1]
    end
    set -q __awsh_put_gone[1]
    and set -eg $__awsh_put_gone
    if test $kind != exec
        set -gx AWSH_LOADED $__awsh_kept_word[1]
        set -gx AWSH_SAVED $__awsh_kept_word[2]
    end
    set -g __awsh_kept_names
    set -g __awsh_kept_values
    set -g __awsh_kept_word
    set -g __awsh_kept_beside
    set -g __awsh_kind $kind
    set -g __awsh_place $place
    set -g __awsh_settled $settled
end

# Sets the removed values again. Shares __awsh_look's locals.
function __awsh_put_again -S
    set -l names $__awsh_kept_names
    set -l values $__awsh_kept_values
    __awsh_put $__awsh_kind
end

# Runs after the tools. Notes their claims, and sets the caller's `claimed` if they differ from
# before.
function __awsh_step_back -S
    # A value that a tool has put back may be awsh's own.
    test -n "$__awsh_displaced" -a -z "$__awsh_names"
    and __awsh_restore_displaced tools
    # In a nested shell, or if config.fish was read again, mise has found awsh's token beside keys
    # that it had unset before.
    test -n "$AWS_SESSION_TOKEN" -a -z "$__awsh_names"
    and builtin contains -- (string sub --start -6 -- $AWS_SESSION_TOKEN) "$__awsh_found_tail" "$__awsh_tail_AWS_SESSION_TOKEN"
    and not builtin contains -- "$AWS_ACCESS_KEY_ID" $__awsh_issued
    and set -eg AWS_SESSION_TOKEN
    set -g __awsh_open ''
    set -g __awsh_stood "$PWD"
    set -g __awsh_kept_word
    set -g __awsh_kept_beside
    set -l tool -
    test "$__MISE_DIFF" = "$__awsh_seen_mise"
    or set tool mise
    # If direnv has unloaded its directory, a new value is not its claim.
    if test "$DIRENV_DIFF" != "$__awsh_seen_direnv"
        switch "$tool $DIRENV_DIFF"
            case 'mise '
            case 'mise *'
                set tool direnv_or_mise
            case '*'
                set tool direnv
        end
    end
    set -l seen $__awsh_seen
    for name in $__awsh_claimable
        set -l base __awsh_base_$name
        if test "$$name" != "$seen[1]"
            set claimed 1
            # If direnv has unloaded, and its values came from a parent shell, nothing is claimed.
            set -q $base
            or test $tool = direnv -a -z "$DIRENV_DIFF"
            or set -g $base "$seen[1]"
            set -l by __awsh_by_$name
            test $tool = -
            and set -q $by
            or set -g $by $tool
            set -g __awsh_emptied_$name ''
            test -n "$$name"
            or set -g __awsh_emptied_$name 1
            # The value is as before the claim: the tool has unloaded.
            set -q $base; and test "$$name" = "$$base"
            and set -eg $base
        end
        set -e seen[1]
    end
    # direnv has put back all that it had set: what is left is the user's.
    if test -n "$__awsh_seen_direnv" -a -z "$DIRENV_DIFF"
        for name in $__awsh_claimable
            set -l by __awsh_by_$name
            test "$$by" = direnv
            and set -eg __awsh_base_$name
        end
    end
    set -g __awsh_seen_direnv "$DIRENV_DIFF"
    set -g __awsh_seen_mise "$__MISE_DIFF"
    test -z "$claimed"
    or __awsh_look_around
end

# Succeeds in the directory of the .envrc that direnv has loaded, or below it.
function __awsh_is_in_direnv
    set -l at (string sub --start 2 -- "$DIRENV_DIR")
    test -n "$DIRENV_DIR"; and test (string sub --length (string length -- "$at/") -- "$PWD/") = "$at/"
end

# Something other than a tool's hook, probably the user, has replaced a loaded value, so everything
# that awsh loaded is removed. If the new access key id is one that awsh set earlier, or if only a
# secret has changed, it is not a choice of the user's, and the directory's profile is loaded again.
function __awsh_yield_to_user
    set -l name $__awsh_displaced_by
    set -l at
    # What a startup file sets after the hook is treated like what it sets before.
    test "$__awsh_kind" = exec -a "$__awsh_phase" = start
    and set name secret
    string match -qr '(?s)\A(?:foreign \w+ )?(?<at>.*)\z' -- "$__awsh_place"
    if test "$AWS_ACCESS_KEY_ID" != "$__awsh_key_id"; and builtin contains -- "$AWS_ACCESS_KEY_ID" $__awsh_issued
        __awsh_scrub
        set -g __awsh_place ''
    else if test $name = secret
        __awsh_put_back
        set -g __awsh_place ''
    else
        __awsh_put_back
        set -g __awsh_typed $name "$$name"
        set -g __awsh_typed_at $at
        __awsh_note_displaced
    end
    set -g __awsh_kind ''
    set -g __awsh_key_id ''
    set -g __awsh_profile ''
end

# Notes the variables that were set over awsh's values: their names in __awsh_displaced and, by
# name, the present value, awsh's value (as in __awsh_now_NAME), and the state before awsh. The
# program that set them (a virtualenv, for example) may have noted awsh's value to put it back
# later.
function __awsh_note_displaced
    set -l late $argv[1]
    set -g __awsh_displaced
    set -g __awsh_displaced_all $__awsh_gone_names
    for name in $__awsh_gone_names
        set -l had __awsh_had_$name
        set -l was __awsh_was_$name
        set -l now __awsh_now_$name
        set -g __awsh_displaced_had_$name "$$had"
        set -g __awsh_displaced_was_$name $$was
        set -g __awsh_displaced_made_$name "$$now"
        if test "$$now" = secret
        else if set -qg $name
            set -g __awsh_displaced_now_$name "=$$name"
            test "=$$name" = "$$now"
            or set -ga __awsh_displaced $name
        else if test -n "$late" -a "$$now" != -
            # A variable that is not set was removed by awsh, unless a tool has unset it.
            set -g __awsh_displaced_now_$name -
            set -ga __awsh_displaced $name
        end
    end
end

# If a recorded variable has awsh's value again, restores what was set before awsh. If the access
# key id came back, everything that awsh set with it may have come back too. With an argument, only
# direnv and mise have run since __awsh_look_around.
function __awsh_restore_displaced
    set -l tools $argv[1]
    set -l left
    set -l back
    for name in $__awsh_displaced
        set -l made __awsh_displaced_made_$name
        set -l then __awsh_displaced_now_$name
        set -l now -
        set -qg $name
        and set now "=$$name"
        if test "$now" = "$$then"
            set -a left $name
        else if test "$now" = - -a -n "$tools"; and __awsh_tool_unset $name
            # What the user had set: that is the tool's claim.
        else if test "$now" = -; and __awsh_had_then $name
            # The user has unset the very value that awsh would restore.
        else if test "$now" = "$$made"
            set -a back $name
            test $name = AWS_ACCESS_KEY_ID
            and set -a back AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
        end
    end
    set -g __awsh_displaced $left
    if builtin contains -- AWS_ACCESS_KEY_ID $back
        for name in $__awsh_displaced_all
            set -l made __awsh_displaced_made_$name
            set -l now -
            set -qg $name
            and set now "=$$name"
            test "$now" != "$$made"
            or builtin contains -- $name $back
            or set -a back $name
        end
    end
    for name in $back
        set -l had __awsh_displaced_had_$name
        set -l was __awsh_displaced_was_$name
        set -l base __awsh_base_$name
        set -l how "$$had"
        set -l made __awsh_displaced_made_$name
        # The value that mise found in a parent shell was awsh's.
        set -q $base; and test "=$$base" = "$$made"
        and set -g $base "$$was"
        # If a tool has claimed it, restore the value before the claim, because awsh may have found
        # the tool's value there.
        if set -q $base; and test "$how" = plain
            # A value that was not exported was never seen by a tool, so the variable stays unset,
            # as it would without awsh.
            set how unset
        else if set -q $base; and test "$$was" != "$$base"
            set how unset
            test -z "$$base"
            or set how exported
            set was $base
        end
        switch "$how"
            case exported
                set -gx $name $$was
            case plain
                set -gu $name $$was
            case '*'
                set -eg $name
        end
    end
end

# Succeeds if the displaced variable $argv[1] had the noted value before awsh, too.
function __awsh_had_then
    set -l had __awsh_displaced_had_$argv[1]
    set -l was __awsh_displaced_was_$argv[1]
    set -l then __awsh_displaced_now_$argv[1]
    test -n "$$had" -a "=$$was" = "$$then"
end

# Succeeds if a tool that has just run has unset $argv[1], and had not set it before.
function __awsh_tool_unset
    set -l at (builtin contains --index -- $argv[1] $__awsh_claimable)
    or return
    test -n "$__awsh_seen[$at]"; and not set -q __awsh_base_$argv[1]
end

# Adds the tools' claims to the caller's `saved`; child shells would otherwise take them for the
# user's own values. Shares `value`.
function __awsh_save_claims -S
    for name in $__awsh_claimable
        set -l base __awsh_base_$name
        set -l by __awsh_by_$name
        set -l emptied __awsh_emptied_$name
        if set -q $base
            __awsh_encode "$$base"
            and set -a saved "claim $name $$by $value"
            and test -n "$$emptied"
            and set -a saved "emptied $name"
        end
    end
    # The values of awsh's that a tool may put back in a child shell, and what was set before awsh.
    for name in $__awsh_displaced
        set -l made __awsh_displaced_made_$name
        set -l had __awsh_displaced_had_$name
        set -l was __awsh_displaced_was_$name
        __awsh_encode "$$made"
        or set value -
        set -l back (string replace --all ' ' %20 -- "$value")
        set value -
        test "$$had" = exported -a $name != AWS_ACCESS_KEY_ID
        and __awsh_encode "=$$was"
        or set value -
        set -a saved "back $name $back $value"
    end
    return 0
end

# Tells child shells that awsh is off here, and what the tools have claimed.
function __awsh_leave_off
    set -l saved
    set -l value
    __awsh_save_claims
    set -gx AWSH_LOADED "1 off $__awsh_uid - -"
    set -eg AWSH_SAVED
    test -n "$saved"
    or return 0
    __awsh_lines $saved
    set -gx AWSH_SAVED "$value"
end

# Leaves the directory to the tool or user that set __awsh_foreign, and tells child shells, in the
# same form as __awsh_leave_word. Shares __awsh_look's locals.
function __awsh_leave_to_others -S
    set -l where -
    set -l saved
    set -l content
    set -l value
    set result 1
    __awsh_unload
    # mise has put back exec's keys, and set something else.
    if test "$__awsh_mode" = exec -a -n "$AWS_ACCESS_KEY_ID"
        builtin contains -- AWS_ACCESS_KEY_ID $__awsh_exec_names
        and builtin contains -- $AWS_ACCESS_KEY_ID $__awsh_exec_values
        and set -eg AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
    end
    __awsh_encode "$file"
    and set where (string replace --all ' ' %20 -- "$value")
    string match -qr '(?s)\A1 (?<content>.*)\z' -- $text
    and __awsh_encode "$content"
    and set -a saved "key $value"
    __awsh_save_claims
    set -q __awsh_typed[1]
    and __awsh_encode "$__awsh_typed[2]"
    and set -a saved "typed $__awsh_typed[1] $value"
    set -l who -
    test -z "$__awsh_pin"
    or set who $__awsh_pin
    __awsh_note_override
    __awsh_lines $saved
    set -gx AWSH_LOADED "1 overridden $__awsh_uid $who $where"
    set -gx AWSH_SAVED "$value"
end

# Succeeds if $argv[1] is already our function in place of a tool's: a copy of it would call itself.
function __awsh_is_wrapped
    builtin functions $argv[1] 2>/dev/null | string match -q '*__awsh_before*'
end

# Puts __awsh_before in front of what direnv and mise run before a prompt. A copy of a function does
# not handle the event.
function __awsh_wrap_tools
    if builtin functions --query __direnv_export_eval; and not __awsh_is_wrapped __direnv_export_eval
        builtin functions --erase __awsh_direnv_prompt
        builtin functions --copy __direnv_export_eval __awsh_direnv_prompt
        __awsh_is_wrapped __direnv_cd_hook
        or builtin functions --erase __awsh_direnv_cd
        builtin functions --erase __direnv_export_eval
        function __direnv_export_eval --on-event fish_prompt
            set -l fish_trace
            __awsh_before
            __awsh_direnv_prompt
            __awsh_wrap_direnv_cd
        end
        set -ga __awsh_wrapped direnv
    end
    if builtin functions --query __mise_env_eval_on_prompt; and not __awsh_is_wrapped __mise_env_eval_on_prompt
        builtin functions --erase __awsh_mise_prompt
        builtin functions --copy __mise_env_eval_on_prompt __awsh_mise_prompt
        __awsh_is_wrapped __mise_cd_hook
        or builtin functions --erase __awsh_mise_cd
        builtin functions --erase __mise_env_eval_on_prompt
        function __mise_env_eval_on_prompt --on-event fish_prompt
            set -l fish_trace
            __awsh_before
            __awsh_mise_prompt
            __awsh_wrap_mise_cd
        end
        set -ga __awsh_wrapped mise
    end
end

# At the first prompt everything else has been loaded. direnv and mise must run before awsh. The
# event calls functions in the order of their definition, so the tools' functions are defined again
# now, with __awsh_before, and ours after them. A function that was loaded after awsh would only be
# called after this one, so it is called now.
function __awsh_join_tools
    __awsh_wrap_tools
    # Tools that were loaded before awsh have already run.
    __awsh_ask_mise
    test "$DIRENV_DIFF" = "$__awsh_seen_direnv"
    or set -g __awsh_open 1
    if builtin contains direnv $__awsh_wrapped; and not builtin contains __direnv_export_eval $__awsh_early
        __direnv_export_eval
    end
    if builtin contains mise $__awsh_wrapped; and not builtin contains __mise_env_eval_on_prompt $__awsh_early
        __mise_env_eval_on_prompt
    end
    __awsh_wrap_direnv_cd
    __awsh_wrap_mise_cd
end

# At a later prompt, if a tool was loaded or removed: its function would only be called after
# __awsh_prompt, so it is called now.
function __awsh_join_late
    test -z "$__awsh_open"
    and __awsh_ran_unseen
    and __awsh_step_aside_late
    set -g __awsh_wrapped
    __awsh_wrap_tools
    for tool in $__awsh_wrapped
        switch $tool
            case direnv
                __direnv_export_eval
            case mise
                __mise_env_eval_on_prompt
        end
    end
    __awsh_note_tools
    builtin functions --erase __awsh_prompt
    __awsh_define_prompt
end

# The same for the function that each tool defines, at most prompts, for a change of the directory.
# Only the first is copied: at a prompt at which the tool has defined none, ours is still there.
function __awsh_wrap_direnv_cd
    builtin functions --query __direnv_cd_hook
    or return 0
    builtin functions --query __awsh_direnv_cd
    or builtin functions --copy __direnv_cd_hook __awsh_direnv_cd
    builtin functions --erase __direnv_cd_hook
    function __direnv_cd_hook --on-variable PWD
        set -l fish_trace
        __awsh_before
        __awsh_direnv_cd
        __awsh_moved
    end
end

function __awsh_wrap_mise_cd
    builtin functions --query __mise_cd_hook
    or return 0
    builtin functions --query __awsh_mise_cd
    or builtin functions --copy __mise_cd_hook __awsh_mise_cd
    builtin functions --erase __mise_cd_hook
    function __mise_cd_hook --on-variable PWD
        set -l fish_trace
        __awsh_before
        __awsh_mise_cd
        __awsh_moved
    end
end

# --- requests -------------------------------------------------------------------------------------

# Sets __awsh_fixed, the part of each request that tells Node the environment this shell had when
# the hook was sourced. That environment decides which files awsh uses; what a directory has set
# since does not. $argv[1] is AWSH_SAVED as it was then, if a parent shell has loaded something: for
# variables that awsh itself has set (AWS_CA_BUNDLE), the value before awsh counts. Values that
# cannot be encoded are left out.
function __awsh_fix_environment
    set -g __awsh_fixed ''
    set -l given
    set -l value
    set -l IFS \n
    set -l saved (string split -- \n "$argv[1]")
    for name in $__awsh_given
        set -l was
        set -l own __awsh_given_$name
        __awsh_encode "$$own"
        and set was $value
        if set -q was[1]; and builtin contains -- "now $name $value" $saved
            set was (string replace -- "was $name " '' (string match -- "was $name *" $saved))
        end
        if set -q was[1]
            builtin contains -- $name $__awsh_sendable
            and set -g __awsh_fixed "$__awsh_fixed"\n"env $name $was[1]"
            # The password in it would be sent before the agent has sent its proof (security rule
            # 14), so Node is asked instead.
            string match -qir '_proxy .*@' -- "$name $was[1]"
            and set -g __awsh_agent
            __awsh_decode "$was[1]"
            set -a given $name
            set -g __awsh_given_$name "$value"
        end
    end
    set -g __awsh_given $given
    set -g __awsh_known '\A(SHLVL|fish_trace|'(string join '|' -- $__awsh_passable $__awsh_given)')\z'
end

# Sets __awsh_tty to what tty(1) would print.
function __awsh_find_tty
    set -g __awsh_tty (builtin realpath /proc/self/fd/0 2>/dev/null; or /usr/bin/tty 2>/dev/null)
    string match -qr '\A/dev/[A-Za-z0-9/]+\z' -- "$__awsh_tty"
    and test "$__awsh_tty" != /dev/null
    or set -g __awsh_tty ''
end

# Sets the caller's `value` to the folder where Node starts to look for the directory file. This is
# the current folder, or the folder of the file that was found if the rest of the current path is
# not valid text (fish represents each invalid byte as one of U+F600 to U+F6FF). Fails if the path
# of the file's folder is not valid text either.
function __awsh_encode_folder -S
    set -l folder /
    not string match -qr '[\x{f600}-\x{f6ff}]' -- $PWD
    and __awsh_encode "$PWD"
    and return
    test "$__awsh_mode" = auto
    and string match -qr '(?s)\A(?<folder>.+)/\.awsprofile\z' -- $file
    __awsh_encode "$folder"
end

# The path of the directory file's folder cannot be sent, so neither this file nor one further up is
# used.
function __awsh_refuse_folder -S
    __awsh_unload
    __awsh_call_it malformed
    set result 11
    __awsh_note_state malformed "$__awsh_text_path" cd
end

# An agent that hangs or gives a malformed answer is not asked for ten seconds, then for a minute
# each time.
function __awsh_rest_from_agent -S
    set -g __awsh_rest $soon
    test $__awsh_rest_seconds = 10
    or set -g __awsh_rest $later
    set -g __awsh_rest_seconds 60
end

# Takes a reply in a shell that `exec` started: new credentials replace the old ones. Without new
# credentials the old ones stay. Shares __awsh_take's locals.
function __awsh_take_in_exec -S
    for line in $says
        __awsh_say $line
    end
    if test "$answer" != ok; or not builtin contains -- AWS_ACCESS_KEY_ID $names; or not builtin contains -- AWS_SECRET_ACCESS_KEY $names
        set result 1
        test $code -gt 0
        and set result $code
        __awsh_say 'there are no new keys: this shell keeps those it has' "$reason" "$todo"
        return 0
    end
    builtin contains -- AWS_SESSION_TOKEN $names
    or set -eg AWS_SESSION_TOKEN
    set -eg AWS_CREDENTIAL_EXPIRATION
    for name in $names
        # Only older versions of aws-vault set AWS_SESSION_EXPIRATION. The region stays.
        if builtin contains -- $name AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION
            or test $name = AWS_SESSION_EXPIRATION -a -n "$AWS_SESSION_EXPIRATION"
            set -gx --unpath $name $values[1]
        end
        set -e values[1]
    end
    set -g __awsh_exec_expires $expires
    set result 0
    __awsh_note_exec
    __awsh_put_exec
end

# --- the segment ----------------------------------------------------------------------------------

# Sets __awsh_describe's `marked` to `pinned` or `off` if the directory file asks for something
# other than the user's choice for this shell.
function __awsh_mark_choice -S
    __awsh_find_file
    test -n "$__awsh_file"
    or return 0
    set -l content ''
    test -f "$__awsh_file" -a -r "$__awsh_file"
    and __awsh_looks_closed "$__awsh_file"
    and read --null --nchars 513 content <$__awsh_file
    set -l asks
    string match -qr '(?m)(?:^ *profile *= *|\A(?:(?: *[#;][^\n]*| *)\r?\n)*(?! *[#;])(?![^\r\n]*=) *)(?<asks>[^ \r\n](?:[^\r\n]*[^ \r\n])?)' -- "$content"
    if test "$__awsh_mode" = off
        set marked off
    else if test "$asks" != "$__awsh_pin"
        set marked pinned
    end
end

function __awsh_show
    builtin printf %s $__awsh_shown
end

# --- registration ---------------------------------------------------------------------------------

# --- the command ----------------------------------------------------------------------------------

# The verbs that change this shell, or that only this shell can answer.
function __awsh_command
    switch "$argv[1] "(builtin count $argv)" $argv[2]"
        case 'use 2 --role-arn=*' 'use 3 *' 'use 4 *' 'use 5 *' 'use 6 *' 'use 7 *' 'use 8 *' 'use 9 *' 'use 1? *'
            # A role that no profile names: Node returns the word to pin.
            if builtin contains -- --help $argv; or builtin contains -- -h $argv
                __awsh_launch $argv
            else
                set -l fish_trace
                set -l word (__awsh_run_fixed $__awsh_launcher _pin $argv[2..-1])
                and test -n "$word"
                and __awsh_use "$word"
            end
        case 'off 1 '
            __awsh_switch off ''
        case 'refresh 1 '
            __awsh_refresh
        case 'use 2 --auto'
            __awsh_switch auto ''
        case 'use 2 -'
            __awsh_switch_back
        case 'use 2 -*' 'use 2 '
            __awsh_launch $argv
        case 'use 2 *'
            __awsh_use $argv[2]
        case 'use 1 '
            set -l fish_trace
            set -l name (__awsh_run_fixed $__awsh_launcher use)
            and test -n "$name"
            and __awsh_use "$name"
        case 'allow *' 'deny *' 'init *'
            set -l fish_trace
            __awsh_run_fixed $__awsh_launcher $argv
            or return
            __awsh_switch
            return 0
        case 'doctor *' 'status *' 'prompt *'
            set -l value
            __awsh_tell_facts
            AWSH_HOOK="$value" __awsh_launch $argv
        case 'uninstall *'
            __awsh_launch $argv
            or return
            # After it no hook would take the loaded credentials out of this shell.
            test -x "$__awsh_launcher"
            or __awsh_switch off ''
        case 'sso *' 'login *'
            __awsh_launch $argv
            or return
            # The command may have been the sign-in that this shell waits for, so look at this
            # prompt instead of some seconds later.
            if string match -q 'needs *' -- "$__awsh_state"
                set -g __awsh_renew 1
                set -g __awsh_settled ''
            end
            return 0
        case '*'
            __awsh_launch $argv
    end
end

# Sets the caller's `value` to what only this shell knows about itself; the form is in
# src/shell/shell-facts.ts.
function __awsh_tell_facts -S
    set -l fish_trace
    set -q fish_read_limit; and set -l fish_read_limit 0
    __awsh_encode $__awsh_launcher
    set -l facts "shell fish $version" "launcher $value" "mode $__awsh_mode" "kind $__awsh_kind" \
        "version $__awsh_version" "word $__awsh_word"
    __awsh_encode "$__awsh_who"
    and set -a facts "profile $value"
    if test -n "$__awsh_state"
        set -a facts "state $__awsh_state" "since $__awsh_since"
        __awsh_encode "$__awsh_reason"
        and set -a facts "reason $value"
        __awsh_encode "$__awsh_todo"
        and set -a facts "next $value"
    end
    test -z "$__awsh_foreign"
    or set -a facts "foreign $__awsh_foreign"
    test -z "$__awsh_tool"
    or set -a facts "tool $__awsh_tool"
    test -z "$__awsh_above"
    or set -a facts "above $__awsh_above"
    test -n "$__awsh_agent"
    and set -a facts 'agent 1'
    set -l completion
    for folder in $fish_complete_path
        test -r $folder/awsh.fish
        and set completion 'completion 1'
    end
    __awsh_lines $facts $completion end
end

# From now on this shell uses the profile $argv[1] in every directory. If the profile cannot be
# found, nothing changes; the launcher reports why and may let the user choose another profile.
function __awsh_use
    set -l fish_trace
    set -q fish_read_limit; and set -l fish_read_limit 0
    set -l IFS \n
    __awsh_try_pin $argv[1]
    set -l result $status
    test -n "$__awsh_unchanged"
    or return $result
    # Not in a substitution, which would not have this command's stderr.
    set -l name
    __awsh_run_fixed $__awsh_launcher use --check $argv[1] | read name
    set result $pipestatus[1]
    test $result = 0
    or return $result
    if test -n "$name" -a "$name" != "$argv[1]"
        __awsh_try_pin $name
        return
    end
    __awsh_say 'nothing was changed' "no usable answer from $__awsh_launcher" 'awsh doctor'
    return 1
end

# Tries the profile $argv[1] and pins it, unless __awsh_unchanged says that nothing was changed.
# After ^C the next prompt undoes this.
function __awsh_try_pin
    set -g __awsh_unchanged
    set -q __awsh_undo[1]
    and __awsh_undo_pin
    set -g __awsh_undo $__awsh_mode "$__awsh_pin" "$__awsh_place" $__awsh_renew $__awsh_pause "$__awsh_waits" \
        "$__awsh_foreign" "$__awsh_tool" $__awsh_typed
    set -g __awsh_mode pin
    set -g __awsh_pin $argv[1]
    set -g __awsh_place ''
    set -g __awsh_settled ''
    __awsh_check '' 'use 1'
    set -l result $status
    if test -n "$__awsh_unchanged"
        __awsh_undo_pin
        return $result
    end
    test "$__awsh_undo[1] $__awsh_undo[2]" = "pin $argv[1]"
    or set -g __awsh_previous $__awsh_undo[1] "$__awsh_undo[2]"
    set -eg __awsh_undo
    return $result
end

# Restores what __awsh_try_pin noted.
function __awsh_undo_pin
    set -g __awsh_mode $__awsh_undo[1]
    set -g __awsh_pin "$__awsh_undo[2]"
    # After ^C it is unknown what was changed, so the profile is requested again.
    set -g __awsh_place ''
    if test -n "$__awsh_unchanged"
        set -g __awsh_place "$__awsh_undo[3]"
        set -g __awsh_renew $__awsh_undo[4]
        set -g __awsh_pause $__awsh_undo[5]
        set -g __awsh_waits "$__awsh_undo[6]"
        set -g __awsh_foreign "$__awsh_undo[7]"
        set -g __awsh_tool "$__awsh_undo[8]"
        set -g __awsh_typed $__awsh_undo[9..-1]
    end
    set -g __awsh_settled ''
    set -eg __awsh_undo
end

# Sets what this shell follows: auto (its directory), off (nothing) or exec (what it was started
# with). Without $argv[1]: the same as before, loaded again.
function __awsh_switch
    set -l fish_trace
    set -q fish_read_limit; and set -l fish_read_limit 0
    if test "$__awsh_mode" = exec -a "$argv[1]" = off
        __awsh_say "nothing was changed: this shell keeps the credentials of $__awsh_exec" $__awsh_text_in_exec exit
        return 2
    end
    if set -q argv[1]; and test "$__awsh_mode $__awsh_pin" != "$argv[1] $argv[2]"
        set -g __awsh_previous $__awsh_mode "$__awsh_pin"
        set -g __awsh_mode $argv[1]
        set -g __awsh_pin $argv[2]
    end
    set -g __awsh_place ''
    set -g __awsh_settled ''
    set -g __awsh_typed
    __awsh_check '' ''
    set -l result $status
    # Below a pinned profile there may be a tool's value, which the next prompt must find
    # (__awsh_return_unchanged).
    set -g __awsh_stood ''
    return $result
end

function __awsh_switch_back
    set -l fish_trace
    set -q fish_read_limit; and set -l fish_read_limit 0
    if test "$__awsh_previous[1]" = pin
        __awsh_use $__awsh_previous[2]
    else if set -q __awsh_previous[1]
        __awsh_switch $__awsh_previous[1] ''
    else
        __awsh_say 'nothing was changed' 'nothing else was in use in this shell before' 'awsh use'
        return 2
    end
end

function __awsh_refresh
    set -l fish_trace
    set -q fish_read_limit; and set -l fish_read_limit 0
    if test "$__awsh_mode" = exec
        set -q __awsh_typed[1]; and test -z "$__awsh_typed[2]"
        and set -g __awsh_typed
        set -g __awsh_settled ''
        __awsh_check '' ''
        if test -n "$__awsh_foreign"
            __awsh_say 'nothing was refreshed' "$__awsh_reason" "$__awsh_todo"
            return 1
        end
        __awsh_refresh_exec
        return
    end
    __awsh_check '' 'refresh 1'
    set -l result $status
    if test "$__awsh_mode" = off
        __awsh_say 'nothing was refreshed' 'awsh is off in this shell' 'awsh use --auto'
        return 1
    else if test -z "$__awsh_label$__awsh_foreign"
        __awsh_say 'nothing was refreshed' 'nothing is loaded here: no .awsprofile applies to this directory' 'awsh use'
        return 1
    end
    return $result
end

# Notes what `exec` or aws-vault gave this shell, to set it again after another tool or the user had
# other credentials here: __awsh_exec_names and __awsh_exec_values.
function __awsh_note_exec
    set -l IFS \n
    set -l given AWS_VAULT AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION \
        AWS_SESSION_EXPIRATION AWS_REGION AWS_DEFAULT_REGION AWS_USE_FIPS_ENDPOINT AWS_USE_DUALSTACK_ENDPOINT \
        AWS_IGNORE_CONFIGURED_ENDPOINT_URLS (set --names -gx | string match 'AWS_ENDPOINT_URL*')
    if test -z "$AWS_ACCESS_KEY_ID"
        # Programs would use these only if there were no keys.
        set -a given (set --names -gx | string match 'AWS_CONTAINER_*')
        test -n "$AWS_CONTAINER_CREDENTIALS_FULL_URI"
        or set -a given AWS_PROFILE
    end
    set -g __awsh_exec_names
    set -g __awsh_exec_values
    for name in $given
        set -qg $name
        and set -ga __awsh_exec_names $name
        and set -ga __awsh_exec_values "$$name"
    end
    # Older versions of aws-vault set the same token twice.
    test "$AWS_SECURITY_TOKEN" = "$AWS_SESSION_TOKEN"
    and set -eg AWS_SECURITY_TOKEN
    return 0
end

# Sets it, as the result of a load, so that everything that holds for a load holds for it too.
function __awsh_put_exec
    set -l names $__awsh_exec_names
    set -l values $__awsh_exec_values
    set -l file
    set -l text
    set -g __awsh_who ''
    set -g __awsh_protected ''
    set -g __awsh_state ''
    set -g __awsh_renew 0
    __awsh_put exec
end

# From now on what `exec` gave this shell counts as the user's own: the user has chosen something
# else.
function __awsh_release_exec
    test "$__awsh_kind" = exec
    or return 0
    set -g __awsh_issued (string match --invert -- "$__awsh_key_id" $__awsh_issued)
    set -g __awsh_kind ''
    set -g __awsh_key_id ''
    set -g __awsh_profile ''
    set -g __awsh_put_values
    set -g __awsh_names
    set -g __awsh_owned
    set -g __awsh_shines
end

# In a shell that `exec` started: asks for new credentials of its profile. The region stays as it
# is.
function __awsh_refresh_exec
    set -l in_exec 1
    set -l request
    set -l reply
    set -l file
    set -l quiet
    set -l moved 1
    set -l code 1
    set -l result 1
    if test -z "$AWS_ACCESS_KEY_ID"
        __awsh_say 'refresh: there is nothing to renew: programs here get their keys when they ask for them'
        return 0
    end
    set -g __awsh_settled ''
    set -l value
    set -l why
    test -z "$AWSH_REASON"
    or set why " why=$AWSH_REASON"
    __awsh_encode "$__awsh_exec$why"
    and __awsh_request 'refresh 1'\n'exec 1'\n"pin $value"
    and __awsh_ask_node
    and __awsh_take
    and return $result
    __awsh_say 'there are no new keys' "no usable answer from $__awsh_launcher" 'awsh doctor'
    return 1
end

# --- start ----------------------------------------------------------------------------------------

# Prints the epoch seconds of $argv[1], a UTC time as AWS tools write it (2026-01-31T09:05:00Z).
# Fails for any other form.
function __awsh_epoch_of
    set -l y
    set -l m
    set -l d
    set -l h
    set -l i
    set -l s
    string match -qr '\A(?<y>[0-9]{4})-(?<m>[0-9]{2})-(?<d>[0-9]{2})T(?<h>[0-9]{2}):(?<i>[0-9]{2}):(?<s>[0-9]{2})(?:\.[0-9]+)?(?:Z|\+00:00)\z' -- $argv[1]
    or return
    # Counts years from March, so that a leap day is the last day of its year.
    if test $m -lt 3
        set y (builtin math $y - 1)
        set m (builtin math $m + 12)
    end
    set d (builtin math "365 * $y + floor($y / 4) - floor($y / 100) + floor($y / 400) + floor((153 * ($m - 3) + 2) / 5) + $d - 719469")
    builtin math "$d * 86400 + $h * 3600 + $i * 60 + $s"
end

# Sets __awsh_exec_expires to the expiry of the credentials that `exec` or aws-vault gave this
# shell; 0 if they have none.
function __awsh_find_exec_end
    set -l IFS \n
    set -g __awsh_exec_expires 0
    test -n "$AWS_ACCESS_KEY_ID"
    or return 0
    for name in AWS_SESSION_EXPIRATION AWS_CREDENTIAL_EXPIRATION
        set -l now __awsh_now_$name
        # aws-vault keeps the variables that awsh had set before.
        test -z "$$name" -o "$$now" != "=$$name"
        or set -eg $name
        if test -n "$$name"
            set -l time (__awsh_epoch_of "$$name")
            and set -g __awsh_exec_expires $time
        end
    end
end

# Splits AWSH_LOADED into the caller's `kind`, `uid`, `who` and `where`. Fails if its version is not
# 1.
function __awsh_read_loaded -S
    set -l IFS \n
    set -l words (string split -- ' ' "$AWSH_LOADED")
    test (builtin count $words) = 5 -a "$words[1]" = 1
    or return
    set kind $words[2]
    set uid $words[3]
    # A lone - means empty.
    set -l value
    if test "$words[4]" != -
        __awsh_decode (string replace --all %20 ' ' -- $words[4])
        set who $value
    end
    if test "$words[5]" != -
        __awsh_decode (string replace --all %20 ' ' -- $words[5])
        set where $value
    end
    return 0
end

# Reads from AWSH_SAVED what a parent shell has loaded, so that this shell can undo it. Sets the
# caller's `text`.
function __awsh_read_saved -S
    set -l IFS \n
    set -l value
    for line in (string split -- \n "$AWSH_SAVED")
        set -l words (string split --max 2 -- ' ' $line)
        switch "$words[1] "(builtin count $words)
            case 'key *'
                __awsh_decode (string replace 'key ' '' -- $line)
                set text "1 $value"
                set -ga __awsh_closed_files $where
            case 'protected *'
                set -g __awsh_protected 1
            case 'was 3'
                __awsh_decode $words[3]
                __awsh_recall $words[2]
                and set -g __awsh_had_$words[2] exported
                and set -g __awsh_was_$words[2] "$value"
            case 'tail *'
                __awsh_decode (string replace 'tail ' '' -- $line)
                set -g __awsh_tail_AWS_SESSION_TOKEN "$value"
                set -g __awsh_found_tail "$value"
            case 'claim 3'
                set -l claim (string split --max 1 -- ' ' $words[3])
                __awsh_decode "$claim[2]"
                builtin contains -- $words[2] $__awsh_claimable
                and set -g __awsh_by_$words[2] $claim[1]
                and set -g __awsh_base_$words[2] "$value"
            case 'emptied 2'
                builtin contains -- $words[2] $__awsh_claimable
                and set -g __awsh_emptied_$words[2] 1
            case 'back 3'
                set -l name $words[2]
                if __awsh_managed $name; and not builtin contains -- $name $__awsh_secret
                    set -l back (string split --max 1 -- ' ' $words[3])
                    __awsh_decode (string replace --all %20 ' ' -- $back[1])
                    set -g __awsh_displaced_made_$name "$value"
                    set -g __awsh_displaced_now_$name -
                    set -qg $name
                    and set -g __awsh_displaced_now_$name "=$$name"
                    __awsh_decode "$back[2]"
                    set -g __awsh_displaced_had_$name unset
                    if string match -q '=*' -- "$value"
                        set -g __awsh_displaced_had_$name exported
                        set -g __awsh_displaced_was_$name (string sub --start 2 -- "$value")
                    end
                    set -ga __awsh_displaced $name
                end
            case 'typed 3'
                __awsh_decode $words[3]
                builtin contains -- $words[2] $__awsh_claimable
                and set -g __awsh_typed $words[2] "$value"
            case 'secret 2'
                __awsh_recall $words[2]
                and set -g __awsh_had_$words[2] lost
                and set -ga __awsh_lost $words[2]
            case 'now 3'
                __awsh_decode $words[3]
                __awsh_recall $words[2]
                and set -g __awsh_now_$words[2] "=$value"
                switch $words[2]
                    case AWS_ACCESS_KEY_ID
                        set -g __awsh_key_id "$value"
                    case AWS_PROFILE
                        set -g __awsh_profile "$value"
                    case AWS_ENDPOINT_URL
                        set -g __awsh_endpoint "$value"
                end
        end
    end
    test -n "$__awsh_key_id"
    or return 0
    for name in AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
        __awsh_recall $name
        and set -g __awsh_now_$name secret
    end
end

# Makes sure that there is a record of $argv[1].
function __awsh_recall
    __awsh_managed $argv[1]
    or return
    builtin contains -- $argv[1] $__awsh_names
    and return
    set -eg __awsh_had_$argv[1]
    set -ga __awsh_owned $argv[1]
    set -g __awsh_was_$argv[1] ''
    set -g __awsh_now_$argv[1] -
    set -ga __awsh_names $argv[1]
    return 0
end

# Handles the case that only a part of the parent shell's environment was inherited. If what awsh
# had set there is incomplete, or if nothing is known of it, it is removed; variables that every
# load replaces count as awsh's.
function __awsh_check_inherited
    if test -n "$__awsh_key_id"
        if test -z "$AWS_ACCESS_KEY_ID"
            set -eg AWS_SECRET_ACCESS_KEY
            set -eg AWS_SESSION_TOKEN
        else if test -z "$AWS_SECRET_ACCESS_KEY"; or test -n "$__awsh_tail_AWS_SESSION_TOKEN" -a -z "$AWS_SESSION_TOKEN"
            # It will be loaded again.
            set -g __awsh_place ''
        end
        return 0
    end
    test -z "$__awsh_names$AWS_VAULT"
    or return 0
    if test -n "$AWSH_PROFILE" -a -n "$AWSH_EXPIRES"
        # <themes: npm run generate>
        for name in AWSUME_PROFILE AWSU_PROFILE AWS_SSO_PROFILE
        # </themes>
            test "$$name" != "$AWSH_PROFILE"
            or set -eg $name
        end
        if test "$AWS_REGION" = "$AWS_DEFAULT_REGION"
            set -eg AWS_REGION
            set -eg AWS_DEFAULT_REGION
        end
        # <drop-identity: npm run generate>
        for name in AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION \
            AWS_SESSION_EXPIRATION AWS_ENDPOINT_URL AWSH_PROFILE AWSH_EXPIRES AWSH_LOADED AWSH_SEGMENT \
            (set --names -x | string match 'AWS_ENDPOINT_URL_*')
        # </drop-identity>
            set -eg $name
        end
    else if test "$AWS_PROFILE" = awsh-blocked
        for name in AWS_REGION AWS_DEFAULT_REGION
            test "$$name" != awsh-blocked
            or set -eg $name
        end
        for name in AWS_PROFILE AWS_EC2_METADATA_DISABLED AWSH_LOADED AWSH_SEGMENT
            set -eg $name
        end
    end
    return 0
end

# Takes over what a parent shell has loaded. Fails if awsh must not act in this shell: it was
# started from another user's (sudo -E) or by a newer awsh.
function __awsh_inherit
    set -l kind
    set -l uid
    set -l who
    set -l where
    set -l text
    if test -n "$AWSH_LOADED"
        __awsh_read_loaded
        and test "$uid" = "$__awsh_uid"
        or return
    end
    __awsh_read_saved
    if test "$kind" = off
        set -g __awsh_mode off
    else if test "$kind" = overridden
        if test -n "$who"
            set -g __awsh_mode pin
            set -g __awsh_pin $who
            set -g __awsh_typed_at "pin $who"
        else
            set -g __awsh_typed_at "auto $where $text"
        end
    else if builtin contains -- "$kind" dir pin blocked; and test -n "$__awsh_names"
        set -g __awsh_kind $kind
        set -g __awsh_who $who
        if test -n "$where"
            set -g __awsh_place "auto $where $text"
        else if test -n "$who"
            set -g __awsh_mode pin
            set -g __awsh_pin $who
            set -g __awsh_place "pin $who"
        end
        if test $kind = blocked
            set -g __awsh_label blocked
            set -g __awsh_renew 1
        else
            __awsh_call_it $who
            if __awsh_number "$AWSH_EXPIRES"; and test $AWSH_EXPIRES -gt 300
                set -g __awsh_expires (builtin math $AWSH_EXPIRES)
                set -g __awsh_renew (builtin math $AWSH_EXPIRES - 300)
            end
        end
        # Universal variables that the parent shell had hidden are visible again here.
        for name in $__awsh_names
            set -l now __awsh_now_$name
            if test "$$now" = -; and not set -qg $name
                __awsh_hide $name
                set -qU $name
                and set -eg __awsh_had_$name
            end
        end
    end
    __awsh_check_inherited
    # A shell started by `awsh exec` or aws-vault keeps its credentials in every directory.
    if test -n "$AWS_VAULT"; and begin
            test -z "$__awsh_kind"
            or __awsh_is_displaced
        end
        __awsh_find_exec_end
        __awsh_forget
        set -g __awsh_foreign ''
        set -g __awsh_kind ''
        set -g __awsh_renew 0
        set -g __awsh_mode exec
        set -g __awsh_place exec
        set -g __awsh_exec $AWS_VAULT
        set -eg AWSH_PROFILE
        set -eg AWSH_EXPIRES
        # It names the identity of exec, so another profile replaces it.
        set -ga __awsh_replaced AWS_VAULT
        set -g __awsh_replaceable (builtin count $__awsh_replaced)
        __awsh_note_exec
        __awsh_put_exec
    end
    test -z "$__awsh_key_id"
    or set -g __awsh_issued $__awsh_key_id
    return 0
end

# --- the state of this shell ----------------------------------------------------------------------

# The pinned profile; the profile that `exec` or aws-vault gave this shell, and its expiry.
set -g __awsh_pin ''
set -g __awsh_exec ''
set -g __awsh_exec_expires 0
set -g __awsh_exec_names
set -g __awsh_exec_values
# What is loaded (dir, pin, blocked or nothing), its profile and expiry; the values that awsh itself
# compares; and secrets that were set before and that only a parent shell can restore.
set -g __awsh_kind ''
set -g __awsh_who ''
set -g __awsh_expires 0
set -g __awsh_protected ''
set -g __awsh_key_id ''
set -g __awsh_profile ''
set -g __awsh_lost
set -g __awsh_above ''
# About other tools: the directory where they ran last, the values removed while they run, the
# variables that the user set (name and value), and where.
set -g __awsh_stood ''
# The end of the token that a parent shell had loaded.
set -g __awsh_found_tail ''
set -g __awsh_kept_names
set -g __awsh_kept_word
set -g __awsh_kept_beside
set -g __awsh_put_values
set -g __awsh_owned
set -g __awsh_typed
set -g __awsh_typed_at ''
# Directory files that other users can replace.
set -g __awsh_shared_files
# The directory and file of the last question, the time of the next one, and the pause in seconds
# after a failure.
set -g __awsh_place ''
set -g __awsh_renew 0
set -g __awsh_pause 10
# The state of this shell if it is not the normal one (src/shell/state-table.ts), its reason, its
# next command, and its start; the variable that another tool or the user has set; and the tool's
# name, if it is known.
set -g __awsh_state ''
set -g __awsh_reason ''
set -g __awsh_todo ''
set -g __awsh_since 0
set -g __awsh_foreign ''
set -g __awsh_tool ''
# The agent's state file, if the agent may be asked, and XDG_RUNTIME_DIR; both depend on the
# environment at the time the hook was sourced. Until when the agent is not asked, and the next pause.
set -g __awsh_agent
set -g __awsh_runtime
builtin contains -- AWSH_AGENT $__awsh_given; and test "$__awsh_given_AWSH_AGENT" = off
or begin
    set -g __awsh_agent (string replace -r '/[^/]*$' /agent -- $__awsh_lock | string collect)
    builtin contains -- XDG_RUNTIME_DIR $__awsh_given
    and string match -q '/*' -- "$__awsh_given_XDG_RUNTIME_DIR"
    and set -g __awsh_runtime $__awsh_given_XDG_RUNTIME_DIR
end
# The script that asks it, for as long as the package is gone (as it is while npm replaces it).
set -g __awsh_asker_text
if test -f "$__awsh_asker" -a -x "$__awsh_asker" -a -r "$__awsh_asker"
    read --null --nchars 65536 --global __awsh_asker_text <$__awsh_asker
end
set -g __awsh_rest 0
set -g __awsh_rest_seconds 10
set -g __awsh_uid $EUID
__awsh_number "$__awsh_uid"
or set -g __awsh_uid (/usr/bin/id -u)
__awsh_fix_environment "$argv[2]"
# The version of this package, from its package.json; empty for another layout than npm's.
set -g __awsh_version
set -l package (string replace -r '/bin/awsh$' /package.json -- $__awsh_launcher | string collect)
if test -f "$package" -a -r "$package"
    set __awsh_version (string replace -fr '^  "version": "([0-9A-Za-z.+-]+)",$' '$1' <$package)
end
set -g __awsh_word $word
set -g __awsh_whole 1

# This must be the last part of the file: it replaces the __awsh_look of awsh.fish, which sources
# this file again as long as its own is in place.

# The long look: compares what this directory asks for with what is loaded, and acts. Shares
# __awsh_check's locals.
function __awsh_look -S
    set -l quiet $argv[1]
    set -l extra $argv[2]
    set -l result 0
    set -l place $__awsh_mode
    set -l in_exec
    set -l wanted
    set -l moved
    set -l known
    set -l claimed
    set -l now
    set -l soon
    set -l later
    # Nothing is settled until this is complete: after ^C the next prompt does it again.
    set -g __awsh_settled ''
    if set -q __awsh_undo[1]; and test "$extra" != 'use 1'
        # ^C came while a profile was being tried.
        __awsh_undo_pin
        __awsh_check "$quiet" "$extra"
        return
    end
    __awsh_read_clock
    if test -n "$__awsh_busy"
        set -g __awsh_busy ''
        __awsh_rest_from_agent
    end
    switch $__awsh_mode
        case auto
            set place "auto $file $text"
            set wanted $file
        case pin
            set place "pin $__awsh_pin$text"
            set wanted 1
        case exec
            set wanted 1
    end
    test -z "$extra"
    or set -g __awsh_typed
    if test -n "$__awsh_open"
        __awsh_step_back
    else if __awsh_is_displaced
        __awsh_yield_to_user
    end
    test "$__awsh_kind" != exec -o "$__awsh_mode" = exec -o "$extra" = 'use 1'
    or __awsh_release_exec
    test -n "$__awsh_displaced" -a -z "$__awsh_names$__awsh_kept_names"
    and __awsh_restore_displaced
    __awsh_find_foreign
    if test -n "$__awsh_foreign"
        test "$text" != unread
        or __awsh_read_late
        set place "foreign $__awsh_foreign $place"
    else if test -z "$__awsh_names" -a "$__awsh_mode" != exec; and builtin contains -- "$AWS_ACCESS_KEY_ID" $__awsh_issued; and not set -q __awsh_base_AWS_ACCESS_KEY_ID
        __awsh_scrub
    end
    if test -n "$__awsh_kept_names"
        test "$place" != "$__awsh_place"
        or __awsh_put_again
        set -g __awsh_kept_names
        set -g __awsh_kept_values
    end
    if test "$place" != "$__awsh_place"
        set -g __awsh_place ''
        set -g __awsh_pause 10
        set moved 1
        if test -n "$__awsh_foreign"
            __awsh_leave_to_others
        else if test -n "$wanted"
            __awsh_ask $extra
        else
            __awsh_unload
            test "$__awsh_mode" = off
            and __awsh_leave_off
        end
    else if test "$__awsh_mode" = off -a -n "$claimed"
        __awsh_leave_off
    else if test -n "$__awsh_foreign" -a -n "$claimed"
        # Only for child shells.
        set known "$__awsh_state $__awsh_reason"
        __awsh_leave_to_others
    else if test -n "$extra" -a -n "$__awsh_foreign"
        __awsh_leave_to_others
    else if test -n "$extra" -a -n "$wanted"
        __awsh_ask $extra
    else if test $__awsh_renew -gt 0 -a $now -ge $__awsh_renew; and not __awsh_overridden
        __awsh_ask 'renew 1'
    end
    test "$extra" = 'use 1' -a -n "$__awsh_unchanged"
    and return $result
    # A universal variable that cannot be hidden stays the user's, and awsh leaves the directory to
    # the user.
    if __awsh_is_displaced
        set -g __awsh_place $place
        __awsh_yield_to_user
        __awsh_find_foreign
        set place "foreign $__awsh_foreign $place"
        __awsh_leave_to_others
    end
    # Empty until everything has changed, so that after ^C the next prompt completes the change.
    set -g __awsh_place $place
    __awsh_describe
    set -g __awsh_settled "$AWS_PROFILE $AWS_ACCESS_KEY_ID  $file $text"
    return $result
end
