/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Running a comparison.  Seed by seed, so that what is finished when it is
 * interrupted has something of everything.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "state.h"

/* What is in use while it runs. */
struct work {
    struct compare *compare;
    const struct compare_plan *plan;
    struct state *state;
    struct sim_record *records;
    struct sim_record *base_records;
    uint32_t *choose_ns;
    struct meter meter;
    struct load made;
    const struct load *load;     /* made, or the trace                       */
    size_t done;
    char *why;
    size_t size;
};

size_t compare_index(const struct compare *compare,
                     const struct compare_run *run)
{
    const struct compare_plan *plan = compare->plan;

    return (((run->host * plan->nr_loads + run->load) * plan->nr_modes +
             run->mode) * plan->nr_rules + run->rule) * compare->nr_seeds +
           run->seed;
}

static int run_rule(struct work *work, const struct compare_run *run)
{
    const struct compare_plan *plan = work->plan;
    const struct sim_setup setup = {
        .empty = &plan->hosts[run->host].host,
        .load = work->load,
        .rule = plan->rules[run->rule],
        .mode = plan->modes[run->mode],
        .seed = plan->first_seed + run->seed,
    };
    struct sim_outcome outcome = {
        .records = run->rule ? work->records : work->base_records,
        .choose_ns = work->choose_ns,
        .meter = &work->meter,
    };
    size_t index = compare_index(work->compare, run);
    bool again = work->compare->finished[index];

    if ( sim_run(&setup, &outcome, work->why, work->size) )
        return -1;
    metrics_count(&work->compare->metrics[index], &setup, &outcome,
                  work->base_records);
    work->compare->finished[index] = true;
    /* The base's, when it is run once more for the sake of another rule. */
    if ( again )
        return 0;
    if ( work->state && state_add(work->state, work->compare, run, work->why,
                                  work->size) )
        return -1;
    work->done++;
    if ( plan->progress )
        plan->progress(plan->context, work->done, work->compare->nr_runs);

    return 0;
}

/* Whether any of a mode's rules is still to be run, or of all modes'. */
static bool is_open(const struct work *work, const struct compare_run *run,
                    bool all_modes)
{
    struct compare_run look = *run;
    size_t first = all_modes ? 0 : run->mode;
    size_t end = all_modes ? work->plan->nr_modes : run->mode + 1;

    for ( look.mode = first; look.mode < end; look.mode++ )
        for ( look.rule = 0; look.rule < work->plan->nr_rules; look.rule++ )
            if ( !work->compare->finished[compare_index(work->compare,
                                                        &look)] )
                return true;

    return false;
}

static int run_mode(struct work *work, struct compare_run *run)
{
    if ( !is_open(work, run, false) )
        return 0;
    for ( run->rule = 0; run->rule < work->plan->nr_rules; run->rule++ )
        if ( (!run->rule ||
              !work->compare->finished[compare_index(work->compare, run)]) &&
             run_rule(work, run) )
            return -1;

    return 0;
}

static int make_load(struct work *work, const struct compare_run *run)
{
    const struct compare_plan *plan = work->plan;
    const struct compare_host *host = &plan->hosts[run->host];
    const struct load_wanted wanted = {
        .seed = plan->first_seed + run->seed,
        .nr = plan->nr_arrivals,
        .permille = plan->permille[run->load],
        .burst = plan->burst,
    };

    work->load = plan->trace ? plan->trace : &work->made;
    if ( !plan->trace && load_make(&work->made, &host->host, &wanted) )
    {
        snprintf(work->why, work->size, "host %s: %s", host->name,
                 errno == ENOSPC ? "too small for any domain"
                                 : strerror(errno));
        return -1;
    }
    if ( meter_begin(&work->meter, &host->host, work->load) )
    {
        snprintf(work->why, work->size, "out of memory");
        return -1;
    }

    return 0;
}

static int run_load(struct work *work, struct compare_run *run)
{
    int rc = 0;

    if ( !is_open(work, run, true) )
        return 0;
    if ( make_load(work, run) )
        rc = -1;
    for ( run->mode = 0; !rc && run->mode < work->plan->nr_modes;
          run->mode++ )
        rc = run_mode(work, run);
    load_dispose(&work->made);
    meter_dispose(&work->meter);
    run->mode = 0;

    return rc;
}

static int run_seeds(struct work *work)
{
    struct compare_run run = { 0 };

    for ( run.seed = 0; run.seed < work->compare->nr_seeds; run.seed++ )
        for ( run.host = 0; run.host < work->plan->nr_hosts; run.host++ )
            for ( run.load = 0; run.load < work->plan->nr_loads; run.load++ )
                if ( run_load(work, &run) )
                    return -1;

    return 0;
}

