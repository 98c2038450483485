/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Texts for people that hold what others gave: names, paths, messages, cut at
 * any byte to fit.
 */

#ifndef WIRE_TEXT_H
#define WIRE_TEXT_H

#include <stddef.h>

/* How many bytes there are before the first that is no UTF-8. */
size_t text_good(const char *text, size_t length);

/*
 * Make it UTF-8, as JSON has to be: a last character of which bytes are
 * missing is dropped, any other byte that is wrong becomes '?'.  The text
 * never grows.
 */
void text_repair(char *text);

/* The same, and nothing that moves a cursor: those become '?', too. */
void text_line(char *text);

#endif /* WIRE_TEXT_H */
