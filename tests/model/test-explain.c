/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Answers explained by daemon and client: in tables, in JSON, and so that
 * whoever follows the advice gets the domain.
 */

#include <stdio.h>
#include <string.h>

#include "daemon.h"
#include "host.h"
#include "unit.h"

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static int begin(void)
{
    daemon_begin(NULL);
    daemon_config("a", 256, NULL);
    daemon_config("big", 9000, NULL);
    daemon_config("span", 2000, NULL);
    daemon_config("many", 256, "vcpus = 3\n");

    return daemon_start(NULL) ? 0 : -1;
}

static int end(void)
{
    daemon_end();

    return 0;
}

static const struct {
    const char *arguments;
    int status;
    const char *out;
} tables[] = {
    { "explain a.cfg", 0,
      "a: fits\n"
      "NODE  FREE  NEED  CPUS  VERDICT\n"
      "   0  1536   259     2  chosen (regret 1405, load 512)\n"
      "   1  1536   259     2  would do, but it is like a lower one "
      "(regret 1405, load 512)\n" },
    { "explain -n 2 a.cfg", 0,
      "   1  1536   259     2  not asked for\n"
      "   2  1536   259     2  chosen (" },
    { "explain span.cfg", 0,
      "span: fits\n"
      "NODE  FREE  NEED  CPUS  VERDICT\n"
      "   0  1536  1526     2  chosen (distance 20)\n"
      "   1  1536   474     2  chosen (distance 32)\n"
      "   2  1536  2010     2  not needed: alone 474 MiB short "
      "(distance 32)\n" },
    { "explain -P strict span.cfg", 1,
      "span: does not fit\n"
      "NODE  FREE  NEED  CPUS  VERDICT\n"
      "   0  1536  2010     2  474 MiB short\n"
      "   1  1536  2010     2  474 MiB short\n"
      "   2  1536  2010     2  474 MiB short\n"
      "   3  1536  2010     2  474 MiB short\n"
      "binding: memory of a node: no single one has it\n"
      "it would fit: policy: preferred\n"
      "it would fit: memory: at most 1528 MiB\n" },
    { "explain -P strict many.cfg", 1,
      "   3  1536   261     2  only 2 CPUs\n"
      "binding: CPUs of a node: those with the memory have too few\n"
      "it would fit: policy: preferred\n"
      "it would fit: vcpus: at most 2\n" },
    { "explain -n 1 span.cfg", 1,
      "   2  1536  2010     2  not asked for\n"
      "   3  1536  2010     2  not asked for\n"
      "binding: the nodes asked for: others have room\n"
      "it would fit: nodes: on any, several of them together\n"
      "it would fit: memory: at most 1528 MiB\n" },
    { "explain -m 1 span.cfg", 1,
      "binding: the number of nodes asked for\n"
      "it would fit: max-nodes: 2\n"
      "it would fit: memory: at most 1528 MiB\n" },
    { "explain big.cfg", 1,
      "binding: memory of the nodes, all together\n"
      "it would fit: memory: at most 6118 MiB\n" },
};

static void tables_explain(void)
{
    for ( size_t i = 0; i < NR(tables); i++ )
    {
        const struct daemon_run *run = daemon_client(tables[i].arguments);

        UNIT_EQUAL(tables[i].arguments, run->status, tables[i].status);
        UNIT_HOLDS(tables[i].arguments, run->out, tables[i].out);
        UNIT_TEXT(tables[i].arguments, run->err, "");
    }
    UNIT_TRUE("nothing left", daemon_nothing_left());
}

static void advice_is_just_enough(void)
{
    daemon_config("most", 6118, NULL);
    daemon_config("over", 6119, NULL);
    UNIT_EQUAL("as said", daemon_client("plan most.cfg")->status, 0);
    UNIT_EQUAL("a MiB more", daemon_client("plan over.cfg")->status, 1);
    daemon_config("most", 1528, NULL);
    daemon_config("over", 1529, NULL);
    UNIT_EQUAL("as said, strict",
               daemon_client("plan -P strict most.cfg")->status, 0);
    UNIT_EQUAL("a MiB more, strict",
               daemon_client("plan -P strict over.cfg")->status, 1);
}

static void refusals_give_advice(void)
{
    const struct daemon_run *run = daemon_client("create -p big.cfg");

    UNIT_EQUAL("refused", run->status, 1);
    UNIT_HOLDS("advice", run->err,
               " MiB short; would fit: memory: at most 6118 MiB\n");
    run = daemon_client("plan -P strict many.cfg");
    UNIT_HOLDS("advice, vCPUs", run->err, "; would fit: vcpus: at most 2\n");
}

