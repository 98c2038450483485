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
#include "uuid.h"
#include "xen.h"

/* The longest paths and values here have below 100 characters. */
#define PATH_SIZE  160u
#define VALUE_SIZE 128u
/* In a record for undo: the uuid is Xen's to tell. */
#define NIL_UUID "00000000-0000-0000-0000-000000000000"

/* Bytes that xenconsoled keeps for a console that nobody looks at. */
#define CONSOLE_LIMIT "1048576"

/* Who may do what with an entry; what is made below it then inherits that. */
enum access {
    INHERIT,
    GUEST_READS,
    GUEST_OWNS,
};

static struct batch *store(struct build *build)
{
    struct xen *xen = build->state;

    return xen->store;
}

static void set_access(struct build *build, const char *path,
                       enum access access)
{
    uint32_t domid = build->record->domid;
    struct xs_permissions perms[2] = {
        { .id = access == GUEST_OWNS ? domid : 0, .perms = XS_PERM_NONE },
        { .id = domid, .perms = XS_PERM_READ },
    };

    if ( access != INHERIT )
        batch_access(store(build), path, perms,
                     access == GUEST_READS ? 2 : 1);
}

/* An entry with a value; the path is relative to base. */
static void __attribute__((format(printf, 4, 5)))
put(struct build *build, const char *base, const char *name,
    const char *format, ...)
{
    char path[PATH_SIZE], value[VALUE_SIZE];
    va_list args;

    va_start(args, format);
    vsnprintf(value, sizeof(value), format, args);
    va_end(args);
    snprintf(path, sizeof(path), "%s/%s", base, name);
    batch_write(store(build), path, value);
}

/* An entry without value; name may be "". */
static void make(struct build *build, const char *base, const char *name,
                 enum access access)
{
    char path[PATH_SIZE];

    snprintf(path, sizeof(path), "%s%s%s", base, *name ? "/" : "", name);
    batch_mkdir(store(build), path);
    set_access(build, path, access);
}

/* Send what is queued. */
static int run(struct build *build, const char *what)
{
    if ( batch_run(store(build)) )
        return build_fail(build, "xenstore: entries of domain %" PRIu32
                          " cannot be %s: %s", build->record->domid, what,
                          strerror(errno));

    return 0;
}

/* Paths that belong to a domain. */
struct paths {
    char domain[64];             /* /local/domain/D                          */
    char vm[64];                 /* /vm/UUID                                 */
    char libxl[64];              /* /libxl/D                                 */
};

static void make_paths(struct paths *paths, uint32_t domid, const char *uuid)
{
    snprintf(paths->domain, sizeof(paths->domain), "/local/domain/%" PRIu32,
             domid);
    snprintf(paths->vm, sizeof(paths->vm), "/vm/%s", uuid);
    snprintf(paths->libxl, sizeof(paths->libxl), "/libxl/%" PRIu32, domid);
}

static void write_top(struct build *build)
{
    const struct record *record = build->record;
    struct paths paths;
    char vm[96];

    make_paths(&paths, record->domid, record->uuid);
    batch_remove(store(build), paths.domain);
    batch_remove(store(build), paths.libxl);
    put(build, paths.domain, "vm", "%s", paths.vm);
    set_access(build, paths.domain, GUEST_READS);
    snprintf(vm, sizeof(vm), "%s/vm", paths.domain);
    set_access(build, vm, GUEST_READS);
    put(build, paths.domain, "name", "%s", record->name);
    make(build, paths.vm, "", GUEST_READS);
    put(build, paths.vm, "uuid", "%s", record->uuid);
    put(build, paths.vm, "name", "%s", record->name);
    /* For the control domain only, as all of /libxl is. */
    put(build, paths.libxl, "type", "%s", record->type);
}

/* A domain that serves xenstore or consoles: 0 unless xenstore tells. */
static uint32_t server(struct build *build, unsigned int request)
{
    const char *domid = batch_answer(store(build), request);

    return domid ? strtoul(domid, NULL, 10) : 0;
}

int store_name(struct build *build)
{
    struct xen *xen = build->state;
    unsigned int of_store, of_console;

    if ( names_check(build) )
        return -1;
    of_store = batch_read(xen->store, "/tool/xenstored/domid");
    of_console = batch_read(xen->store, "/tool/xenconsoled/domid");
    if ( run(build, "read") )
        return -1;
    xen->store_domid = server(build, of_store);
    xen->console_domid = server(build, of_console);
    /* Nobody waits for these before the domain is complete. */
    write_top(build);
    batch_send(xen->store);

    return 0;
}

/*
 * What the domain itself may write.  Its top is the domain's own meanwhile,
 * so that these entries inherit that: half as many requests.  The domain does
 * not run yet, and xenstore does not know it.
 */
static void write_owned(struct build *build, const struct paths *paths)
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
    set_access(build, paths->domain, GUEST_OWNS);
    for ( unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++ )
        make(build, paths->domain, names[i], INHERIT);
    set_access(build, control, GUEST_READS);
    set_access(build, paths->domain, GUEST_READS);
    make(build, paths->domain, "device/suspend/event-channel", GUEST_OWNS);
}

