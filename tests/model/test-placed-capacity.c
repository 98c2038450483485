/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What xenplace capacity foretells is what xenplace create then does: made-up
 * hosts are filled, in rounds of one to three sizes, until one is refused.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "daemon.h"
#include "host.h"
#include "unit.h"
#include "wire/capacity.h"
#include "wire/field.h"
#include "wire/outcome.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

#define ROUNDS     10u
#define MOST_SIZES 3u

static unsigned int state;

static unsigned int below(unsigned int bound)
{
    state = state * 1103515245u + 12345u;

    return state / 65536u % bound;
}

/*
 * A mix that was made up.  On a model, where no pool is taken, what a domain
 * does not use of its overhead depends on its size; the daemon knows it by
 * vCPUs, so each size has a number of its own.
 */
struct mix {
    unsigned int nr;
    const char *options;
    unsigned int mib[MOST_SIZES];
    unsigned int vcpus[MOST_SIZES];
};

static void make_mix(struct mix *mix, unsigned int round)
{
    mix->nr = 1 + round % MOST_SIZES;
    mix->options = round % 4 == 3 ? "-P strict" : "-P preferred";
    for ( unsigned int i = 0; i < mix->nr; i++ )
    {
        mix->mib[i] = 100 + below(361);
        mix->vcpus[i] = 1 + (i + round) % MOST_SIZES;
    }
}

static void write_config(const char *name, unsigned int mib,
                         unsigned int vcpus)
{
    char more[32];

    snprintf(more, sizeof(more), "vcpus = %u\n", vcpus);
    daemon_config(name, mib, more);
}

static struct json_object *parse(const char *text)
{
    size_t length = strlen(text);
    char why[256];

    return field_parse(text, length ? length - 1 : 0, why, sizeof(why));
}

static void ask(const struct mix *mix, struct capacity *capacity)
{
    char arguments[256], why[256] = "";
    const struct daemon_run *run;
    struct json_object *object;

    snprintf(arguments, sizeof(arguments), "capacity --json %s",
             mix->options);
    for ( unsigned int i = 0; i < mix->nr; i++ )
    {
        char name[] = { 'a' + i, 0 };

        write_config(name, mix->mib[i], mix->vcpus[i]);
        strcat(strcat(strcat(arguments, " "), name), ".cfg");
    }
    run = daemon_client(arguments);
    UNIT_EQUAL("capacity", run->status, 0);
    object = parse(run->out);
    UNIT_EQUAL("read", capacity_read(capacity, object, why, sizeof(why)), 0);
    UNIT_TEXT("read", why, "");
    json_object_put(object);
}

/* Count where it is.  False: it was refused. */
static bool create(const struct mix *mix, unsigned int n,
                   struct capacity_count *counts)
{
    const unsigned int i = n % mix->nr;
    unsigned int nodes = 0, node = 0;
    const struct daemon_run *run;
    char arguments[64], why[256];
    struct json_object *object;
    struct outcome outcome;

    snprintf(arguments, sizeof(arguments), "n%u", n);
    write_config(arguments, mix->mib[i], mix->vcpus[i]);
    snprintf(arguments, sizeof(arguments), "create -p --json %s n%u.cfg",
             mix->options, n);
    run = daemon_client(arguments);
    if ( run->status )
        return false;
    object = parse(run->out);
    if ( outcome_read(&outcome, object, why, sizeof(why)) )
        return false;
    json_object_put(object);

    for ( unsigned int j = 0; j < SHARES_MAX_NODES; j++ )
        if ( outcome.domains[0].shares.pages[j] )
        {
            node = j;
            nodes++;
        }
    counts[i].domains++;
    if ( nodes == 1 )
        counts[i].alone.pages[node]++;
    else
        counts[i].spanning++;
    outcome_dispose(&outcome);

    return true;
}

static void same(const char *what, const struct capacity_count *got,
                 const struct capacity_count *want)
{
    UNIT_EQUAL(what, got->domains, want->domains);
    UNIT_EQUAL(what, got->spanning, want->spanning);
    for ( unsigned int i = 0; i < SHARES_MAX_NODES; i++ )
        UNIT_EQUAL(what, got->alone.pages[i], want->alone.pages[i]);
}

