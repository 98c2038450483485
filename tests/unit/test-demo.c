/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The demo's result: computed from small journals whose outcome is plain,
 * from one that was recorded on real lab hosts, and, where ./dev demo has
 * run, from its own raw files once more.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "demo/show.h"
#include "unit.h"

#define X "(XEN) "
#define DOMAIN(d, pages, n0, n1) X "d" #d " (total: " #pages "):\n" \
    X "    Node 0: " #n0 "\n" X "    Node 1: " #n1 "\n"
#define KEY_U(free0, free1) X "'u' pressed -> dumping numa info\n" \
    X "NODE0 start->0 size->9 free->" #free0 "\n" \
    X "NODE1 start->0 size->9 free->" #free1 "\n" \
    X "Memory location of each domain:\n" DOMAIN(0, 5, 2, 3)
#define U KEY_U(9, 9)
#define SNAPSHOT(free0, free1) "demo: snapshot\n" KEY_U(free0, free1) \
    "demo: end\n"
#define RUN(lines) "demo: run s b\n" lines "demo: end\n"

struct row {
    const char *fact;
    const char *journal;
    struct run run;                     /* storm and by are s and b          */
};

static const struct row rows[] = {
    { "one domain on one node",
      RUN("sizes 1\nclient 1.00 2.50 0\n" U DOMAIN(1, 256, 256, 0)),
      { .domains = 1, .pages = 256, .local_pages = 256, .hundredths = 150 } },
    { "64 pages off the best node are no split, and are not local",
      RUN("sizes 4\nclient 1.00 1.00 0\n" U DOMAIN(1, 1024, 64, 960)),
      { .domains = 1, .pages = 1024, .local_pages = 960 } },
    { "65 pages off are",
      RUN("sizes 4\nclient 1.00 1.00 0\n" U DOMAIN(1, 1024, 65, 959)),
      { .domains = 1, .split = 1, .pages = 1024, .local_pages = 959 } },
    { "time runs from the first start to the last end, in any order",
      RUN("sizes 1 1 1\nclient 11.10 12.00 0\nclient 9.99 10.50 0\n"
          "client 10.00 12.01 0\n" U DOMAIN(1, 256, 256, 0)
          DOMAIN(2, 256, 256, 0) DOMAIN(3, 256, 256, 0)),
      { .domains = 3, .pages = 768, .local_pages = 768, .hundredths = 202 } },
    { "a client that failed, although its domain is there",
      RUN("sizes 1 1\nclient 1.00 2.00 0\nclient 1.00 2.00 1\n" U
          DOMAIN(1, 256, 256, 0) DOMAIN(2, 256, 256, 0)),
      { .domains = 2, .failed = 1, .pages = 512, .local_pages = 512,
        .hundredths = 100 } },
    { "a domain that is not there, although its client says so",
      RUN("sizes 1 1\nclient 1.00 2.00 0\nclient 1.00 2.00 0\n" U
          DOMAIN(7, 256, 0, 256)),
      { .domains = 2, .failed = 1, .pages = 256, .local_pages = 256,
        .hundredths = 100 } },
    { "a domain with less memory than asked for has failed",
      RUN("sizes 1 2\nclient 1.00 2.00 0\n" U
          DOMAIN(7, 511, 0, 511) DOMAIN(8, 300, 300, 0)),
      { .domains = 2, .failed = 1, .pages = 811, .local_pages = 811,
        .hundredths = 100 } },
    { "the larger is missing, the smaller is there",
      RUN("sizes 2 1\nclient 1.00 2.00 0\n" U DOMAIN(7, 256, 0, 256)),
      { .domains = 2, .failed = 1, .pages = 256, .local_pages = 256,
        .hundredths = 100 } },
    { "what one has too much another does not have",
      RUN("sizes 1 1 2\nclient 1.00 2.00 0\n" U DOMAIN(7, 9000, 0, 9000)
          DOMAIN(8, 255, 255, 0) DOMAIN(9, 0, 0, 0)),
      { .domains = 3, .failed = 2, .pages = 9255, .local_pages = 9255,
        .hundredths = 100 } },
    { "all failed, by client and by memory: none counts twice",
      RUN("sizes 1 1\nclient 1.00 2.00 1\nclient 1.00 2.00 1\n" U),
      { .domains = 2, .failed = 2, .hundredths = 100 } },
    { "one client for all of them, killed",
      RUN("sizes 1 1\nclient 1.00 2.00 137\n" U),
      { .domains = 2, .failed = 2, .hundredths = 100 } },
    { NULL }
};

