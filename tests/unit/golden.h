/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Files of recorded answers in tests/data: lines of a word and of numbers in
 * columns, which "|" separates.
 */

#ifndef GOLDEN_H
#define GOLDEN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define GOLDEN_LINE 1024u        /* longest line, with its end               */

/*
 * The next line that is no comment; false at the end of the file.  Ends the
 * program with 1 where a line is too long.
 */
bool golden_line(FILE *file, char line[GOLDEN_LINE]);

/*
 * Skip a word if the text begins with it; returns whether it does.
 */
bool golden_word(const char **text, const char *word);

/*
 * Read the numbers of one column, and skip the "|" after it.  Returns how many
 * there are; more than max end the program with 1.
 */
unsigned int golden_numbers(const char **text, uint64_t *values,
                            unsigned int max);

#endif /* GOLDEN_H */
