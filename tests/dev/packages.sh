# SPDX-License-Identifier: LGPL-2.1-only
#
# The Debian packages that ./dev needs, and how they come onto the machine:
# as root they are installed, otherwise the missing ones are named.  One
# list a purpose, one package a line, sorted.  The base is a Debian 12 with
# nothing beyond its essential packages and git.

# libbz2, liblzma and libzstd: libxenguest builds without them, but then it
# cannot unpack the kernels of most distributions.
PACKAGES_XEN=(
    acpica-tools
    bison
    build-essential
    ca-certificates
    flex
    libbz2-dev
    liblzma-dev
    libncurses-dev
    libyajl-dev
    libzstd-dev
    patch
    perl
    pkg-config
    python3-dev
    rsync
    uuid-dev
    xz-utils
    zlib1g-dev
)

PACKAGES_TREE=(
    autoconf
    automake
    build-essential
    git
    libcunit1-dev
    libevent-dev
    libjson-c-dev
    libtool
    libxen-dev
    perl
    pkg-config
    python3
    rsync
)

PACKAGES_LAB=(
    busybox-static
    cpio
    kmod
    python3
    qemu-system-x86
    rsync
)

# The device model of HVM guests, and what it loads into them.
PACKAGES_HVM=(
    qemu-system-data
    qemu-system-xen
    seabios
)

# What gcc does not have.
PACKAGES_FUZZ=(
    clang-14
    libclang-rt-14-dev
    python3
)

PACKAGES_PROOF=(
    cvc4
    frama-c-base
    gcc
    spin
    why3
    z3
)

PACKAGES_BENCH=(
    build-essential
    python3
    valgrind
)

PACKAGES_LIBVIRT=(
    binutils
    mmdebstrap
    patch
    xz-utils
)

# In the root of another suite that libvirt is built in: what its driver for
# Xen and its daemon need, and below that the libraries that Xen's tools use.
PACKAGES_LIBVIRT_ROOT=(
    gcc
    libc6-dev
    libglib2.0-dev
    libgnutls28-dev
    libjson-c-dev
    libnl-3-dev
    libnl-route-3-dev
    libtirpc-dev
    libxml2-dev
    libxml2-utils
    meson
    ninja-build
    perl
    pkgconf
    python3
    rpcsvc-proto
    xsltproc
    libbz2-1.0
    liblzma5
    libuuid1
    libyajl2
    libzstd1
    zlib1g
)

# packages_missing PACKAGE...: names those that are not installed.
packages_missing()
{
    dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
        sed -n 's/^installed //p' | LC_ALL=C sort -u |
        LC_ALL=C comm -13 - <(printf '%s\n' "$@" | LC_ALL=C sort -u)
}

apt_install()
{
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
        --no-install-recommends "$@"
}

# An index may be absent or too old to name files that still exist.
apt_install_or_update()
{
    apt_install "$@" || { apt-get update -q && apt_install "$@"; }
}

# packages_need PACKAGE...: all of them are there, or the program ends.
packages_need()
{
    local missing

    mapfile -t missing < <(packages_missing "$@")
    [[ ${#missing[@]} -gt 0 ]] || return 0
    if [[ $(id -u) -ne 0 ]]; then
        say "$PROG: packages: ${missing[*]}: not installed and not root"
        say "as root: apt-get install --no-install-recommends ${missing[*]}"
        exit 1
    fi
    step "install packages" apt_install_or_update "${missing[@]}"
    say "   ${missing[*]}"
}
