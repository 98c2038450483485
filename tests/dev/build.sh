# SPDX-License-Identifier: LGPL-2.1-only
#
# Our own tree, built for the lab and for the checks: a copy of what git
# knows or would add, configured out of tree against the Xen tools just
# built, installed to build/tree-dist.  The checkout itself stays as it is,
# configured or not.

TREE_SOURCE=$BUILD/tree-source
TREE_DIST=$BUILD/tree-dist

tree_exists()
{
    [[ -f $TOP/configure.ac && -f $TOP/Makefile.am ]]
}

# The files of the tree, relative, one a line; deleted ones are left out.
tree_files()
{
    ( cd "$TOP" && git -c safe.directory="$TOP" ls-files -co \
        --exclude-standard -- . ':!xen-patches/4.*' | LC_ALL=C sort -u |
        while read -r file; do
            [[ ! -f $file ]] || echo "$file"
        done )
}

tree_hash()
{
    ( cd "$TOP" && tree_files | xargs -d '\n' sha256sum | sha256sum |
        cut -d' ' -f1 )
}

# Copy what changed; what is gone from the tree goes from the copy.
tree_copy()
{
    local list=$TREE_SOURCE.list

    mkdir -p "$TREE_SOURCE"
    tree_files >"$list.new" || return
    if [[ -f $list ]]; then
        ( cd "$TREE_SOURCE" && LC_ALL=C comm -23 "$list" "$list.new" |
            xargs -rd '\n' rm -f )
    fi
    rsync -rlpt --files-from="$list.new" "$TOP/" "$TREE_SOURCE/" || return
    mv "$list.new" "$list"
    # Once; later on make regenerates what a change asks for.
    [[ -f $TREE_SOURCE.generated ]] || {
        ( cd "$TREE_SOURCE" && autoreconf -fi ) || return
        : >"$TREE_SOURCE.generated"
    }
}

# tree_make DIR XEN-DIST [CONFIGURE-ARGUMENT]...: configured anew when the
# arguments or the Xen tools are others.  Sanitizers need shared libraries; without them the
# programs that start with each domain are static, as they start faster.
tree_make()
{
    local dir=$1 xen=$2 wanted
    shift 2

    tree_copy || return
    mkdir -p "$dir"
    cd "$dir" || return
    [[ $* == *--enable-sanitizers* ]] ||
        set -- --enable-static --enable-static-programs "$@"
    set -- --enable-test-hooks "$@"
    # The tree that the Xen tools were built in stands beside their dist.
    set -- --prefix=/usr --libdir=/usr/lib --sysconfdir=/etc \
        --localstatedir=/var --with-xen="$xen" \
        --with-xen-source="${xen%/dist}/source" "$@"
    # The heap of the patched hypervisor is tested in user space.
    [[ ! -f $(xen_objects patched release)/.stamp ]] ||
        set -- "$@" --with-xen-hypervisor="$(xen_objects patched release)"
    wanted="$* $(<"${xen%/dist}/.stamp")"
    if ! stamp_is ./arguments "$wanted" || [[ ! -f Makefile ]]; then
        "$TREE_SOURCE/configure" "$@" || return
        make clean || return
        stamp_set ./arguments "$wanted"
    fi
    make -j"$JOBS"
}

tree_install()
{
    tree_make "$BUILD/tree" "$1" || return
    rm -rf "$TREE_DIST.new"
    make -C "$BUILD/tree" install DESTDIR="$TREE_DIST.new" || return
    rm -rf "$TREE_DIST"
    mv "$TREE_DIST.new" "$TREE_DIST"
    tree_pack
}

# The programs as the second part of dom0's initramfs.
tree_pack()
{
    local root=$LAB/tree-root programs

    rm -rf "$root"
    mkdir -p "$root" "$LAB"
    cp -a "$TREE_DIST/." "$root/" || return
    rm -rf "$root"/usr/{include,share} "$root"/usr/lib/{pkgconfig,*.a,*.la}
    mapfile -t programs < <(find "$root/usr" -type f -perm -u+x)
    image_libraries "$root" "$TREE_DIST/usr/lib:$TREE_XEN/usr/lib" \
        "${programs[@]}" || return
    image_pack "$root" "$LAB/tree.cpio"
}

# tree_image: names the archive where there is one.
tree_image()
{
    [[ ! -f $LAB/tree.cpio ]] || echo "$LAB/tree.cpio"
}

# tree_build VARIANT: the programs for a lab host with that Xen.
tree_build()
{
    local hash

    tree_exists || return 0
    TREE_XEN=$(xen_tools "$1")/dist
    hash=$(hash_text "$(tree_hash)" "$TREE_XEN" "$(<"$TREE_XEN/../.stamp")")
    stamp_is "$BUILD/tree.stamp" "$hash" && return
    packages_need "${PACKAGES_TREE[@]}"
    step "build the tree" tree_install "$TREE_XEN"
    stamp_set "$BUILD/tree.stamp" "$hash"
}
