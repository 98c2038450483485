/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * The methods that only tell: nodes, list, show, version.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "call.h"
#include "dispatch.h"
#include "grant.h"
#include "lease.h"
#include "planned.h"
#include "placed.h"
#include "wire/about.h"
#include "wire/fault.h"
#include "wire/field.h"
#include "wire/listing.h"
#include "wire/nodes.h"

/* For a method without parameters. */
static int check_none(struct call *call, struct json_object *params)
{
    char why[FAULT_TEXT_MAX];
    struct fault fault;

    if ( !field_read(params, "params", NULL, 0, why, sizeof(why)) )
        return 0;
    fault_set(&fault, FAULT_PARAMS, "%s", why);
    call_refuse(call, &fault);

    return -1;
}

static void refuse_errno(struct call *call, const char *what)
{
    struct fault fault;

    fault_set(&fault, FAULT_INTERNAL, "%s: cannot be read: %s", what,
              strerror(errno));
    call_refuse(call, &fault);
}

void handle_nodes(struct placed *placed, struct call *call,
                  struct json_object *params)
{
    struct nodes nodes;

    if ( check_none(call, params) )
        return;
    if ( grant_nodes(placed->grant, &nodes) )
        refuse_errno(call, "host");
    else
        call_reply(call, nodes_write(&nodes));
}

void handle_version(struct placed *placed, struct call *call,
                    struct json_object *params)
{
    struct about about = { .protocol = ABOUT_PROTOCOL };
    uint32_t abi;

    if ( check_none(call, params) )
        return;
    snprintf(about.version, sizeof(about.version), "%s", PACKAGE_VERSION);
    snprintf(about.host, sizeof(about.host), "%s",
             placed->where ? placed->where : "xen");
    snprintf(about.default_policy, sizeof(about.default_policy), "%s",
             placed->default_policy);
    about.claims = grant_has_claims(placed->grant, &abi);
    about.create_on_nodes = about.claims && !grant_left(placed->grant);
    about.abi = abi;
    call_reply(call, about_write(&about));
}

static const char *state_of(const struct grant_domain *domain)
{
    if ( domain->dying )
        return "dying";
    if ( domain->finished )
        return "running";
    if ( shares_total(&domain->claimed) || domain->host_claimed_pages )
        return "building";

    return "paused";
}

static int describe(struct placed *placed, uint32_t domid,
                    struct listing_domain *to)
{
    struct grant_domain domain;
    const char *name;

    if ( grant_read(placed->grant, domid, &domain) )
        return -1;

    name = lease_name(domain.unique_id);
    memset(to, 0, sizeof(*to));
    to->domid = domid;
    to->unique_id = domain.unique_id;
    planned_find(domid, domain.unique_id, &to->plan);
    /* Without create_on_nodes there is no cookie. */
    to->own = domain.own || planned_is_own(domid, domain.unique_id);
    to->pages = domain.pages;
    to->structures = domain.structures;
    to->claimed = domain.claimed;
    to->host_claimed_pages = domain.host_claimed_pages;
    snprintf(to->name, sizeof(to->name), "%s", name ? name : "");
    snprintf(to->state, sizeof(to->state), "%s", state_of(&domain));

    return 0;
}

void handle_list(struct placed *placed, struct call *call,
                 struct json_object *params)
{
    struct listing listing = { 0 };
    struct grant_listed *domains = NULL;
    unsigned int nr;

    if ( check_none(call, params) )
        return;
    if ( grant_list(placed->grant, &domains, &nr) )
    {
        refuse_errno(call, "domains");
        return;
    }

    listing.domains = calloc(nr + 1, sizeof(*listing.domains));
    for ( unsigned int i = 0; listing.domains && i < nr; i++ )
        /* One that is gone by now is not told. */
        if ( !describe(placed, domains[i].domid,
                       &listing.domains[listing.nr]) )
            listing.nr++;
    call_reply(call, listing.domains ? listing_write(&listing) : NULL);
    listing_dispose(&listing);
    free(domains);
}

void handle_show(struct placed *placed, struct call *call,
                 struct json_object *params)
{
    struct listing_domain domain;
    struct listing listing = { .nr = 1, .domains = &domain,
                               .details = true };
    const char *left = grant_left(placed->grant);
    uint64_t domid = 0;
    const struct field fields[] = {
        { "domid", FIELD_NUMBER, true, 0, 0x7fff, &domid },
    };
    char why[FAULT_TEXT_MAX];
    struct fault fault;

    if ( field_read(params, "params", fields, 1, why, sizeof(why)) )
    {
        fault_set(&fault, FAULT_PARAMS, "%s", why);
        call_refuse(call, &fault);
    }
    else if ( !describe(placed, domid, &domain) )
    {
        if ( left && domain.own )
            snprintf(domain.left, sizeof(domain.left), "%s", left);
        call_reply(call, listing_write(&listing));
    }
    else if ( errno == ESRCH )
    {
        fault_set(&fault, FAULT_NO_DOMAIN, "domain %u: no such domain: see "
                  "xl list", (unsigned int)domid);
        call_refuse(call, &fault);
    }
    else
        refuse_errno(call, "domain");
}
