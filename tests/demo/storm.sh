# SPDX-License-Identifier: LGPL-2.1-only
#
# Storms of domains in dom0, written down raw in /share/journal: a list of
# sections, "demo: KIND WORD..." to "demo: end".  A client's line holds its
# start and end in seconds of uptime and its status.  Nothing is judged here.
# Sourced.

TINY=/lab/guest/tiny
WORK=/run/demo
LOG=/share/log
JOURNAL=/share/journal

# Smallest first: that order is the hard one for whoever places one by one.
UNIFORM_18="256 256 256 256 256 256 256 256 256 256 256 256 256 256 256 256
    256 256"
MIXED_14="128 128 128 128 256 256 256 256 384 384 512 512 768 768"
# Largest first is what an administrator can do about it.
MIXED_14_DOWN="768 768 512 512 384 384 256 256 256 256 128 128 128 128"

# What xl create is told of NUMA: nothing, or a numa_policy.
POLICY=

# A host that still scrubs after this long is taken as it is.
SETTLE_SECONDS=60

say()
{
    echo "   $*" >&2
}

# key K: what Xen answers to a debug key.
key()
{
    xl dmesg -c >/dev/null
    xl debug-keys "$1"
    xl dmesg -c
}

# client NAME COMMAND...: its line, once it ended; its output is a log.
client()
{
    client=$1
    shift
    read -r client_start client_rest </proc/uptime
    "$@" >"$LOG/$client.log" 2>&1 </dev/null
    client_code=$?
    read -r client_end client_rest </proc/uptime
    echo "client $client_start $client_end $client_code" \
        >"$WORK/$client.client"
}

# configs STORM SIZE...: a file a domain; CONFIGS names them.
configs()
{
    configs_storm=$1
    shift
    CONFIGS=
    configs_number=0
    for configs_size; do
        configs_number=$(( configs_number + 1 ))
        configs_name=$configs_storm-$configs_number
        printf 'name="%s"\ntype="pvh"\nmemory=%d\nvcpus=1\nkernel="%s"\n' \
            "$configs_name" "$configs_size" $TINY >"$WORK/$configs_name.cfg"
        [ -z "$POLICY" ] || printf 'numa_policy="%s"\n' "$POLICY" \
            >>"$WORK/$configs_name.cfg"
        CONFIGS="$CONFIGS $WORK/$configs_name.cfg"
    done
}

# each COMMAND...: a client for each configuration, all at once.
each()
{
    /share/bin/clients "$WORK/$STORM-" "$LOG/$STORM-" "$@" -- $CONFIGS
}

# complain: the first client that failed, and its last words.
complain()
{
    complain_client=$(grep -lv ' 0$' "$WORK"/*.client | head -n 1)
    [ -n "$complain_client" ] || return 0
    complain_client=${complain_client##*/}
    complain_client=${complain_client%.client}
    say "$complain_client failed: $(tail -n 1 "$LOG/$complain_client.log")"
}

# storm NAME BY "SIZE..." COMMAND...: a section of its own.
storm()
{
    STORM=$1-$2
    say "$1 by $2"
    rm -f "$WORK"/*
    configs "$1" $3
    {
        echo "demo: run $1 $2"
        echo sizes $3
        shift 3
        "$@"
        cat "$WORK"/*.client
        key u
        echo "demo: end"
    } >>"$JOURNAL"
    complain
}

by_xl()
{
    each xl create -q -p
}

by_xenplace_each()
{
    each xenplace create -p
}

by_xenplace_once()
{
    client "$STORM" xenplace create -p $CONFIGS
}

by_bare()
{
    client "$STORM" /share/bin/bare $TINY $SIZES
}

# snapshot: a section with nothing but the witness.
snapshot()
{
    {
        echo "demo: snapshot"
        key u
        echo "demo: end"
    } >>"$JOURNAL"
}

domains()
{
    xl list | awk 'NR > 2 { print $2 }'
}

# All domains away, their memory free and scrubbed: the next storm finds what
# the last one found.
settle()
{
    domains | xargs -rn1 -P4 xl destroy >>"$LOG/destroy.log" 2>&1
    settle_last=
    settle_tries=$SETTLE_SECONDS
    while [ $settle_tries -gt 0 ]; do
        settle_now=$(key u | sed -n 's/.*\(NODE[0-9]*\) .*free->/\1 /p')
        [ "$settle_now" != "$settle_last" ] ||
            key H | grep -q 'unscrubbed pages' || return 0
        settle_last=$settle_now
        settle_tries=$(( settle_tries - 1 ))
        sleep 1
    done
    say "memory is not at rest after $SETTLE_SECONDS s"
}

mkdir -p "$WORK" "$LOG"
: >"$JOURNAL"
