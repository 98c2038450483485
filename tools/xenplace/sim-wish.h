/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * What the command line of the verb sim asks for.
 */

#ifndef XENPLACE_SIM_WISH_H
#define XENPLACE_SIM_WISH_H

#include <stdbool.h>

#include "client.h"
#include "sim/compare.h"

/* More than anyone will compare at once. */
#define SIM_MAX_HOSTS  32u
#define SIM_MAX_LOADS  32u
#define SIM_MAX_RULES  64u

enum sim_format {
    SIM_TEXT,
    SIM_JSON,
    SIM_CSV,
    SIM_HTML,
    NR_SIM_FORMATS,
};

/* plan points into it; half a MiB, most of it hosts. */
struct sim_wish {
    struct compare_plan plan;
    struct compare_host hosts[SIM_MAX_HOSTS];
    unsigned int permille[SIM_MAX_LOADS];
    enum sim_mode modes[NR_SIM_MODES];
    const struct sim_rule *rules[SIM_MAX_RULES];
    bool rules_named;            /* else all of them                         */
    struct load trace;
    const char *paths[NR_SIM_FORMATS];   /* of reports; NULL: none           */
    const char *show_host;
    const char *write_trace;
    bool list;
};

/*
 * Read it; what was not said is as xenplace-sim(8) has it.  Returns
 * CLIENT_DONE, or CLIENT_USAGE after a message.  Ends the program after
 * --help.  Disposed of in each case.
 */
enum client_status sim_wish_read(struct sim_wish *wish, int argc,
                                 char *argv[]);
void sim_wish_dispose(struct sim_wish *wish);

/* A host by its name or file.  CLIENT_DONE, or CLIENT_USAGE and a message. */
enum client_status sim_wish_host(const char *name,
                                 struct compare_host *found);

#endif /* XENPLACE_SIM_WISH_H */
