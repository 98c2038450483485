# SPDX-License-Identifier: LGPL-2.1-only
#
# What a lab case in shell is written with.  Sourced from /share in dom0; a
# case is a list of facts, and its summary is printed when it exits.  A case
# that ends before its summary, or states no fact, has failed: see run.

CASE=$(basename "$0")
PASSED=0
FAILED=0
CFG=$(mktemp -d)

summary()
{
    printf '# %s: %d passed, %d failed\n' "$CASE" "$PASSED" "$FAILED"
    [ "$FAILED" -eq 0 ] && [ "$PASSED" -gt 0 ]
}
trap summary EXIT

# fact WHAT COMMAND...: holds if the command succeeds; else its output shows.
fact()
{
    fact_what=$1
    shift
    if fact_output=$("$@" 2>&1); then
        PASSED=$(( PASSED + 1 ))
        echo "ok: $fact_what"
    else
        fact_code=$?
        FAILED=$(( FAILED + 1 ))
        echo "FAILED: $fact_what: exit $fact_code: $*"
        echo "$fact_output" | sed 's/^/    /'
    fi
}

# equal GOT WANT
equal()
{
    [ "$1" = "$2" ] || { echo "got \"$1\", expected \"$2\""; return 1; }
}

# exits STATUS COMMAND...: the command ends with that status.
exits()
{
    exits_want=$1
    shift
    exits_code=0
    "$@" || exits_code=$?
    equal "exit $exits_code" "exit $exits_want"
}

# says PATTERN COMMAND...: what the command prints matches.
says()
{
    says_pattern=$1
    shift
    says_output=$("$@" 2>&1) || :
    echo "$says_output"
    echo "$says_output" | grep -qE -- "$says_pattern"
}

# within SECONDS COMMAND...: the command succeeds before they are over.
within()
{
    within_tries=$1
    shift
    until "$@" >/dev/null 2>&1; do
        within_tries=$(( within_tries - 1 ))
        [ $within_tries -gt 0 ] || { "$@"; return; }
        sleep 1
    done
}

# tiny NAME MEGABYTES: writes the configuration of a domain that idles and
# names the file.
tiny()
{
    printf 'name="%s"\ntype="pvh"\nmemory=%d\nvcpus=1\nkernel="%s"\n' \
        "$1" "$2" /lab/guest/tiny >"$CFG/$1.cfg"
    echo "$CFG/$1.cfg"
}

# linux NAME MEGABYTES VCPUS: the same of one that boots Linux.
linux()
{
    printf 'name="%s"\ntype="pvh"\nmemory=%d\nvcpus=%d\n' "$1" "$2" "$3" \
        >"$CFG/$1.cfg"
    printf 'kernel="%s"\nramdisk="%s"\nextra="console=hvc0 quiet"\n' \
        /lab/guest/vmlinux.gz /lab/guest/initramfs.gz >>"$CFG/$1.cfg"
    echo "$CFG/$1.cfg"
}

# domain_pages DOMID: what Xen's debug key u says of it, "NODE:PAGES " for each
# node; nothing if there is no such domain.
domain_pages()
{
    xl dmesg -c >/dev/null
    xl debug-keys u
    xl dmesg | sed 's/^(XEN) *//' | awk -v domid="d$1" '
        /^d[0-9]+ \(total: / { on = $1 == domid }
        on && /^Node [0-9]+: / { print $2 $3 }' | tr '\n' ' '
}

# node_free NODE: its free memory in MiB, as xl sees it.
node_free()
{
    xl info -n | awk -v node="$1:" '/^numa_info/ { on = 1 }
        on && $1 == node { print $3 }'
}

# at_once COMMAND NAME...: with each of these; fails if one does.
at_once()
{
    at_once_command=$1 at_once_pids= at_once_code=0
    shift
    for name; do
        # A command is words.
        $at_once_command "$name" &
        at_once_pids="$at_once_pids $!"
    done
    for pid in $at_once_pids; do
        wait "$pid" || at_once_code=1
    done
    return $at_once_code
}
