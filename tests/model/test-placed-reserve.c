/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A toolstack that creates its domains itself: what is held for it, until
 * when, and what becomes of it when somebody goes away.
 */

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon.h"
#include "host.h"
#include "toolstack.h"
#include "unit.h"

static void begin(const char *description)
{
    daemon_begin(description);
    UNIT_TRUE("daemon starts", daemon_start(NULL));
}

static void a_reservation_counts_at_once(void)
{
    const char *reply;
    int fd;

    begin(NULL);
    fd = daemon_connect();
    for ( unsigned int i = 0; i < 4; i++ )
    {
        char wanted[160];

        snprintf(wanted, sizeof(wanted), "\"home_node\":%u,"
                 "\"nodes\":[%u],\"cpu_nodes\":[%u],"
                 "\"pages\":{\"%u\":256000},\"chunks_2m\":{\"%u\":500},"
                 "\"chunks_1g\":{},\"overhead_pages\":", i, i, i, i, i);
        reply = reserve(fd, 1000, "");
        UNIT_HOLDS("each on its own", reply, wanted);
        UNIT_EQUAL("its own lease", lease_of(reply), i + 1);
    }
    UNIT_EQUAL("Xen knows nothing of it", daemon_domains(), 0);
    UNIT_EQUAL("Xen knows nothing of it", daemon_claimed(), 0);

    reply = reserve(fd, 1000, ",\"policy\":\"strict\"");
    UNIT_HOLDS("no more", reply, "\"message\":\"memory: 1000 MiB");
    UNIT_HOLDS("no more", reply, "\"data\":{\"code\":\"no-space\","
               "\"why\":{\"need_pages\":");
    UNIT_HOLDS("no more", reply, "\"verdict\":\"no-memory\"");
    UNIT_TRUE("nor for xenplace", !fits(2500));
    UNIT_TRUE("but what is left", fits(1500));
    UNIT_HOLDS("what fits", daemon_client("capacity --json x.cfg")->out,
               "\"domains\":1,");

    UNIT_HOLDS("released", call(fd, "release", 3, 0),
               "\"result\":{\"lease\":3}}");
    reply = reserve(fd, 1000, ",\"policy\":\"strict\"");
    UNIT_HOLDS("there again", reply, "\"lease\":5,");
    UNIT_HOLDS("there again", reply, "\"home_node\":2,");
    close(fd);
    UNIT_TRUE("nothing left", daemon_nothing_left());
    daemon_end();
}

/*
 * 2 GiB: 900 MiB for the domain, 200 for its overhead, of which the model
 * takes 100, and so 948 and some are left until it is built.
 */
#define TAKEN "overhead 25600 0\n"
#define BOUND ",\"overhead_pages\":51200"

static struct xennuma_created bound(int fd, bool look)
{
    const unsigned int lease = lease_of(reserve(fd, 900, BOUND));
    struct xennuma_created domain;
    char wanted[64];

    UNIT_TRUE("reserved", lease);
    domain = create(0, 900, 42);
    if ( look )
        UNIT_TRUE("counted twice", !fits(300));
    snprintf(wanted, sizeof(wanted), "\"result\":{\"lease\":%u,\"domid\":%u}",
             lease, domain.domid);
    UNIT_HOLDS("bound", call(fd, "bind", lease, domain.domid), wanted);
    if ( look )
    {
        UNIT_TRUE("counted once", fits(930));
        UNIT_TRUE("its overhead is held", !fits(960));
        UNIT_TRUE("superpages once, too", is_done(reserve(fd, 900,
                                                  ",\"superpages\":\"2M\"")));
        UNIT_TRUE("released", is_done(call(fd, "release", lease + 1, 0)));
    }

    return domain;
}

