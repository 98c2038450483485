# SPDX-License-Identifier: LGPL-2.1-only
#
# Xen and its tools, built: stock and patched, release, debug and traced, side
# by side under build/xen/.  The patched tree is the pristine one, the new files
# over it (xen-patches/copy), then the patches of the series.  Hypervisors
# build out of tree; the tools build in a copy.

XEN_PATCHES=$TOP/xen-patches
XEN_SERIES=$XEN_PATCHES/$XEN_VERSION/series

# The kernel-style banner and build id say nothing about who built it.
XEN_MAKE=(env XEN_WHOAMI=xennuma XEN_DOMAIN=localhost)

# Where things are: xen_tree VARIANT, xen_objects VARIANT MODE, xen_image
# VARIANT MODE, xen_tools VARIANT (its dist is what to install from).
xen_tree()
{
    echo "$BUILD/xen/$1/source"
}

xen_objects()
{
    echo "$BUILD/xen/$1/$2"
}

# hypervisor_tree VARIANT MODE: traced is another tree, with tests/lab/xen.
hypervisor_tree()
{
    if [[ $2 == traced ]]; then
        echo "$BUILD/xen/$1/traced-source"
    else
        xen_tree "$1"
    fi
}

xen_image()
{
    echo "$BUILD/xen/$1/$2/xen"
}

xen_tools()
{
    echo "$BUILD/xen/$1/tools"
}

# series_names: the patches in order; nothing when there is no series yet.
series_names()
{
    [[ -f $XEN_SERIES ]] || return 0
    sed -e 's/[[:space:]]*#.*//' -e '/^[[:space:]]*$/d' "$XEN_SERIES"
}

# Copy the pristine tree to DIR and apply everything, patch by patch.
tree_derive()
{
    local dir=$1 name

    rm -rf "$dir"
    mkdir -p "$dir"
    cp -a "$XEN_PRISTINE/." "$dir/" || return
    "$XEN_PATCHES/copy" "$dir" || return
    while read -r name; do
        echo "== $name"
        patch -d "$dir" -p1 --no-backup-if-mismatch -F0 --forward \
            <"$XEN_PATCHES/$XEN_VERSION/$name" || {
            echo "$name: does not apply to this Xen"; return 1; }
    done < <(series_names)
}

# Bring the build's tree to that state; unchanged files keep their times, so
# that make builds only what changed.
tree_update()
{
    local tree=$1 fresh=$1.new

    tree_derive "$fresh" || return
    mkdir -p "$tree"
    rsync -rlpc --delete "$fresh/" "$tree/" || return
    rm -rf "$fresh"
}

patches_hash()
{
    hash_tree "$XEN_PATCHES/common" "$XEN_PATCHES/$XEN_VERSION" \
        "$XEN_PATCHES/copy" "$TOP/libxc" "$TOP/tools/place" "$TOP/tools/plan"
}

# tree_prepare VARIANT: its source tree is what the patches say.
tree_prepare()
{
    local tree hash

    tree=$(xen_tree "$1")
    hash=$(hash_text "$(<"$XEN_PRISTINE.stamp")" \
        "$([[ $1 == stock ]] || patches_hash)")
    stamp_is "$tree.stamp" "$hash" && return
    packages_need "${PACKAGES_XEN[@]}"
    if [[ $1 == stock ]]; then
        mkdir -p "$tree"
        step "stock source" rsync -rlpc --delete "$XEN_PRISTINE/" "$tree/"
    else
        step "patch Xen" tree_update "$tree"
    fi
    stamp_set "$tree.stamp" "$hash"
}

# traced_update TREE TRACED: a copy of the tree that watches its allocations.
traced_update()
{
    local hooks=$TOP/tests/lab/xen fresh=$2.new

    rm -rf "$fresh"
    mkdir -p "$fresh" "$2"
    cp -a "$1/." "$fresh/" || return
    cp "$hooks/heap-trace.c" "$fresh/xen/common/" || return
    cp "$hooks/heap-trace.h" "$fresh/xen/include/xen/" || return
    patch -d "$fresh" -p1 --no-backup-if-mismatch -F0 <"$hooks/hooks.patch" ||
        return
    if [[ -f $fresh/xen/common/create-on-nodes.c ]]; then
        patch -d "$fresh" -p1 --no-backup-if-mismatch -F0 \
            <"$hooks/without-create.patch" || return
    fi
    rsync -rlpc --delete "$fresh/" "$2/" || return
    rm -rf "$fresh"
}

# traced_prepare VARIANT: its traced tree is what the other one is.
traced_prepare()
{
    local tree hash

    tree=$(hypervisor_tree "$1" traced)
    hash=$(hash_text "$(<"$(xen_tree "$1").stamp")" \
        "$(hash_tree "$TOP/tests/lab/xen")")
    stamp_is "$tree.stamp" "$hash" && return
    step "put traces into Xen $1" traced_update "$(xen_tree "$1")" "$tree"
    stamp_set "$tree.stamp" "$hash"
}