static void programs_are_told_the_same(void)
{
    static const char why[] =
        "\"why\":{\"need_pages\":2313336,\"binding\":\"host-memory\","
        "\"changes\":[{\"change\":\"memory\",\"pages\":1566208,"
        "\"text\":\"memory: at most 6118 MiB\"}],\"nodes\":["
        "{\"node\":0,\"verdict\":\"no-memory\",\"free_pages\":393216,"
        "\"missing_pages\":1920120,\"cpus\":2},";
    const struct daemon_run *run = daemon_client("plan --json big.cfg");

    UNIT_HOLDS("plan", run->out, why);
    run = daemon_client("explain --json big.cfg");
    UNIT_EQUAL("explain", run->status, 1);
    UNIT_HOLDS("explain", run->out, why);
    UNIT_HOLDS("as of plan", run->err, "xenplace: big: memory: 9000 MiB");
    run = daemon_client("create -p --json big.cfg");
    UNIT_HOLDS("create", run->out, why);
    run = daemon_client("plan --json span.cfg");
    UNIT_HOLDS("distances", run->out,
               "{\"node\":1,\"verdict\":\"chosen\",\"free_pages\":393216,"
               "\"cpus\":2,\"distance\":32},");
    UNIT_TRUE("nothing left", daemon_nothing_left());
}

/* Largest first; what does not fit sees all that were planned. */
static void batches_are_explained_by_turn(void)
{
    const struct daemon_run *run;

    daemon_config("large", 1500, NULL);
    run = daemon_client("explain -P strict -n 1,3 a.cfg big.cfg large.cfg");
    UNIT_EQUAL("status", run->status, 1);
    UNIT_HOLDS("the last", run->out,
               "a: fits\n"
               "NODE  FREE  NEED  CPUS  VERDICT\n"
               "   0  1536   259     2  not asked for\n"
               "   1    28   259     2  230 MiB short\n"
               "   2  1536   259     2  not asked for\n"
               "   3  1536   259     2  chosen (");
    UNIT_HOLDS("the first", run->out,
               "   1  1536  1508     2  chosen (regret 379, load 0)\n"
               "   2  1536  1508     2  not asked for\n"
               "   3  1536  1508     2  would do, but ");
    UNIT_HOLDS("what is left", run->out,
               "   1    28  9037     2  9008 MiB short\n"
               "   2  1536  9037     2  not asked for\n"
               "   3  1277  9037     2  7759 MiB short\n");
    UNIT_HOLDS("for what is left", run->out,
               "it would fit: memory: at most 1271 MiB\n");
    run = daemon_client("plan -P strict -n 1,3 a.cfg big.cfg large.cfg");
    UNIT_HOLDS("the line says the same", run->err,
               "node 1: 9008 MiB short, node 2: not asked for, "
               "node 3: 7759 MiB short");
    UNIT_TRUE("nothing left", daemon_nothing_left());
}

static void claims_of_others_are_explained(void)
{
    xennuma_handle *handle = host_open();
    struct xennuma_created created;
    const struct daemon_run *run;

    UNIT_EQUAL("created", host_create(handle, 0, 0, 6000 * 256, 6100 * 256,
                                      &created, NULL), 0);
    run = daemon_client("explain a.cfg");
    UNIT_EQUAL("refused", run->status, 1);
    UNIT_HOLDS("claims", run->out,
               "binding: memory claimed by others, on whatever node\n"
               "it would fit: claims: when 115 MiB that others claimed, on "
               "whatever node, are released\n"
               "it would fit: memory: at most 142 MiB\n");
    UNIT_EQUAL("gone", xennuma_domain_destroy(handle, created.domid,
                                              created.unique_id), 0);
    xennuma_close(handle);
    UNIT_EQUAL("fits", daemon_client("explain a.cfg")->status, 0);
}

static const struct unit_test tests[] = {
    { "tables explain what fits and what does not", tables_explain },
    { "advice is just enough", advice_is_just_enough },
    { "refusals give advice", refusals_give_advice },
    { "programs are told the same", programs_are_told_the_same },
    { "batches are explained by turn", batches_are_explained_by_turn },
    { "claims of others are explained", claims_of_others_are_explained },
    { NULL, NULL }
};

int main(void)
{
    const struct unit_suite suites[] = {
        { "explain", begin, end, tests },
        { NULL, NULL, NULL, NULL }
    };

    return unit_main("explain", suites);
}