/* As another toolstack would. */
static void destroy_all(void)
{
    static struct xennuma_domain domain;
    xennuma_handle *handle = host_open();
    struct xennuma_listed domids[256];
    unsigned int nr = NR(domids);

    UNIT_EQUAL("list", xennuma_domain_list(handle, domids, &nr), 0);
    for ( unsigned int i = 0; i < nr; i++ )
        if ( domids[i].domid &&
             !xennuma_claims_get(handle, domids[i].domid, &domain) )
            UNIT_EQUAL("destroy",
                       xennuma_domain_destroy(handle, domids[i].domid,
                                              domain.unique_id), 0);
    xennuma_close(handle);
}

/* Returns how many there were. */
static unsigned int fill(const struct mix *mix, const char *what)
{
    struct capacity_count counts[MOST_SIZES] = { { 0 } };
    struct capacity told, after;
    unsigned int nr = 0;

    ask(mix, &told);
    while ( create(mix, nr, counts) )
        nr++;
    UNIT_EQUAL(what, nr, told.count.domains);
    UNIT_TRUE(what, told.complete);
    if ( mix->nr == 1 )
        same(what, &counts[0], &told.count);
    else
    {
        UNIT_EQUAL(what, nr / mix->nr, told.rounds);
        UNIT_EQUAL(what, nr % mix->nr, told.last);
        for ( unsigned int i = 0; i < told.nr; i++ )
            same(what, &counts[i], &told.domains[i].count);
    }
    capacity_dispose(&told);

    /* The one that was refused begins the round now. */
    ask(&(struct mix){ 1, mix->options, { mix->mib[nr % mix->nr] },
                       { mix->vcpus[nr % mix->nr] } }, &after);
    UNIT_EQUAL("none is left", after.count.domains, 0);
    capacity_dispose(&after);

    return nr;
}

/* One of each size, from which it is known what such a domain takes. */
static void some_are_there(const struct mix *mix)
{
    for ( unsigned int i = 0; i < mix->nr; i++ )
    {
        char name[] = { 'p' + i, 0 }, arguments[] = "create -p p.cfg";

        arguments[10] = name[0];
        write_config(name, mix->mib[i], mix->vcpus[i]);
        UNIT_EQUAL("there", daemon_client(arguments)->status, 0);
    }
}

static const struct {
    const char *what;
    const char *description;
} hosts[] = {
    { "4 nodes", "1536M 2 10 16 16 16\n900M 2 16 10 16 16\n"
                 "1200M 4 16 16 10 16\n768M 2 16 16 16 10\n" },
    { "8 nodes", "512M 2 10 12 12 12 20 20 20 20\n"
                 "700M 2 12 10 12 12 20 20 20 20\n"
                 "512M 1 12 12 10 12 20 20 20 20\n"
                 "600M 2 12 12 12 10 20 20 20 20\n"
                 "512M 2 20 20 20 20 10 12 12 12\n"
                 "400M 2 20 20 20 20 12 10 12 12\n"
                 "512M 2 20 20 20 20 12 12 10 12\n"
                 "300M 0 20 20 20 20 12 12 12 10\n" },
    { "structures", "overhead 60 20\n1000M 2 10 20\n1000M 2 20 10\n" },
};

/* The daemon stays, and what it has learnt. */
static void hosts_are_filled_as_foretold(void)
{
    for ( unsigned int i = 0; i < NR(hosts); i++ )
    {
        daemon_begin(hosts[i].description);
        UNIT_TRUE("daemon starts", daemon_start(NULL));
        state = 5 + i;
        for ( unsigned int round = 0; round < ROUNDS; round++ )
        {
            struct mix mix;
            char what[64];

            make_mix(&mix, round);
            snprintf(what, sizeof(what), "%s, round %u", hosts[i].what,
                     round);
            some_are_there(&mix);
            UNIT_TRUE(what, fill(&mix, what) > 0);
            destroy_all();
        }
        daemon_end();
    }
}

