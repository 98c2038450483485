# SPDX-License-Identifier: LGPL-2.1-only
#
# ./dev xen --series: the patches as a mail-ready series in build/series, the
# new files included, each mail applied once more by git am to the base tree.
# A patch says which new files come with it in lines "Adds: PATH" of its
# description, where PATH may be a folder; each new file is named by one patch.
# The cover letter is xen-patches/cover-letter, its first line the subject, or
# else the README.  Nothing is signed off: that is for whoever submits it.

SERIES=$BUILD/series
SERIES_AUTHOR=xennuma
SERIES_MAIL=xennuma@localhost

series_git()
{
    git -C "$SERIES_WORK" -c user.name="$SERIES_AUTHOR" \
        -c user.email="$SERIES_MAIL" -c commit.gpgsign=false \
        -c core.hooksPath=/dev/null -c format.signature= "$@"
}

# The description of a patch, without its mail headers and Adds: lines: the
# subject, an empty line, the body.
patch_message()
{
    awk '/^(diff --git |--- a\/|---$)/ { exit }
         /^(From [0-9a-f]+ |From: |Date: |Adds: )/ { next }
         sub(/^Subject: +(\[[^]]*\] *)?/, "") { }
         started || NF { started = 1; print }' "$1"
}

patch_adds()
{
    local path

    sed -n '/^\(diff --git \|--- a\/\|---$\)/q; s/^Adds: *//p' "$1" |
        tr ' ' '\n' | sed '/^$/d' | while read -r path; do
            if [[ -d $SERIES_NEW/$path ]]; then
                ( cd "$SERIES_NEW" && find "${path%/}" -type f )
            else
                echo "$path"
            fi
        done
}

common_paths()
{
    ( cd "$SERIES_NEW" && find . -type f -printf '%P\n' | sort )
}

# The base tree in git: all of it, also what its own .gitignore names.
series_begin()
{
    rm -rf "$SERIES_WORK"
    mkdir -p "$SERIES_WORK"
    cp -a "$XEN_PRISTINE/." "$SERIES_WORK/" || return
    series_git init -q -b series || return
    series_git add -A -f || return
    series_git commit -q -m "Xen $XEN_VERSION" || return
    series_git tag base
}

# series_add PATH...: new files.
series_add()
{
    local path

    for path; do
        [[ -f $SERIES_NEW/$path ]] || {
            echo "Adds: $path: no new file"; return 1; }
        ( cd "$SERIES_NEW" && cp --parents "$path" "$SERIES_WORK/" )
    done
}

series_commit()
{
    local patch=$1 adds message

    mapfile -t adds < <(patch_adds "$patch")
    series_add "${adds[@]}" || return
    series_git apply "$patch" || {
        echo "${patch##*/}: does not apply"; return 1; }
    message=$(patch_message "$patch")
    [[ -n $message ]] || {
        echo "${patch##*/}: has no description"; return 1; }
    ! grep -q '^Signed-off-by:' <<<"$message" || {
        echo "${patch##*/}: is signed off"; return 1; }
    series_git add -A -f
    series_git commit -q -m "$message"
}

# Each new file is named by one patch.
series_names_once()
{
    local patch wrong

    wrong=$(diff <(common_paths) <(for patch in "${SERIES_PATCHES[@]}"; do
        patch_adds "$patch"; done | sort) |
        sed -n 's/^< /no patch Adds: /p; s/^> /no file, or Added twice: /p')
    [[ -z $wrong ]] || { echo "$wrong"; return 1; }
}

series_cover()
{
    if [[ -f $XEN_PATCHES/cover-letter ]]; then
        cat "$XEN_PATCHES/cover-letter"
    else
        sed '1s/^#* *//' "$XEN_PATCHES/README.md" 2>/dev/null ||
            echo "$SERIES_AUTHOR"
    fi
}

# What was committed must be what ./dev xen builds.
series_compare()
{
    local path tree

    tree=$(xen_tree patched)
    while read -r path; do
        cmp "$SERIES_WORK/$path" "$tree/$path" || return
    done < <(series_git diff --name-only base)
}

# The mails of DIR, applied to the base tree, must give what was committed: its
# tree and its messages.
series_apply()
{
    local mails

    mapfile -t mails < <(find "$1" -name '*.patch' ! -name '0000-*' | sort)
    series_git checkout -q -b applied base || return
    series_git am -q "${mails[@]}" || return
    series_git diff --quiet series applied || {
        echo "git am gives another tree"; return 1; }
    diff <(series_git log --format=%B base..series) \
        <(series_git log --format=%B base..applied) || {
        echo "git am gives other messages"; return 1; }
    echo "${#mails[@]} patches applied"
}

# series_commits: a commit a patch, on the base tree, in $SERIES_WORK.
series_commits()
{
    local patch

    rm -rf "$SERIES_NEW"
    mkdir -p "$SERIES_NEW"
    "$XEN_PATCHES/copy" "$SERIES_NEW" || return
    series_names_once || return
    series_begin || return
    for patch in "${SERIES_PATCHES[@]}"; do
        series_commit "$patch" || return
    done
    series_compare || return
    rm -rf "$SERIES_NEW"
}

series_make()
{
    series_commits || return
    rm -rf "$SERIES" "$SERIES.new"
    series_git config branch.series.description "$(series_cover)"
    series_git format-patch -q --cover-letter --no-signature \
        --cover-from-description=subject -o "$SERIES.new" base || return
    series_apply "$SERIES.new" || return
    mv "$SERIES.new" "$SERIES" || return
    rm -rf "$SERIES_WORK"
}

# The patches of the series, and where they are put together.
series_paths()
{
    local names

    SERIES_WORK=$BUILD/series.work
    SERIES_NEW=$BUILD/series.files
    mapfile -t names < <(series_names)
    [[ ${#names[@]} -gt 0 ]] ||
        die "xen: --series: xen-patches/$XEN_VERSION/series names no patch"
    SERIES_PATCHES=("${names[@]/#/$XEN_PATCHES/$XEN_VERSION/}")
}

series_write()
{
    series_paths
    packages_need git patch rsync
    ( lock_build; source_pristine; tree_prepare patched
      step "write the series" series_make )
    ( cd "$TOP" && ls "${SERIES#"$TOP"/}"/* )
}