/* Between its creation and bind, whoever asks then. */
static void with_its_cookie_it_counts_once_before(void)
{
    struct xennuma_created domain;
    const char *reply, *owner;
    unsigned int lease;
    int fd;

    begin("2G 2 10\n");
    fd = daemon_connect();
    reply = reserve(fd, 900, "");
    lease = lease_of(reply);
    owner = strstr(reply, "\"owner\":");
    if ( !UNIT_TRUE("there is a cookie", owner) )
        return;
    domain = create(0, 900, strtoull(owner + strlen("\"owner\":"), NULL, 10));
    UNIT_TRUE("once", fits(1100));
    UNIT_TRUE("not less", !fits(1160));
    UNIT_TRUE("bound as ever", is_done(call(fd, "bind", lease,
                                            domain.domid)));
    UNIT_TRUE("the same", fits(1100));
    build(domain, 0, 900);
    destroy(domain);

    reply = reserve(fd, 900, "");
    domain = create(0, 900, 4711);
    UNIT_TRUE("another cookie: twice", !fits(1100));
    destroy(domain);
    UNIT_TRUE("released", is_done(call(fd, "release", lease_of(reply), 0)));
    close(fd);
    UNIT_TRUE("nothing left", daemon_nothing_left());
    daemon_end();
}

static void bound_it_counts_once(void)
{
    struct xennuma_created domain;
    xennuma_handle *handle;
    int fd;

    begin(TAKEN "2G 2 10\n");
    fd = daemon_connect();
    domain = bound(fd, true);
    handle = host_open();
    UNIT_EQUAL("memory",
               xennuma_model_populate(handle, domain.domid, 0,
                                      900 * TOOLSTACK_PAGES, true), 0);
    xennuma_close(handle);
    UNIT_TRUE("as before", fits(930));
    UNIT_TRUE("as before", !fits(960));
    build(domain, 0, 0);
    UNIT_TRUE("it is built", fits(1030));
    UNIT_HOLDS("the lease ended", call(fd, "release", 1, 0),
               "lease: 1: none of this connection, or it has ended");
    UNIT_EQUAL("there", daemon_domains(), 1);
    close(fd);
    destroy(domain);
    UNIT_TRUE("nothing left", daemon_nothing_left());
    daemon_end();
}

/* 50 of the 100 MiB of overhead that Xen does not take. */
static void claims_beyond_memory_count_once(void)
{
    struct xennuma_created domain;
    xennuma_handle *handle;
    unsigned int lease;
    int fd;

    begin(TAKEN "2G 2 10\n");
    fd = daemon_connect();
    lease = lease_of(reserve(fd, 900, BOUND));
    domain = create(0, 950, 42);
    UNIT_TRUE("bound", is_done(call(fd, "bind", lease, domain.domid)));
    UNIT_TRUE("once", fits(930));
    UNIT_TRUE("not less", !fits(960));
    handle = host_open();
    UNIT_EQUAL("memory",
               xennuma_model_populate(handle, domain.domid, 0,
                                      940 * TOOLSTACK_PAGES, true), 0);
    xennuma_close(handle);
    UNIT_TRUE("taken: once", fits(930));
    UNIT_TRUE("taken: not less", !fits(960));
    close(fd);
    destroy(domain);
    UNIT_TRUE("nothing left", daemon_nothing_left());
    daemon_end();
}

static void what_ends_it_once_bound(void)
{
    struct xennuma_created domain;
    int fd;

    begin(TAKEN "2G 2 10\n");
    fd = daemon_connect();
    domain = bound(fd, false);
    UNIT_TRUE("held", !fits(960));
    destroy(domain);
    UNIT_TRUE("the domain is gone", fits(1900));

    domain = bound(fd, false);
    UNIT_TRUE("held", !fits(960));
    UNIT_TRUE("released", is_done(call(fd, "release", 2, 0)));
    UNIT_TRUE("its overhead, too", fits(1030));
    UNIT_EQUAL("not the domain", daemon_domains(), 1);
    UNIT_EQUAL("nor its claims", daemon_claimed(), 900 * TOOLSTACK_PAGES);
    destroy(domain);

    domain = bound(fd, false);
    UNIT_TRUE("held", !fits(960));
    close(fd);
    for ( unsigned int i = 0; i < 100 && !fits(1030); i++ )
        usleep(20000);
    UNIT_TRUE("its client is gone", fits(1030));
    UNIT_EQUAL("not the domain", daemon_domains(), 1);
    UNIT_EQUAL("nor its claims", daemon_claimed(), 900 * TOOLSTACK_PAGES);
    destroy(domain);
    UNIT_TRUE("nothing left", daemon_nothing_left());
    daemon_end();
}

