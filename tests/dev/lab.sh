# SPDX-License-Identifier: LGPL-2.1-only
#
# ./dev lab: boots a lab host under QEMU's emulation, runs one command in its
# dom0 and ends with the command's status.  Here are the options, the input
# archive, the lock and the second try; tests/lab/boot runs one QEMU, and
# tests/lab/dom0/init is the other end.  One QEMU at a time on a machine.

LAB_LOCK=/tmp/xennuma-qemu.lock
# Boots that never reached dom0, a line each.  Who runs several lab hosts
# looks at its length before and after: more than one new line is a failure.
LAB_ENVIRONMENT=$LAB/environment.log

# Statuses of our own, apart from the command's; as timeout(1) has them.
LAB_TIMEOUT=124
LAB_FAILED=125

lab_usage()
{
    cat <<'END'
usage: ./dev lab [OPTION]... -- COMMAND [ARGUMENT]...
Boots a lab host: Xen with a Linux dom0 under emulation, xenstored, xenconsoled
and xenplaced running. Runs COMMAND in dom0 and ends with its status.

  --nodes N             NUMA nodes, all alike (default 4)
  --mem-per-node SIZE   memory of each, such as 1536M or 2G (default 1536M)
  --cpus-per-node N     CPUs of each (default 2)
  --topology FILE       a line a node instead: memory, CPUs, distances
                        (1536M 2 10 16 16 16); memory or CPUs may be 0;
                        nodes without CPUs get the last numbers
  --xen patched|stock   which Xen (default patched)
  --debug               a debug build of it
  --traced              one that tests can have watch its allocations
  --dom0-mem SIZE       memory of dom0 (default 768M)
  --xen-args STRING     more options for Xen's command line
  --device-node N       a PCI device on this node, behind an IOMMU: 0000:81:00.0
  --icount              time is counted in instructions, one a nanosecond: what
                        the TSC says is the same on every machine, if slow
  --share DIR           copied to /share, where COMMAND runs; what COMMAND
                        changes there is copied back
  --timeout S           seconds COMMAND may take (default 600)
  --no-build            use what was built last, look at no source

In dom0, /lab/guest holds vmlinux.gz and initramfs.gz (a Linux that says "lab
guest: init reached" on its console, and uses a disk and a network if it has
them), vmlinuz (the same kernel as Debian has it, slower to start) and tiny (a
PVH kernel that only halts). Modules for the other ends of disk and network are
in /lib/modules, in the order of its file backends.
Xen's and dom0's console is in build/lab/console.log.

Status: COMMAND's; 124 it ran out of time; 125 the lab host failed (a boot
that does not reach dom0 is tried once more); 2 usage.
END
}

lab_defaults()
{
    NODES=4 NODE_MEMORY=1536M NODE_CPUS=2 TOPOLOGY= VARIANT=patched
    MODE=release DOM0_MEMORY=768M XEN_ARGS= SHARE= TIMEOUT=600 NO_BUILD=
    DEVICE_NODE=
    ACCELERATION=(-accel tcg,thread=multi)
}