static void judges_a_run(void)
{
    const struct row *row;

    for ( row = rows; row->fact; row++ )
    {
        struct result result = { 0 };
        char why[WHY_SIZE] = "";
        const struct run *run;

        UNIT_EQUAL(row->fact, result_add(&result, text_of(row->journal), why),
                   0);
        run = result_run(&result, "s", "b");
        if ( !UNIT_TRUE(row->fact, run) )
            continue;
        UNIT_EQUAL(row->fact, run->domains, row->run.domains);
        UNIT_EQUAL(row->fact, run->failed, row->run.failed);
        UNIT_EQUAL(row->fact, run->split, row->run.split);
        UNIT_EQUAL(row->fact, run->pages, row->run.pages);
        UNIT_EQUAL(row->fact, run->local_pages, row->run.local_pages);
        UNIT_EQUAL(row->fact, run->hundredths, row->run.hundredths);
    }
}

#define GOOD_RUN "sizes 1\nclient 1.00 2.50 0\n" U DOMAIN(1, 256, 256, 0)
#define BROKEN "run s by b: a line of a client or of sizes is broken"

static const struct {
    const char *fact;
    const char *journal;
    const char *why;
} bads[] = {
    { "a line before the first section", "\n" SNAPSHOT(9, 9),
      "journal: : outside of a section" },
    { "a section without an end", "demo: run s b\n" GOOD_RUN,
      "journal: run s b: section without an end" },
    { "a section in a section", "demo: run s b\n" GOOD_RUN RUN(GOOD_RUN),
      "journal: run s b: section without an end" },
    { "an unknown section", "demo: storm\ndemo: end\n",
      "a section of an unknown kind" },
    { "a run without a builder", "demo: run s\ndemo: end\n",
      "run s by : not a title: want run STORM BY" },
    { "a run with too many words", "demo: run s b c\ndemo: end\n",
      "run s by b: not a title: want run STORM BY" },
    { "a run twice", RUN(GOOD_RUN) RUN(GOOD_RUN), "a run is there twice" },
    { "no client", RUN("sizes 1\n" U), "run s by b: no sizes or no client" },
    { "no sizes", RUN("client 1.00 2.00 0\n" U),
      "run s by b: no sizes or no client" },
    { "a client that ended before it began",
      RUN("sizes 1\nclient 2.00 1.99 0\n" U), BROKEN },
    { "a time with one digit", RUN("sizes 1\nclient 2.0 2.99 0\n" U),
      BROKEN },
    { "a client without a status", RUN("sizes 1\nclient 2.00 2.99\n" U),
      BROKEN },
    { "more behind a status", RUN("sizes 1\nclient 2.00 2.99 0 0\n" U),
      BROKEN },
    { "a size of nothing", RUN("sizes 1 0\nclient 2.00 2.99 0\n" U),
      BROKEN },
    { "a size that is no number",
      RUN("sizes 1 1M\nclient 2.00 2.99 0\n" U), BROKEN },
    { "no witness", RUN("sizes 1\nclient 2.00 2.99 0\n"),
      "run s by b: debug key u: no answer, or its start was lost" },
    { "more domains than were asked for",
      RUN("sizes 1\nclient 2.00 2.99 0\n" U DOMAIN(1, 256, 256, 0)
          DOMAIN(2, 256, 256, 0)),
      "run s by b: more domains than were asked for" },
    { "a third snapshot", SNAPSHOT(9, 9) SNAPSHOT(9, 8) SNAPSHOT(9, 8),
      "a third snapshot" },
    { "one snapshot only", SNAPSHOT(9, 9),
      "one snapshot only, or not of the same nodes" },
    { "a snapshot without a witness",
      SNAPSHOT(9, 9) "demo: snapshot\ndemo: end\n",
      "debug key u: no answer, or its start was lost" },
    { NULL }
};

static void refuses_a_broken_journal(void)
{
    for ( unsigned int i = 0; bads[i].fact; i++ )
    {
        struct result result = { 0 };
        char why[WHY_SIZE] = "";

        errno = 0;
        UNIT_EQUAL(bads[i].fact,
                   result_add(&result, text_of(bads[i].journal), why), -1);
        UNIT_EQUAL(bads[i].fact, errno, EBADMSG);
        UNIT_TEXT(bads[i].fact, why, bads[i].why);
    }
}

