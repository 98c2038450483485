/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Building on the running Xen: what its parts share.
 *
 * shell.c, boot.c and store.c are the steps; each function is one and has the
 * contract of struct build_host (build.h).
 */

#ifndef XENGUEST_XEN_H
#define XENGUEST_XEN_H

#include <stdbool.h>
#include <stdint.h>

#include <xenctrl.h>
#include <xenguest.h>

#include "batch.h"
#include "build.h"
#include "layout.h"
#include "reason.h"

#define XEN_KIB_PER_PAGE   4u

struct xen {
    struct reason reason;        /* what the libraries log                   */
    xc_interface *xc;
    struct batch *store;         /* the connection to xenstore               */
    struct xc_dom_image *image;
    bool hap;                    /* the domain has hardware page tables      */
    struct layout layout;
    /* Domains that serve xenstore and consoles, and our domain's ends. */
    uint32_t store_domid, console_domid;
    uint32_t store_port, console_port;
};

int shell_check(struct build *build);
int shell_make(struct build *build);

int boot_image(struct build *build);
int boot_memory(struct build *build);
int boot_kernel(struct build *build);

int store_name(struct build *build);
int store_domain(struct build *build);
int store_undo(struct build *build);

#endif /* XENGUEST_XEN_H */
