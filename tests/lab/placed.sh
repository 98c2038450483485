# SPDX-License-Identifier: LGPL-2.1-only
#
# For cases about the daemon: the host to the page, and the daemon's life.
# Sourced after case.sh.

SOCKET=/run/xen/xenplaced/socket

# Free and claimed pages of each node, in one line.
host_pages()
{
    xenplace nodes --json | grep -oE '"(free|claimed)_pages":[0-9]+' |
        tr '\n' ' '
}

# What xenstore knows of domains other than dom0.
store_paths()
{
    for dir in /local/domain /libxl /vm; do
        xenstore-ls -f $dir 2>/dev/null
    done | grep -vE '^/local/domain/0( |/)|^/(vm|libxl)/0( |/)' |
        grep -v '^/local/domain = ' | sort
}

# host_settled: the host as it stays for a second, structures of dead domains
# given back.
host_settled()
{
    settled_tries=30
    settled_was=
    while settled_is=$(host_pages) && [ "$settled_is" != "$settled_was" ]; do
        settled_tries=$(( settled_tries - 1 ))
        [ $settled_tries -gt 0 ] || break
        settled_was=$settled_is
        sleep 1
    done
    echo "$settled_is"
}

# begin: the state that a test begins with; unchanged: it is the same again,
# no domain is left, and nothing in xenstore.
begin()
{
    BEGIN_PAGES=$(host_settled)
    BEGIN_STORE=$(store_paths)
    BEGIN_DOMAINS=$(xl list | wc -l)
}

unchanged_now()
{
    equal "$(host_pages)" "$BEGIN_PAGES" &&
        equal "$(store_paths)" "$BEGIN_STORE" &&
        equal "$(xl list | wc -l)" "$BEGIN_DOMAINS"
}

unchanged()
{
    within 15 unchanged_now
}

# The same after domains ran, or many of them came at once, when Xen may have
# kept some pages for good: its pool of small objects grows with the timers
# that a CPU has at once, and no other storm of them makes it grow again.
pools_only()
{
    equal "$(store_paths)" "$BEGIN_STORE" &&
        equal "$(xl list | wc -l)" "$BEGIN_DOMAINS" &&
        echo "$BEGIN_PAGES" "$(host_pages)" | tr ' ' '\n' | awk -F: '
            NF == 2 { value[n++] = $2 }
            END { for (i = 0; i < n / 2; i++) {
                      lost = value[i] - value[i + n / 2]
                      sum += lost < 0 ? -lost : lost }
                  print sum " pages differ"
                  exit sum > 4 }'
}

unchanged_but_pools()
{
    within 15 pools_only
}

no_claim()
{
    says '^outstanding_claims +: 0$' xl info
}

daemon_pid()
{
    cat /run/xen/xenplaced.pid 2>/dev/null || pidof xenplaced
}

daemon_answers()
{
    xenplace version >/dev/null
}

# daemon_start [OPTION...]
daemon_start()
{
    setsid xenplaced "$@" >>/var/log/xen/xenplaced.log 2>&1 </dev/null &
    within 10 daemon_answers
}
