# SPDX-License-Identifier: LGPL-2.1-only
#
# The life of two guests that xl places, with a daemon or without.  Sourced
# after guests.sh.

configure()
{
    guest pvh pvh preferred 2 >/dev/null
    guest pv pv strict 3 >/dev/null
    rm -f /var/log/xen/console/guest-pv*.log
}

# What dom0, and Xen for it, take when a driver has its first guest, they keep.
warm_up()
{
    fact "dom0 has drivers for disks and networks" backends_start
    configure
    fact "first guests are created" at_once create pvh pv
    fact "a disk is reached" reaches_disk pvh first
    fact "the other, too" reaches_disk pv first
    fact "they are destroyed" at_once destroy pvh pv
}

# well WHEN WORD: both guests live, where they should.
well()
{
    for name in pvh pv; do
        fact "$1, $name reaches its disk" reaches_disk $name "$2"
        on_a_node "$1" $name
    done
    fact "$1, pvh reaches its network" reaches_network 2
    fact "$1, pv reaches its network" reaches_network 3
    fact "$1, nothing is claimed" no_claim
}

start()
{
    configure
    fact "a PVH and a PV guest are created" at_once create pvh pv
    fact "the PVH guest boots" within 60 booted pvh 1
    fact "the PV guest boots" within 60 booted pv 1
    well "created" hello
}

restart()
{
    fact "xl has the PVH guest reboot" xl reboot pvh
    fact "and the PV guest" xl reboot pv
    fact "the PVH guest boots again" within 60 booted pvh 2
    fact "so does the PV guest" within 60 booted pv 2
    well "rebooted" again
}

save_and_restore()
{
    fact "both are saved" at_once save pvh pv
    fact "the PVH guest is gone" exits 1 xl domid pvh
    fact "so is the PV guest" exits 1 xl domid pv
    fact "both are restored" at_once restore pvh pv
    well "restored" back
}

migrate_both()
{
    fact "both migrate" at_once migrate pvh pv
    well "migrated" here
}

finish()
{
    fact "the PV guest is shut down" xl shutdown -w pv
    fact "the PVH guest is destroyed" xl destroy pvh
    fact "nothing is claimed" no_claim
    fact "nothing is left of them" unchanged_but_pools
}
