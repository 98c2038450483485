/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The syntax of xl.cfg(5): settings "KEY = VALUE", one a line or separated by
 * semicolons; VALUE is a number, or text in single or double quotes; "#"
 * begins a comment.  Lists and "+=" are recognised, and refused by name.
 *
 * libxlutil has a parser too, but none that tells which keys there are: a key
 * that is not understood must not be ignored.
 */

#ifndef XENPLACE_CFG_H
#define XENPLACE_CFG_H

#include <stddef.h>

#define CFG_MAX_BYTES 65536u     /* of a file   */
#define CFG_MAX_KEY   64u        /* with the terminating zero */
#define CFG_MAX_VALUE 4096u      /* likewise    */
#define CFG_WHY_MAX   4608u      /* a value and what is said of it */

struct cfg_setting {
    unsigned int line;
    char key[CFG_MAX_KEY];
    char value[CFG_MAX_VALUE];   /* a number as it was written               */
};

/*
 * Call set for each setting, in order, until it returns other than 0.  0, or
 * -1: the syntax is wrong, with a message in why that begins with
 * "FILE:LINE: ", or set said so.
 */
int cfg_parse(const char *file, const char *text, size_t length,
              int (*set)(void *argument, const struct cfg_setting *setting),
              void *argument, char *why, size_t why_size);

#endif /* XENPLACE_CFG_H */