static void leak_is_the_sum_of_differences(void)
{
    static const struct {
        const char *fact;
        const char *journal;
        bool has_leak;
        uint64_t leaked_pages;
    } leaks[] = {
        { "none was measured", RUN(GOOD_RUN), false, 0 },
        { "equal", SNAPSHOT(70, 80) SNAPSHOT(70, 80), true, 0 },
        { "more here and less there do not cancel out",
          SNAPSHOT(70, 80) SNAPSHOT(73, 79), true, 4 },
        { "a storm for it that was whole",
          "demo: run s warm-up\n" GOOD_RUN "demo: end\n"
          SNAPSHOT(70, 80) SNAPSHOT(70, 80), true, 0 },
        { "a storm before it that left a domain out",
          "demo: run s warm-up\nsizes 1\nclient 1.00 1.00 0\n" U
          "demo: end\n" SNAPSHOT(70, 80) SNAPSHOT(70, 80), false, 0 },
        { "a storm before it that split a domain",
          "demo: run s warm-up\nsizes 4\n"
          "client 1.00 1.00 0\n" U DOMAIN(1, 1024, 65, 959) "demo: end\n"
          SNAPSHOT(70, 80) SNAPSHOT(70, 80), false, 0 },
    };

    for ( unsigned int i = 0; i < sizeof(leaks) / sizeof(*leaks); i++ )
    {
        struct result result = { 0 };
        char why[WHY_SIZE];

        UNIT_EQUAL(leaks[i].fact,
                   result_add(&result, text_of(leaks[i].journal), why), 0);
        UNIT_EQUAL(leaks[i].fact, result.has_leak, leaks[i].has_leak);
        UNIT_EQUAL(leaks[i].fact, result.leaked_pages,
                   leaks[i].leaked_pages);
    }
}

static void linux_speaks_for_itself(void)
{
#define SAYS "console lab guest: init reached: 2 CPUs, 9 KiB\r\n"
    static const struct {
        const char *fact;
        const char *lines;
        bool booted;
    } consoles[] = {
        { "created, and it speaks", "client 1.00 2.00 0\n" SAYS, true },
        { "it is silent", "client 1.00 2.00 0\nconsole \n", false },
        { "its client failed", "client 1.00 2.00 1\n" SAYS, false },
        { "its client was not seen", SAYS, false },
        { "another than its console says it",
          "client 1.00 2.00 0\nlab guest: init reached\n", false },
    };
#undef SAYS

    for ( unsigned int i = 0; i < sizeof(consoles) / sizeof(*consoles); i++ )
    {
        struct result result = { 0 };
        char why[WHY_SIZE], text[256];

        snprintf(text, sizeof(text), "demo: linux\n%s\ndemo: end\n",
                 consoles[i].lines);
        UNIT_EQUAL(consoles[i].fact, result_add(&result, text_of(text), why),
                   0);
        UNIT_EQUAL(consoles[i].fact, result.linux_booted,
                   consoles[i].booted);
    }
}

static void a_share_is_whole_only_if_all_is(void)
{
    struct run run = { .pages = UINT64_C(1) << 48 };

    UNIT_EQUAL("none", run_local(&run), 0);
    run.local_pages = run.pages - 1;
    UNIT_EQUAL("one page is off", run_local(&run), 9999);
    run.local_pages = run.pages;
    UNIT_EQUAL("all", run_local(&run), 10000);
    run.pages = run.local_pages = 0;
    UNIT_EQUAL("none of none", run_local(&run), 0);
}

