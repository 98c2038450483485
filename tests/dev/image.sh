# SPDX-License-Identifier: LGPL-2.1-only
#
# What a lab host boots: the kernel, and dom0's initramfs in two parts that
# are concatenated at boot.  The base (busybox, modules, Xen's tools, test
# guests, init) changes rarely; the second part is the project's own
# programs.  Shared libraries come along as ldd finds them.

LAB=$BUILD/lab
LAB_FILES=$TOP/tests/lab

# Modules that dom0 needs, without their dependencies.
LAB_MODULES=(virtio_pci virtio_console virtio_blk xen-privcmd xen-evtchn
    xen-gntdev xen-gntalloc xenfs)

# Those that it has at hand for the disks, networks and devices of guests.
LAB_BACKENDS=(loop xen-blkback xen-netback bridge xen-pciback)

# Modules of the Linux test guest.
LAB_FRONTENDS=(xen-blkfront xen-netfront)

# Programs of Xen that go into the image, and the scripts that xl runs for the
# disks and networks of guests.
LAB_PROGRAMS=(usr/sbin/xl usr/sbin/xenstored usr/sbin/xenconsoled
    usr/lib/xen/bin/xen-init-dom0 usr/lib/xen/bin/xenconsole
    usr/lib/xen/bin/libxl-save-helper usr/bin/xenstore*
    etc/xen/scripts/{block,vif-bridge,*.sh})

# What these scripts need that busybox does not have.
LAB_SCRIPT_PROGRAMS=(bash flock)

kernel_download()
{
    local name

    cd "$CACHE" || return
    name=$(apt-cache depends linux-image-amd64 |
        awk '/Depends: linux-image-/ { print $2; exit }')
    [[ -n $name ]] || {
        echo "linux-image-amd64: not in apt's index"; return 1; }
    apt-get download -q -o APT::Sandbox::User="$(id -un)" "$name" || return
    mv "$name"_*.deb "$1"
}

kernel_fetch()
{
    if ! kernel_download "$1"; then
        [[ $(id -u) -ne 0 ]] || apt-get update -q
        kernel_download "$1"
    fi
}

# The ELF inside a bzImage, which Xen would decompress much more slowly under
# emulation.  Debian packs its kernels with xz.
kernel_extract()
{
    python3 - "$1" "$2" <<'END'
import lzma
import sys

packed = open(sys.argv[1], 'rb').read()
start = packed.index(b'\xfd7zXZ\0')
elf = lzma.LZMADecompressor().decompress(packed[start:])
if elf[:4] != b'\x7fELF':
    sys.exit('%s: no ELF inside' % sys.argv[1])
open(sys.argv[2], 'wb').write(elf)
END
}

# Take the kernel and the folders of the wanted modules out of the package.
kernel_unpack()
{
    rm -rf "$2"
    mkdir -p "$2"
    dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --wildcards \
        './boot/vmlinuz-*' './lib/modules/*/modules.*' \
        './lib/modules/*/kernel/drivers/virtio/*' \
        './lib/modules/*/kernel/drivers/xen/*' \
        './lib/modules/*/kernel/drivers/block/virtio_blk.ko' \
        './lib/modules/*/kernel/drivers/block/loop.ko' \
        './lib/modules/*/kernel/drivers/block/xen-*' \
        './lib/modules/*/kernel/drivers/char/virtio_console.ko' \
        './lib/modules/*/kernel/drivers/net/xen-*' \
        './lib/modules/*/kernel/net/802/stp.ko' \
        './lib/modules/*/kernel/net/bridge/bridge.ko' \
        './lib/modules/*/kernel/net/llc/llc.ko' || return
    cp "$2"/boot/vmlinuz-* "$2/vmlinuz" || return
    kernel_extract "$2/vmlinuz" "$2/vmlinux" || return
    depmod -b "$2" "$(basename "$2"/lib/modules/*)"
}

# lab_kernel: LAB/kernel holds vmlinuz and modules.
lab_kernel()
{
    local package=$CACHE/linux-image.deb hash

    if [[ ! -f $package ]]; then
        mkdir -p "$CACHE"
        step "download Linux" kernel_fetch "$package"
    fi
    hash=$(hash_text "$(stat -c '%s %Y' "$package")" \
        "$(declare -f kernel_unpack kernel_extract)")
    stamp_is "$LAB/kernel.stamp" "$hash" && return
    step "unpack Linux" kernel_unpack "$package" "$LAB/kernel"
    stamp_set "$LAB/kernel.stamp" "$hash"
}

