# What awsh's hook for fish takes over from a parent shell. awsh.fish sources it at its start, and only where there is
# something to take over: to read it would be a tenth of what a shell's start spends on awsh. By the rules of awsh.fish.
#
# Fails where this shell is to be left alone: another user's (sudo -E), or a newer awsh's.

# Splits AWSH_LOADED into the caller's `kind`, `uid`, `who` and `where`. Fails where it is not of version 1.
function __awsh_read_loaded -S
    set -l IFS \n
    set -l words (string split -- ' ' "$AWSH_LOADED")
    test (builtin count $words) = 5 -a "$words[1]" = 1
    or return
    set kind $words[2]
    set uid $words[3]
    # A lone - stands for nothing.
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

# Takes over what a parent shell has loaded, from AWSH_SAVED, so that this shell can put it back. Sets the caller's `text`.
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
            case 'claim 3'
                set -l claim (string split --max 1 -- ' ' $words[3])
                __awsh_decode "$claim[2]"
                builtin contains -- $words[2] $__awsh_claimable
                and set -g __awsh_by_$words[2] $claim[1]
                and set -g __awsh_base_$words[2] "$value"
            case 'back 3'
                set -l name $words[2]
                if __awsh_managed $name; and not builtin contains -- $name AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN
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

# Makes sure of a record of $argv[1].
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

# Makes good that only a part of a parent shell's environment has come down to this one. What awsh had set there is taken out,
# if it is not whole or nothing is known of it; what a load always replaces was awsh's.
function __awsh_check_inherited
    if test -n "$__awsh_key_id"
        if test -z "$AWS_ACCESS_KEY_ID"
            set -eg AWS_SECRET_ACCESS_KEY
            set -eg AWS_SESSION_TOKEN
        else if test -z "$AWS_SECRET_ACCESS_KEY"; or test -n "$__awsh_tail_AWS_SESSION_TOKEN" -a -z "$AWS_SESSION_TOKEN"
            # It is loaded anew.
            set -g __awsh_place ''
        end
        return 0
    end
    test -z "$__awsh_names$AWS_VAULT"
    or return 0
    if test -n "$AWSH_PROFILE" -a -n "$AWSH_EXPIRES"
        for name in AWSUME_PROFILE AWSU_PROFILE AWS_SSO_PROFILE
            test "$$name" != "$AWSH_PROFILE"
            or set -eg $name
        end
        if test "$AWS_REGION" = "$AWS_DEFAULT_REGION"
            set -eg AWS_REGION
            set -eg AWS_DEFAULT_REGION
        end
        for name in $__awsh_replaced[1..8] (set --names -x | string match 'AWS_ENDPOINT_URL_*') AWSH_LOADED AWSH_SEGMENT
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
    # Here universal variables are seen again that the parent shell had hidden.
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
# No `return 0`: it would end __awsh_start, too.
true
