/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The verbs that place domains, or tell where they would go and why: capacity,
 * create, explain, plan.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "cfg.h"
#include "guest.h"
#include "print.h"
#include "verbs.h"
#include "wire/batch.h"
#include "wire/capacity.h"
#include "wire/message.h"
#include "wire/outcome.h"

/* A plan is made at once; a build takes as long as it takes. */
#define PLAN_SECONDS 60

static int read_guests(struct batch *batch,
                       const struct verb_options *options, int argc,
                       char *argv[])
{
    char why[CFG_WHY_MAX];

    if ( (unsigned int)argc > BATCH_MAX_DOMAINS )
    {
        client_say("%d domains: at most %u in one batch: create them in "
                   "parts", argc, BATCH_MAX_DOMAINS);
        return -1;
    }
    batch->paused = options->paused;
    batch->build = true;
    batch->domains = calloc(argc, sizeof(*batch->domains));
    if ( !batch->domains )
    {
        client_say("out of memory");
        return -1;
    }

    for ( int i = 0; i < argc; i++ )
    {
        struct batch_domain *domain = &batch->domains[i];

        batch->nr++;
        if ( guest_read(domain, argv[i], why, sizeof(why)) ||
             guest_check_files(domain, why, sizeof(why)) )
        {
            client_say("%s", why);
            return -1;
        }
        domain->nodes = options->nodes;
        if ( options->policy )
            snprintf(domain->policy, sizeof(domain->policy), "%s",
                     options->policy);
        if ( options->superpages )
            snprintf(domain->superpages, sizeof(domain->superpages), "%s",
                     options->superpages);
        domain->max_nodes = options->max_nodes;
    }

    return 0;
}

/* Tells why domains failed, unless that was printed. */
static enum client_status show(const struct verb_options *options,
                               const char *method,
                               struct json_object *result,
                               void (*print)(const struct outcome *outcome),
                               bool explains)
{
    enum client_status status = CLIENT_DONE;
    struct outcome outcome;
    char why[512];

    if ( outcome_read(&outcome, result, why, sizeof(why)) )
    {
        client_say("%s: wrong answer from xenplaced: %s", method, why);
        return CLIENT_REFUSED;
    }
    if ( options->json )
        print_json(outcome_write(&outcome));
    else
        print(&outcome);

    fflush(stdout);
    for ( unsigned int i = 0; i < outcome.nr; i++ )
    {
        const struct outcome_domain *domain = &outcome.domains[i];

        if ( !domain->failed )
            continue;
        if ( options->json || !explains || !domain->why )
            client_say("%s: %s", domain->name, domain->error);
        status = CLIENT_REFUSED;
    }
    outcome_dispose(&outcome);

    return status;
}

static enum client_status take_outcome(const struct verb_options *options,
                                       const char *method,
                                       struct json_object *result)
{
    return show(options, method, result, print_outcome, false);
}

static enum client_status take_why(const struct verb_options *options,
                                   const char *method,
                                   struct json_object *result)
{
    return show(options, method, result, print_why, true);
}

static enum client_status take_capacity(const struct verb_options *options,
                                        const char *method,
                                        struct json_object *result)
{
    struct capacity capacity;
    char why[512];

    if ( capacity_read(&capacity, result, why, sizeof(why)) )
    {
        client_say("%s: wrong answer from xenplaced: %s", method, why);
        return CLIENT_REFUSED;
    }
    if ( options->json )
        print_json(capacity_write(&capacity));
    else if ( capacity.nr )
        print_mix(&capacity);
    else
        print_capacity(&capacity);
    capacity_dispose(&capacity);

    return CLIENT_DONE;
}

/* What is made of a good answer. */
typedef enum client_status taker(const struct verb_options *options,
                                 const char *method,
                                 struct json_object *result);

static enum client_status place(const struct verb_options *options,
                                const char *method, unsigned int seconds,
                                taker *take, int argc, char *argv[])
{
    struct batch batch = { 0 };
    struct message_reply reply;
    enum client_status status = CLIENT_REFUSED;

    if ( !read_guests(&batch, options, argc, argv) )
        status = client_call(options->socket, method, batch_write(&batch),
                             seconds, &reply);
    else
        goto out;
    if ( status != CLIENT_DONE )
        goto out;
    status = take(options, method, reply.result);
    message_dispose_reply(&reply);

 out:
    batch_dispose(&batch);

    return status;
}

enum client_status verb_capacity(const struct verb_options *options, int argc,
                                 char *argv[])
{
    return place(options, "capacity", PLAN_SECONDS, take_capacity, argc, argv);
}

enum client_status verb_create(const struct verb_options *options, int argc,
                               char *argv[])
{
    return place(options, "create", 0, take_outcome, argc, argv);
}

enum client_status verb_explain(const struct verb_options *options, int argc,
                                char *argv[])
{
    return place(options, "plan", PLAN_SECONDS, take_why, argc, argv);
}

enum client_status verb_plan(const struct verb_options *options, int argc,
                             char *argv[])
{
    return place(options, "plan", PLAN_SECONDS, take_outcome, argc, argv);
}
