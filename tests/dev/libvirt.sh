# SPDX-License-Identifier: LGPL-2.1-only
#
# ./dev libvirt: libvirt's Xen driver on the patched libxl.  libvirt is that of
# the suite which Xen's source is from, with Debian's patches.  It is built
# anew, since the patches add to structures that users of libxl allocate: in a
# root of that suite, against the tools just built.  What of it runs is packed
# as another root, which dom0 of a lab host changes into; tests/libvirt/host is
# what happens there.

LIBVIRT=$BUILD/libvirt
LIBVIRT_FILES=$TOP/tests/libvirt
# Two archives of the source package, a root that builds, what was built.
LIBVIRT_CACHE=$CACHE/libvirt
LIBVIRT_ROOT=$LIBVIRT/root
LIBVIRT_PACKED=$LIBVIRT/root.tar
# A few dozen domains, under emulation.
LIBVIRT_SECONDS=1800

libvirt_usage()
{
    cat <<'END'
usage: ./dev libvirt
Builds libvirt of the suite that Xen's source is from against the patched
tools, boots a lab host and states facts about domains that virsh defines and
starts there: where they are, with a default policy of the host and without,
and what the NUMA parts of their XML do. Needs root. Logs are in
build/libvirt/log; docs/libvirt.md tells what it comes to.

Status: 0 if all facts hold; 1 if not, or if something could not be built; 125
if the lab host did not boot.
END
}

# libvirt_entries DIR: the machine's own sources, packages and source packages
# of the other suite.
libvirt_entries()
{
    local file

    rm -rf "$1"
    mkdir -p "$1"
    source_entries "$1"
    for file in "$1"/own.*; do
        sed -i 's/^Types: deb-src/Types: deb/; s/^deb-src /deb /' "$file"
        [[ -s $file ]] || rm "$file"
    done
}

# The root is mounted upon while it is made: in a name space of its own, so
# that nothing of this can stay behind.
libvirt_root_make()
{
    local entries=$LIBVIRT/entries packages options

    libvirt_entries "$entries"
    # How the machine's own apt reaches its sources, and what it checks.
    mapfile -t options < <(apt-config dump |
        sed -nE 's/^Acquire::(http|https|Check-).* ".+";$/--aptopt=&/p')
    packages=$(IFS=,; echo "${PACKAGES_LIBVIRT_ROOT[*]}")
    libvirt_remove "$LIBVIRT_ROOT" || return
    unshare --mount --propagation private mmdebstrap --mode=root \
        --variant=apt --include="$packages" "${options[@]}" \
        --aptopt='APT::Install-Recommends "false"' \
        --dpkgopt=force-unsafe-io \
        --dpkgopt='path-exclude=/usr/share/doc/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' \
        --dpkgopt='path-exclude=/usr/share/man/*' \
        "$XEN_SUITE" "$LIBVIRT_ROOT" "$entries"/own.*
}

# A root that somebody has mounted upon is not removed.
libvirt_remove()
{
    ! grep -qF " $1/" /proc/self/mounts || {
        echo "$1: something is mounted below it: unmount that first"
        return 1; }
    rm -rf --one-file-system "$1"
}

libvirt_root()
{
    local hash

    hash=$(hash_text "$XEN_SUITE" "${PACKAGES_LIBVIRT_ROOT[@]}" \
        "$(declare -f libvirt_root_make)")
    stamp_is "$LIBVIRT_ROOT.stamp" "$hash" && return
    packages_need "${PACKAGES_LIBVIRT[@]}"
    rm -f "$LIBVIRT_ROOT.stamp"
    step "make a root of $XEN_SUITE" libvirt_root_make
    stamp_set "$LIBVIRT_ROOT.stamp" "$hash"
}

# Both archives of the source package, and their names in a list.
libvirt_download()
{
    local dir=$CACHE/apt file part

    rm -rf "$dir" "$1"
    mkdir -p "$1"
    source_apt "$dir" apt-get update || echo "going on without"
    for part in orig debian; do
        file=$1/libvirt.$part.tar.xz
        source_get "$dir" libvirt $part "$file" || return
        echo "$SOURCE_NAME" >>"$1/names"
    done
    rm -rf "$dir"
}

libvirt_fetch()
{
    [[ ! -f $LIBVIRT_CACHE/names ]] || return 0
    packages_need ca-certificates xz-utils
    step "download libvirt" libvirt_download "$LIBVIRT_CACHE.new"
    rm -rf "$LIBVIRT_CACHE"
    mv "$LIBVIRT_CACHE.new" "$LIBVIRT_CACHE"
}

