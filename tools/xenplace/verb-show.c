/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The verbs that only tell: list, nodes, show, version.
 */

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <json-c/json.h>

#include "print.h"
#include "verbs.h"
#include "wire/about.h"
#include "wire/field.h"
#include "wire/listing.h"
#include "wire/message.h"
#include "wire/nodes.h"

/* The daemon answers these at once; it may be in the middle of a storm. */
#define ANSWER_SECONDS 60

static enum client_status ask(const struct verb_options *options,
                              const char *method, struct json_object *params,
                              struct message_reply *reply)
{
    return client_call(options->socket, method, params, ANSWER_SECONDS,
                       reply);
}

static enum client_status say_wrong(const char *method, const char *why)
{
    client_say("%s: wrong answer from xenplaced: %s", method, why);

    return CLIENT_REFUSED;
}

enum client_status verb_nodes(const struct verb_options *options, int argc,
                              char *argv[])
{
    struct message_reply reply;
    enum client_status status;
    static struct nodes nodes;
    char why[512];

    (void)argc;
    (void)argv;
    status = ask(options, "nodes", json_object_new_object(), &reply);
    if ( status != CLIENT_DONE )
        return status;

    if ( nodes_read(&nodes, reply.result, why, sizeof(why)) )
        status = say_wrong("nodes", why);
    else if ( options->json )
        print_json(nodes_write(&nodes));
    else
        print_nodes(&nodes);
    message_dispose_reply(&reply);

    return status;
}

enum client_status verb_list(const struct verb_options *options, int argc,
                             char *argv[])
{
    struct listing listing = { 0 };
    struct message_reply reply;
    enum client_status status;
    char why[512];

    (void)argc;
    (void)argv;
    status = ask(options, "list", json_object_new_object(), &reply);
    if ( status != CLIENT_DONE )
        return status;

    if ( listing_read(&listing, reply.result, why, sizeof(why)) )
        status = say_wrong("list", why);
    else if ( options->json )
        print_json(listing_write(&listing));
    else
        print_listing(&listing);
    listing_dispose(&listing);
    message_dispose_reply(&reply);

    return status;
}

static int read_domid(const char *text, uint64_t *domid)
{
    char *end;

    errno = 0;
    *domid = strtoull(text, &end, 10);
    if ( isdigit((unsigned char)*text) && !*end && !errno &&
         *domid <= 0x7fff )
        return 0;
    client_say("show: %s: must be a domain id, a number from 0 to 32767",
               text);

    return -1;
}

enum client_status verb_show(const struct verb_options *options, int argc,
                             char *argv[])
{
    struct json_object *params = json_object_new_object();
    struct listing listing = { 0 };
    struct message_reply reply;
    enum client_status status;
    bool failed = false;
    uint64_t domid;
    char why[512];

    (void)argc;
    if ( read_domid(argv[0], &domid) )
    {
        json_object_put(params);
        return CLIENT_USAGE;
    }
    field_add_number(params, "domid", domid, &failed);
    status = ask(options, "show", params, &reply);
    if ( status != CLIENT_DONE )
        return status;

    if ( listing_read(&listing, reply.result, why, sizeof(why)) )
        status = say_wrong("show", why);
    else if ( listing.nr != 1 )
        status = say_wrong("show", "not one domain");
    else if ( options->json )
        print_json(listing_write(&listing));
    else
        print_domain(&listing.domains[0]);
    listing_dispose(&listing);
    message_dispose_reply(&reply);

    return status;
}

enum client_status verb_version(const struct verb_options *options, int argc,
                                char *argv[])
{
    struct message_reply reply;
    enum client_status status;
    struct about about;
    char why[512];

    (void)argc;
    (void)argv;
    status = ask(options, "version", json_object_new_object(), &reply);
    if ( status != CLIENT_DONE )
        return status;

    if ( about_read(&about, reply.result, why, sizeof(why)) )
        status = say_wrong("version", why);
    else if ( options->json )
        print_json(about_write(&about));
    else
        printf("xenplace        : %s\n"
               "xenplaced       : %s\n"
               "host            : %s\n"
               "default policy  : %s\n"
               "node claims     : %s\n"
               "create on nodes : %s\n",
               PACKAGE_VERSION, about.version, about.host,
               about.default_policy,
               about.claims ? "yes" : "no",
               about.create_on_nodes ? "yes" : "no");
    message_dispose_reply(&reply);

    return status;
}
