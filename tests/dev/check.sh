# SPDX-License-Identifier: LGPL-2.1-only
#
# ./dev check: every test there is, and one sum.  The series of patches as
# mails, xl and libxl with them, the tree's own tests plain and with sanitizers,
# the models of tests/proof, tests/fuzz, the instructions of tests/bench/engine,
# then the lab hosts of tests/lab/cases.  A test program ends with "# NAME: N
# passed, N failed"; whatever fails without saying so counts as one failed.  A
# second boot that never reaches dom0 fails the run.

CHECK=$BUILD/check
LAB_CASES=$LAB_FILES/cases

check_usage()
{
    cat <<END
usage: ./dev check [--long] [--unit] [--lab NAME]...
Runs all tests; the last line is "N passed, N failed".

  --long      lab hosts that take long, too, and full counts of operations
  --unit      only the tests that need no lab host
  --lab NAME  only this lab host (a folder of tests/lab/cases):
              $(check_names short)
              and with --long
              $(check_names long)
END
}

# check_names WHICH: hosts, as a paragraph of the usage.
check_names()
{
    check_lab_hosts "$1" | paste -sd ' ' | fold -s -w 60 |
        sed '2,$s/^/              /'
}

# count_lines WHAT FILE...: adds up the summary lines; a line of its own says
# what came of it.
count_lines()
{
    local what=$1 passed failed
    shift

    read -r passed failed < <(cat "$@" /dev/null | sed -nE \
        's/^# [^ ]+: ([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' |
        awk '{ p += $1; f += $2 } END { print p + 0, f + 0 }')
    PASSED=$(( PASSED + passed ))
    FAILED=$(( FAILED + failed ))
    say "   $what: $passed passed, $failed failed"
}

# fail_one WHAT: something went wrong that no summary line told.
fail_one()
{
    FAILED=$(( FAILED + 1 ))
    say "   FAILED: $*"
    echo "FAILED: $*" >>"$CHECK/failures"
}

# keep_failures WHAT LOG: what failed, by the words of its log, is told once
# more when everything has run: often only the end of the output is looked at.
keep_failures()
{
    {
        echo "FAILED: $1: $2"
        grep -E -A 3 'FAILED|ERROR|got ' "$2" | grep -vE '^(ok:|--$)' ||
            tail -n 6 "$2"
    } | head -n 16 | cut -c1-240 >>"$CHECK/failures"
}

# check_proof_by WHAT NAME PROGRAM...: a prover or a fuzzer; its lines are worth
# reading.
check_proof_by()
{
    local what=$1 name=$2 log=$BUILD/log/check-$2.log
    shift 2

    say "-- $what"
    "$@" 2>&1 | tee "$log" >&2 || :
    grep -q "^# $name: " "$log" || fail_one "$what: no summary, see $log"
    count_lines "$what" "$log"
    ! grep -q '^FAILED' "$log" || keep_failures "$what" "$log"
}

# The models of tests/proof, every state of them, and the accounting of claims:
# proved, and broken in many places, each of which its unit tests notice; and
# what of it, and of our lines in Xen's heap, no test reaches.
check_proof()
{
    check_proof_by "Spin models" proof "$TOP/tests/proof/run"
    check_proof_by "accounting, proved" wp "$TOP/tests/proof/wp/run" \
        ${LONG:+--long}
    check_proof_by "mutants of the accounting" mutants "$TOP/tests/mutants/run"
    check_proof_by "branches taken" coverage "$TOP/tests/harness/coverage" \
        "$(xen_objects patched release)"
}

# What Xen's tree itself tests of xl and libxl, with the patches; and that
# nothing changes for configurations that know nothing of them.
check_xl()
{
    tools_build stock
    check_proof_by "xl and libxl, without Xen" xl \
        "$TOP/tests/xl/run" "$BUILD/xen/stock" "$BUILD/xen/patched"
}

# libFuzzer on the hypercalls of claims, whose summary is one passed or failed,
# and on each format of text and on the engine.
check_fuzz()
{
    local share=-max_total_time=30 runs=120000

    [[ -z $LONG ]] || share=-runs=10000000 runs=10000000
    check_proof_by "hypercalls of claims, fuzzed" fuzz-claims \
        "$TOP/tests/fuzz/run" "$(xen_objects patched release)" \
        "$BUILD/fuzz" $share
    check_proof_by "text formats and engine, fuzzed" fuzz-text \
        env RUNS=$runs "$TOP/tests/fuzz/text/run" "$BUILD/fuzz-text"
}

# What decisions of the engine take, since times would be those of the machine;
# and where it puts domains, against others, in short.
check_bench()
{
    check_proof_by "instructions of a decision" engine \
        "$TOP/tests/bench/engine" --counts
    check_proof_by "placement, compared in short" placement \
        env XENPLACE="$BUILD/tree/tools/xenplace/xenplace" \
        "$TOP/tests/bench/placement" --short
}