# libvirt_unpack DIR: the source, with Debian's patches.
libvirt_unpack()
{
    local name

    rm -rf "$1"
    mkdir -p "$1"
    tar -xf "$LIBVIRT_CACHE/libvirt.orig.tar.xz" -C "$1" \
        --strip-components=1 || return
    tar -xf "$LIBVIRT_CACHE/libvirt.debian.tar.xz" -C "$1" || return
    grep -vE '^(#|$)' "$1/debian/patches/series" | while read -r name; do
        patch -d "$1" -p1 --no-backup-if-mismatch \
            <"$1/debian/patches/$name" || exit
    done
}

# libvirt_in_root COMMAND...: as root of that root, which has a /proc for it.
libvirt_in_root()
{
    # shellcheck disable=SC2016 # for the inner shell
    unshare --mount --propagation private sh -c '
        mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' \
        "$LIBVIRT_ROOT" env -i PATH=/usr/sbin:/usr/bin LC_ALL=C.UTF-8 "$@"
}

# libvirt_source WORK: its source is there, and the objects are of it: others
# go.
libvirt_source()
{
    local hash

    hash=$(hash_text "$(<"$LIBVIRT_CACHE/names")" \
        "$(hash_tree "$LIBVIRT_FILES/build")")
    stamp_is "$1/stamp" "$hash" && return
    rm -rf "$1"
    libvirt_unpack "$1/source" || return
    cp "$LIBVIRT_FILES/build" "$1/" || return
    stamp_set "$1/stamp" "$hash"
}

# The tools are where libvirt looks for libraries, as if they were packages.
libvirt_make()
{
    local dist work=$LIBVIRT_ROOT/build

    dist=$(xen_tools patched)/dist
    libvirt_source "$work" || return
    cp -a "$dist"/usr/{include,lib} "$LIBVIRT_ROOT/usr/" || return
    strip "$LIBVIRT_ROOT"/usr/lib/libx*.so.*.* || return
    libvirt_in_root /build/build "$JOBS" || return
    mv "$work/root.tar" "$LIBVIRT_PACKED"
}

libvirt_build()
{
    local hash

    hash=$(hash_text "$(<"$LIBVIRT_ROOT.stamp")" \
        "$(<"$LIBVIRT_CACHE/names")" "$(<"$(xen_tools patched)/.stamp")" \
        "$(hash_tree "$LIBVIRT_FILES/build")")
    stamp_is "$LIBVIRT_PACKED.stamp" "$hash" && return
    packages_need "${PACKAGES_LIBVIRT[@]}"
    step "build libvirt" libvirt_make
    stamp_set "$LIBVIRT_PACKED.stamp" "$hash"
}

# libvirt_share DIR: what the host gets.
libvirt_share()
{
    rm -rf "$1"
    mkdir -p "$1"
    cp "$LIBVIRT_PACKED" "$LIBVIRT_FILES"/{host,guests.sh} \
        "$LAB_FILES"/{case,placed,xl}.sh "$1/"
}

libvirt_host()
{
    local share=$LIBVIRT/share code=0

    libvirt_share "$share"
    say "-- libvirt on a lab host"
    ( cmd_lab --no-build --dom0-mem 1536M --mem-per-node 2560M \
        --timeout $LIBVIRT_SECONDS --share "$share" -- sh /share/host ) ||
        code=$?
    rm -rf "$LIBVIRT/log"
    mv "$share/log" "$LIBVIRT/log" 2>/dev/null || mkdir "$LIBVIRT/log"
    cp "$LAB/console.log" "$LIBVIRT/log/"
    rm -rf "$share"
    return $code
}

cmd_libvirt()
{
    case ${1:-} in
        '') ;;
        -h|--help) libvirt_usage; exit 0 ;;
        *) usage_error "libvirt: $1: unknown option" ;;
    esac
    [[ $(id -u) -eq 0 ]] || die "libvirt: a root to build in needs root"
    packages_need "${PACKAGES_XEN[@]}" "${PACKAGES_TREE[@]}" \
        "${PACKAGES_LAB[@]}"
    lock_build
    xen_build patched release
    lab_kernel
    tree_build patched
    libvirt_root
    libvirt_fetch
    libvirt_build
    unlock_build
    libvirt_host
}
