/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The steps of a build: see build.h.
 *
 * Image before memory: a file that is no kernel is refused before anything is
 * allocated.  Claims that are left stay: by them a domain is known as one that
 * nobody was told of yet.  They end with the unpause, or whoever started the
 * builder releases them when it tells of the domain.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <model.h>

#include "answer.h"
#include "build.h"
#include "hook.h"
#include "image.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

int build_fail(struct build *build, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(build->why, sizeof(build->why), format, args);
    va_end(args);

    return -1;
}

/* What Xen knows of the record's domain, if it is the right one. */
static int identify(struct build *build, struct xennuma_domain *domain)
{
    const struct record *record = build->record;

    if ( !xennuma_claims_get(build->numa, record->domid, domain) )
    {
        if ( domain->unique_id == record->unique_id )
            return 0;
        return build_fail(build, "domain %" PRIu32 ": has the unique id %"
                          PRIu64 ", not %" PRIu64 ": another domain took its "
                          "place", record->domid, domain->unique_id,
                          record->unique_id);
    }

    if ( errno == EOPNOTSUPP )
        return build_fail(build, "domain %" PRIu32 ": this Xen has no node "
                          "claims: boot the patched Xen", record->domid);
    if ( errno == ESRCH )
        return build_fail(build, "domain %" PRIu32 ": no such domain",
                          record->domid);

    return build_fail(build, "domain %" PRIu32 ": its claims cannot be read: "
                      "%s", record->domid, strerror(errno));
}

int build_identify(struct build *build)
{
    struct xennuma_domain *domain = malloc(sizeof(*domain));
    int rc = domain ? identify(build, domain)
                    : build_fail(build, "xenguest: out of memory");

    free(domain);

    return rc;
}

static int step_identity(struct build *build)
{
    const struct record *record = build->record;
    struct xennuma_domain *domain = malloc(sizeof(*domain));
    int rc = domain ? identify(build, domain)
                    : build_fail(build, "xenguest: out of memory");

    if ( !rc && domain->dying )
        rc = build_fail(build, "domain %" PRIu32 ": is dying", record->domid);
    else if ( !rc && domain->finished )
        rc = build_fail(build, "domain %" PRIu32 ": was built and has run",
                        record->domid);
    free(domain);

    return rc ? rc : build->host->check(build);
}

static int step_files(struct build *build)
{
    const struct record *record = build->record;

    if ( strcmp(record->type, "pvh") )
        return build_fail(build, "type: %s: only pvh can be built so far",
                          record->type);
    if ( record->max_pages < record->memory_pages )
        return build_fail(build, "max_pages: %" PRIu64 ": memory is %" PRIu64
                          " pages", record->max_pages, record->memory_pages);
    if ( image_check_kernel(record->kernel, build->why,
                            sizeof(build->why)) )
        return -1;

    return record->ramdisk ? image_check("ramdisk", record->ramdisk,
                                         build->why, sizeof(build->why))
                           : 0;
}

static int step_name(struct build *build)
{
    int rc = build->host->name(build);

    build->named = !rc;

    return rc;
}

static int step_image(struct build *build)
{
    return build->host->image(build);
}

static int step_shell(struct build *build)
{
    return build->host->shell(build);
}

static int step_memory(struct build *build)
{
    return build->host->memory(build);
}

static int step_kernel(struct build *build)
{
    return build->host->kernel(build);
}

static int step_store(struct build *build)
{
    return build->host->store(build);
}

static int step_unpause(struct build *build)
{
    return build->record->paused ? 0 : build->host->unpause(build);
}

/* The names are those of hooks and, where they may take long, of reports. */
static const struct {
    const char *name;
    int (*run)(struct build *build);
    bool long_lasting;
} steps[] = {
    { "identity", step_identity, false },
    { "files", step_files, false },
    { "name", step_name, false },
    { "image", step_image, true },
    { "shell", step_shell, false },
    { "memory", step_memory, true },
    { "kernel", step_kernel, true },
    { "store", step_store, true },
    { "unpause", step_unpause, false },
};

static int say_not_open(struct build *build)
{
    int error = errno;
    char reason[256];

    /* main has seen that it is model:FILE, if it is anything. */
    if ( build->where &&
         xennuma_model_check(strchr(build->where, ':') + 1, reason,
                             sizeof(reason)) )
        return build_fail(build, "model:%s", reason);

    return build_fail(build, "%s: cannot be opened: %s",
                      build->where ? build->where : "this Xen",
                      error == EPROTO ? "another release of Xen than 4.20"
                                      : strerror(error));
}

static int open_all(struct build *build)
{
    build->numa = xennuma_open(NULL, 0, build->where);
    if ( !build->numa )
        return say_not_open(build);

    return build->host->open(build);
}

static void close_all(struct build *build)
{
    build->host->close(build);
    xennuma_close(build->numa);
    build->numa = NULL;
}

int build_run(struct build *build)
{
    char why[sizeof(build->why)];
    int rc = open_all(build);

    for ( unsigned int i = 0; !rc && i < NR(steps); i++ )
    {
        if ( steps[i].long_lasting &&
             (rc = answer_progress(steps[i].name, 0, 0)) )
            build_fail(build, "progress: cannot be reported: %s",
                       strerror(errno));
        else
            rc = steps[i].run(build);
        if ( !rc && hook_after(steps[i].name) )
            rc = build_fail(build, "%s: failed, as a test asked for",
                            steps[i].name);
    }

    if ( rc && build->named )
    {
        /* The first reason is the one to tell. */
        memcpy(why, build->why, sizeof(why));
        build->host->undo(build);
        memcpy(build->why, why, sizeof(why));
    }
    close_all(build);

    return rc;
}

int build_undo(struct build *build)
{
    int rc = open_all(build);

    if ( !rc )
        rc = build->host->undo(build);
    close_all(build);

    return rc;
}
