/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What a toolstack that creates its domains itself may wish, and what its
 * domains mean for the decisions of others: groups, vCPUs, sizes.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon.h"
#include "host.h"
#include "toolstack.h"
#include "unit.h"

/* All go to node 0, which has the CPUs, if nothing is wished. */
#define ONE_SIDED "1536M 64 10 16\n1536M 2 16 10\n"

static void begin(const char *description)
{
    daemon_begin(description);
    UNIT_TRUE("daemon starts", daemon_start(NULL));
}

static void wishes(void)
{
    int fd;

    begin(NULL);
    fd = daemon_connect();
    UNIT_HOLDS("near", reserve(fd, 256, ",\"near\":[2]"),
               "\"home_node\":2,");
    UNIT_HOLDS("near, once more", reserve(fd, 256, ",\"near\":[2]"),
               "\"home_node\":2,");
    UNIT_HOLDS("near what is not there", reserve(fd, 256, ",\"near\":[4]"),
               "r: near: 4: no such node: this host has the nodes 0 to 3");
    UNIT_HOLDS("nodes", reserve(fd, 256, ",\"nodes\":[3]"),
               "\"home_node\":3,");
    UNIT_HOLDS("nodes", reserve(fd, 256, ",\"nodes\":[9]"),
               "r: nodes: 9: no such node");
    UNIT_HOLDS("even parts", reserve(fd, 1600, ",\"vnuma\":true,\"nodes\":"
                                     "[0,1],\"max_nodes\":2"),
               "\"nodes\":[0,1],\"cpu_nodes\":[0,1],"
               "\"pages\":{\"0\":204800,\"1\":204800}");
    UNIT_HOLDS("policy", reserve(fd, 256, ",\"policy\":\"best\""),
               "r: policy: best: unknown: use strict, preferred or");
    UNIT_HOLDS("superpages", reserve(fd, 256, ",\"superpages\":\"2M\""),
               "\"chunks_2m\":{\"1\":128}");
    UNIT_HOLDS("superpages", reserve(fd, 2, ",\"superpages\":\"off\""),
               "\"chunks_2m\":{},");
    UNIT_HOLDS("superpages", reserve(fd, 2, ",\"superpages\":\"4M\""),
               "r: superpages: 4M: unknown: use preferred, 2M, 1G or off");
    UNIT_HOLDS("interleave", reserve(fd, 400, ",\"policy\":\"interleave\""),
               "\"nodes\":[0,1,2,3]");
    UNIT_HOLDS("overhead", reserve(fd, 10, ",\"overhead_pages\":777"),
               "\"overhead_pages\":777,");
    UNIT_HOLDS("nonsense", reserve(fd, 10, ",\"overhead_pages\":"
                                   "1099511627776"), "\"error\"");
    close(fd);
    daemon_end();
}

static void groups_of_reservations(void)
{
    int fd;

    begin(ONE_SIDED);
    fd = daemon_connect();
    UNIT_HOLDS("none", reserve(fd, 100, ""), "\"home_node\":0,");
    UNIT_HOLDS("none", reserve(fd, 100, ""), "\"home_node\":0,");
    UNIT_HOLDS("the first", reserve(fd, 100, ",\"spread\":\"a\""),
               "\"home_node\":0,");
    UNIT_HOLDS("the second", reserve(fd, 100, ",\"spread\":\"a\""),
               "\"home_node\":1,");
    UNIT_HOLDS("even", reserve(fd, 100, ",\"spread\":\"a\""),
               "\"lease\":5,\"home_node\":0,");
    UNIT_HOLDS("another one", reserve(fd, 100, ",\"spread\":\"b\""),
               "\"home_node\":0,");
    UNIT_HOLDS("put", reserve(fd, 100, ",\"pack\":\"c\",\"nodes\":[1]"),
               "\"home_node\":1,");
    UNIT_HOLDS("packed", reserve(fd, 100, ",\"pack\":\"c\""),
               "\"home_node\":1,");
    UNIT_TRUE("released", is_done(call(fd, "release", 5, 0)));
    UNIT_HOLDS("even again", reserve(fd, 100, ",\"spread\":\"a\""),
               "\"home_node\":0,");
    close(fd);
    daemon_end();
}

static void groups_of_domains(void)
{
    struct xennuma_created first, second;
    unsigned int lease;
    char more[128];
    int fd;

    begin(ONE_SIDED);
    fd = daemon_connect();
    lease = lease_of(reserve(fd, 100, ",\"spread\":\"a\""));
    first = create(0, 100, 42);
    UNIT_TRUE("bound", is_done(call(fd, "bind", lease, first.domid)));
    UNIT_HOLDS("what was bound", reserve(fd, 100, ",\"spread\":\"a\""),
               "\"lease\":2,\"home_node\":1,");
    snprintf(more, sizeof(more), ",\"spread\":\"a\",\"members\":[%u,%u,99]",
             first.domid, first.domid);
    UNIT_HOLDS("each once", reserve(fd, 100, more),
               "\"lease\":3,\"home_node\":0,");
    UNIT_TRUE("released", is_done(call(fd, "release", 3, 0)));

    /* Known to the toolstack only, and without claims. */
    second = create(0, 100, 42);
    build(second, 0, 100);
    snprintf(more, sizeof(more), ",\"spread\":\"a\",\"members\":[%u]",
             second.domid);
    UNIT_HOLDS("of the toolstack", reserve(fd, 100, more),
               "\"lease\":4,\"home_node\":1,");
    UNIT_TRUE("released", is_done(call(fd, "release", 4, 0)));
    UNIT_TRUE("released", is_done(call(fd, "release", 2, 0)));
    build(first, 0, 0);
    UNIT_HOLDS("it runs, but has nothing", reserve(fd, 100,
                                                   ",\"spread\":\"a\""),
               "\"lease\":5,\"home_node\":0,");
    UNIT_TRUE("released", is_done(call(fd, "release", 5, 0)));
    destroy(first);
    UNIT_HOLDS("who is gone does not count", reserve(fd, 100,
                                                     ",\"spread\":\"a\""),
               "\"lease\":6,\"home_node\":0,");
    UNIT_TRUE("released", is_done(call(fd, "release", 6, 0)));

    /* A new daemon knows of no group. */
    daemon_kill(SIGKILL);
    close(fd);
    UNIT_TRUE("daemon starts", daemon_start(NULL));
    fd = daemon_connect();
    UNIT_HOLDS("forgotten", reserve(fd, 100, ",\"pack\":\"a\",\"near\":[1]"),
               "\"lease\":1,\"home_node\":1,");
    UNIT_HOLDS("but for the toolstack", reserve(fd, 100, more),
               "\"lease\":2,\"home_node\":0,");
    close(fd);
    destroy(second);
    daemon_end();
}

