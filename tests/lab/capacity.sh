# SPDX-License-Identifier: LGPL-2.1-only
#
# For cases about what-if: what xenplace capacity says of a host is what then
# fits.  Sourced after placed.sh.

# made_up ROUND I: a size in MiB, the same each time and everywhere.
made_up()
{
    made_up=$(( $1 * 31 + $2 * 7 + 1 ))
    made_up=$(( made_up * made_up * 48271 % 65521 ))
    echo $(( 100 + made_up * made_up % 437 ))
}

# sizes ROUND: one, two or three of them.
sizes()
{
    sizes_i=0
    while [ $sizes_i -le $(( $1 % 3 )) ]; do
        made_up "$1" $sizes_i
        sizes_i=$(( sizes_i + 1 ))
    done
}

# how_many POLICY SIZE...: what is said to fit, created in turn.
how_many()
{
    how_many_policy=$1
    shift
    for how_many_size; do
        shift
        set -- "$@" "$(tiny "like$how_many_size" "$how_many_size")"
    done
    xenplace capacity -P "$how_many_policy" --json "$@" |
        sed -E 's/^\{"complete":true,"domains":([0-9]+),.*/\1/'
}

# fill POLICY SIZE...: create in turn until one is refused; prints how many
# there are.
fill()
{
    fill_policy=$1 fill_nr=0
    shift
    while xenplace create -p -P "$fill_policy" "$(tiny "f$fill_nr" "$1")" \
        >/tmp/fill.out 2>&1; do
        fill_nr=$(( fill_nr + 1 ))
        set -- "$@" "$1"
        shift
    done
    echo $fill_nr
}

destroy_all()
{
    xl list | awk 'NR > 2 { print $2 }' | while read -r domid; do
        xl destroy "$domid" || echo "$domid: not destroyed"
    done
}

# capacity_round ROUND POLICY SIZE...: beside others there are.
capacity_round()
{
    what="round $1, $2"
    policy=$2
    xenplace create -p "$(tiny there1 "$(made_up "$1" 7)")" \
        "$(tiny there2 "$(made_up "$1" 8)")" >/dev/null
    shift 2
    what="$what: $(echo "$@" | sed 's/ /, /g') MiB"

    said=$(how_many "$policy" "$@")
    fact "$what: some fit" test "$said" -gt 2
    fact "$what: as many as are said to" equal "$(fill "$policy" "$@")" "$said"
    fact "$what: the last was refused for memory" says 'memory: ' \
        cat /tmp/fill.out
    # The one that was refused is the first of the next round.
    refused=$(( said % $# ))
    while [ $refused -gt 0 ]; do
        set -- "$@" "$1"
        shift
        refused=$(( refused - 1 ))
    done
    fact "$what: now none fit" equal "$(how_many "$policy" "$@")" 0
    fact "$what: all go" equal "$(destroy_all)" ""
    host_settled >/dev/null
}

# Ten of them; before the first, what Xen and dom0 keep for many domains, and
# what the daemon learns of the first.
capacity_rounds()
{
    fill preferred 128 >/dev/null
    destroy_all
    begin
    for round in 1 2 3 4 5 6 7 8 9 10; do
        policy=preferred
        [ $(( round % 4 )) -ne 0 ] || policy=strict
        # shellcheck disable=SC2046 # sizes are words
        capacity_round $round $policy $(sizes $round)
    done
    fact "no page is lost" unchanged_but_pools
}