# Reads the options; COMMAND is what follows.
lab_options()
{
    while [[ $# -gt 0 && $1 != -- ]]; do
        case $1 in
            -h|--help) lab_usage; exit 0 ;;
            --debug) MODE=debug; shift; continue ;;
            --traced) MODE=traced; shift; continue ;;
            --no-build) NO_BUILD=1; shift; continue ;;
            --icount)
                ACCELERATION=(-accel tcg,thread=single -icount shift=0)
                shift; continue ;;
        esac
        [[ $1 == -* ]] ||
            usage_error "lab: $1: unexpected: want [OPTION]... -- COMMAND..."
        [[ $# -ge 2 ]] || usage_error "lab: $1: needs a value"
        case $1 in
            --nodes) NODES=$2 ;;
            --mem-per-node) NODE_MEMORY=$2 ;;
            --cpus-per-node) NODE_CPUS=$2 ;;
            --topology) TOPOLOGY=$2 ;;
            --xen) VARIANT=$2 ;;
            --dom0-mem) DOM0_MEMORY=$2 ;;
            --xen-args) XEN_ARGS=$2 ;;
            --device-node) DEVICE_NODE=$2 ;;
            --share) SHARE=$2 ;;
            --timeout) TIMEOUT=$2 ;;
            *) usage_error "lab: $1: unknown option" ;;
        esac
        shift 2
    done
    [[ $# -ge 2 ]] || usage_error "lab: no command: want -- COMMAND..."
    shift
    COMMAND=("$@")
}

lab_check_options()
{
    [[ $VARIANT == patched || $VARIANT == stock ]] ||
        usage_error "lab: --xen: $VARIANT: neither patched nor stock"
    [[ $TIMEOUT =~ ^[1-9][0-9]{0,5}$ ]] ||
        usage_error "lab: --timeout: $TIMEOUT: not a number of seconds"
    [[ $DOM0_MEMORY =~ ^[1-9][0-9]*[MG]$ ]] ||
        usage_error "lab: --dom0-mem: $DOM0_MEMORY: not a size such as 768M"
    [[ -z $SHARE || -d $SHARE ]] ||
        usage_error "lab: --share: $SHARE: no such directory"
    [[ -z $TOPOLOGY || -r $TOPOLOGY ]] ||
        usage_error "lab: --topology: $TOPOLOGY: cannot be read"
}

# A word as a shell takes it back.
quote()
{
    printf "'%s' " "${1//\'/\'\\\'\'}"
}

# lab_input DIR: the archive that dom0 unpacks over its root.
lab_input()
{
    local root=$1/input word programs

    mkdir -p "$root/lab" "$root/share"
    echo "$TIMEOUT" >"$root/lab/timeout"
    {
        printf 'exec '
        for word in "${COMMAND[@]}"; do
            quote "$word"
        done
        echo
    } >"$root/lab/command"
    if [[ -z $SHARE ]]; then
        : >"$root/lab/noshare"
    else
        cp -a "$SHARE/." "$root/share/"
        ( cd "$root/share" && find . ! -type d | LC_ALL=C sort ) >"$1/sent"
        mapfile -t programs < <(find "$root/share" -type f -perm -u+x -exec \
            sh -c 'head -c4 "$1" | grep -q ELF && echo "$1"' - {} \;)
        image_libraries "$root" "$(lab_libraries)" "${programs[@]}"
    fi
    tar -C "$root" --owner=0 --group=0 --numeric-owner -cf "$1/input.tar" .
    rm -rf "$root"
}

# Where libraries of our own and of Xen are, for programs in a share.
lab_libraries()
{
    echo "$(xen_tools "$VARIANT")/dist/usr/lib:$TREE_DIST/usr/lib"
}

# lab_output DIR: bring the share's changes home.  A file that was sent and
# did not come back was deleted.
lab_output()
{
    local name

    [[ -n $SHARE && -s $1/changes.tar ]] || return 0
    mkdir "$1/changes"
    tar -xf "$1/changes.tar" -C "$1/changes" --no-same-owner
    ( cd "$1/changes" && find . ! -type d | LC_ALL=C sort ) >"$1/came"
    rsync -a --no-owner --no-group "$1/changes/" "$SHARE/"
    LC_ALL=C comm -23 "$1/sent" "$1/came" | while read -r name; do
        rm -f "$SHARE/$name"
    done
}

# The topology as QEMU wants it, in TOPOLOGY_ARGUMENTS.
lab_topology()
{
    local words=(uniform "$NODES" "$NODE_MEMORY" "$NODE_CPUS") text

    [[ -z $TOPOLOGY ]] || words=(file "$TOPOLOGY")
    text=$("$LAB_FILES/topology" "${words[@]}") || exit 2
    mapfile -t TOPOLOGY_ARGUMENTS <<<"$text"
    NODE_COUNT=$(grep -c '^node,' <<<"$text")
}

# A device that says on which node it is, since it has a host bridge of its own.
# Xen gives it to a domain only if there is an IOMMU.  QEMU would put devices
# that name no bus behind that bridge, too.
lab_device()
{
    local node=$1

    [[ $node =~ ^(0|[1-9][0-9]?)$ && $node -lt $NODE_COUNT ]] ||
        usage_error "lab: --device-node: $node: not a node of this host"
    QEMU+=(-device amd-iommu
        -device "pxb-pcie,id=lab-bus,bus=pcie.0,bus_nr=128,numa_node=$node"
        -device "pcie-root-port,id=lab-port,bus=lab-bus,chassis=1,slot=1"
        -device "virtio-rng-pci,bus=lab-port")
}

# lab_qemu DIR: the whole command, in QEMU.
lab_qemu()
{
    local xen_line linux_line=(console=hvc0 earlyprintk=xen quiet panic=5
        rdinit=/init)

    # Without boot scrubbing a host takes only the memory that it touches.
    # Dom0's vCPUs stay where they are: their timers would wander with them,
    # and each CPU that has more timers than ever before makes Xen keep a page,
    # which looks like a leak.
    xen_line="console=com1 com1=115200,8n1 loglvl=all"
    xen_line+=" bootscrub=0 sched=credit2 dom0_max_vcpus=2 dom0_vcpus_pin"
    xen_line+=" dom0_mem=$DOM0_MEMORY,max:$DOM0_MEMORY $XEN_ARGS"
    QEMU=(qemu-system-x86_64 "${ACCELERATION[@]}"
        -cpu "qemu64,+svm,+npt,-monitor" -machine q35
        -display none -nodefaults -no-reboot "${TOPOLOGY_ARGUMENTS[@]}"
        -serial "file:$LAB/console.log"
        -drive "file=$1/input.tar,format=raw,if=none,id=input,readonly=on"
        -device "virtio-blk-pci,bus=pcie.0,drive=input"
        -kernel "$1/xen" -append "$xen_line"
        -initrd "$1/vmlinux ${linux_line[*]},$1/initramfs")
    [[ -z $DEVICE_NODE ]] || lab_device "$DEVICE_NODE"
}

# lab_files DIR: links and copies that stay as they are while others build.
lab_files()
{
    local image

    image=$(xen_image "$VARIANT" "$MODE")
    [[ -f $image ]] || die "lab: --no-build: no $VARIANT $MODE Xen was built"
    cp "$image" "$1/xen"
    ln -s "$LAB/kernel/vmlinux" "$1/vmlinux"
    cat "$LAB_BASE" $(tree_image) >"$1/initramfs"
}

lab_lock()
{
    # Anybody may have put something else there, so it is made anew (O_EXCL)
    # or left as it is.  To be read is enough to be locked, by any user.
    ( umask 022; set -C; : >"$LAB_LOCK" ) 2>/dev/null || :
    [[ -f $LAB_LOCK && ! -L $LAB_LOCK ]] ||
        die "lab: $LAB_LOCK: not a regular file: remove it"
    exec 9<"$LAB_LOCK"
    if ! flock -n 9; then
        say "-- waiting for another lab host to end"
        flock 9
    fi
}

# lab_run DIR: boot, and once more if dom0 was never reached.
lab_run()
{
    local boot_seconds=$(( 150 + 4 * NODE_COUNT )) result try code

    for try in 1 2; do
        code=0
        setpriv --pdeathsig TERM \
            "$LAB_FILES/boot" "$1/result" "$1/changes.tar" "$boot_seconds" \
            "$TIMEOUT" -- "${QEMU[@]}" || code=$?
        [[ $code -lt 128 ]] || return "$code"
        [[ $code -eq 0 ]] || return $LAB_FAILED
        result=$(<"$1/result")
        [[ $result == environment:* ]] || break
        echo "$(date +%FT%T) $VARIANT $MODE ${result#environment: }" \
            >>"$LAB_ENVIRONMENT"
        say "$PROG: lab: $result (try $try of 2)"
        lab_noise "$1/result.qemu" >&2
        [[ $try -eq 1 ]] || tail -n 20 "$LAB/console.log" >&2
    done
    lab_output "$1"
    case $result in
        "exit "*) return "${result#exit }" ;;
        timeout)
            say "$PROG: lab: ${COMMAND[0]}: not done after $TIMEOUT s"
            return $LAB_TIMEOUT ;;
        died:*)
            say "$PROG: lab: the host died under ${COMMAND[0]}:${result#died:}"
            lab_noise "$1/result.qemu" >&2
            tail -n 20 "$LAB/console.log" >&2 ;;
    esac
    return $LAB_FAILED
}

