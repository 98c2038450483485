# SPDX-License-Identifier: LGPL-2.1-only
#
# The series of patches, for ./dev check: that its mails apply to the base tree
# by git am; and with --long that each patch builds, in order, in one tree, so
# that each is built by what it changes: Xen for x86 and its tools, and the
# tests of the tools that the series brings, which are run.

# What the series touches and the default configuration leaves out.
SERIES_CONFIG=(MEM_SHARING SHADOW_PAGING UNSUPPORTED XSM)

check_series()
{
    local log=$BUILD/log/check-series.log

    say "-- series of patches"
    series_paths
    mkdir -p "${log%/*}"
    if series_make >"$log" 2>&1; then
        echo "# series: ${#SERIES_PATCHES[@]} passed, 0 failed" >>"$log"
    else
        echo "# series: 0 passed, 1 failed" >>"$log"
        keep_failures "series of patches" "$log"
    fi
    count_lines "mails applied" "$log"
}

# Patch by patch; one that does not build does not end it.
check_series_builds()
{
    local commit log=$BUILD/log/check-series-builds.log

    say "-- series of patches, each built"
    series_paths
    SERIES_WORK=$BUILD/series.build/source
    SERIES_OBJECTS=$BUILD/series.build/objects
    rm -rf "${SERIES_OBJECTS%/*}"
    series_commits >"$log" 2>&1 || {
        fail_one "series of patches: see $log"; return; }
    for commit in $(series_git rev-list --reverse base..series); do
        check_series_build "$commit" "$log"
    done
    count_lines "patches built" "$log"
    ! grep -q '^FAILED' "$log" || keep_failures "patches built" "$log"
}

# check_series_build COMMIT LOG
check_series_build()
{
    local subject errors start=$SECONDS

    subject=$(series_git log -1 --format=%s "$1")
    echo "== $subject" >>"$2"
    if ( series_build "$1" ) >>"$2" 2>&1; then
        echo "# series-build: 1 passed, 0 failed" >>"$2"
    else
        errors=$(tail -n 200 "$2" | grep -E 'error: |\*\*\* ' | tail -n 3)
        printf '%s\n' "FAILED: $subject" "$errors" \
            "# series-build: 0 passed, 1 failed" >>"$2"
        say "   does not build: $subject"
    fi
    echo "== $(( SECONDS - start )) s" >>"$2"
}

# series_build COMMIT: the parts that it touches.
series_build()
{
    local touched

    series_git checkout -q "$1" || return
    touched=$(series_git diff --name-only "$1~" "$1")
    ! grep -q '^xen/' <<<"$touched" || series_build_xen || return
    ! grep -qE '^(tools|xen/include/public)/' <<<"$touched" ||
        series_build_tools
}

series_build_xen()
{
    local make=("${XEN_MAKE[@]}" make -C "$SERIES_WORK/xen" O="$SERIES_OBJECTS")

    if [[ ! -f $SERIES_OBJECTS/.config ]]; then
        mkdir -p "$SERIES_OBJECTS"
        "${make[@]}" KBUILD_DEFCONFIG=x86_64_defconfig defconfig || return
        printf 'CONFIG_%s=y\n' "${SERIES_CONFIG[@]}" \
            >>"$SERIES_OBJECTS/.config"
        "${make[@]}" olddefconfig || return
    fi
    "${make[@]}" -j"$JOBS"
}

series_build_tools()
{
    local folder

    cd "$SERIES_WORK" || return
    [[ -f config/Tools.mk ]] || tools_configure || return
    for folder in include "${TOOL_FOLDERS[@]}"; do
        make -j"$JOBS" -C "tools/$folder" || return
    done
    for folder in $(series_tests); do
        make -j"$JOBS" -C "$folder" run || return
    done
}

# The tests of the tools that the series has brought so far.
series_tests()
{
    series_git diff --name-only --diff-filter=A base HEAD -- \
        'tools/tests/*/Makefile' | sed 's,/Makefile$,,'
}
