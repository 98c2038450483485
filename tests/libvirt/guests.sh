# SPDX-License-Identifier: LGPL-2.1-only
#
# libvirt in dom0 of a lab host, in a root of its own, and domains that virsh
# defines.  Sourced after case.sh, placed.sh and xl.sh.

ROOT=/libvirt
LIBXL_LOG=$ROOT/var/log/libvirt/libxl/libxl-driver.log

# The root sees dom0's devices, sockets and kernels of guests.
root_make()
{
    mkdir -p $ROOT
    tar -xf /share/root.tar -C $ROOT || return
    rm /share/root.tar
    for dir in dev lab proc run sys tmp var/lib/xen var/log/xen; do
        mount -o rbind /$dir $ROOT/$dir || return
    done
}

virsh()
{
    chroot $ROOT virsh -q -c xen:///system "$@"
}

libvirt_start()
{
    chroot $ROOT libvirtd -d && within 60 virsh list
}

# The elements of a domain that say what it boots: one that idles, Linux as a
# PVH guest, and Linux as a PV guest.
TINY="<os><type arch='x86_64' machine='xenpvh'>xenpvh</type>
<kernel>/lab/guest/tiny</kernel></os>"
BOOT_LINUX="<kernel>/lab/guest/vmlinuz</kernel>
<initrd>/lab/guest/initramfs.gz</initrd>
<cmdline>console=hvc0 quiet</cmdline></os>"
LINUX="<os><type arch='x86_64' machine='xenpvh'>xenpvh</type>$BOOT_LINUX"
LINUX_PV="<os><type arch='x86_64' machine='xenpv'>linux</type>$BOOT_LINUX"

# domain NAME MIB [ELEMENT]...: defines a domain; it idles, and has one vCPU,
# where the elements do not say another thing.
domain()
{
    domain_name=$1 domain_mib=$2
    shift 2
    {
        echo "<domain type='xen'><name>$domain_name</name>"
        echo "<memory unit='MiB'>$domain_mib</memory>"
        case $* in *'<vcpu'*) ;; *) echo "<vcpu>1</vcpu>" ;; esac
        case $* in *'<os>'*) ;; *) echo "$TINY" ;; esac
        printf '%s\n' "$@" "</domain>"
    } >"$CFG/$domain_name.xml"
    virsh define "$CFG/$domain_name.xml"
}

# started NAME MIB [ELEMENT]...
started()
{
    domain "$@" && virsh start "$1"
}

# forgotten NAME...: they are gone, and their definitions, too.
forgotten()
{
    for name; do
        virsh destroy "$name"
        virsh undefine "$name" || return
    done
}

# on NAME: on which nodes it is, and how many MiB of it are there.
on()
{
    domain_pages "$(xl domid "$1")" | awk '{
        for (i = 1; i <= NF; i++) {
            split($i, f, ":")
            if (f[2] > 64) {
                printf "%s%s:%d", sep, f[1], (f[2] + 128) / 256
                sep = ","
            }
        } }'
}

# affinity NAME: hard and soft, of its first vCPU.
affinity()
{
    xl vcpu-list "$1" | awk 'NR == 2 {
        print $(NF - 2) " " $(NF - 1) " " $NF }'
}

# bound NAME: the daemon has placed it.
bound()
{
    grep -E "domain $(xl domid "$1"): $1: bound to lease" \
        /var/log/xen/xenplaced.log
}

unbound()
{
    ! bound "$1"
}