static void a_mix_for_people(void)
{
    const struct daemon_run *run;

    daemon_begin("1000M 2 10 20\n1000M 2 20 10\n");
    UNIT_TRUE("daemon starts", daemon_start(NULL));
    daemon_config("small", 200, NULL);
    daemon_config("large", 600, NULL);
    run = daemon_client("capacity small.cfg large.cfg");
    UNIT_EQUAL("status", run->status, 0);
    UNIT_HOLDS("told", run->out,
               "2 more rounds fit, and 1 domain of another: 5 domains, 1 of "
               "them on several nodes\n"
               "NAME   DOMAINS  SEVERAL  NODE:DOMAINS  NODE:SHARED\n"
               "small        3        1  0:1 1:1       0:");
    UNIT_HOLDS("told", run->out, "large        2        0  0:1 1:1       -\n"
               "then refused: large: memory: 600 MiB");
    run = daemon_client("capacity -P strict -n 1 large.cfg small.cfg "
                        "small.cfg");
    UNIT_HOLDS("the same twice", run->out, "0 more rounds fit, and 2 domains "
               "of another: 2 domains, 0 ");
    run = daemon_client("capacity --json small.cfg large.cfg");
    UNIT_HOLDS("json", run->out, "{\"complete\":true,\"domains\":5,");
    UNIT_HOLDS("json", run->out, ",\"mix\":{\"rounds\":2,\"last\":1,"
               "\"error\":\"memory: 600 MiB and ");
    UNIT_HOLDS("json", run->out, "\"domains\":[{\"name\":\"small\","
               "\"domains\":3,\"spanning\":1,\"alone\":{\"0\":1,\"1\":1},");
    run = daemon_client("capacity small.cfg absent.cfg");
    UNIT_EQUAL("absent", run->status, 1);
    UNIT_HOLDS("absent", run->err, "absent.cfg: No such file or directory");
    daemon_config("many", 64, "vcpus = 129\n");
    run = daemon_client("capacity small.cfg many.cfg");
    UNIT_EQUAL("wrong", run->status, 1);
    UNIT_HOLDS("wrong", run->err, "many: vcpus: 129: a PVH domain has at "
               "most 128");
    UNIT_TRUE("nothing is left", daemon_nothing_left());
    daemon_end();
}

/* Where strict domains of some sizes would go, each alone. */
static void ask_plans(char *plans, size_t size)
{
    static const unsigned int sizes[] = { 40, 90, 150, 250, 350, 500, 700 };

    plans[0] = '\0';
    for ( unsigned int i = 0; i < NR(sizes); i++ )
    {
        size_t used = strlen(plans);

        daemon_config("s", sizes[i], NULL);
        snprintf(plans + used, size - used, "%s",
                 daemon_client("plan --json -P strict s.cfg")->out);
    }
}

/* Had it taught anything, holes would be kept for sizes only asked about. */
static void asking_changes_nothing(void)
{
    char before[4096], after[4096];

    daemon_begin("1536M 2 10 16 16 16\n920M 2 16 10 16 16\n"
                 "1210M 4 16 16 10 16\n770M 2 16 16 16 10\n");
    UNIT_TRUE("daemon starts", daemon_start(NULL));
    daemon_config("a", 190, NULL);
    daemon_config("b", 300, NULL);
    ask_plans(before, sizeof(before));
    for ( unsigned int i = 0; i < 10; i++ )
    {
        UNIT_EQUAL("mix", daemon_client("capacity a.cfg b.cfg")->status, 0);
        UNIT_EQUAL("one", daemon_client("capacity a.cfg")->status, 0);
    }
    ask_plans(after, sizeof(after));
    UNIT_TEXT("the same plans", after, before);
    UNIT_TRUE("nothing is left", daemon_nothing_left());
    daemon_end();
}

static const struct unit_test tests[] = {
    { "a mix is told to people and programs", a_mix_for_people },
    { "asking changes nothing", asking_changes_nothing },
    { "hosts are filled as foretold", hosts_are_filled_as_foretold },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "capacity", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("placed-capacity", suites);
}