# The programs of make check in DIR, each by its log and its result.
count_tree()
{
    local what=$1 dir=$2 trs log result

    while read -r trs; do
        log=${trs%.trs}.log
        result=$(sed -n 's/^:global-test-result: //p' "$trs")
        if grep -qE '^# [^ ]+: [0-9]+ passed, [0-9]+ failed$' "$log"; then
            count_lines "$what ${log##*/}" "$log"
            [[ $result == PASS ]] ||
                grep -qE '^# .*: .* [1-9][0-9]* failed$' "$log" ||
                fail_one "$what: $log: $result after its summary"
        elif [[ $result == PASS ]]; then
            PASSED=$(( PASSED + 1 ))
            say "   $what ${log##*/}: passed"
        else
            fail_one "$what: $log: $result"
        fi
        [[ $result == PASS ]] || keep_failures "$what" "$log"
    done < <(find "$dir" -name '*.trs' | LC_ALL=C sort)
}

# harness_share WHAT: how much of the random load on Xen's heap: a share of the
# time, or with --long the full count of operations for each program.
harness_share()
{
    if [[ -z $LONG ]]; then
        echo "-t 30 -n 1000000000"
    elif [[ $1 == sanitized ]]; then
        echo "-n 10000000"
    else
        echo "-n 100000000"
    fi
}

# threads_share: the same with several threads; it has its own sanitizer.
threads_share()
{
    if [[ -z $LONG ]]; then
        echo "-t 20 -n 1000000000"
    else
        echo "-n 10000000"
    fi
}

# claim_operations WHAT: random operations on the accounting of claims.
claim_operations()
{
    local nr=40000000

    [[ -z $LONG ]] || nr=1000000000
    [[ $1 != sanitized ]] || nr=$((nr / 10))
    echo $nr
}

# check_tree WHAT DIR CONFIGURE-ARGUMENT...: build there and run make check.
check_tree()
{
    local what=$1 dir=$2
    shift 2

    step "build the tree, $what" tree_make "$dir" "$TREE_XEN" "$@"
    find "$dir" -name '*.trs' -delete
    say "-- make check, $what"
    XENNUMA_HARNESS=$(harness_share "$what") \
        XENNUMA_HARNESS_THREADS=$(threads_share) \
        XENNUMA_CLAIM_OPERATIONS=$(claim_operations "$what") \
        make -C "$dir" -k -j"$JOBS" check >"$BUILD/log/check-$what.log" 2>&1 ||
        CHECK_TREE_FAILED=1
    if [[ -z $(find "$dir" -name '*.trs' -print -quit) ]]; then
        tail -n 30 "$BUILD/log/check-$what.log" >&2
        fail_one "$what: make check ran no test"
    fi
    count_tree "$what" "$dir"
    # A test that does not even build leaves no result of its own.
    if [[ -n ${CHECK_TREE_FAILED:-} && $FAILED -eq 0 ]]; then
        tail -n 30 "$BUILD/log/check-$what.log" >&2
        fail_one "$what: make check"
    fi
}

# check_share DIR HOST: what the cases of a host run with.
check_share()
{
    local program

    rm -rf "$1"
    mkdir -p "$1/bin"
    cp -a "$LAB_CASES/$2" "$1/cases"
    rm -f "$1"/cases/{options,topology,long,programs,stock-xl,device-model}
    cp "$LAB_FILES"/{run,{case,placed,capacity,xl,guests}.sh} "$1/"
    [[ ! -e $LAB_CASES/$2/stock-xl ]] || check_stock_xl "$1/stock"
    [[ ! -e $LAB_CASES/$2/device-model ]] || check_device_model "$1/hvm"
    [[ -d $BUILD/tree/tests/lab ]] || return 0
    find "$BUILD/tree/tests/lab" -maxdepth 1 -type f -perm -u+x |
        while read -r program; do
            "$BUILD/tree/libtool" --quiet --mode=install install "$program" \
                "$1/bin/" >/dev/null 2>&1
        done
    check_programs "$1" "$LAB_CASES/$2/programs"
}

# check_stock_xl DIR: stock's xl with its libraries.
check_stock_xl()
{
    local dist library

    dist=$(xen_tools stock)/dist/usr
    mkdir -p "$1"
    install -s "$dist/sbin/xl" "$1/"
    for library in "$dist"/lib/lib*.so.[0-9]*; do
        [[ -L $library ]] ||
            install -s "$library" "$1/$(objdump -p "$library" |
                awk '$1 == "SONAME" { print $2 }')"
    done
}

# check_device_model DIR: what HVM guests need in dom0, at the paths that Xen's
# tools were configured with.  QEMU ends without a keymap even if it has no
# display.
check_device_model()
{
    local path

    install -D /usr/libexec/xen-qemu-system-i386 \
        "$1/usr/bin/qemu-system-i386"
    for path in /usr/share/qemu/{linuxboot*.bin,kvmvapic.bin,keymaps/en-us} \
        /usr/share/seabios/bios-256k.bin; do
        install -m 644 -D "$path" "$1$path"
    done
    install -m 644 -D "$(xen_tools patched)/dist/usr/lib/xen/boot/hvmloader" \
        "$1/usr/lib/xen/boot/hvmloader"
}

