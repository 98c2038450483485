/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The hand-over record: all that a builder has to know of the domain that it
 * builds.  The daemon writes it, as one JSON object, to the builder's
 * standard input; the builder answers with reports (report.h) on its
 * standard output.
 */

#ifndef WIRE_RECORD_H
#define WIRE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RECORD_MAX_NODES   64u
#define RECORD_MAX_VCPUS   512u
#define RECORD_NAME_MAX    64u      /* with the terminating zero */
#define RECORD_UUID_MAX    37u      /* likewise, in text         */
#define RECORD_MAX_BYTES   65536u   /* as JSON                   */

struct record_share {
    unsigned int node;
    uint64_t pages;              /* guest memory on this node */
};

struct record {
    uint32_t domid;
    uint64_t unique_id;
    char name[RECORD_NAME_MAX];
    char uuid[RECORD_UUID_MAX];  /* nil, for undo only: the one Xen knows    */
    char type[8];                /* "pvh"; "hvm" and "pv" are refused so far */
    unsigned int vcpus;
    uint64_t memory_pages;       /* what the configuration asked for         */
    uint64_t max_pages;          /* as set at creation                       */
    char *kernel;                /* absolute paths, owned by the record      */
    char *ramdisk;               /* NULL without                             */
    char *cmdline;               /* NULL without                             */
    bool paused;                 /* leave it paused when built               */
    unsigned int home_node;
    unsigned int nr_shares;
    struct record_share shares[RECORD_MAX_NODES]; /* sums up to memory_pages */
    /* CPUs of the plan's nodes, as "0-1,4"; soft affinity of all vCPUs */
    char *cpus;
};

/* A zeroed record is empty; dispose leaves it so.  NULL is allowed. */
void record_dispose(struct record *record);

/*
 * Write as one line of JSON without newline.  NULL with errno ENOMEM, or
 * E2BIG if it is over RECORD_MAX_BYTES.  The caller frees.
 */
char *record_write(const struct record *record);

/*
 * Read it back.  0, or -1 with a message for people, that names field and
 * value, in why; the record then is empty.
 */
int record_read(struct record *record, const char *text, size_t length,
                char *why, size_t why_size);

#endif /* WIRE_RECORD_H */
