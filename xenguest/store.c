/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A domain's entries in xenstore, as xl makes them for a PVH domain, so that
 * xl can list, console and destroy it.
 *
 * First goes the uuid, by which undo knows the entries as ours, then the name;
 * the rest when the domain is complete.  There are no transactions: nobody
 * acts on any of it before the domain is introduced, and those of builds that
 * run at the same time would make each other start again.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "names.h"
#include "xen.h"

#define VALUE_MAX 128u

/* Bytes that xenconsoled keeps for a console that nobody looks at. */
#define CONSOLE_LIMIT "1048576"

/* Who may do what with an entry; what is made below it then inherits that. */
enum access {
    INHERIT,
    HIDDEN,                      /* for the control domain only              */
    GUEST_READS,
    GUEST_OWNS,
};

/* Writing many entries; the first failure is kept and ends it. */
struct writer {
    struct build *build;
    bool failed;
};

static void set_access(struct writer *writer, const char *path,
                       enum access access)
{
    struct xen *xen = writer->build->state;
    uint32_t domid = writer->build->record->domid;
    struct xs_permissions perms[2] = {
        { .id = access == GUEST_OWNS ? domid : 0, .perms = XS_PERM_NONE },
        { .id = domid, .perms = XS_PERM_READ },
    };

    if ( !writer->failed && access != INHERIT &&
         !xs_set_permissions(xen->xs, XBT_NULL, path, perms,
                             access == GUEST_READS ? 2 : 1) )
        writer->failed = true;
}

/* An entry with a value; the path is relative to base. */
static void __attribute__((format(printf, 4, 5)))
put(struct writer *writer, const char *base, const char *name,
    const char *format, ...)
{
    struct xen *xen = writer->build->state;
    char path[XENSTORE_ABS_PATH_MAX], value[VALUE_MAX];
    va_list args;

    if ( writer->failed )
        return;
    va_start(args, format);
    vsnprintf(value, sizeof(value), format, args);
    va_end(args);
    snprintf(path, sizeof(path), "%s/%s", base, name);
    if ( !xs_write(xen->xs, XBT_NULL, path, value,
                   strlen(value)) )
        writer->failed = true;
}

/* An entry without value; name may be "". */
static void make(struct writer *writer, const char *base, const char *name,
                 enum access access)
{
    struct xen *xen = writer->build->state;
    char path[XENSTORE_ABS_PATH_MAX];

    if ( writer->failed )
        return;
    snprintf(path, sizeof(path), "%s%s%s", base, *name ? "/" : "", name);
    if ( !xs_mkdir(xen->xs, XBT_NULL, path) )
        writer->failed = true;
    set_access(writer, path, access);
}

static int failed(struct writer *writer)
{
    return build_fail(writer->build, "xenstore: entries of domain %" PRIu32
                      " cannot be written: %s", writer->build->record->domid,
                      strerror(errno));
}

/* Paths that belong to a domain. */
struct paths {
    char domain[64];             /* /local/domain/D                          */
    char vm[64];                 /* /vm/UUID                                 */
    char libxl[64];              /* /libxl/D                                 */
};

static void make_paths(struct paths *paths, const struct record *record)
{
    snprintf(paths->domain, sizeof(paths->domain), "/local/domain/%" PRIu32,
             record->domid);
    snprintf(paths->vm, sizeof(paths->vm), "/vm/%s", record->uuid);
    snprintf(paths->libxl, sizeof(paths->libxl), "/libxl/%" PRIu32,
             record->domid);
}

static uint32_t read_number(struct build *build, const char *path)
{
    struct xen *xen = build->state;
    char *value = xs_read(xen->xs, XBT_NULL, path, NULL);
    uint32_t number = value ? strtoul(value, NULL, 10) : 0;

    free(value);

    return number;
}

int store_servers(struct build *build)
{
    struct xen *xen = build->state;

    xen->store_domid = read_number(build, "/tool/xenstored/domid");
    xen->console_domid = read_number(build, "/tool/xenconsoled/domid");

    return 0;
}

/* Entries of a domain that had this id before, and was not cleaned up. */
static void remove_old(struct writer *writer, const char *path)
{
    struct xen *xen = writer->build->state;

    if ( !writer->failed &&
         !xs_rm(xen->xs, XBT_NULL, path) && errno != ENOENT )
        writer->failed = true;
}

static void write_top(struct writer *writer)
{
    const struct record *record = writer->build->record;
    struct paths paths;

    make_paths(&paths, record);
    remove_old(writer, paths.domain);
    remove_old(writer, paths.libxl);
    put(writer, paths.domain, "vm", "%s", paths.vm);
    put(writer, paths.domain, "name", "%s", record->name);
    set_access(writer, paths.domain, GUEST_READS);
    make(writer, paths.vm, "", GUEST_READS);
    put(writer, paths.vm, "uuid", "%s", record->uuid);
    put(writer, paths.vm, "name", "%s", record->name);
    make(writer, paths.libxl, "", HIDDEN);
    put(writer, paths.libxl, "type", "%s", record->type);
}

