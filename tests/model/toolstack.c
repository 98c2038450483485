/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A toolstack for tests: see toolstack.h.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon.h"
#include "toolstack.h"
#include "unit.h"

void say(int fd, const char *method, const char *params)
{
    char text[1024];
    int length = snprintf(text, sizeof(text), "{\"jsonrpc\":\"2.0\",\"id\":1,"
                          "\"method\":\"%s\",\"params\":{%s}}\n", method,
                          params);

    UNIT_EQUAL("sent", send(fd, text, length, MSG_NOSIGNAL), length);
}

const char *ask(int fd, const char *method, const char *params)
{
    const char *line;

    say(fd, method, params);
    line = daemon_line(fd, 10);

    return line ? line : "no answer";
}

const char *reserve(int fd, unsigned int mib, const char *more)
{
    char params[512];

    snprintf(params, sizeof(params), "\"name\":\"r\",\"memory_pages\":%u,"
             "\"vcpus\":1%s", mib * TOOLSTACK_PAGES, more);

    return ask(fd, "reserve", params);
}

unsigned int lease_of(const char *reply)
{
    const char *lease = strstr(reply, "\"lease\":");

    return lease ? strtoul(lease + strlen("\"lease\":"), NULL, 10) : 0;
}

const char *call(int fd, const char *method, unsigned int lease,
                 unsigned int domid)
{
    char params[64];

    if ( domid )
        snprintf(params, sizeof(params), "\"lease\":%u,\"domid\":%u", lease,
                 domid);
    else
        snprintf(params, sizeof(params), "\"lease\":%u", lease);

    return ask(fd, method, params);
}

bool is_done(const char *reply)
{
    return strstr(reply, "\"result\":{\"lease\":");
}

bool fits(unsigned int mib)
{
    daemon_config("x", mib, NULL);

    return daemon_client("plan x.cfg")->status == 0;
}

struct xennuma_created create(unsigned int node, unsigned int mib,
                              uint64_t owner)
{
    const struct xennuma_domain_config config = {
        .type = XENNUMA_DOMAIN_PVH, .max_vcpus = 1,
    };
    const struct xennuma_claim claim = {
        .pages = mib * TOOLSTACK_PAGES, .target = node,
        .order = mib % 2 ? 0 : 9,
    };
    const struct xennuma_placement placement = {
        .nodes = UINT64_C(1) << node, .home_node = node,
        .max_pages = mib * TOOLSTACK_PAGES + 256, .owner = owner,
        .claims = &claim, .nr_claims = 1,
    };
    struct xennuma_created created = { .domid = 0 };
    xennuma_handle *handle = host_open();

    UNIT_EQUAL("created", xennuma_domain_create(handle, &config, &placement,
                                                &created, NULL), 0);
    xennuma_close(handle);

    return created;
}

void build(struct xennuma_created domain, unsigned int node,
           unsigned int mib)
{
    const uint64_t pages = mib * TOOLSTACK_PAGES;
    xennuma_handle *handle = host_open();

    if ( mib )
        UNIT_EQUAL("memory", xennuma_model_populate(handle, domain.domid,
                                                    node, pages, true), 0);
    UNIT_EQUAL("unpaused", xennuma_model_unpause(handle, domain.domid), 0);
    xennuma_close(handle);
}

void destroy(struct xennuma_created domain)
{
    xennuma_handle *handle = host_open();

    UNIT_EQUAL("destroyed", xennuma_domain_destroy(handle, domain.domid,
                                                   domain.unique_id), 0);
    xennuma_close(handle);
}
