# SPDX-License-Identifier: LGPL-2.1-only
#
# ./dev demo: storms of domains on a stock and on a patched lab host.  Here
# the two hosts are built and booted; what happens in them is tests/demo/host,
# and what their journals come to is computed by tests/demo/demo-result.  The
# journals stay in build/demo/, so that the result can be computed again.

DEMO=$BUILD/demo
DEMO_FILES=$TOP/tests/demo
# What a host runs, and what that sources.
DEMO_HOST=$DEMO_FILES/host
DEMO_PARTS=("$DEMO_FILES/storm.sh")
# What a lab host comes to take when all of its memory was used once.
DEMO_MIB=6500
# Seconds that a host's storms may take in all.
DEMO_SECONDS=900

# A unit test computes the last demo's result again.
export XENNUMA_DEMO=$DEMO

demo_usage()
{
    cat <<'END'
usage: ./dev demo
Starts the same storms of domains on a stock Xen and on a patched one, and
shows where their memory is. Raw journals and result.json are in build/demo.

Status: 0 if on the patched Xen every domain was built, by xenplace and the 18
alike ones by xl create with numa_policy whole on one node, no memory leaked and
Linux booted; 1 if not, or if something could not be built; 125 if a lab host
did not boot.
END
}

demo_build()
{
    packages_need "${PACKAGES_XEN[@]}" "${PACKAGES_TREE[@]}" \
        "${PACKAGES_LAB[@]}"
    lock_build
    xen_build stock release
    xen_build patched release
    lab_kernel
    tree_build patched
    unlock_build
}

# A host that the kernel kills for memory would look like a broken one.
demo_memory()
{
    local free

    free=$(awk '/^(MemAvailable|SwapFree):/ { sum += $2 }
        END { print int(sum / 1024) }' /proc/meminfo)
    [[ $free -ge $DEMO_MIB ]] ||
        say "   notice: $free MiB of memory free: a lab host takes $DEMO_MIB"
}

# One demo at a time: they share a folder.
demo_lock()
{
    exec 7>"$BUILD/.demo.lock"
    if ! flock -n 7; then
        say "-- waiting for another demo to end"
        flock 7
    fi
    rm -rf "$DEMO"
    mkdir -p "$DEMO"
}

# demo_share DIR: what a host gets.
demo_share()
{
    rm -rf "$1"
    mkdir -p "$1/bin"
    cp "$DEMO_HOST" "$1/host" || return
    cp "${DEMO_PARTS[@]}" "$1/" || return
    "$BUILD/tree/libtool" --quiet --mode=install install \
        "$BUILD/tree/tests/lab/"{bare,clients} "$1/bin/"
}

# demo_host VARIANT: its journal, or the end.
demo_host()
{
    local share=$DEMO/share code=0

    step "prepare the $1 host" demo_share "$share"
    say "-- storms on $1 Xen"
    ( cmd_lab --no-build --xen "$1" --timeout $DEMO_SECONDS \
        --share "$share" -- sh /share/host "$1" ) || code=$?
    mv "$share/journal" "$DEMO/$1.journal" 2>/dev/null || :
    mv "$share/log" "$DEMO/$1.log" 2>/dev/null || :
    cp "$LAB/console.log" "$DEMO/$1.console.log"
    rm -rf "$share"
    if [[ $code -eq $LAB_FAILED ]]; then
        say "$PROG: demo: environment: the $1 host did not come up or died"
        exit $LAB_FAILED
    fi
    [[ $code -eq 0 ]] || die "demo: the $1 host: exit $code"
}

cmd_demo()
{
    local start=$SECONDS code=0 before

    case ${1:-} in
        '') ;;
        -h|--help) demo_usage; exit 0 ;;
        *) usage_error "demo: $1: unknown option" ;;
    esac
    demo_build
    demo_lock
    demo_memory
    before=$(environment_count)
    demo_host stock
    demo_host patched
    if [[ $(( $(environment_count) - before )) -gt 1 ]]; then
        say "$PROG: demo: environment: more than one boot never reached dom0"
        exit $LAB_FAILED
    fi
    say "-- $(( SECONDS - start )) s in all"
    say
    "$BUILD/tree/tests/demo/demo-result" --json "$DEMO/result.json" \
        --goals "$DEMO/goals.json" "$DEMO/stock.journal" \
        "$DEMO/patched.journal" || code=$?
    exit "$code"
}
