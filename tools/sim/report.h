/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * A comparison, told: as tables for people, as JSON and CSV for programs, as
 * a page with charts.  All of them write to a stream and leave its errors to
 * be found there.
 */

#ifndef SIM_REPORT_H
#define SIM_REPORT_H

#include <stdio.h>

#include "compare.h"

/* A table for each host, load and mode; a row is a rule. */
void report_text(FILE *to, const struct compare *compare);

/* A line of headers, then a line for each number. */
void report_csv(FILE *to, const struct compare *compare);

/* 0, or -1 with ENOMEM. */
int report_json(FILE *to, const struct compare *compare);

/* One page, which needs nothing beside itself. */
void report_html(FILE *to, const struct compare *compare);

/* A chart of a metric, a bar for each rule and load, as SVG in HTML. */
void report_chart(FILE *to, const struct compare *compare,
                  const struct compare_run *run, enum metric metric);

/* "load 0.85", or "trace NAME"; at most size. */
void report_load(char *text, size_t size, const struct compare *compare,
                 size_t load);

/* A value in its unit: "12.3 %", "1.23", "12.3 us"; "-" for none. */
void report_value(char *text, size_t size, enum metric metric, double value);

#endif /* SIM_REPORT_H */