static void a_client_that_goes_leaves_nothing(void)
{
    int fd, other;

    begin("1536M 2 10\n");
    fd = daemon_connect();
    other = daemon_connect();
    UNIT_TRUE("reserved", is_done(reserve(fd, 700, "")));
    UNIT_TRUE("reserved", is_done(reserve(other, 500, "")));
    UNIT_TRUE("held", !fits(700));
    close(fd);
    for ( unsigned int i = 0; i < 100 && !fits(700); i++ )
        usleep(20000);
    UNIT_TRUE("its own is free", fits(900));
    UNIT_TRUE("that of others is not", !fits(1100));
    close(other);
    daemon_end();
}

static void a_daemon_that_dies_leaves_what_is_in_xen(void)
{
    struct xennuma_created domain;
    int fd;

    begin("2G 2 10\n");
    fd = daemon_connect();
    UNIT_TRUE("reserved", is_done(reserve(fd, 900, "")));
    UNIT_TRUE("reserved", is_done(reserve(fd, 900, "")));
    domain = create(0, 900, 42);
    daemon_kill(SIGKILL);
    close(fd);
    UNIT_TRUE("daemon starts", daemon_start(NULL));
    UNIT_TRUE("the domain's claims, and no more", fits(1100));
    UNIT_TRUE("the domain's claims", !fits(1200));
    UNIT_EQUAL("the domain", daemon_domains(), 1);
    UNIT_EQUAL("its claims", daemon_claimed(), 900 * TOOLSTACK_PAGES);

    fd = daemon_connect();
    UNIT_HOLDS("its lease is not", call(fd, "bind", 1, domain.domid),
               "\"code\":\"invalid-params\"");
    close(fd);
    destroy(domain);
    UNIT_TRUE("nothing left", daemon_nothing_left());
    daemon_end();
}

static void of_two_that_race_one_gets_it(void)
{
    static const char params[] = "\"name\":\"r\",\"memory_pages\":256000,"
                                 "\"vcpus\":1";
    int fds[2];

    begin("1536M 2 10\n");
    fds[0] = daemon_connect();
    fds[1] = daemon_connect();
    for ( unsigned int i = 0; i < 50; i++ )
    {
        unsigned int leases[2];

        say(fds[i % 2], "reserve", params);
        say(fds[1 - i % 2], "reserve", params);
        for ( unsigned int n = 0; n < 2; n++ )
        {
            const char *line = daemon_line(fds[n], 10);

            leases[n] = line ? lease_of(line) : 0;
            UNIT_TRUE("an answer", line &&
                      (leases[n] || strstr(line, "\"no-space\"")));
        }
        UNIT_TRUE("one of them", !leases[0] != !leases[1]);
        UNIT_EQUAL("never the same lease", leases[0] + leases[1], i + 1);
        UNIT_TRUE("released", is_done(call(fds[leases[0] ? 0 : 1], "release",
                                           leases[0] + leases[1], 0)));
    }
    close(fds[0]);
    close(fds[1]);
    daemon_end();
}

