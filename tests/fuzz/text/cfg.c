/* SPDX-License-Identifier: LGPL-2.1-only */
/*
 * Guest configurations: what was read is whole, reads the same when it is
 * written again, and the daemon either takes it as it is or says why not.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "fuzz.h"
#include "wire/batch.h"
#include "xenplace/cfg.h"
#include "xenplace/guest.h"

#define FILE_NAME "guest.cfg"

static const char escaped[] = "\n\r\t\\'\"";
static const char names[] = "nrt\\'\"";

static void write_text(FILE *to, const char *key, const char *text)
{
    if ( !text )
        return;
    fprintf(to, "%s = \"", key);
    for ( ; *text; text++ )
        if ( strchr(escaped, *text) )
            fprintf(to, "\\%c", names[strchr(escaped, *text) - escaped]);
        else
            fputc(*text, to);
    fprintf(to, "\"\n");
}

static char *write_guest(const struct batch_domain *domain, size_t *size)
{
    char *text = NULL;
    FILE *to = open_memstream(&text, size);

    FUZZ_HOLDS(to);
    write_text(to, "name", domain->name);
    write_text(to, "type", domain->type);
    write_text(to, "kernel", domain->kernel);
    write_text(to, "ramdisk", domain->ramdisk);
    write_text(to, "extra", domain->cmdline);
    fprintf(to, "memory = %llu; vcpus = %u",
            (unsigned long long)domain->memory_pages / 256, domain->vcpus);
    FUZZ_HOLDS(!fclose(to));

    return text;
}

/* Written for the daemon; for the caller to free. */
static char *for_daemon(struct batch_domain *domain)
{
    const struct batch batch = { .nr = 1, .domains = domain };
    struct json_object *object = batch_write(&batch);
    char *text = object ? strdup(json_object_to_json_string(object)) : NULL;

    FUZZ_HOLDS(text);
    json_object_put(object);

    return text;
}

static void check_domain(const struct batch_domain *domain)
{
    FUZZ_HOLDS(domain->name[0]);
    FUZZ_HOLDS(!strcmp(domain->type, "pvh"));
    FUZZ_HOLDS(domain->memory_pages &&
               domain->memory_pages <= UINT64_C(1) << 40);
    FUZZ_HOLDS(domain->vcpus >= 1 && domain->vcpus <= RECORD_MAX_VCPUS);
    FUZZ_HOLDS(domain->kernel && domain->kernel[0] == '/');
    FUZZ_HOLDS(!domain->ramdisk || domain->ramdisk[0] == '/');
}

static void check_again(struct batch_domain *domain)
{
    char why[CFG_WHY_MAX] = "", *text, *first, *second;
    struct batch_domain again;
    size_t size;

    text = write_guest(domain, &size);
    /* A path may have become too long by the working directory. */
    if ( strlen(domain->kernel) < CFG_MAX_VALUE &&
         (!domain->ramdisk || strlen(domain->ramdisk) < CFG_MAX_VALUE) )
    {
        if ( guest_parse(&again, FILE_NAME, text, size, why, sizeof(why)) )
            fuzz_wrong("%s: what was written is refused", why);
        first = for_daemon(domain);
        second = for_daemon(&again);
        fuzz_same(second, first);
        free(first);
        free(second);
        guest_dispose(&again);
    }
    free(text);
}

static void check_daemon(struct batch_domain *domain)
{
    struct json_object *object = batch_write(
        &(struct batch){ .nr = 1, .domains = domain });
    char why[FUZZ_WHY] = "", *first, *second;
    struct batch batch;

    if ( batch_read(&batch, object, why, sizeof(why)) )
    {
        fuzz_told(why, NULL);
        goto out;
    }
    /* What a file does not say has a value of its own there. */
    memcpy(domain->policy, batch.domains[0].policy, sizeof(domain->policy));
    memcpy(domain->superpages, batch.domains[0].superpages,
           sizeof(domain->superpages));
    first = for_daemon(domain);
    second = for_daemon(batch.domains);
    fuzz_same(second, first);
    free(first);
    free(second);
    batch_dispose(&batch);

 out:
    json_object_put(object);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char why[CFG_WHY_MAX] = "";
    struct batch_domain domain;

    if ( guest_parse(&domain, FILE_NAME, (const char *)bytes, size, why,
                     sizeof(why)) )
    {
        fuzz_told(why, FILE_NAME);
        FUZZ_HOLDS(!domain.kernel && !domain.ramdisk && !domain.cmdline);
        return 0;
    }
    check_domain(&domain);
    check_again(&domain);
    check_daemon(&domain);
    guest_dispose(&domain);

    return 0;
}