/* The values of a metric over the seeds. */
static void gather(const struct compare *compare, struct compare_run run,
                   enum metric metric, double *values)
{
    for ( run.seed = 0; run.seed < compare->nr_seeds; run.seed++ )
        values[run.seed] = compare->metrics[compare_index(compare, &run)]
                           .values[metric];
}

static void summarize(struct compare *compare, struct compare_run run,
                      const struct bootstrap *bootstrap, double *values)
{
    double *others = values + compare->nr_seeds;
    size_t rule = run.rule;

    for ( enum metric metric = 0; metric < NR_METRICS; metric++ )
    {
        struct compare_summary *summary =
            &compare->summaries[compare_index(compare, &run) /
                                compare->nr_seeds][metric];
        bool both = metric == METRIC_EXCESS;

        gather(compare, run, metric, values);
        summary->value = interval_mean(bootstrap, values);
        if ( both )
            gather(compare, run, METRIC_EXCESS_BOTH, values);
        run.rule = both ? rule : 0;
        gather(compare, run, both ? METRIC_EXCESS_BASE : metric, others);
        run.rule = rule;
        summary->difference = interval_difference(bootstrap, values, others);
        summary->ratio = interval_ratio(bootstrap, others, values);
    }
}

static int summarize_all(struct compare *compare)
{
    const struct compare_plan *plan = compare->plan;
    struct bootstrap *bootstrap = bootstrap_new(compare->nr_seeds);
    double *values = calloc(2 * compare->nr_seeds, sizeof(*values));
    struct compare_run run = { 0 };
    int rc = -1;

    if ( !bootstrap || !values )
        goto out;
    for ( run.host = 0; run.host < plan->nr_hosts; run.host++ )
        for ( run.load = 0; run.load < plan->nr_loads; run.load++ )
            for ( run.mode = 0; run.mode < plan->nr_modes; run.mode++ )
                for ( run.rule = 0; run.rule < plan->nr_rules; run.rule++ )
                    summarize(compare, run, bootstrap, values);
    rc = 0;

 out:
    bootstrap_free(bootstrap);
    free(values);

    return rc;
}

static int prepare(struct compare *compare, const struct compare_plan *plan,
                   struct work *work)
{
    size_t rows = plan->nr_hosts * plan->nr_loads * plan->nr_modes *
                  plan->nr_rules;
    size_t nr = plan->trace ? plan->trace->nr : plan->nr_arrivals;

    compare->plan = plan;
    compare->nr_seeds = plan->last_seed - plan->first_seed + 1;
    compare->nr_runs = rows * compare->nr_seeds;
    compare->metrics = calloc(compare->nr_runs, sizeof(*compare->metrics));
    compare->finished = calloc(compare->nr_runs, sizeof(*compare->finished));
    compare->summaries = calloc(rows, sizeof(*compare->summaries));
    work->records = calloc(nr, sizeof(*work->records));
    work->base_records = calloc(nr, sizeof(*work->base_records));
    work->choose_ns = plan->times ? calloc(nr, sizeof(*work->choose_ns))
                                  : NULL;
    if ( compare->metrics && compare->finished && compare->summaries &&
         work->records && work->base_records &&
         (work->choose_ns || !plan->times) )
        return 0;
    errno = ENOMEM;

    return -1;
}

int compare_run_all(struct compare *compare, const struct compare_plan *plan,
                    char *why, size_t size)
{
    struct work work = { .compare = compare, .plan = plan, .why = why,
                         .size = size };
    int rc = -1, saved_errno;

    *compare = (struct compare){ 0 };
    snprintf(why, size, "out of memory");
    if ( prepare(compare, plan, &work) )
        goto out;
    if ( plan->resume )
    {
        work.state = state_open(plan->resume, compare, why, size);
        if ( !work.state )
            goto out;
    }
    for ( size_t i = 0; i < compare->nr_runs; i++ )
        work.done += compare->finished[i];
    if ( !run_seeds(&work) )
        rc = summarize_all(compare);

 out:
    saved_errno = errno;
    state_close(work.state);
    free(work.records);
    free(work.base_records);
    free(work.choose_ns);
    errno = saved_errno;

    return rc;
}

void compare_dispose(struct compare *compare)
{
    free(compare->metrics);
    free(compare->finished);
    free(compare->summaries);
    *compare = (struct compare){ 0 };
}

const struct compare_summary *
compare_summary(const struct compare *compare, const struct compare_run *run,
                enum metric metric)
{
    return &compare->summaries[compare_index(compare, run) /
                               compare->nr_seeds][metric];
}

int compare_verdict(const struct compare_summary *summary,
                    enum metric metric)
{
    const struct interval *difference = &summary->difference;
    int better = metric_kinds[metric].better;

    if ( difference->low > 0 )
        return better;
    if ( difference->high < 0 )
        return -better;

    return 0;
}
