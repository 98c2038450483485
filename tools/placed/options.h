/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The daemon's command line.
 */

#ifndef PLACED_OPTIONS_H
#define PLACED_OPTIONS_H

struct options {
    const char *socket;
    const char *where;           /* NULL: the Xen we run on                  */
    const char *builder;         /* path of xenguest                         */
    const char *log;             /* NULL: standard error                     */
    const char *pidfile;         /* NULL: none                               */
    const char *default_policy;  /* of domains that ask for none, or "off"   */
    unsigned int max_builders;
    unsigned int reserve_mib;    /* low memory of each node, for devices     */
    unsigned int deadline;       /* of a builder without progress, seconds   */
};

/* Ends the program after --help and --version, and with 2 on wrong usage. */
void options_read(struct options *options, int argc, char *argv[]);

#endif /* PLACED_OPTIONS_H */
