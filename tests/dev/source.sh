# SPDX-License-Identifier: LGPL-2.1-only
#
# Xen's source: found, checked and unpacked.  It comes from Debian's source
# package through apt, with the machine's own sources and keys, so that this
# file names no host; XEN_SOURCE names a tarball or a tree instead.  The
# product is XEN_PRISTINE, a tree that nothing ever writes to.

XEN_SUITE=trixie
XEN_VERSION=4.20
XEN_SHA256=df0831854a55a8f31cb3cb85036f2edc928e2ef098d77f815f5714bfafac68f3
XEN_TARBALL=$CACHE/xen-$XEN_VERSION.orig.tar.xz
XEN_PRISTINE=$BUILD/xen/pristine

# Names under which the machine's own suite may stand in its sources.
OWN_SUITES='bookworm|stable|oldstable'

# The machine's own package sources as deb-src entries of another suite:
# one-line entries and deb822 stanzas, those of Debian itself only.
source_entries()
{
    local file gap='[[:space:]]+'

    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [[ -f $file ]] || continue
        sed -nE "s/^deb(-src)?$gap((\[[^]]*\]$gap)?[^[:space:]]+)$gap\
($OWN_SUITES)$gap.*/deb-src \2 $XEN_SUITE main/p" "$file"
    done | sort -u >"$1/own.list"
    for file in /etc/apt/sources.list.d/*.sources; do
        [[ -f $file ]] || continue
        awk -v suite="$XEN_SUITE" -v own="$OWN_SUITES" '
            BEGIN { RS = ""; FS = "\n"
                    own = "(^|\n)Suites:([^\n]* )?(" own ")( |\n|$)" }
            $0 ~ own {
                for ( i = 1; i <= NF; i++ )
                    if ( $i ~ /^Types:/ ) print "Types: deb-src"
                    else if ( $i ~ /^Suites:/ ) print "Suites: " suite
                    else if ( $i ~ /^Components:/ ) print "Components: main"
                    else if ( $i !~ /^#/ ) print $i
                print ""
            }' "$file"
    done >"$1/own.sources"
}

# source_apt DIR COMMAND...: an apt command on a private configuration.
source_apt()
{
    local dir=$1 command=$2
    shift 2

    mkdir -p "$dir/parts" "$dir/lists/partial" "$dir/cache/archives/partial"
    [[ -s $dir/parts/own.list || -s $dir/parts/own.sources ]] ||
        source_entries "$dir/parts"
    "$command" -q -o Dir::Etc::sourcelist=/dev/null \
        -o Dir::Etc::sourceparts="$dir/parts" \
        -o Dir::State::lists="$dir/lists" \
        -o Dir::Cache="$dir/cache" -o APT::Get::List-Cleanup=false \
        -o APT::Sandbox::User="$(id -un)" "$@"
}

# source_get DIR PACKAGE PART FILE: the archive called so, such as orig, of a
# source package; URI and sum are those of the signed index in DIR.  Tells
# SOURCE_NAME and SOURCE_SUM.
source_get()
{
    local dir=$1 package=$2 part=$3 file=$4 uri

    read -r uri SOURCE_NAME _ SOURCE_SUM < <(source_apt "$dir" apt-get \
        source --print-uris --only-source "$package" |
        grep -E "\.$part\.tar\.[a-z0-9]+' " | tr -d "'")
    [[ -n ${uri:-} ]] || {
        echo "no $package source in suite $XEN_SUITE"; return 1; }
    # An index may print a weaker sum than SHA256: ask for the record itself.
    [[ $SOURCE_SUM == SHA256:* ]] ||
        SOURCE_SUM=SHA256:$(source_apt "$dir" apt-cache showsrc \
            --only-source "$package" | awk -v n="$SOURCE_NAME" '
                /^Checksums-Sha256:/ { on = 1; next }
                /^[^ ]/ { on = 0 } on && $3 == n { print $1; exit }')
    /usr/lib/apt/apt-helper download-file "$uri" "$file.part" "$SOURCE_SUM" ||
        return
    mv "$file.part" "$file"
}

source_download()
{
    local file=$1 dir=$CACHE/apt

    rm -rf "$dir"
    # Another vendor's source may not have that suite: what counts is whether
    # Xen is found afterwards.
    source_apt "$dir" apt-get update || echo "going on without"
    source_get "$dir" xen orig "$file.new" || return
    rm -rf "$dir"
    [[ $SOURCE_NAME == xen_"$XEN_VERSION".* ]] || {
        rm "$file.new"
        echo "suite $XEN_SUITE has $SOURCE_NAME, not $XEN_VERSION"
        return 1; }
    [[ $SOURCE_SUM == SHA256:"$XEN_SHA256" ]] ||
        echo "$SOURCE_NAME" >"$file.other"
    mv "$file.new" "$file"
}

source_fetch()
{
    if [[ -f $XEN_TARBALL ]]; then
        return
    fi
    packages_need ca-certificates xz-utils
    mkdir -p "$CACHE"
    step "download Xen $XEN_VERSION" source_download "$XEN_TARBALL"
    if [[ -f $XEN_TARBALL.other ]]; then
        say "   notice: $(<"$XEN_TARBALL.other") is not the tarball that the" \
            "patches were made on; going on if they apply"
    fi
}

# A tree or a tarball, unpacked or copied to DIR; it must be Xen.
source_unpack()
{
    local from=$1 dir=$2

    rm -rf "$dir"
    mkdir -p "$dir"
    if [[ -d $from ]]; then
        rsync -a --exclude=.git "$from/" "$dir/" || return
    else
        tar -xf "$from" -C "$dir" --strip-components=1 || return
    fi
    [[ -f $dir/xen/common/page_alloc.c ]] || {
        echo "$from: holds no xen/common/page_alloc.c: not Xen's source"
        return 1
    }
}

# What the source is: the tarball's content, or a tree's place and state.
source_hash()
{
    if [[ -d $1 ]]; then
        hash_text "$1" "$(find "$1" -type f -printf '%P %s %T@\n' | sort)"
    else
        hash_text "$1" "$(stat -c '%s %Y' "$1")"
    fi
}

# source_pristine: XEN_PRISTINE holds the wanted source.
source_pristine()
{
    local from=${XEN_SOURCE:-} hash

    if [[ -z $from ]]; then
        source_fetch
        from=$XEN_TARBALL
    fi
    [[ -e $from ]] || die "XEN_SOURCE: $from: no such tarball or tree"
    hash=$(source_hash "$from")
    stamp_is "$XEN_PRISTINE.stamp" "$hash" && return
    packages_need rsync xz-utils
    step "unpack Xen" source_unpack "$from" "$XEN_PRISTINE"
    stamp_set "$XEN_PRISTINE.stamp" "$hash"
}
