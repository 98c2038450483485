/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Stands where the daemon stands, for tests of the builder alone: creates a
 * PVH domain on nodes with its claims, and prints the hand-over record.
 *
 *   handover [-w WHERE] [-p] [-v VCPUS] [-c CPUS] [-r RAMDISK] [-x CMDLINE]
 *            NAME KERNEL NODE=MIB...
 *
 * The first node is the home node.  Destroying the domain is the caller's.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xennuma.h>

#include "wire/record.h"

#define PAGES_PER_MIB 256u
/* What xl allows a domain beyond its memory, for pages that Xen gives it. */
#define SLACK_PAGES   256u

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "handover: %s: %s\n", what, why);

    return -1;
}

/* A uuid of the kernel's making, as text and as bytes. */
static int make_uuid(char *text, uint8_t *bytes)
{
    FILE *file = fopen("/proc/sys/kernel/random/uuid", "r");
    const char *next = text;

    if ( !file || fscanf(file, "%36s", text) != 1 )
        return fail("uuid", strerror(errno));
    fclose(file);
    for ( unsigned int i = 0; i < 16; i++ )
    {
        unsigned int byte;

        next += *next == '-';
        sscanf(next, "%2x", &byte);
        bytes[i] = byte;
        next += 2;
    }

    return 0;
}

static int read_shares(struct record *record, char *const *words)
{
    for ( ; *words; words++ )
    {
        struct record_share *share = &record->shares[record->nr_shares];
        unsigned int mib;

        if ( record->nr_shares == RECORD_MAX_NODES ||
             sscanf(*words, "%u=%u", &share->node, &mib) != 2 )
            return fail(*words, "not NODE=MIB");
        share->pages = (uint64_t)mib * PAGES_PER_MIB;
        record->memory_pages += share->pages;
        record->nr_shares++;
    }
    record->home_node = record->shares[0].node;
    record->max_pages = record->memory_pages + SLACK_PAGES;

    return 0;
}

static int create(struct record *record, const uint8_t *uuid,
                  const char *where)
{
    xennuma_handle *numa = xennuma_open(NULL, 0, where);
    struct xennuma_claim claims[RECORD_MAX_NODES];
    struct xennuma_domain_config config = {
        .type = XENNUMA_DOMAIN_PVH,
        .max_vcpus = record->vcpus,
    };
    struct xennuma_placement placement = {
        .home_node = record->home_node,
        .max_pages = record->max_pages,
        .owner = 1,
        .claims = claims,
        .nr_claims = record->nr_shares,
    };
    struct xennuma_created created;
    int rc;

    if ( !numa )
        return fail(where ? where : "xen", strerror(errno));
    memcpy(config.uuid, uuid, sizeof(config.uuid));
    for ( unsigned int i = 0; i < record->nr_shares; i++ )
    {
        placement.nodes |= UINT64_C(1) << record->shares[i].node;
        claims[i] = (struct xennuma_claim){
            .pages = record->shares[i].pages,
            .target = record->shares[i].node,
            .kind = XENNUMA_CLAIM_GUEST,
        };
    }
    rc = xennuma_domain_create(numa, &config, &placement, &created, NULL);
    if ( rc )
        fail("create", strerror(errno));
    else
    {
        record->domid = created.domid;
        record->unique_id = created.unique_id;
    }
    xennuma_close(numa);

    return rc;
}

int main(int argc, char *argv[])
{
    struct record record = { .type = "pvh", .vcpus = 1 };
    const char *where = NULL;
    uint8_t uuid[16];
    char *text = NULL;
    int option;

    while ( (option = getopt(argc, argv, "w:pv:c:r:x:")) != -1 )
        switch ( option )
        {
        case 'w': where = optarg; break;
        case 'p': record.paused = true; break;
        case 'v': record.vcpus = atoi(optarg); break;
        case 'c': record.cpus = strdup(optarg); break;
        case 'r': record.ramdisk = strdup(optarg); break;
        case 'x': record.cmdline = strdup(optarg); break;
        default: return 2;
        }
    if ( argc - optind < 3 )
    {
        fail("usage", "handover [OPTION]... NAME KERNEL NODE=MIB...");
        return 2;
    }
    snprintf(record.name, sizeof(record.name), "%s", argv[optind]);
    record.kernel = strdup(argv[optind + 1]);

    if ( !make_uuid(record.uuid, uuid) &&
         !read_shares(&record, argv + optind + 2) &&
         !create(&record, uuid, where) )
        text = record_write(&record);
    if ( text )
        puts(text);
    free(text);
    record_dispose(&record);

    return text ? 0 : 1;
}