static void write_domain(struct build *build, const struct paths *paths)
{
    const struct record *record = build->record;
    struct xen *xen = build->state;
    uint64_t kib = record->memory_pages * XEN_KIB_PER_PAGE;
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    put(build, paths->vm, "start_time", "%lld.%02ld",
        (long long)now.tv_sec, now.tv_nsec / 10000000);
    put(build, paths->domain, "domid", "%" PRIu32, record->domid);
    put(build, paths->domain, "memory/static-max", "%" PRIu64, kib);
    put(build, paths->domain, "memory/target", "%" PRIu64, kib);
    put(build, paths->domain, "memory/videoram", "0");
    for ( unsigned int vcpu = 0; vcpu < record->vcpus; vcpu++ )
    {
        char name[32];

        snprintf(name, sizeof(name), "cpu/%u/availability", vcpu);
        put(build, paths->domain, name, "online");
    }
    write_owned(build, paths);
    put(build, paths->domain,
        "control/platform-feature-multiprocessor-suspend", "1");
    put(build, paths->domain, "control/platform-feature-xs_reset_watches",
        "1");
    put(build, paths->domain, "store/port", "%" PRIu32, xen->store_port);
    put(build, paths->domain, "store/ring-ref", "%" PRIu64,
        (uint64_t)xen->image->xenstore_pfn);
}

/*
 * The console, as xenconsoled and xl look for it.  xl also makes entries of a
 * backend, of which nothing reads any with the first console.
 */
static void write_console(struct build *build, const struct paths *paths)
{
    struct xen *xen = build->state;
    char console[96];

    snprintf(console, sizeof(console), "%s/console", paths->domain);
    put(build, console, "limit", CONSOLE_LIMIT);
    put(build, console, "type", "xenconsoled");
    put(build, console, "output", "pty");
    put(build, console, "tty", "%s", "");
    put(build, console, "port", "%" PRIu32, xen->console_port);
    put(build, console, "ring-ref", "%" PRIu64,
        (uint64_t)xen->image->console_pfn);
}

int store_domain(struct build *build)
{
    struct xen *xen = build->state;
    const struct record *record = build->record;
    struct paths paths;

    make_paths(&paths, record->domid, record->uuid);
    write_domain(build, &paths);
    write_console(build, &paths);
    batch_introduce(xen->store, record->domid, xen->image->xenstore_pfn,
                    xen->store_port);

    return run(build, "written");
}

static int look_up(struct build *build, xc_domaininfo_t *info, bool *lives)
{
    struct xen *xen = build->state;
    uint32_t domid = build->record->domid;

    *lives = !xc_domain_getinfo_single(xen->xc, domid, info);
    if ( !*lives && errno != ESRCH )
        return build_fail(build, "domain %" PRIu32 ": cannot be looked up: "
                          "%s", domid, strerror(errno));
    *lives = *lives && !(info->flags & XEN_DOMINF_dying);

    return 0;
}

/*
 * The uuid that entries to undo have.  Who does not know it asks for that of
 * the domain, which then has to be the right one; without it there is none.
 */
static int find_uuid(struct build *build, bool lives,
                     const xc_domaininfo_t *info, char *uuid)
{
    memcpy(uuid, build->record->uuid, RECORD_UUID_MAX);
    if ( !lives || strcmp(uuid, NIL_UUID) )
        return 0;
    if ( build_identify(build) )
        return -1;
    uuid_text(uuid, info->handle);

    return 0;
}

/* Whose the entries at the domid are. */
enum whose {
    OURS,
    NOBODYS,
    ANOTHERS,
};

static int find_owner(struct build *build, const struct paths *paths,
                      enum whose *whose)
{
    char path[PATH_SIZE];
    unsigned int request;
    const char *vm;

    snprintf(path, sizeof(path), "%s/vm", paths->domain);
    request = batch_read(store(build), path);
    if ( run(build, "read") )
        return -1;
    vm = batch_answer(store(build), request);
    *whose = !vm ? NOBODYS : !strcmp(vm, paths->vm) ? OURS : ANOTHERS;

    return 0;
}

int store_undo(struct build *build)
{
    char uuid[RECORD_UUID_MAX];
    xc_domaininfo_t info;
    struct paths paths;
    enum whose whose;
    bool lives;

    if ( look_up(build, &info, &lives) ||
         find_uuid(build, lives, &info, uuid) )
        return -1;
    make_paths(&paths, build->record->domid, uuid);
    if ( find_owner(build, &paths, &whose) )
        return -1;
    /*
     * Xenstore is not asked to release it: others would look at a domain that
     * is not dead yet, and keep its pages.  They are told when it is.
     */
    if ( whose == OURS )
    {
        batch_remove(store(build), paths.libxl);
        batch_remove(store(build), paths.vm);
    }
    /*
     * Last, since by it the entries are known as ours.  When the domain is
     * gone there may be some that are nobody's: xenconsoled may have been at
     * work on its console when the others were removed.
     */
    if ( whose == OURS || (whose == NOBODYS && !lives) )
        batch_remove(store(build), paths.domain);

    return run(build, "removed");
}