# hypervisor_make VARIANT MODE
hypervisor_make()
{
    local tree out config

    tree=$(hypervisor_tree "$1" "$2")
    out=$(xen_objects "$1" "$2")
    mkdir -p "$out"
    config=$out/wanted.config
    if [[ $2 != release ]]; then
        # Shadow pages: a domain's structures with a limit to their address.
        printf 'CONFIG_DEBUG=y\nCONFIG_SHADOW_PAGING=y\n'
    else
        echo 'CONFIG_DEBUG=n'
    fi >"$config.new"
    cmp -s "$config.new" "$config" || rm -f "$out/.config"
    mv "$config.new" "$config"
    if [[ ! -f $out/.config ]]; then
        "${XEN_MAKE[@]}" make -C "$tree/xen" O="$out" \
            KBUILD_DEFCONFIG=x86_64_defconfig defconfig || return
        sed -i '/CONFIG_DEBUG[ =]/d; /CONFIG_SHADOW_PAGING[ =]/d' \
            "$out/.config"
        cat "$config" >>"$out/.config"
        "${XEN_MAKE[@]}" make -C "$tree/xen" O="$out" olddefconfig || return
    fi
    "${XEN_MAKE[@]}" make -C "$tree/xen" O="$out" -j"$JOBS"
}

# hypervisor_build VARIANT MODE
hypervisor_build()
{
    local stamp source

    source=$(hypervisor_tree "$1" "$2").stamp
    stamp=$(xen_objects "$1" "$2")/.stamp
    stamp_is "$stamp" "$(<"$source")" && return
    packages_need "${PACKAGES_XEN[@]}"
    step "build Xen $1 $2" hypervisor_make "$1" "$2"
    stamp_set "$stamp" "$(<"$source")"
}

# Parts of Xen's tools that a lab host uses, in the order of dependency.  Of the
# firmware that is hvmloader: the rest is configured away.
TOOL_FOLDERS=(libs xs-clients xenstored console helpers xl hotplug firmware)

tools_configure()
{
    env FETCHER=false ./configure --prefix=/usr --libdir=/usr/lib \
        --sysconfdir=/etc --localstatedir=/var --with-rundir=/run \
        --disable-docs --disable-stubdom --disable-ocamltools \
        --disable-golang --disable-pygrub --disable-qemu-traditional \
        --disable-seabios --disable-ovmf --disable-ipxe --disable-rombios \
        --disable-pvshim --disable-xsmpolicy --disable-systemd \
        --with-system-qemu=/usr/bin/qemu-system-i386 \
        --with-system-seabios=/usr/share/seabios/bios-256k.bin
}

# What a configuration depends on; objects of another one are not kept.
tools_configuration()
{
    hash_text "$(declare -f tools_configure)" "${PACKAGES_XEN[@]}"
}

# tools_make TREE DIR: copy the sources, build the parts, install to DIR/dist.
tools_make()
{
    local folder

    stamp_is "$2/.configured" "$(tools_configuration)" || rm -rf "$2/source"
    mkdir -p "$2/source"
    rsync -rlpc "$1/" "$2/source/" || return
    cd "$2/source" || return
    if [[ ! -f config/Tools.mk ]]; then
        tools_configure || return
        stamp_set "$2/.configured" "$(tools_configuration)"
    fi
    rm -rf "$2/dist.new"
    # Else each library's file for pkg-config becomes a file of this name.
    mkdir -p "$2/dist.new/usr/lib/pkgconfig"
    make -j"$JOBS" -C tools/include install DESTDIR="$2/dist.new" || return
    for folder in "${TOOL_FOLDERS[@]}"; do
        make -j"$JOBS" -C "tools/$folder" install DESTDIR="$2/dist.new" ||
            return
    done
    rm -rf "$2/dist"
    mv "$2/dist.new" "$2/dist"
}

# tools_build VARIANT: only what the tools are built from counts.
tools_build()
{
    local dir tree hash

    dir=$(xen_tools "$1")
    tree=$(xen_tree "$1")
    hash=$(hash_text "$(<"$tree.stamp")" "$(tools_configuration)" \
        "${TOOL_FOLDERS[@]}" "$(declare -f tools_make)")
    stamp_is "$dir/.stamp" "$hash" && return
    packages_need "${PACKAGES_XEN[@]}"
    step "build Xen's tools" tools_make "$tree" "$dir"
    stamp_set "$dir/.stamp" "$hash"
}

# xen_build VARIANT MODE: source, hypervisor and tools are up to date.
xen_build()
{
    source_pristine
    [[ $1 == stock ]] || tree_prepare stock
    tree_prepare "$1"
    [[ $2 != traced ]] || traced_prepare "$1"
    hypervisor_build "$1" "$2"
    tools_build "$1"
}

cmd_xen()
{
    local variant=patched mode=release series=

    while [[ $# -gt 0 ]]; do
        case $1 in
            --stock) variant=stock ;;
            --debug) mode=debug ;;
            --traced) mode=traced ;;
            --series) series=1 ;;
            *) usage_error "xen: $1: unknown option" ;;
        esac
        shift
    done
    if [[ -n $series ]]; then
        [[ $variant == patched ]] ||
            usage_error "xen: --series and --stock exclude each other"
        series_write
        return
    fi
    ( lock_build; xen_build "$variant" "$mode" ) || exit
    say "Xen $variant $mode: $(realpath --relative-to="$PWD" \
        "$(xen_image "$variant" "$mode")")"
}
