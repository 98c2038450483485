/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A model host for a test: see host.h.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host.h"

static char directory[] = "/tmp/xennuma-test-XXXXXX";
static char where[128];

static void give_up(const char *what)
{
    fprintf(stderr, "test host: %s: %s\n", what, strerror(errno));
    exit(1);
}

const char *host_file(void)
{
    return strchr(where, ':') + 1;
}

void host_rewrite(const char *text)
{
    FILE *to = fopen(host_file(), "w");

    if ( !to || fputs(text, to) < 0 || fclose(to) )
        give_up(host_file());
}

const char *host_make(const char *text)
{
    strcpy(directory + strlen(directory) - 6, "XXXXXX");
    if ( !mkdtemp(directory) )
        give_up(directory);

    snprintf(where, sizeof(where), "model:%s/host", directory);
    host_rewrite(text);

    return where;
}

void host_remove(void)
{
    char state[160];

    snprintf(state, sizeof(state), "%s.state", host_file());
    unlink(state);
    unlink(host_file());
    rmdir(directory);
}

xennuma_handle *host_open(void)
{
    xennuma_handle *handle = xennuma_open(NULL, 0, where);

    if ( !handle )
        give_up(where);

    return handle;
}

int host_audit(xennuma_handle *handle, const char *row)
{
    char why[256];
    int rc = xennuma_model_audit(handle, why, sizeof(why));

    if ( rc )
        printf("    %s: %s\n", row, why);

    return rc;
}

int host_create(xennuma_handle *handle, uint64_t node0, uint64_t node1,
                uint64_t host, uint64_t max_pages,
                struct xennuma_created *created,
                struct xennuma_shortage *shortage)
{
    const struct xennuma_domain_config config = {
        .type = XENNUMA_DOMAIN_PVH, .max_vcpus = 1,
    };
    struct xennuma_claim claims[3] = { { .pages = 0 } };
    struct xennuma_placement placement = {
        .nodes = 3, .max_pages = max_pages, .owner = 42, .claims = claims,
    };
    unsigned int nr = 0;

    if ( node0 )
        claims[nr++].pages = node0;
    if ( node1 )
        claims[nr++] = (struct xennuma_claim){ .pages = node1, .target = 1 };
    if ( host )
        claims[nr++] = (struct xennuma_claim){ .pages = host,
                                               .target = XENNUMA_HOST };
    placement.nr_claims = nr;

    return xennuma_domain_create(handle, &config, &placement, created,
                                 shortage);
}