/* Xen gives an id again when it has been through all others. */
static void an_id_may_be_that_of_another_domain(void)
{
    struct xennuma_created first, next = { .domid = 0 };
    xennuma_handle *handle;
    int fd;

    begin(ONE_SIDED);
    fd = daemon_connect();
    UNIT_EQUAL("reserved", lease_of(reserve(fd, 100, ",\"spread\":\"a\"")),
               1);
    first = create(0, 100, 42);
    UNIT_TRUE("bound", is_done(call(fd, "bind", 1, first.domid)));
    destroy(first);
    handle = host_open();
    for ( unsigned int i = 0; i < 40000 && next.domid != first.domid; i++ )
    {
        if ( next.domid )
            xennuma_domain_destroy(handle, next.domid, next.unique_id);
        if ( host_create(handle, 25600, 0, 0, 30000, &next, NULL) )
            break;
    }
    xennuma_close(handle);
    UNIT_EQUAL("the same id", next.domid, first.domid);
    UNIT_HOLDS("it is not of the group", reserve(fd, 100,
                                                 ",\"spread\":\"a\""),
               "\"lease\":2,\"home_node\":0,");
    UNIT_HOLDS("nor is it bound", call(fd, "release", 1, 0),
               "lease: 1: none of this connection, or it has ended");
    close(fd);
    destroy(next);
    daemon_end();
}

static void vcpus_are_held_too(void)
{
    int fd;

    begin("1536M 2 10 16\n1536M 2 16 10\n");
    fd = daemon_connect();
    UNIT_HOLDS("the first", reserve(fd, 256, ""), "\"home_node\":0,");
    UNIT_HOLDS("the second", reserve(fd, 256, ""), "\"home_node\":1,");
    close(fd);
    daemon_end();
}

/* The plan says where vCPUs are, else memory does. */
static void vcpus_of_others_count(void)
{
    struct xennuma_created domain;
    int fd;

    begin("1536M 2 10 16\n1536M 2 16 10\n");
    domain = create(0, 100, 42);
    daemon_config("a", 256, NULL);
    UNIT_HOLDS("its memory", daemon_client("plan --json a.cfg")->out,
               "\"nodes\":[1]");
    fd = daemon_connect();
    UNIT_HOLDS("reserved", reserve(fd, 100, ",\"nodes\":[1]"),
               "\"lease\":1,\"home_node\":1,");
    UNIT_TRUE("bound", is_done(call(fd, "bind", 1, domain.domid)));
    UNIT_HOLDS("its plan", daemon_client("plan --json a.cfg")->out,
               "\"nodes\":[0]");
    close(fd);
    daemon_kill(SIGKILL);
    UNIT_TRUE("daemon starts", daemon_start(NULL));
    UNIT_HOLDS("its memory again", daemon_client("plan --json a.cfg")->out,
               "\"nodes\":[1]");
    destroy(domain);
    daemon_end();
}

/* What sizes are usual is learnt from what is bound, too. */
static void sizes_are_learnt(void)
{
    char before[32768];
    const char *after;
    int fd;

    begin("1536M 2 10 16\n1200M 2 16 10\n");
    fd = daemon_connect();
    daemon_config("x", 300, NULL);
    snprintf(before, sizeof(before), "%s",
             daemon_client("plan --json x.cfg")->out);
    UNIT_TRUE("released", is_done(call(fd, "release",
                                       lease_of(reserve(fd, 700, "")), 0)));
    UNIT_TEXT("not what is released", daemon_client("plan --json x.cfg")->out,
              before);
    for ( unsigned int i = 0; i < 20; i++ )
    {
        const unsigned int lease = lease_of(reserve(fd, 700, ""));
        struct xennuma_created domain = create(0, 2, 42);

        UNIT_TRUE("bound", is_done(call(fd, "bind", lease, domain.domid)));
        destroy(domain);
    }
    /* Nothing is held any more, so all else is as it was. */
    after = daemon_client("plan --json x.cfg")->out;
    UNIT_HOLDS("the same", after, "\"free_pages\":307200");
    UNIT_HOLDS("the same", before, "\"regret\":1200");
    UNIT_TRUE("other terms", !strstr(after, "\"regret\":1200"));
    close(fd);
    daemon_end();
}

static const struct unit_test tests[] = {
    { "its vCPUs are held, too", vcpus_are_held_too },
    { "wishes are heard", wishes },
    { "groups of reservations", groups_of_reservations },
    { "groups of domains", groups_of_domains },
    { "an id may be that of another domain by now",
      an_id_may_be_that_of_another_domain },
    { "vCPUs of others count where their memory is, or their plan",
      vcpus_of_others_count },
    { "usual sizes are learnt from what is bound", sizes_are_learnt },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "wishes", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("placed-wish", suites);
}
