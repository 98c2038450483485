# SPDX-License-Identifier: LGPL-2.1-only
#
# What every part of ./dev needs: where things lie, messages, stamps, locks.
# Sourced, never run; sets no options and starts nothing.  Downloads and
# builds live under build/ and nowhere else.  A stamp is a file holding the
# hash of the inputs of a product; equal hash, nothing to do.

BUILD=$TOP/build
CACHE=$BUILD/cache
JOBS=${JOBS:-$(nproc)}

say()
{
    printf '%s\n' "$*" >&2
}

die()
{
    say "$PROG: $*"
    exit 1
}

# A usage error: what is wrong, where to read on.
usage_error()
{
    say "$PROG: $*"
    say "try: ./dev help"
    exit 2
}

# step TITLE COMMAND...: run quietly into a log; show its tail on failure.
# A function given here returns on its first error by itself: errexit does not
# reach it.
step()
{
    local title=$1 log start=$SECONDS
    shift

    log=$BUILD/log/$(tr -cs 'a-zA-Z0-9.-' '-' <<<"$title" |
        sed 's/^-*//; s/-*$//').log
    mkdir -p "$BUILD/log"
    say "-- $title"
    if ! "$@" </dev/null >"$log" 2>&1; then
        tail -n 30 "$log" >&2
        die "$title: failed, see ${log#"$TOP"/}"
    fi
    say "-- $title: $(( SECONDS - start )) s"
}

# hash_tree PATH...: one hash over names, modes and contents below the paths.
# Paths that do not exist count as empty.
hash_tree()
{
    local path

    for path; do
        [[ -e $path ]] || continue
        find "$path" -type f -printf '%m %p\n'
        find "$path" -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum
    done | LC_ALL=C sort | sha256sum | cut -d' ' -f1
}

# hash_text WORD...: one hash over the words.
hash_text()
{
    printf '%s\n' "$@" | sha256sum | cut -d' ' -f1
}

# stamp_is FILE HASH / stamp_set FILE HASH
stamp_is()
{
    [[ -f $1 && $(<"$1") == "$2" ]]
}

stamp_set()
{
    mkdir -p "${1%/*}"
    printf '%s\n' "$2" >"$1"
}

# lock_build: one builder at a time under build/; held until unlock_build or
# the end of the shell that called it.
lock_build()
{
    mkdir -p "$BUILD"
    exec 8>"$BUILD/.lock"
    if ! flock -n 8; then
        say "-- waiting for another build in ${BUILD#"$TOP"/}/"
        flock 8
    fi
}

unlock_build()
{
    exec 8>&-
}
