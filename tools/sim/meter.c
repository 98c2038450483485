/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The meter.
 */

#include <math.h>
#include <stdlib.h>

#include "meter.h"
#include "sim-host.h"

static int ascending(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

static uint64_t largest_node(const struct sim_host *host)
{
    uint64_t pages = 0;

    for ( unsigned int i = 0; i < host->place.nr_nodes; i++ )
        if ( host->place.nodes[i].online &&
             host->place.nodes[i].free_pages > pages )
            pages = host->place.nodes[i].free_pages;

    return pages;
}

/* Of equal sizes the first stays, which tells how many are before it. */
static void count_sizes(struct meter *meter, size_t all)
{
    for ( size_t i = 0; i < all; i++ )
        if ( !i || meter->sizes[i] != meter->sizes[meter->nr - 1] )
        {
            meter->larger[meter->nr] = (double)(all - i) / all;
            meter->sizes[meter->nr++] = meter->sizes[i];
        }
}

int meter_begin(struct meter *meter, const struct sim_host *empty,
                const struct load *load)
{
    uint64_t most = largest_node(empty);
    size_t all = 0;

    *meter = (struct meter){ .host_pages = sim_host_free(empty) };
    meter->sizes = calloc(load->nr + 1, sizeof(*meter->sizes));
    meter->larger = calloc(load->nr + 1, sizeof(*meter->larger));
    if ( !meter->sizes || !meter->larger )
    {
        meter_dispose(meter);
        return -1;
    }
    for ( size_t i = 0; i < load->nr; i++ )
        if ( load->arrivals[i].pages <= most )
            meter->sizes[all++] = load->arrivals[i].pages;
    qsort(meter->sizes, all, sizeof(*meter->sizes), ascending);
    count_sizes(meter, all);
    meter_reset(meter);

    return 0;
}

void meter_dispose(struct meter *meter)
{
    free(meter->sizes);
    free(meter->larger);
    meter->sizes = NULL;
    meter->larger = NULL;
}

void meter_reset(struct meter *meter)
{
    meter->balance = meter->balance_us = meter->stranded = meter->us = 0;
    for ( unsigned int i = 0; i < PLACE_MAX_NODES; i++ )
        meter->seen_pages[i] = meter->seen_stranded[i] = 0;
}

/* The chance that the next domain is larger than that. */
static double chance_of_larger(const struct meter *meter, uint64_t pages)
{
    size_t low = 0, high = meter->nr;

    while ( low < high )
    {
        size_t middle = low + (high - low) / 2;

        if ( meter->sizes[middle] > pages )
            high = middle;
        else
            low = middle + 1;
    }

    return low < meter->nr ? meter->larger[low] : 0;
}

static double stranded_on(struct meter *meter, const struct place_node *node,
                          unsigned int i)
{
    uint64_t pages = node->free_pages;

    if ( !node->online )
        return 0;
    if ( pages != meter->seen_pages[i] )
    {
        meter->seen_pages[i] = pages;
        meter->seen_stranded[i] =
            pages * (node->cpus ? chance_of_larger(meter, pages) : 1);
    }

    return meter->seen_stranded[i];
}

void meter_spend(struct meter *meter, const struct sim_host *host,
                 uint64_t us)
{
    double sum = 0, most = 0, stranded = 0;
    unsigned int nr = 0;

    if ( !us )
        return;
    for ( unsigned int i = 0; i < host->place.nr_nodes; i++ )
    {
        const struct place_node *node = &host->place.nodes[i];

        stranded += stranded_on(meter, node, i);
        if ( node->online && node->cores )
        {
            double on_core = (double)host->load[i] / node->cores;

            sum += on_core;
            if ( on_core > most )
                most = on_core;
            nr++;
        }
    }

    meter->us += us;
    meter->stranded += us * stranded / meter->host_pages;
    if ( sum > 0 )
    {
        meter->balance += us * (most * nr / sum);
        meter->balance_us += us;
    }
}

double meter_balance(const struct meter *meter)
{
    return meter->balance_us > 0 ? meter->balance / meter->balance_us : NAN;
}

double meter_stranded(const struct meter *meter)
{
    return meter->us > 0 ? meter->stranded / meter->us : NAN;
}
