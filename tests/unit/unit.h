/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Running a table of CUnit tests as one program.
 *
 * Prints what CUnit prints in its normal mode and then one last line
 * "# NAME: N passed, N failed", counted in tests, not in assertions.
 */

#ifndef UNIT_H
#define UNIT_H

#include <CUnit/CUnit.h>

struct unit_test {
    const char *fact;            /* what the test shows                      */
    void (*run)(void);
};

struct unit_suite {
    const char *name;
    int (*begin)(void);          /* both may be NULL; 0 or an error          */
    int (*end)(void);
    const struct unit_test *tests;       /* ended by one without a fact      */
    /* After them one test for each row of a table; both or none of them. */
    const char *(*row_fact)(unsigned int row);   /* NULL after the last one  */
    void (*row_run)(unsigned int row);
};

/*
 * Run all suites; the table ends with one without a name.  Returns what main
 * returns: 0 if there was a test and all passed, else 1.  A suite that could
 * not begin counts as failed with each of its tests.
 */
int unit_main(const char *name, const struct unit_suite *suites);

/*
 * Equal, or fail and print both.  The message names the row of a table.
 */
#define UNIT_EQUAL(row, got, expected) \
    unit_equal(__FILE__, __LINE__, row, #got, (long long)(got), \
               (long long)(expected))
/* Returns whether they are equal. */
int unit_equal(const char *file, unsigned int line, const char *row,
               const char *what, long long got, long long expected);

#define UNIT_TRUE(row, cond) UNIT_EQUAL(row, !!(cond), 1)

/* Texts equal, or fail and print both; NULL equals NULL only. */
#define UNIT_TEXT(row, got, expected) \
    unit_text(__FILE__, __LINE__, row, #got, got, expected)
int unit_text(const char *file, unsigned int line, const char *row,
              const char *what, const char *got, const char *expected);

/* A text holds another, or fail and print both. */
#define UNIT_HOLDS(row, text, part) \
    unit_holds(__FILE__, __LINE__, row, text, part)
int unit_holds(const char *file, unsigned int line, const char *row,
               const char *text, const char *part);

#endif /* UNIT_H */