# check_programs SHARE FILE: programs that the host names are cases of their
# own.
check_programs()
{
    local pattern program

    [[ -f $2 ]] || return 0
    while read -r pattern; do
        for program in "$1"/bin/$pattern; do
            program=${program##*/}
            printf '#!/bin/sh\nexec %s\n' "$program" >"$1/cases/$program"
            chmod +x "$1/cases/$program"
        done
    done <"$2"
}

# check_lab HOST: boot it and run its cases.
check_lab()
{
    local host=$1 share=$CHECK/$1 options code=0

    step "prepare lab host $host" check_share "$share" "$host"
    options=$(<"$LAB_CASES/$host/options")
    options=${options//@topology/$LAB_CASES/$host/topology}
    say "-- lab host $host"
    # shellcheck disable=SC2086 # options are words
    ( cmd_lab --no-build $options --timeout 1200 --share "$share" -- \
        sh /share/run ) >"$CHECK/$host.log" 2>&1 || code=$?
    count_lines "lab $host" "$CHECK/$host.log"
    grep -q '^# ' "$CHECK/$host.log" || fail_one "lab $host: no case ran"
    if [[ $code -ne 0 ]]; then
        cp "$LAB/console.log" "$CHECK/$host.console.log"
        keep_failures "lab $host" "$CHECK/$host.log"
        grep -qE '^# .*: .* [1-9][0-9]* failed$' "$CHECK/$host.log" ||
            fail_one "lab $host: exit $code"
    fi
}

# What the hosts to boot need, built once.
check_lab_build()
{
    local host options variant mode

    lab_kernel
    for host; do
        options=" $(<"$LAB_CASES/$host/options") "
        variant=patched mode=release
        [[ $options != *" --xen stock "* ]] || variant=stock
        [[ $options != *" --debug "* ]] || mode=debug
        [[ $options != *" --traced "* ]] || mode=traced
        xen_build $variant $mode
        [[ ! -e $LAB_CASES/$host/stock-xl ]] || xen_build stock release
        [[ ! -e $LAB_CASES/$host/device-model ]] ||
            packages_need "${PACKAGES_HVM[@]}"
        tree_build $variant
    done
}

# check_lab_hosts [WHICH]: the hosts of every check, or those of a long one.
check_lab_hosts()
{
    local host

    for host in "$LAB_CASES"/*/options; do
        host=${host%/options}
        [[ ${1:-short} == $([[ -e $host/long ]] && echo long || echo short) ]] &&
            echo "${host##*/}"
    done || :
}

environment_count()
{
    { cat "$LAB_ENVIRONMENT" 2>/dev/null || :; } | wc -l
}

check_options()
{
    LONG= ONLY_UNIT= HOSTS=()
    while [[ $# -gt 0 ]]; do
        case $1 in
            -h|--help) check_usage; exit 0 ;;
            --long) LONG=1 ;;
            --unit) ONLY_UNIT=1 ;;
            --lab)
                [[ -f $LAB_CASES/${2:-}/options ]] ||
                    usage_error "check: --lab: ${2:-no name}: no folder of" \
                        "tests/lab/cases with options"
                HOSTS+=("$2")
                shift ;;
            *) usage_error "check: $1: unknown option" ;;
        esac
        shift
    done
    ONLY_LAB=${HOSTS[*]}
    [[ -n $ONLY_LAB || -n $ONLY_UNIT ]] ||
        mapfile -t HOSTS < <(check_lab_hosts
                             [[ -z $LONG ]] || check_lab_hosts long)
}

cmd_check()
{
    local host before

    check_options "$@"
    mkdir -p "$CHECK"
    : >"$CHECK/failures"
    PASSED=0 FAILED=0
    packages_need "${PACKAGES_XEN[@]}" "${PACKAGES_TREE[@]}" \
        "${PACKAGES_LAB[@]}" "${PACKAGES_PROOF[@]}" "${PACKAGES_FUZZ[@]}" \
        "${PACKAGES_BENCH[@]}"
    TREE_XEN=$(xen_tools patched)/dist
    lock_build
    xen_build patched release
    if [[ -z $ONLY_LAB ]]; then
        check_series
        check_xl
        [[ -z $LONG ]] || check_series_builds
        check_tree plain "$BUILD/tree"
        check_tree sanitized "$BUILD/tree-asan" --enable-sanitizers
        check_proof
        check_fuzz
        check_bench
    fi
    check_lab_build "${HOSTS[@]}"
    unlock_build
    before=$(environment_count)
    for host in "${HOSTS[@]}"; do
        check_lab "$host"
    done
    [[ $(( $(environment_count) - before )) -le 1 ]] ||
        fail_one "environment: more than one boot never reached dom0"
    cat "$CHECK/failures"
    echo "$PASSED passed, $FAILED failed"
    [[ $FAILED -eq 0 && $PASSED -gt 0 ]]
}
