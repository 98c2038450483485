# SPDX-License-Identifier: LGPL-2.1-only
#
# For cases about xl with keys for NUMA nodes.  Sourced after placed.sh.

# Free pages of each node, and what is claimed of all: in place of the one of
# placed.sh, which asks the daemon.
host_pages()
{
    xl dmesg -c >/dev/null
    xl debug-keys u
    xl dmesg | sed -n 's/.*\(NODE[0-9]*\) .*free->\([0-9]*\).*/"\1":\2/p' |
        tr '\n' ' '
    xl info | sed -n 's/^outstanding_claims *: *\(.*\)/"claimed":\1/p'
}

# keyed FILE LINE...: the configuration with these lines at its end.
keyed()
{
    keyed_file=$1
    shift
    printf '%s\n' "$@" >>"$keyed_file"
    echo "$keyed_file"
}

PREFERRED='numa_policy="preferred"'
STRICT='numa_policy="strict"'

# nodes_of NAME: the nodes with more than 64 of its pages, by Xen's debug key.
nodes_of()
{
    domain_pages "$(xl domid "$1")" | tr ' ' '\n' |
        awk -F: '$2 > 64 { printf "%s%s", sep, $1; sep = "," }'
}

# witness: each domain but dom0, by Xen's debug key: domid, its pages, those
# on its best node.
witness()
{
    xl dmesg -c >/dev/null
    xl debug-keys u
    xl dmesg | awk '
        function close_domain() { if (id > 0) print id, total, best }
        / d[0-9]+ \(total: / { close_domain(); match($0, /d[0-9]+ /)
            id = substr($0, RSTART + 1, RLENGTH - 2) + 0
            total = best = 0 }
        /Node [0-9]+: [0-9]+/ { n = $NF; total += n; if (n > best) best = n }
        END { close_domain() }'
}

# whole N: there are N domains, and not a page of any is off its node.
whole()
{
    whole_saw=$(witness)
    echo "$whole_saw"
    echo "$whole_saw" | awk -v want="$1" '
        NF { domains++; if ($2 != $3) split_++ }
        END { print domains + 0, "domains,", split_ + 0, "split"
              exit domains != want || split_ != 0 }'
}

# storm NAME LINE SIZE...: a client of xl for each, all at once.  Fails if one
# does.
storm()
{
    storm_name=$1 storm_line=$2
    shift 2
    mkdir -p /tmp/storm
    rm -f /tmp/storm/*
    storm_files=
    storm_number=0
    for storm_size; do
        storm_number=$(( storm_number + 1 ))
        storm_file=$(keyed "$(tiny "$storm_name-$storm_number" "$storm_size")" \
            "$storm_line")
        storm_files="$storm_files $storm_file"
    done
    # shellcheck disable=SC2086 # names of files without spaces
    clients /tmp/storm/ /tmp/storm/ xl create -q -p -- $storm_files
    storm_failed=$(cat /tmp/storm/*.client | grep -cv ' 0$')
    [ "$storm_failed" -eq 0 ] || cat /tmp/storm/*.log
    return "$storm_failed"
}

destroy_all()
{
    xl list | awk 'NR > 2 { print $2 }' | while read -r domid; do
        xl destroy "$domid" || echo "$domid: not destroyed"
    done
}

# The daemon ends, and libxl decides by itself.
daemon_end()
{
    daemon_old=$(daemon_pid)
    kill "$daemon_old"
    within 10 sh -c "! kill -0 $daemon_old 2>/dev/null"
}
