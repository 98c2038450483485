/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the two files about xenplaced(8) share: the connection, which
 * libxl_placed.c has, and a question on it, which libxl_placed_messages.c
 * makes.
 */

#ifndef LIBXL_PLACED_H
#define LIBXL_PLACED_H

#include "libxl_place.h"

struct libxl__placed {
    libxl__carefd *cfd;
    int64_t lease; /* 0: nothing is reserved */
    uint64_t owner; /* cookie by which the daemon knows the domain */
};

/* What is generated until its end are the params. */
_hidden yajl_gen libxl__placed_begin(libxl__gc *gc, const char *method);

/*
 * Asks, and frees hand.  NULL without a result; *code and *why then are the
 * daemon's, or NULL.
 */
_hidden const libxl__json_object *
libxl__placed_end(libxl__gc *gc, libxl__placed *placed, yajl_gen hand,
                  const char **code, const char **why);

#endif /* LIBXL_PLACED_H */

/*
 * Local variables:
 * mode: C
 * c-basic-offset: 4
 * indent-tabs-mode: nil
 * End:
 */
