/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Answers, for people and for programs.
 */

#ifndef XENPLACE_PRINT_H
#define XENPLACE_PRINT_H

#include <stdint.h>

struct json_object;
struct capacity;
struct listing_domain;
struct nodes;
struct outcome;
struct listing;
struct shares;

/* As one line of JSON; puts the object. */
void print_json(struct json_object *object);

void print_capacity(const struct capacity *capacity);
/* The same of several sizes. */
void print_mix(const struct capacity *capacity);
void print_nodes(const struct nodes *nodes);
void print_outcome(const struct outcome *outcome);
/* print-why.c: what explains it. */
void print_why(const struct outcome *outcome);
void print_listing(const struct listing *listing);
void print_domain(const struct listing_domain *domain);

#endif /* XENPLACE_PRINT_H */