/* What a result has, and which goals are then not met. */
static void a_goal_that_is_not_met_is_named(void)
{
#define OURS(storm) { storm, "xenplace", 2, 0, 0, 512, 512, 300 }
#define XL(storm) { storm, "xl", 2, 0, 1, 512, 500, 900 }
#define BARE(storm) { storm, "bare", 2, 0, 0, 512, 512, 100 }
#define PLACED(storm) { storm, "xl-placed", 2, 0, 0, 512, 512, 988 }
#define ALL { OURS("uniform-18"), XL("uniform-18"), BARE("uniform-18"), \
              OURS("mixed-14"), XL("mixed-14"), BARE("mixed-14"), \
              PLACED("uniform-18"), PLACED("mixed-14") }
    static const struct {
        const char *fact;
        const char *open;               /* ids                               */
        bool kept;
        unsigned int run;               /* put this run in the place of one  */
        struct run other;
        struct result result;
    } goal_rows[] = {
        { "all is well", "", true, 0, OURS("uniform-18"),
          { ALL, 8, true, 0, true } },
        { "one failed: and there is no time to compare",
          "uniform-18-failed uniform-18-to-xl uniform-18-to-bare ", false, 0,
          { "uniform-18", "xenplace", 2, 1, 0, 512, 512, 300 },
          { ALL, 8, true, 0, true } },
        { "all failed: nothing is whole or local",
          "mixed-14-failed mixed-14-split mixed-14-local mixed-14-to-xl "
          "mixed-14-to-bare ", false, 3,
          { "mixed-14", "xenplace", 2, 2, 0, 0, 0, 300 },
          { ALL, 8, true, 0, true } },
        { "one split", "mixed-14-split ", false, 3,
          { "mixed-14", "xenplace", 2, 0, 1, 512, 512, 300 },
          { ALL, 8, true, 0, true } },
        { "one page off", "mixed-14-local ", false, 3,
          { "mixed-14", "xenplace", 2, 0, 0, 512, 511, 300 },
          { ALL, 8, true, 0, true } },
        { "a leak", "leaked-pages ", false, 0, OURS("uniform-18"),
          { ALL, 8, true, 1, true } },
        { "no leak measured", "leaked-pages ", false, 0, OURS("uniform-18"),
          { ALL, 8, false, 0, true } },
        { "Linux did not boot", "linux-booted ", false, 0,
          OURS("uniform-18"), { ALL, 8, true, 0, false } },
        { "a hundredth over a third of xl", "uniform-18-to-xl ", true, 1,
          { "uniform-18", "xl", 2, 0, 0, 512, 512, 899 },
          { ALL, 8, true, 0, true } },
        { "a hundredth over three times bare", "mixed-14-to-bare ", true, 5,
          { "mixed-14", "bare", 2, 0, 0, 512, 512, 99 },
          { ALL, 8, true, 0, true } },
        { "bare left one out", "mixed-14-to-bare ", true, 5,
          { "mixed-14", "bare", 2, 1, 0, 512, 512, 900 },
          { ALL, 8, true, 0, true } },
        { "one by xl failed", "uniform-18-xl-placed-failed "
          "uniform-18-xl-placed-to-xl ", false, 6,
          { "uniform-18", "xl-placed", 2, 1, 0, 512, 512, 988 },
          { ALL, 8, true, 0, true } },
        { "one by xl split", "uniform-18-xl-placed-split ", false, 6,
          { "uniform-18", "xl-placed", 2, 0, 1, 512, 512, 988 },
          { ALL, 8, true, 0, true } },
        { "one page by xl off", "uniform-18-xl-placed-local ", false, 6,
          { "uniform-18", "xl-placed", 2, 0, 0, 512, 511, 988 },
          { ALL, 8, true, 0, true } },
        { "one of several sizes by xl failed",
          "mixed-14-xl-placed-failed mixed-14-xl-placed-to-xl ", false, 7,
          { "mixed-14", "xl-placed", 2, 1, 0, 512, 512, 988 },
          { ALL, 8, true, 0, true } },
        { "one of several sizes by xl split, which the order can bring about",
          "mixed-14-xl-placed-split mixed-14-xl-placed-local ", true, 7,
          { "mixed-14", "xl-placed", 2, 0, 1, 512, 447, 988 },
          { ALL, 8, true, 0, true } },
        { "1.1 times stock", "", true, 6,
          { "uniform-18", "xl-placed", 2, 0, 0, 512, 512, 990 },
          { ALL, 8, true, 0, true } },
        { "a hundredth over 1.1 times stock", "mixed-14-xl-placed-to-xl ",
          true, 7, { "mixed-14", "xl-placed", 2, 0, 0, 512, 512, 991 },
          { ALL, 8, true, 0, true } },
        { "xl was not asked to place",
          "uniform-18-xl-placed-failed uniform-18-xl-placed-split "
          "uniform-18-xl-placed-local mixed-14-xl-placed-failed "
          "mixed-14-xl-placed-split mixed-14-xl-placed-local "
          "uniform-18-xl-placed-to-xl mixed-14-xl-placed-to-xl ", false, 0,
          OURS("uniform-18"), { ALL, 6, true, 0, true } },
        { "no storm at all",
          "uniform-18-failed uniform-18-split uniform-18-local "
          "mixed-14-failed mixed-14-split mixed-14-local "
          "uniform-18-xl-placed-failed uniform-18-xl-placed-split "
          "uniform-18-xl-placed-local mixed-14-xl-placed-failed "
          "mixed-14-xl-placed-split mixed-14-xl-placed-local "
          "uniform-18-to-xl uniform-18-to-bare uniform-18-xl-placed-to-xl "
          "mixed-14-to-xl mixed-14-to-bare mixed-14-xl-placed-to-xl ", false,
          0, OURS("uniform-18"), { ALL, 0, true, 0, true } },
    };

    for ( unsigned int i = 0; i < sizeof(goal_rows) / sizeof(*goal_rows); i++ )
    {
        struct result result = goal_rows[i].result;
        struct goal goals[GOALS_MAX];
        char open[1024] = "";
        unsigned int nr;

        result.runs[goal_rows[i].run] = goal_rows[i].other;
        nr = goals_of(&result, goals);
        for ( unsigned int j = 0; j < nr; j++ )
            if ( !goals[j].holds )
                strcat(strcat(open, goals[j].id), " ");
        UNIT_TEXT(goal_rows[i].fact, open, goal_rows[i].open);
        UNIT_EQUAL(goal_rows[i].fact, goals_kept(goals, nr),
                   goal_rows[i].kept);
    }
}

