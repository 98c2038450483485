/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Running a table of CUnit tests as one program: see unit.h.
 */

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <CUnit/Basic.h>

#include "unit.h"

static const struct unit_suite *all_suites;

/* CUnit's tests take no argument: which row it is follows from the order. */
static void run_next_row(void)
{
    static CU_pSuite running;
    static unsigned int row;
    const struct unit_suite *suite;

    row = running == CU_get_current_suite() ? row + 1 : 0;
    running = CU_get_current_suite();
    for ( suite = all_suites; strcmp(suite->name, running->pName); suite++ )
        ;
    suite->row_run(row);
}

static bool add_suite(const struct unit_suite *suite)
{
    const struct unit_test *test;
    CU_pSuite added = CU_add_suite(suite->name, suite->begin, suite->end);
    unsigned int row;

    if ( !added )
        return false;

    for ( test = suite->tests; test && test->fact; test++ )
        if ( !CU_add_test(added, test->fact, test->run) )
            return false;

    for ( row = 0; suite->row_fact && suite->row_fact(row); row++ )
        if ( !CU_add_test(added, suite->row_fact(row), run_next_row) )
            return false;

    return true;
}

int unit_main(const char *name, const struct unit_suite *suites)
{
    unsigned int all = 0, ran, failed, suites_failed;
    const struct unit_suite *suite;

    /* What a test printed before a crash is not lost. */
    setvbuf(stdout, NULL, _IOLBF, 0);
    all_suites = suites;

    if ( CU_initialize_registry() != CUE_SUCCESS )
    {
        fprintf(stderr, "%s: CUnit: %s\n", name, CU_get_error_msg());
        return 1;
    }

    for ( suite = suites; suite->name; suite++ )
        if ( !add_suite(suite) )
        {
            fprintf(stderr, "%s: suite %s: %s\n", name, suite->name,
                    CU_get_error_msg());
            return 1;
        }

    all = CU_get_registry()->uiNumberOfTests;
    CU_basic_set_mode(CU_BRM_NORMAL);
    CU_basic_run_tests();
    ran = CU_get_number_of_tests_run();
    failed = CU_get_number_of_tests_failed();
    suites_failed = CU_get_number_of_suites_failed();
    CU_cleanup_registry();

    /* Tests of a suite that could not begin never ran. */
    failed += all - ran;
    if ( suites_failed && !failed )
        failed = suites_failed;

    printf("\n# %s: %u passed, %u failed\n", name,
           all > failed ? all - failed : 0, failed);

    return all && !failed ? 0 : 1;
}

int unit_equal(const char *file, unsigned int line, const char *row,
               const char *what, long long got, long long expected)
{
    char text[512];

    snprintf(text, sizeof(text), "%s: %s: got %lld, expected %lld", row, what,
             got, expected);

    return CU_assertImplementation(got == expected, line, text, file, "",
                                   CU_FALSE);
}

int unit_text(const char *file, unsigned int line, const char *row,
              const char *what, const char *got, const char *expected)
{
    bool equal = got && expected ? !strcmp(got, expected) : got == expected;
    char text[1024];

    snprintf(text, sizeof(text), "%s: %s: got \"%s\", expected \"%s\"", row,
             what, got ? got : "(null)", expected ? expected : "(null)");

    return CU_assertImplementation(equal, line, text, file, "", CU_FALSE);
}

int unit_holds(const char *file, unsigned int line, const char *row,
               const char *text, const char *part)
{
    bool holds = text && strstr(text, part);
    char message[1024];

    snprintf(message, sizeof(message), "%s: got \"%s\", expected \"%s\" in "
             "it", row, text ? text : "(null)", part);

    return CU_assertImplementation(holds, line, message, file, "", CU_FALSE);
}