# image_modules ROOT ORDER MODULE...: the modules, and in the file ORDER beside
# them how they load one after the other.
image_modules()
{
    local kernel=$LAB/kernel version path root=$1 order=$1/lib/modules/$2
    shift 2

    version=$(basename "$kernel"/lib/modules/*)
    mkdir -p "$root/lib/modules"
    modprobe -a -d "$kernel" -S "$version" --show-depends "$@" |
        awk '$1 == "insmod" && !seen[$2]++ { print $2 }' |
        while read -r path; do
            cp "$path" "$root/lib/modules/"
            basename "$path" >>"$order"
        done
    [[ -s $order ]]
}

# image_libraries ROOT LIBDIR FILE...: what the files link against, at the
# path where the loader looks for it.  LIBDIR holds libraries of ours.
image_libraries()
{
    local root=$1 libdir=$2 path
    shift 2

    [[ $# -gt 0 ]] || return 0
    # ldd fails if one of them is linked statically.
    { LD_LIBRARY_PATH=$libdir ldd "$@" 2>/dev/null || :; } |
        awk '/=> not found/ { print "missing " $1 > "/dev/stderr" }
             /=> \// { print $3 } /^[[:space:]]*\/lib/ { print $1 }' |
        sort -u | while read -r path; do
            case $path in
                "${libdir%%:*}"/*|"${libdir##*:}"/*)
                    install -D -s "$path" "$root/usr/lib/${path##*/}" ;;
                *)  install -D "$path" "$root$path" ;;
            esac
        done
}

# image_guests ROOT: kernels for test domains.  The one packed with gzip is made
# into a domain in a third of the time of Debian's own, packed with xz.
image_guests()
{
    local guest=$1/lab/guest work=$LAB/guest

    rm -rf "$work"
    mkdir -p "$guest" "$work/bin"
    cp "$LAB/kernel/vmlinuz" "$guest/vmlinuz"
    gzip -n <"$LAB/kernel/vmlinux" >"$guest/vmlinux.gz" || return
    cp /bin/busybox "$work/bin/busybox"
    cp "$LAB_FILES/guest/init" "$work/init"
    image_modules "$work" order "${LAB_FRONTENDS[@]}" || return
    ( cd "$work" && find . | cpio -o -H newc -R 0:0 --quiet ) | gzip -1 \
        >"$guest/initramfs.gz" || return
    gcc -m32 -c -o "$LAB/tiny.o" "$LAB_FILES/guest/tiny.S" || return
    ld -m elf_i386 -z noseparate-code --build-id=none -e start \
        --section-start=.note.Xen=0x100000 -Ttext=0x100020 \
        -o "$guest/tiny" "$LAB/tiny.o"
}

# image_base FILE DIST
image_base()
{
    local root=$LAB/root programs

    rm -rf "$root"
    mkdir -p "$root"/{bin,sbin,proc,sys,dev,run,root,tmp,lab,share,lib64} \
        "$root"/etc/xen/scripts "$root"/usr/{bin,sbin,lib} \
        "$root"/var/{lib/xen,log/xen/console}
    ln -s /run "$root/var/run"
    ln -s /run/lock "$root/var/lock"
    cp /bin/busybox "$root/bin/" || return
    cp "$LAB_FILES/dom0/init" "$root/init"
    echo "root:x:0:0:root:/root:/bin/sh" >"$root/etc/passwd"
    echo "root:x:0:" >"$root/etc/group"
    echo "127.0.0.1 localhost lab" >"$root/etc/hosts"
    echo "# lab host: xl's defaults" >"$root/etc/xen/xl.conf"
    image_modules "$root" order "${LAB_MODULES[@]}" || return
    image_modules "$root" backends "${LAB_BACKENDS[@]}" || return
    image_guests "$root" || return
    # shellcheck disable=SC2068 # patterns
    ( cd "$2" && cp -a --parents ${LAB_PROGRAMS[@]} "$root/" ) || return
    cp -L $(type -P "${LAB_SCRIPT_PROGRAMS[@]}") "$root/usr/bin/" || return
    ln -s ../usr/bin/bash "$root/bin/bash"
    ln -s ../lib/xen/bin/xen-init-dom0 "$root/usr/sbin/xen-init-dom0"
    mapfile -t programs < <(find "$root/usr" -type f -perm -u+x)
    image_libraries "$root" "$2/usr/lib" "${programs[@]}" || return
    # pthread_cancel loads it by name: ldd does not see it.
    install -D /lib/x86_64-linux-gnu/libgcc_s.so.1 \
        "$root/lib/x86_64-linux-gnu/libgcc_s.so.1"
    strip "${programs[@]}" || return
    # The loader's cache, as every host has it, is made at boot.
    install -D /sbin/ldconfig "$root/sbin/ldconfig"
    printf '/usr/lib\n/lib/x86_64-linux-gnu\n' >"$root/etc/ld.so.conf"
    image_pack "$root" "$1"
}

# image_pack ROOT FILE: an uncompressed archive; QEMU loads it faster than an
# emulated CPU would unpack it.
image_pack()
{
    ( cd "$1" && find . | LC_ALL=C sort |
        cpio -o -H newc -R 0:0 --quiet --reproducible ) >"$2.new" || return
    mv "$2.new" "$2"
    rm -rf "$1"
}

# lab_base DIST STAMP: prints nothing; LAB_BASE is the archive.
lab_base()
{
    local hash

    hash=$(hash_text "$2" "$(<"$LAB/kernel.stamp")" \
        "$(hash_tree "$LAB_FILES/dom0" "$LAB_FILES/guest" \
            "$TOP/tests/dev/image.sh")")
    LAB_BASE=$LAB/base-${hash:0:12}.cpio
    [[ -f $LAB_BASE ]] && return
    lock_build
    if [[ ! -f $LAB_BASE ]]; then
        mkdir -p "$LAB"
        rm -f "$LAB"/base-*.cpio
        step "build dom0's image" image_base "$LAB_BASE" "$1"
    fi
    unlock_build
}