/* A file of a folder, as journal_load() gives it. */
static char *load(const char *folder, const char *name, size_t *size)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s/%s", folder, name);

    return journal_load(path, size);
}

static void recompute(const char *folder)
{
    static const char *const journals[] = { "stock.journal",
                                            "patched.journal" };
    char *expected, *json, *journal, why[WHY_SIZE] = "";
    struct result result = { 0 };
    size_t size;

    for ( unsigned int i = 0; i < 2; i++ )
    {
        journal = load(folder, journals[i], &size);
        if ( UNIT_TRUE(journals[i], journal) )
            UNIT_EQUAL(why, result_add(&result,
                                       (struct text){ journal, size }, why),
                       0);
        free(journal);
    }

    expected = load(folder, "result.json", &size);
    json = show_result_json(&result);
    if ( UNIT_TRUE(folder, expected && json) )
    {
        UNIT_EQUAL(folder, strlen(json), size);
        UNIT_EQUAL(folder, strncmp(json, expected, size), 0);
    }
    free(json);
    free(expected);
}

/* Its result.json was computed by hand. */
static void recorded_journals_give_their_result(void)
{
    recompute(DEMO_DATA);
}

static void last_demo_gives_its_result(void)
{
    recompute(getenv("XENNUMA_DEMO"));
}

static const struct unit_test tests[] = {
    { "a run is judged by what Xen shows", judges_a_run },
    { "a broken journal is refused", refuses_a_broken_journal },
    { "a leak is the sum of differences", leak_is_the_sum_of_differences },
    { "Linux speaks for itself", linux_speaks_for_itself },
    { "a share is whole only if all of it is",
      a_share_is_whole_only_if_all_is },
    { "a goal that is not met is named", a_goal_that_is_not_met_is_named },
    { "recorded journals give their result",
      recorded_journals_give_their_result },
    { NULL, NULL }
};

static const struct unit_test last_demo[] = {
    { "the last demo's raw files give its result",
      last_demo_gives_its_result },
    { NULL, NULL }
};

int main(void)
{
    struct unit_suite suites[] = {
        { "demo", NULL, NULL, tests },
        { NULL, NULL, NULL, NULL },
        { NULL, NULL, NULL, NULL }
    };
    const char *folder = getenv("XENNUMA_DEMO");
    size_t size;
    char *result = folder ? load(folder, "result.json", &size) : NULL;

    if ( result )
        suites[1] = (struct unit_suite){ "last demo", NULL, NULL, last_demo };
    else
        printf("no demo has run here: nothing of it to compute again\n");
    free(result);

    return unit_main("test-demo", suites);
}