int store_name(struct build *build)
{
    struct writer writer = { .build = build };

    if ( names_check(build) )
        return -1;
    write_top(&writer);

    return writer.failed ? failed(&writer) : 0;
}

/*
 * What the domain itself may write.  Its top is the domain's own meanwhile,
 * so that these entries inherit that: half as many requests.  The domain does
 * not run yet, and xenstore does not know it.
 */
static void write_owned(struct writer *writer, const struct paths *paths)
{
    static const char *const names[] = {
        "attr",
        "control/feature-poweroff",
        "control/feature-reboot",
        "control/feature-suspend",
        "control/shutdown",
        "control/sysrq",
        "data",
        "drivers",
        "error",
        "feature",
    };
    char control[96];

    snprintf(control, sizeof(control), "%s/control", paths->domain);
    set_access(writer, paths->domain, GUEST_OWNS);
    for ( unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++ )
        make(writer, paths->domain, names[i], INHERIT);
    set_access(writer, control, GUEST_READS);
    set_access(writer, paths->domain, GUEST_READS);
    make(writer, paths->domain, "device/suspend/event-channel", GUEST_OWNS);
}

static void write_domain(struct writer *writer, const struct paths *paths)
{
    const struct record *record = writer->build->record;
    struct xen *xen = writer->build->state;
    uint64_t kib = record->memory_pages * XEN_KIB_PER_PAGE;
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    put(writer, paths->vm, "start_time", "%lld.%02ld",
        (long long)now.tv_sec, now.tv_nsec / 10000000);
    make(writer, paths->libxl, "device", INHERIT);
    put(writer, paths->domain, "domid", "%" PRIu32, record->domid);
    put(writer, paths->domain, "memory/static-max", "%" PRIu64, kib);
    put(writer, paths->domain, "memory/target", "%" PRIu64, kib);
    put(writer, paths->domain, "memory/videoram", "0");
    for ( unsigned int vcpu = 0; vcpu < record->vcpus; vcpu++ )
    {
        char name[32];

        snprintf(name, sizeof(name), "cpu/%u/availability", vcpu);
        put(writer, paths->domain, name, "online");
    }
    write_owned(writer, paths);
    put(writer, paths->domain,
        "control/platform-feature-multiprocessor-suspend", "1");
    put(writer, paths->domain, "control/platform-feature-xs_reset_watches",
        "1");
    put(writer, paths->domain, "store/port", "%" PRIu32, xen->store_port);
    put(writer, paths->domain, "store/ring-ref", "%" PRIu64,
        (uint64_t)xen->image->xenstore_pfn);
}

/*
 * The console, as xenconsoled and xl look for it.  xl also makes entries of a
 * backend, of which nothing reads any with the first console.
 */
static void write_console(struct writer *writer, const struct paths *paths)
{
    struct xen *xen = writer->build->state;
    char console[96];

    snprintf(console, sizeof(console), "%s/console", paths->domain);
    put(writer, console, "limit", CONSOLE_LIMIT);
    put(writer, console, "type", "xenconsoled");
    put(writer, console, "output", "pty");
    put(writer, console, "tty", "%s", "");
    put(writer, console, "port", "%" PRIu32, xen->console_port);
    put(writer, console, "ring-ref", "%" PRIu64,
        (uint64_t)xen->image->console_pfn);
}

int store_domain(struct build *build)
{
    struct writer writer = { .build = build };
    struct xen *xen = build->state;
    struct paths paths;

    make_paths(&paths, build->record);
    write_domain(&writer, &paths);
    write_console(&writer, &paths);
    if ( writer.failed )
        return failed(&writer);
    if ( !xs_introduce_domain(xen->xs, build->record->domid,
                              xen->image->xenstore_pfn, xen->store_port) )
        return build_fail(build, "xenstore: domain %" PRIu32 " cannot be "
                          "introduced: %s", build->record->domid,
                          strerror(errno));

    return 0;
}

/* Whether the entries at the domid are those of the record's uuid. */
static bool is_ours(struct build *build, const struct paths *paths)
{
    struct xen *xen = build->state;
    char path[96], *vm;
    bool ours;

    snprintf(path, sizeof(path), "%s/vm", paths->domain);
    vm = xs_read(xen->xs, XBT_NULL, path, NULL);
    ours = vm && !strcmp(vm, paths->vm);
    free(vm);

    return ours;
}

int store_undo(struct build *build)
{
    struct writer writer = { .build = build };
    struct xen *xen = build->state;
    struct paths paths;

    make_paths(&paths, build->record);
    if ( is_ours(build, &paths) )
    {
        /* It may be gone, or never have been introduced. */
        xs_release_domain(xen->xs, build->record->domid);
        remove_old(&writer, paths.libxl);
    }
    remove_old(&writer, paths.vm);
    /* Last, since by it the entries are known as ours. */
    if ( is_ours(build, &paths) )
        remove_old(&writer, paths.domain);
    if ( writer.failed )
        return build_fail(build, "xenstore: entries of domain %" PRIu32
                          " cannot be removed: %s", build->record->domid,
                          strerror(errno));

    return 0;
}