# What QEMU said, without its complaints about CPU features that its emulation
# lacks.
lab_noise()
{
    grep -av "TCG doesn't support requested feature" "$1" || :
}

# Left by runs that were killed: their folders carry the number of a process
# that is gone.
lab_sweep()
{
    local dir pid

    for dir in "$LAB"/run.*; do
        pid=${dir#"$LAB"/run.}
        pid=${pid%%.*}
        [[ ! $pid =~ ^[0-9]+$ || -d /proc/$pid ]] || rm -rf "$dir"
    done
}

lab_build()
{
    xen_build "$VARIANT" "$MODE"
    lab_kernel
    tree_build "$VARIANT"
}

cmd_lab()
{
    local dir code=0 pid=$BASHPID

    lab_defaults
    lab_options "$@"
    lab_check_options
    packages_need python3
    lab_topology
    if [[ -z $NO_BUILD ]]; then
        packages_need "${PACKAGES_XEN[@]}" "${PACKAGES_TREE[@]}" \
            "${PACKAGES_LAB[@]}"
        ( lock_build; lab_build )
    fi
    lab_base "$(xen_tools "$VARIANT")/dist" \
        "$(<"$(xen_tools "$VARIANT")/.stamp")"
    mkdir -p "$LAB"
    lab_sweep
    dir=$(mktemp -d "$LAB/run.$pid.XXXXXX")
    trap 'rm -rf "$dir"' EXIT
    lab_qemu "$dir"
    lab_files "$dir"
    lab_input "$dir"
    lab_lock
    lab_run "$dir" || code=$?
    exit "$code"
}
