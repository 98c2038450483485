/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The method "capacity": how many more domains of a size fit, or how many
 * rounds of several.  Nothing is created, held or learnt: what creating them
 * would teach is learnt by a copy.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "call.h"
#include "check.h"
#include "dispatch.h"
#include "place/mix.h"
#include "placed.h"
#include "seen.h"
#include "wire/batch.h"
#include "wire/capacity.h"
#include "wire/fault.h"

/* Arrays have an element for each domain of the batch. */
struct question {
    struct place_host host;
    struct place_sizes sizes;
    struct place_sample *samples;
    struct place_capacity *counts;
};

static void dispose(struct question *question)
{
    free(question->samples);
    free(question->counts);
}

static int make(struct question *question, struct placed *placed,
                const struct batch *batch, struct fault *fault)
{
    question->samples = calloc(batch->nr, sizeof(*question->samples));
    question->counts = calloc(batch->nr, sizeof(*question->counts));
    if ( !question->samples || !question->counts )
        return fault_set(fault, FAULT_INTERNAL, "out of memory");
    if ( seen_host(placed, &question->host) )
        return fault_set(fault, FAULT_INTERNAL, "host: cannot be read: %s",
                         strerror(errno));
    question->sizes = placed->sizes;

    /* A name may be another's here, also that of one being created. */
    for ( unsigned int i = 0; i < batch->nr; i++ )
    {
        struct place_sample *sample = &question->samples[i];

        if ( check_size(&batch->domains[i], placed->grant, &question->host,
                        &sample->request, fault) )
            return -1;
        sample->unused_pages = seen_unused(placed, &sample->request);
    }

    return 0;
}

static void copy(struct capacity_count *to, const struct place_capacity *from)
{
    to->domains = from->domains;
    to->spanning = from->spanning;
    memcpy(to->alone.pages, from->alone, sizeof(to->alone.pages));
    memcpy(to->spanning_pages.pages, from->spanning_pages,
           sizeof(to->spanning_pages.pages));
}

static void add(struct capacity_count *to, const struct capacity_count *from)
{
    to->domains += from->domains;
    to->spanning += from->spanning;
    for ( unsigned int i = 0; i < SHARES_MAX_NODES; i++ )
    {
        to->alone.pages[i] += from->alone.pages[i];
        to->spanning_pages.pages[i] += from->spanning_pages.pages[i];
    }
}

static int count_one(struct question *question, struct placed *placed,
                     struct capacity *capacity)
{
    if ( place_capacity(&question->host, &placed->held, question->samples,
                        &question->sizes, question->counts) )
        return -1;
    capacity->complete = question->counts->complete;
    copy(&capacity->count, question->counts);

    return 0;
}

static int count_mix(struct question *question, struct placed *placed,
                     struct capacity *capacity)
{
    struct place_mix mix;

    if ( place_mix(&question->host, &placed->held, question->samples,
                   capacity->nr, &question->sizes, &mix, question->counts) )
        return -1;
    capacity->complete = mix.complete;
    capacity->rounds = mix.rounds;
    capacity->last = mix.last;
    if ( mix.complete )
        place_refusal_text(&question->samples[mix.last].request, &mix.reason,
                           &question->host, capacity->error,
                           sizeof(capacity->error));
    for ( unsigned int i = 0; i < capacity->nr; i++ )
    {
        copy(&capacity->domains[i].count, &question->counts[i]);
        add(&capacity->count, &capacity->domains[i].count);
    }

    return 0;
}

static int answer(struct placed *placed, const struct batch *batch,
                  struct question *question, struct capacity *capacity,
                  struct fault *fault)
{
    int rc;

    if ( make(question, placed, batch, fault) )
        return -1;
    if ( capacity_make(capacity, batch->nr > 1 ? batch->nr : 0) )
        return fault_set(fault, FAULT_INTERNAL, "out of memory");
    for ( unsigned int i = 0; i < capacity->nr; i++ )
        snprintf(capacity->domains[i].name,
                 sizeof(capacity->domains[i].name), "%s",
                 batch->domains[i].name);
    rc = capacity->nr ? count_mix(question, placed, capacity)
                      : count_one(question, placed, capacity);

    return rc ? fault_set(fault, FAULT_INTERNAL, "host: makes no sense") : 0;
}

void handle_capacity(struct placed *placed, struct call *call,
                     struct json_object *params)
{
    struct batch batch = { 0 };
    struct question question = { .samples = NULL };
    struct capacity capacity = { .nr = 0 };
    char why[FAULT_TEXT_MAX];
    struct fault fault;

    if ( batch_read(&batch, params, why, sizeof(why)) )
        fault_set(&fault, FAULT_PARAMS, "%s", why);
    else if ( !answer(placed, &batch, &question, &capacity, &fault) )
    {
        call_reply(call, capacity_write(&capacity));
        goto out;
    }
    call_refuse(call, &fault);

 out:
    capacity_dispose(&capacity);
    dispose(&question);
    batch_dispose(&batch);
}
