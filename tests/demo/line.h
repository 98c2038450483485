/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Text in memory, taken line by line and word by word.
 *
 * A text is a slice of somebody else's memory and owns nothing.  The takers
 * below move its start forward past what they took; when they return false
 * they took nothing.  Text may hold any byte, zeros included.
 */

#ifndef DEMO_LINE_H
#define DEMO_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct text {
    const char *at;
    size_t size;
};

struct text text_of(const char *string);

/* The next line, without its newline and without a carriage return. */
bool text_take_line(struct text *text, struct text *line);

/* Exactly these characters. */
bool text_take(struct text *text, const char *literal);

/* Everything up to these characters, and them. */
bool text_take_past(struct text *text, const char *literal);

/* A decimal number that fits; any number of zeros may lead it. */
bool text_take_number(struct text *text, uint64_t *number);

/*
 * The next word, as a string; blanks around it are taken, too.  False for no
 * word and for one that does not fit.
 */
bool text_take_word(struct text *text, char *word, size_t size);

#endif /* DEMO_LINE_H */