static void what_cannot_be_bound(void)
{
    struct xennuma_created first, second, own;
    xennuma_handle *handle;
    char text[64];
    int fd, other;

    begin(NULL);
    fd = daemon_connect();
    other = daemon_connect();
    UNIT_EQUAL("reserved", lease_of(reserve(fd, 100, "")), 1);
    UNIT_EQUAL("reserved", lease_of(reserve(fd, 100, "")), 2);
    first = create(0, 100, 42);
    second = create(0, 100, 42);
    own = create(0, 1, UINT64_C(0x78656e706c616365));

    UNIT_HOLDS("no domain", call(fd, "bind", 1, 99), "\"message\":\"domain "
               "99: no such domain: see xl list\",\"data\":{\"code\":"
               "\"no-domain\"}");
    UNIT_HOLDS("no lease", call(fd, "bind", 3, first.domid),
               "lease: 3: none of this connection, or it has ended\","
               "\"data\":{\"code\":\"invalid-params\"}");
    UNIT_HOLDS("of another one", call(other, "bind", 1, first.domid),
               "lease: 1: none of this connection");
    UNIT_HOLDS("of another one", call(other, "release", 1, 0),
               "lease: 1: none of this connection");
    UNIT_HOLDS("the daemon's own", call(fd, "bind", 1, own.domid),
               "has the owner of domains that xenplaced creates");
    UNIT_TRUE("still there", is_done(call(fd, "bind", 1, first.domid)));
    UNIT_TRUE("asked again", is_done(call(fd, "bind", 1, first.domid)));
    snprintf(text, sizeof(text), "show --json %u", first.domid);
    UNIT_HOLDS("its plan stays", daemon_client(text)->out,
               "\"pages\":{\"0\":25600}");
    UNIT_HOLDS("another domain", call(fd, "bind", 1, second.domid),
               "lease: 1: is bound to domain");
    UNIT_HOLDS("another lease", call(fd, "bind", 2, first.domid),
               "is bound to lease 1");
    handle = host_open();
    UNIT_EQUAL("killed", xennuma_model_kill(handle, second.domid), 0);
    xennuma_close(handle);
    UNIT_HOLDS("it dies", call(fd, "bind", 2, second.domid), "\"no-domain\"");
    UNIT_TRUE("released", is_done(call(fd, "release", 2, 0)));
    UNIT_HOLDS("twice", call(fd, "release", 2, 0), "lease: 2: none of");
    UNIT_HOLDS("domain 0", ask(fd, "bind", "\"lease\":1,\"domid\":0"),
               "params: domid: it must be from 1 to 32751, not 0");
    UNIT_HOLDS("more", ask(fd, "release", "\"lease\":1,\"domid\":5"),
               "params: domid: unknown member");
    close(fd);
    close(other);
    destroy(first);
    destroy(second);
    destroy(own);
    daemon_end();
}

static void it_is_not_own_by_that(void)
{
    const struct daemon_run *run;
    struct xennuma_created domain;
    char text[64];
    int fd;

    /* Without the cookie, the plan tells which domains the daemon made. */
    begin("features claims\n1536M 2 10 16\n1536M 2 16 10\n");
    fd = daemon_connect();
    UNIT_EQUAL("reserved", lease_of(reserve(fd, 101, ",\"near\":[1]")), 1);
    domain = create(0, 101, 0);
    UNIT_TRUE("bound", is_done(call(fd, "bind", 1, domain.domid)));
    run = daemon_client("list --json");
    snprintf(text, sizeof(text), "\"domid\":%u,", domain.domid);
    UNIT_HOLDS("listed", run->out, text);
    UNIT_TRUE("not own", !strstr(run->out, "\"own\":true"));
    snprintf(text, sizeof(text), "show --json %u", domain.domid);
    UNIT_HOLDS("its plan", daemon_client(text)->out,
               "\"plan\":{\"home_node\":1,\"pages\":{\"1\":25856}");
    close(fd);
    destroy(domain);
    daemon_end();
}

/* A daemon with a builder that does not end, and a domain that it builds. */
static pid_t begin_a_build(void)
{
    static const char *const options[] = { "-b", "./builder", NULL };
    pid_t client;

    daemon_begin("1536M 2 10\n");
    daemon_write("builder", "#!/bin/sh\ncase $1 in --undo) exit 0;; esac\n"
                 "exec sleep 100\n");
    chmod("builder", 0700);
    UNIT_TRUE("daemon starts", daemon_start(options));
    daemon_config("a", 256, NULL);
    client = daemon_client_start("create -p a.cfg");
    for ( unsigned int i = 0; i < 500 && !daemon_domains(); i++ )
        usleep(10000);
    UNIT_EQUAL("it is being built", daemon_domains(), 1);

    return client;
}

