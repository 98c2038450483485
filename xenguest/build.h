/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Building one domain: the steps in their order, on whatever host it is.
 *
 * The domain exists already, with its claims; who created it destroys it if
 * the build fails.  The builder undoes what it wrote elsewhere, that is in
 * xenstore.
 */

#ifndef XENGUEST_BUILD_H
#define XENGUEST_BUILD_H

#include <stdbool.h>

#include <xennuma.h>

#include "wire/record.h"
#include "wire/report.h"

struct build;

/*
 * What the steps do on one kind of host.  Each returns 0, or -1 with the
 * reason in build->why.
 */
struct build_host {
    /* Open what is needed; its state is the host's to allocate and free. */
    int (*open)(struct build *build);
    void (*close)(struct build *build);
    /* Whether it is the record's domain, and nobody has built it. */
    int (*check)(struct build *build);
    /* Take the name and the domain's place in xenstore. */
    int (*name)(struct build *build);
    /* Read kernel and ramdisk, and find that they can be started. */
    int (*image)(struct build *build);
    /* Everything that is neither memory nor image: vCPUs, limits, ports. */
    int (*shell)(struct build *build);
    int (*memory)(struct build *build);
    /* Put the image into the memory, and the first vCPU at its start. */
    int (*kernel)(struct build *build);
    /* Tell xenstore all of the domain, and xenstore of it. */
    int (*store)(struct build *build);
    int (*unpause)(struct build *build);
    /*
     * Remove from xenstore what belongs to a domain of that domid and that
     * uuid, and nothing else.  With the nil uuid it is that of the domain.
     */
    int (*undo)(struct build *build);
};

struct build {
    const struct record *record;
    const struct build_host *host;
    const char *where;           /* as xennuma_open has it                   */
    xennuma_handle *numa;
    void *state;                 /* the host's                               */
    bool named;                  /* there may be entries to undo             */
    char why[REPORT_WHY_MAX];
};

/* The running Xen, and a model; NULL where it is not built in. */
extern const struct build_host *const build_xen;
extern const struct build_host *const build_model;

/* Set the reason.  Always -1, for `return build_fail(...)`. */
int build_fail(struct build *build, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Whether the record's domain is there, and no other has its id by now. */
int build_identify(struct build *build);

/* Build; reports progress, never the result. */
int build_run(struct build *build);

/* After a builder died: see undo above. */
int build_undo(struct build *build);

#endif /* XENGUEST_BUILD_H */
