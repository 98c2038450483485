# SPDX-License-Identifier: LGPL-2.1-only
#
# For cases about whole guests, as xl has them: a Linux with a disk, which is a
# file in dom0, and a network, which is a bridge there.  Sourced after case.sh
# and placed.sh.

GUEST_MIB=128
GUEST_VCPUS=2
# Pages that it has less, and the MiB that xl lists.
GUEST_HOLES=0
GUEST_LISTED=$GUEST_MIB
BLOCK=4096

# Drivers in dom0 and the bridge, once on a host.
backends_start()
{
    [ ! -d /sys/class/net/lab0 ] || return 0
    while read -r module; do
        insmod "/lib/modules/$module" || return
    done </lib/modules/backends
    brctl addbr lab0 && ifconfig lab0 10.0.0.1 netmask 255.255.255.0 up
}

# guest NAME TYPE POLICY NUMBER: writes the configuration and an empty disk,
# and names the file.  NUMBER tells it from others on the network.
guest()
{
    guest_cfg=$(linux "$1" $GUEST_MIB $GUEST_VCPUS)
    dd if=/dev/zero of="$CFG/$1.disk" bs=$BLOCK count=256 2>/dev/null
    sed -i -e "s/^type=.*/type=\"$2\"/" \
        -e "s/^extra=\"/&address=10.0.0.$4 /" "$guest_cfg"
    cat >>"$guest_cfg" <<CFG
numa_policy="$3"
disk=["$CFG/$1.disk,raw,xvda,w"]
vif=["bridge=lab0,mac=00:16:3e:00:00:0$4"]
CFG
    echo "$guest_cfg"
}

# What the guest answers to a word on its disk, it writes there.
heard()
{
    dd if="$CFG/$1.disk" bs=$BLOCK skip=1 count=1 2>/dev/null |
        tr -d '\000' | grep -qx "heard $2"
}

# reaches_disk NAME WORD
reaches_disk()
{
    echo "$2" | dd of="$CFG/$1.disk" bs=$BLOCK conv=sync,notrunc 2>/dev/null
    within 60 heard "$1" "$2"
}

reaches_network()
{
    within 20 ping -c 1 -W 1 "10.0.0.$1"
}

# Says so on its console, for the COUNTth time.
booted()
{
    test "$(grep -c 'lab guest: init reached: '$GUEST_VCPUS \
        "/var/log/xen/console/guest-$1.log")" -eq "$2"
}

# node_of NAME: the one node where its pages are; fails if there are several, or
# no such domain.
node_of()
{
    domain_pages "$(xl domid "$1")" | awk -v least=$(( GUEST_MIB * 256 -
        GUEST_HOLES )) '
        { for (i = 1; i <= NF; i++) {
              split($i, f, ":")
              if (f[2] > 0) {
                  node = f[1]
                  pages = f[2]
                  nodes++
              }
          } }
        END {
            if (nodes != 1 || pages < least) {
                print "pages: " $0
                exit 1
            }
            print node }'
}

# Each vCPU may run anywhere, but prefers the two CPUs of the node.
prefers()
{
    prefers_list=$(xl vcpu-list "$1")
    echo "$prefers_list"
    equal "$(echo "$prefers_list" | grep -cE "^$1 .* all / $(( 2 * $2 ))-$((
        2 * $2 + 1 ))\$")" $GUEST_VCPUS
}

# on_a_node WHEN NAME: the memory of the guest is on one node, its vCPUs know,
# and so does xl.
on_a_node()
{
    fact "$1, $2 is whole on one node" node_of "$2"
    on_node=$fact_output
    case $on_node in
        ''|*[!0-9]*) return ;;
    esac
    fact "$1, its vCPUs prefer that" prefers "$2" "$on_node"
    fact "$1, xl lists it there" says \
        "^$2 .* $on_node +$on_node:$GUEST_LISTED" xl list -n
}

destroy()
{
    xl destroy "$1"
}

create()
{
    xl create "$CFG/$1.cfg"
}

save()
{
    xl save "$1" "$CFG/$1.saved"
}

restore()
{
    xl restore "$CFG/$1.saved" && rm "$CFG/$1.saved"
}

# To this very host, where it is twice for a while.
migrate()
{
    xl migrate -s '' "$1" "xl migrate-receive"
}
