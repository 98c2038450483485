# SPDX-License-Identifier: LGPL-2.1-only
#
# ./dev bench: runs the programs of tests/bench, each of which measures
# something and writes build/bench/NAME.json: {"goals":[{"id","what","goal",
# "measured","holds"}]}.  Here they are only found, run and tabled; whether a
# goal holds is the benchmark's own finding.

BENCHES=$TOP/tests/bench
BENCH_OUT=$BUILD/bench

bench_names()
{
    find "$BENCHES" -maxdepth 1 -type f -perm -u+x -printf '%f\n' \
        2>/dev/null | LC_ALL=C sort
}

# bench_run NAME: its result, fresh; whatever it printed is passed on.
bench_run()
{
    rm -f "$BENCH_OUT/$1.json"
    say "-- bench $1"
    ( cd "$TOP" && "$BENCHES/$1" "$BENCH_OUT/$1.json" ) || {
        say "$PROG: bench: $1: exit $?"
        return 1
    }
    "$TOP/tests/dev/goals" "$BENCH_OUT/$1.json"
}

cmd_bench()
{
    local name names failed=0

    mapfile -t names < <(bench_names)
    if [[ $# -gt 1 || ${1:-} == -* ]]; then
        usage_error "bench: $*: want no more than one name"
    elif [[ $# -eq 1 ]]; then
        [[ " ${names[*]} " == *" $1 "* ]] ||
            usage_error "bench: $1: unknown: there is ${names[*]:-none}"
        names=("$1")
    fi
    [[ ${#names[@]} -gt 0 ]] || die "bench: tests/bench holds no program"
    packages_need "${PACKAGES_BENCH[@]}"
    mkdir -p "$BENCH_OUT"
    for name in "${names[@]}"; do
        bench_run "$name" || failed=1
    done
    return $failed
}