static void end_a_build(pid_t client)
{
    kill(client, SIGKILL);
    daemon_client_wait(client);
}

static void who_is_created_does_not_wait_for_it(void)
{
    const pid_t client = begin_a_build();
    int fd = daemon_connect();

    UNIT_TRUE("reserved", is_done(reserve(fd, 700, "")));
    daemon_config("x", 700, NULL);
    UNIT_EQUAL("refused at once", daemon_client("create -p x.cfg")->status, 1);
    close(fd);
    end_a_build(client);
    UNIT_TRUE("nothing left", daemon_nothing_left());
    daemon_end();
}

static void who_waits_for_a_builder_may_go_earlier(void)
{
    const pid_t client = begin_a_build();
    unsigned int mib;
    int fd = daemon_connect();
    pid_t other;

    UNIT_TRUE("reserved", is_done(reserve(fd, 100, "")));
    /* But for what the builder has held: 257 pages a MiB, and 336. */
    mib = (daemon_free() - daemon_claimed() - 336) / 257 - 102;
    UNIT_TRUE("no place yet", !fits(mib));
    daemon_config("x", mib, NULL);
    other = daemon_client_start("create -p x.cfg");
    usleep(300000);
    UNIT_EQUAL("it waits", daemon_domains(), 1);
    UNIT_TRUE("released", is_done(call(fd, "release", 1, 0)));
    for ( unsigned int i = 0; i < 100 && daemon_domains() < 2; i++ )
        usleep(10000);
    UNIT_EQUAL("it goes", daemon_domains(), 2);
    close(fd);
    end_a_build(other);
    end_a_build(client);
    UNIT_TRUE("nothing left", daemon_nothing_left());
    daemon_end();
}

static void there_are_so_many_at_a_time(void)
{
    int fd, other;

    begin("16G 2 10\n");
    fd = daemon_connect();
    other = daemon_connect();
    for ( unsigned int i = 1; i <= 1024; i++ )
        if ( lease_of(reserve(fd, 1, "")) != i )
            UNIT_TRUE("one more", false);
    UNIT_HOLDS("too many", reserve(fd, 1, ""), "r: at most 1024 domains are "
               "reserved for, or bound and not built, at a time: try again "
               "later\",\"data\":{\"code\":\"too-busy\"}");
    UNIT_HOLDS("for all", reserve(other, 1, ""), "too-busy");
    UNIT_TRUE("released", is_done(call(fd, "release", 500, 0)));
    UNIT_EQUAL("room", lease_of(reserve(other, 1, "")), 1025);
    close(fd);
    close(other);
    daemon_end();
}

static const struct unit_test tests[] = {
    { "a reservation counts at once", a_reservation_counts_at_once },
    { "with its cookie it counts once before it is bound",
      with_its_cookie_it_counts_once_before },
    { "bound it counts once, and its overhead until it is built",
      bound_it_counts_once },
    { "claims beyond its memory count once, too",
      claims_beyond_memory_count_once },
    { "what ends it once it is bound", what_ends_it_once_bound },
    { "a client that goes away leaves nothing reserved",
      a_client_that_goes_leaves_nothing },
    { "a daemon that dies leaves what is in Xen",
      a_daemon_that_dies_leaves_what_is_in_xen },
    { "of two that race for the last memory one gets it",
      of_two_that_race_one_gets_it },
    { "what cannot be bound", what_cannot_be_bound },
    { "a domain that is bound is not the daemon's own",
      it_is_not_own_by_that },
    { "who is created does not wait for a reservation",
      who_is_created_does_not_wait_for_it },
    { "who waits for a builder may go earlier, when one is released",
      who_waits_for_a_builder_may_go_earlier },
    { "there are at most 1024 at a time", there_are_so_many_at_a_time },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "reservations", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("placed-reserve", suites);
}
